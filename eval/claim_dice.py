"""Claims, Dice: credit for as much of a claim as was found.

As for event nuggets (Liu, Mitamura & Hovy, "Evaluation algorithms for event nugget detection: a pilot
study", EVENTS 2015), a pair of claims with token sets g and p earns Dice(g, p) = 2·|g ∩ p| / (|g| + |p|) on
both sides, and

    P = Σ Dice / predicted claims      R = Σ Dice / gold claims.

The pairs are one-to-one with the greatest total; no threshold applies.
"""

from __future__ import annotations

from fractions import Fraction

from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, ClaimItem
from vostochny.eval.matching import likest_pairs, tally


def claim_dice(case: Case[ClaimItem]) -> Counts:
    """Counts of claims, credited with Dice."""
    found = case.overlaps
    dice = 2 * found.shared / (found.gold_size + found.predicted_size)
    pairs = likest_pairs(case, found, dice, lambda gold, other: (_dice(gold, other),))
    earned = found.of(pairs)
    return tally(case, pairs, 2 * earned.shared / (earned.gold_size + earned.predicted_size))


def _dice(gold: ClaimItem, other: ClaimItem) -> Fraction:
    return Fraction(2 * len(gold.tokens & other.tokens), len(gold.tokens) + len(other.tokens))
