"""Paired bootstrap of two systems, from tags to a p-value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks import generator
from benchmarks.measure import Call
from benchmarks.peers_restated import indexed_counts, resampled_seqeval
from vostochny.eval import Report, compare, score_tags
from vostochny.eval.counts import N_GOLD, N_PRED, TP_GOLD, Floats

RESAMPLES = 1_000
SAMPLED = 4
RESAMPLED, STRICT = "resampling seqeval", "resampling seqeval, strict"
CACHED = "cached counts, indices resampled"


def calls(n_tokens: int) -> Mapping[str, Call]:
    """Ours; seqeval on a few of the resamples; and the counts that ours makes, resampled by indices."""
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

    def cached() -> None:
        indexed_counts(*map(_counts, scored()), n_boot=RESAMPLES)

    def resampled(**mode: Any) -> None:
        resampled_seqeval(gold, first, second, n_boot=SAMPLED, **mode)

    return {
        "ours": ours,
        CACHED: cached,
        RESAMPLED: resampled,
        STRICT: lambda: resampled(mode="strict", scheme=IOB2),
    }


def _counts(report: Report) -> Floats:
    counts: Floats = report.counts("entities").measures["strict",].values
    return counts[:, [TP_GOLD, N_PRED, N_GOLD]]
