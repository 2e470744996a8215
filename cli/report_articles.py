"""The articles of the reading page: each text in its regions with all that is annotated in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from vostochny.cli.report_anchors import Anchors
from vostochny.cli.report_compare import HIT, SIGN, Verdict, compare
from vostochny.cli.report_details import Describer, Details, Row
from vostochny.cli.report_segments import Handle, Piece, Stroke, Tag, cut, lanes
from vostochny.schema.labels import VALUE_TYPES
from vostochny.schema.model import Document, Entity, Gold, Layer, Region, Span
from vostochny.schema.registry import Resolver

LANES = 4
"""How many quotes, and how many claims, over one place are drawn apart."""

_GROUPS = {"PERSON": "mP", "ORG": "mO", "NORP": "mN", "GPE": "mL", "LOC": "mL", "FAC": "mL"}
_OTHER, _VALUE = "mX", "mV"


@dataclass(frozen=True, slots=True)
class System:
    """A system whose predictions stand beside gold; ``number`` counts from 1."""

    number: int
    name: str
    layers: Mapping[str, Layer]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A region: its kind, its gold pieces, and the pieces of each system by number."""

    kind: str
    gold: Sequence[Piece]
    systems: Mapping[int, Sequence[Piece]]


@dataclass(frozen=True, slots=True)
class Article:
    """A document as the page shows it.

    ``facts`` are lines on its origin, ``counts`` the numbers of gold items by layer; ``tallies`` has, by
    system number, the rows of :attr:`~vostochny.cli.report_compare.Comparison.tally`.
    """

    id: str
    anchor: str
    outlet: str
    title: str
    language: str
    facts: Sequence[str]
    counts: Sequence[tuple[str, int]]
    annotated: bool
    paragraphs: Sequence[Paragraph]
    tallies: Mapping[int, Sequence[tuple[str, int, int, int, int]]]


def outlet_of(document: Document) -> str:
    """What a document is called in a few words: its outlet or agency, else its id."""
    return document.outlet or document.agency or document.id


def articles(
    gold: Gold, systems: Sequence[System], anchors: Anchors
) -> tuple[list[Article], dict[str, Details]]:
    """All documents, and the details of all items by element id."""
    details: dict[str, Details] = {}
    entities = {entity.id: entity for entity in gold.entities}
    resolver = Resolver(gold.entities)
    names = {id: anchors.of(id) for id in gold.documents}
    made = []
    for id, document in gold.documents.items():
        layer = gold.get(id, Layer(id, "gold"))
        compared = {
            s.number: compare(document, layer, s.layers[id], resolver, s.name)
            for s in systems
            if id in gold and id in s.layers
        }
        said = _Reading(document, layer, entities, resolver, partial(anchors.of, id))
        beside = [
            (number, stroke)
            for number, comparison in compared.items()
            for stroke in said.findings(comparison.gold)
        ]
        details |= said.details([comparison.gold for comparison in compared.values()])
        readings = {}
        for system in systems:
            if id not in system.layers:
                continue
            verdicts = compared[system.number].predicted if system.number in compared else {}
            reading = _Reading(
                document,
                system.layers[id],
                entities,
                resolver,
                partial(anchors.of, slug(system.name), id),
            )
            details |= reading.details([verdicts])
            readings[system.number] = (reading, reading.findings(verdicts))
        paragraphs = [
            Paragraph(
                region.kind,
                said.pieces(region, (), beside),
                {n: reading.pieces(region, found) for n, (reading, found) in readings.items()},
            )
            for region in document.regions
        ]
        made.append(
            Article(
                id=id,
                anchor=names[id],
                outlet=outlet_of(document),
                title=document.title or f"{document.text.strip()[:60].strip()} …",
                language=document.language or "",
                facts=_facts(document),
                counts=[
                    (name, len(items))
                    for name, items in (
                        ("mentions", layer.mentions),
                        ("quotes", layer.quotes),
                        ("other quotation marks", layer.marks),
                        ("claims", layer.claims),
                    )
                    if items
                ],
                annotated=id in gold,
                paragraphs=paragraphs,
                tallies={number: comparison.tally for number, comparison in compared.items()},
            )
        )
    return made, details


def _facts(document: Document) -> list[str]:
    out = [document.date] if document.date else []
    if document.agency and document.agency != outlet_of(document):
        out.append(f"by {document.agency}")
    if document.translated:
        out.append("translated")
    return [*out, f"{len(document.text):,} characters", f"{len(document.sentences)} sentences"]


