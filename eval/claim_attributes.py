"""Claims, attributes: voice, type, polarity and certainty, of the claims that were found and end to end.

Over found pairs (IoU > 0.5) each attribute has its table of gold label by predicted label, with
accuracy, macro-F1 and κ as in :mod:`vostochny.eval.nominal`. These leave out what was not found;
*joint* does not: its hits are found claims with all four attributes and the claimer right, out of all
gold and all predicted claims.
"""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, ClaimItem
from vostochny.eval.matching import label_table, tally
from vostochny.eval.nominal import Contingency


def claim_attributes(case: Case[ClaimItem], pairs: Sequence[Pair]) -> dict[str, Contingency]:
    """A table of gold label by predicted label for each attribute."""
    return {
        "voice": label_table(case, pairs, lambda gold: gold.voice, lambda other: other.voice),
        "type": label_table(case, pairs, lambda gold: gold.type, lambda other: other.type),
        "polarity": label_table(case, pairs, lambda gold: gold.polarity, lambda other: other.polarity),
        "certainty": label_table(case, pairs, lambda gold: gold.certainty, lambda other: other.certainty),
    }


def claim_joint(case: Case[ClaimItem], pairs: Sequence[Pair]) -> Counts:
    """Counts of claims found with all attributes and the claimer right (no claimer equals no claimer)."""

    def right(pair: Pair) -> bool:
        gold, other = case.gold[pair[0]], case.predicted[pair[1]]
        return (gold.claimer, gold.voice, gold.type, gold.polarity, gold.certainty) == (
            other.claimer,
            other.voice,
            other.type,
            other.polarity,
            other.certainty,
        )

    return tally(case, [pair for pair in pairs if right(pair)])
