"""Krippendorff's α for nominal data: any number of annotators, any number of labels, values missing or not.

Of a unit that m_u annotators labelled, each ordered pair of its values weighs 1 / (m_u - 1), so that the unit
weighs as much as it has values; a unit with one value pairs with nothing and is left out. With n the number
of values left, n_c how many of them are c, and o_ck the weight of the pairs (c, k), the coincidences:

    D_o = Σ_{c≠k} o_ck / n      D_e = Σ_{c≠k} n_c n_k / (n (n - 1))      α = 1 - D_o / D_e

(Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011; Content Analysis, 4th ed. 2019, ch. 12).
1 is perfect agreement, 0 is what chance gives, less is systematic disagreement. α is undefined (None) if no
unit has two values, and if all values are the same: chance would agree in everything, too.

Of nominal data, α asks only which pairs differ. So coincidences are not tabulated by pairs of labels: it is
enough to count, for each pair of annotators, the units on which they differ, by m_u, and the labels. Time
grows with units times pairs of annotators, memory with the table; neither with the number of labels.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vostochny.schema.errors import InputError

Ints = NDArray[np.int64]

_AT_A_TIME = 1 << 15
"""Units that are counted at a time."""


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's α and what it is made of.

    ``units`` is the number of units with two values or more, ``values`` (n) that of their values.
    ``observed`` (D_o) and ``expected`` (D_e) are the disagreements, None without such a unit; ``alpha`` is
    None where D_e is None or 0.
    """

    alpha: float | None
    units: int
    values: int
    observed: float | None
    expected: float | None


def krippendorff_alpha(annotators: NDArray[Any] | Iterable[Sequence[Hashable | None]]) -> Alpha:
    """Krippendorff's nominal α of what each annotator says of each unit.

    ``annotators`` is the table that Krippendorff calls reliability data: a row (the first axis) for each
    annotator, a column for each unit. It is an array of shape ``[annotators, units]``, of whole numbers that
    stand for labels, negative ones for a missing value, or of floats, NaN for a missing value; or for each
    annotator a list of labels of any kind, with None or NaN for a missing value.

    Raises :class:`~vostochny.schema.errors.InputError` (``not-a-table``) if the rows are not equally long, or
    an array has another shape or kind.
    """
    table = annotators if isinstance(annotators, np.ndarray) else _numbered(annotators)
    if table.ndim != 2 or table.dtype.kind not in "iuf":
        message = f"an array of shape {table.shape} and type {table.dtype}"
        raise _not_a_table(f"{message}; expected whole numbers or floats of shape (annotators, units)")
    counts = _counted(table) or _counted(_compact(table))
    assert counts is not None  # compact numbers can be counted
    return _alpha(*counts)


def _alpha(counted: Sequence[int], differ: Sequence[int], units: int) -> Alpha:
    """α from the numbers of values by label and of differing pairs by the number of their unit's values."""
    n = sum(counted)
    if not n:
        return Alpha(None, 0, 0, None, None)
    # An unordered pair stands for two ordered ones.
    observed = sum(2 * pairs / (size - 1) for size, pairs in enumerate(differ) if pairs)
    # In whole numbers, so that a single label is seen exactly.
    apart = n * n - sum(each * each for each in counted)
    alpha = 1 - (n - 1) * observed / apart if apart else None
    return Alpha(alpha, units, n, observed / n, apart / (n * (n - 1)))


def _counted(table: NDArray[Any]) -> tuple[Sequence[int], Sequence[int], int] | None:
    """What :func:`_alpha` takes; None if the table's numbers are none to index by."""
    n_annotators, n_units = table.shape
    highest = np.fmax.reduce(table, axis=None, initial=0)
    if not highest <= table.size:
        return None
    counted = np.zeros(int(highest) + 1, dtype=np.int64)
    differ = np.zeros(n_annotators + 1, dtype=np.int64)
    units = 0
    # Counts add up, and what is made of so many units at a time stays in the processor's cache.
    for start in range(0, n_units if n_annotators > 1 else 0, _AT_A_TIME):
        rows = _codes(table[:, start : start + _AT_A_TIME])
        if rows is None:
            return None
        there = rows >= 0
        sizes = there.sum(axis=0, dtype=np.int32)
        complete = bool((sizes == n_annotators).all())
        pairable = sizes > 1
        units += int(np.count_nonzero(pairable))
        counted += np.bincount(rows.ravel() if complete else rows[there & pairable], minlength=len(counted))
        for i, j in combinations(range(n_annotators), 2):
            different = rows[i] != rows[j]
            if complete:
                differ[n_annotators] += np.count_nonzero(different)
            else:
                differ += np.bincount(sizes[different & there[i] & there[j]], minlength=len(differ))
    return counted.tolist(), differ.tolist(), units


def _codes(table: NDArray[Any]) -> Ints | None:
    """The numbers of a table as such, negative ones for missing values; None if they are not whole."""
    if table.dtype.kind != "f":
        return table.astype(np.int64, copy=False)
    # Floats are mostly whole numbers among which a NaN is.
    known = np.fmax(table, -1)
    codes = known.astype(np.int64)
    whole = np.array_equal(np.rint(known), known) and np.array_equal(codes < 0, np.isnan(table))
    return codes if whole else None


def _compact(table: NDArray[Any]) -> Ints:
    """The table with its labels numbered, -1 for missing values."""
    missing = np.isnan(table) if table.dtype.kind == "f" else table < 0
    _, codes = np.unique(table, return_inverse=True)
    return np.where(missing, -1, codes.reshape(table.shape))


def _numbered(annotators: Iterable[Sequence[Hashable | None]]) -> Ints:
    """Labels of any kind as numbers, -1 for None and NaN."""
    # NaN alone is not equal to itself.
    rows = [[label if label == label else None for label in row] for row in annotators]
    if len(lengths := sorted({len(row) for row in rows})) > 1:
        raise _not_a_table(f"rows of {lengths[0]} and others of {lengths[-1]} units")
    numbers: dict[Hashable | None, int] = {None: -1}
    codes = [[numbers.setdefault(label, len(numbers) - 1) for label in row] for row in rows]
    return np.array(codes, dtype=np.int64).reshape(len(rows), max(map(len, rows), default=0))


def _not_a_table(message: str) -> InputError:
    return InputError.of("not-a-table", f"found {message}")
