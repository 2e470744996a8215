"""Relations between clusters, counted as pairs of their items.

A relation between two clusters holds between every item of the one and every item of the other. A pair that
the system relates is a hit if gold relates it alike; a pair of items that the other side does not both have
is wrong, or missed. Directed relations (supports) count ordered pairs, undirected ones (contradicts)
unordered ones. Hits are found cell by cell of the contingency table, so that large clusters cost no more than
small ones. Half of each pair is counted at each of its two items.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from vostochny.eval.contingency import ClusterTable, Ints
from vostochny.eval.counts import Floats

Edge = tuple[int, int]


def relation_pairs(
    table: ClusterTable, gold: Iterable[Edge], other: Iterable[Edge], *, directed: bool
) -> Floats:
    """Counts by item (``[n_items, 4]``) of the item pairs under relations.

    ``gold`` and ``other`` name pairs of each side's own cluster numbers; a pair named twice is one.
    """
    ours, theirs = _edges(gold, directed), _edges(other, directed)
    cells = table.cells
    shared: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, (k, r) in enumerate(zip(cells.gold.tolist(), cells.other.tolist(), strict=True)):
        shared[k].append((r, place))
    in_cell = np.zeros(len(cells.size))
    for source, target in ours:
        for r1, ones in shared[source]:
            for r2, others in shared[target]:
                hit = (r1, r2) in theirs or (not directed and (r2, r1) in theirs)
                if hit:
                    in_cell[ones] += cells.size[others] / 2
                    in_cell[others] += cells.size[ones] / 2
    found = np.zeros(table.n_items)
    found[table.common] = in_cell[cells.of_item[table.common]]
    return table.counts((found, found), (_possible(table.gold, ours), _possible(table.other, theirs)))


def _edges(edges: Iterable[Edge], directed: bool) -> set[Edge]:
    return {edge if directed or edge[0] < edge[1] else (edge[1], edge[0]) for edge in edges}


def _possible(clusters: Ints, edges: set[Edge]) -> Floats:
    """For each item, half the number of pairs that it is in."""
    members: dict[int, list[int]] = defaultdict(list)
    for item, cluster in enumerate(clusters.tolist()):
        members[cluster].append(item)
    out = np.zeros(len(clusters))
    for source, target in edges:
        out[members[source]] += len(members[target]) / 2
        out[members[target]] += len(members[source]) / 2
    return out
