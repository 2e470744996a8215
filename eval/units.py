"""From spans to what is compared: units, which are token indices or code points.

:mod:`vostochny.eval.options` says what the options mean.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from vostochny.eval.options import Options
from vostochny.schema.model import Span
from vostochny.schema.text import TextIndex

Units = frozenset[int]
Content = tuple[Span, ...]


class UnitReader:
    """Turns the spans of one document into units, as ``options`` say.

    Spans must hold a token each (:mod:`vostochny.eval.input_checks`).
    """

    def __init__(self, index: TextIndex, options: Options) -> None:
        self._index = index
        self._options = options
        self._characters = options.boundaries == "character"

    def units(self, spans: Iterable[Span]) -> Units:
        """All units of some spans."""
        if not self._characters:
            return self._index.tokens_of(spans)
        return frozenset(place for span in spans for place in range(span.start, span.end))

    def mention(self, span: Span) -> tuple[int, int]:
        """The units of a mention as written, a half-open interval ``[start, end)``; trimmed if asked for."""
        tokens = self._index.range_of(span)
        first, last = tokens[0], tokens[-1]
        start, end = self._trimmed(span, first, last) if self._options.trim else (first, last)
        if not self._characters:
            return start, end + 1
        pairs = self._index.document.tokens
        return (
            span.start if start == first else pairs[start][0],
            span.end if end == last else pairs[end][1],
        )

    def first_token(self, start: int, end: int) -> int:
        """The first token in an interval of units."""
        return self._index.range_of(Span(start, end))[0] if self._characters else start

    def contents(self, spans: Content) -> tuple[Content, ...]:
        """What a content or a claim counts as: one content, or one for each fragment in text order."""
        if self._options.discontinuous == "hull":
            return (self.whole(spans),)
        return self._fragments(spans) if self._options.discontinuous == "parts" else (spans,)

    def whole(self, spans: Content) -> Content:
        """Spans that stay one, such as a cue's: with ``hull`` a single span over all of them."""
        if self._options.discontinuous != "hull" or not spans:
            return spans
        return (Span(min(span.start for span in spans), max(span.end for span in spans)),)

    def _fragments(self, spans: Content) -> tuple[Content, ...]:
        runs: list[list[Span]] = []
        last = -2
        for span in sorted(spans, key=lambda each: (each.start, each.end)):
            tokens = self._index.range_of(span)
            if tokens[0] > last + 1:
                runs.append([])
            runs[-1].append(span)
            last = max(last, tokens[-1])
        return tuple(map(tuple, runs))

    def _trimmed(self, span: Span, first: int, last: int) -> tuple[int, int]:
        """The first and last token that are left."""
        text, pairs = self._index.document.text, self._index.document.tokens

        def surface(token: int) -> str:
            start, end = pairs[token]
            # By characters, a token that the span cuts through is no article and no ending.
            cut = self._characters and (start < span.start or end > span.end)
            return "" if cut else text[start:end].casefold()

        while first < last and surface(first) in _ARTICLES:
            first += 1
        if last - first > 1 and surface(last) == "s" and surface(last - 1) in _APOSTROPHES:
            last -= 2
        elif last > first and surface(last) in _APOSTROPHES:
            last -= 1
        return first, last


def kept(units: Sequence[Units], nested: str) -> list[int]:
    """The places of the items that count, of those on one side of one kind; ``nested`` as in the options.

    >>> kept([frozenset({1, 2}), frozenset({2}), frozenset({2})], "outermost")
    [0]
    """
    if nested == "all":
        return list(range(len(units)))
    holders: dict[int, list[int]] = defaultdict(list)
    for place, each in enumerate(units):
        for unit in each:
            holders[unit].append(place)
    gone: set[int] = set()
    for inner, each in enumerate(units):
        for outer in holders[min(each)]:
            if each < units[outer]:
                gone.add(inner if nested == "outermost" else outer)
    return [place for place in range(len(units)) if place not in gone]


_ARTICLES = frozenset({"a", "an", "the"})
_APOSTROPHES = frozenset({"'", "’"})
