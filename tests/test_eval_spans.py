"""Mentions in arrays: every measure against one written naively from its definition, and large numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vostochny.annotations import load_gold
from vostochny.eval import Report, Spans, score, score_spans
from vostochny.eval.conll4 import CONLL4
from vostochny.eval.items import Case, MentionItem
from vostochny.eval.matching import lots
from vostochny.eval.spans import no_spans
from vostochny.eval.spans_counts import count_spans
from vostochny.schema.errors import InputError

TYPES = ("PERSON", "ORG", "GPE", "DATE")

Row = tuple[int, int, int, str]
"""Document, start, end, type."""


def spans(rows: list[Row], n_documents: int = 3, types: tuple[str, ...] = TYPES) -> Spans:
    columns = [np.array([row[k] for row in rows], dtype=np.int64) for k in range(3)]
    code = np.array([types.index(row[3]) for row in rows], dtype=np.int64)
    return Spans(columns[0], columns[1], columns[2], code, types, n_documents)


def rows(most: int = 4, size: int = 9) -> st.SearchStrategy[list[Row]]:
    """Mentions of three documents, close together: overlapping, nested, repeated."""
    row = st.tuples(st.integers(0, 2), st.integers(0, size), st.integers(1, 4), st.sampled_from(TYPES))
    return st.lists(row.map(lambda r: (r[0], r[1], r[1] + r[2], r[3])), max_size=most)


# The oracle: all one-to-one alignments of a document are tried.


def units(row: Row) -> frozenset[int]:
    return frozenset(range(row[1], row[2]))


def iou(a: Row, b: Row) -> Fraction:
    return Fraction(len(units(a) & units(b)), len(units(a) | units(b)))


def alignments(pairs: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    if not pairs:
        yield []
        return
    (i, j), rest = pairs[0], pairs[1:]
    yield from alignments(rest)
    for more in alignments([(a, b) for a, b in rest if a != i and b != j]):
        yield [(i, j), *more]


def best(
    gold: list[Row], other: list[Row], credit: Callable[[Row, Row], tuple[Any, ...] | None]
) -> list[tuple[Row, Row]]:
    """The pairs with the greatest sums of credit, compared element by element; ties by lot."""
    items = [tuple(MentionItem(r[1], r[2], 0, r[3]) for r in side) for side in (gold, other)]
    lot = lots(Case(1, items[0], items[1]))
    credits = {}
    for i, a in enumerate(gold):
        for j, b in enumerate(other):
            if units(a) & units(b) and (value := credit(a, b)) is not None:
                credits[i, j] = (*value, lot(i, j))
    none = (Fraction(0),) * 9

    def total(chosen: list[tuple[int, int]]) -> tuple[Any, ...]:
        return tuple(map(sum, zip(*(credits[pair] for pair in chosen), strict=True))) if chosen else none

    return [(gold[i], other[j]) for i, j in max(alignments(list(credits)), key=total)]


def expected(gold: list[Row], other: list[Row], limit: Fraction) -> dict[str, Any]:
    """All measures of one document."""

    def equal(key: Callable[[Row], object]) -> tuple[float, ...]:
        ours, theirs = Counter(map(key, gold)), Counter(map(key, other))
        hits = (ours & theirs).total()
        return (hits, len(other), hits, len(gold))

    def earned(pairs: list[tuple[Row, Row]], half: bool) -> tuple[float, ...]:
        credit = sum(0.5 if half and units(a) != units(b) else 1.0 for a, b in pairs)
        return (credit, len(other), credit, len(gold))

    near = [pair for pair in ((a, b) for a in gold for b in other) if iou(*pair) > limit]
    ours, theirs = ({(t, r[3]) for r in side for t in units(r)} for side in (gold, other))
    partial = best(
        gold, other, lambda a, b: (1 + (units(a) == units(b)), iou(a, b)) if (a, b) in near else None
    )
    same = best(gold, other, lambda a, b: (1, iou(a, b)) if a[3] == b[3] and (a, b) in near else None)
    label = best(gold, other, lambda a, b: (1, int(a[3] == b[3])) if units(a) == units(b) else None)
    held = best(
        gold,
        other,
        lambda a, b: (int(a[1:] == b[1:]), iou(a, b), int(a[3] == b[3])) if (a, b) in near else None,
    )
    missed = Counter(gold) - Counter(a for a, _ in held)
    spurious = Counter(other) - Counter(b for _, b in held)
    types = Counter((a[3], b[3]) for a, b in held)
    types += Counter((row[3], "none") for row in missed.elements())
    types += Counter(("none", row[3]) for row in spurious.elements())
    boundary = Counter(
        (
            "same" if units(a) == units(b) else "overlap",
            "same_type" if a[3] == b[3] else "other_type",
        )
        for a, b in held
    )
    boundary += Counter({("none", "missed"): missed.total(), ("none", "spurious"): spurious.total()})
    four = [[(*r[:3], CONLL4[r[3]]) for r in side if r[3] in CONLL4] for side in (gold, other)]
    hits = (Counter(four[0]) & Counter(four[1])).total()
    return {
        "strict": equal(lambda r: r),
        "exact": equal(lambda r: r[:3]),
        "partial": earned(partial, True),
        "type": earned(same, False),
        "token": (len(ours & theirs), len(theirs), len(ours & theirs), len(ours)),
        "conll4": (hits, len(four[1]), hits, len(four[0])),
        "label": Counter((a[3], b[3]) for a, b in label),
        "types": types,
        "boundary": +boundary,
    }


LIMITS = st.sampled_from([Fraction(0), Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(3, 5)])


def perturbed(gold: list[Row], other: list[Row], kept: list[bool]) -> list[Row]:
    return [row for row, keep in zip(gold, kept, strict=False) if keep] + other


@given(rows(), rows(3), st.lists(st.booleans(), max_size=4), LIMITS)
@settings(max_examples=300, deadline=None)
def test_every_measure_is_what_its_definition_says(
    gold: list[Row], added: list[Row], kept: list[bool], limit: Fraction
) -> None:
    other = perturbed(gold, added, kept)
    counts = count_spans(spans(gold), spans(other), overlap=limit)
    assert counts.n_blocks == 3
    label, boundary, types = (
        Counter(), Counter(), Counter()
    )  # type: ignore[var-annotated]  # fmt: skip
    for n in range(3):
        right = expected([r for r in gold if r[0] == n], [r for r in other if r[0] == n], limit)
        for name in ("strict", "exact", "partial", "type", "token", "conll4"):
            assert tuple(counts.measures[name,].values[n]) == right[name], (n, name)
        label += right["label"]
        boundary += right["boundary"]
        types += right["types"]
    assert counts.attributes["attributes", "type"].table == label
    assert counts.matrices["errors", "boundary"].table == boundary
    assert counts.matrices["errors", "types"].table == types


@given(rows(), rows(), st.integers(0, 10**6), st.permutations(range(4)))
def test_neither_the_order_of_rows_nor_of_types_matters(
    gold: list[Row], other: list[Row], seed: int, order: list[int]
) -> None:
    whole = score_spans(spans(gold), spans(other), n_boot=20)
    shuffled = np.random.default_rng(seed).permutation(len(other)).tolist()
    types = tuple(TYPES[k] for k in order)
    again = score_spans(
        spans(gold[::-1], types=types), spans([other[k] for k in shuffled], types=types[::-1]), n_boot=20
    )
    assert again.to_json() == whole.to_json()
    assert again.counts("entities").matrices == whole.counts("entities").matrices


@given(rows(6), rows(6))
def test_large_offsets_and_many_documents_never_run_over(gold: list[Row], other: list[Row]) -> None:
    # Scaled by 2^57 no key fits into 63 bits any more; the same documents far apart, nor do the lines.
    def scaled(side: list[Row], by: int, at: int) -> Spans:
        made = [(d * at, a * by, b * by, t) for d, a, b, t in side]
        return spans(made, n_documents=2 * at + 1)

    plain = count_spans(spans(gold), spans(other))
    huge = count_spans(scaled(gold, 2**57, 1000), scaled(other, 2**57, 1000))
    for path, counts in plain.measures.items():
        found = huge.measures[path].values[::1000]
        assert (found == counts.values * (2.0**57 if path == ("token",) else 1.0)).all(), path
    boundaries = [each.matrices["errors", "boundary"].table for each in (plain, huge)]
    assert boundaries[0] == boundaries[1]


@given(rows(6), rows(6))
def test_halves_add_up_to_the_whole(gold: list[Row], other: list[Row]) -> None:
    def part(side: list[Row], *documents: int) -> Spans:
        return spans([(documents.index(r[0]), *r[1:]) for r in side if r[0] in documents], len(documents))

    whole = score_spans(spans(gold), spans(other), n_boot=0)
    first = score_spans(part(gold, 0), part(other, 0), n_boot=0, name="a")
    second = score_spans(part(gold, 1, 2), part(other, 1, 2), n_boot=0, name="b")
    merged = second.merge(first)
    assert merged.to_json()["tasks"] == whole.to_json()["tasks"]
    assert merged.strata("entities").tolist() == [0, 2, 2]
    with pytest.raises(ValueError, match="documents in both reports"):
        whole.merge(whole)


@given(rows(6), rows(6))
def test_a_wrong_mention_more_never_raises_a_score(gold: list[Row], other: list[Row]) -> None:
    plain = score_spans(spans(gold), spans(other), n_boot=0)
    more = score_spans(spans(gold), spans([*other, (1, 100, 101, "ORG")]), n_boot=0)
    for path in (("strict",), ("exact",), ("partial",), ("type",), ("token",)):
        assert (more.f1("entities", *path) or 0) <= (plain.f1("entities", *path) or 0)


def test_the_corpus_scores_the_same_from_arrays() -> None:
    gold = load_gold()
    shifted = []
    for layer in gold.values():
        moved = (replace(m, start=m.start + (k % 7 == 0)) for k, m in enumerate(layer.mentions or ()))
        shifted.append(replace(layer, mentions=tuple(moved)))
    whole = score(gold, shifted, boundaries="character", tasks="entities", n_boot=0)
    names = sorted(gold)
    types = tuple(sorted({m.type for y in gold.values() for m in y.mentions or ()}))

    def columns(layers: dict[str, Any]) -> Spans:
        made = [(names.index(d), m.start, m.end, m.type) for d, y in layers.items() for m in y.mentions or ()]
        return spans(made, len(names), types)

    arrays = score_spans(columns(dict(gold)), columns({y.document: y for y in shifted}), n_boot=0)
    assert arrays.to_json()["tasks"] == whole.to_json()["tasks"]
    # A block is a document here.
    for k, name in enumerate(names):
        document = whole.per_document["entities"][name]
        for path, counts in document.measures.items():
            summed = counts.values.sum(axis=0)
            assert (arrays.counts("entities").measures[path].values[k] == summed).all(), (name, path)


def test_no_entity_at_all_is_undefined() -> None:
    report = score_spans(no_spans(TYPES, 2), no_spans(TYPES, 2), n_boot=10)
    value = report.to_json()["tasks"]["entities"]
    assert value["strict"]["f1"] is None
    assert value["macro"] == {"types": 0, "f1": None, "ci95": None}
    nothing_found = score_spans(spans([(0, 1, 2, "ORG")]), no_spans(TYPES, 3), n_boot=0)
    totals = nothing_found.totals("entities", "strict")
    assert (totals.precision, totals.recall, totals.f1) == (None, 0.0, 0.0)


def test_other_types_have_no_projection_and_the_lean_path_only_what_was_asked_for() -> None:
    gold = spans([(0, 1, 2, "Gene"), (0, 1, 5, "Cell")], types=("Cell", "Gene"))
    report = score_spans(gold, gold, n_boot=50, measures=("strict", "by_type"))
    assert list(report.counts("entities").measures) == [("strict",), ("by_type", "Cell"), ("by_type", "Gene")]
    value = report.to_json()["tasks"]["entities"]
    assert list(value) == ["strict", "by_type", "macro"]
    assert value["macro"]["f1"] == 1.0
    assert "conll4" not in score_spans(gold, gold, n_boot=0).to_json()["tasks"]["entities"]
    assert list(score_spans(gold, gold, n_boot=0, measures=["partial"]).to_json()["tasks"]["entities"]) == [
        "partial"
    ]


def test_the_signature_tells_gold_and_options() -> None:
    def signed(side: list[Row], **options: Any) -> str:
        return score_spans(spans(side), spans(side), n_boot=0, **options).signature

    base = signed([(0, 1, 2, "ORG"), (1, 3, 4, "GPE")])
    assert "|input:spans|align:hungarian|" in base
    assert base.endswith("|block:document")
    assert base == signed([(1, 3, 4, "GPE"), (0, 1, 2, "ORG")])
    assert base != signed([(0, 1, 2, "ORG"), (2, 3, 4, "GPE")])
    assert "|entities:iou>0.25|" in signed([(0, 1, 2, "ORG")], overlap=0.25)


GOOD = ([0], [1], [2], [0])


@pytest.mark.parametrize(
    ("columns", "types", "n", "said"),
    [
        (([0], [1, 2], [2], [0]), ("A",), 1, "[wrong-type] spans: the arrays differ in length"),
        (([0.5], [1], [2], [0]), ("A",), 1, "[wrong-type] spans: document: found an array of float64"),
        (([[0]], [1], [2], [0]), ("A",), 1, "of shape [1, 1], expected integers"),
        (([1], [1], [2], [0]), ("A",), 1, "[unknown-document] spans: document[0] is 1, expected 0 to 0"),
        (([0], [1], [2], [1]), ("A",), 1, "[unknown-label] spans: type[0] is 1"),
        (([0], [-1], [2], [0]), ("A",), 1, "[offset-range] spans: row 0 is [-1, 2)"),
        (([0], [1], [2**62], [0]), ("A",), 1, "[offset-range]"),
        (([0], [2], [2], [0]), ("A",), 1, "[empty-span] spans: row 0 is [2, 2)"),
        (GOOD, ("A", "A"), 1, "[repeated-value] spans: types: found 'A' twice"),
        (GOOD, (1,), 1, "[wrong-type] spans: types: found 1"),
        (GOOD, ("A",), -1, "[wrong-type] spans: n_documents"),
    ],
)
def test_arrays_that_are_no_mentions_are_refused(
    columns: tuple[list[int], ...], types: tuple[str, ...], n: int, said: str
) -> None:
    with pytest.raises(InputError) as error:
        Spans(*(np.array(column) for column in columns), types=types, n_documents=n)
    assert said in str(error.value)


def test_calls_that_can_not_be_answered_are_refused() -> None:
    one, two = no_spans((), 1), no_spans((), 2)
    for call, said in (
        (lambda: score_spans(one, two), "[different-documents] gold has 1 documents, the prediction 2"),
        (lambda: score_spans(one, [1]), "[wrong-type] predicted: found [1], expected Spans"),  # type: ignore[arg-type]
        (lambda: score_spans(one, one, measures=["f1"]), "[unknown-measure] measures: found 'f1'"),
        (lambda: score_spans(one, one, alpha=2), "[bad-option]"),
    ):
        with pytest.raises(InputError) as error:
            call()
        assert said in str(error.value)


def test_nervaluate_s_cases_do_not_depend_on_order_or_neighbours() -> None:
    # Gold 0–4, 5–9 against {0–2, 3–9}, ends included: 0–2 lies in 0–4, 3–9 overlaps both; the best pairing
    # gives two partial hits, whichever comes first: (.5 + .5) / 2.
    gold, found = [(0, 0, 5, "ORG"), (0, 5, 10, "ORG")], [(0, 0, 3, "ORG"), (0, 3, 10, "ORG")]
    for other in (found, found[::-1]):
        report = score_spans(spans(gold), spans(other), n_boot=0)
        assert report.f1("entities", "partial") == 0.5
    # Neighbours share nothing; an empty first document is one like any other.
    report = score_spans(spans([(1, 0, 5, "ORG")]), spans([(1, 5, 9, "ORG")]), n_boot=0)
    assert report.f1("entities", "type") == report.f1("entities", "partial") == 0.0
    # One partial match in each of two equal documents: as much as in one.
    twice: Report = score_spans(
        spans([(d, 0, 4, "ORG") for d in (0, 1)]), spans([(d, 1, 4, "ORG") for d in (0, 1)]), n_boot=0
    )
    assert twice.f1("entities", "partial") == 0.5
