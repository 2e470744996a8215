"""From labelled stretches of text and relations to a layer, with all that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from vostochny.annotations.format_graph import (
    CLAIM,
    CUE,
    FIELDS,
    FRAGMENT,
    LABELS,
    MARK,
    MENTION_FIELDS,
    QUOTE,
    RELATIONS,
    ROLES,
    VALUES,
    VERBATIM,
    Edge,
    Graph,
    Node,
)
from vostochny.annotations.format_support import completed
from vostochny.schema.errors import shown
from vostochny.schema.labels import LAYER_PARTS, MARK_ROLES
from vostochny.schema.model import AUTHOR, UNNAMED, Claim, Document, Layer, Mark, Mention, Quote, Span

Report = Callable[[str, str, str], None]
"""Takes a problem: the key of the node or edge, the check's id, the message."""

_LETTERS = {QUOTE: "q", MARK: "k", CLAIM: "c"}


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
    read = _Reader(known, _ids(known.values(), report), report)
    keys = {node.key for node in nodes}
    for edge in edges:
        if {edge.head, edge.child} <= known.keys():
            read.relation(edge)
        elif not {edge.head, edge.child} <= keys:
            message = "one of its ends does not exist; remove the relation"
            report(edge.key, "unresolved-reference", message)
    items: dict[str, list[Any]] = {part: [] for part in LAYER_PARTS}
    for key, node in known.items():
        fields = _fields(node, report)
        if node.label == QUOTE:
            items["quotes"].append(read.quote(key, fields))
        elif node.label == CLAIM:
            items["claims"].append(read.claim(key, fields))
        elif node.label == MARK:
            items["marks"].append(read.mark(key, fields))
        elif node.label in ROLES:
            read.part(key)
        else:
            items["mentions"].append(read.mention(key, fields))
    parts: dict[str, Any] = {part: tuple(found) for part, found in items.items()}
    return completed(replace(Layer(document.id, annotator), **parts), document)


@dataclass
class _Reader:
    """The usable nodes by their keys, their items' ids, and the relations read so far."""

    nodes: Mapping[str, Node]
    ids: Mapping[str, str]
    report: Report
    ends: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def relation(self, edge: Edge) -> None:
        expected = RELATIONS.get(edge.label)
        found = self.nodes[edge.head].label, self.nodes[edge.child].label
        if expected is None:
            message = f"found the relation {shown(edge.label)}, expected one of {', '.join(RELATIONS)}"
            self.report(edge.key, "unknown-label", message)
        elif found != expected:
            message = f"the relation {edge.label!r} leads from {expected[0]} to {expected[1]}, "
            message += f"found {found[0]} to {found[1]}; draw it again"
            self.report(edge.key, "wrong-relation", message)
        else:
            ends = self.ends.setdefault((edge.head, edge.label), [])
            self.used.add(edge.child)
            if edge.child not in ends:
                ends.append(edge.child)
            if len(ends) > 1 and edge.label in ("source", "within", "quote"):
                message = f"the {expected[0].lower()} has two relations {edge.label!r}; remove one"
                self.report(edge.key, "second-relation", message)

    def spans(self, key: str, relation: str) -> tuple[Span, ...]:
        return tuple(s for child in self.ends.get((key, relation), ()) for s in self.nodes[child].spans)

    def mention(self, key: str, fields: Mapping[str, Any]) -> Mention:
        node = self.nodes[key]
        (span,) = node.spans
        names = fields.get("entity"), fields.get("metonym_for")
        return Mention(self.ids[key], span.start, span.end, None, node.label, *names)

    def mark(self, key: str, fields: Mapping[str, Any]) -> Mark:
        if "role" not in fields:
            message = f"the mark has no role; give it one of {', '.join(MARK_ROLES)}"
            self.report(key, "missing-property", message)
        (span,) = self.nodes[key].spans
        return Mark(self.ids[key], span.start, span.end, None, fields.get("role", ""))

    def part(self, key: str) -> None:
        if key not in self.used:
            label = self.nodes[key].label
            message = f"this {label} belongs to no quote; draw the relation {ROLES[label]!r} "
            self.report(key, "loose-part", message + "from the quote to it, or remove it")

    def quote(self, key: str, fields: Mapping[str, Any]) -> Quote:
        source = self.spans(key, "source")
        outer = self.ends.get((key, "within"))
        silent = "verbatim" in fields and (key, "verbatim") not in self.ends
        return Quote(
            self.ids[key],
            self.nodes[key].spans,
            None if silent else self.spans(key, "verbatim"),
            source[0] if source else None,
            self.spans(key, "cue"),
            fields.get("speaker"),
            self.ids[outer[0]] if outer else None,
            fields.get("medium", "speech"),
            fields.get("polarity", "positive"),
            fields.get("status", "actual"),
        )

    def claim(self, key: str, fields: Mapping[str, Any]) -> Claim:
        ends = self.ends.get((key, "quote"))
        speaker = self.nodes[ends[0]].fields.get("speaker") if ends else None
        owned = not ends and fields.get("claimer") in (None, AUTHOR)
        voice = fields.get("voice", AUTHOR if owned else "attributed")
        return Claim(
            self.ids[key],
            self.nodes[key].spans,
            voice,
            fields.get("claimer", AUTHOR if voice == AUTHOR else speaker or UNNAMED),
            self.ids[ends[0]] if ends else None,
            fields.get("type", "fact"),
            fields.get("polarity", "positive"),
            fields.get("certainty", "asserted"),
            fields.get("proposition"),
        )


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
    items = [node for node in nodes if node.label not in ROLES]
    taken: set[str] = set()
    out: dict[str, str] = {}
    for node in items:
        if node.id is not None:
            if node.id in taken:
                message = f"{shown(node.id)} is the id of another item as well; change it"
                report(node.key, "duplicate-id", message)
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
    names = FIELDS.get(node.label, () if node.label in ROLES else MENTION_FIELDS)
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


def joined(graph: Graph, report: Report) -> Graph:
    """A graph with a node a fragment made one with whole nodes; what can't be joined is left apart.

    It undoes :func:`~vostochny.annotations.format_graph.fragmented`.
    """
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
