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

from vostochny.eval.alignment import Credit, Pair
from vostochny.eval.items import Case, MentionItem
from vostochny.eval.matching import best_pairs, iou
from vostochny.eval.nominal import Contingency

_ANY = Fraction(0)

NONE = "none"
"""Stands for a missing partner."""


def error_pairs(case: Case[MentionItem], overlap: Fraction = _ANY) -> list[Pair]:
    """Which predicted mention is held against which gold mention; their IoU is more than ``overlap``."""

    def credit(gold: MentionItem, other: MentionItem) -> Credit | None:
        shared = iou(gold.tokens, other.tokens)
        same_type = gold.type == other.type
        return (int(same_type and shared == 1), shared, int(same_type)) if shared > overlap else None

    return best_pairs(case, credit)


def entity_errors(case: Case[MentionItem], overlap: Fraction = _ANY) -> dict[str, Contingency]:
    """The tables ``boundary`` and ``types``; unaligned mentions count in their own block."""
    boundary: list[tuple[int, str, str]] = []
    types: list[tuple[int, str, str]] = []
    pairs = error_pairs(case, overlap)
    for i, j in pairs:
        gold, other = case.gold[i], case.predicted[j]
        where = "same" if gold.tokens == other.tokens else "overlap"
        boundary.append((gold.block, where, "same_type" if gold.type == other.type else "other_type"))
        types.append((gold.block, gold.type, other.type))
    missed = set(range(len(case.gold))) - {i for i, _ in pairs}
    spurious = set(range(len(case.predicted))) - {j for _, j in pairs}
    for i in missed:
        boundary.append((case.gold[i].block, NONE, "missed"))
        types.append((case.gold[i].block, case.gold[i].type, NONE))
    for j in spurious:
        boundary.append((case.predicted[j].block, NONE, "spurious"))
        types.append((case.predicted[j].block, NONE, case.predicted[j].type))
    return {"boundary": Contingency.of(boundary), "types": Contingency.of(types)}
