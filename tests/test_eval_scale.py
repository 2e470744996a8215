"""Many documents and tangled ones: exact whatever the size, the same in streams and in parts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layer_strategies import annotated

from vostochny.annotations import load_gold
from vostochny.eval import score
from vostochny.eval.alignment import Credit, Pair, align
from vostochny.eval.assignment import assign
from vostochny.eval.claim_alignment import claim_pairs
from vostochny.eval.contingency import ClusterTable
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, ClaimItem
from vostochny.eval.link_ceaf import ceaf_e, ceaf_m
from vostochny.eval.overlaps import overlaps
from vostochny.eval.report import Report
from vostochny.eval.signature import gold_digest
from vostochny.schema.errors import InputError
from vostochny.schema.jsonio import document_to_json, layer_to_json
from vostochny.schema.model import Document, Layer, Span

GOLD = load_gold()


def total(credits: Mapping[Pair, Credit], pairs: list[Pair]) -> tuple[Fraction, ...]:
    length = len(next(iter(credits.values())))
    return tuple(sum((Fraction(credits[p][k]) for p in pairs), Fraction(0)) for k in range(length))


def best_total(credits: Mapping[Pair, Credit]) -> tuple[Fraction, ...]:
    """By trying every one-to-one alignment of up to six rows."""
    rows = sorted({i for i, _ in credits})
    columns = sorted({j for _, j in credits})
    # Padded, so that each row may also stay alone.
    padded = [*columns, *(None for _ in rows)]
    return max(
        total(
            credits,
            [(i, j) for i, j in zip(rows, chosen, strict=True) if j is not None and (i, j) in credits],
        )
        for chosen in permutations(padded, len(rows))
    )


@st.composite
def tangles(draw: st.DrawFn) -> dict[Pair, Credit]:
    """Credits of few values, so that many alignments are tied in the first criterion, or nearly."""
    values = st.sampled_from(
        [Fraction(1, 2), Fraction(1, 3), Fraction(1, 6), Fraction(199, 398), Fraction(333, 1000)]
    )
    shape = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    cells = [(i, j) for i in range(shape[0]) for j in range(shape[1])]
    there = draw(st.lists(st.sampled_from(cells), min_size=1, max_size=16, unique=True))
    return {pair: (draw(values), draw(st.integers(0, 2)), draw(st.integers(1, 3))) for pair in there}


@given(tangles())
def test_alignments_are_the_best_of_all(credits: dict[Pair, Credit]) -> None:
    pairs = align(credits)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert total(credits, pairs) == best_total(credits)


@st.composite
def blocks(draw: st.DrawFn) -> list[list[int]]:
    """A matrix of integers that double precision can't tell apart, with many ties: x[i] + y[j] + 0 or 1."""
    big = draw(st.sampled_from([2**40, 2**90, 2**700]))
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    x = draw(st.lists(st.integers(big, big + 3), min_size=n, max_size=n))
    y = draw(st.lists(st.integers(0, 3) | st.just(big // 3), min_size=m, max_size=m))
    return [[x[i] + y[j] + draw(st.integers(0, 1)) for j in range(m)] for i in range(n)]


@given(blocks())
def test_assignments_of_integers_of_any_size(weights: list[list[int]]) -> None:
    pairs = assign(weights)
    n, m = len(weights), len(weights[0])
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs) == min(n, m)
    turned = weights if n <= m else [list(column) for column in zip(*weights, strict=True)]
    best = max(
        sum(row[j] for row, j in zip(turned, chosen, strict=True))
        for chosen in permutations(range(max(n, m)), min(n, m))
    )
    assert sum(weights[i][j] for i, j in pairs) == best


def test_a_large_tangle_is_aligned_exactly() -> None:
    # 60 rows and columns. On the diagonal 1/2 + 1/10^15, beside it (i, i + 1) 1/2: the diagonal is best by
    # 60 times what double precision can just see, and taken although all pairs look alike.
    n = 60
    little = Fraction(1, 10**15)
    credits: dict[Pair, Credit] = {}
    for i in range(n):
        credits[i, i] = (Fraction(1, 2) + little, 0)
        credits[i, (i + 1) % n] = (Fraction(1, 2), 5)
    assert align(credits) == [(i, i) for i in range(n)]
    # Without the little the first criterion is tied, and the second decides for the other circle.
    tied = {(i, j): (Fraction(1, 2), value[1]) for (i, j), value in credits.items()}
    assert align(tied) == sorted((i, (i + 1) % n) for i in range(n))


def claim(start: int, end: int, claimer: str) -> ClaimItem:
    return ClaimItem(
        frozenset(range(start, end)), 0, frozenset([0]), claimer, "author", "fact", "positive", "hedged"
    )


def test_claims_over_the_same_words_find_their_claimers() -> None:
    # 40 claims over the same tokens, each with a claimer of its own: of 40! alignments one has all right.
    gold = tuple(claim(0, 10, f"{n:02}") for n in range(40))
    predicted = tuple(claim(0, 10, f"{n:02}") for n in range(39, -1, -1))
    assert claim_pairs(Case(1, gold, predicted)) == [(n, 39 - n) for n in range(40)]


runs = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), min_size=1, max_size=3)
units = runs.map(lambda pairs: frozenset(n for start, size in pairs for n in range(start, start + size)))
sides = st.lists(st.tuples(st.integers(0, 2), units), max_size=8).map(
    lambda side: sorted(side, key=lambda p: p[0])
)


