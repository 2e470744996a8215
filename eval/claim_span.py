"""Claims, span: was the claim found, by and large?

A hit is a pair with IoU > 0.5 in tokens, exactly half being no hit, one-to-one with as many hits as possible.
Where a claim begins and ends is less certain than for a name; the threshold forgives an adverb and refuses a
sentence that holds three claims (it is that of the PASCAL VOC challenge: Everingham et al., IJCV 88, 2010).
"""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, ClaimItem
from vostochny.eval.matching import tally


def claim_span(case: Case[ClaimItem], pairs: Sequence[Pair]) -> Counts:
    """Counts of claims found with IoU > 0.5."""
    return tally(case, pairs)
