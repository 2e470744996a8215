"""Entities, type: right type, somewhere on the mention.

SemEval-2013 task 9's *type* (Segura-Bedmar, Martínez & Herrero-Zazo, SemEval 2013): a hit shares at
least one token with a gold mention of its type. One-to-one with the greatest number of hits, so a name
split in three scores once.
"""

from __future__ import annotations

from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, MentionItem
from vostochny.eval.matching import best_pairs, iou, tally


def entity_type(case: Case[MentionItem]) -> Counts:
    """Counts of mentions found by an overlapping mention of their type."""
    pairs = best_pairs(
        case, lambda gold, other: (1, iou(gold.tokens, other.tokens)) if gold.type == other.type else None
    )
    return tally(case, pairs)
