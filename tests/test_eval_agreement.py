"""Agreement beyond chance: Krippendorff's α and α_u, κ on tokens, γ; published values worked by hand."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from itertools import combinations

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from vostochny.annotations.consistency import round_agreement, round_agreement_of_all
from vostochny.annotations.corpus import load_documents, load_gold
from vostochny.annotations.rounds import load_round
from vostochny.cli.main import cli
from vostochny.eval import agreement, agreement_of_all, alpha_u, krippendorff_alpha
from vostochny.eval.gamma import gamma
from vostochny.eval.token_labels import claim_labels, mention_labels, sections, units, verbatim_labels
from vostochny.schema.errors import InputError
from vostochny.schema.model import Claim, Layer, Mention, Quote, Span
from vostochny.schema.text import TextIndex

DOCUMENTS = load_documents()
GOLD = load_gold()
R1 = load_round("r1")
Section = tuple[int, int, str]


# --- nominal α -------------------------------------------------------------------------------------------

FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
"""Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C."""


def test_two_observers_binary() -> None:
    # Ibid., A. 20 values, 14 of them 0 and 6 of them 1; 4 units differ, so o_01 = 4.
    # α = 1 - (n - 1) o_01 / (n_0 n_1) = 1 - 19·4 / (14·6) = 1 - 76/84 = .095
    meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    found = krippendorff_alpha([meg, owen])
    assert found.alpha == pytest.approx(1 - 76 / 84)
    assert round(found.alpha or 0, 3) == 0.095
    assert (found.units, found.values) == (10, 20)
    # D_o = 2·4/20, D_e = 2·14·6 / (20·19).
    assert found.observed == pytest.approx(0.4)
    assert found.expected == pytest.approx(168 / 380)


def test_two_observers_many_labels() -> None:
    # Ibid., B. o_aa + … = 2 + 4 + 6 + 4 + 2 = 18; n_a … n_e = 4, 6, 6, 6, 2, so Σ n_c(n_c - 1) = 104; n = 24.
    # α = ((n - 1) Σ o_cc - Σ n_c(n_c - 1)) / (n(n - 1) - Σ n_c(n_c - 1)) = (23·18 - 104) / (552 - 104) = .692
    found = krippendorff_alpha(["aabbdcccedda", "babbbccceddd"])
    assert found.alpha == pytest.approx(310 / 448)
    assert round(found.alpha or 0, 3) == 0.692


def test_four_observers_with_missing_values() -> None:
    # Ibid., C. The last unit has one value and is left out: 11 units, 40 values. Coincidences, diagonal:
    # o_11 = 7 (3 of 3: 3·2/2; 3 of 4: 3·2/3; 2 of 2: 2), o_22 = 10, o_33 = 8, o_44 = 4, o_55 = 3, in all 32;
    # n_c = 9, 13, 10, 5, 3 and Σ n_c(n_c - 1) = 72 + 156 + 90 + 20 + 6 = 344.
    # α = (39·32 - 344) / (40·39 - 344) = 904 / 1216 = .743
    found = krippendorff_alpha(FOUR)
    assert (found.units, found.values) == (11, 40)
    assert found.alpha == pytest.approx(904 / 1216)
    assert round(found.alpha or 0, 3) == 0.743


def test_numbers_and_floats_say_the_same_as_labels() -> None:
    floats = np.array([[np.nan if v is None else v for v in row] for row in FOUR], dtype=float)
    whole = np.array([[-1 if v is None else v for v in row] for row in FOUR])
    names = [[None if v is None else f"label {v}" for v in row] for row in FOUR]
    expected = krippendorff_alpha(FOUR)
    for same in (
        floats,
        whole,
        names,
        whole.astype(np.int8),
        floats / 3,
        floats * 1e12,
        -floats,
        whole * 10**9,
    ):
        assert krippendorff_alpha(same) == expected
    assert krippendorff_alpha(np.array([[1, 2, 9], [1, 2, 8]], dtype=np.uint64)).units == 3


def test_nothing_to_pair_or_a_single_label_has_no_alpha() -> None:
    assert krippendorff_alpha([["a", None], [None, "b"]]).alpha is None
    assert krippendorff_alpha([["a", "b", "c"]]).alpha is None
    assert krippendorff_alpha([[], []]).alpha is None
    assert krippendorff_alpha([]).alpha is None
    same = krippendorff_alpha([["a"] * 5, ["a"] * 5])
    assert (same.alpha, same.units, same.observed, same.expected) == (None, 5, 0.0, 0.0)
    # A label that only a unit of one value has is none of those that could be drawn.
    assert krippendorff_alpha([["a", "a", "b"], ["a", "a", None]]).alpha is None


def test_what_is_no_table_is_refused() -> None:
    for wrong in ([["a"], ["a", "b"]], np.zeros(3), np.array([["a"]])):
        with pytest.raises(InputError, match="not-a-table"):
            krippendorff_alpha(wrong)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="rows of 1 and others of 2 units"):
        krippendorff_alpha([["a", "b"], ["a"]])


def test_nan_is_missing_in_lists_as_in_arrays() -> None:
    for table in ([[1, np.nan, 2, 2], [1, np.nan, 1, 2]], [[1, float("nan"), 2, 2], [1, None, 1, 2]]):
        assert krippendorff_alpha(table) == krippendorff_alpha([[1, None, 2, 2], [1, None, 1, 2]])


TABLES = st.integers(1, 4).flatmap(
    lambda m: st.lists(
        st.lists(st.sampled_from(["a", "b", "c", None]), min_size=m, max_size=m), min_size=0, max_size=12
    ).map(lambda units: [list(row) for row in zip(*units, strict=True)] if units else [[]] * m)
)


def by_definition(rows: Sequence[Sequence[str | None]]) -> float | None:
    """α by its coincidence matrix."""
    units = [[v for v in unit if v is not None] for unit in zip(*rows, strict=True)]
    weighted = [
        (a, b, 1 / (len(unit) - 1))
        for unit in units
        for i, a in enumerate(unit)
        for j, b in enumerate(unit)
        if i != j
    ]
    labels = [v for unit in units if len(unit) > 1 for v in unit]
    observed = sum(weight for a, b, weight in weighted if a != b)
    apart = sum(a != b for i, a in enumerate(labels) for j, b in enumerate(labels) if i != j)
    return 1 - observed * (len(labels) - 1) / apart if apart else None


@given(TABLES, st.randoms(use_true_random=False))
def test_alpha_is_what_the_coincidences_give(rows: list[list[str | None]], order: random.Random) -> None:
    found = krippendorff_alpha(rows).alpha
    assert found == (None if (expected := by_definition(rows)) is None else pytest.approx(expected))
    # Neither the order of annotators or units nor the labels' names matter.
    shuffled = [row[:] for row in order.sample(rows, len(rows))]
    units = order.sample(range(len(rows[0])), len(rows[0]))
    renamed = [[{"a": 7, "b": "x", "c": (1,), None: None}[row[n]] for n in units] for row in shuffled]
    assert krippendorff_alpha(renamed).alpha == (None if found is None else pytest.approx(found))
    if found is not None:
        assert found <= 1


@given(st.lists(st.integers(0, 3), min_size=1))
def test_perfect_agreement_is_one(labels: list[int]) -> None:
    found = krippendorff_alpha([labels] * 3).alpha
    assert found == (1.0 if len(set(labels)) > 1 else None)


def test_blocks_of_units_add_up() -> None:
    rng = np.random.default_rng(5)
    table = rng.integers(-1, 4, (3, 70_000))
    # Twice the units: D_o stays, and D_e but for drawing without replacement.
    one, two = krippendorff_alpha(table), krippendorff_alpha(np.concatenate([table, table], axis=1))
    assert (two.units, two.values) == (2 * one.units, 2 * one.values)
    assert two.observed == pytest.approx(one.observed)
    assert abs(one.alpha or 9) < 0.01


# --- α_u -------------------------------------------------------------------------------------------------


def test_the_published_example_of_two_observers_and_two_categories() -> None:
    # Krippendorff, "Measuring the reliability of qualitative text analysis data" (2004), appendix; Content
    # Analysis (2004), p. 254. Sections as (start, length): c (225, 70), (370, 30) against (220, 80),
    # (355, 20), (400, 20); k (180, 60), (300, 50), found by both alike; L = 300, from 150 on.
    i = [(225, 295, "c"), (370, 400, "c"), (180, 240, "k"), (300, 350, "k")]
    j = [(220, 300, "c"), (355, 375, "c"), (400, 420, "c"), (180, 240, "k"), (300, 350, "k")]
    found = alpha_u([i, j], [(150, 450)])
    c, k = found.categories["c"], found.categories["k"]
    # Observed, c: 5² + 5² = 50, 15² + 25² = 850, and 20² = 400 for the section in i's gap; each counts in
    # both directions: 2·1300 / (2·1·300²) = .01444.
    assert c.observed == pytest.approx(1300 / 90_000)
    assert k.observed == 0
    # Expected, c: 5 sections; gaps of 75, 75, 50 and 70, 55, 25, 30.
    #   70: 4/3·(686000 - 14700 + 70) = 895160.00; 4900·(6 + 6 + 1)                               =  63700
    #   30: 4/3·( 54000 -  2700 + 30) =  68440.00;  900·(46 + 46 + 21 + 41 + 26 + 1)              = 162900
    #   80: 4/3·(1024000 - 19200 + 80) = 1339840.00; no gap holds it                              =      0
    #   20: 4/3·( 16000 -  1200 + 20) =  19760.00;  400·(56 + 56 + 31 + 51 + 36 + 6 + 11) = 98800, twice
    #   sum 2342960 + 424200 = 2767160; 2/300 of it = 18447.73
    #   possible: 600·599 - (70·69 + 30·29 + 80·79 + 20·19·2) = 359400 - 12780 = 346620
    assert c.expected == pytest.approx(2_767_160 / 150 / 346_620)
    # As published, to four places: .0144, .0532, .7286; .0490, 1.0.
    assert round(c.observed, 4) == 0.0144
    assert round(c.expected, 4) == 0.0532
    assert c.alpha == pytest.approx(0.7286, abs=5e-5)
    assert round(k.expected, 4) == 0.0490
    assert k.alpha == 1.0
    # Both: published is .8591, from the rounded parts; unrounded, 1 - .014444 / (.053222 + .048979) = .8587.
    assert found.alpha == pytest.approx(0.8587, abs=5e-5)
    assert found.sections == 9


EXAMPLES_OF_1995 = {
    # Krippendorff, "On the reliability of unitizing continuous data" (1995), p. 57: two observers, L = 24.
    "A": ([(2, 10), (14, 20)], [(4, 8), (15, 17)]),
    "B": ([(0, 18)], [(0, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 9), (9, 10)]),
    "C": ([(2, 8), (10, 12), (14, 18), (20, 22)], [(0, 2), (4, 8), (10, 14), (16, 18), (20, 22)]),
    "D": ([(0, 2), (2, 10), (10, 14), (14, 20), (20, 24)], [(0, 4), (4, 8), (8, 15), (15, 17), (17, 24)]),
}


def of_1995(name: str, stretch: float) -> tuple[list[list[Section]], list[tuple[int, int]]]:
    found = [[(int(a * stretch), int(b * stretch), "x") for a, b in each] for each in EXAMPLES_OF_1995[name]]
    return found, [(0, int(24 * stretch))]


@pytest.mark.parametrize(
    ("name", "observed"), [("A", 0.03125), ("B", 2.26736), ("C", 0.02777), ("D", 0.38715)]
)
def test_observed_disagreement_of_1995(name: str, observed: float) -> None:
    # A: 2² + 2² for the first sections, 1² + 3² for the second; 18/24² = .03125. Stretching changes nothing.
    for stretch in (1, 50):
        assert alpha_u(*of_1995(name, stretch)).observed == pytest.approx(observed, abs=1e-5)


def test_alpha_u_of_1995() -> None:
    # For a continuum of very many units, published are D_e .06990 and .41445, α_u .553 and .066. By hand, A:
    # 2/3·3·(8³ + 6³ + 4³ + 2³) = 1600; in the gaps of 2, 4, 4 | 4, 7, 7: 36·2 + 16·6 + 4·16 = 232; so
    # D_e = 1832/12 / (48² - (8² + 6² + 4² + 2²)) = 152.67 / 2184 = .06990.
    a, d = (alpha_u(*of_1995(name, 50_000)) for name in "AD")
    assert a.expected == pytest.approx(0.06990, abs=5e-6)
    assert a.alpha == pytest.approx(0.553, abs=5e-4)
    assert d.expected == pytest.approx(0.41445, abs=5e-6)
    assert d.alpha == pytest.approx(0.066, abs=5e-4)
    # C on 12 units: published are .02777, .05494 and .494. (The limits published for B and C, 1.17731 and
    # .08642, follow from the formula of 1995; that of 2004, used here, gives 1.17578 and .09050.)
    c = alpha_u(*of_1995("C", 0.5))
    assert c.expected == pytest.approx(0.05494, abs=5e-6)
    assert c.alpha == pytest.approx(0.494, abs=5e-4)


CONTINUUM = 30
CUT = st.lists(st.integers(0, CONTINUUM), unique=True, max_size=10).map(
    lambda cuts: [(a, b, "x") for a, b in zip(*[iter(sorted(cuts))] * 2, strict=False)]
)


def by_pairs(annotators: Sequence[Sequence[Section]]) -> tuple[float, float]:
    """D_o and D_e over all pairs of sections and gaps."""
    m, n, length = len(annotators), sum(map(len, annotators)), CONTINUUM
    gaps = []
    for found in annotators:
        taken = {place for start, end, _ in found for place in range(start, end)}
        free = "".join(" " if place in taken else "." for place in range(length))
        gaps += [len(gap) for gap in free.split()]
    apart = 0
    for ours, theirs in combinations(annotators, 2):
        pairs = [(x, y) for x in ours for y in theirs if x[0] < y[1] and y[0] < x[1]]
        apart += sum((x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2 for x, y in pairs)
        alone = [x for x in ours if x not in [p for p, _ in pairs]]
        alone += [y for y in theirs if y not in [p for _, p in pairs]]
        apart += sum((end - start) ** 2 for start, end, _ in alone)
    chance, possible = 0.0, m * length * (m * length - 1)
    for length_ in (end - start for found in annotators for start, end, _ in found):
        chance += (n - 1) / 3 * (2 * length_**3 - 3 * length_**2 + length_)
        chance += length_**2 * sum(gap - length_ + 1 for gap in gaps if gap >= length_)
        possible -= length_ * (length_ - 1)
    return 2 * apart / (m * (m - 1) * length**2), 2 / length * chance / possible


@given(st.lists(CUT, min_size=2, max_size=4))
def test_alpha_u_is_what_all_pairs_give(annotators: list[list[Section]]) -> None:
    found = alpha_u(annotators, [(0, CONTINUUM)])
    if not any(annotators):
        assert (found.alpha, found.sections) == (None, 0)
        return
    assert (found.observed, found.expected) == pytest.approx(by_pairs(annotators))
    turned = alpha_u([[(a, b, "y") for a, b, _ in each[::-1]] for each in annotators[::-1]], [(0, CONTINUUM)])
    assert turned.alpha == pytest.approx(found.alpha)
    assert alpha_u([annotators[0]] * 3, [(0, CONTINUUM)]).alpha == (1.0 if annotators[0] else None)


def test_stretches_bound_gaps() -> None:
    one = [(0, 2, "x"), (6, 8, "x")]
    other = [(0, 3, "x")]
    joined, cut = (alpha_u([one, other], parts) for parts in ([(0, 10)], [(0, 5), (5, 10)]))
    # What was observed is the same; a section has less room in shorter gaps.
    assert cut.observed == joined.observed
    assert cut.expected < joined.expected
    # Their order and what lies between them is nothing to α_u.
    moved = [
        [(a + 100, b + 100, c) if a < 5 else (a - 5, b - 5, c) for a, b, c in each] for each in (one, other)
    ]
    assert alpha_u(moved, [(0, 5), (100, 105)]) == cut


@pytest.mark.parametrize(
    ("annotators", "stretches", "check"),
    [
        ([[(0, 1, "x")]], [(0, 9)], "one-annotator"),
        ([[], []], [], "bad-stretches"),
        ([[], []], [(0, 5), (4, 9)], "bad-stretches"),
        ([[(3, 3, "x")], []], [(0, 9)], "is empty"),
        ([[(3, 5, "x"), (4, 6, "x")], []], [(0, 9)], "overlaps"),
        ([[(3, 5, "x")], []], [(0, 4), (4, 9)], "does not lie within"),
        ([[(-2, -1, "x")], []], [(0, 4)], "does not lie within"),
        ([[(0.5, 2, "x")], []], [(0, 9)], "bad-section"),  # type: ignore[list-item]
    ],
)
def test_bad_sections_are_refused(
    annotators: list[list[Section]], stretches: list[tuple[int, int]], check: str
) -> None:
    with pytest.raises(InputError, match=check):
        alpha_u(annotators, stretches)
    assert alpha_u([[(3, 5, "x"), (4, 6, "y")], [(5, 6, "x")]], [(0, 9)]).sections == 3


# --- tokens ----------------------------------------------------------------------------------------------

IST = DOCUMENTS["ist"]
INDEX = TextIndex(IST)


def at(first: int, last: int) -> Span:
    """The span of some tokens, the last one included."""
    return Span(IST.tokens[first][0], IST.tokens[last][1])


def mention(id: str, first: int, last: int, type: str) -> Mention:
    span = at(first, last)
    return Mention(id, span.start, span.end, None, type)


def test_labels_of_tokens() -> None:
    layer = Layer(
        "ist",
        "x",
        mentions=(mention("m1", 2, 4, "ORG"), mention("m2", 4, 4, "GPE"), mention("m3", 6, 6, "GPE")),
        quotes=(
            Quote("q1", (at(10, 12), at(20, 21)), verbatim=(at(11, 11),)),
            Quote("q2", (at(20, 20),), verbatim=None, within="q1"),
            Quote("q3", (at(30, 31),), verbatim=None),
        ),
        claims=(
            Claim("c1", (at(40, 41), at(44, 45))),
            Claim("c2", (at(45, 46),)),
            Claim("c3", (at(47, 47),)),
        ),
    )
    types = mention_labels(layer, INDEX)
    assert types[1:7] == ["none", "ORG", "ORG", "GPE+ORG", "none", "GPE"]
    verbatim = verbatim_labels(layer, INDEX)
    assert verbatim[9:13] == [None, "reported", "verbatim", "reported"]
    # Of the quote inside, nobody said whether it is verbatim.
    assert verbatim[20:22] == [None, "reported"]
    assert verbatim[30] is None
    assert claim_labels(layer, INDEX)[39:48] == ["none", *["claim"] * 2, "none", "none", *["claim"] * 4]
    assert units(layer, "mentions", INDEX) == [(4, 5, "GPE"), (6, 7, "GPE"), (2, 5, "ORG")]
    assert sections(layer, "quotes", INDEX) == [
        (10, 13, "level 0"),
        (20, 22, "level 0"),
        (30, 32, "level 0"),
        (20, 21, "level 1"),
    ]
    # Overlapping claims are one section, neighbours are two.
    assert sections(layer, "claims", INDEX) == [(40, 42, "claim"), (44, 47, "claim"), (47, 48, "claim")]
    assert units(layer, "claims", INDEX)[1:3] == [(44, 46, "claim"), (45, 47, "claim")]


def test_quotes_within_each_other_in_a_circle_end() -> None:
    circle = Layer(
        "ist", "x", quotes=(Quote("q1", (at(0, 1),), within="q2"), Quote("q2", (at(5, 6),), within="q1"))
    )
    assert {category for _, _, category in sections(circle, "quotes", INDEX)} == {"level 1"}


def test_kappa_and_alpha_on_tokens_by_hand() -> None:
    n = len(IST.tokens)
    a = Layer("ist", "a", mentions=(), quotes=(), claims=(Claim("c1", (at(0, 9),)),))
    b = replace(a, annotator="b", claims=(Claim("c1", (at(5, 14),)),))
    value = agreement([a], [b], DOCUMENTS, n_boot=0)
    leaf = value["tokens"]["claim"]
    # 5 tokens in both, 10 in one, the others in none.
    assert leaf["n"] == n
    assert leaf["accuracy"] == pytest.approx((n - 10) / n)
    chance = (10 * 10 + (n - 10) ** 2) / n**2
    assert leaf["kappa"] == pytest.approx(((n - 10) / n - chance) / (1 - chance))
    # α = 1 - (N - 1) o / (n_c n_k), with N = 2n values, o = 10 units that differ, 20 values of claims.
    assert leaf["alpha"] == pytest.approx(1 - (2 * n - 1) * 10 / (20 * (2 * n - 20)))
    # Nobody marked a mention: nothing differs, and nothing could.
    assert value["tokens"]["mention_type"] == {"n": n, "accuracy": 1.0, "kappa": None, "alpha": None}
    assert value["tokens"]["quote_verbatim"] == {"n": 0, "accuracy": None, "kappa": None, "alpha": None}
    # α_u: 5² + 5² = 50, so D_o = 50 / n².
    unitizing = value["unitizing"]["claims"]
    assert unitizing["n"] == 2
    assert unitizing["observed"] == pytest.approx(50 / n**2)
    assert unitizing["categories"]["claim"]["alpha_u"] == unitizing["alpha_u"]
    assert value["unitizing"]["mentions"]["alpha_u"] is None


def test_parts_that_somebody_left_out_are_missing_values() -> None:
    without = {name: replace(layer, claims=None) for name, layer in GOLD.items()}
    value = agreement(GOLD, without, DOCUMENTS, n_boot=0)
    assert value["tokens"]["claim"] == {"n": 0, "accuracy": None, "kappa": None, "alpha": None}
    assert value["unitizing"]["claims"]["n"] == 0
    assert value["unitizing"]["claims"]["alpha_u"] is None
    assert value["tokens"]["mention_type"]["alpha"] == 1.0
    # Two of three did it: the third is a missing value to α, and no partner to κ.
    of_all = agreement_of_all({"a": GOLD, "b": GOLD, "c": without}, DOCUMENTS)
    assert of_all["tokens"]["claim"]["alpha"] == 1.0
    assert of_all["tokens"]["claim"]["kappa"] is None
    assert of_all["f1"]["claims"]["span"] is None
    assert of_all["f1"]["entities"]["strict"] == 1.0


@pytest.mark.parametrize("name", ["r0", "r1"])
def test_real_rounds(name: str) -> None:
    found = load_round(name)
    first, second = (found.layers[annotator] for annotator in found.annotators)
    value = agreement(first, second, DOCUMENTS, GOLD.entities, n_boot=0)
    # An independent κ on the same tokens.
    for label, part, read in (
        ("mention_type", "mentions", mention_labels),
        ("claim", "claims", claim_labels),
    ):
        ours, theirs = (
            [x for d in found.documents for x in read(layers[d], TextIndex(DOCUMENTS[d]))]
            for layers in (first, second)
        )
        assert value["tokens"][label]["n"] == sum(len(DOCUMENTS[d].tokens) for d in found.documents)
        assert value["tokens"][label]["kappa"] == pytest.approx(cohen_kappa_score(ours, theirs))
        assert 0.97 < value["unitizing"][part]["alpha_u"] <= 1
    turned = agreement(second, first, DOCUMENTS, GOLD.entities, n_boot=0)
    for label, leaf in value["tokens"].items():
        assert turned["tokens"][label] == pytest.approx(leaf)
    assert turned["unitizing"]["claims"]["alpha_u"] == pytest.approx(value["unitizing"]["claims"]["alpha_u"])


def test_any_number_of_annotators() -> None:
    three = {**R1.layers, "gold": GOLD}
    value = agreement_of_all(three, DOCUMENTS, GOLD.entities)
    pairs = [
        agreement(three[a], three[b], DOCUMENTS, GOLD.entities, n_boot=0) for a, b in combinations(three, 2)
    ]
    assert value["annotators"] == ["a1", "a2", "gold"]
    spans = [pair["tasks"]["claims"]["span"]["f1"] for pair in pairs]
    assert value["f1"]["claims"]["span"] == pytest.approx(sum(spans) / 3)
    kappas = [pair["tokens"]["claim"]["kappa"] for pair in pairs]
    assert value["tokens"]["claim"]["kappa"] == pytest.approx(sum(kappas) / 3)
    # Complete data of as many annotators: D_o is the mean of the pairs'.
    alphas = [pair["tokens"]["claim"]["alpha"] for pair in pairs]
    assert value["tokens"]["claim"]["alpha"] == pytest.approx(sum(alphas) / 3, abs=1e-5)
    observed = [pair["unitizing"]["claims"]["observed"] for pair in pairs]
    assert value["unitizing"]["claims"]["observed"] == pytest.approx(sum(observed) / 3)
    with pytest.raises(InputError, match="one-annotator"):
        agreement_of_all({"gold": GOLD}, DOCUMENTS)


def test_a_round_lists_them() -> None:
    figures, value = round_agreement(load_round("r0"), DOCUMENTS, GOLD.entities)
    listed = {(f.part, f.name): f for f in figures}
    assert listed["claims", "token κ"].value == value["tokens"]["claim"]["kappa"]
    assert listed["quotes", "verbatim token α"].n == value["tokens"]["quote_verbatim"]["n"]
    assert listed["claims", "α_u"].value == value["unitizing"]["claims"]["alpha_u"]
    assert (listed["claims", "α_u"].unit, listed["claims", "token α"].unit) == ("section", "token")
    of_all, _ = round_agreement_of_all(load_round("r0"), DOCUMENTS, GOLD.entities)
    # Of two annotators, all at once are the pair.
    assert of_all == [f for f in figures if "α" in f.name]


# --- γ ---------------------------------------------------------------------------------------------------


def test_gamma_says_which_extra_it_needs() -> None:
    if find_spec("pygamma_agreement"):
        pytest.skip("the extra gamma is installed")
    with pytest.raises(InputError, match=r"pip install 'vostochny\[gamma\]'"):
        gamma(R1.layers, DOCUMENTS)
    result = CliRunner().invoke(cli, ["round", "agree", "r0", "--gamma"])
    assert "vostochny[gamma]" in str(result.exception)


@pytest.mark.gamma
def test_gamma_of_a_real_round() -> None:
    pytest.importorskip("pygamma_agreement")
    found = load_round("r0")
    np.random.seed(3)
    before, log = np.random.get_state()[1].tolist(), random.getstate()
    value = gamma(found.layers, DOCUMENTS, samples=10)
    # Nothing global is touched, and the same seed gives the same.
    assert np.random.get_state()[1].tolist() == before
    assert random.getstate() == log
    np.random.seed(99)
    assert gamma(found.layers, DOCUMENTS, samples=10) == value
    assert value["mentions"]["gamma"] == value["quotes"]["gamma"] == 1.0
    assert 0.95 < value["claims"]["gamma"] < 1
    assert value["claims"]["documents"] == {"japantimes": pytest.approx(value["claims"]["gamma"])}
    assert value["mentions"]["n"] == 2 * len(found.layers["a1"]["japantimes"].mentions or ())


@pytest.mark.gamma
def test_gamma_by_hand() -> None:
    pytest.importorskip("pygamma_agreement")
    # One unit each, [0, 10) and [2, 12): the positional dissimilarity of the paper is
    # ((2 + 2) / (10 + 10))² = .04, the categories are the same, and the disorder .04 for the one pair.
    a = Layer("ist", "a", mentions=(), quotes=(), claims=(Claim("c1", (at(0, 9),)),))
    b = replace(a, annotator="b", claims=(Claim("c1", (at(2, 11),)),))
    value = gamma({"a": [a], "b": [b]}, DOCUMENTS, samples=5)
    assert value["claims"]["observed"] == pytest.approx(0.04)
    assert value["claims"]["gamma"] == pytest.approx(1 - 0.04 / value["claims"]["expected"])
    assert value["mentions"] == {
        "n": 0, "gamma": None, "observed": None, "expected": None, "documents": {}, "samples": 5, "seed": 1,
    }  # fmt: skip
    for wrong in ({"samples": 0}, {"seed": -1}):
        with pytest.raises(InputError, match="bad-option"):
            gamma({"a": [a], "b": [b]}, DOCUMENTS, **wrong)
    with pytest.raises(InputError, match="one-annotator"):
        gamma({"a": [a]}, DOCUMENTS)


@pytest.mark.gamma
def test_the_command_prints_gamma() -> None:
    pytest.importorskip("pygamma_agreement")
    value = json.loads(
        CliRunner().invoke(cli, ["round", "agree", "r0", "--gamma", "--format", "json"]).stdout
    )
    assert value["gamma"]["mentions"]["gamma"] == 1.0
    assert value["tokens"]["mention_type"]["kappa"] == 1.0
