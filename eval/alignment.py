"""One-to-one alignment of two lists of items, with the greatest total credit.

A pair's credit is a tuple that is compared like a tuple: the alignment has the greatest possible sum of
first elements; among those alignments the greatest sum of second elements; and so on. So each gold item
answers for at most one predicted item and the reverse (duplicates and fragments never score twice), and a tie
in the measure itself is settled by the measure's own further criteria, never by the order of the items.

Most pairs need no search (:mod:`vostochny.eval.certain_pairs`). These are taken first, then what is left
falls apart into connected components. A small component is settled by trying all its assignments. In a large
one the pairs that no best alignment has are dropped (:func:`vostochny.eval.assignment.tight`), which takes
most components apart again; what then is left is an assignment problem in whole numbers
(:func:`vostochny.eval.assignment.assign`).

Nothing is ever decided by rounding. Floating point numbers only tell which pairs are clearly better or worse,
by far more than their error; what they leave open is compared in fractions and whole numbers: equal is equal.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from fractions import Fraction
from itertools import compress, permutations
from math import lcm, perm
from typing import Protocol

import numpy as np

from vostochny.eval.assignment import assign, tight
from vostochny.eval.certain_pairs import Booleans, Floats, Ints, components, without_certain

Pair = tuple[int, int]
Credit = tuple[int | Fraction, ...]

_FEW = 24
"""So many assignments are tried one by one."""


class Lots(Protocol):
    """A last criterion, which is drawn only for what is tied without it."""

    def __call__(self, gold: int, predicted: int) -> int:
        """What two items draw, by their indices: a positive number."""

    def kind(self, side: int, place: int) -> Hashable:
        """What is equal for items of a side (0: gold, 1: predicted) with the same credits and lots."""


def align(credits: Mapping[Pair, Credit]) -> list[Pair]:
    """The best one-to-one alignment as sorted ``(gold index, predicted index)`` pairs.

    ``credits`` holds the pairs that may be aligned, with credits of equal length, no element negative and not
    all zero.
    """
    pairs = sorted(credits)
    return align_pairs(pairs, [float(credits[pair][0]) for pair in pairs], lambda i, j: credits[i, j])


def align_pairs(
    pairs: Sequence[Pair] | Ints,
    worth: Sequence[float] | Floats,
    credit: Callable[[int, int], Credit],
    lots: Lots | None = None,
) -> list[Pair]:
    """The best one-to-one alignment, for which only those credits are asked that decide something.

    ``pairs`` (also as ``[n, 2]``) are those that may be aligned, sorted. ``worth`` is what the first element
    of each one's credit is, or the first two, up to a relative error of 1e-12: numbers whose sums compare
    like the sums of these elements, unless they are equal. ``credit`` gives the whole credit of a pair.
    """
    if not len(pairs):
        return []
    edges = np.asarray(pairs, dtype=np.int64)
    aligned: list[Pair] = []
    _settle(edges[:, 0], edges[:, 1], np.asarray(worth, dtype=float), aligned, credit, lots)
    return sorted(aligned)


def _settle(
    rows: Ints,
    columns: Ints,
    worth: Floats,
    aligned: list[Pair],
    credit: Callable[[int, int], Credit],
    lots: Lots | None,
) -> None:
    """Put the best alignment of some pairs into ``aligned``."""
    rows, columns, worth = without_certain(rows, columns, worth, aligned)
    pairs = list(zip(rows.tolist(), columns.tolist(), strict=True))
    for places in components(rows.tolist(), columns.tolist()):
        component = [pairs[place] for place in places]
        few, many = sorted((len({i for i, _ in component}), len({j for _, j in component})))
        if not _small(few, many):
            i, j, worths = rows[places], columns[places], worth[places]
            kept = _worthy(i, j, worths)
            if not kept.all():
                _settle(i[kept], j[kept], worths[kept], aligned, credit, lots)
                continue
        aligned += _best(component, credit, lots)


def _small(few: int, many: int) -> bool:
    """Whether all assignments of so many to so many can be tried."""
    return few <= 4 and perm(many, few) <= _FEW


def _worthy(rows: Ints, columns: Ints, worth: Floats) -> Booleans:
    """Of a component's pairs, those that a best alignment may have."""
    if not worth.any():
        return np.ones(len(worth), dtype=bool)
    (i, row), (j, column) = (np.unique(each, return_inverse=True) for each in (rows, columns))
    few = min(len(i), len(j))
    # Whole numbers, off by less than 2: by rounding down, and by what the worth is off.
    weight = np.floor(worth * (2.0 ** min(38, 48 - few.bit_length()) / worth.max()))
    ends = (row, column) if len(i) <= len(j) else (column, row)
    return tight(*ends, weight, 4 * few)


