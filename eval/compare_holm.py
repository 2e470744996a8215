"""Several tests at once: Holm's correction, and what a corpus of this size can tell."""

from __future__ import annotations

from collections.abc import Sequence

from scipy.stats import norm


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjusted p-values of a family of tests, in the order given; what has none is no part of the family.

    Step-down: the k-th smallest of m is multiplied by m - k + 1, none is smaller than the one before, none
    above 1 (Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6, 1979). To reject where the adjusted p is at most alpha keeps the chance of any false
    rejection in the family at alpha, whatever the tests have to do with each other.

    >>> holm([0.01, 0.04, 0.03, 0.005])
    [0.03, 0.06, 0.06, 0.02]
    """
    ranked = sorted((p, n) for n, p in enumerate(p_values) if p is not None)
    out: list[float | None] = [None] * len(p_values)
    least = 0.0
    for rank, (p, n) in enumerate(ranked):
        least = max(least, min(1.0, (len(ranked) - rank) * p))
        out[n] = least
    return out


def detectable(standard_error: float, alpha: float, power: float) -> float:
    """The minimum detectable difference: (z_{1 - alpha/2} + z_power) · standard error.

    A true difference of this size would be found by a two-sided test at level ``alpha`` with chance
    ``power``, if observed differences are normal about it with that standard error (Bloom, "Minimum
    detectable effects", Evaluation Review 19, 1995).
    """
    return float((norm.ppf(1 - alpha / 2) + norm.ppf(power)) * standard_error)
