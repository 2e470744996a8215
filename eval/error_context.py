"""Items in the sentences that they stand in, with marks around what gold and what the system has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vostochny.schema.model import Span
from vostochny.schema.text import Pair, TextIndex

GOLD_MARKS, PREDICTED_MARKS = ("⟦", "⟧"), ("⟪", "⟫")
"""What stands around gold's and around predicted spans: characters that news does not have."""

ELLIPSIS = " … "
"""What stands for sentences that are left out."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text, and whether it lies in a gold and in a predicted span."""

    text: str
    gold: bool = False
    predicted: bool = False


def passages(index: TextIndex, spans: Iterable[Span]) -> list[Pair]:
    """Where the sentences that the spans touch start and end, runs of neighbours as one passage."""
    document = index.document
    found = {
        index.sentence_of(document.tokens[token][0]) for span in spans for token in index.tokens_of((span,))
    }
    runs: list[list[int]] = []
    for n in sorted(n for n in found if n is not None):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return [(document.sentences[first][0], document.sentences[last][1]) for first, last in runs]


def stretches(index: TextIndex, gold: Sequence[Span], predicted: Sequence[Span]) -> list[Stretch]:
    """The sentences that the spans touch, cut up where a span begins or ends; ellipses between passages."""
    text = index.document.text
    edges = {edge for span in (*gold, *predicted) for edge in (span.start, span.end)}
    out: list[Stretch] = []
    for start, end in passages(index, (*gold, *predicted)):
        out += [Stretch(ELLIPSIS)] if out else []
        for left, right in pairwise(sorted({start, end, *(edge for edge in edges if start < edge < end)})):
            here = Span(left, right)
            sides = (any(span.overlaps(here) for span in spans) for spans in (gold, predicted))
            out.append(Stretch(text[left:right], *sides))
    return out


def marked(index: TextIndex, gold: Sequence[Span], predicted: Sequence[Span]) -> str:
    """The same in one line: ⟦gold⟧ and ⟪predicted⟫ spans marked, runs of white space as one space."""
    text = index.document.text
    # At one place, what ends comes first, from within, then what begins, from without.
    marks = [(span.end, 0, PREDICTED_MARKS[1]) for span in predicted]
    marks += [(span.end, 1, GOLD_MARKS[1]) for span in gold]
    marks += [(span.start, 2, GOLD_MARKS[0]) for span in gold]
    marks += [(span.start, 3, PREDICTED_MARKS[0]) for span in predicted]
    out: list[str] = []
    for start, end in passages(index, (*gold, *predicted)):
        parts, place = [], start
        for position, _, mark in sorted(marks):
            if start <= position <= end:
                parts += [text[place:position], mark]
                place = position
        out.append(" ".join("".join([*parts, text[place:end]]).split()))
    return ELLIPSIS.join(out)
