"""Layers as UIMA annotations, the way INCEpTION's span and relation layers hold them.

WebAnno TSV and XMI are two notations of this one graph. Mentions are DKPro's ``NamedEntity``; a ``Mention``
on the very same stretch has what INCEpTION's own layer has no feature for. A quote's pieces are spans of one
layer with a role each, tied by relations: from the first piece of the content to the first piece of source,
cue and verbatim words, from each piece to its ``next`` one, and to the content that the quote is ``within``.
The first piece of the content (and of a claim) has the item's id and attributes. What is said of the layer as
a whole stands on the first token: INCEpTION makes span layers, but not others, from a type system.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from vostochny.schema.errors import InputError
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.model import Claim, Document, Layer, Mark, Mention, Quote, Span

ABOUT = "webanno.custom.About"
NAMED_ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
MENTION = "webanno.custom.Mention"
QUOTE = "webanno.custom.Quote"
QUOTE_RELATION = "webanno.custom.QuoteRelation"
MARK = "webanno.custom.Mark"
CLAIM = "webanno.custom.Claim"
CLAIM_RELATION = "webanno.custom.ClaimRelation"

SPAN_TYPES: dict[str, tuple[str, ...]] = {
    ABOUT: ("annotator", "parts", "schema_version"),
    NAMED_ENTITY: ("identifier", "value"),
    MENTION: ("id", "metonym_for"),
    QUOTE: ("id", "medium", "polarity", "speaker", "status", "value", "verbatim"),
    MARK: ("id", "value"),
    CLAIM: ("certainty", "claimer", "id", "polarity", "proposition", "quote", "value", "voice"),
}
"""The span layers, each with its features (all strings)."""

RELATION_TYPES: dict[str, str] = {QUOTE_RELATION: QUOTE, CLAIM_RELATION: CLAIM}
"""The relation layers, each with the span layer that it ties; all have the one feature ``value``."""

PART_TYPES: dict[str, tuple[str, ...]] = {
    "mentions": (NAMED_ENTITY, MENTION),
    "quotes": (QUOTE, QUOTE_RELATION),
    "marks": (MARK,),
    "claims": (CLAIM, CLAIM_RELATION),
}
"""The layers that hold each part of a layer."""

_Item = TypeVar("_Item", Mention, Quote, Mark, Claim)

UNKNOWN = "unknown"
"""The feature ``verbatim`` of a quote whose verbatim words were not looked for."""


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """A span annotation: offsets in code points, features that are set, and its line in the file."""

    type: str
    start: int
    end: int
    features: Mapping[str, str]
    line: int | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Arrow:
    """A relation annotation; ``value`` is None where it was not set."""

    type: str
    governor: Node
    dependent: Node
    value: str | None
    line: int | None = None


@dataclass(frozen=True)
class Graph:
    """All annotations of a document."""

    nodes: list[Node] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)

    def of(self, type: str) -> list[Node]:
        """The span annotations of a type, in the order of the file."""
        return [node for node in self.nodes if node.type == type]

    def add(self, type: str, span: Span, features: Mapping[str, str | None]) -> Node:
        """Add a span annotation; features that are None stay unset."""
        given = {name: value for name, value in features.items() if value is not None}
        node = Node(type, span.start, span.end, given)
        self.nodes.append(node)
        return node

    def chain(self, type: str, spans: Sequence[Span], features: Mapping[str, str | None], each: str) -> Node:
        """Add the pieces of one thing, the first with the features, all tied by ``next``; gives the first.

        The feature ``each`` is set on all pieces.
        """
        relation = next(name for name, base in RELATION_TYPES.items() if base == type)
        first = before = self.add(type, spans[0], features)
        for span in spans[1:]:
            node = self.add(type, span, {each: features[each]})
            self.arrows.append(Arrow(relation, before, node, "next"))
            before = node
        return first


def graph_of(document: Document, layer: Layer) -> Graph:
    """A layer's annotations.

    Raises :class:`InputError` if a quote lies within one that is not in the layer.
    """
    graph = Graph()
    parts = " ".join(part for part in LAYER_PARTS if getattr(layer, part) is not None)
    about = {"annotator": layer.annotator, "parts": parts, "schema_version": layer.schema_version}
    graph.add(ABOUT, Span(*document.tokens[0]), about)
    for mention in layer.mentions or ():
        graph.add(NAMED_ENTITY, mention.span, {"value": mention.type, "identifier": mention.entity})
        graph.add(MENTION, mention.span, {"id": mention.id, "metonym_for": mention.metonym_for})
    heads: dict[str, Node] = {}
    for quote in layer.quotes or ():
        heads[quote.id] = _add_quote(graph, quote)
    for number, quote in enumerate(layer.quotes or ()):
        if quote.within is None:
            continue
        if quote.within not in heads:
            message = f"there is no quote {quote.within!r} in this layer; name an existing one or use null"
            raise InputError.of("unresolved-reference", message, path=f"$.quotes[{number}].within")
        graph.arrows.append(Arrow(QUOTE_RELATION, heads[quote.id], heads[quote.within], "within"))
    for mark in layer.marks or ():
        graph.add(MARK, mark.span, {"id": mark.id, "value": mark.role})
    for claim in layer.claims or ():
        features = {
            "id": claim.id,
            "value": claim.type,
            "voice": claim.voice,
            "claimer": claim.claimer,
            "quote": claim.quote,
            "polarity": claim.polarity,
            "certainty": claim.certainty,
            "proposition": claim.proposition,
        }
        graph.chain(CLAIM, claim.spans, features, each="value")
    return graph


def _add_quote(graph: Graph, quote: Quote) -> Node:
    features = {
        "id": quote.id,
        "value": "content",
        "speaker": quote.speaker,
        "medium": quote.medium,
        "polarity": quote.polarity,
        "status": quote.status,
        "verbatim": UNKNOWN if quote.verbatim is None else None,
    }
    head = graph.chain(QUOTE, quote.content, features, each="value")
    source = () if quote.source is None else (quote.source,)
    for role, spans in (("source", source), ("cue", quote.cue), ("verbatim", quote.verbatim or ())):
        if spans:
            first = graph.chain(QUOTE, spans, {"value": role}, each="value")
            graph.arrows.append(Arrow(QUOTE_RELATION, head, first, role))
    return head


class Utf16:
    """Offsets of a text in UTF-16 code units, as Java counts, to and from code points."""

    def __init__(self, text: str) -> None:
        units = [0]
        for character in text:
            units.append(units[-1] + (2 if character > "\uffff" else 1))
        self.units: list[int] = units
        """The offset in UTF-16 units of each code point, and of the text's end."""
        self.points: dict[int, int] = {unit: point for point, unit in enumerate(units)}
        """The inverse; the middle of a surrogate pair is not in it."""


def in_text_order(layer: Layer) -> Layer:
    """The layer with the items of each part by start, longer ones first, then by id."""

    def ordered(
        items: tuple[_Item, ...] | None, spans: Callable[[_Item], Sequence[Span]]
    ) -> tuple[_Item, ...] | None:
        if items is None:
            return None
        return tuple(sorted(items, key=lambda i: (spans(i)[0].start, -spans(i)[-1].end, _natural(i.id))))

    return replace(
        layer,
        mentions=ordered(layer.mentions, lambda m: (m.span,)),
        quotes=ordered(layer.quotes, lambda q: q.content),
        marks=ordered(layer.marks, lambda m: (m.span,)),
        claims=ordered(layer.claims, lambda c: c.spans),
    )


def _natural(id: str) -> tuple[list[str | int], str]:
    """Orders q2 before q10."""
    return [int(part) if n % 2 else part for n, part in enumerate(re.split("([0-9]+)", id))], id
