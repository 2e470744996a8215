"""Comparing systems: tests worked by hand and by enumeration, their properties, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vostochny.annotations import load_gold
from vostochny.baselines import BASELINES, predict
from vostochny.eval import (
    Counts,
    Options,
    Report,
    TaskCounts,
    bootstrap,
    compare,
    score,
    score_links,
    score_tags,
)
from vostochny.eval.bootstrap import weights
from vostochny.eval.compare_bootstrap import paired_bootstrap
from vostochny.eval.compare_holm import detectable, holm
from vostochny.eval.compare_measure import Measure, measure_of
from vostochny.eval.compare_randomization import approximate_randomization
from vostochny.eval.compare_render import tables, to_latex, to_markdown
from vostochny.schema.errors import InputError
from vostochny.schema.model import Links

STRICT = Measure("entities", ("strict",), (("strict",),))


def blocks(*rows):
    """Counts of one measure: a row of hits, predicted and gold items for each block."""
    return np.array([(tp, n, tp, gold) for tp, n, gold in rows], dtype=float)[:, None, :]


def report(*documents, invalid=0, **options):
    """A report on entities whose strict counts are these: for each document the rows of its blocks."""
    counts = {
        f"d{n}": TaskCounts(len(rows), {("strict",): Counts(blocks(*rows)[:, 0])})
        for n, rows in enumerate(documents)
    }
    return Report(
        options=Options(tasks=("entities",), **options),
        gold=dict.fromkeys(counts, "0" * 64),
        registry="none",
        per_document={"entities": counts},
        predicted=dict.fromkeys(counts, ("entities",)),
        invalid={"mentions": invalid} if invalid else {},
    )


def only(comparison):
    """The one difference of a comparison."""
    ((found,),) = (each.differences for each in comparison.compared)
    return found


@pytest.fixture(scope="module")
def gold():
    return load_gold()


@pytest.fixture(scope="module")
def real(gold):
    """Reports on baselines that need no training."""
    names = ("quotes-marks", "quotes-rules", "claims-sentences", "claims-rules", "entities-rules")
    layers = {name: predict(BASELINES[name].factory(), gold.documents.values()) for name in names}
    return {name: score(gold, found, tasks=(name.split("-")[0],), n_boot=0) for name, found in layers.items()}


# Worked by hand


def test_the_standard_error_by_hand():
    # F1 = 2t/(p + g), so a block with counts (t, p, g) moves it by 2t/(P + G) - 2T(p + g)/(P + G)². The other
    # system has T = 1, P = G = 2: its blocks (1, 1, 1) and (0, 1, 1) move its F1 = .5 by 2/4 - 2·2/16 = .25
    # and by -.25. The baseline hits nothing, and its F1 = 0 does not react. s² = n/(n - 1) · Σ(u - ū)² = 2 ·
    # (.0625 + .0625) = .25.
    (found,) = paired_bootstrap(
        STRICT,
        blocks((0, 1, 1), (0, 1, 1)),
        [blocks((1, 1, 1), (0, 1, 1))],
        np.zeros(2, int),
        n_boot=4000,
        seed=0,
    )
    assert (found.difference, found.error) == (0.5, pytest.approx(0.5))
    # Of the four draws of two blocks two are one block of each: as observed. Two are one block twice, with F1
    # = 1 or 0 and no spread at all: t* is infinite. t = 1, so p = 1/2.
    assert found.p == pytest.approx(0.5, abs=0.03)
    assert sorted(set(found.differences)) == [0, 0.5, 1]
    # Half of the draws are more extreme than any difference, so nothing is excluded.
    assert found.interval(0.05) == (-1, 1)


def test_randomization_by_hand():
    # The baseline hits both blocks, the other none: F1 1 and 0. Of the four ways to exchange, none and both
    # give a difference of 1, one block alone gives 0: p = 2/4.
    (found,) = approximate_randomization(
        STRICT, blocks((1, 1, 1), (1, 1, 1)), [blocks((0, 1, 1), (0, 1, 1))], n_boot=4000, seed=0
    )
    assert found.difference == -1
    assert found.p == pytest.approx(0.5, abs=0.03)
    assert set(np.round(found.differences, 9)) == {-1, 0, 1}


def test_randomization_equals_enumeration():
    ours = blocks((3, 4, 5), (1, 3, 2), (0, 1, 2), (2, 2, 4), (4, 5, 5), (1, 1, 3), (0, 2, 1), (2, 4, 3))
    theirs = blocks((4, 4, 5), (2, 2, 2), (1, 1, 2), (2, 3, 4), (4, 4, 5), (0, 1, 3), (1, 1, 1), (3, 3, 3))

    def f1(counts):
        tp, n, gold = (sum(row[0][k] for row in counts) for k in (0, 1, 3))
        return 2 * tp / (n + gold)

    observed = f1(theirs) - f1(ours)
    exchanged = [
        f1([b if kept else a for kept, a, b in zip(keep, ours, theirs, strict=True)])
        - f1([a if kept else b for kept, a, b in zip(keep, ours, theirs, strict=True)])
        for keep in product((True, False), repeat=8)
    ]
    exact = sum(abs(each) >= abs(observed) - 1e-12 for each in exchanged) / 2**8
    (found,) = approximate_randomization(STRICT, ours, [theirs], n_boot=40_000, seed=3)
    assert found.difference == pytest.approx(observed)
    # Four standard errors of a share of 40,000 draws.
    assert found.p == pytest.approx(exact, abs=4 * (exact * (1 - exact) / 40_000) ** 0.5)
    assert 0.02 < exact < 0.5


def test_p_is_never_zero_and_counts_the_observed_draw():
    # Right in every block against nothing at all: no resample differs less, yet p = (0 + 1) / (B + 1). Of
    # 2^12 ways to exchange two are as extreme.
    best, nothing = [(1, 1, 1)] * 12, [(0, 0, 1)] * 12
    found = only(compare(report(nothing), report(best), n_boot=999, seed=5))
    assert found.difference == 1
    assert found.interval == (1, 1)
    assert found.bootstrap.p == 1 / 1000
    assert found.randomization.p == pytest.approx(2 / 2**12, abs=0.004)


def test_holm_by_hand():
    # Sorted .005, .01, .03, .04 times 4, 3, 2, 1: .02, .03, .06, .04; the last may not be smaller than the
    # one before.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    # Holm 1979: p-values at most α/m, α/(m-1), … are rejected, up to the first that is not.
    assert [p <= 0.05 for p in holm([0.011, 0.02, 0.03, 0.0125])] == [True, True, True, True]
    assert [p <= 0.05 for p in holm([0.013, 0.02, 0.03, 0.0126])] == [False] * 4
    assert holm([0.5, None, 0.9]) == [1.0, None, 1.0]
    assert holm([]) == []


def test_the_minimum_detectable_difference_by_hand():
    # z(.975) + z(.8) = 1.959964 + 0.841621 = 2.801585.
    assert detectable(0.02, 0.05, 0.8) == pytest.approx(0.0560317, abs=1e-6)
    # What it promises: with that true difference, |difference| > 1.96 s in 80 % of cases.
    normal = NormalDist(detectable(1, 0.05, 0.8), 1)
    assert 1 - normal.cdf(NormalDist().inv_cdf(0.975)) == pytest.approx(0.8)


def test_articles_by_hand():
    # F1 = 2t/(p + g): 1, 0 and undefined for the baseline; 0, 2·1/(2 + 2) = .5 and undefined for the other.
    found = only(
        compare(
            report([(1, 1, 1)], [(0, 1, 1), (0, 1, 1)], [(0, 0, 0)]),
            report([(0, 1, 1)], [(1, 1, 1), (0, 1, 1)], [(0, 0, 0)]),
        )
    ).spread.to_json()
    assert (found["n"], found["wins"], found["losses"], found["ties"]) == (2, 1, 1, 0)
    # -1 and .5: mean -.25, squares of the distances 2 · .75² over n - 1 = 1.
    assert (found["mean"], found["sd"]) == (-0.25, pytest.approx(1.125**0.5))
    assert (found["min"], found["max"]) == (-1, 0.5)
    assert found["documents"]["d2"] == {"baseline": None, "f1": None, "difference": None}


# The draws


def test_weights_are_multinomial_within_strata_and_the_same_for_any_chunk(monkeypatch):
    strata = np.array([7, 3, 7, 7, 5, 3, 7])
    drawn = np.concatenate(list(weights(strata, n_boot=3000, seed=0)))
    for stratum, size in ((7, 4), (3, 2), (5, 1)):
        inside = drawn[:, strata == stratum]
        assert (inside.sum(axis=1) == size).all()
        # Each weight is binomial with n = size and p = 1/size: mean 1, variance 1 - 1/size.
        assert inside.mean(axis=0) == pytest.approx(1, abs=0.08)
        assert inside.var(axis=0) == pytest.approx(1 - 1 / size, abs=0.08)
    monkeypatch.setattr(bootstrap, "_CHUNK", 40)
    assert (np.concatenate(list(weights(strata, n_boot=3000, seed=0))) == drawn).all()
    assert (np.concatenate(list(weights(strata, n_boot=11, seed=0))) == drawn[:11]).all()


row = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)).map(
    lambda given: (min(given[0], given[2]), min(given[0], given[2]) + given[1], given[2])
)
"""Hits, predicted, gold."""


@st.composite
def pairs(draw):
    """Two systems' rows by document, on the same gold."""
    golds = draw(st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=5), min_size=1, max_size=4))

    def system():
        return [[_answer(draw, gold) for gold in document] for document in golds]

    return system(), system()


