"""Which mentions of two sides overlap, and which units of a side's mentions no earlier mention holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vostochny.eval.spans import LARGEST, Ints
from vostochny.eval.spans_keys import Side

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Edges:
    """Overlapping pairs of rows: ``gold[k]`` of one side and ``other[k]`` of the other share ``inter[k]``
    units.

    ``union`` is the number of units that either holds, so ``inter / union`` is the intersection over union.
    """

    gold: Places
    other: Places
    inter: Ints
    union: Ints

    def __len__(self) -> int:
        return len(self.gold)

    def __getitem__(self, chosen: NDArray[np.bool_] | Places) -> Edges:
        return Edges(self.gold[chosen], self.other[chosen], self.inter[chosen], self.union[chosen])


def edges_of(gold: Side, other: Side) -> Edges:
    """All pairs that share a unit, each once; both sides must be sorted by document and start."""
    (gold_start, gold_end), (other_start, other_end) = _lines(gold, other)
    # Of two that overlap, either the other one starts within gold's, or gold's within the other and later.
    first = np.searchsorted(other_start, gold_start, side="left")
    i, j = _expanded(first, np.searchsorted(other_start, gold_end, side="left"))
    first = np.searchsorted(gold_start, other_start, side="right")
    later_j, later_i = _expanded(first, np.searchsorted(gold_start, other_end, side="left"))
    rows, columns = np.concatenate([i, later_i]), np.concatenate([j, later_j])
    inter = np.minimum(gold.end[rows], other.end[columns]) - np.maximum(
        gold.start[rows], other.start[columns]
    )
    return Edges(rows, columns, inter, gold.length[rows] + other.length[columns] - inter)


def _lines(gold: Side, other: Side) -> list[tuple[Ints, Ints]]:
    """Starts and ends of both sides on one line, the documents one after the other."""
    sides = (gold, other)
    size = 1 + max(int(each.end.max(initial=0)) for each in sides)
    documents = 1 + max(int(each.document.max(initial=0)) for each in sides)
    if size * documents < LARGEST:
        return [(s.document * size + s.start, s.document * size + s.end) for s in sides]
    # Ranks do as well as offsets to tell what overlaps.
    columns = [column for s in sides for column in (s.start, s.end)]
    values, ranks = np.unique(np.concatenate(columns), return_inverse=True)
    _, numbers = np.unique(np.concatenate([s.document for s in sides]), return_inverse=True)
    n = len(gold)
    cuts = np.split(ranks, np.cumsum([len(column) for column in columns])[:-1])
    parts = (numbers[:n], numbers[:n], numbers[n:], numbers[n:])
    a, b, c, d = (part * len(values) + cut for part, cut in zip(parts, cuts, strict=True))
    return [(a, b), (c, d)]


def _expanded(first: Places, stop: Places) -> tuple[Places, Places]:
    """``(row, column)`` for every column in ``first[row] … stop[row] - 1``."""
    n = np.maximum(stop - first, 0)
    rows = np.flatnonzero(n)
    sizes = n[rows]
    if not (sizes > 1).any():
        return rows, first[rows]
    starts = np.cumsum(sizes) - sizes
    within = np.arange(int(sizes.sum())) - np.repeat(starts, sizes)
    return np.repeat(rows, sizes), np.repeat(first[rows], sizes) + within


def fresh_starts(each: Side) -> Ints:
    """From where on no earlier mention of its document and type holds a mention's units; its end if all are
    held.

    Mentions count as earlier by start, then by end. The side must be sorted by document and start.
    """
    same = each.document[1:] == each.document[:-1]
    if not (same & (each.end[:-1] > each.start[1:])).any():
        # Neighbours that do not overlap: then none do.
        return each.start
    order = np.lexsort((each.end, each.start, each.document, each.type))
    document, kind = each.document[order], each.type[order]
    group = np.cumsum(
        np.concatenate([[False], (document[1:] != document[:-1]) | (kind[1:] != kind[:-1])]), dtype=np.int64
    )
    values, ranks = np.unique(each.end[order], return_inverse=True)
    # The greatest end so far, within the group: later groups lie above all of earlier ones.
    reach = np.maximum.accumulate(group * len(values) + ranks)
    start, end = each.start[order], each.end[order]
    held = np.concatenate([[False], group[1:] == group[:-1]])
    before = values[np.concatenate([[0], reach[:-1] % len(values)])]
    out = np.empty_like(each.start)
    out[order] = np.where(held, np.maximum(start, np.minimum(before, end)), start)
    return out
