"""Errors that can be planted in quotes and marks (GUIDELINES.md, section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from vostochny.annotations.audit_state import Edit, Key, Plant
from vostochny.annotations.audit_view import View, Words
from vostochny.schema.model import AUTHOR, UNNAMED, Claim, Mark, Quote, Ref, Span, bounds

_GOVERNED = frozenset("of for as".split())
_INSIDE = frozenset("to whether if what how".split())
_PREPOSITIONS = frozenset("in on at for with from during after before about against through".split())
_EDGE_ADVERBS = frozenset("also then later earlier repeatedly recently still".split())
_ARTICLES = frozenset("the a an".split())
_NEGATIONS = frozenset("not n't never without denied nor no neither".split())
_UNREAL = frozenset("may might could would will can if possible expected plans".split())
_ROLES = {"scare": "title", "title": "scare", "term": "scare", "stray": "scare"}


def quote_plants(view: View) -> Iterator[Plant]:
    """Every error that can be planted in a quote, each by itself."""
    for document, words in view.words.items():
        for quote in view.state.items(document, "quotes").values():
            yield _removed(view, document, quote)
            yield from _contents(view, document, words, quote)
            yield from _speakers(view, document, quote)
            yield from _sources(view, document, words, quote)
            yield from _cues(document, words, quote)
            yield from _flips(view, document, words, quote)


def mark_plants(view: View) -> Iterator[Plant]:
    """Marks with the role that is most like theirs."""
    for document in view.words:
        mark: Mark
        for mark in view.state.items(document, "marks").values():
            wrong = _ROLES[mark.role]
            edits = (Edit(document, "marks", mark, replace(mark, role=wrong)),)
            passage = (document, mark.start, mark.end)
            yield Plant("mark-role", document, edits, "role", "2.8", wrong, mark.role, passage=passage)


def _plant(
    document: str,
    kind: str,
    quote: Quote,
    field: str,
    rule: str,
    told: tuple[object, object],
    *,
    near: Iterable[Key] = (),
    more: Iterable[Edit] = (),
    **changes: Any,
) -> Plant:
    edits = (Edit(document, "quotes", quote, replace(quote, **changes)), *more)
    start, end = bounds(quote.content)
    has, should = (str(each) for each in told)
    passage = (document, start, end)
    return Plant(kind, document, edits, field, rule, has, should, frozenset(near), passage)


def _shown(spans: Iterable[Span]) -> str:
    return " … ".join(repr(span.text) for span in spans) or "nothing"


def _removed(view: View, document: str, quote: Quote) -> Plant:
    """The quote gone, its claims those of the quote around it, or else the author's."""
    outer: Quote | None = view.state.items(document, "quotes").get(quote.within or "")
    edits = [Edit(document, "quotes", quote, None)]
    for claim in view.claims_in(document, quote.id):
        edits.append(Edit(document, "claims", claim, _without_quote(claim, outer)))
    for inner in view.quotes_in(document, quote.id):
        edits.append(Edit(document, "quotes", inner, replace(inner, within=quote.within)))
    edits += view.without_quote(Ref(document, quote.id))
    start, end = bounds(quote.content)
    should = f"a quote of {quote.speaker}: {_shown(quote.content)}"
    near = view.around(document, quote)
    passage = (document, start, end)
    return Plant("quote-removed", document, tuple(edits), "missing", "2.1", "nothing", should, near, passage)


def _without_quote(claim: Claim, outer: Quote | None) -> Claim:
    if outer is None:
        return replace(claim, voice=AUTHOR, claimer=AUTHOR, quote=None)
    return replace(claim, claimer=outer.speaker or UNNAMED, quote=outer.id)


def _contents(view: View, document: str, words: Words, quote: Quote) -> Iterator[Plant]:
    for content in _shifted(words, quote):
        kept = [v for v in quote.verbatim or () if any(c.covers(v) for c in content)]
        if quote.verbatim is not None and len(kept) != len(quote.verbatim):
            continue
        yield _plant(
            document,
            "quote-content",
            quote,
            "content",
            "2.2",
            (_shown(content), _shown(quote.content)),
            near=view.around(document, quote),
            content=content,
        )


