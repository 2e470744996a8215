"""Items in the sentences that they stand in, with marks around what gold and what the system has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vostochny.schema.model import Span
from vostochny.schema.text import Pair, TextIndex

GOLD_MARKS, PREDICTED_MARKS = ("⟦", "⟧"), ("⟪", "⟫")
"""What stands around gold's and around predicted spans: characters that texts don't have."""

ELLIPSIS = " … "


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


def marked(index: TextIndex, gold: Sequence[Span], predicted: Sequence[Span]) -> str:
    """The passages of some spans in one line, ⟦gold⟧ and ⟪predicted⟫ spans marked.

    Runs of white space are one space; an ellipsis stands where sentences are left out.
    """
    cuts: list[tuple[int, int, str]] = []
    for spans, (opening, closing), depth in ((gold, GOLD_MARKS, 0), (predicted, PREDICTED_MARKS, 1)):
        for span in spans:
            # At one place: first what closes, from within, then what opens, from without.
            cuts += [(span.start, 2 + depth, opening), (span.end, 1 - depth, closing)]
    text = index.document.text
    out = []
    for start, end in passages(index, (*gold, *predicted)):
        place, parts = start, []
        for position, _, mark in sorted(cuts):
            if start <= position <= end:
                parts += [text[place:position], mark]
                place = position
        out.append(" ".join("".join([*parts, text[place:end]]).split()))
    return ELLIPSIS.join(out)
