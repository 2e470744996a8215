"""The measures of clusterings: published examples, an oracle, what must hold of any, and known traps."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from scorch import scores as scorch

from vostochny.eval.contingency import ClusterTable
from vostochny.eval.counts import Counts, Floats, Totals, mean_defined
from vostochny.eval.link_b_cubed import b_cubed
from vostochny.eval.link_ceaf import ceaf_e, ceaf_m
from vostochny.eval.link_lea import lea
from vostochny.eval.link_muc import muc
from vostochny.eval.link_pairs import apart, pairs
from vostochny.eval.link_relations import relation_pairs

MEASURES: dict[str, Callable[[ClusterTable], Floats]] = {
    "muc": muc, "b3": b_cubed, "ceafm": ceaf_m, "ceafe": ceaf_e, "lea": lea, "pairs": pairs, "apart": apart,
}  # fmt: skip

Clusters = Sequence[Iterable[Hashable]]


def totals(name: str, gold: Clusters, other: Clusters) -> Totals:
    return Counts(MEASURES[name](ClusterTable.of(gold, other))).totals


def blanc(gold: Clusters, other: Clusters) -> float | None:
    return mean_defined([totals(kind, gold, other).f1 for kind in ("pairs", "apart")])


def conll(gold: Clusters, other: Clusters) -> float | None:
    return mean_defined([totals(name, gold, other).f1 for name in ("muc", "b3", "ceafe")])


A = "a bc def"
# Cases of the reference scorer of the CoNLL shared tasks (github.com/conll/reference-coreference-scorers,
# test/TestCases.README and test/CorefMetricTestConfig.pm; Pradhan et al., ACL 2014), with the LEA values
# that Moosavi & Strube added to them. D and E are the examples of Bagga & Baldwin (1998), F to L those of
# Vilain et al. (1995), B and C those of Luo et al. (2014). Each value is (recall, precision).
CASES: dict[str, tuple[str, str, dict[str, tuple[float, float]]]] = {
    "A1": (A, A, dict.fromkeys(MEASURES, (1, 1))),
    "A2": (A, "a de", {
        "muc": (1 / 3, 1), "b3": (7 / 18, 1), "ceafm": (1 / 2, 1), "ceafe": (0.6, 0.9),
        "pairs": (1 / 4, 1), "apart": (2 / 11, 1), "lea": (1 / 3, 1),
    }),
    "A3": (A, "a bcx defy z", {
        "muc": (1, 3 / 5), "b3": (1, 55 / 108), "ceafm": (1, 2 / 3),
        "ceafe": ((1 + 4 / 5 + 6 / 7) / 3, (1 + 4 / 5 + 6 / 7) / 4),
        "pairs": (1, 4 / 9), "apart": (1, 11 / 27), "lea": (1, (1 + 1 + 2) / 9),
    }),
    "A4": (A, "a bcx dy z", {
        "muc": (1 / 3, 1 / 3), "b3": (5 / 9, 17 / 42), "ceafm": (4 / 6, 4 / 7),
        "ceafe": (2.2 / 3, 2.2 / 4), "pairs": (1 / 4, 1 / 4), "apart": (5 / 11, 5 / 17),
        "lea": (1 / 2, 2 / 7),
    }),
    "A5": (A, "a bcxB dy z", {
        "muc": (1 / 3, 1 / 4), "b3": (5 / 9, 5 / 16), "ceafm": (4 / 6, 4 / 8),
        "ceafe": ((1 + 4 / 6 + 2 / 5) / 3, (1 + 4 / 6 + 2 / 5) / 4), "pairs": (1 / 4, 1 / 7),
        "apart": (5 / 11, 5 / 21), "lea": (1 / 2, (1 + 4 / 6) / 8),
    }),
    "A6": (A, "a bcx dy Bz", {
        "muc": (1 / 3, 1 / 4), "b3": (5 / 9, 17 / 48), "ceafm": (4 / 6, 4 / 8), "ceafe": (2.2 / 3, 2.2 / 4),
        "pairs": (1 / 4, 1 / 5), "apart": (5 / 11, 5 / 23), "lea": (1 / 2, 2 / 8),
    }),
    "A10": (A, "a b c d e f", {
        "b3": (3 / 6, 1), "pairs": (0, None), "apart": (1, 11 / 15), "muc": (0, None), "lea": (1 / 6, 1 / 6),
    }),
    "A11": (A, "abcdef", {
        "muc": (1, 3 / 5), "b3": (1, 7 / 18), "pairs": (1, 4 / 15), "apart": (0, None),
        "lea": (5 / 6, 4 / 15),
    }),
    "A12": (A, "a x y c d e z", {
        "b3": (13 / 36, 4 / 7), "pairs": (0, None), "apart": (5 / 11, 5 / 21), "lea": (1 / 6, 1 / 7),
    }),
    "A13": (A, "axycdez", {
        "muc": (1 / 3, 1 / 6), "b3": (17 / 36, 6 / 49), "pairs": (1 / 4, 1 / 21), "apart": (0, None),
        "lea": (1 / 6, 1 / 21),
    }),
    "B1": ("ab cde", "bcx de", {"pairs": (1 / 4, 1 / 4), "apart": (2 / 6, 2 / 6), "lea": (1 / 5, 2 / 5)}),
    "C1": ("ab cde fg", "bcx de fg", {
        "pairs": (2 / 5, 2 / 5), "apart": (10 / 16, 10 / 16), "lea": (3 / 7, 4 / 7),
    }),
    "D1": ("12345 67 89ABC", "12345 6789ABC", {
        "muc": (1, 9 / 10), "b3": (1, 16 / 21), "lea": (1, (5 + 7 * 11 / 21) / 12),
    }),
    "E1": ("12345 67 89ABC", "1234589ABC 67", {
        "muc": (1, 9 / 10), "b3": (1, 7 / 12), "lea": (1, (10 * 20 / 45 + 2) / 12),
    }),
    "F1": ("ABCD", "AB CD", {"muc": (2 / 3, 1), "lea": (2 / 6, 1)}),
    "G1": ("AB CD", "ABCD", {"muc": (1, 2 / 3), "lea": (1, 2 / 6)}),
    "J1": ("ABC", "AC", {"muc": (1 / 2, 1), "lea": (1 / 3, 1)}),
    "K1": ("BCDEGHJ", "ABC DEF GHI", {"muc": (3 / 6, 3 / 6), "lea": (3 / 21, 3 / 9)}),
    "L1": ("ABC DEFG", "AB CD FGH", {"muc": (2 / 5, 2 / 4), "lea": ((1 + 4 / 6) / 7, 3 / 7)}),
    "M1": ("abcdef", "abcdef", {name: (1, 1) for name in MEASURES if name != "apart"}),
    "M2": ("abcdef", "a b c d e f", {"muc": (0, None), "pairs": (0, None), "lea": (0, 0)}),
    "M3": ("abcdef", "ab cde f", {"pairs": (4 / 15, 1), "lea": (4 / 15, 5 / 6)}),
    "M4": ("abcdef", "abcxyz", {"pairs": (3 / 15, 3 / 15), "lea": (3 / 15, 3 / 15)}),
    "M6": ("abcdef", "ab cxy z", {"pairs": (1 / 15, 1 / 4), "lea": (1 / 15, 2 / 6)}),
    "N1": ("a b c d e f", "a b c d e f", {
        "b3": (1, 1), "ceafm": (1, 1), "ceafe": (1, 1), "apart": (1, 1), "lea": (1, 1), "pairs": (None, None),
    }),
    "N2": ("a b c d e f", "abcdef", {"apart": (0, None), "lea": (0, 0)}),
    "N3": ("a b c d e f", "ab cde f", {"apart": (11 / 15, 1), "lea": (1 / 6, 1 / 6)}),
    "N4": ("a b c d e f", "a b c x y z", {"apart": (3 / 15, 3 / 15), "lea": (1 / 2, 1 / 2)}),
    "N6": ("a b c d e f", "ab cxy z", {"apart": (2 / 15, 2 / 11), "lea": (0, 0)}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_published_examples(case: str) -> None:
    gold, other, expected = CASES[case]
    for name, (recall, precision) in expected.items():
        found = totals(name, gold.split(), other.split())
        assert found.recall == (None if recall is None else pytest.approx(recall)), name
        assert found.precision == (None if precision is None else pytest.approx(precision)), name


def test_published_values_of_blanc() -> None:
    """Case: BLANC's F of the reference scorer (CorefMetricTestConfig.pm)."""
    for case, value in {
        "A1": 1, "A2": 0.35385, "A3": 0.59717, "A4": 0.30357, "A5": 0.24716, "A6": 0.25817, "A10": 0.42308,
        "A11": 0.21053, "A12": 0.15625, "A13": 0.04, "B1": 7 / 24, "C1": 0.5125, "M1": 1, "M2": 0, "M4": 0.2,
        "N1": 1, "N2": 0, "N4": 0.2,
    }.items():  # fmt: skip
        gold, other, _ = CASES[case]
        assert blanc(gold.split(), other.split()) == pytest.approx(value, abs=1e-5), case


