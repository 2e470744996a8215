"""Which gold and predicted items share units, and how many: all pairs of many documents at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_EXACT = 2**31
"""Products of two numbers below it are exact in 64 bits."""


@dataclass(frozen=True, eq=False)
class Overlaps:
    """Pairs of items that share a unit, sorted: ``[n]`` each.

    ``gold`` and ``predicted`` are the items' places, ``shared`` is the number of units that both have, and
    ``gold_size`` and ``predicted_size`` are the numbers that each has.
    """

    gold: Ints
    predicted: Ints
    shared: Ints
    gold_size: Ints
    predicted_size: Ints

    def __len__(self) -> int:
        return len(self.gold)

    @property
    def union(self) -> Ints:
        """The number of units that either has."""
        return self.gold_size + self.predicted_size - self.shared

    @property
    def iou(self) -> Floats:
        """Intersection over union, rounded as floating point numbers are."""
        ratio: Floats = self.shared / self.union
        return ratio

    def of(self, pairs: Sequence[tuple[int, int]]) -> Overlaps:
        """Those of some of the pairs, by their places, in their order."""
        there = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        if not len(there):
            return self.chosen(np.zeros(len(self), dtype=bool))
        width = int(self.predicted.max(initial=0)) + 1
        found = np.searchsorted(self.gold * width + self.predicted, there[:, 0] * width + there[:, 1])
        return self.chosen(found)

    def chosen(self, which: Booleans | Ints) -> Overlaps:
        """The pairs for which ``which`` (``[n]``) is True, or whose places it holds."""
        parts = (self.gold, self.predicted, self.shared, self.gold_size, self.predicted_size)
        return Overlaps(*(part[which] for part in parts))

    def above(self, limit: Fraction) -> Overlaps:
        """The pairs whose intersection over union is more than ``limit``, exactly."""
        shared: NDArray[Any] = self.shared
        union: NDArray[Any] = self.union
        if max(limit.denominator, union.max(initial=0)) >= _EXACT:
            shared, union = shared.astype(object), union.astype(object)
        return self.chosen((shared * limit.denominator > union * limit.numerator).astype(np.bool_))


def overlaps(
    gold: Sequence[frozenset[int]],
    predicted: Sequence[frozenset[int]],
    gold_document: Ints,
    predicted_document: Ints,
) -> Overlaps:
    """The overlaps of items given by their units and the number of their document.

    Takes time in proportion to the items, and to the pairs that lie side by side or in each other.
    """
    if not len(gold) or not len(predicted):
        none = np.zeros(0, dtype=np.int64)
        return Overlaps(none, none, none, none, none)
    ours, theirs = _runs(gold), _runs(predicted)
    # Documents stand one after the other, without touching.
    step = max(ours[:, 2].max(), theirs[:, 2].max())
    left = ours[:, 1:] + (step * gold_document[ours[:, 0]])[:, None]
    right = theirs[:, 1:] + (step * predicted_document[theirs[:, 0]])[:, None]
    order = np.argsort(right[:, 0], kind="stable")
    right, holder = right[order], theirs[order, 0]
    first = np.searchsorted(np.maximum.accumulate(right[:, 1]), left[:, 0], side="right")
    last = np.searchsorted(right[:, 0], left[:, 1], side="left")
    n = np.maximum(last - first, 0)
    one = np.repeat(np.arange(len(left)), n)
    other = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n - first, n)
    shared = np.minimum(left[one, 1], right[other, 1]) - np.maximum(left[one, 0], right[other, 0])
    found = shared > 0
    # Items with gaps meet in several runs.
    keys = ours[one[found], 0] * len(predicted) + holder[other[found]]
    pairs, place = np.unique(keys, return_inverse=True)
    i, j = np.divmod(pairs, len(predicted))
    sums = np.zeros(len(pairs), dtype=np.int64)
    np.add.at(sums, place, shared[found])
    sizes = (np.fromiter(map(len, side), np.int64, len(side)) for side in (gold, predicted))
    return Overlaps(i, j, sums, *(size[at] for size, at in zip(sizes, (i, j), strict=True)))


def _runs(items: Sequence[frozenset[int]]) -> Ints:
    """Item, start and end of each run of units without a gap: ``[n_runs, 3]``."""
    out: list[int] = []
    for place, units in enumerate(items):
        start, end = min(units), max(units) + 1
        if end - start == len(units):
            out += (place, start, end)
            continue
        ordered = sorted(units)
        for before, after in pairwise(ordered):
            if after > before + 1:
                out += (place, start, before + 1)
                start = after
        out += (place, start, end)
    return np.array(out, dtype=np.int64).reshape(-1, 3)
