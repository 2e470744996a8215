"""B³: for each item, how much of its cluster is in the other side's cluster of the item.

Bagga & Baldwin, "Algorithms for scoring coreference chains", LREC workshop on linguistic coreference, 1998,
every item with the same weight:

    R = 1/|G| Σ_{i ∈ G} |k(i) ∩ r(i)| / |k(i)|        P = 1/|S| Σ_{i ∈ S} |k(i) ∩ r(i)| / |r(i)|

over the items G of gold and S of the system; an item that the other side lacks has 0 (as in the reference
scorer: Pradhan et al., "Scoring coreference partitions of predicted mentions", ACL 2014).
"""

from __future__ import annotations

import numpy as np

from vostochny.eval.contingency import ClusterTable
from vostochny.eval.counts import Floats
from vostochny.eval.link_shares import share


def b_cubed(table: ClusterTable) -> Floats:
    """B³'s counts by item (``[n_items, 4]``)."""
    earned = share(table.cell_size, table.gold_size), share(table.cell_size, table.other_size)
    possible = np.sign(table.gold_size), np.sign(table.other_size)
    return table.counts(earned, possible)
