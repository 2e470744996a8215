"""What an audit with planted errors says of the real ones.

With ``k`` of ``K`` planted errors found, the sensitivity is ``s = k / K``; with ``r`` real errors found, all
real ones are estimated at ``r / s`` and those left at ``r (1 - s) / s`` (error seeding, H. D. Mills, *On the
statistical validation of computer programs*, IBM Federal Systems Division, FSC-72-6015, 1972).

The interval of those left takes in both that ``s`` is known from ``K`` trials only and that finding is a
matter of chance. With a uniform prior on ``s`` its posterior is Beta(k + 1, K - k + 1); with a uniform prior
on the number of real errors, those left, given ``s``, are negative binomial: ``P(m) = C(r + m, m) s^(r + 1)
(1 - s)^m``. Integrated over ``s`` that is the beta-negative-binomial distribution (N. L. Johnson, A. W. Kemp,
S. Kotz, *Univariate Discrete Distributions*, 3rd ed., 2005, 6.2.3). The upper bound is the least number that
is reached with a probability of at most 2.5 %, so it is never 0, also if no real error was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, sqrt
from statistics import NormalDist

LEVEL = 0.95
"""The probability that an interval is to hold what it is of."""


def wilson(found: int, planted: int, level: float = LEVEL) -> tuple[float, float]:
    """The score interval of a rate (E. B. Wilson, JASA 22, 1927); 0 to 1 without trials.

    >>> [round(bound, 3) for bound in wilson(51, 60)]
    [0.739, 0.919]
    """
    if not planted:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    rate, scale = found / planted, 1 + z * z / planted
    middle = (rate + z * z / (2 * planted)) / scale
    half = z * sqrt(rate * (1 - rate) / planted + z * z / (4 * planted * planted)) / scale
    # At the ends the exact bounds are 0 and 1; rounding must not go past them.
    low = 0.0 if found == 0 else max(0.0, middle - half)
    return low, 1.0 if found == planted else min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The real errors found, all of them and those left, with the interval of those left.

    ``total`` and ``remaining`` are None where nothing planted was found, so that nothing can be said.
    """

    real: int
    total: float | None
    remaining: float | None
    interval: tuple[int, int]


def estimate(planted: int, found: int, real: int, level: float = LEVEL) -> Estimate:
    """What ``real`` errors found say of those left, by ``found`` of ``planted`` planted ones.

    >>> estimate(60, 54, 9).total
    10.0
    """
    interval = remaining_interval(planted, found, real, level)
    if not found:
        return Estimate(real, None, None, interval)
    sensitivity = found / planted
    return Estimate(real, real / sensitivity, real * (1 - sensitivity) / sensitivity, interval)


def remaining_interval(planted: int, found: int, real: int, level: float = LEVEL) -> tuple[int, int]:
    """The interval of the number of real errors left, as the module's description derives it.

    Fewer than the first number, or as many as the second, are left with a probability of at most 2.5 % each.
    """
    a, b = found + 1, planted - found + 1
    # log P(0) = log B(a + r + 1, b) - log B(a, b); the rest follows by P(m + 1) / P(m).
    probability = exp(lgamma(a + real + 1) - lgamma(a + real + 1 + b) - lgamma(a) + lgamma(a + b))
    tail = (1 - level) / 2
    low, number, below = None, 0, 0.0
    # The sum is rounded many times: what equals the tail must not be taken for more.
    while 1 - below > tail + 1e-12:
        if low is None and below + probability > tail:
            low = number
        below += probability
        step = (real + number + 1) / (number + 1) * (b + number) / (a + real + 1 + b + number)
        probability *= step
        number += 1
    return (number if low is None else low), number
