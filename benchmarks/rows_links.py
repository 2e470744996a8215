"""Clusters of mentions to CEAFe."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks import generator
from benchmarks.measure import Call
from benchmarks.peers_restated import coval_ceafe, dense_ceafe
from vostochny.eval.contingency import ClusterTable
from vostochny.eval.counts import Counts
from vostochny.eval.link_ceaf import ceaf_e


def calls(n_mentions: int) -> Mapping[str, Call]:
    """Ours; CoVal's algorithm; scorch; and a solver over the whole dense matrix."""
    from scorch.scores import ceaf_e as scorch

    gold, other = generator.clusters(n_mentions)
    gold_sets, other_sets = ([set(items) for items in side] for side in (gold, other))
    return {
        "ours": lambda: Counts(ceaf_e(ClusterTable.of(gold, other))).totals.f1,
        "coval's algorithm": lambda: coval_ceafe(gold, other),
        "scorch": lambda: float(scorch(gold_sets, other_sets)[2]),
        "dense solver": lambda: dense_ceafe(gold, other),
    }