def _answer(draw, gold):
    hits = draw(st.integers(0, gold))
    return hits, hits + draw(st.integers(0, 3)), gold


@given(pairs(), st.integers(0, 3))
@settings(max_examples=60)
def test_exchanging_the_two_systems_turns_the_sign_alone(pair, seed):
    first, second = (report(*each) for each in pair)
    there, back = (only(compare(*each, n_boot=50, seed=seed)) for each in ((first, second), (second, first)))
    assume(there.difference is not None)
    assert back.difference == pytest.approx(-there.difference)
    assert (back.bootstrap, back.randomization) == (there.bootstrap, there.randomization)
    assert back.interval == pytest.approx((-there.interval[1], -there.interval[0]))
    assert back.detectable == pytest.approx(there.detectable)


@given(pairs(), st.integers(0, 3), st.sampled_from([0.05, 0.2, 0.5]))
@settings(max_examples=60)
def test_the_interval_excludes_zero_where_the_bootstrap_rejects(pair, seed, alpha):
    found = only(compare(*(report(*each) for each in pair), n_boot=50, seed=seed, alpha=alpha))
    assume(found.difference is not None)
    low, high = found.interval
    assert -1 <= low <= found.difference <= high <= 1
    assert (low > 1e-9 or high < -1e-9) == (found.bootstrap.p <= alpha)


