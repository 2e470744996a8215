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

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_BITS = 53
"""Whole numbers of less than so many bits are exact in double precision."""


def assign(weights: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """``(row, column)`` pairs of the assignment with the greatest total weight, sorted.

    ``weights`` is a rectangular matrix of non-negative integers of any size; the shorter side is assigned
    completely.
    """
    if len(weights) > len(weights[0]):
        transposed = [list(column) for column in zip(*weights, strict=True)]
        return sorted((r, c) for c, r in assign(transposed))
    # What is left of the weights: only its differences within a row matter, and what it is between columns
    # that are used in every best assignment.
    left: NDArray[Any] = np.array(weights, dtype=object)
    rows, columns = left.shape
    allowed = np.ones(left.shape, dtype=bool)
    used = np.zeros(columns, dtype=bool)
    # Enough for sums and differences of path lengths, with the bonus on used columns.
    room = _BITS - (16 * rows * (rows + 1)).bit_length()
    while True:
        bits = max(int(left.max()), -int(left.min())).bit_length()
        shift = max(bits - room, 0)
        leading = (left >> shift).astype(np.float64)
        # More than all else can make up for, so that no used column is left out.
        bonus = 2 * rows * (float(np.abs(leading).max()) + 1)
        leading[:, used] += bonus
        leading[~allowed] = -np.inf
        if not shift:
            chosen = linear_sum_assignment(leading, maximize=True)
            return list(zip(*(each.tolist() for each in chosen), strict=True))
        u, v = _potentials(leading)
        allowed &= u[:, None] + v - leading < rows
        v[used] -= bonus
        used |= v >= rows
        shared = u[:, None] + np.where(used, v, 0)
        left = np.where(allowed, left - (_whole(shared) << shift), 0)
        # What a row has everywhere decides nothing.
        least = np.where(allowed, left, left.max(axis=1)[:, None]).min(axis=1)
        left = np.where(allowed, left - least[:, None], 0)


def tight(weights: Floats, loss: float) -> Booleans:
    """Which cells can be in an assignment that loses at most ``loss`` against the best one.

    ``weights`` ``[rows, columns]`` are whole numbers, rows ≤ columns. Cells that can't are False for certain;
    of those that are True some may not either.
    """
    u, v = _potentials(weights)
    return u[:, None] + v - weights <= loss


def _potentials(weights: Floats) -> tuple[Floats, Floats]:
    """The least potentials of the best assignment: u of the rows and v ≥ 0 of the columns."""
    _, chosen = linear_sum_assignment(weights, maximize=True)
    among = weights[:, chosen]
    own = np.diagonal(among)
    # Longest paths: taking the column of another row must not pay, given what that row loses.
    v = np.zeros(len(weights))
    while True:
        raised = np.maximum(v, (among - (own - v)[:, None]).max(axis=0))
        if (raised == v).all():
            break
        v = raised
    spread = np.zeros(weights.shape[1])
    spread[chosen] = v
    return own - v, spread


def _whole(values: Floats) -> NDArray[Any]:
    """Python's integers of whole numbers."""
    return values.astype(np.int64).astype(object)