@given(sides, sides)
def test_overlaps_are_those_of_the_sets(
    gold: list[tuple[int, frozenset[int]]], other: list[tuple[int, frozenset[int]]]
) -> None:
    documents = [np.array([n for n, _ in side], dtype=np.int64) for side in (gold, other)]
    found = overlaps([u for _, u in gold], [u for _, u in other], *documents)
    told = zip(*(a.tolist() for a in (found.gold, found.predicted, found.shared, found.union)), strict=True)
    assert list(told) == [
        (i, j, len(a & b), len(a | b))
        for i, (m, a) in enumerate(gold)
        for j, (n, b) in enumerate(other)
        if m == n and a & b
    ]


def test_thresholds_of_overlap_are_exact() -> None:
    tokens = [frozenset(range(10))], [frozenset(range(3, 13))]
    found = overlaps(*tokens, np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))
    # 7 of 13 tokens.
    assert len(found.above(Fraction(7, 13))) == 0
    assert len(found.above(Fraction(7 * 10**20 - 1, 13 * 10**20))) == 1
    assert len(found.above(Fraction(0))) == 1


def repeated(n: int) -> tuple[list[Document], list[Layer], list[Layer]]:
    """The articles ``n`` times under new ids, with some of their gold and predictions partly wrong."""
    documents, gold, predicted = [], [], []
    for k in range(n):
        for name, whole in sorted(GOLD.items()):
            mentions, quotes, claims = whole.mentions or (), whole.quotes or (), whole.claims or ()
            layer = replace(whole, document=f"{name}-{k:03}", quotes=quotes[:6])
            layer = replace(layer, mentions=mentions[:8], claims=claims[:8])
            documents.append(replace(GOLD.documents[name], id=layer.document))
            gold.append(layer)
            other = tuple(
                replace(c, spans=(Span(c.spans[0].start, c.spans[-1].end),), type="opinion")
                for c in claims[k % 3 : 9 : 2]
            )
            said = tuple(replace(q, cue=()) for q in quotes[k % 2 : 7])
            predicted.append(replace(layer, claims=other, quotes=said, mentions=mentions[k % 2 : 9]))
    return documents, gold, predicted


def same(one: Report, other: Report) -> None:
    assert one.to_json() == other.to_json()
    for task in one.options.tasks:
        assert one.per_document[task].keys() == other.per_document[task].keys()
        for path, counts in one.counts(task).measures.items():
            assert (counts.values == other.counts(task).measures[path].values).all(), path
        for path, table in one.counts(task).attributes.items():
            assert table == other.counts(task).attributes[path], path


def test_more_documents_than_are_counted_at_once_score_as_they_do_alone() -> None:
    documents, gold, predicted = repeated(53)
    whole = score(gold, predicted, documents=documents, n_boot=0)
    parts = [score(gold[k::4], predicted[k::4], documents=documents, n_boot=0) for k in range(4)]
    merged = parts[0]
    for part in parts[1:]:
        merged = merged.merge(part)
    same(whole, merged)


def test_iterators_in_any_order_score_as_lists_do() -> None:
    documents, gold, predicted = repeated(2)
    expected = score(gold, predicted, documents=documents, n_boot=20)
    same(expected, score(iter(gold), iter(predicted), documents=iter(documents), n_boot=20))
    same(
        expected,
        score(iter(gold), iter(predicted[::-1]), documents=iter(documents[3:] + documents[:3]), n_boot=20),
    )
    same(expected, score(iter(gold[::-1]), predicted, documents={d.id: d for d in documents}, n_boot=20))


