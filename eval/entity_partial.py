"""Entities, partial: half credit for an overlap.

SemEval-2013 task 9's *partial* (Segura-Bedmar, Martínez & Herrero-Zazo, SemEval 2013): the type does not
count; the same boundaries earn 1 (COR), an overlap of at least one token (with a threshold: of an
intersection over union of more) earns 0.5 (PAR), and

    P = (COR + 0.5·PAR) / predicted      R = (COR + 0.5·PAR) / gold.

MUC's and SemEval's other names are what is left: MIS = gold - COR - PAR, SPU = predicted - COR - PAR;
INC does not exist here, as the type is not looked at. (In *strict* and *exact*, INC is a pair that
overlaps but is no hit, and counts as both a false negative and a false positive; in *type*, COR is a
hit and INC an overlap with another type.) Of several overlapping mentions, those are compared that the
one-to-one pairing with the greatest total credit brings together.
"""

from __future__ import annotations

from fractions import Fraction

from vostochny.eval.alignment import Credit
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, MentionItem
from vostochny.eval.matching import best_pairs, iou, tally

_HALF = Fraction(1, 2)
_ANY = Fraction(0)


def entity_partial(case: Case[MentionItem], overlap: Fraction = _ANY) -> Counts:
    """Counts with 1 for the same tokens and 0.5 for an overlap with IoU > ``overlap``."""

    def credit(gold: MentionItem, other: MentionItem) -> Credit | None:
        shared = iou(gold.tokens, other.tokens)
        return (1 if shared == 1 else _HALF, shared) if shared > overlap else None

    pairs = best_pairs(case, credit)
    return tally(case, pairs, lambda gold, other: 1.0 if gold.tokens == other.tokens else 0.5)