def test_luo_2005_example() -> None:
    """Luo (2005), Table 1: the true partition {1-5}{6,7}{8-C} against four responses; B³, CEAF by φ₃ and φ₄.

    (a) merges the last two, (b) the first and last, (c) all; (d) has singletons only. E.g. (b) by φ₄: the
    matching takes {67} with itself, 1, and one of the fives with the ten, 2·5/15 = 2/3: 5/3 over 3 gold
    clusters and 2 others, F = 2·(5/3)/(3 + 2) = 2/3 (printed .667).
    """
    true = ["12345", "67", "89ABC"]
    for other, by_items, by_mentions, by_entities in (
        (["12345", "6789ABC"], 0.865, 0.833, 0.733),
        (["1234589ABC", "67"], 0.737, 0.583, 0.667),
        (["123456789ABC"], 0.545, 0.417, 0.294),
        (list("123456789ABC"), 0.400, 0.250, 0.178),
    ):
        assert totals("b3", true, other).f1 == pytest.approx(by_items, abs=6e-4)
        assert totals("ceafm", true, other).f1 == pytest.approx(by_mentions, abs=6e-4)
        assert totals("ceafe", true, other).f1 == pytest.approx(by_entities, abs=6e-4)


# What must hold of any two clusterings.

LABELS = st.lists(st.tuples(st.integers(-1, 5), st.integers(-1, 5)), max_size=14)


