"""MUC: how many links the clusters need, and how many of them the other side has.

Vilain, Burger, Aberdeen, Connolly & Hirschman, "A model-theoretic coreference scoring scheme", MUC-6, 1995:

    R = Σ_k (|k| - p(k)) / Σ_k (|k| - 1)        P alike with the sides swapped

where p(k) is the number of parts into which the other side's clusters cut gold cluster k, an item that the
other side lacks being a part of its own. A part of n items is held together by n - 1 links, of which each
item here carries its equal share 1 - 1/n, and each item of k could carry 1 - 1/|k|.

Singletons have no links: where neither side has a cluster of two items MUC is undefined, not 0.
"""

from __future__ import annotations

from vostochny.eval.contingency import ClusterTable
from vostochny.eval.counts import Floats
from vostochny.eval.link_shares import share


def muc(table: ClusterTable) -> Floats:
    """MUC's counts by item (``[n_items, 4]``)."""
    found = share(table.cell_size - 1, table.cell_size)
    possible = (
        share(table.gold_size - 1, table.gold_size),
        share(table.other_size - 1, table.other_size),
    )
    return table.counts((found, found), possible)
