"""Entities, token: how many tokens carry the right type.

A token with a type counts once, however many mentions hold it, in the block of the first of them:

    P = tokens with a type on both sides / tokens with a type predicted,
    R = the same / tokens with a type in gold.

It forgives boundaries in proportion.
"""

from __future__ import annotations

import numpy as np

from vostochny.eval.counts import Counts
from vostochny.eval.spans_matching import Matching, stacked
from vostochny.eval.spans_pairs import fresh_starts


def entity_token(matching: Matching) -> Counts:
    """Counts of typed tokens."""
    ours, theirs, edges = matching.ours, matching.theirs, matching.edges
    # What a mention holds besides earlier ones of its type: each typed token once, in one stretch a mention.
    first, second = fresh_starts(ours), fresh_starts(theirs)
    same = ours.type[edges.gold] == theirs.type[edges.other]
    i, j = edges.gold[same], edges.other[same]
    credit = np.maximum(np.minimum(ours.end[i], theirs.end[j]) - np.maximum(first[i], second[j]), 0)
    lost = matching.unsound
    return stacked(
        matching.per_block(theirs.block[j], credit),
        matching.per_block(theirs.block, theirs.end - second) + matching.per_block(lost.block, lost.length),
        matching.per_block(ours.block[i], credit),
        matching.per_block(ours.block, ours.end - first),
    )
