"""CEAF: the best one-to-one matching of whole clusters.

Luo, "On coreference resolution performance metrics", HLT/EMNLP 2005. With g the one-to-one map of gold
clusters to system clusters that has the greatest total similarity φ:

    R = Σ_k φ(k, g(k)) / Σ_k φ(k, k)        P = Σ_k φ(k, g(k)) / Σ_r φ(r, r)

*CEAFm* takes φ₃(k, r) = |k ∩ r|, so both sums are over items; *CEAFe* takes
φ₄(k, r) = 2·|k ∩ r| / (|k| + |r|), so both are over clusters.

Clusters that share no item have φ = 0. So the matching is made in each connected component of the
contingency table by itself: most are one pair of clusters or one cluster against several, which need no
search; the others are assignment problems (Crouse, "On implementing 2D rectangular assignment algorithms",
IEEE Transactions on Aerospace and Electronic Systems 52, 2016, as in scipy). φ₄ of a cluster is spread evenly
over its items.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from vostochny.eval.contingency import ClusterTable
from vostochny.eval.counts import Floats
from vostochny.eval.link_shares import share

Cell = tuple[int, int]


def ceaf_m(table: ClusterTable) -> Floats:
    """CEAFm's counts by item (``[n_items, 4]``)."""
    found = np.zeros(table.n_items)
    for cell in matched(table, lambda shared, _ours, _theirs: shared):
        found[table.cells[cell]] = 1.0
    return table.counts((found, found), (np.sign(table.gold_size), np.sign(table.other_size)))


def ceaf_e(table: ClusterTable) -> Floats:
    """CEAFe's counts by item (``[n_items, 4]``)."""
    ours, theirs = np.zeros(table.n_items), np.zeros(table.n_items)
    for gold, other in matched(table, _dice):
        first = table.cells[gold, other][0]
        value = _dice(table.cell_size[first], table.gold_size[first], table.other_size[first])
        ours[table.gold == gold] = value
        theirs[table.other == other] = value
    earned = share(ours, table.gold_size), share(theirs, table.other_size)
    ones = np.ones(table.n_items)
    return table.counts(earned, (share(ones, table.gold_size), share(ones, table.other_size)))


def matched(table: ClusterTable, similarity: Callable[[float, float, float], float]) -> list[Cell]:
    """The matched pairs of clusters that share items; equally good matchings go by the order of the items.

    ``similarity`` takes the numbers of items that the two share, that gold's cluster and that the other has.
    """
    out: list[Cell] = []
    for component in _components(list(table.cells)):
        firsts = [table.cells[cell][0] for cell in component]
        weights = [
            similarity(float(table.cell_size[n]), float(table.gold_size[n]), float(table.other_size[n]))
            for n in firsts
        ]
        rows = {k: n for n, k in enumerate(dict.fromkeys(k for k, _ in component))}
        columns = {r: n for n, r in enumerate(dict.fromkeys(r for _, r in component))}
        if len(rows) == 1 or len(columns) == 1:
            out.append(component[int(np.argmax(weights))])
            continue
        matrix = np.zeros((len(rows), len(columns)))
        for (k, r), weight in zip(component, weights, strict=True):
            matrix[rows[k], columns[r]] = weight
        assigned = set(
            zip(*(ends.tolist() for ends in linear_sum_assignment(matrix, maximize=True)), strict=True)
        )
        out += [(k, r) for k, r in component if (rows[k], columns[r]) in assigned]
    return out


def _dice(shared: float, ours: float, theirs: float) -> float:
    return 2 * shared / (ours + theirs)


def _components(cells: Sequence[Cell]) -> Iterator[list[Cell]]:
    """The cells, grouped so that cells of different groups share no cluster; the order is kept."""
    by_row: dict[int, list[int]] = defaultdict(list)
    by_column: dict[int, list[int]] = defaultdict(list)
    for n, (k, r) in enumerate(cells):
        by_row[k].append(n)
        by_column[r].append(n)
    seen: set[int] = set()
    for first in range(len(cells)):
        if first in seen:
            continue
        seen.add(first)
        component, stack = [], [first]
        while stack:
            n = stack.pop()
            component.append(n)
            k, r = cells[n]
            for neighbour in (*by_row.pop(k, ()), *by_column.pop(r, ())):
                if neighbour not in seen:
                    seen.add(neighbour)
                    stack.append(neighbour)
        yield [cells[n] for n in sorted(component)]
