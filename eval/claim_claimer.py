"""Claims, claimer: who asserts it.

End to end: of the claims with a claimer, those found (IoU > 0.5) with the same claimer, names being
resolved against the registry; ``author`` and ``unnamed`` are claimers like others.

    P = hits / predicted claims with a claimer      R = hits / gold claims with a claimer.

*Accuracy* asks only of found claims whose gold claim has a claimer. Most claims of news are the author's, so
always saying ``author`` does well here; the table of gold by predicted claimer shows it.
"""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts, Tally
from vostochny.eval.items import Case, ClaimItem
from vostochny.eval.nominal import Contingency

NOBODY = "-"
"""Stands for no claimer in tables."""


def claim_claimer(case: Case[ClaimItem], pairs: Sequence[Pair]) -> Counts:
    """Counts of claims found with their claimer."""
    out = Tally(case.n_blocks)
    for claim in case.gold:
        if claim.claimer is not None:
            out.gold(claim.block)
    for claim in case.predicted:
        if claim.claimer is not None:
            out.predicted(claim.block)
    for i, j in pairs:
        gold, other = case.gold[i], case.predicted[j]
        if gold.claimer is not None and gold.claimer == other.claimer:
            out.hit(gold.block, other.block)
    return out.counts


def claim_claimer_table(case: Case[ClaimItem], pairs: Sequence[Pair]) -> Contingency:
    """Gold claimer by predicted claimer over found claims whose gold claim has one."""
    found = ((case.gold[i], case.predicted[j]) for i, j in pairs)
    return Contingency.of(
        (g.block, g.claimer, p.claimer or NOBODY) for g, p in found if g.claimer is not None
    )
