"""Where other scorers err (docs/why-not.md has their answers): ours on the same inputs, worked by hand."""

from __future__ import annotations

from hashlib import sha256

import pytest

from vostochny.annotations import load_gold
from vostochny.eval import Report, compare, score, score_tags
from vostochny.schema.model import Claim, Document, Layer, Mention, Quote, Region, Span

# Documents are words of four letters and a space, so token n is the stretch [5n, 5n + 4).
Tokens = tuple[int, int]


def document(name: str = "d", n_tokens: int = 100) -> Document:
    text = " ".join(["word"] * n_tokens)
    return Document(
        id=name,
        text=text,
        regions=(Region(0, len(text), "body"),),
        sentences=((0, len(text)),),
        tokens=tuple((5 * n, 5 * n + 4) for n in range(n_tokens)),
        text_sha256=sha256(text.encode()).hexdigest(),
    )


def span(tokens: Tokens) -> Span:
    first, end = tokens
    return Span(5 * first, 5 * end - 1)


def mentions(*listed: tuple[int, int, str], name: str = "d") -> Layer:
    """A layer of mentions, each from a token up to another, which is not included."""
    items = enumerate(listed)
    return Layer(
        name,
        "a",
        mentions=tuple(
            Mention(f"m{n}", span((first, end)).start, span((first, end)).end, None, type)
            for n, (first, end, type) in items
        ),
    )


def quotes(*contents: tuple[Tokens, ...]) -> Layer:
    listed = enumerate(contents)
    return Layer("d", "a", quotes=tuple(Quote(f"q{n}", tuple(map(span, each))) for n, each in listed))


def claims(*spans: Tokens) -> Layer:
    return Layer("d", "a", claims=tuple(Claim(f"c{n}", (span(each),)) for n, each in enumerate(spans)))


def entities(gold: list[Layer], predicted: list[Layer]) -> Report:
    documents = [document(layer.document) for layer in gold]
    return score(gold, predicted, documents=documents, tasks=["entities"], n_boot=0)


def both(task: str, measure: str, gold: Layer, predicted: Layer) -> tuple[float | None, float | None]:
    """Precision and recall."""
    totals = score([gold], [predicted], documents=[document()], tasks=[task], n_boot=0).totals(task, measure)
    return totals.precision, totals.recall


# seqeval


def test_an_entity_that_begins_with_i_is_none_under_iob2() -> None:
    # Gold: PER [0, 2). Prediction: no B-, so no well-formed entity; nothing can be hit.
    report = score_tags([["B-PER", "I-PER"]], [["I-PER", "I-PER"]])
    assert report.f1("entities", "strict") == 0


def test_the_lenient_reading_is_chosen_by_name() -> None:
    # As conlleval reads it, an I- after O begins an entity: PER [0, 2) on both sides.
    report = score_tags([["B-PER", "I-PER"]], [["I-PER", "I-PER"]], scheme="BIO")
    assert report.f1("entities", "strict") == 1


def test_malformed_tags_do_not_vanish() -> None:
    # PER is hit; LOC [2, 4), begun by an I-, can't be right: one of two is. The first I- is
    # what breaks the scheme. (seqeval's strict mode sees PER alone: precision 1.)
    report = score_tags([["B-PER", "O", "O", "O"]], [["B-PER", "O", "I-LOC", "I-LOC"]])
    totals = report.totals("entities", "strict")
    assert (totals.precision, totals.recall) == (0.5, 1)
    assert report.malformed is not None
    assert sum(report.malformed["predicted"].values()) == 1
    assert sum(report.malformed["gold"].values()) == 0


def test_bilou_tags_are_read_as_bilou() -> None:
    # Gold: [0, 2) and [2, 3). Prediction: [0, 3). No two are equal.
    report = score_tags([["B-PER", "L-PER", "U-PER"]], [["B-PER", "I-PER", "L-PER"]], scheme="BILOU")
    totals = report.totals("entities", "strict")
    assert (totals.tp_gold, totals.n_gold, totals.n_pred) == (0, 2, 1)


def test_the_macro_average_of_no_entity_is_null() -> None:
    report = score_tags([["O", "O"]], [["O", "O"]])
    assert report.to_json()["tasks"]["entities"]["macro"]["f1"] is None


# nervaluate


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_order_of_predictions_decides_nothing(order: tuple[int, int]) -> None:
    # Gold [0, 5) and [5, 10); predicted [0, 3) and [3, 10). One-to-one, each overlaps one of gold: two
    # pairs of credit .5 over two items on each side.
    listed = [(0, 3, "PERSON"), (3, 10, "PERSON")]
    gold = mentions((0, 5, "PERSON"), (5, 10, "PERSON"))
    found = entities([gold], [mentions(*(listed[n] for n in order))])
    assert found.f1("entities", "partial") == pytest.approx(0.5)


def test_neighbours_are_no_match() -> None:
    # [0, 5) ends where [5, 9) begins: no token is in both.
    found = entities([mentions((0, 5, "PERSON"))], [mentions((5, 9, "PERSON"))])
    assert [found.f1("entities", name) for name in ("strict", "partial", "type")] == [0, 0, 0]


def test_an_empty_first_document_is_ordinary() -> None:
    layers = [mentions(name="d0"), mentions((0, 5, "PERSON"), name="d1")]
    assert entities(layers, layers).f1("entities", "strict") == 1


