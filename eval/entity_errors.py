"""Entities, errors: where strict hits are lost, at the boundary or at the type.

Each gold mention is aligned with at most one predicted mention that shares a token (with a threshold: whose
intersection over union with it is more): first for as many
strict hits as possible, then for the greatest total overlap (intersection over union), then for types.
Two tables follow: boundary (same, overlap, none) by type (same, other), where a pair with the same
boundary and type is a strict hit and ``none`` holds what is missed or spurious; and gold type by
predicted type over the aligned pairs, with ``none`` for no partner. (The split into boundary and type
errors: Manning, "Doing Named Entity Recognition? Don't optimize for F1", blog post, 2006.)
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from vostochny.eval.alignment import Credit, Pair
from vostochny.eval.items import Case, MentionItem
from vostochny.eval.matching import best_pairs, iou
from vostochny.eval.nominal import Contingency
from vostochny.eval.spans_matching import Matching

_ANY = Fraction(0)

NONE = "none"
"""Stands for a missing partner."""

_BOUNDARY = ("overlap", "same", NONE, "other_type", "same_type", "missed", "spurious")


def error_pairs(case: Case[MentionItem], overlap: Fraction = _ANY) -> list[Pair]:
    """Which predicted mention is held against which gold mention; their IoU is more than ``overlap``."""

    def credit(gold: MentionItem, other: MentionItem) -> Credit | None:
        shared = iou(gold.tokens, other.tokens)
        same_type = gold.type == other.type
        return (int(same_type and shared == 1), shared, int(same_type)) if shared > overlap else None

    return best_pairs(case, credit)


def entity_errors(matching: Matching) -> dict[str, Contingency]:
    """The tables ``boundary`` and ``types``; unaligned mentions count in their own block."""
    edges, ours, theirs, lost = matching.similar, matching.ours, matching.theirs, matching.unsound
    same_type = ours.type[edges.gold] == theirs.type[edges.other]
    strict = same_type & (edges.inter == edges.union)
    chosen = matching.aligned(edges, strict.astype(np.int64), same_type.astype(np.int64), strict)
    pairs = edges[chosen]
    alone, spurious = np.ones(len(ours), dtype=np.bool_), np.ones(len(theirs), dtype=np.bool_)
    alone[pairs.gold] = False
    spurious[pairs.other] = False
    missed, added = ours[alone], theirs[spurious]
    n_missed, n_added, none = len(missed), len(added) + len(lost), len(matching.types)
    block = np.concatenate([ours.block[pairs.gold], missed.block, added.block, lost.block])
    gold = np.concatenate([ours.type[pairs.gold], missed.type, np.full(n_added, none)])
    other = np.concatenate([theirs.type[pairs.other], np.full(n_missed, none), added.type, lost.type])
    where = np.concatenate([(pairs.inter == pairs.union).astype(np.int64), np.full(n_missed + n_added, 2)])
    what = np.concatenate([3 + same_type[chosen], np.full(n_missed, 5), np.full(n_added, 6)])
    return {
        "boundary": Contingency.of_codes(block, where, what, _BOUNDARY),
        "types": Contingency.of_codes(block, gold, other, (*matching.types, NONE)),
    }
