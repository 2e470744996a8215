"""Claims, claimer: who asserts it.

End to end: of the claims with a claimer, those found (IoU > 0.5) with the same claimer, names being
resolved against the registry; ``author`` and ``unnamed`` are claimers like others.

    P = hits / predicted claims with a claimer      R = hits / gold claims with a claimer.

*Accuracy* asks only of found claims whose gold claim has a claimer. Most claims of news are the author's, so
always saying ``author`` does well here; the table of gold by predicted claimer shows it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, ClaimItem
from vostochny.eval.matching import counted, label_table
from vostochny.eval.nominal import Contingency

NOBODY = "-"
"""Stands for no claimer in tables."""


def claim_claimer(case: Case[ClaimItem], pairs: Sequence[Pair]) -> Counts:
    """Counts of claims found with their claimer."""
    ours, theirs = (
        side.whole(item.claimer is not None for item in side.items) for side in (case.ours, case.theirs)
    )
    named = ((case.gold[i].claimer, case.predicted[j].claimer) for i, j in pairs)
    found = np.fromiter((a is not None and a == b for a, b in named), np.int64, len(pairs))
    return counted(case, pairs, ours, theirs, found, found)


def claim_claimer_table(case: Case[ClaimItem], pairs: Sequence[Pair]) -> Contingency:
    """Gold claimer by predicted claimer over found claims whose gold claim has one."""
    return label_table(case, pairs, lambda gold: gold.claimer, lambda other: other.claimer or NOBODY)
