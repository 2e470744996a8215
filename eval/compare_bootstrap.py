"""Paired bootstrap: do two systems' scores differ by more than the choice of paragraphs explains?

Both systems are scored on the same draws (:func:`vostochny.eval.bootstrap.weights`): whole paragraphs, with
replacement, within each article. With δ the observed difference of the two scores and δ* that of a resample,
the spread of δ* about δ stands for that of δ about the true difference. Two guidelines make a test of it
(Hall & Wilson, "Two guidelines for bootstrap hypothesis testing", Biometrics 47, 1991):

* *centre*: what is held against δ is δ* - δ, which is what δ* would be were there no difference. (To ask how
  often δ* itself is as large as δ answers no question: δ* lies about δ, whether or not there is a
  difference.)
* *studentise*: each is measured by its own standard error, t = δ / s and t* = (δ* - δ) / s*, since the share
  of t* beyond a bound depends less on what is unknown than that of δ*. Where few paragraphs decide a measure,
  as in links, δ* - δ without it rejects too many true nulls (docs/significance.md).

The test is two-sided, p = (1 + #{|t*| ≥ |t|}) / (B + 1), with the observed data as one more draw (Davison &
Hinkley, Bootstrap Methods and their Application, 1997, §4.2). The interval is the one that belongs to it, the
symmetric bootstrap-t interval δ ± s·q (Hall, "On symmetric bootstrap confidence intervals", JRSS B 50, 1988),
q being the largest |t| that the test would not reject at that level: it excludes 0 exactly where p ≤ alpha.

Standard errors s and s* are the delta method's for stratified samples (Davison & Hinkley, §2.7.2 and §3.2.1):
with u_i the difference's partial derivatives by the summed counts times paragraph i's counts, and w_i how
often i is drawn (1 for s), s² = Σ_h n_h / (n_h - 1) · [Σ_i w_i u_i² - (Σ_i w_i u_i)² / n_h] over the strata h
of n_h paragraphs.

*Undefined scores.* A resample in which either score is undefined can't show a difference as small as
chance's, so in p it counts as one at least as large as the observed, which can only raise p; of the standard
error of δ*, it is left out. *Ties.* Differences of less than :data:`BLUR` are none: rounding decides nothing,
and a system against its own copy has p = 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vostochny.eval.bootstrap import weights
from vostochny.eval.compare_measure import Measure
from vostochny.eval.contingency import Ints
from vostochny.eval.counts import Floats

BLUR = 1e-9
"""Scores, differences and standard errors (as fractions) that differ by less than this are equal."""


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """An observed difference (other - baseline) with its standard error, and those of each resample.

    ``differences`` and ``errors`` are ``[n_boot]``, NaN where a score is undefined.
    """

    difference: float
    error: float
    differences: Floats
    errors: Floats

    @property
    def undefined(self) -> int:
        """Number of resamples in which a score is undefined."""
        return int(np.isnan(self.differences).sum())

    @property
    def p(self) -> float:
        """The two-sided p-value of the studentised, centred test."""
        observed = float(_studentised(np.array([self.difference]), np.array([self.error]))[0])
        # t is compared as loosely as what it is made of.
        extreme = self._t >= observed * (1 - BLUR) - BLUR
        return p_value(int(extreme.sum()), len(extreme))

    @property
    def standard_error(self) -> float | None:
        """Standard deviation of the resampled differences; None where fewer than two are defined."""
        defined = self.differences[~np.isnan(self.differences)]
        return float(defined.std(ddof=1)) if len(defined) > 1 else None

    def interval(self, alpha: float) -> tuple[float, float]:
        """The symmetric bootstrap-t interval of level ``1 - alpha``, within the possible -1 to 1.

        It is all of that where the test could not reject at this level, whatever the difference: too few
        resamples, or too many that tell nothing.
        """
        # The test rejects where at most alpha·(B + 1) draws, the observed one included, are as large.
        most = int(alpha * (len(self._t) + 1) + BLUR)
        bound = float(np.partition(self._t, -most)[-most]) if most else np.inf
        reach = bound * self.error if np.isfinite(bound) else 2.0
        return max(-1.0, self.difference - reach), min(1.0, self.difference + reach)

    @property
    def _t(self) -> Floats:
        t = _studentised(self.differences - self.difference, self.errors)
        return np.where(np.isnan(self.differences), np.inf, t)


def paired_bootstrap(
    measure: Measure,
    baseline: Floats,
    others: Sequence[Floats],
    strata: Ints,
    *,
    n_boot: int,
    seed: int,
) -> list[Resampled]:
    """Resample the differences between a baseline and others.

    Each system's counts are ``[n_blocks, n_members, 4]``, the same blocks in the same order; ``strata`` is
    each block's stratum (``[n_blocks]``). Every observed score must be defined. All are resampled with
    the same draws, so that none depends on which others there are.
    """
    order = np.argsort(strata, kind="stable")
    together = strata[order]
    first = np.flatnonzero(np.diff(together, prepend=-1))
    sizes = np.diff(first, append=len(order))
    pairs = [np.stack([baseline[order], other[order]], axis=1) for other in others]
    once = np.ones((1, len(order)))
    observed = [_scored(measure, once, pair, first, sizes) for pair in pairs]
    rows = [
        [_scored(measure, drawn, pair, first, sizes) for pair in pairs]
        for drawn in weights(together, n_boot=n_boot, seed=seed)
    ]
    return [
        Resampled(
            difference=float(difference[0]),
            error=float(error[0]),
            differences=np.concatenate([row[n][0] for row in rows]),
            errors=np.concatenate([row[n][1] for row in rows]),
        )
        for n, (difference, error) in enumerate(observed)
    ]


def p_value(extreme: int, n: int) -> float:
    """(c + 1) / (B + 1): c of B draws are at least as extreme as the observed, which is one more draw."""
    return (extreme + 1) / (n + 1)


def _scored(measure: Measure, drawn: Floats, pair: Floats, first: Ints, sizes: Ints) -> tuple[Floats, Floats]:
    """Differences and their standard errors, each ``[n_draws]``.

    ``drawn`` is ``[n_draws, n_blocks]``; ``pair`` are both systems' counts, ``[n_blocks, 2, n_members, 4]``;
    the strata lie one after the other, each from its ``first`` block on.
    """
    counts = pair.reshape(len(pair), -1)
    totals = (drawn @ counts).reshape(-1, *pair.shape[1:])
    scores, slopes = measure.score(totals), measure.slope(totals)
    slopes[:, 0] *= -1
    effects = slopes.reshape(len(drawn), -1) @ counts.T
    return scores[:, 1] - scores[:, 0], _error(drawn, effects, first, sizes)


def _error(drawn: Floats, effects: Floats, first: Ints, sizes: Ints) -> Floats:
    """Standard errors ``[n_draws]``; ``effects`` are what each block adds: ``[n_draws, n_blocks]``."""
    part = drawn * effects
    sums = np.add.reduceat(part, first, axis=1)
    part *= effects
    squares = np.add.reduceat(part, first, axis=1)
    # A stratum of one block is not resampled and so adds nothing.
    factor = np.where(sizes > 1, sizes / np.maximum(sizes - 1, 1), 0.0)
    variance = ((squares - sums**2 / sizes) * factor).sum(axis=1)
    out: Floats = np.sqrt(np.maximum(variance, 0.0))
    return out


def _studentised(differences: Floats, errors: Floats) -> Floats:
    """Size of the difference / error: 0 for no difference, infinite where there is one without any spread."""
    size = np.abs(differences)
    some = errors > BLUR
    out = np.where(size > BLUR, np.inf, 0.0)
    np.divide(size, errors, out=out, where=some & (size > BLUR))
    return out
