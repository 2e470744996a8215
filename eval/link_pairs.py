"""Pairs of items: those in one cluster, and those in two.

*Pairs*: of the pairs that the system puts into one cluster, how many gold does (precision), and the reverse.
A pair of items that the other side does not both have is wrong, or missed. *Apart* is the same of the pairs
that are in different clusters. BLANC is the mean of the two F1 (Recasens & Hovy, "BLANC: Implementing the
Rand index for coreference evaluation", Natural Language Engineering 17, 2011; for items that only one side
has: Luo, Pradhan, Recasens & Hovy, "An extension of BLANC to system mentions", ACL 2014):

    F_c = F1(C_gold, C_system)      F_n = F1(N_gold, N_system)      BLANC = (F_c + F_n) / 2

over the sets C of pairs in one cluster and N of pairs in two. If a kind of pair exists on neither side, BLANC
is the other kind's F1.

Half of each pair is counted at each of its two items.
"""

from __future__ import annotations

import numpy as np

from vostochny.eval.contingency import ClusterTable
from vostochny.eval.counts import Floats


def pairs(table: ClusterTable) -> Floats:
    """Counts by item (``[n_items, 4]``) of the pairs in one cluster."""
    found = np.maximum(table.cell_size - 1, 0) / 2
    possible = np.maximum(table.gold_size - 1, 0) / 2, np.maximum(table.other_size - 1, 0) / 2
    return table.counts((found, found), possible)


def apart(table: ClusterTable) -> Floats:
    """Counts by item (``[n_items, 4]``) of the pairs in different clusters."""
    gold, other = table.gold_size > 0, table.other_size > 0
    # Of the items that both sides have, those in neither of the item's two clusters.
    ours, theirs = np.zeros(table.n_items), np.zeros(table.n_items)
    for side, sizes in ((table.gold, ours), (table.other, theirs)):
        _, place, counted = np.unique(side[table.common], return_inverse=True, return_counts=True)
        sizes[table.common] = counted[place]
    kept = table.common.sum() - ours - theirs + table.cell_size
    found = np.where(table.common, kept, 0) / 2
    possible = (
        np.where(gold, gold.sum() - table.gold_size, 0) / 2,
        np.where(other, other.sum() - table.other_size, 0) / 2,
    )
    return table.counts((found, found), possible)
