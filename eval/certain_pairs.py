"""Pairs that need no search: those that are in every best one-to-one alignment, and what falls apart then.

A pair whose worth is more than that of the best other pairs of its two items together is in every best
alignment: whatever alignment lacks it gains by taking it for those two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

Edges = tuple[Ints, Ints, Floats]
"""Rows, columns and worths of pairs (``[n]`` each)."""

_MARGIN = 1e-9
"""Relative difference from which on a floating point number is greater for certain."""


def components(rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """The places of the pairs, grouped so that pairs of different groups share no item."""
    of_row: dict[int, list[int]] = defaultdict(list)
    of_column: dict[int, list[int]] = defaultdict(list)
    for place, (row, column) in enumerate(zip(rows, columns, strict=True)):
        of_row[row].append(place)
        of_column[column].append(place)
    components = []
    while of_row:
        _, waiting = of_row.popitem()
        component = []
        while waiting:
            component += waiting
            reached = [of_column.pop(columns[place], ()) for place in waiting]
            again = {rows[place] for places in reached for place in places}
            waiting = [place for row in again for place in of_row.pop(row, ())]
        components.append(sorted(component))
    return components


def without_certain(rows: Ints, columns: Ints, worth: Floats, taken: list[tuple[int, int]]) -> Edges:
    """The pairs without those that are certain, which go to ``taken``, and those that these shut out.

    ``worth`` may be off by a relative error of 1e-12.
    """
    while len(rows):
        by_row, by_column = _Groups(rows), _Groups(columns)
        others = by_row.best_other(worth) + by_column.best_other(worth)
        certain = worth * (1 - _MARGIN) > others * (1 + _MARGIN)
        if not certain.any():
            break
        taken += zip(rows[certain].tolist(), columns[certain].tolist(), strict=True)
        left = ~(by_row.any(certain) | by_column.any(certain))
        rows, columns, worth = rows[left], columns[left], worth[left]
    return rows, columns, worth


class _Groups:
    """Values grouped by a number, such as that of their row."""

    def __init__(self, numbers: Ints) -> None:
        self._order = np.argsort(numbers, kind="stable")
        ordered = numbers[self._order]
        new = np.empty(len(ordered), dtype=bool)
        new[0] = True
        np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
        self._starts = np.flatnonzero(new)
        self._group = np.empty(len(ordered), dtype=np.int64)
        self._group[self._order] = np.cumsum(new) - 1

    def best_other(self, values: Floats) -> Floats:
        """For each value the greatest of the others of its group, 0 if there is none."""
        best = np.maximum.reduceat(values[self._order], self._starts)[self._group]
        is_best = values == best
        alone = np.add.reduceat(is_best[self._order], self._starts, dtype=np.int64)[self._group] == 1
        rest = np.where(is_best, 0.0, values)
        second = np.maximum.reduceat(rest[self._order], self._starts)[self._group]
        other: Floats = np.where(is_best & alone, second, best)
        return other

    def any(self, which: Booleans) -> Booleans:
        """Whether any of its group is True."""
        found: Booleans = np.logical_or.reduceat(which[self._order], self._starts)[self._group]
        return found
