"""Which predicted quote is held against which gold quote.

Two one-to-one alignments, both by the intersection over union (IoU) of the content's tokens:

* *loose*, for the token measures: pairs that share a token, with the greatest total IoU, and of those
  alignments one with the most exact pairs: as many as quotes can be found exactly, since by the triangle
  inequality of 1 - IoU an exact pair never costs total IoU;
* *close*, for what is asked of a whole quote (speaker, nesting, labels): pairs with IoU > 0.5, or another
  threshold, as many as possible, then with the greatest total IoU. (More than half: each then is mostly
  the other.)

Ties go to the alignment in which more of the rest agrees: shared content tokens, shared cue and source
tokens, then speaker, kind, medium, polarity, status, outer quote.
"""

from __future__ import annotations

from fractions import Fraction

from vostochny.eval.alignment import Credit, Pair
from vostochny.eval.items import Case, QuoteItem
from vostochny.eval.matching import iou, likest_pairs
from vostochny.eval.options import HALF


def loose_pairs(case: Case[QuoteItem]) -> list[Pair]:
    """Pairs of quotes that share a content token."""

    def credit(gold: QuoteItem, other: QuoteItem) -> Credit:
        shared = iou(gold.tokens, other.tokens)
        return shared, int(shared == 1), *_rest(gold, other)

    return likest_pairs(case, case.overlaps, case.overlaps.iou, credit)


def close_pairs(case: Case[QuoteItem], overlap: Fraction = HALF) -> list[Pair]:
    """Pairs of quotes with IoU > ``overlap``."""
    close = case.overlaps.above(overlap)

    def credit(gold: QuoteItem, other: QuoteItem) -> Credit:
        return 1, iou(gold.tokens, other.tokens), *_rest(gold, other)

    return likest_pairs(case, close, close.iou, credit, many=True)


def _rest(gold: QuoteItem, other: QuoteItem) -> Credit:
    return (
        len(gold.tokens & other.tokens),
        len(gold.cue & other.cue),
        len(gold.source & other.source),
        int(gold.speaker == other.speaker),
        int(gold.kind == other.kind),
        int(gold.medium == other.medium),
        int(gold.polarity == other.polarity),
        int(gold.status == other.status),
        int(gold.nested == other.nested and gold.parent_tokens == other.parent_tokens),
    )