@given(pairs(), st.integers(0, 5))
@settings(max_examples=60)
def test_a_system_against_its_copy_has_p_1(pair, seed):
    found = only(compare(report(*pair[0]), report(*pair[0]), n_boot=20, seed=seed))
    if found.difference is None:
        assert (found.bootstrap, found.randomization, found.interval) == (None, None, None)
        return
    assert found.difference == 0
    # Resamples in which nothing is defined exclude nothing.
    assert found.interval == ((-1, 1) if found.bootstrap.undefined else (0, 0))
    assert (found.bootstrap.p, found.bootstrap.p_holm) == (1, 1)
    assert (found.randomization.p, found.randomization.p_holm) == (1, 1)
    assert found.detectable is None


@given(pairs())
@settings(max_examples=30)
def test_a_difference_does_not_depend_on_who_else_is_compared(pair):
    first, second = (report(*each) for each in pair)
    worse = report(*([(0, n, gold) for _, n, gold in document] for document in pair[0]), invalid=2)
    alone = only(compare(first, second, n_boot=50))
    among = compare(first, worse, second, n_boot=50).compared[0].differences[1]
    assert among.difference == alone.difference
    if alone.difference is not None:
        assert (among.interval, among.bootstrap.p) == (alone.interval, alone.bootstrap.p)
        assert among.randomization.p == alone.randomization.p


def test_every_seed_gives_its_own_draws_again_and_again(real):
    def made(seed):
        return compare(real["quotes-marks"], real["quotes-rules"], n_boot=200, seed=seed).to_json()

    found = {seed: made(seed) for seed in (0, 1, 2)}
    assert found == {seed: made(seed) for seed in (0, 1, 2)}
    intervals = {tuple(each["measures"][0]["systems"][0]["ci95"]) for each in found.values()}
    assert len(intervals) == 3


