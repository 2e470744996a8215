"""A layer as labelled stretches of text and relations between them, as annotation tools have it.

Mentions carry their type as label; a quote is its content, with a source, a cue and verbatim parts as
stretches of their own, tied to it by relations; marks and claims are stretches, too. All that is neither
place nor relation are *fields* of an item's node.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from vostochny.annotations.format_support import completed
from vostochny.schema.errors import shown
from vostochny.schema.labels import (
    CERTAINTIES,
    CLAIM_TYPES,
    ENTITY_TYPES,
    MARK_ROLES,
    MEDIA,
    POLARITIES,
    STATUSES,
    VOICES,
)
from vostochny.schema.model import AUTHOR, UNNAMED, Claim, Document, Layer, Mark, Mention, Quote, Span

QUOTE, SOURCE, CUE, VERBATIM, MARK, CLAIM = "Quote", "Source", "Cue", "Verbatim", "Mark", "Claim"

LABELS: tuple[str, ...] = (*ENTITY_TYPES, QUOTE, SOURCE, CUE, VERBATIM, MARK, CLAIM)
"""All labels of nodes."""

RELATIONS: dict[str, tuple[str, str]] = {
    "source": (QUOTE, SOURCE),
    "cue": (QUOTE, CUE),
    "verbatim": (QUOTE, VERBATIM),
    "within": (QUOTE, QUOTE),
    "quote": (CLAIM, QUOTE),
}
"""Labels of relations, with those of the nodes that they lead from and to."""

FRAGMENT = "fragment"
"""The relation from a node's first fragment to a further one, where a format has only plain stretches."""

FIELDS: dict[str, tuple[str, ...]] = {
    QUOTE: ("speaker", "medium", "polarity", "status"),
    MARK: ("role",),
    CLAIM: ("voice", "claimer", "type", "polarity", "certainty", "proposition"),
}
"""The fields of an item's node by its label; those of all others are :data:`MENTION_FIELDS`."""

MENTION_FIELDS = ("entity", "metonym_for")

VALUES: dict[tuple[str, str], Collection[str]] = {
    (QUOTE, "medium"): MEDIA,
    (QUOTE, "polarity"): POLARITIES,
    (QUOTE, "status"): STATUSES,
    (MARK, "role"): MARK_ROLES,
    (CLAIM, "voice"): VOICES,
    (CLAIM, "type"): CLAIM_TYPES,
    (CLAIM, "polarity"): POLARITIES,
    (CLAIM, "certainty"): CERTAINTIES,
}
"""The values of the fields that have a label set."""

_ROLES = {SOURCE: "source", CUE: "cue", VERBATIM: "verbatim"}
_LETTERS = {QUOTE: "q", MARK: "k", CLAIM: "c"}

Report = Callable[[str, str, str], None]
"""Takes a problem: the key of the node or edge, the check's id, the message."""