def split(labels: list[tuple[int, int]]) -> tuple[list[set[int]], list[set[int]]]:
    """Two clusterings of the items that have a label on the side (-1: the side does not have the item)."""
    sides = []
    for side in (0, 1):
        clusters: dict[int, set[int]] = {}
        for item, both in enumerate(labels):
            if both[side] >= 0:
                clusters.setdefault(both[side], set()).add(item)
        sides.append(list(clusters.values()))
    return sides[0], sides[1]


@given(LABELS)
def test_the_oracle_agrees(labels: list[tuple[int, int]]) -> None:
    """scorch 0.2 has MUC, B³, CEAF and BLANC after the same papers.

    It differs in what is undefined: it says 0 where there is nothing to be right or wrong about, and its CEAF
    fails on sides that share no item. BLANC is compared below.
    """
    gold, other = split(labels)
    if not any(k & r for k in gold for r in other):
        return
    oracles = {"muc": scorch.muc, "b3": scorch.b_cubed, "ceafm": scorch.ceaf_m, "ceafe": scorch.ceaf_e}
    for name, oracle in oracles.items():
        found = totals(name, gold, other)
        ours = (found.recall or 0, found.precision or 0, found.f1 or 0)
        assert ours == pytest.approx(oracle(gold, other), abs=1e-12), name


@given(LABELS)
def test_the_oracle_agrees_on_blanc_where_gold_has_both_kinds_of_pairs(labels: list[tuple[int, int]]) -> None:
    """Where gold has none of a kind, scorch (like the reference scorer) takes the other kind alone.

    Luo et al. (2014) take the mean with 0 if the system has some: then a system is not excused for pairs that
    it made up, and the score is the same whichever side is called gold. So do we.
    """
    gold, other = split(labels)
    if not gold or not other:
        return
    kinds = [totals(kind, gold, other) for kind in ("pairs", "apart")]
    expected = scorch.blanc(gold, other)
    if all(kind.n_gold for kind in kinds):
        assert blanc(gold, other) == pytest.approx(expected[2], abs=1e-12)