def _best(
    component: Sequence[Pair],
    credit: Callable[[int, int], Credit],
    lots: Lots | None,
) -> list[Pair]:
    """The best alignment of one component."""
    rows, columns = sorted({i for i, _ in component}), sorted({j for _, j in component})
    few, many = sorted((len(rows), len(columns)))
    if _small(few, many):
        credits = {pair: credit(*pair) for pair in component}
        return _tried(_assignments(rows, columns, credits), credits, lots)
    values = _valued(component, credit, lots)
    kinds = list(dict.fromkeys(values.values()))
    packed = dict(zip(kinds, _pack(kinds, few), strict=True))
    weights = {pair: packed[value] for pair, value in values.items()}
    matrix = [[weights.get((i, j), 0) for j in columns] for i in rows]
    chosen = ((rows[r], columns[c]) for r, c in assign(matrix))
    return [pair for pair in chosen if pair in weights]


def _valued(
    component: Sequence[Pair], credit: Callable[[int, int], Credit], lots: Lots | None
) -> dict[Pair, Credit]:
    """The credits; with lots, if there are any, and then asked once for all pairs of the same kinds."""
    if lots is None:
        return {pair: credit(*pair) for pair in component}
    ours = {i: lots.kind(0, i) for i in {i for i, _ in component}}
    theirs = {j: lots.kind(1, j) for j in {j for _, j in component}}
    known: dict[tuple[Hashable, Hashable], Credit] = {}
    out: dict[Pair, Credit] = {}
    for i, j in component:
        kinds = ours[i], theirs[j]
        if kinds not in known:
            known[kinds] = *credit(i, j), lots(i, j)
        out[i, j] = known[kinds]
    return out


def _assignments(
    rows: Sequence[int], columns: Sequence[int], credits: Mapping[Pair, Credit]
) -> list[tuple[Pair, ...]]:
    """All one-to-one alignments to which no pair can be added, and some more."""
    if len(rows) <= len(columns):
        pairs = (zip(rows, some, strict=True) for some in permutations(columns, len(rows)))
    else:
        pairs = (zip(some, columns, strict=True) for some in permutations(rows, len(columns)))
    return list(dict.fromkeys(tuple(pair for pair in each if pair in credits) for each in pairs))


def _tried(
    assignments: list[tuple[Pair, ...]],
    credits: Mapping[Pair, Credit],
    lots: Lots | None,
) -> list[Pair]:
    """The best of some assignments, one criterion after the other."""
    for k in range(len(next(iter(credits.values())))):
        if len(assignments) == 1:
            break
        assignments = _greatest(assignments, {pair: value[k] for pair, value in credits.items()})
    if lots is not None and len(assignments) > 1:
        tied = {pair for each in assignments for pair in each}
        assignments = _greatest(assignments, {pair: lots(*pair) for pair in tied})
    return list(assignments[0])


def _greatest(
    assignments: Sequence[tuple[Pair, ...]], values: Mapping[Pair, int | Fraction]
) -> list[tuple[Pair, ...]]:
    sums = [sum(values[pair] for pair in each) for each in assignments]
    greatest = max(sums)
    return list(compress(assignments, (each == greatest for each in sums)))


def _pack(credits: Sequence[Credit], most: int) -> list[int]:
    """One integer a credit tuple, such that sums of up to ``most`` of them compare like the summed tuples."""
    packed = [0] * len(credits)
    for k in range(len(credits[0])):
        column = [credit[k] for credit in credits]
        denominator = lcm(*{value.denominator for value in column})
        whole = [value.numerator * (denominator // value.denominator) for value in column]
        base = most * max(whole) + 1
        packed = [p * base + w for p, w in zip(packed, whole, strict=True)]
    return packed
