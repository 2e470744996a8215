"""What the semantic checks of a layer look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from vostochny.schema.checks import Steps
from vostochny.schema.model import Claim, Document, Entity, Layer, Mark, Mention, Quote, Span
from vostochny.schema.text import TextIndex


@dataclass(frozen=True)
class LayerContext:
    """A layer on its document.

    ``positions`` gives for each part the places in the JSON arrays of the items that passed the
    schema; ``broken`` the ids of those that did not and ``broken_parts`` their parts, so that
    what follows from their absence is not reported as well. ``entities`` is None where there is no
    registry to resolve against.
    """

    layer: Layer
    index: TextIndex
    entities: Mapping[str, Entity] | None
    positions: Mapping[str, list[int]]
    broken: frozenset[str]
    broken_parts: frozenset[str]

    @property
    def document(self) -> Document:
        """The document that the layer is about."""
        return self.index.document

    def mentions(self) -> Iterator[tuple[Steps, Mention]]:
        """Mentions with their places."""
        for number, item in zip(self.positions["mentions"], self.layer.mentions or (), strict=True):
            yield ("mentions", number), item

    def quotes(self) -> Iterator[tuple[Steps, Quote]]:
        """Quotes with their places."""
        for number, item in zip(self.positions["quotes"], self.layer.quotes or (), strict=True):
            yield ("quotes", number), item

    def marks(self) -> Iterator[tuple[Steps, Mark]]:
        """Marks with their places."""
        for number, item in zip(self.positions["marks"], self.layer.marks or (), strict=True):
            yield ("marks", number), item

    def claims(self) -> Iterator[tuple[Steps, Claim]]:
        """Claims with their places."""
        for number, item in zip(self.positions["claims"], self.layer.claims or (), strict=True):
            yield ("claims", number), item

    def items(self) -> Iterator[tuple[Steps, Mention | Quote | Mark | Claim]]:
        """All items with their places."""
        yield from self.mentions()
        yield from self.quotes()
        yield from self.marks()
        yield from self.claims()

    def lists(self) -> Iterator[tuple[Steps, tuple[Span, ...]]]:
        """All lists of spans with their places."""
        for steps, quote in self.quotes():
            yield (*steps, "content"), quote.content
            yield (*steps, "verbatim"), quote.verbatim or ()
            yield (*steps, "cue"), quote.cue
        for steps, claim in self.claims():
            yield (*steps, "spans"), claim.spans

    def spans(self) -> Iterator[tuple[Steps, Span]]:
        """All spans with their places."""
        for steps, mention in self.mentions():
            yield steps, mention.span
        for steps, mark in self.marks():
            yield steps, mark.span
        for steps, quote in self.quotes():
            if quote.source is not None:
                yield (*steps, "source"), quote.source
        for steps, spans in self.lists():
            for number, span in enumerate(spans):
                yield (*steps, number), span

    def usable(self, span: Span) -> bool:
        """Whether a span is in range and not empty."""
        return 0 <= span.start < span.end <= len(self.document.text)

    @cached_property
    def quotes_by_id(self) -> Mapping[str, Quote]:
        """The quotes by their ids."""
        return {quote.id: quote for quote in self.layer.quotes or ()}

    @cached_property
    def quotes_inside(self) -> Mapping[str, list[Quote]]:
        """The quotes directly within each quote, by its id."""
        out: dict[str, list[Quote]] = {}
        for quote in self.layer.quotes or ():
            if quote.within is not None:
                out.setdefault(quote.within, []).append(quote)
        return out

    def tokens(self, *spans: Span) -> frozenset[int]:
        """The tokens of some spans."""
        return self.index.tokens_of(spans)