def test_rounding_decides_nothing():
    # Thirds and sevenths add up differently in another order: the systems have the same blocks, exchanged.
    rows = np.random.default_rng(1).integers(1, 9, size=(30, 3)) / 7
    ours = np.stack([rows[:, 0], rows[:, 0] + rows[:, 1], rows[:, 0], rows[:, 0] + rows[:, 2]], axis=1)[
        :, None
    ]
    strata = np.zeros(30, int)
    (found,) = paired_bootstrap(STRICT, ours, [ours[::-1].copy()], strata, n_boot=99, seed=0)
    (exchanged,) = approximate_randomization(STRICT, ours, [ours[::-1].copy()], n_boot=99, seed=0)
    assert (found.p, exchanged.p) == (1, 1)


# What is hard


def test_an_undefined_resample_speaks_against_a_difference():
    # All there is lies in one block of four, drawn in 1 - (3/4)^4 = 68 % of resamples. The other 32 % tell
    # nothing.
    ours, theirs = [(2, 2, 2)] + [(0, 0, 0)] * 3, [(1, 1, 2)] + [(0, 0, 0)] * 3
    found = only(compare(report(ours), report(theirs), n_boot=2000))
    assert found.bootstrap.undefined == pytest.approx(2000 * 0.75**4, abs=90)
    assert found.bootstrap.p > 0.25
    assert found.randomization.p == 1


def test_one_lucky_paragraph_is_no_difference():
    # The systems differ in one block: without it (e^-1 of the resamples) they are the same.
    same = [(1, 2, 2)] * 20
    found = only(compare(report([(0, 2, 2), *same]), report([(2, 2, 2), *same]), n_boot=1000))
    assert found.difference > 0
    assert found.bootstrap.p > 0.3
    assert found.randomization.p == 1


def test_documents_of_one_paragraph_are_drawn_from_together():
    # By themselves they would never vary, and every difference would be certain.
    ours, theirs = [[(1, 2, 2)]] * 6, [[(2, 2, 2)], [(0, 2, 2)]] * 3
    found = only(compare(report(*ours), report(*theirs), n_boot=500))
    assert found.standard_error > 0.1
    assert found.bootstrap.p == 1
    assert found.difference == 0


def test_what_could_not_be_read_counts():
    rows = [(1, 1, 2)] * 8
    found = only(compare(report(rows, invalid=8), report(rows), n_boot=500))
    # The same hits of 8 predicted items more: 2·8/(16 + 16) and 2·8/(8 + 16).
    assert found.score - 0.5 == pytest.approx(found.difference)
    assert found.difference == pytest.approx(2 / 3 - 1 / 2)
    # They lie in no paragraph, so exchanging them is all that randomization can do.
    assert found.randomization.p == 1


def test_a_score_that_is_undefined_has_no_difference():
    empty, rows = report([(0, 0, 0)] * 2), report([(0, 1, 0)] * 2)
    found = compare(empty, rows, rows, n_boot=20)
    assert [each.difference for each in found.compared[0].differences] == [None, None]
    assert found.compared[0].family == 0
    assert "–" in to_markdown(found.to_json())


def test_few_enough_draws_are_said_to_be_too_few():
    rows = [(1, 1, 1), (0, 1, 1)]
    found = compare(report(rows), report(rows), report(rows), n_boot=30)
    assert any("no p-value is below 0.0323" in remark for remark in found.remarks)
    assert not any("no p-value" in remark for remark in compare(report(rows), report(rows)).remarks)


# Real systems


def test_scores_are_those_of_the_reports(gold, real):
    for names, measures in (
        (("quotes-marks", "quotes-rules"), ("quotes", "quotes/speaker", "quotes/by_kind/direct")),
        (("claims-sentences", "claims-rules"), ("claims", "claims/attributes/joint")),
    ):
        reports = [real[name] for name in names]
        found = compare(*reports, names=names, measures=measures, n_boot=20)
        for each, name in zip(found.compared, measures, strict=True):
            task, *path = name.split("/")
            path = path or reports[0].headline(task)
            assert each.baseline == pytest.approx(reports[0].f1(task, *path))
            assert each.differences[0].score == pytest.approx(reports[1].f1(task, *path))


