"""From a layer to the result list of a Label Studio prediction or annotation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from vostochny.annotations import studio_labels as names
from vostochny.annotations.studio_labels import Result, region_id
from vostochny.schema.model import AUTHOR, UNNAMED, Claim, Document, Layer, Mention, Quote, Span
from vostochny.schema.quotation import derive_verbatim


def layer_to_results(
    layer: Layer, document: Document, known: Collection[str] = (), notes: Mapping[str, str] | None = None
) -> list[Result]:
    """The regions, attributes and arrows that show ``layer`` in Label Studio.

    ``known`` are the registry's ids, which stand in the lists to choose from; other names go into the
    text fields beside them. ``notes`` are remarks shown with an item's first region, by item id.
    Attributes that have their default are left out. What comes back by
    :func:`~vostochny.annotations.studio_decode.results_to_layer` is the layer; only a claim that its
    quote covers but does not own, and a claimer of None beside a speaker, have no form here.
    """
    writer = _Writer(document, frozenset(known) | {AUTHOR, UNNAMED}, notes or {})
    for mention in layer.mentions or ():
        writer.mention(mention)
    for mark in layer.marks or ():
        writer.region(region_id(mark.id, names.MARK), names.MARK, mark.role, mark.span)
        writer.note(mark.id, region_id(mark.id, names.MARK))
    quotes = layer.quotes or ()
    for quote in quotes:
        writer.quote(quote)
    for quote in quotes:
        if quote.within is not None:
            writer.arrow(region_id(quote.id, "content"), region_id(quote.within, "content"), "within")
    for claim in layer.claims or ():
        writer.claim(claim, quotes)
    return writer.results + writer.arrows


def covering_quote(spans: Iterable[Span], quotes: Iterable[Quote]) -> Quote | None:
    """The innermost quote that covers all spans of a claim: its deepest by ``within``, else its shortest.

    Of equal ones the one with the first id, whatever order they are in.
    """
    listed = list(spans)
    by_id = {quote.id: quote for quote in quotes}
    covering = [
        quote
        for quote in by_id.values()
        if all(any(part.covers(span) for part in quote.content) for span in listed)
    ]
    covering.sort(key=lambda quote: quote.id)
    return max(covering, key=lambda quote: (_depth(quote, by_id), -_length(quote)), default=None)


def _depth(quote: Quote, by_id: Mapping[str, Quote]) -> int:
    seen: set[str] = set()
    outer = by_id.get(quote.within or "")
    while outer is not None and outer.id not in seen:
        seen.add(outer.id)
        outer = by_id.get(outer.within or "")
    return len(seen)


def _length(quote: Quote) -> int:
    return sum(span.end - span.start for span in quote.content)


class _Writer:
    def __init__(self, document: Document, known: frozenset[str], notes: Mapping[str, str]) -> None:
        self.document = document
        self.known = known
        self.notes = notes
        self.results: list[Result] = []
        self.arrows: list[Result] = []
        self.places: dict[tuple[str, int, int, str], str] = {}

    def region(self, id: str, control: str, label: str, span: Span) -> None:
        self._put(id, control, "labels", span, "labels", [label])

    def _put(self, id: str, control: str, type: str, span: Span, key: str, values: list[Any]) -> None:
        value = {"start": span.start, "end": span.end, "text": self.document.slice(span), key: values}
        result = {"id": id, "from_name": control, "to_name": names.TEXT, "type": type, "value": value}
        self.results.append(result)

    def choice(self, id: str, control: str, span: Span, value: str) -> None:
        if value != names.DEFAULTS.get(control):
            self._put(id, control, "choices", span, "choices", [value])

    def entity(self, id: str, control: str, span: Span, value: str | None) -> None:
        if value in self.known:
            self._put(id, control, "taxonomy", span, "taxonomy", [[value]])
        elif value is not None:
            self._put(id, names.other(control), "textarea", span, "text", [value])

    def arrow(self, start: str, end: str, label: str) -> None:
        self.arrows.append(
            {"type": "relation", "from_id": start, "to_id": end, "direction": "right", "labels": [label]}
        )

    def note(self, item: str, id: str) -> None:
        if item in self.notes:
            for result in self.results:
                if result["id"] == id:
                    result["meta"] = {"text": [self.notes[item]]}

    def mention(self, mention: Mention) -> None:
        id = region_id(mention.id, names.MENTION)
        self.region(id, names.MENTION, mention.type, mention.span)
        self.entity(id, "entity", mention.span, mention.entity)
        self.entity(id, "metonym_for", mention.span, mention.metonym_for)
        self.note(mention.id, id)

    def quote(self, quote: Quote) -> None:
        first = region_id(quote.id, "content")
        head = quote.content[0]
        self._parts(quote.id, names.QUOTE, "content", quote.content)
        self.entity(first, "speaker", head, quote.speaker)
        for control in ("medium", "polarity", "status"):
            self.choice(first, control, head, getattr(quote, control))
        for words in self._words(quote):
            self.choice(first, "words", head, words)
        self.note(quote.id, first)
        if quote.source is not None:
            self._satellite(quote.id, "source", 0, quote.source)
        for number, span in enumerate(quote.cue):
            self._satellite(quote.id, "cue", number, span)

    def _words(self, quote: Quote) -> Iterator[str]:
        """The choice that says which words are verbatim; where none does, the parts are drawn."""
        verbatim = quote.verbatim
        places = [(span.start, span.end) for span in verbatim or ()]
        by_marks = derive_verbatim(self.document, quote.content)
        if verbatim is None or places == [(span.start, span.end) for span in by_marks]:
            return
        if not places:
            yield "none"
        elif places == [(span.start, span.end) for span in quote.content]:
            yield "all"
        else:
            for number, span in enumerate(verbatim):
                self._satellite(quote.id, "verbatim", number, span)

    def _satellite(self, item: str, role: str, number: int, span: Span) -> None:
        """A source, cue or verbatim region; quotes with the same one share it."""
        candidate = item.partition("@")[2]
        place = (role, span.start, span.end, candidate)
        if place not in self.places:
            self.places[place] = region_id(item, role, number)
            self.region(self.places[place], names.QUOTE, role, span)
        self.arrow(region_id(item, "content"), self.places[place], role)

    def _parts(self, item: str, control: str, role: str, spans: tuple[Span, ...]) -> None:
        for number, span in enumerate(spans):
            self.region(region_id(item, role, number), control, role, span)
            if number:
                self.arrow(region_id(item, role, number - 1), region_id(item, role, number), "part")

    def claim(self, claim: Claim, quotes: tuple[Quote, ...]) -> None:
        first, head = region_id(claim.id, names.CLAIM), claim.spans[0]
        self._parts(claim.id, names.CLAIM, names.CLAIM, claim.spans)
        found = covering_quote(claim.spans, quotes)
        owner = next((quote for quote in quotes if quote.id == claim.quote), None)
        if owner is not None and owner is not found:
            self.arrow(first, region_id(owner.id, "content"), "inside")
            found = owner
        # A candidate's speaker is not yet decided, so nothing may be derived from it.
        undecided = found is not None and "@" in found.id
        if undecided or claim.claimer != (found.speaker if found else AUTHOR):
            self.entity(first, "claimer", head, claim.claimer)
        self.choice(first, "claim_type", head, claim.type)
        self.choice(first, "claim_polarity", head, claim.polarity)
        self.choice(first, "certainty", head, claim.certainty)
        if claim.proposition is not None:
            self._put(first, "proposition", "textarea", head, "text", [claim.proposition])
        self.note(claim.id, first)