@dataclass(frozen=True, slots=True)
class Node:
    """A labelled stretch of text in one or more fragments.

    ``id`` is the item's, None where the node is no item (source, cue, verbatim) or has none yet.
    """

    key: str
    label: str
    spans: tuple[Span, ...]
    id: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two nodes, named by their keys."""

    key: str
    label: str
    head: str
    child: str


Graph = tuple[list[Node], list[Edge]]


def to_graph(layer: Layer) -> Graph:
    """A layer's nodes, in the order of its items, and edges.

    The source, cue or verbatim parts that several quotes have in common are one node. That a quote's verbatim
    parts are unknown is its field ``verbatim``, None.
    """
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []

    def item(thing: Mention | Quote | Mark | Claim, label: str, spans: Iterable[Span]) -> None:
        names = FIELDS.get(label, MENTION_FIELDS)
        fields = {name: getattr(thing, name) for name in names}
        nodes[thing.id] = Node(thing.id, label, tuple(spans), thing.id, fields)

    def edge(label: str, head: str, child: str) -> None:
        edges.append(Edge(f"r{len(edges) + 1}", label, head, child))

    for mention in layer.mentions or ():
        item(mention, mention.type, [mention.span])
    for quote in layer.quotes or ():
        item(quote, QUOTE, quote.content)
        if quote.verbatim is None:
            nodes[quote.id] = replace(nodes[quote.id], fields={**nodes[quote.id].fields, "verbatim": None})
        parts = ((SOURCE, (quote.source,) if quote.source else ()), (CUE, quote.cue))
        for label, spans in (*parts, (VERBATIM, quote.verbatim or ())):
            if spans:
                key = f"{label}@" + ";".join(f"{s.start}-{s.end}" for s in spans)
                nodes.setdefault(key, Node(key, label, spans))
                edge(_ROLES[label], quote.id, key)
    for mark in layer.marks or ():
        item(mark, MARK, [mark.span])
    for claim in layer.claims or ():
        item(claim, CLAIM, claim.spans)
    for quote in layer.quotes or ():
        if quote.within is not None:
            edge("within", quote.id, quote.within)
    for claim in layer.claims or ():
        if claim.quote is not None:
            edge("quote", claim.id, claim.quote)
    return list(nodes.values()), edges


def from_graph(
    nodes: Sequence[Node],
    edges: Iterable[Edge],
    document: Document,
    annotator: str,
    report: Report,
) -> Layer:
    """The layer that nodes and edges make, all four parts given, with surface texts.

    What can't be understood is reported and left out. Missing fields get their defaults: speech, positive,
    actual; fact, asserted; a claim is attributed if it has a quote or a claimer, else the author's; its
    claimer is the speaker of its quote. Missing ids become the next free number.
    """
    known = {node.key: node for node in nodes if _usable(node, document, report)}
    ids = _ids(known.values(), report)
    parts: dict[tuple[str, str], list[str]] = {}
    used: set[str] = set()
    for edge in edges:
        if edge.head not in known or edge.child not in known:
            if not {edge.head, edge.child} <= {node.key for node in nodes}:
                report(
                    edge.key, "unresolved-reference", "one of its ends does not exist; remove the relation"
                )
            continue
        expected = RELATIONS.get(edge.label)
        found = known[edge.head].label, known[edge.child].label
        if expected is None:
            message = f"found the relation {shown(edge.label)}, expected one of {', '.join(RELATIONS)}"
            report(edge.key, "unknown-label", message)
        elif found != expected:
            message = f"the relation {edge.label!r} leads from {expected[0]} to {expected[1]}, "
            message += f"found {found[0]} to {found[1]}; draw it again"
            report(edge.key, "wrong-relation", message)
        else:
            ends = parts.setdefault((edge.head, edge.label), [])
            used.add(edge.child)
            if edge.child not in ends:
                ends.append(edge.child)
            if len(ends) > 1 and edge.label in ("source", "within", "quote"):
                message = f"the {expected[0].lower()} has two relations {edge.label!r}; remove one"
                report(edge.key, "second-relation", message)

    def spans(key: str, relation: str) -> tuple[Span, ...]:
        return tuple(span for child in parts.get((key, relation), ()) for span in known[child].spans)

    def reference(key: str, relation: str) -> str | None:
        ends = parts.get((key, relation))
        return ids[ends[0]] if ends else None

    mentions: list[Mention] = []
    quotes: list[Quote] = []
    marks: list[Mark] = []
    claims: list[Claim] = []
    for key, node in known.items():
        fields = _fields(node, report)
        if node.label == QUOTE:
            source = spans(key, "source")
            silent = "verbatim" in fields and (key, "verbatim") not in parts
            quotes.append(
                Quote(
                    ids[key],
                    node.spans,
                    None if silent else spans(key, "verbatim"),
                    source[0] if source else None,
                    spans(key, "cue"),
                    fields.get("speaker"),
                    reference(key, "within"),
                    fields.get("medium", "speech"),
                    fields.get("polarity", "positive"),
                    fields.get("status", "actual"),
                )
            )
        elif node.label == CLAIM:
            quote = reference(key, "quote")
            speaker = known[parts[key, "quote"][0]].fields.get("speaker") if quote else None
            claims.append(_claim(ids[key], node, fields, quote, speaker or UNNAMED))
        elif node.label in _ROLES:
            if key not in used:
                message = f"this {node.label} belongs to no quote; draw the relation {_ROLES[node.label]!r} "
                report(key, "loose-part", message + "from the quote to it, or remove it")
        elif node.label == MARK:
            if "role" not in fields:
                message = f"the mark has no role; give it one of {', '.join(MARK_ROLES)}"
                report(key, "missing-property", message)
            marks.append(Mark(ids[key], *_ends(node), None, fields.get("role", "")))
        else:
            entity, metonym = fields.get("entity"), fields.get("metonym_for")
            mentions.append(Mention(ids[key], *_ends(node), None, node.label, entity, metonym))
    layer = Layer(document.id, annotator, tuple(mentions), tuple(quotes), tuple(marks), tuple(claims))
    return completed(layer, document)


def _claim(name: str, node: Node, fields: Mapping[str, Any], quote: str | None, speaker: str) -> Claim:
    given = fields.get("claimer")
    voice = fields.get("voice", AUTHOR if quote is None and given in (None, AUTHOR) else "attributed")
    return Claim(
        name,
        node.spans,
        voice,
        fields.get("claimer", AUTHOR if voice == AUTHOR else speaker),
        quote,
        fields.get("type", "fact"),
        fields.get("polarity", "positive"),
        fields.get("certainty", "asserted"),
        fields.get("proposition"),
    )


def _ends(node: Node) -> tuple[int, int]:
    return node.spans[0].start, node.spans[0].end


def _usable(node: Node, document: Document, report: Report) -> bool:
    if node.label not in LABELS:
        message = f"found the label {shown(node.label)}, expected one of {', '.join(LABELS)}; rename it"
        report(node.key, "unknown-label", message)
        return False
    length = len(document.text)
    for span in node.spans:
        if not 0 <= span.start < span.end <= length:
            message = f"found [{span.start}, {span.end}), {document.id} has {length} code points; "
            report(node.key, "offset-range", message + "count code points, ends after their starts")
            return False
    if len(node.spans) > 1 and node.label not in (QUOTE, CUE, VERBATIM, CLAIM):
        message = f"found {len(node.spans)} fragments, a {node.label} has one; split it or fill the gap"
        report(node.key, "too-many-fragments", message)
        return False
    return True


def _ids(nodes: Iterable[Node], report: Report) -> dict[str, str]:
    """The item's id of each node by its key: its own, or the next free number."""
    items = [node for node in nodes if node.label not in _ROLES]
    taken: set[str] = set()
    out: dict[str, str] = {}
    for node in items:
        if node.id is not None:
            if node.id in taken:
                report(
                    node.key, "duplicate-id", f"{shown(node.id)} is the id of another item as well; change it"
                )
            taken.add(node.id)
            out[node.key] = node.id
    numbers: dict[str, int] = {}
    for node in items:
        letter = _LETTERS.get(node.label, "m")
        while node.key not in out:
            numbers[letter] = numbers.get(letter, 0) + 1
            if (name := f"{letter}{numbers[letter]}") not in taken:
                out[node.key] = name
    return out


