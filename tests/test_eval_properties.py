"""What must hold for every measure, whatever is scored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vostochny.eval import TASKS, score
from vostochny.eval.report import Report
from vostochny.schema.model import Claim, Document, Layer, Mention, Quote, Region, Span
from vostochny.schema.text import tokenize

N = 16
"""Tokens of a test document, in four sentences and two paragraphs; token n is [3n, 3n + 2)."""

NAMES = ("one", "two")


def document(name: str) -> Document:
    text = " ".join(f"w{n:x}" for n in range(N))
    sentences = tuple((12 * n, 12 * n + 11) for n in range(4))
    return Document(
        name, text, (Region(0, 23, "body"), Region(24, 47, "body")), sentences, tokenize(text), "0" * 64
    )


DOCUMENTS = {name: document(name) for name in NAMES}

ENDS = st.tuples(st.integers(0, N - 1), st.integers(1, 6)).map(lambda t: (t[0], min(t[0] + t[1], N)))
SPAN = ENDS.map(lambda t: Span(3 * t[0], 3 * t[1] - 1))
SPANS = st.lists(SPAN, min_size=1, max_size=2).map(tuple)
NAME = st.sampled_from(["a", "b", "unnamed"])


def numbered(make: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Up to five items, with ids by place."""
    return st.lists(make, max_size=5).map(
        lambda items: tuple(replace(item, id=f"i{n}") for n, item in enumerate(items))
    )


MENTIONS = numbered(
    st.builds(
        lambda span, kind: Mention("", span.start, span.end, None, kind),
        SPAN,
        st.sampled_from(["PERSON", "GPE", "DATE"]),
    )
)
QUOTES = numbered(
    st.builds(
        Quote,
        id=st.just(""),
        content=SPANS,
        verbatim=st.just(()) | SPANS,
        source=st.none() | SPAN,
        cue=st.just(()) | SPANS,
        speaker=st.none() | NAME,
        within=st.none() | st.sampled_from(["i0", "i1", "i9"]),
        medium=st.sampled_from(["speech", "writing"]),
        polarity=st.sampled_from(["positive", "negative"]),
    )
)
CLAIMS = numbered(
    st.builds(
        Claim,
        id=st.just(""),
        spans=SPANS,
        voice=st.sampled_from(["author", "attributed"]),
        claimer=st.none() | NAME,
        type=st.sampled_from(["fact", "opinion"]),
        certainty=st.sampled_from(["asserted", "hedged"]),
    )
)


def layers(name: str) -> st.SearchStrategy[Layer]:
    return st.builds(
        Layer, document=st.just(name), annotator=st.just("x"), mentions=MENTIONS, quotes=QUOTES, claims=CLAIMS
    )


ONE = layers("one")


def scored(gold: list[Layer], predictions: list[Layer], **options: Any) -> Report:
    return score(gold, predictions, documents=DOCUMENTS, **{"n_boot": 0, **options})


def totals(report: Report) -> dict[tuple[str, ...], Any]:
    """All measures' totals by task and path."""
    return {
        (task, *path): counts.totals
        for task in report.options.tasks
        for path, counts in report.counts(task).measures.items()
    }


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


def shuffled(draw: Callable[[Any], Any], layer: Layer) -> Layer:
    parts = {
        part: tuple(draw(st.permutations(getattr(layer, part)))) for part in ("mentions", "quotes", "claims")
    }
    return replace(layer, **parts)


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


FAR = Span(3 * (N - 1), 3 * N - 1)
"""The last token, from which the items of the next test keep away."""


def away(layer: Layer) -> Layer:
    """The layer without what touches the last sentence."""

    def near(*spans: Span | None) -> bool:
        return any(s is not None and s.end > 36 for s in spans)

    return replace(
        layer,
        mentions=tuple(m for m in layer.mentions or () if not near(m.span)),
        quotes=tuple(q for q in layer.quotes or () if not near(*q.content)),
        claims=tuple(c for c in layer.claims or () if not near(*c.spans)),
    )


@given(ONE, ONE, st.sampled_from(["PERSON", "GPE", "DATE"]))
def test_a_wrong_prediction_apart_from_all_else_never_helps(gold: Layer, predicted: Layer, kind: str) -> None:
    gold, predicted = away(gold), away(predicted)
    more = replace(
        predicted,
        mentions=(*(predicted.mentions or ()), Mention("new", FAR.start, FAR.end, None, kind)),
        quotes=(*(predicted.quotes or ()), Quote("new", (FAR,), (), FAR, (FAR,), "a", "i0")),
        claims=(*(predicted.claims or ()), Claim("new", (FAR,), "attributed", "a")),
    )
    before, after = totals(scored([gold], [predicted])), totals(scored([gold], [more]))
    for path, each in before.items():
        assert (after[path].f1 or 0.0) <= (each.f1 or 0.0), path
        assert after[path].tp_gold == each.tp_gold, path
    for path in (
        ("entities", "strict"),
        ("quotes", "content_token"),
        ("quotes", "triple"),
        ("claims", "span"),
    ):
        assert after[path].n_pred == before[path].n_pred + 1


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
        assert counts.n_blocks == sum(report.strata(task)) == 4
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
