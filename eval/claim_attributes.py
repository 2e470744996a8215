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
from vostochny.eval.matching import tally
from vostochny.eval.nominal import Contingency


def claim_attributes(case: Case[ClaimItem], pairs: Sequence[Pair]) -> dict[str, Contingency]:
    """A table of gold label by predicted label for each attribute."""
    found = [(case.gold[i], case.predicted[j]) for i, j in pairs]
    return {
        "voice": Contingency.of((g.block, g.voice, p.voice) for g, p in found),
        "type": Contingency.of((g.block, g.type, p.type) for g, p in found),
        "polarity": Contingency.of((g.block, g.polarity, p.polarity) for g, p in found),
        "certainty": Contingency.of((g.block, g.certainty, p.certainty) for g, p in found),
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
