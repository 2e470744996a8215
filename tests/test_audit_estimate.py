"""Intervals of an audit, worked out by hand."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vostochny.annotations.audit_estimate import estimate, remaining_interval, wilson


def test_one_planted_error_that_was_found_and_no_real_one():
    # Beta(2, 1) and r = 0: P(m) = B(3, 1 + m) / B(2, 1) = 4 / ((m + 1)(m + 2)(m + 3)), so that
    # P(M >= m) = 2 / ((m + 1)(m + 2)). That is at most 1/40 where (m + 1)(m + 2) >= 80, first at m = 8: 90.
    assert remaining_interval(1, 1, 0) == (0, 8)


def test_nothing_planted_was_found():
    # Beta(1, 2) and r = 0: P(m) = B(2, 2 + m) / B(1, 2) = 2 / ((m + 2)(m + 3)), P(M >= m) = 2 / (m + 2).
    # That is at most 1/40 where m + 2 >= 80. Of the number itself nothing can be said.
    found = estimate(1, 0, 0)
    assert found.interval == (0, 78)
    assert found.total is None
    assert found.remaining is None


def test_numbers_are_those_of_error_seeding():
    # s = 54 / 60 = 0.9: 9 / 0.9 = 10 in all, 1 left.
    found = estimate(60, 54, 9)
    assert (found.real, found.total, found.remaining) == (9, 10.0, pytest.approx(1.0))
    assert found.interval == (0, 6)


def test_the_interval_is_that_of_a_simulation():
    draw = random.Random(4)
    left = []
    for _ in range(20000):
        s = draw.betavariate(52, 10)
        # A negative binomial is a Poisson whose rate has a gamma distribution; count its arrivals.
        rate = draw.gammavariate(21, (1 - s) / s)
        time, count = draw.expovariate(1), 0
        while time < rate:
            time, count = time + draw.expovariate(1), count + 1
        left.append(count)
    low, high = remaining_interval(60, 51, 20)
    assert sum(m < low for m in left) / len(left) <= 0.03
    assert 0.015 <= sum(m >= high for m in left) / len(left) <= 0.03


@given(st.integers(1, 80), st.data())
def test_the_upper_bound_is_never_zero_and_falls_with_what_was_found(planted, data):
    found = data.draw(st.integers(1, planted))
    real = data.draw(st.integers(0, 30))
    low, high = remaining_interval(planted, found, real)
    assert 0 <= low < high
    assert remaining_interval(planted, found - 1, real)[1] >= high
    assert remaining_interval(planted, found, real + 1)[1] >= high
    assert remaining_interval(planted, found, real, level=0.5)[1] <= high


def test_wilson_by_hand():
    # 9 of 10, z = 1.959964: centre (0.9 + 3.841459 / 20) / 1.3841459 = 0.788987, half-width
    # 1.959964 * sqrt(0.009 + 3.841459 / 400) / 1.3841459 = 0.193136.
    assert wilson(9, 10) == pytest.approx((0.59585, 0.98212), abs=1e-4)
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == 1
    assert wilson(0, 0) == (0, 1)