def _fields(node: Node, report: Report) -> dict[str, Any]:
    """A node's fields, checked: names, and values where there is a label set; others are strings or None."""
    names = FIELDS.get(node.label, () if node.label in _ROLES else MENTION_FIELDS)
    out: dict[str, Any] = {}
    for name, value in node.fields.items():
        values = VALUES.get((node.label, name))
        if name == "verbatim" and node.label == QUOTE and value is None:
            out[name] = None
        elif name not in names:
            message = f"found the attribute {shown(name)}, expected {', '.join(names) or 'none'}; remove it"
            report(node.key, "unknown-property", message)
        elif value is not None and not isinstance(value, str):
            report(node.key, "wrong-type", f"{name}: found {shown(value)}, expected a string or null")
        elif values is not None and value not in values:
            message = f"{name}: found {shown(value)}, expected one of {', '.join(values)}"
            report(node.key, "unknown-label", message)
        else:
            out[name] = value
    return out


def plain_label(node: Node) -> str:
    """A node's label where a format has no attributes that a person can set: marks with their role."""
    role = node.fields.get("role")
    return f"{MARK}-{role}" if node.label == MARK and role else node.label


def from_plain(label: str, fields: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The inverse of :func:`plain_label`: a node's label and fields; the role in the label counts."""
    kind, dash, role = label.partition("-")
    return (MARK, {**fields, "role": role}) if dash and kind == MARK else (label, dict(fields))


def fragmented(graph: Graph) -> Graph:
    """The same with a node a fragment: the first keeps key, id and fields, relations lead to the others."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    for node in graph[0]:
        nodes.append(replace(node, spans=node.spans[:1]))
        for number, span in enumerate(node.spans[1:], 2):
            key = f"{node.key}#{number}"
            nodes.append(Node(key, node.label, (span,)))
            edges.append(Edge(f"f{len(edges) + 1}", FRAGMENT, node.key, key))
    return nodes, [*edges, *graph[1]]


def joined(graph: Graph, report: Report) -> Graph:
    """The inverse of :func:`fragmented`; what can't be joined is reported and left apart."""
    nodes = {node.key: node for node in graph[0]}
    inside: dict[str, str] = {}
    for edge in graph[1]:
        if edge.label != FRAGMENT or edge.head not in nodes or edge.child not in nodes:
            continue
        root = _root(edge.head, inside)
        head, child = nodes[root], nodes[edge.child]
        if head.label != child.label or root == edge.child or edge.child in inside:
            message = f"a relation {FRAGMENT!r} leads to a further fragment of the same label; found "
            report(edge.key, "wrong-relation", f"{message}{head.label} to {child.label}; remove it")
            continue
        inside[edge.child] = root
        nodes[root] = replace(head, spans=(*head.spans, *child.spans))
    kept = [node for key, node in nodes.items() if key not in inside]
    rest = [
        edge for edge in graph[1] if edge.label != FRAGMENT or not {edge.head, edge.child} <= nodes.keys()
    ]
    return kept, [replace(e, head=_root(e.head, inside), child=_root(e.child, inside)) for e in rest]


def _root(key: str, inside: Mapping[str, str]) -> str:
    while key in inside:
        key = inside[key]
    return key