def test_blanc_does_not_excuse_pairs_of_a_kind_that_gold_has_none_of() -> None:
    # N3: gold has no pairs together, the system four. Apart: P = 1, R = 11/15, F = 22/26; together: F = 0.
    assert blanc("abcdef", ["ab", "cde", "f"]) == pytest.approx((22 / 26 + 0) / 2)
    # Which is what the other way round gives, too.
    assert blanc(["ab", "cde", "f"], "abcdef") == pytest.approx((22 / 26 + 0) / 2)
    assert scorch.blanc([{c} for c in "abcdef"], [set("ab"), set("cde"), {"f"}])[2] == pytest.approx(22 / 26)


@given(LABELS)
def test_equal_clusterings_are_exactly_one(labels: list[tuple[int, int]]) -> None:
    gold, _ = split(labels)
    for name in MEASURES:
        each = totals(name, gold, gold)
        assert each.f1 == (1.0 if each.n_gold else None), name
        assert each.precision == each.recall == each.f1
    assert conll(gold, gold) == (1.0 if gold else None)


@given(LABELS)
def test_swapping_the_sides_swaps_precision_and_recall(labels: list[tuple[int, int]]) -> None:
    gold, other = split(labels)
    for name in MEASURES:
        there, back = totals(name, gold, other), totals(name, other, gold)
        assert (there.precision, there.recall) == (
            pytest.approx(back.recall),
            pytest.approx(back.precision),
        ), name
        assert there.f1 == pytest.approx(back.f1)


@given(LABELS, st.randoms())
def test_order_and_names_do_not_matter(labels: list[tuple[int, int]], random: Any) -> None:
    gold, other = split(labels)
    moved = list(range(len(labels)))
    random.shuffle(moved)
    again = [[[moved[item] for item in cluster] for cluster in side] for side in (gold, other)]
    for side in again:
        random.shuffle(side)
    for name in MEASURES:
        assert vars_of(totals(name, gold, other)) == pytest.approx(vars_of(totals(name, *again))), name


def vars_of(each: Totals) -> tuple[float, ...]:
    return each.tp_pred, each.n_pred, each.tp_gold, each.n_gold


@given(LABELS)
def test_no_item_earns_more_than_it_could(labels: list[tuple[int, int]]) -> None:
    table = ClusterTable.of(*split(labels))
    for name, measure in MEASURES.items():
        counts = measure(table)
        assert (counts >= 0).all(), name
        assert (counts[:, 0] <= counts[:, 1] + 1e-12).all(), name
        assert (counts[:, 2] <= counts[:, 3] + 1e-12).all(), name


@given(LABELS)
def test_totals_are_those_of_the_definitions(labels: list[tuple[int, int]]) -> None:
    """The published numerators and denominators, from sets, not from shares of items."""
    gold, other = split(labels)

    def parts(cluster: set[int], clusters: list[set[int]]) -> int:
        return sum(bool(cluster & each) for each in clusters) + len(cluster - set().union(*clusters))

    def links(n: int) -> float:
        return n * (n - 1) / 2

    def resolved(cluster: set[int], clusters: list[set[int]]) -> float:
        if len(cluster) == 1:
            return float(cluster in clusters)
        return len(cluster) * sum(links(len(cluster & each)) for each in clusters) / links(len(cluster))

    expected = {
        "muc": [(len(k) - parts(k, other), len(k) - 1) for k in gold],
        "b3": [(sum(len(k & r) ** 2 for r in other) / len(k), len(k)) for k in gold],
        "lea": [(resolved(k, other), len(k)) for k in gold],
        "pairs": [(sum(links(len(k & r)) for r in other), links(len(k))) for k in gold],
    }
    for name, shares in expected.items():
        found = totals(name, gold, other)
        assert found.tp_gold == pytest.approx(sum(a for a, _ in shares)), name
        assert found.n_gold == pytest.approx(sum(b for _, b in shares)), name


@given(LABELS)
def test_ceaf_by_component_is_the_dense_assignment(labels: list[tuple[int, int]]) -> None:
    gold, other = split(labels)
    if not gold or not other:
        return
    shared = np.array([[len(k & r) for r in other] for k in gold], dtype=float)
    dice = np.array([[2 * len(k & r) / (len(k) + len(r)) for r in other] for k in gold])
    for name, matrix in (("ceafm", shared), ("ceafe", dice)):
        best = matrix[linear_sum_assignment(matrix, maximize=True)].sum()
        assert totals(name, gold, other).tp_gold == pytest.approx(best), name
        assert totals(name, gold, other).tp_pred == pytest.approx(best), name