def test_types_add_up_to_the_whole() -> None:
    # PERSON [0, 5) is right, LOC [0, 3) is not: one hit, one gold item, two predicted. Per type (PERSON,
    # LOC): 1 + 0, 1 + 0, 1 + 1.
    found = entities([mentions((0, 5, "PERSON"))], [mentions((0, 3, "LOC"), (0, 5, "PERSON"))])
    whole = found.totals("entities", "strict")
    parts = [found.totals("entities", "by_type", name) for name in ("PERSON", "LOC")]
    assert (whole.tp_gold, whole.n_gold, whole.n_pred) == (1, 1, 2)
    sums = tuple(sum(getattr(p, k) for p in parts) for k in ("tp_gold", "n_gold", "n_pred"))
    assert sums == (1, 1, 2)


def test_two_identical_documents_score_as_one() -> None:
    # One pair of credit .5 over one item; twice, 1 over 2.
    gold, other = [[mentions((0, end, "PERSON"), name=n) for n in ("d0", "d1")] for end in (5, 4)]
    assert entities(gold[:1], other[:1]).f1("entities", "partial") == pytest.approx(0.5)
    assert entities(gold, other).f1("entities", "partial") == pytest.approx(0.5)


# spaCy


def test_a_prediction_that_cuts_a_token_counts() -> None:
    # [0, 2) are two of the first word's four letters, and no gold: one of two predictions is right.
    gold = mentions((2, 3, "PERSON"))
    right, *_ = gold.mentions or ()
    cut = Layer("d", "b", mentions=(Mention("m9", 0, 2, None, "PERSON"), right))
    totals = entities([gold], [cut]).totals("entities", "strict")
    assert (totals.precision, totals.recall) == (0.5, 1)


def test_nested_gold_is_found_in_full() -> None:
    layer = mentions((0, 3, "ORG"), (2, 3, "GPE"))
    assert entities([layer], [layer]).totals("entities", "strict").recall == 1


# Quotations


def test_gold_against_itself_is_one_hundred_with_nested_quotes() -> None:
    gold = load_gold()
    assert any(quote.within for layer in gold.values() for quote in layer.quotes or ())
    report = score(gold, gold, tasks=["quotes"], n_boot=0)
    for measure in ("content_strict", "content_partial", "content_token"):
        totals = report.totals("quotes", measure)
        assert (totals.precision, totals.recall) == (1, 1)


def test_the_whole_document_as_a_quote_pays_in_precision() -> None:
    # 10 of the 100 tokens given are quoted.
    gold, whole = quotes(((10, 20),)), quotes(((0, 100),))
    assert both("quotes", "content_token", gold, whole) == (0.1, 1)
    assert both("quotes", "content_strict", gold, whole) == (0, 0)


@pytest.mark.parametrize("measure", ["content_strict", "content_partial"])
def test_duplicates_are_one_hit(measure: str) -> None:
    assert both("quotes", measure, quotes(((0, 5),)), quotes(*[((0, 5),)] * 3)) == (pytest.approx(1 / 3), 1)


def test_fragments_and_one_piece_of_the_same_tokens_score_alike() -> None:
    for content in (((0, 5), (5, 10)), ((0, 10),)):
        assert both("quotes", "content_strict", quotes(((0, 10),)), quotes(content)) == (1, 1)


def test_precision_and_recall_are_not_swapped() -> None:
    # All 5 tokens given are right; they are 5 of 10.
    assert both("quotes", "content_token", quotes(((0, 10),)), quotes(((0, 5),))) == (1, 0.5)


def test_precision_of_no_prediction_is_undefined() -> None:
    gold = quotes(((0, 10),))
    for measure in ("content_strict", "content_partial", "content_token"):
        assert both("quotes", measure, gold, quotes()) == (None, 0)


# Spans by IoU


def test_one_gold_span_is_found_once() -> None:
    # IoU .9, .8 and .9 with the one gold span, of which one prediction can have it.
    found = both("claims", "span", claims((0, 10)), claims((0, 9), (0, 8), (1, 10)))
    assert found == (pytest.approx(1 / 3), 1)


def test_two_halves_are_no_match() -> None:
    # IoU is .5 each, and must be above .5.
    assert both("claims", "span", claims((0, 10)), claims((0, 5), (5, 10))) == (0, 0)


# sacreBLEU

GOLD = [["B-PER", "O", "B-LOC", "O"]] * 20
SYSTEM = [["B-PER", "O", "O", "O"], ["B-PER", "O", "B-LOC", "B-LOC"]] * 10
OTHER = [["B-PER", "O", "B-LOC", "O"], ["O", "O", "B-LOC", "B-PER"], ["B-PER", "O", "O", "O"]] * 6 + GOLD[:2]


def test_a_system_does_not_differ_from_its_own_copy() -> None:
    # No draw can show less than the observed difference, which is 0: (B + 1) / (B + 1).
    report = score_tags(GOLD, SYSTEM)
    (found,) = compare(report, score_tags(GOLD, SYSTEM), n_boot=200).to_json()["measures"][0]["systems"]
    assert (found["bootstrap"]["p"], found["randomization"]["p"]) == (1, 1)


@pytest.mark.parametrize("seed", [0, 1])
def test_every_seed_reproduces(seed: int) -> None:
    reports = [score_tags(GOLD, each) for each in (SYSTEM, OTHER)]
    first, second = (compare(*reports, n_boot=200, seed=seed).to_json() for _ in range(2))
    assert first == second
    assert first["measures"] != compare(*reports, n_boot=200, seed=seed + 1).to_json()["measures"]
