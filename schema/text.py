"""Offsets and tokens: from code point spans to sets of tokens, to regions and to sentences."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

from vostochny.schema.model import Document, Mention, Span

_TOKEN = re.compile(r"\w+|[^\w\s]")

Pair = tuple[int, int]
"""A half-open stretch ``(start, end)`` in code points."""


def tokenize(text: str) -> tuple[Pair, ...]:
    r"""The tokens ``\w+|[^\w\s]`` of a text as ``(start, end)`` pairs in code points.

    >>> tokenize("Kim’s visit")
    ((0, 3), (3, 4), (4, 5), (6, 11))
    """
    return tuple(match.span() for match in _TOKEN.finditer(text))


def is_word(surface: str) -> bool:
    """Whether a token holds a letter, digit or underscore, so is not only punctuation."""
    return surface.isalnum() or any(c.isalnum() or c == "_" for c in surface)


class TextIndex:
    """A document's tokens, regions and sentences, looked up by code point or span.

    Build one a document and keep it: a look-up then takes logarithmic time.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._starts = [start for start, _ in document.tokens]
        self._ends = [end for _, end in document.tokens]
        self._sets: dict[Pair, frozenset[int]] = {}
        self._regions = [(r.start, r.end) for r in document.regions]

    def tokens_of(self, spans: Iterable[Span]) -> frozenset[int]:
        """The indices of all tokens that share at least one code point with a span."""
        found = [self._tokens(span) for span in spans]
        return found[0] if len(found) == 1 else frozenset().union(*found)

    def _tokens(self, span: Span) -> frozenset[int]:
        # Gold and predictions name the same spans again and again.
        key = span.start, span.end
        if (found := self._sets.get(key)) is None:
            found = self._sets[key] = frozenset(self.range_of(span))
        return found

    def range_of(self, span: Span) -> range:
        """The indices of the tokens that share at least one code point with a span, in text order."""
        start, end = span.start, span.end
        if start >= end:
            return range(0)
        return range(bisect_right(self._ends, start), bisect_left(self._starts, end))

    def touches(self, span: Span | Mention) -> bool:
        """Whether a span shares at least one code point with a token."""
        start, end = span.start, span.end
        return start < end and bisect_right(self._ends, start) < bisect_left(self._starts, end)

    def words_of(self, spans: Iterable[Span]) -> frozenset[int]:
        """Like :meth:`tokens_of`, without the tokens that are only punctuation."""
        text, tokens = self.document.text, self.document.tokens
        return frozenset(n for n in self.tokens_of(spans) if is_word(text[tokens[n][0] : tokens[n][1]]))

    @cached_property
    def token_regions(self) -> list[int | None]:
        """The region of each token's first code point, as by :meth:`region_of`, for all at once."""
        return self._places(self._regions)

    @cached_property
    def token_sentences(self) -> list[int | None]:
        """The sentence of each token's first code point, as by :meth:`sentence_of`, for all at once."""
        return self._places(self.document.sentences)

    def _places(self, pairs: Sequence[Pair]) -> list[int | None]:
        out: list[int | None] = [None] * len(self._starts)
        # A stretch holds nothing that the next one holds.
        limits = (*(start for start, _ in pairs[1:]), float("inf"))
        for number, ((start, end), limit) in enumerate(zip(pairs, limits, strict=False)):
            first, last = bisect_left(self._starts, start), bisect_left(self._starts, min(end, limit))
            out[first:last] = [number] * (last - first)
        return out

    def spans_of(self, tokens: Iterable[int]) -> tuple[Span, ...]:
        """The spans of token indices, each run of neighbouring tokens as one span, with its text."""
        runs: list[list[int]] = []
        for n in sorted(set(tokens)):
            if runs and n == runs[-1][1] + 1:
                runs[-1][1] = n
            else:
                runs.append([n, n])
        text = self.document.text
        bounds = [(self._starts[first], self._ends[last]) for first, last in runs]
        return tuple(Span(start, end, text[start:end]) for start, end in bounds)

    def aligned(self, span: Span) -> bool:
        """Whether a span starts at the start of a token and ends at the end of one."""
        return _holds(self._starts, span.start) and _holds(self._ends, span.end)

    def region_of(self, position: int) -> int | None:
        """The index of the region that holds a code point, or None between regions."""
        return _find(self._regions, position)

    def sentence_of(self, position: int) -> int | None:
        """The index of the sentence that holds a code point, or None between sentences."""
        return _find(self.document.sentences, position)


def _holds(ordered: Sequence[int], value: int) -> bool:
    place = bisect_left(ordered, value)
    return place < len(ordered) and ordered[place] == value


def _find(pairs: Sequence[Pair], position: int) -> int | None:
    place = bisect_right(pairs, position, key=lambda pair: pair[0]) - 1
    return place if place >= 0 and position < pairs[place][1] else None