@given(st.lists(st.integers(0, 4), min_size=2, max_size=12))
def test_all_singletons_and_one_cluster_are_what_theory_says(labels: list[int]) -> None:
    clusters: dict[int, set[int]] = {}
    for item, label in enumerate(labels):
        clusters.setdefault(label, set()).add(item)
    gold, n = list(clusters.values()), len(labels)
    alone, together = [{item} for item in range(n)], [set(range(n))]
    # Singletons: every item's cluster is pure; of its own cluster it finds 1/|k|; k of n clusters.
    assert totals("b3", gold, alone).precision == 1.0
    assert totals("b3", gold, alone).recall == pytest.approx(len(gold) / n)
    assert totals("ceafm", gold, alone).recall == pytest.approx(len(gold) / n)
    assert totals("muc", gold, alone).precision is None
    assert totals("muc", gold, alone).recall == (None if len(gold) == n else 0.0)
    assert totals("apart", gold, alone).recall == (1.0 if len(gold) > 1 else None)
    # One cluster: nothing is missed; MUC's precision is (n - |K|)/(n - 1), that of B³ Σ|k|²/n².
    assert totals("b3", gold, together).recall == 1.0
    assert totals("b3", gold, together).precision == pytest.approx(sum(len(k) ** 2 for k in gold) / n**2)
    assert totals("muc", gold, together).precision == pytest.approx((n - len(gold)) / (n - 1))
    assert totals("pairs", gold, together).recall == (1.0 if len(gold) < n else None)
    assert totals("ceafm", gold, together).precision == pytest.approx(max(len(k) for k in gold) / n)


# Known traps.


def test_trap_perfect_singletons_are_perfect() -> None:
    # Scorers that call MUC 0 where there is nothing to link give a perfect answer (0 + 1 + 1)/3.
    assert scorch.conll2012([{1}, {2}], [{1}, {2}]) == pytest.approx(2 / 3)
    assert totals("muc", [[1], [2]], [[1], [2]]).f1 is None
    assert conll([[1], [2]], [[1], [2]]) == 1.0
    assert blanc([[1], [2]], [[1], [2]]) == 1.0
    # Undefined only where there is nothing: links that are made up cost.
    assert totals("muc", [[1], [2]], [[1, 2]]).f1 == 0.0


def test_trap_repeated_mentions_count_once() -> None:
    # Reference scorer, TC-A-7 and TC-A-9: b repeated ten times would drive B³'s precision up.
    for other in (["a", "bcxb", "dy", "z"], ["a", "bcxbbbbbbbbbb", "dy", "z"]):
        for name in MEASURES:
            assert totals(name, A.split(), other) == totals(name, A.split(), ["a", "bcx", "dy", "z"]), name


def test_trap_an_item_in_two_clusters_is_refused() -> None:
    with pytest.raises(ValueError, match="'b' is in two other clusters"):
        ClusterTable.of(A.split(), ["bcx", "bz"])


def test_trap_ceafm_is_divided_by_items_not_by_clusters() -> None:
    # Five items in two clusters: 5/5 = 1, where a division by the number of clusters gives 5/2.
    perfect = totals("ceafm", ["abc", "de"], ["abc", "de"])
    assert (perfect.tp_gold, perfect.n_gold, perfect.n_pred) == (5, 5, 5)
    assert (perfect.precision, perfect.recall, perfect.f1) == (1.0, 1.0, 1.0)


def test_trap_lea_counts_a_singleton_by_its_link_to_itself() -> None:
    # A singleton is resolved if it is one on the other side as well, and only then.
    assert vars_of(totals("lea", ["a", "bc"], ["a", "bc"])) == (3, 3, 3, 3)
    assert vars_of(totals("lea", ["a", "bc"], ["abc"])) == (1, 3, 2, 3)  # P: 3·(1/3); R: 0 + 2
    assert vars_of(totals("lea", ["a", "b"], ["a", "b"])) == (2, 2, 2, 2)
    # Without singletons, as scorers that know no self-links have it, only the pair counts.
    table = ClusterTable.of(["a", "bc"], ["abc"]).without_singletons()
    assert vars_of(Counts(lea(table)).totals) == (1, 3, 2, 2)