def test_macro_is_that_of_the_report(gold, real):
    entities = real["entities-rules"]
    perfect = score(gold, gold, tasks=("entities",), n_boot=0)
    (found,) = compare(entities, perfect, measures=["entities/macro"], n_boot=50).compared
    assert found.baseline == pytest.approx(entities.to_json()["tasks"]["entities"]["macro"]["f1"])
    assert found.differences[0].score == 1


def test_means_of_link_measures_are_compared(gold):
    perfect = score_links(gold, gold.links, n_boot=0)
    apart = score_links(gold, Links("none", utterances=(), claim_groups=(), claim_relations=()), n_boot=0)
    found = compare(apart, perfect, n_boot=200, names=("none", "gold"))
    tasks = [each.measure.name for each in found.compared]
    # Without entities there are no entity links at all: compared is what was attempted.
    assert tasks == ["entity-links/conll", "utterances/pairs", "claim-links/macro"]
    by_task = dict(zip(tasks, found.compared, strict=True))
    assert by_task["entity-links/conll"].differences[0].difference is None
    assert any("entity-links not attempted" in remark for remark in found.remarks)
    for name in tasks[1:]:
        assert by_task[name].differences[0].difference == 1


def test_tags_are_compared_by_sequences():
    gold = [["B-PER", "I-PER", "O", "B-LOC"], ["O", "B-LOC", "O"]] * 10
    first = [["B-PER", "I-PER", "O", "O"], ["O", "B-LOC", "O"]] * 10
    second = [["B-PER", "O", "O", "B-LOC"], ["O", "B-PER", "O"]] * 10
    reports = [score_tags(gold, each) for each in (first, second)]
    found = compare(*reports, n_boot=500)
    # Hits 20 of 20 predicted and 30 in gold: F1 = 40/50; 10 of 30 and 30: 20/60.
    assert only(found).difference == pytest.approx(20 / 60 - 40 / 50)
    assert only(found).bootstrap.p == 1 / 501
    assert only(found).spread is None
    assert "Whole sequences are resampled" in found.remarks[0]
    assert "|block:sequence|" in found.signature
    with pytest.raises(InputError, match="different-signatures"):
        compare(reports[0], score_tags(first, second))


def test_the_slope_is_that_of_the_score(real):
    rng = np.random.default_rng(0)
    for names in (("entities",), ("entities/macro", "entities/by_type/GPE")):
        for measure in (measure_of(name, [real["entities-rules"]]) for name in names):
            gold, n = rng.integers(5, 30, size=(2, len(measure.members))).astype(float)
            tp = np.minimum(gold, n) * rng.random(len(gold))
            totals = np.stack([tp, n, tp * 0.9, gold], axis=-1)
            slope = measure.slope(totals)
            for at in np.ndindex(totals.shape):
                step = np.zeros_like(totals)
                step[at] = 1e-6
                rise = measure.score(totals + step) - measure.score(totals - step)
                assert slope[at] == pytest.approx(rise / 2e-6, abs=1e-7)


def test_both_tests_hold_their_level():
    # Counts are dealt out to the systems at random, so neither is better. 300 corpora of 3 × 12 blocks: the
    # shares of rejections at .05 are binomial, and 1.5 to 9 % are more than three standard errors off.
    rng, strata = np.random.default_rng(0), np.repeat([0, 1, 2], 12)
    rejected = np.zeros(2)
    for n in range(300):
        gold = rng.poisson(3, 36)
        hits = rng.binomial(gold, rng.beta(2, 1, 36), size=(2, 36))
        systems = [blocks(*zip(tp, tp + rng.poisson(0.5, 36), gold, strict=True)) for tp in hits]
        (resampled,) = paired_bootstrap(STRICT, systems[0], systems[1:], strata, n_boot=199, seed=n)
        (exchanged,) = approximate_randomization(STRICT, systems[0], systems[1:], n_boot=199, seed=n)
        rejected += (resampled.p <= 0.05, exchanged.p <= 0.05)
    assert ((rejected > 0.015 * 300) & (rejected < 0.09 * 300)).all()


# As text


