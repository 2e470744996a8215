"""Paired bootstrap of two systems, from tags to a p-value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks import generator
from benchmarks.measure import Call
from benchmarks.peers_restated import indexed_counts, resampled_seqeval
from vostochny.eval import Report, compare, score_tags
from vostochny.eval.bootstrap import resample
from vostochny.eval.compare_bootstrap import p_value
from vostochny.eval.counts import N_GOLD, N_PRED, TP_GOLD, Floats, f1_of

RESAMPLES = 1_000
SAMPLED = 4
RESAMPLED, STRICT = "resampling seqeval", "resampling seqeval, strict"
CACHED = "cached counts, indices resampled"
ALONE = "ours, bootstrap alone"


def calls(n_tokens: int) -> Mapping[str, Call]:
    """Ours; its bootstrap alone; seqeval on a few of the resamples; our counts, resampled by indices."""
    from seqeval.scheme import IOB2

    truth = generator.gold(n_tokens)
    gold, first, second = (
        each.tags() for each in (truth, generator.output(truth, seed=2), generator.output(truth, seed=3))
    )

    def scored() -> tuple[Report, Report]:
        one, other = (score_tags(gold, each, measures=("strict",)) for each in (first, second))
        return one, other

    def ours() -> None:
        compare(*scored(), n_boot=RESAMPLES)

    def alone() -> None:
        one, other = scored()
        values = np.stack([_all_counts(one), _all_counts(other)], axis=1)
        sums = resample(values, one.strata("entities"), n_boot=RESAMPLES, seed=1)
        drawn, found = (np.diff(f1_of(each), axis=-1) for each in (sums, values.sum(axis=0)))
        p_value(int((np.abs(drawn - found) >= np.abs(found)).sum()), RESAMPLES)

    def cached() -> None:
        indexed_counts(*map(_counts, scored()), n_boot=RESAMPLES)

    def resampled(**mode: Any) -> None:
        resampled_seqeval(gold, first, second, n_boot=SAMPLED, **mode)

    return {
        "ours": ours,
        ALONE: alone,
        CACHED: cached,
        RESAMPLED: resampled,
        STRICT: lambda: resampled(mode="strict", scheme=IOB2),
    }


def _all_counts(report: Report) -> Floats:
    return report.counts("entities").measures["strict",].values


def _counts(report: Report) -> Floats:
    return _all_counts(report)[:, [TP_GOLD, N_PRED, N_GOLD]]
