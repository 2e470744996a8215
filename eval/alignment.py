"""One-to-one alignment of two lists of items, with the greatest total credit.

A pair's credit is a tuple that is compared like a tuple: the alignment has the greatest possible sum of
first elements; among those alignments the greatest sum of second elements; and so on. So each gold item
answers for at most one predicted item and the reverse (duplicates and fragments never score twice), and a tie
in the measure itself is settled by the measure's own further criteria, never by the order of the items.

This is the assignment problem (Kuhn, "The Hungarian method", 1955; the shortest augmenting path form of
Jonker & Volgenant, 1987). It is solved in each connected component by itself and in whole numbers:
credits are fractions, brought to a common denominator and packed into one integer a pair. Floating
point would decide ties by rounding error; here equal is equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

Pair = tuple[int, int]
Credit = tuple[int | Fraction, ...]


def align(credits: Mapping[Pair, Credit]) -> list[Pair]:
    """The best one-to-one alignment as sorted ``(gold index, predicted index)`` pairs.

    ``credits`` holds the pairs that may be aligned, with credits of equal length, no element negative and not
    all zero.
    """
    aligned: list[Pair] = []
    for component in _components(sorted(credits)):
        if len(component) == 1:
            aligned += component
            continue
        rows = sorted({i for i, _ in component})
        columns = sorted({j for _, j in component})
        weights = dict(zip(component, _pack([credits[p] for p in component], len(rows)), strict=True))
        matrix = [[weights.get((i, j), 0) for j in columns] for i in rows]
        chosen = ((rows[r], columns[c]) for r, c in assign(matrix))
        aligned += [pair for pair in chosen if pair in weights]
    return sorted(aligned)


def _components(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """The pairs, grouped so that pairs of different groups share no item."""
    by_row: dict[int, list[Pair]] = defaultdict(list)
    by_column: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_row[pair[0]].append(pair)
        by_column[pair[1]].append(pair)
    components: list[list[Pair]] = []
    seen: set[Pair] = set()
    for first in pairs:
        if first in seen:
            continue
        seen.add(first)
        component, stack = [], [first]
        while stack:
            i, j = stack.pop()
            component.append((i, j))
            for neighbour in (*by_row.pop(i, ()), *by_column.pop(j, ())):
                if neighbour not in seen:
                    seen.add(neighbour)
                    stack.append(neighbour)
        components.append(sorted(component))
    return components


def _pack(credits: Sequence[Credit], most: int) -> list[int]:
    """One integer a credit tuple, such that sums of up to ``most`` of them compare like the summed tuples."""
    packed = [0] * len(credits)
    for k in range(len(credits[0])):
        denominator = lcm(*(Fraction(credit[k]).denominator for credit in credits))
        whole = [int(credit[k] * denominator) for credit in credits]
        base = most * max(whole) + 1
        packed = [p * base + w for p, w in zip(packed, whole, strict=True)]
    return packed


def assign(weights: Sequence[Sequence[int]]) -> list[Pair]:
    """``(row, column)`` pairs of the assignment with the greatest total weight.

    ``weights`` is a rectangular matrix of non-negative integers of any size; the shorter side is assigned
    completely. Cubic in the shorter side at worst.
    """
    if len(weights) > len(weights[0]):
        transposed = [list(column) for column in zip(*weights, strict=True)]
        return sorted((r, c) for c, r in assign(transposed))
    n, m = len(weights), len(weights[0])
    # Costs are negated weights. u and v are the rows' and columns' potentials; row_of[c] is the row that
    # holds column c; index 0 is a virtual row and column from which each augmenting path starts.
    u, v = [0] * (n + 1), [0] * (m + 1)
    row_of, previous = [0] * (m + 1), [0] * (m + 1)
    for row in range(1, n + 1):
        row_of[0], here = row, 0
        slack: list[int | None] = [None] * (m + 1)
        used = [False] * (m + 1)
        while row_of[here]:
            used[here] = True
            current, delta, nearest = row_of[here], None, 0
            for column in range(1, m + 1):
                if used[column]:
                    continue
                reduced = -weights[current - 1][column - 1] - u[current] - v[column]
                known = slack[column]
                if known is None or reduced < known:
                    slack[column], previous[column] = reduced, here
                    known = reduced
                if delta is None or known < delta:
                    delta, nearest = known, column
            assert delta is not None  # n <= m: an unused column is always left
            for column in range(m + 1):
                if used[column]:
                    u[row_of[column]] += delta
                    v[column] -= delta
                else:
                    known = slack[column]
                    slack[column] = None if known is None else known - delta
            here = nearest
        while here:
            row_of[here] = row_of[previous[here]]
            here = previous[here]
    return sorted((row_of[c] - 1, c - 1) for c in range(1, m + 1) if row_of[c])
