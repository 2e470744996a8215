"""What is measured beside ours and is in no package: algorithms as published, written down anew.

* :func:`coval_ceafe`: CEAFe as the CoVal scorer computes it (Moosavi & Strube, ACL 2016;
  github.com/ns-moosavi/coval): φ₄ of every pair of clusters in plain Python, into a dense matrix, then one
  assignment over all of it.
* :func:`dense_ceafe`: the same assignment over a dense matrix that numpy fills: only the solver counts.
* :func:`resampled_seqeval`: a paired bootstrap that draws sentences and runs seqeval on each resample.
* :func:`indexed_counts`: a paired bootstrap over cached counts, resampled by drawing indices (as sacreBLEU
  does; Post, WMT 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Clusters = Sequence[Sequence[int]]
Sequences = Sequence[Sequence[str]]


def coval_ceafe(gold: Clusters, other: Clusters) -> float:
    """F1 of CEAFe."""
    similarity = np.zeros((len(gold), len(other)))
    for i, ours in enumerate(gold):
        for j, theirs in enumerate(other):
            shared = sum(1 for item in ours if item in theirs)
            similarity[i, j] = 2 * shared / (len(ours) + len(theirs))
    rows, columns = linear_sum_assignment(similarity, maximize=True)
    return float(2 * similarity[rows, columns].sum() / (len(gold) + len(other)))


def dense_ceafe(gold: Clusters, other: Clusters) -> float:
    """F1 of CEAFe."""
    of_gold, of_other = (_cluster_of_item(clusters) for clusters in (gold, other))
    similarity = np.zeros((len(gold), len(other)))
    cells, shared = np.unique(np.stack((of_gold, of_other)), axis=1, return_counts=True)
    sizes = np.bincount(of_gold)[cells[0]] + np.bincount(of_other)[cells[1]]
    similarity[cells[0], cells[1]] = 2 * shared / sizes
    rows, columns = linear_sum_assignment(similarity, maximize=True)
    return float(2 * similarity[rows, columns].sum() / (len(gold) + len(other)))


def resampled_seqeval(
    gold: Sequences, first: Sequences, second: Sequences, n_boot: int, seed: int = 1, **mode: Any
) -> NDArray[np.float64]:
    """Differences in seqeval's F1 (in a ``mode``) of two systems in resamples of the sentences."""
    from seqeval.metrics import f1_score

    rng = np.random.default_rng(seed)
    out = np.zeros(n_boot)
    for n in range(n_boot):
        drawn = rng.integers(0, len(gold), len(gold)).tolist()
        truth = [gold[i] for i in drawn]
        one, other = (f1_score(truth, [system[i] for i in drawn], **mode) for system in (first, second))
        out[n] = one - other
    return out


def indexed_counts(
    first: NDArray[np.float64], second: NDArray[np.float64], n_boot: int, seed: int = 1
) -> NDArray[np.float64]:
    """Differences in F1 of two systems in resamples of the blocks.

    ``first`` and ``second`` hold each block's true positives, predicted and gold items: ``[n_blocks, 3]``.
    """
    rng = np.random.default_rng(seed)
    both = np.concatenate((first, second), axis=1)
    out = np.zeros(n_boot)
    for n in range(n_boot):
        drawn = rng.integers(0, len(both), len(both))
        hits, predicted, gold, other_hits, other_predicted, _ = both[drawn].sum(axis=0)
        out[n] = 2 * hits / (predicted + gold) - 2 * other_hits / (other_predicted + gold)
    return out


def _cluster_of_item(clusters: Clusters) -> NDArray[np.int64]:
    out = np.zeros(sum(map(len, clusters)), dtype=np.int64)
    for number, items in enumerate(clusters):
        out[items] = number
    return out
