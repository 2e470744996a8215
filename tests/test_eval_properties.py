"""What must hold for every measure, whatever is scored."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eval_strategies import NAMES, ONE, layers, scored, shuffled, totals
from hypothesis import given, settings
from hypothesis import strategies as st

from vostochny.eval import TASKS
from vostochny.schema.model import Layer


@given(ONE)
def test_gold_against_itself_is_perfect(gold: Layer) -> None:
    report = scored([gold], [gold])
    for path, each in totals(report).items():
        if path == ("quotes", "nesting"):
            continue  # an edge to a quote that does not exist is never right; see the test below
        assert each.f1 == (1.0 if each.n_gold else None), path
    for task in TASKS:
        for path, table in report.counts(task).attributes.items():
            assert table.correct == table.n, path


@given(ONE)
def test_existing_edges_against_themselves_are_perfect(gold: Layer) -> None:
    ids = {quote.id for quote in gold.quotes or ()}
    sound = tuple(replace(q, within=q.within if q.within in ids else None) for q in gold.quotes or ())
    edges = scored([replace(gold, quotes=sound)], [replace(gold, quotes=sound)]).totals("quotes", "nesting")
    assert edges.f1 == (1.0 if edges.n_gold else None)


@given(ONE)
def test_nothing_predicted_is_zero(gold: Layer) -> None:
    for path, each in totals(scored([gold], [])).items():
        assert (each.precision, each.f1) == (None, 0.0 if each.n_gold else None), path


@given(ONE, ONE, st.data())
def test_order_does_not_matter(gold: Layer, predicted: Layer, data: st.DataObject) -> None:
    there = scored([gold], [predicted], n_boot=5)
    back = scored([shuffled(data.draw, gold)], [shuffled(data.draw, predicted)], n_boot=5)
    # Not only the totals: the whole report, intervals and signature included.
    assert there.to_json() == back.to_json()


@given(ONE, ONE)
def test_swapping_gold_and_prediction_swaps_precision_and_recall(gold: Layer, predicted: Layer) -> None:
    there, back = totals(scored([gold], [predicted])), totals(scored([predicted], [gold]))
    assert there.keys() == back.keys()
    for path, each in there.items():
        other = back[path]
        assert each.f1 == pytest.approx(other.f1), path
        assert (each.precision, each.recall) == (
            pytest.approx(other.recall),
            pytest.approx(other.precision),
        ), path


@given(ONE, ONE)
def test_no_credit_beyond_what_is_there(gold: Layer, predicted: Layer) -> None:
    report = scored([gold], [predicted])
    for task in TASKS:
        for path, counts in report.counts(task).measures.items():
            each = counts.totals
            assert 0 <= each.tp_pred <= each.n_pred + 1e-9, path
            assert 0 <= each.tp_gold <= each.n_gold + 1e-9, path
            # Block by block, too: a credit lies where its item lies.
            assert (counts.values[:, 0] <= counts.values[:, 1] + 1e-9).all(), path
            assert (counts.values[:, 2] <= counts.values[:, 3] + 1e-9).all(), path


@given(ONE, ONE)
def test_doubling_every_prediction_never_finds_more(gold: Layer, predicted: Layer) -> None:
    # Exact matches are the clearest case: doubled predictions find no more than as many equal gold items.
    again = replace(predicted, mentions=(*(predicted.mentions or ()), *(predicted.mentions or ())))
    unique = {(m.start, m.end, m.type) for m in gold.mentions or ()}
    twice = scored([gold], [again]).totals("entities", "strict")
    assert twice.tp_gold <= len(gold.mentions or ())
    if len(unique) == len(gold.mentions or ()):
        assert twice.tp_gold == scored([gold], [predicted]).totals("entities", "strict").tp_gold


@given(ONE, layers("two"), ONE, layers("two"))
@settings(max_examples=50)
def test_two_halves_merge_to_the_whole(g1: Layer, g2: Layer, p1: Layer, p2: Layer) -> None:
    whole = scored([g1, g2], [p1, p2], n_boot=20)
    merged = scored([g2], [p2], n_boot=20).merge(scored([g1], [p1], n_boot=20))
    assert merged.to_json() == whole.to_json()
    for task in TASKS:
        for path, counts in whole.counts(task).measures.items():
            assert (counts.values == merged.counts(task).measures[path].values).all(), path


def incomplete(name: str) -> st.SearchStrategy[list[Layer]]:
    """No layer, or one that lacks some of its parts."""
    lacking = st.builds(
        lambda layer, lacks: [replace(layer, **dict.fromkeys(lacks))],
        layers(name),
        st.sets(st.sampled_from(["mentions", "quotes", "claims"])),
    )
    return st.just([]) | lacking


INVALID = st.dictionaries(st.sampled_from(["mentions", "quotes", "layers"]), st.integers(0, 2))


@given(
    incomplete("one").filter(bool), incomplete("two").filter(bool), incomplete("one"), incomplete("two"),
    INVALID, INVALID,
)  # fmt: skip
@settings(max_examples=50)
def test_halves_with_parts_left_out_merge_to_the_whole(
    g1: list[Layer], g2: list[Layer], p1: list[Layer], p2: list[Layer], i1: dict[str, int], i2: dict[str, int]
) -> None:
    both = {part: i1.get(part, 0) + i2.get(part, 0) for part in {*i1, *i2}}
    whole = scored([*g1, *g2], [*p1, *p2], n_boot=5, invalid=both)
    merged = scored(g2, p2, n_boot=5, invalid=i2).merge(scored(g1, p1, n_boot=5, invalid=i1))
    assert merged == replace(whole, per_document=merged.per_document)
    assert merged.to_json() == whole.to_json()


@given(ONE, layers("two"), ONE, layers("two"))
@settings(max_examples=50)
def test_blocks_sum_to_the_corpus_and_types_to_the_strict_counts(
    g1: Layer, g2: Layer, p1: Layer, p2: Layer
) -> None:
    report = scored([g1, g2], [p1, p2])
    for task in TASKS:
        counts = report.counts(task)
        assert counts.n_blocks == len(report.strata(task)) == 4
        for path, each in counts.measures.items():
            parts = [report.per_document[task][name].measures.get(path) for name in NAMES]
            summed = sum(part.values.sum(axis=0) for part in parts if part is not None)
            assert each.values.sum(axis=0) == pytest.approx(summed), path
    entities = report.counts("entities").measures
    by_type = [counts.values for path, counts in entities.items() if path[0] == "by_type"]
    assert (sum(by_type, start=0 * entities[("strict",)].values) == entities[("strict",)].values).all()


@given(ONE, ONE)
def test_measures_keep_their_order(gold: Layer, predicted: Layer) -> None:
    t = totals(scored([gold], [predicted]))

    def hits(*path: str) -> float:
        return float(t[path].tp_gold)

    assert hits("entities", "strict") <= hits("entities", "exact") <= hits("entities", "partial")
    assert hits("entities", "strict") <= hits("entities", "type")
    assert hits("quotes", "triple") <= hits("quotes", "content_strict")
    assert hits("claims", "attributes", "joint") <= hits("claims", "span")


@given(ONE, ONE)
def test_error_tables_hold_every_mention_once(gold: Layer, predicted: Layer) -> None:
    report = scored([gold], [predicted])
    boundary = report.counts("entities").matrices[("errors", "boundary")].table
    strict = report.totals("entities", "strict")
    assert boundary["same", "same_type"] == strict.tp_gold
    paired = sum(n for (where, _), n in boundary.items() if where != "none")
    assert paired + boundary["none", "missed"] == strict.n_gold
    assert paired + boundary["none", "spurious"] == strict.n_pred
