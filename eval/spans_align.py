"""One-to-one alignment of overlapping mentions in arrays: what :func:`~vostochny.eval.matching.best_pairs`
finds.

Two mentions that overlap nothing else are a pair; of several that overlap only one and the same mention (a
star), the best is taken. Both are found for all documents at once. What is more tangled, or tied in a way
that shows in a result, is aligned by :func:`~vostochny.eval.alignment.align_pairs`, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from vostochny.eval.alignment import Credit, align_pairs
from vostochny.eval.items import Case, MentionItem
from vostochny.eval.matching import lots
from vostochny.eval.spans import Ints
from vostochny.eval.spans_keys import Side
from vostochny.eval.spans_pairs import Edges

Bools = NDArray[np.bool_]

_EXACT = 2**26
"""Quotients of whole numbers below it differ as floating point numbers if they differ at all."""


@dataclass(frozen=True, eq=False)
class Credits:
    """What a pair earns: ``first`` before the intersection over union, ``last`` after it (compared in that
    order).

    ``look`` numbers what a result shows of a mention, on each side: which of two mentions that look the same
    is chosen makes no difference. ``types`` are the labels of the sides' codes, by which lots are drawn.
    """

    first: Ints
    last: Ints
    look_gold: Ints
    look_other: Ints
    types: tuple[str, ...]


def aligned(gold: Side, other: Side, edges: Edges, credits: Credits) -> NDArray[np.intp]:
    """The edges that the alignment with the greatest total credit chooses."""
    left = _degrees(edges.gold, len(gold))[edges.gold]
    right = _degrees(edges.other, len(other))[edges.other]
    alone = (left == 1) & (right == 1)
    tangled = np.flatnonzero(~alone)
    stars, rest = _stars(edges, credits, tangled, left[tangled], right[tangled])
    by_hand = _by_hand(gold, other, edges, credits, rest)
    return np.concatenate([np.flatnonzero(alone), stars, by_hand])


def _degrees(rows: NDArray[np.intp], n: int) -> Ints:
    return np.bincount(rows, minlength=n)


def _stars(
    edges: Edges, credits: Credits, chosen: NDArray[np.intp], left: Ints, right: Ints
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The best edge of each star among the ``chosen`` edges, and the edges that are left to do.

    ``left`` and ``right`` are the numbers of edges of each edge's gold and other mention.
    """
    best: list[NDArray[np.intp]] = []
    done = np.zeros(len(chosen), dtype=np.bool_)
    for centres, degrees, leaves, look in (
        (edges.gold[chosen], left, right == 1, credits.look_other[edges.other[chosen]]),
        (edges.other[chosen], right, left == 1, credits.look_gold[edges.gold[chosen]]),
    ):
        _, group = np.unique(centres, return_inverse=True)
        star = (np.bincount(group, weights=leaves) == np.bincount(group))[group] & (degrees > 1)
        places = np.flatnonzero(star)
        if not len(places):
            continue
        edge = chosen[places]
        columns = (
            group[places],
            -credits.first[edge],
            -(edges.inter[edge] / edges.union[edge]),
            -credits.last[edge],
        )
        order = np.lexsort(columns[::-1])
        new = np.concatenate([[True], columns[0][order][1:] != columns[0][order][:-1]])
        firsts = np.flatnonzero(new)
        number = np.cumsum(new) - 1
        leader = order[firsts][number]
        tied = np.logical_and.reduce([column[order] == column[leader] for column in columns])
        unlike = look[places][order] != look[places][leader]
        vast = edges.union[edge][order] >= _EXACT
        doubtful = np.bincount(number, weights=tied & (unlike | (vast & (order != leader)))) > 0
        best.append(edge[order[firsts[~doubtful]]])
        done[places[order[~doubtful[number]]]] = True
    stars = np.concatenate([np.zeros(0, dtype=np.intp), *best])
    return stars, chosen[~done]


def _by_hand(
    gold: Side, other: Side, edges: Edges, credits: Credits, chosen: NDArray[np.intp]
) -> NDArray[np.intp]:
    """The chosen edges that the exact alignment takes."""
    if not len(chosen):
        return chosen
    chosen = chosen[np.lexsort((edges.other[chosen], edges.gold[chosen]))]
    rows, i = np.unique(edges.gold[chosen], return_inverse=True)
    columns, j = np.unique(edges.other[chosen], return_inverse=True)
    case = Case(0, _items(gold[rows], credits.types), _items(other[columns], credits.types))
    pairs = list(zip(i.tolist(), j.tolist(), strict=True))
    number = dict(zip(pairs, chosen.tolist(), strict=True))

    def credit(i: int, j: int) -> Credit:
        n = number[i, j]
        return int(credits.first[n]), Fraction(int(edges.inter[n]), int(edges.union[n])), int(credits.last[n])

    # Sums of these compare like sums of (first, intersection over union): see align_pairs.
    worth = (1 + min(len(rows), len(columns))) * credits.first[chosen] + edges.inter[chosen] / edges.union[
        chosen
    ]
    return np.array([number[pair] for pair in align_pairs(pairs, worth, credit, lots(case))], dtype=np.intp)


def _items(each: Side, types: tuple[str, ...]) -> tuple[MentionItem, ...]:
    columns = (each.start, each.end, each.block, each.type)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return tuple(MentionItem(start, end, block, types[code]) for start, end, block, code in rows)
