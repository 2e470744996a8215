"""Entities, partial: half credit for an overlap.

SemEval-2013 task 9's *partial* (Segura-Bedmar, Martínez & Herrero-Zazo, SemEval 2013): the type does not
count; the same boundaries earn 1 (COR), an overlap of at least one token earns 0.5 (PAR), and

    P = (COR + 0.5·PAR) / predicted      R = (COR + 0.5·PAR) / gold.

MUC's and SemEval's other names are what is left: MIS = gold - COR - PAR, SPU = predicted - COR - PAR;
INC does not exist here, as the type is not looked at. (In *strict* and *exact*, INC is a pair that
overlaps but is no hit, and counts as both a false negative and a false positive; in *type*, COR is a
hit and INC an overlap with another type.) Of several overlapping mentions, those are compared that the
one-to-one pairing with the greatest total credit brings together.
"""

from __future__ import annotations

from fractions import Fraction

from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, MentionItem
from vostochny.eval.matching import best_pairs, iou, tally

_HALF = Fraction(1, 2)


def entity_partial(case: Case[MentionItem]) -> Counts:
    """Counts with 1 for the same tokens and 0.5 for an overlap."""
    pairs = best_pairs(
        case,
        lambda gold, other: (1 if gold.tokens == other.tokens else _HALF, iou(gold.tokens, other.tokens)),
    )
    return tally(case, pairs, lambda gold, other: 1.0 if gold.tokens == other.tokens else 0.5)
