"""Two clusterings of items held against each other: the sparse contingency table of all link measures.

An item (a mention, a quote, a claim) is in one cluster of gold, in one of the other side, or, where a system
found other items than gold has, on one side only. The table holds how many items each pair of clusters
shares, and only the pairs that share any: its size is that of the items, never clusters times clusters.

Every measure takes the table and yields the four numbers of :mod:`vostochny.eval.counts` for each *item*
(``[n_items, 4]``): what the item earns and what it could earn, in the system's cluster (precision) and in
gold's (recall). Their sums are the measure's published numerators and denominators. What an item earns never
exceeds what it could, and is the very same number where the two clusters are equal, so equal clusterings
score 1.0 exactly.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vostochny.eval.counts import N_GOLD, N_PRED, TP_GOLD, TP_PRED, Floats

Ints = NDArray[np.int64]
Booleans = NDArray[np.bool_]

ABSENT = -1
"""The cluster of an item on a side that does not have it."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Pairs of clusters that share items, in the order of the first item that each shares.

    ``gold`` and ``other`` are the clusters' numbers and ``size`` says how many items they share
    (``[n_cells]``). ``of_item`` (``[n_items]``) is the place of the item's cell, :data:`ABSENT` for items on
    one side only.
    """

    gold: Ints
    other: Ints
    size: Floats
    of_item: Ints


@dataclass(frozen=True, eq=False)
class ClusterTable:
    """The clusters of each item on both sides.

    ``gold`` and ``other`` are ``[n_items]``: the number of the item's cluster, :data:`ABSENT` where the side
    has no such item. Numbers may have gaps.
    """

    gold: Ints
    other: Ints

    @classmethod
    def of(cls, gold: Iterable[Iterable[Hashable]], other: Iterable[Iterable[Hashable]]) -> ClusterTable:
        """The table of two clusterings, given as collections of items; equal items are one.

        Raises ValueError if an item is in two clusters of one side.
        """
        left, right = _numbered(gold, "gold"), _numbered(other, "other")
        items = {**left, **right}
        return cls(
            np.array([left.get(item, ABSENT) for item in items], dtype=np.int64),
            np.array([right.get(item, ABSENT) for item in items], dtype=np.int64),
        )

    @property
    def n_items(self) -> int:
        """Number of items on either side."""
        return len(self.gold)

    @cached_property
    def cells(self) -> Cells:
        """The pairs of clusters that share items."""
        items = np.flatnonzero(self.common)
        order = items[np.lexsort((self.other[items], self.gold[items]))]
        gold, other = self.gold[order], self.other[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (gold[1:] != gold[:-1]) | (other[1:] != other[:-1])
        # Items of a cell are in order, so its first one is where it begins.
        starts = np.flatnonzero(new)
        rank = np.argsort(order[starts])
        place = np.empty_like(rank)
        place[rank] = np.arange(len(rank))
        of_item = np.full(self.n_items, ABSENT, dtype=np.int64)
        of_item[order] = place[np.cumsum(new) - 1]
        sizes = np.diff(starts, append=len(order))
        return Cells(gold[starts][rank], other[starts][rank], sizes[rank].astype(np.float64), of_item)

    @cached_property
    def common(self) -> Booleans:
        """``[n_items]``: whether both sides have the item."""
        both: Booleans = (self.gold != ABSENT) & (self.other != ABSENT)
        return both

    @cached_property
    def gold_size(self) -> Floats:
        """``[n_items]``: the size of the item's gold cluster, 0 where gold has no such item."""
        return _sizes(self.gold)

    @cached_property
    def other_size(self) -> Floats:
        """``[n_items]``: the size of the item's other cluster, 0 where that side has no such item."""
        return _sizes(self.other)

    @cached_property
    def cell_size(self) -> Floats:
        """``[n_items]``: how many items of its gold cluster share its other cluster, itself included.

        0 for an item that is on one side only.
        """
        out = np.zeros(self.n_items)
        out[self.common] = self.cells.size[self.cells.of_item[self.common]]
        return out

    def counts(self, earned: tuple[Floats, Floats], possible: tuple[Floats, Floats]) -> Floats:
        """``[n_items, 4]`` from what items earn and could earn, each as (gold side, other side)."""
        out = np.zeros((self.n_items, 4))
        out[:, TP_GOLD], out[:, TP_PRED] = earned
        out[:, N_GOLD], out[:, N_PRED] = possible
        return out

    def within(self, groups: Ints) -> ClusterTable:
        """The same items in clusters cut apart by ``groups`` (``[n_items]``, such as the documents)."""
        return ClusterTable(_cut(self.gold, groups), _cut(self.other, groups))

    def without_singletons(self) -> ClusterTable:
        """The table without clusters of one item, each side by its own; an item may be left on no side."""
        gold = np.where(self.gold_size > 1, self.gold, ABSENT)
        other = np.where(self.other_size > 1, self.other, ABSENT)
        return ClusterTable(gold, other)


def _numbered(clusters: Iterable[Iterable[Hashable]], side: str) -> dict[Hashable, int]:
    out: dict[Hashable, int] = {}
    for number, cluster in enumerate(clusters):
        members = dict.fromkeys(cluster, number)
        if not out.keys().isdisjoint(members):
            item = next(item for item in members if item in out)
            raise ValueError(f"{item!r} is in two {side} clusters; an item is in one")
        out.update(members)
    return out


def _sizes(clusters: Ints) -> Floats:
    present = clusters != ABSENT
    _, place, sizes = np.unique(clusters[present], return_inverse=True, return_counts=True)
    out = np.zeros(len(clusters))
    out[present] = sizes[place]
    return out


def _cut(clusters: Ints, groups: Ints) -> Ints:
    _, place = np.unique(np.stack([clusters, groups]), axis=1, return_inverse=True)
    return np.where(clusters == ABSENT, ABSENT, place.reshape(-1)).astype(np.int64)
