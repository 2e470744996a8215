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
        column = [credit[k] for credit in credits]
        denominator = lcm(*{value.denominator for value in column})
        whole = [value.numerator * (denominator // value.denominator) for value in column]
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
    columns = range(len(weights[0]))
    # Costs are negated weights; u and v are the rows' and the columns' potentials.
    u, v = [0] * len(weights), [0] * len(weights[0])
    column_of: dict[int, int] = {}
    row_of: dict[int, int] = {}
    for first in range(len(weights)):
        # Dijkstra's shortest path from the row to a free column, over reduced costs.
        row, length = first, 0
        open_columns = set(columns)
        distance: dict[int, int] = {}
        previous: dict[int, int] = {}
        while True:
            costs, base = weights[row], length - u[row]
            for column in open_columns:
                reduced = base - costs[column] - v[column]
                if column not in distance or reduced < distance[column]:
                    distance[column], previous[column] = reduced, row
            # Of equally near columns a free one ends the search.
            length, _, nearest = min((distance[c], c in row_of, c) for c in open_columns)
            open_columns.remove(nearest)
            if nearest not in row_of:
                break
            row = row_of[nearest]
        u[first] += length
        for column in columns:
            if column not in open_columns and column != nearest:
                u[row_of[column]] += length - distance[column]
                v[column] -= length - distance[column]
        while True:
            row = previous[nearest]
            before = column_of.get(row)
            row_of[nearest], column_of[row] = row, nearest
            if before is None:
                break
            nearest = before
    return sorted(column_of.items())