def test_streams_are_read_side_by_side() -> None:
    documents, gold, predicted = repeated(8)
    at = {"documents": 0, "gold": 0, "predictions": 0}

    def told(name: str, values: list[Layer] | list[Document]) -> Iterator[Layer | Document]:
        for value in values:
            at[name] += 1
            # None is read to its end while the others wait.
            assert max(at.values()) - min(at.values()) <= 1
            yield value

    report = score(
        told("gold", gold), told("predictions", predicted), documents=told("documents", documents), n_boot=0
    )
    assert len(report.documents) == at["gold"] == 40


def test_streams_with_layers_missing_on_either_side() -> None:
    documents, gold, predicted = repeated(2)
    expected = score(gold[:7], predicted[3:], documents=documents, n_boot=0)
    assert expected.missing == tuple(sorted(layer.document for layer in gold[:3]))
    assert expected.unscored == tuple(sorted(layer.document for layer in predicted[7:]))
    same(expected, score(iter(gold[:7]), iter(predicted[3:]), documents=iter(documents), n_boot=0))
    same(expected, score(iter(gold[6::-1]), iter(predicted[:2:-1]), documents=iter(documents), n_boot=0))


def test_problems_of_streams_are_told_in_the_order_of_the_layers() -> None:
    documents, gold, predicted = repeated(1)
    bad = [
        replace(predicted[4], text_sha256="0" * 64),
        replace(predicted[0], document="nowhere"),
        predicted[1],
    ]
    bad += [predicted[1]]
    for known in (documents, iter(documents)):
        with pytest.raises(InputError) as error:
            score([*gold, replace(gold[0], document="elsewhere")], iter(bad), documents=known, n_boot=0)
        assert [problem.check for problem in error.value.problems] == [
            "unknown-document",
            "sha-mismatch",
            "unknown-document",
            "duplicate-document",
        ]
        assert "'elsewhere'" in error.value.problems[0].message


@given(annotated())
@settings(max_examples=30)
def test_golds_digest_is_that_of_its_json(given: tuple[Document, Layer]) -> None:
    # What the digest is of is the JSON of the formats, without texts and order.
    document, layer = given
    value, record = layer_to_json(layer), document_to_json(document)
    stated = {key: record[key] for key in ("text_sha256", "regions", "sentences", "tokens")}

    def canonical(value: object) -> str:
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    def bare(value: object) -> object:
        if isinstance(value, dict):
            return {key: bare(each) for key, each in value.items() if key != "text"}
        return [bare(each) for each in value] if isinstance(value, list) else value

    for part in ("mentions", "quotes", "marks", "claims"):
        if part in value:
            stated[part] = sorted(canonical(bare(item)) for item in value[part])
    assert gold_digest(layer, document) == sha256(canonical(stated).encode()).hexdigest()


labels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12)


@given(labels)
def test_ceaf_is_the_best_matching_of_clusters(pairs: list[tuple[int, int]]) -> None:
    gold: dict[int, set[int]] = {}
    other: dict[int, set[int]] = {}
    for item, (a, b) in enumerate(pairs):
        gold.setdefault(a, set()).add(item)
        other.setdefault(b, set()).add(item)
    table = ClusterTable.of(gold.values(), other.values())
    few, many = sorted((list(gold.values()), list(other.values())), key=len)
    tried = [list(zip(few, chosen, strict=True)) for chosen in permutations(many, len(few))]
    dice = max(sum(2 * len(a & b) / (len(a) + len(b)) for a, b in each) for each in tried)
    shared = max(sum(len(a & b) for a, b in each) for each in tried)
    totals = Counts(ceaf_e(table)).totals
    assert (totals.tp_gold, totals.tp_pred) == (pytest.approx(dice), pytest.approx(dice))
    assert (totals.n_gold, totals.n_pred) == (pytest.approx(len(gold)), pytest.approx(len(other)))
    assert Counts(ceaf_m(table)).totals.tp_gold == shared


def test_ceaf_of_one_large_sparse_tangle() -> None:
    # Clusters of two in a ring of 300: item n is in gold's n // 2 and the system's ((n + 1) // 2) % 150. Each
    # cluster shares one item with either neighbour, Dice 2/4, so every full matching earns 150 · 1/2.
    n = 300
    gold = [[2 * k, 2 * k + 1] for k in range(n // 2)]
    other = [[(2 * k - 1) % n, 2 * k] for k in range(n // 2)]
    totals = Counts(ceaf_e(ClusterTable.of(gold, other))).totals
    assert (totals.tp_gold, totals.n_gold, totals.f1) == (
        pytest.approx(75),
        pytest.approx(150),
        pytest.approx(0.5),
    )
