"""Approximate randomization: would it matter which system had said what?

If two systems are equally good in every respect, their answers on a paragraph could as well be exchanged.
Each of B times, every paragraph's counts are exchanged with probability 1/2 – all at once, what stands in
gold stays – and both systems are scored anew; p = (c + 1) / (B + 1), c being how often the scores then differ
at least as much as they did (Noreen, Computer-Intensive Methods for Testing Hypotheses, 1989, ch. 2; Yeh,
"More accurate tests for the statistical significance of result differences", COLING 2000).

The test is exact for that hypothesis, for any size of corpus, but it is a narrow one: systems with the same
F1, one of which finds more and the other errs less, are not exchangeable. Paragraphs on which the systems
agree tell nothing: with d of them on which they differ, no p is below 2 / 2^d. What could not be read of a
system's output (:attr:`vostochny.eval.Report.invalid`) is exchanged like a paragraph of its own.

Undefined scores and ties are settled as in :mod:`vostochny.eval.compare_bootstrap`: undefined counts as at
least as large, and so do differences that are smaller by less than
:data:`~vostochny.eval.compare_bootstrap.BLUR`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vostochny.eval.compare_bootstrap import BLUR, p_value
from vostochny.eval.compare_measure import Measure
from vostochny.eval.counts import Floats

_CHUNK = 1 << 18
"""Exchanges decided at a time (trials × blocks)."""


@dataclass(frozen=True, slots=True, eq=False)
class Randomized:
    """An observed difference (other - baseline), and those after exchanges: ``[n_boot]``, NaN: undefined."""

    difference: float
    differences: Floats

    @property
    def undefined(self) -> int:
        """Number of trials in which a score is undefined."""
        return int(np.isnan(self.differences).sum())

    @property
    def p(self) -> float:
        """The two-sided p-value."""
        smaller = np.abs(self.differences) < abs(self.difference) - BLUR
        return p_value(int((~smaller).sum()), len(smaller))


def approximate_randomization(
    measure: Measure, baseline: Floats, others: Sequence[Floats], *, n_boot: int, seed: int
) -> list[Randomized]:
    """Exchange the counts of a baseline and each of the others.

    Counts are ``[n_blocks, n_members, 4]``, the same blocks in the same order. All others are exchanged with
    the same draws, so that none depends on which others there are.
    """
    shape = baseline.shape[1:]
    first = baseline.reshape(len(baseline), -1)
    gaps = [other.reshape(len(other), -1) - first for other in others]
    whole, tops = first.sum(axis=0), [gap.sum(axis=0) for gap in gaps]
    found: list[list[Floats]] = [[] for _ in others]
    for exchanged in _exchanges(len(baseline), n_boot, seed):
        for gap, top, out in zip(gaps, tops, found, strict=True):
            moved = exchanged @ gap
            ours, theirs = (each.reshape(-1, *shape) for each in (whole + moved, whole + top - moved))
            out.append(measure.score(theirs) - measure.score(ours))
    start = measure.score(whole.reshape(shape))
    return [
        Randomized(float(measure.score((whole + top).reshape(shape)) - start), np.concatenate(out))
        for top, out in zip(tops, found, strict=True)
    ]


def _exchanges(n_blocks: int, n_boot: int, seed: int) -> Iterator[Floats]:
    """Zeros and ones ``[some, n_blocks]``, ``n_boot`` rows in all; each seed, 0 included, gives its own."""
    # Another stream than the bootstrap's of the same seed.
    rng = np.random.default_rng([seed, 1])
    words = -(-n_blocks // 32)
    step = max(1, _CHUNK // max(1, n_blocks))
    for low in range(0, n_boot, step):
        drawn = rng.integers(0, 1 << 32, size=(min(step, n_boot - low), words), dtype=np.uint32)
        bits = np.unpackbits(drawn.astype("<u4").view(np.uint8), axis=1, count=n_blocks)
        yield bits.astype(np.float64)
