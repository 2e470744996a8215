"""A sentence as every baseline sees it: tokens by index, and spans back to code points."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from vostochny.schema.model import Document, Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a document.

    ``pairs`` are its tokens' code point offsets, ``words`` and ``lower`` their surface and
    lower-cased forms; ``kind`` is the kind of the region that holds the sentence, ``first`` the
    index of its first token in the document.
    """

    document: Document
    start: int
    end: int
    kind: str
    first: int
    pairs: tuple[tuple[int, int], ...]
    words: tuple[str, ...]
    lower: tuple[str, ...]

    def __len__(self) -> int:
        """Number of tokens."""
        return len(self.words)

    def span(self, first: int, last: int) -> Span:
        """The stretch from token ``first`` up to, not including, token ``last`` (at least one)."""
        start, end = self.pairs[first][0], self.pairs[last - 1][1]
        return Span(start, end, self.document.text[start:end])

    def glued(self, index: int) -> bool:
        """Whether token ``index`` follows its predecessor without white space."""
        return index > 0 and self.pairs[index - 1][1] == self.pairs[index][0]

    def at(self, offset: int) -> int:
        """Index of the first token that ends after a code point offset (``len`` if there is none)."""
        return bisect_left(self.pairs, offset + 1, key=lambda pair: pair[1])


def sentences(document: Document) -> list[Sentence]:
    """The document's sentences that hold at least one token, in text order."""
    out = []
    starts = [start for start, _ in document.tokens]
    for start, end in document.sentences:
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        if first == last:
            continue
        pairs = document.tokens[first:last]
        words = tuple(document.text[a:b] for a, b in pairs)
        kind = next((r.kind for r in document.regions if r.start <= pairs[0][0] < r.end), "body")
        out.append(Sentence(document, start, end, kind, first, pairs, words, tuple(w.lower() for w in words)))
    return out
