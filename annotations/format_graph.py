"""A layer as labelled stretches of text and relations between them, as annotation tools have it.

Mentions carry their type as label; a quote is its content, with a source, a cue and verbatim parts as
stretches of their own, tied to it by relations; marks and claims are stretches, too. All that is neither
place nor relation are *fields* of an item's node.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

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
from vostochny.schema.model import Claim, Layer, Mark, Mention, Quote, Span

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

ROLES = {SOURCE: "source", CUE: "cue", VERBATIM: "verbatim"}
"""The labels of nodes that are parts of a quote, and the relations that lead to them."""


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
                edge(ROLES[label], quote.id, key)
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
