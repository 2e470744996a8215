"""LEA: how important a cluster is, times how well it is resolved.

Moosavi & Strube, "Which coreference evaluation metric do you trust?", ACL 2016. A cluster's importance is its
size, its resolution the share of its links that lie in one cluster of the other side:

    R = Σ_k |k| · (Σ_r link(k ∩ r) / link(k)) / Σ_k |k|,    link(c) = |c|·(|c| - 1)/2,    P alike

A singleton has one link, from its item to itself, as the paper has it; it is resolved if the item is a
singleton on the other side as well. (Scorers differ here. Without self-links, singletons could only count as
lost or be left out, and neither tells a system that finds them from one that does not.)

Each item of a cluster k carries its share of |k| · resolution: of its |k| - 1 links, those that hold.
"""

from __future__ import annotations

import numpy as np

from vostochny.eval.contingency import ClusterTable
from vostochny.eval.counts import Floats
from vostochny.eval.link_shares import share


def lea(table: ClusterTable) -> Floats:
    """LEA's counts by item (``[n_items, 4]``)."""
    alone = (table.gold_size == 1) & (table.other_size == 1) & table.common
    earned = (
        np.where(alone, 1.0, share(table.cell_size - 1, table.gold_size - 1)),
        np.where(alone, 1.0, share(table.cell_size - 1, table.other_size - 1)),
    )
    return table.counts(earned, (np.sign(table.gold_size), np.sign(table.other_size)))
