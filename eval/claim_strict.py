"""Claims, strict: the claim found exactly.

A hit has the same tokens as a gold claim, in all fragments; each claim is used once.
"""

from __future__ import annotations

from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, ClaimItem
from vostochny.eval.matching import equal_pairs, tally


def claim_strict(case: Case[ClaimItem]) -> Counts:
    """Counts of claims found with the same tokens."""
    return tally(case, equal_pairs(case, lambda claim: claim.tokens))