def _shifted(words: Words, quote: Quote) -> Iterator[tuple[Span, ...]]:
    first, last = quote.content[0], quote.content[-1]
    middle = quote.content[1:]
    before, inside = words.before(first.start), words.within(first)
    if before and before[0].text in {"that", *_GOVERNED}:
        yield (words.span(before[0].start, first.end), *middle)
    if len(inside) > 2 and inside[0].text in _INSIDE | {"the", "a"}:
        yield (words.span(inside[1].start, first.end), *middle)
    tail = words.within(last)
    for place in range(max(2, len(tail) - 6), len(tail) - 1):
        if tail[place].text in _PREPOSITIONS and all(w.text.isalnum() for w in tail[place - 1 :]):
            yield (*quote.content[:-1], words.span(last.start, tail[place - 1].end))
            return
    after = words.after(last.end)
    if after and after[0].text == "." and after[0].start == last.end:
        yield (*quote.content[:-1], words.span(last.start, after[0].end))


def _speakers(view: View, document: str, quote: Quote) -> Iterator[Plant]:
    right = view.names.get(quote.speaker or "")
    if right is None:
        return
    linked = Ref(document, quote.id) in view.utterance_of
    others = [id for id in view.speakers(document) if view.names[id].type == right.type and id != right.id]
    for wrong in others[:3]:
        claims = [c for c in view.claims_in(document, quote.id) if c.claimer == quote.speaker]
        more = [Edit(document, "claims", c, replace(c, claimer=wrong)) for c in claims]
        told = (wrong, quote.speaker)
        # That an utterance has another speaker would give the error away.
        if not linked:
            yield _plant(document, "quote-speaker", quote, "speaker", "2.5", told, more=more, speaker=wrong)


def _sources(view: View, document: str, words: Words, quote: Quote) -> Iterator[Plant]:
    source = quote.source
    if source is None:
        return

    def plant(kind: str, wrong: Span | None) -> Plant:
        has = "nothing" if wrong is None else repr(wrong.text)
        return _plant(document, kind, quote, "source", "2.4", (has, repr(source.text)), source=wrong)

    if quote.cue:
        yield plant("quote-source-dropped", None)
    inside = words.within(source)
    if len(inside) > 1 and inside[0].text.casefold() in _ARTICLES:
        yield plant("quote-source-shifted", words.span(inside[1].start, source.end))
    for mention in view.state.items(document, "mentions").values():
        name = mention.span
        if (
            mention.type == "PERSON"
            and source.covers(name)
            and source.start < name.start < name.end == source.end
        ):
            yield plant("quote-source-shifted", name)


def _cues(document: str, words: Words, quote: Quote) -> Iterator[Plant]:
    def plant(kind: str, wrong: tuple[Span, ...]) -> Plant:
        told = (_shown(wrong), _shown(quote.cue))
        return _plant(document, kind, quote, "cue", "2.4", told, cue=wrong)

    if not quote.cue:
        return
    yield plant("quote-cue-dropped", ())
    first, last = quote.cue[0], quote.cue[-1]
    inside, before = words.within(first), words.before(first.start)
    if len(inside) > 1 and all(a.end < b.start for a, b in pairwise(inside)):
        if inside[1].text not in _ARTICLES:
            yield plant("quote-cue-shifted", (words.span(inside[1].start, first.end), *quote.cue[1:]))
        if len(quote.cue) == 1 and inside[-2].text not in _ARTICLES:
            yield plant("quote-cue-shifted", (words.span(first.start, inside[-2].end),))
    if before and before[0].text in _EDGE_ADVERBS:
        yield plant("quote-cue-shifted", (words.span(before[0].start, first.end), *quote.cue[1:]))
    after = words.after(last.end)
    if after and after[0].text == "that":
        yield plant("quote-cue-shifted", (*quote.cue[:-1], words.span(last.start, after[0].end)))


def _flips(view: View, document: str, words: Words, quote: Quote) -> Iterator[Plant]:
    cue = {word.text.casefold() for span in quote.cue for word in words.within(span)}

    def flip(field: str, wrong: str) -> Plant:
        told = (wrong, getattr(quote, field))
        changes: dict[str, Any] = {field: wrong}
        return _plant(document, f"quote-{field}", quote, field, "2.7", told, **changes)

    person = quote.speaker in view.names and view.names[str(quote.speaker)].type == "PERSON"
    if quote.medium == "writing":
        yield flip("medium", "speech")
    elif person and not cue & {"read", "reads", "wrote", "written"}:
        yield flip("medium", "writing")
    if quote.polarity == "negative":
        yield flip("polarity", "positive")
    elif cue and not cue & _NEGATIONS:
        yield flip("polarity", "negative")
    if quote.status == "hypothetical":
        yield flip("status", "actual")
    elif cue and not cue & _UNREAL:
        yield flip("status", "hypothetical")
