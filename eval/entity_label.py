"""Entities, label: the type of mentions whose boundaries are right.

Over pairs of mentions with the same tokens (one-to-one, with as many equal types as possible):
accuracy, macro-F1 and κ of the type as in :mod:`vostochny.eval.nominal`. It separates the choice of
type from the finding of mentions, which has no κ: nobody can say how many non-mentions two annotators
agree on (Hripcsak & Rothschild, JAMIA 12, 2005).
"""

from __future__ import annotations

from vostochny.eval.items import Case, MentionItem
from vostochny.eval.matching import best_pairs
from vostochny.eval.nominal import Contingency


def entity_label(case: Case[MentionItem]) -> Contingency:
    """Gold type by predicted type over mentions with the same tokens."""
    pairs = best_pairs(
        case, lambda gold, other: (1, int(gold.type == other.type)) if gold.tokens == other.tokens else None
    )
    found = ((case.gold[i], case.predicted[j]) for i, j in pairs)
    return Contingency.of((gold.block, gold.type, other.type) for gold, other in found)
