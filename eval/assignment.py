"""The assignment problem in whole numbers of any size.

Given a matrix of weights, each row gets a column of its own so that the total weight is greatest (Kuhn, "The
Hungarian method", 1955). The search itself is scipy's (Crouse, "On implementing 2D rectangular assignment
algorithms", IEEE Transactions on Aerospace and Electronic Systems 52, 2016), in double precision, which is
exact as long as all that occurs are whole numbers below 2^53.

Greater numbers are scaled (Gabow, "Scaling algorithms for network problems", 1985): first the leading bits
are assigned, rounded down. By the dual solution of that problem, the potentials u of rows and v of columns
with u + v ≥ weight everywhere and total u + total v = the greatest total weight, it is known how much
(u + v - weight) is lost by each choice. Rounding has taken less than 1 a row, so what loses as many units as
there are rows can be in no best assignment of the whole numbers, and is dropped. Of the rest only the
differences matter, which are small numbers: more bits can be added to them, until there are none left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from vostochny.eval.certain_pairs import Booleans, Floats, Ints

_BITS = 53
"""Whole numbers of less than so many bits are exact in double precision."""

_SPARSE = 4
"""From so many times as many places as cells on, a matrix counts as sparse."""


def assign(weights: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """``(row, column)`` pairs of the assignment with the greatest total weight, sorted.

    ``weights`` is a rectangular matrix of non-negative integers of any size; the shorter side is assigned
    completely.
    """
    if len(weights) > len(weights[0]):
        transposed = [list(column) for column in zip(*weights, strict=True)]
        return sorted((r, c) for c, r in assign(transposed))
    rows, columns = len(weights), len(weights[0])
    row, column = np.divmod(np.arange(rows * columns), columns)
    # What is left of the weights: only its differences within a row matter, and what it is between columns
    # that are used in every best assignment.
    left: NDArray[Any] = np.array(weights, dtype=object).reshape(-1)
    used = np.zeros(columns, dtype=bool)
    # Enough for sums and differences of path lengths, with the bonus on used columns.
    room = _BITS - (16 * rows * (rows + 1)).bit_length()
    while True:
        bits = max(int(left.max()), -int(left.min())).bit_length()
        shift = max(bits - room, 0)
        leading = (left >> shift).astype(np.float64)
        # More than all else can make up for, so that no used column is left out.
        bonus = 2 * rows * (float(np.abs(leading).max()) + 1)
        leading[used[column]] += bonus
        chosen = _matching(row, column, leading, (rows, columns))
        if not shift:
            return list(zip(row[chosen].tolist(), column[chosen].tolist(), strict=True))
        u, v = _potentials(row, column, leading, chosen, (rows, columns))
        kept = u[row] + v[column] - leading < rows
        row, column, left = row[kept], column[kept], left[kept]
        v[used] -= bonus
        used |= v >= rows
        shared = u[row] + np.where(used, v, 0)[column]
        left = left - (shared.astype(np.int64).astype(object) << shift)
        # What a row has everywhere decides nothing.
        least = np.minimum.reduceat(left, np.searchsorted(row, np.arange(rows)))
        left = left - least[row]


def tight(row: Ints, column: Ints, weight: Floats, loss: float) -> Booleans:
    """Which pairs can be in an alignment that loses at most ``loss`` against the best one.

    ``weight`` (``[n]``) are whole numbers from 0 on, those of the pairs of ``row`` and ``column``, which are
    numbered without gaps; all others are worth nothing. Pairs that can't are False for certain; of those
    that are True some may not either.
    """
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    # Each row may also go to a column of its own, for nothing.
    own = np.arange(rows)
    ends = np.r_[row, own], np.r_[column, columns + own]
    weights, shape = np.r_[weight, np.zeros(rows)], (rows, columns + rows)
    chosen = _matching(*ends, weights, shape)
    u, v = _potentials(*ends, weights, chosen, shape)
    return u[row] + v[column] - weight <= loss


def _matching(row: Ints, column: Ints, weight: Floats, shape: tuple[int, int]) -> Ints:
    """The places of the pairs by which each row, in order, gets a column so that the total is greatest."""
    if shape[0] * shape[1] < _SPARSE * len(row):
        matrix = np.full(shape, -np.inf)
        matrix[row, column] = weight
        ends = np.stack(linear_sum_assignment(matrix, maximize=True))
    else:
        # Costs from 1 on, for 0 would stand for no pair.
        costs = csr_array((1 + weight.max() - weight, (row, column)), shape=shape)
        ends = np.stack(min_weight_full_bipartite_matching(costs))
    keys, wanted = row * shape[1] + column, ends[0].astype(np.int64) * shape[1] + ends[1]
    order = np.argsort(keys)
    places: Ints = order[np.searchsorted(keys, wanted, sorter=order)]
    return places


def _potentials(
    row: Ints, column: Ints, weight: Floats, chosen: Ints, shape: tuple[int, int]
) -> tuple[Floats, Floats]:
    """The least potentials of the best assignment: u of the rows and v ≥ 0 of the columns.

    ``chosen`` are its pairs, in order of the rows.
    """
    own, at = weight[chosen], column[chosen]
    v = np.zeros(shape[1])
    taken = np.zeros(shape[1], dtype=bool)
    taken[at] = True
    # Longest paths over the columns that are taken: taking that of another row must not pay, given what that
    # row loses.
    among = np.flatnonzero(taken[column])
    among = among[np.argsort(column[among], kind="stable")]
    row, column, weight = row[among], column[among], weight[among]
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    while True:
        raised = v.copy()
        raised[column[starts]] = np.maximum.reduceat(weight - (own - v[at])[row], starts)
        np.maximum(raised, v, out=raised)
        if (raised == v).all():
            return own - v[at], v
        v = raised
