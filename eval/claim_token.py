"""Claims, token: how much of what is claimed is found, in tokens.

Over pairs (g, p) of claims with token sets, one-to-one with the greatest total IoU:

    P = Σ |g ∩ p| / Σ |p| over all predicted      R = Σ |g ∩ p| / Σ |g| over all gold.

A token in two claims counts in each of them, as in :mod:`vostochny.eval.quote_content_token`.
"""

from __future__ import annotations

from vostochny.eval.alignment import Credit
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, ClaimItem
from vostochny.eval.matching import counted, iou, likest_pairs


def claim_token(case: Case[ClaimItem]) -> Counts:
    """Tokens shared by aligned claims."""

    def credit(gold: ClaimItem, other: ClaimItem) -> Credit:
        return iou(gold.tokens, other.tokens), len(gold.tokens & other.tokens)

    pairs = likest_pairs(case, case.overlaps, case.overlaps.iou, credit)
    shared = case.overlaps.of(pairs).shared
    return counted(case, pairs, case.ours.size, case.theirs.size, shared, shared)