def test_tables_name_everything(real):
    systems = (real["quotes-marks"], real["quotes-rules"], real["quotes-marks"])
    value = compare(*systems, names=("a|b", "rules_1", "copy"), n_boot=100).to_json()
    found = tables(value)
    assert found.head[:6] == ("task", "measure", "system", "F1", "Δ", "95% CI")
    assert found.head[6:] == ("p boot", "Holm", "p rand", "Holm", "MDD", "MDD Holm")
    assert found.rows[0][:4] == ("quotes", "content_token", "a|b", "60.2")
    assert found.rows[1][2:5] == ("rules_1", "85.8", "+25.6")
    assert found.rows[1][6:10] == ("0.0099", "0.0198", "0.0099", "0.0198")
    assert found.rows[2][2:] == ("copy", "60.2", "0.0", "0.0 to 0.0", *["1.0000"] * 4, "–", "–")
    assert found.spread_head[3:8] == ("agencies", "ist", "japantimes", "lenta", "sputnik")
    assert [each[-1] for each in found.spread] == ["", "5–0–0", "0–0–5"]
    assert all(len(each) == len(found.head) for each in found.rows)
    assert all(len(each) == len(found.spread_head) for each in found.spread)
    assert "| quotes | content_token | a\\|b | 60.2 |" in to_markdown(value)
    latex = to_latex(value)
    assert r"rules\_1 & 85.8 & +25.6" in latex
    assert r"$\Delta$" in latex
    assert latex.count(r"\bottomrule") == 2
    assert "5 documents" in found.remarks[0]
    assert "|boot:100|seed:1|" in found.remarks[-1]


def test_one_other_needs_no_correction(real):
    value = compare(real["quotes-marks"], real["quotes-rules"], n_boot=50).to_json()
    found = tables(value)
    assert "Holm" not in found.head
    assert not any("Holm" in remark for remark in found.remarks[:-1])
    (system,) = value["measures"][0]["systems"]
    assert system["bootstrap"]["p"] == system["bootstrap"]["p_holm"]
    assert system["detectable"] == system["detectable_holm"]


# Refused


@pytest.mark.parametrize(
    "change",
    [
        {"gold": {"d0": "1" * 64}},
        {"gold": {"d0": "0" * 64, "d1": "0" * 64}},
        {"registry": "3+abc"},
        {"options": Options(tasks=("entities",), trim=True)},
    ],
)
def test_reports_on_other_gold_or_by_other_options_are_refused_by_both_signatures(change):
    first = report([(1, 1, 1)])
    other = replace(first, **change)
    with pytest.raises(InputError) as caught:
        compare(first, first, other, names=("mine", "same", "other"))
    message = str(caught.value)
    assert "[different-signatures] other and mine" in message
    assert first.signature in message
    assert other.signature in message


def test_resampling_of_the_reports_does_not_matter():
    rows = [(1, 1, 1), (0, 1, 1)]
    found = compare(report(rows, n_boot=0, seed=3, alpha=0.1), report(rows, n_boot=10), n_boot=5, seed=2)
    assert "|boot:5|seed:2|alpha:0.05|" in found.signature


@pytest.mark.parametrize(
    ("arguments", "check", "said"),
    [
        ({"n_boot": 0}, "bad-option", "n_boot=0"),
        ({"n_boot": 10**12}, "bad-option", "expected n_boot from 1 to 1,000,000"),
        ({"seed": -1}, "bad-option", "seed=-1"),
        ({"alpha": 0}, "bad-option", "alpha=0"),
        ({"power": 1}, "bad-option", "power=1"),
        ({"names": ["a"]}, "bad-option", "expected 2 different"),
        ({"names": ["a", "a"]}, "bad-option", "expected 2 different"),
        ({"measures": ["entities/loose"]}, "unknown-measure", "there are macro, strict"),
        ({"measures": ["quotes"]}, "unknown-measure", "they share entities"),
        ({"measures": []}, "unknown-measure", "no measure"),
    ],
)
def test_what_can_not_be_done_is_said(arguments, check, said):
    rows = report([(1, 1, 1)])
    with pytest.raises(InputError) as caught:
        compare(rows, rows, **arguments)
    assert caught.value.problems[0].check == check
    assert said in str(caught.value)


def test_there_must_be_reports_that_share_something(real):
    rows = report([(1, 1, 1)])
    for reports, check in (
        ((rows,), "nothing-found"),
        ((rows, {"f1": 0.5}), "wrong-type"),
        ((real["quotes-rules"], real["claims-rules"]), "unknown-task"),
        ((replace(rows, predicted={"d0": ()}),) * 2, "nothing-found"),
    ):
        with pytest.raises(InputError) as caught:
            compare(*reports)
        assert caught.value.problems[0].check == check
