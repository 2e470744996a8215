"""Entities, label: the type of mentions whose boundaries are right.

Over pairs of mentions with the same tokens (one-to-one, with as many equal types as possible):
accuracy, macro-F1 and κ of the type as in :mod:`vostochny.eval.nominal`. It separates the choice of
type from the finding of mentions, which has no κ: nobody can say how many non-mentions two annotators
agree on (Hripcsak & Rothschild, JAMIA 12, 2005).
"""

from __future__ import annotations

import numpy as np

from vostochny.eval.nominal import Contingency
from vostochny.eval.spans_matching import Matching


def entity_label(matching: Matching) -> Contingency:
    """Gold type by predicted type over mentions with the same tokens."""
    edges = matching.edges
    edges = edges[edges.inter == edges.union]
    same = matching.ours.type[edges.gold] == matching.theirs.type[edges.other]
    # As many pairs as there can be, and of these as many of the same type: no other pair stands in their way.
    pairs = edges[matching.aligned(edges, np.ones(len(edges), np.int64), same.astype(np.int64), same)]
    gold, other = matching.ours[pairs.gold], matching.theirs[pairs.other]
    return Contingency.of_codes(gold.block, gold.type, other.type, matching.types)
