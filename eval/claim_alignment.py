"""Which predicted claim is held against which gold claim.

Claims are aligned one-to-one by the intersection over union (IoU) of their tokens: pairs with IoU > 0.5, or
another threshold, as many as possible, then with the greatest total IoU. Ties (claims over the same words)
go to the alignment in which more agrees: first all of, then one by one claimer, voice, type, polarity,
certainty.
"""

from __future__ import annotations

from fractions import Fraction

from vostochny.eval.alignment import Credit, Pair
from vostochny.eval.items import Case, ClaimItem
from vostochny.eval.matching import iou, likest_pairs
from vostochny.eval.options import HALF


def claim_pairs(case: Case[ClaimItem], overlap: Fraction = HALF) -> list[Pair]:
    """Pairs of claims with IoU > ``overlap``."""
    close = case.overlaps.above(overlap)

    def credit(gold: ClaimItem, other: ClaimItem) -> Credit:
        agreements = (
            gold.claimer == other.claimer,
            gold.voice == other.voice,
            gold.type == other.type,
            gold.polarity == other.polarity,
            gold.certainty == other.certainty,
        )
        return (1, iou(gold.tokens, other.tokens), int(all(agreements)), *(int(a) for a in agreements))

    return likest_pairs(case, close, close.iou, credit, many=True)
