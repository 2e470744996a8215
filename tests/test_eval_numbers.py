"""Counts, alignment, resampling and labels: the numerical ground, by hand and against independent solvers."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import cohen_kappa_score, f1_score

from vostochny.eval.alignment import align
from vostochny.eval.assignment import assign
from vostochny.eval.bootstrap import interval, resample
from vostochny.eval.counts import Counts, Tally, Totals, f1_of
from vostochny.eval.nominal import Contingency


def test_scores_by_hand() -> None:
    # 3 of 4 predictions right: P = 3/4. They find 3 of 6: R = 1/2. F1 = 2·(3/4)(1/2) / (5/4) = 3/5.
    totals = Totals(tp_pred=3, n_pred=4, tp_gold=3, n_gold=6)
    assert (totals.precision, totals.recall) == (0.75, 0.5)
    assert totals.f1 == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        (Totals(0, 0, 0, 5), (None, 0.0, 0.0)),  # nothing predicted
        (Totals(0, 5, 0, 0), (0.0, None, 0.0)),  # nothing in gold
        (Totals(0, 0, 0, 0), (None, None, None)),  # nothing anywhere
        (Totals(0, 3, 0, 5), (0.0, 0.0, 0.0)),  # nothing hit
        (Totals(5, 5, 5, 5), (1.0, 1.0, 1.0)),
    ],
)
def test_undefined_is_none(totals: Totals, expected: tuple[float | None, ...]) -> None:
    assert (totals.precision, totals.recall, totals.f1) == expected


def test_a_pair_across_blocks_credits_each_side_in_its_block() -> None:
    tally = Tally(2)
    tally.gold(0)
    tally.predicted(1)
    tally.hit(0, 1)
    # Columns: tp_pred, n_pred, tp_gold, n_gold.
    assert tally.counts.values.tolist() == [[0, 0, 1, 1], [1, 1, 0, 0]]
    assert tally.counts.totals.f1 == 1.0


whole = st.integers(0, 9)


@given(st.lists(st.tuples(whole, whole, whole, whole), max_size=6))
def test_vector_f1_equals_scalar_f1(rows: list[tuple[int, int, int, int]]) -> None:
    values = np.array([(min(a, b), b, min(c, d), d) for a, b, c, d in rows], dtype=float).reshape(-1, 4)
    vector = [None if np.isnan(v) else float(v) for v in f1_of(values)]
    assert vector == [Totals(*row).f1 for row in values.tolist()]


@given(st.lists(st.lists(st.tuples(whole, whole, whole, whole), max_size=4), max_size=4))
def test_block_counts_sum_to_the_whole(parts: list[list[tuple[int, int, int, int]]]) -> None:
    counts = [Counts(np.array(rows, dtype=float).reshape(-1, 4)) for rows in parts]
    joined = Counts.concatenate(counts)
    assert joined.n_blocks == sum(len(rows) for rows in parts)
    flat = [row for rows in parts for row in rows]
    assert joined.totals == Totals(*(float(sum(row[k] for row in flat)) for k in range(4)))


def test_alignment_prefers_the_total_to_the_greedy_pair() -> None:
    # Greedy takes (0, 0) for 0.6 and is left with nothing; the best total is 0.5 + 0.5.
    tenth = Fraction(1, 10)
    assert align({(0, 0): (6 * tenth,), (0, 1): (5 * tenth,), (1, 0): (5 * tenth,)}) == [(0, 1), (1, 0)]


def test_alignment_compares_criteria_in_order() -> None:
    # Both pairings have the same first sum 1 + 1; the second criterion decides for the crossed one.
    square = {(0, 0): (1, 0), (0, 1): (1, 3), (1, 0): (1, 0), (1, 1): (1, 2)}
    assert align(square) == [(0, 1), (1, 0)]
    # However great, a later criterion never outweighs the first: 1/3 + 1/3 > 1/2 + 1/7.
    credits = {
        (0, 0): (Fraction(1, 3), 0),
        (1, 1): (Fraction(1, 3), 0),
        (0, 1): (Fraction(1, 2), 10**6),
        (1, 0): (Fraction(1, 7), 10**6),
    }
    assert align(credits) == [(0, 0), (1, 1)]


def test_alignment_sees_exact_ties() -> None:
    # 1/3 + 1/6 = 1/2 exactly (not in floating point sums of other fractions): the second criterion decides.
    credits = {
        (0, 0): (Fraction(1, 2), 0),
        (0, 1): (Fraction(1, 3), 1),
        (1, 0): (Fraction(1, 6), 1),
    }
    assert align(credits) == [(0, 1), (1, 0)]


def test_alignment_is_one_to_one_and_ignores_the_unpaired() -> None:
    assert align({}) == []
    assert align({(0, j): (1,) for j in range(3)}) in ([(0, 0)], [(0, 1)], [(0, 2)])


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_assignment_equals_brute_force_and_scipy(n: int, m: int, data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(st.integers(0, 20), min_size=m, max_size=m), min_size=n, max_size=n))
    pairs = assign(rows)
    assert len({r for r, _ in pairs}) == len({c for _, c in pairs}) == len(pairs) == min(n, m)
    total = sum(rows[r][c] for r, c in pairs)
    ours, theirs = linear_sum_assignment(np.array(rows), maximize=True)
    assert total == np.array(rows)[ours, theirs].sum()
    short, wide = (n, m) if n <= m else (m, n)
    cell = (lambda a, b: rows[a][b]) if n <= m else (lambda a, b: rows[b][a])
    assert total == max(
        sum(cell(a, b) for a, b in enumerate(chosen)) for chosen in permutations(range(wide), short)
    )


def test_assignment_of_integers_beyond_floating_point() -> None:
    # The two pairings differ by 1 in 2^80, which float64 can't see.
    big = 2**80
    assert assign([[big, big], [big, big + 1]]) == [(0, 0), (1, 1)]
    assert assign([[big, big + 1], [big, big]]) == [(0, 1), (1, 0)]


def test_ties_do_not_slow_the_assignment() -> None:
    # A search over equal weights ends at the first free column: 300² steps, not 300³.
    start = process_time()
    assert len(assign([[7] * 300] * 300)) == 300
    assert process_time() - start < 0.5


def test_resampling_keeps_each_documents_number_of_blocks() -> None:
    # Column 0 marks the blocks of document 1, column 1 those of document 2.
    values = np.array([[1.0, 0.0]] * 3 + [[0.0, 1.0]] * 2)
    sums = resample(values, [0, 0, 0, 1, 1], n_boot=50, seed=0)
    assert sums.tolist() == [[3.0, 2.0]] * 50


def test_resampling_nothing_gives_nothing() -> None:
    assert resample(np.zeros((0, 3, 4)), [], n_boot=7, seed=0).tolist() == np.zeros((7, 3, 4)).tolist()


def test_resampling_is_seeded() -> None:
    values = np.arange(20.0).reshape(10, 2)
    first = resample(values, [0] * 4 + [1] * 6, n_boot=100, seed=0)
    assert (first == resample(values, [0] * 4 + [1] * 6, n_boot=100, seed=0)).all()
    assert not (first == resample(values, [0] * 4 + [1] * 6, n_boot=100, seed=1)).all()


def test_bootstrap_variance_is_that_of_the_multinomial() -> None:
    # One document of B blocks with values x: a resample's sum has mean Σx and variance B·var(x), var being
    # the population variance. For x = 0..9: mean 45, variance 10·8.25 = 82.5.
    sums = resample(np.arange(10.0)[:, None], [0] * 10, n_boot=20_000, seed=1)[:, 0]
    assert sums.mean() == pytest.approx(45, abs=0.3)
    assert sums.var() == pytest.approx(82.5, rel=0.05)


def test_interval_by_hand() -> None:
    # Of 0..100, the 2.5th and 97.5th percentiles are 2.5 and 97.5; undefined resamples are left out.
    samples = np.concatenate([np.arange(101.0), [np.nan] * 7])
    assert interval(samples, 0.05) == (2.5, 97.5)
    assert interval(np.array([np.nan]), 0.05) is None


def test_kappa_by_hand() -> None:
    # Cohen (1960) in small: yes/yes 20, yes/no 5, no/yes 10, no/no 15. p_o = 35/50 = .7;
    # p_e = (25/50)(30/50) + (25/50)(20/50) = .5; κ = (.7 - .5) / .5 = .4.
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    table = Contingency.of((0, a, b) for a, b in pairs)
    assert (table.n, table.correct, table.accuracy) == (50, 35, 0.7)
    assert table.kappa == pytest.approx(0.4)
    # F1 of y: 2·20/(25+30) = 8/11; of n: 2·15/(25+20) = 2/3; mean 23/33.
    assert table.macro_f1 == pytest.approx(23 / 33)
    assert table.nested() == {"n": {"n": 15, "y": 10}, "y": {"n": 5, "y": 20}}


def test_kappa_is_undefined_where_only_one_label_is_used() -> None:
    table = Contingency.of([(0, "x", "x")] * 7)
    assert (table.accuracy, table.macro_f1, table.kappa) == (1.0, 1.0, None)
    nothing = Contingency.of([])
    assert (nothing.n, nothing.accuracy, nothing.macro_f1, nothing.kappa) == (0, None, None, None)


labels = st.sampled_from("abc")


@given(st.lists(st.tuples(labels, labels), min_size=1, max_size=30))
def test_labels_equal_sklearn(pairs: list[tuple[str, str]]) -> None:
    table = Contingency.of((0, a, b) for a, b in pairs)
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    assert table.macro_f1 == pytest.approx(f1_score(left, right, average="macro"))
    if table.kappa is None:
        assert len({*left, *right}) == 1
    else:
        assert table.kappa == pytest.approx(cohen_kappa_score(left, right))