def test_trap_keeping_documents_apart_does_not_pay() -> None:
    # Two documents, one entity in each; a system that never links across them.
    gold, other = [["1a", "1b", "2a", "2b"]], [["1a", "1b"], ["2a", "2b"]]
    merged = ClusterTable.of(gold, other)
    documents = np.array([0, 0, 1, 1])
    within = merged.within(documents)
    for measure in (muc, b_cubed, ceaf_e, lea):
        assert Counts(measure(within)).totals.f1 == 1.0
        assert Counts(measure(merged)).totals.f1 < 1.0  # type: ignore[operator]
    # By hand: MUC R = 2/3, P = 1, F = .8; B³ R = 1/2, P = 1, F = 2/3; CEAFe φ = 2·2/6, over 1 and 2: F = 4/9.
    assert conll(gold, other) == pytest.approx((0.8 + 2 / 3 + 4 / 9) / 3)


def test_a_table_cut_by_document_keeps_items_that_one_side_lacks() -> None:
    table = ClusterTable.of(["ab"], ["bc"]).within(np.array([0, 0, 1]))
    # Items a, b, c; c lies in the other document, so b stands alone on the other side.
    assert table.gold_size.tolist() == [2, 2, 0]
    assert table.other_size.tolist() == [0, 1, 1]


def test_singletons_left_out_are_left_out_on_each_side() -> None:
    # Gold has no a any more; the system's a stays, for it is in a cluster of two.
    table = ClusterTable.of(["a", "bcd"], ["ab", "c", "d"]).without_singletons()
    assert vars_of(Counts(b_cubed(table)).totals) == pytest.approx((1 / 2, 2, 1 / 3, 3))


# Relations.


def related(
    gold: list[str],
    edges: list[tuple[int, int]],
    other: list[str],
    found: list[tuple[int, int]],
    directed: bool,
) -> Totals:
    return Counts(relation_pairs(ClusterTable.of(gold, other), edges, found, directed=directed)).totals


def test_relations_count_pairs_of_items() -> None:
    # ab → c: two pairs; the system says a → c, and c → b (the wrong way round).
    said = related(["ab", "c"], [(0, 1)], ["a", "b", "c"], [(0, 2), (2, 1)], True)
    assert vars_of(said) == (1, 2, 1, 2)
    # As a relation without direction both are right.
    assert vars_of(related(["ab", "c"], [(0, 1)], ["a", "b", "c"], [(0, 2), (2, 1)], False)) == (2, 2, 2, 2)
    # The same pair named twice is one.
    assert vars_of(related(["ab", "c"], [(0, 1), (1, 0)], ["ab", "c"], [(1, 0)], False)) == (2, 2, 2, 2)


@given(
    LABELS,
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda e: e[0] != e[1])),
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda e: e[0] != e[1])),
    st.booleans(),
)
def test_relations_are_those_of_all_pairs_written_out(
    labels: list[tuple[int, int]], edges: set[tuple[int, int]], found: set[tuple[int, int]], directed: bool
) -> None:
    def written_out(side: int, relation: set[tuple[int, int]]) -> set[Any]:
        return {
            (a, b) if directed else frozenset((a, b))
            for a, x in enumerate(labels)
            for b, y in enumerate(labels)
            if (x[side], y[side]) in relation
        }

    gold, other = written_out(0, edges), written_out(1, found)
    ours, theirs = (np.array([pair[side] for pair in labels], dtype=np.int64) for side in (0, 1))
    got = Counts(relation_pairs(ClusterTable(ours, theirs), edges, found, directed=directed)).totals
    hits = len(gold & other)
    assert vars_of(got) == pytest.approx((hits, len(other), hits, len(gold)))


def test_ten_thousand_items_take_less_than_a_second_or_two() -> None:
    rng = np.random.default_rng(0)
    gold = rng.integers(0, 1900, 10_000)
    # A tenth of the items in a wrong cluster: nearly all clusters hang together.
    other = np.where(rng.random(10_000) < 0.1, rng.integers(0, 1900, 10_000), gold)
    start = time.perf_counter()
    table = ClusterTable(gold, other)
    for measure in MEASURES.values():
        measure(table)
    assert time.perf_counter() - start < 2