def slug(name: str) -> str:
    """A system's name as the beginning of its items' element ids."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name).strip("-").lower() or "system"


class _Reading:
    """A layer's strokes and handles on its document."""

    def __init__(
        self,
        document: Document,
        layer: Layer,
        entities: Mapping[str, Entity],
        resolver: Resolver,
        anchor: Callable[[str], str],
    ) -> None:
        self._document, self._layer, self._anchor = document, layer, anchor
        self._describer = Describer(document, entities, resolver, anchor)
        quotes, claims = layer.quotes or (), layer.claims or ()
        self._quote_lane = lanes([(q.id, q.content, q.within) for q in quotes], LANES)
        self._claim_lane = lanes([(c.id, c.spans, None) for c in claims], LANES)
        self._described = {
            **{m.id: self._describer.mention(m) for m in layer.mentions or ()},
            **{q.id: self._describer.quote(q) for q in quotes},
            **{k.id: self._describer.mark(k) for k in layer.marks or ()},
            **{c.id: self._describer.claim(c) for c in claims},
        }
        self._starts: list[tuple[int, int, str]] = sorted(
            (self._place(min(s.start for s in spans)), -max(s.end for s in spans), id)
            for id, spans in self._spans()
        )
        self._strokes = sorted(self._draw(), key=lambda pair: pair[0])

    def _spans(self) -> Iterator[tuple[str, Sequence[Span]]]:
        for mention in self._layer.mentions or ():
            yield mention.id, (mention.span,)
        for quote in self._layer.quotes or ():
            yield quote.id, quote.content
        for mark in self._layer.marks or ():
            yield mark.id, (mark.span,)
        for claim in self._layer.claims or ():
            yield claim.id, claim.spans

    def _draw(self) -> Iterator[tuple[tuple[int, int], Stroke]]:
        """Strokes, each with its rank: short items before long ones, verbatim before the whole content."""
        for mention in self._layer.mentions or ():
            group = _VALUE if mention.type in VALUE_TYPES else _GROUPS.get(mention.type, _OTHER)
            yield (mention.end - mention.start, 0), Stroke(mention.span, self._anchor(mention.id), "m", group)
        for quote in self._layer.quotes or ():
            anchor, lane = self._anchor(quote.id), self._quote_lane[quote.id]
            length = _length(quote.content)
            for rank, spans, channel, name in (
                (0, quote.verbatim or (), f"q{lane}", f"v{lane}"),
                (1, quote.content, f"q{lane}", f"q{lane}"),
                (2, quote.cue, "u", "cu"),
                (3, (quote.source,) if quote.source else (), "u", "so"),
            ):
                for span in spans:
                    yield (length, rank), Stroke(span, anchor, channel, name)
        for mark in self._layer.marks or ():
            yield (mark.end - mark.start, 0), Stroke(mark.span, self._anchor(mark.id), "k", "k")
        for claim in self._layer.claims or ():
            lane = self._claim_lane[claim.id]
            name = f"{'c' if claim.voice == 'author' else 'd'}{lane}"
            for span in claim.spans:
                yield (_length(claim.spans), 0), Stroke(span, self._anchor(claim.id), f"c{lane}", name)

    def findings(self, verdicts: Mapping[str, Verdict]) -> list[Stroke]:
        """A stroke for each span of an item that is no plain hit, with the class that says so."""
        channels = {
            **{m.id: "m" for m in self._layer.mentions or ()},
            **{id: f"q{lane}" for id, lane in self._quote_lane.items()},
            **{id: f"c{lane}" for id, lane in self._claim_lane.items()},
        }
        return [
            Stroke(span, self._anchor(id), f"{channels[id]}!", f"{channels[id]}{SIGN[verdicts[id].status]}")
            for id, spans in self._spans()
            if id in verdicts and verdicts[id].status != HIT
            for span in spans
        ]

    def _place(self, start: int) -> int:
        """Where an item's handle stands: its start or, if that is in no region, the start of the next one."""
        return max(start, next((r.start for r in self._document.regions if r.end > start), start))

    def pieces(
        self, region: Region, more: Iterable[Stroke], beside: Sequence[tuple[int, Stroke]] = ()
    ) -> list[Piece]:
        """The segments of a region, with the handles of the items that begin there."""
        handles: list[tuple[int, Handle | Tag]] = [
            (position, Handle(self._anchor(id), self._described[id].layer, self._described[id].label))
            for position, _, id in self._starts
        ]
        strokes = [*(stroke for _, stroke in self._strokes), *more]
        return cut(self._document.text, region.start, region.end, strokes, handles, beside)

    def details(self, compared: Sequence[Mapping[str, Verdict]]) -> dict[str, Details]:
        """All items' details by element id, with the verdicts of each comparison on them."""
        out = {}
        for id, found in self._described.items():
            rows: list[Row] = list(found.rows)
            for verdicts in compared:
                rows += verdicts[id].rows if id in verdicts else ()
            out[self._anchor(id)] = Details(found.layer, found.kind, found.id, found.label, tuple(rows))
        return out


def _length(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start for span in spans)
