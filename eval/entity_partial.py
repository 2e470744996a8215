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

import numpy as np
from numpy.typing import NDArray

from vostochny.eval.counts import Counts
from vostochny.eval.spans_matching import Matching
from vostochny.eval.spans_pairs import Edges


def entity_partial(matching: Matching) -> Counts:
    """Counts with 1 for the same tokens and 0.5 for an overlap."""
    edges = matching.similar
    same = edges.inter == edges.union
    none = np.zeros(len(edges), dtype=np.int64)
    # With a threshold, what overlaps may be no pair, and what is said of halves below does not hold.
    sure = matching.alone(edges, same) if matching.overlap else same & ~_halved(matching, edges)
    pairs = edges[matching.aligned(edges, 1 + same, none, sure, typed=False)]
    return matching.of_pairs(pairs, np.where(pairs.inter == pairs.union, 1.0, 0.5))


def _halved(matching: Matching, edges: Edges) -> NDArray[np.bool_]:
    """Edges of a stretch S whose two mentions might as well be aligned with a half of S each.

    Mentions g and p of the same stretch S are in every best *partial* alignment but for this case. If g
    were aligned with p' and p with g' instead, that would earn 1/2 + 1/2, as much as g with p; if p' and g'
    overlap, they earn more together with g and p. If not, the intersections over union of p' and g'
    with S sum to at most 1, and to 1 only if p' and g' are two parts that make up S.
    """
    ours, theirs = matching.ours, matching.theirs
    i, j = edges.gold, edges.other
    starts, ends = ours.start[i] == theirs.start[j], ours.end[i] == theirs.end[j]
    outcomes = []
    for rows, inside, n in ((i, ours.length[i], len(ours)), (j, theirs.length[j], len(theirs))):
        part = (edges.union == inside) & (edges.inter < inside)
        for touching in (starts, ends):
            flags = np.zeros(n, dtype=np.bool_)
            flags[rows[part & touching]] = True
            outcomes.append(flags[rows])
    gold_first, gold_last, other_first, other_last = outcomes
    return (gold_first & other_last) | (gold_last & other_first)
