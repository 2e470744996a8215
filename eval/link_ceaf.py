"""CEAF: the best one-to-one matching of whole clusters.

Luo, "On coreference resolution performance metrics", HLT/EMNLP 2005. With g the one-to-one map of gold
clusters to system clusters that has the greatest total similarity φ:

    R = Σ_k φ(k, g(k)) / Σ_k φ(k, k)        P = Σ_k φ(k, g(k)) / Σ_r φ(r, r)

*CEAFm* takes φ₃(k, r) = |k ∩ r|, so both sums are over items; *CEAFe* takes
φ₄(k, r) = 2·|k ∩ r| / (|k| + |r|), so both are over clusters.

Clusters that share no item have φ = 0, so only pairs that share some are looked at. Most are matched for
certain (:mod:`vostochny.eval.certain_pairs`); what is left falls apart into connected components, of which
many are one cluster against several and need no search. The others are assignment problems: small and dense
ones are solved as such (Crouse, "On implementing 2D rectangular assignment algorithms", IEEE Transactions on
Aerospace and Electronic Systems 52, 2016), large and sparse ones as matchings (Jonker & Volgenant, "A
shortest augmenting path algorithm for dense and sparse linear assignment problems", Computing 38, 1987; both
as in scipy). φ₄ of a cluster is spread evenly over its items.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from vostochny.eval.certain_pairs import components, without_certain
from vostochny.eval.contingency import ABSENT, ClusterTable, Ints
from vostochny.eval.counts import Floats
from vostochny.eval.link_shares import share

_SPARSE = 16
"""From so many times as many places as cells on, a matrix counts as sparse."""


def ceaf_m(table: ClusterTable) -> Floats:
    """CEAFm's counts by item (``[n_items, 4]``)."""
    best = matched(table, lambda shared, _ours, _theirs: shared)
    found = np.isin(table.cells.of_item, best).astype(np.float64)
    return table.counts((found, found), (np.sign(table.gold_size), np.sign(table.other_size)))


def ceaf_e(table: ClusterTable) -> Floats:
    """CEAFe's counts by item (``[n_items, 4]``)."""
    best = matched(table, _dice)
    values = _similarities(table, _dice)[best]
    ours = _spread(table.gold, table.cells.gold[best], values)
    theirs = _spread(table.other, table.cells.other[best], values)
    earned = share(ours, table.gold_size), share(theirs, table.other_size)
    ones = np.ones(table.n_items)
    return table.counts(earned, (share(ones, table.gold_size), share(ones, table.other_size)))


Similarity = Callable[[Floats, Floats, Floats], Floats]


def matched(table: ClusterTable, similarity: Similarity) -> Ints:
    """The places of the matched cells; equally good matchings go by the order of the items.

    ``similarity`` takes the numbers of items that two clusters share, that gold's cluster and that the other
    has, for all cells at once.
    """
    cells = table.cells
    if not len(cells.size):
        return np.zeros(0, dtype=np.int64)
    taken: list[tuple[int, int]] = []
    gold, other, weight = without_certain(cells.gold, cells.other, _similarities(table, similarity), taken)
    for places in components(gold.tolist(), other.tolist()):
        taken += _matched(gold[places], other[places], weight[places])
    place = {cell: n for n, cell in enumerate(zip(cells.gold.tolist(), cells.other.tolist(), strict=True))}
    return np.array([place[cell] for cell in taken], dtype=np.int64)


def _matched(gold: Ints, other: Ints, weight: Floats) -> list[tuple[int, int]]:
    """The matched pairs of clusters of a component."""
    (ours, row), (theirs, column) = _numbered(gold), _numbered(other)
    if len(ours) == 1 or len(theirs) == 1:
        best = int(np.argmax(weight))
        return [(int(gold[best]), int(other[best]))]
    if len(ours) * len(theirs) < _SPARSE * len(weight):
        matrix = np.zeros((len(ours), len(theirs)))
        matrix[row, column] = weight
        pairs = np.stack(linear_sum_assignment(matrix, maximize=True))
        pairs = pairs[:, matrix[pairs[0], pairs[1]] > 0]
    else:
        # Each row may also go to a column of its own, for nothing, so that all rows can be matched.
        alone = np.arange(len(ours))
        ends = np.r_[row, alone], np.r_[column, len(theirs) + alone]
        cost = 1 + weight.max() - np.r_[weight, np.zeros(len(ours))]
        graph = csr_array((cost, ends), shape=(len(ours), len(theirs) + len(ours)))
        pairs = np.stack(min_weight_full_bipartite_matching(graph))
        pairs = pairs[:, pairs[1] < len(theirs)]
    return list(zip(ours[pairs[0]].tolist(), theirs[pairs[1]].tolist(), strict=True))


def _numbered(clusters: Ints) -> tuple[Ints, Ints]:
    """The clusters in the order in which they occur, and the place of each one among them."""
    there, first, place = np.unique(clusters, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return there[order], rank[place]


def _similarities(table: ClusterTable, similarity: Similarity) -> Floats:
    cells = table.cells
    ours, theirs = np.zeros(len(cells.size)), np.zeros(len(cells.size))
    common = cells.of_item != ABSENT
    ours[cells.of_item[common]] = table.gold_size[common]
    theirs[cells.of_item[common]] = table.other_size[common]
    return similarity(cells.size, ours, theirs)


def _dice(shared: Floats, ours: Floats, theirs: Floats) -> Floats:
    return 2 * shared / (ours + theirs)


def _spread(clusters: Ints, matched: Ints, values: Floats) -> Floats:
    """The value of each item's cluster, 0 where it is not matched."""
    # The last place is that of the items that are absent.
    of_cluster = np.zeros(max(clusters.max(initial=0), matched.max(initial=0)) + 2)
    of_cluster[matched] = values
    return of_cluster[clusters]
