"""Entities, type: right type, somewhere on the mention.

SemEval-2013 task 9's *type* (Segura-Bedmar, Martínez & Herrero-Zazo, SemEval 2013): a hit shares at
least one token with a gold mention of its type (with a threshold: their intersection over union is more).
One-to-one with the greatest number of hits, so a name
split in three scores once.
"""

from __future__ import annotations

from fractions import Fraction

from vostochny.eval.alignment import Credit
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, MentionItem
from vostochny.eval.matching import best_pairs, iou, tally

_ANY = Fraction(0)


def entity_type(case: Case[MentionItem], overlap: Fraction = _ANY) -> Counts:
    """Counts of mentions found by a mention of their type that overlaps with IoU > ``overlap``."""

    def credit(gold: MentionItem, other: MentionItem) -> Credit | None:
        shared = iou(gold.tokens, other.tokens)
        return (1, shared) if gold.type == other.type and shared > overlap else None

    return tally(case, best_pairs(case, credit))
