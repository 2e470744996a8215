"""Claim measures by hand."""

from __future__ import annotations

from typing import Any

import pytest

from vostochny.eval import score
from vostochny.eval.report import Report
from vostochny.schema.model import Claim, Document, Layer, Region, Span
from vostochny.schema.text import tokenize

TEXT = "w0 w1 w2 w3 w4 w5 w6 w7 w8 w9\nx0 x1 x2 x3 x4 x5 x6 x7 x8 x9"
WORDS = Document(
    "d",
    TEXT,
    (Region(0, 29, "body"), Region(30, 59, "body")),
    ((0, 14), (15, 29), (30, 44), (45, 59)),
    tokenize(TEXT),
    "0" * 64,
)
"""Twenty tokens, five a sentence, ten a paragraph: token n is [3n, 3n + 2)."""


def s(first: int, end: int) -> Span:
    """The span of tokens ``first`` to ``end - 1``."""
    return Span(3 * first, 3 * end - 1)


def claim(name: str, *spans: Span, **rest: Any) -> Claim:
    return Claim(name, spans, **rest)


def layer(*claims: Claim) -> Layer:
    return Layer("d", "x", claims=claims)


def scored(gold: Layer, predicted: Layer) -> Report:
    return score([gold], [predicted], documents=[WORDS], tasks=["claims"], n_boot=0)


def prf(report: Report, *path: str) -> tuple[float, float, float, float]:
    t = report.totals("claims", *path)
    return (t.tp_pred, t.n_pred, t.tp_gold, t.n_gold)


def test_spans_and_dice_by_hand() -> None:
    gold = layer(
        claim("a", s(0, 4)), claim("b", s(5, 7), s(8, 9)), claim("c", s(10, 14)), claim("e", s(15, 20))
    )
    predicted = layer(claim("p", s(0, 3)), claim("q", s(5, 9)), claim("r", s(10, 12)))
    #        shared  IoU   Dice
    # a-p    3       3/4   6/7
    # b-q    3       3/4   6/7
    # c-r    2       2/4   4/6   exactly a half: no hit
    report = scored(gold, predicted)
    assert prf(report, "span") == (2, 3, 2, 4)
    total = 6 / 7 + 6 / 7 + 2 / 3
    assert prf(report, "dice") == (pytest.approx(total), 3, pytest.approx(total), 4)
    # No claim is found exactly; 3 + 3 + 2 tokens are shared of 3 + 4 + 2 predicted and 4 + 3 + 4 + 5 in gold.
    assert prf(report, "strict") == (0, 3, 0, 4)
    assert prf(report, "token") == (8, 9, 8, 16)


def test_a_claim_found_exactly_counts_once() -> None:
    gold = layer(claim("b", s(5, 7), s(8, 9)))
    report = scored(gold, layer(claim("p", s(5, 7), s(8, 9)), claim("q", s(5, 9))))
    assert prf(report, "strict") == (1, 2, 1, 1)
    # p is aligned with b (IoU 1); q's four tokens are all too many.
    assert prf(report, "token") == (3, 7, 3, 3)


def test_a_sentence_predicted_whole_finds_at_most_one_of_its_claims() -> None:
    gold = layer(claim("a", s(0, 3)), claim("b", s(3, 5)))
    report = scored(gold, layer(claim("p", s(0, 5))))
    assert prf(report, "span") == (1, 1, 1, 2)  # IoU 3/5 with a
    assert prf(report, "dice") == (pytest.approx(6 / 8), 1, pytest.approx(6 / 8), 2)


def test_duplicates_and_fragments_score_once() -> None:
    gold = layer(claim("a", s(0, 4)))
    assert prf(scored(gold, layer(claim("p", s(0, 4)), claim("q", s(0, 4)))), "span") == (1, 2, 1, 1)
    assert prf(scored(gold, layer(claim("p", s(0, 2)), claim("q", s(2, 4)))), "span") == (0, 2, 0, 1)


def test_as_many_claims_as_possible_are_found() -> None:
    # p-a has the greatest IoU (4/5), but p-b (3/5) and q-a (3/4) find two.
    gold = layer(claim("a", s(0, 4)), claim("b", s(2, 5)))
    assert prf(scored(gold, layer(claim("p", s(0, 5)), claim("q", s(1, 4)))), "span") == (2, 2, 2, 2)


def test_sentences_by_hand() -> None:
    # Gold claims touch sentences 0, 1 (one claim over both) and 3; predicted ones 1, 2 and 3 (twice).
    gold = layer(claim("a", s(3, 7)), claim("b", s(16, 18)))
    predicted = layer(
        claim("p", s(6, 8)), claim("q", s(11, 12)), claim("r", s(15, 16)), claim("t", s(19, 20))
    )
    report = scored(gold, predicted)
    assert prf(report, "sentence") == (2, 3, 2, 3)
    # Blocks: sentences 0 and 1 lie in the first paragraph, 2 and 3 in the second.
    values = report.counts("claims").measures[("sentence",)].values.tolist()
    assert values == [[1, 1, 1, 2], [1, 2, 1, 1]]


def test_claimer_attributes_and_joint_by_hand() -> None:
    gold = layer(
        claim("a", s(0, 4)),
        claim("b", s(5, 9), voice="attributed", claimer="kim-jong-un", type="opinion"),
        claim("c", s(10, 14), voice="attributed", claimer="unnamed", certainty="hedged"),
        claim("e", s(15, 19), type="prediction"),
    )
    predicted = layer(
        claim("p", s(0, 4)),  # all right
        claim("q", s(5, 9), voice="attributed", claimer="kim-jong-un"),  # type wrong
        claim("r", s(10, 14), voice="attributed", claimer=None, certainty="hedged"),  # no claimer
        claim("t", s(15, 16), type="prediction"),  # not found
    )
    report = scored(gold, predicted)
    assert prf(report, "claimer") == (2, 3, 2, 4)
    assert prf(report, "attributes", "joint") == (1, 4, 1, 4)
    value = report.to_json()["tasks"]["claims"]
    accuracy = value["claimer_accuracy"]
    assert (accuracy["n"], accuracy["correct"]) == (3, 2)
    assert value["attributes"]["type"]["confusion"] == {"fact": {"fact": 2}, "opinion": {"fact": 1}}
    # Type: p_o = 2/3, p_e = (2/3)(3/3) = 2/3: κ = 0. F1: fact 4/5, opinion 0.
    assert value["attributes"]["type"]["kappa"] == pytest.approx(0.0)
    assert value["attributes"]["type"]["macro_f1"] == pytest.approx(0.4)
    assert value["attributes"]["voice"]["kappa"] == 1.0
    assert value["attributes"]["polarity"]["kappa"] is None


def test_claims_over_the_same_words_find_their_own_claimer() -> None:
    first = {"voice": "attributed", "claimer": "A"}
    second = {"voice": "attributed", "claimer": "B"}
    gold = layer(claim("a", s(0, 4), **first), claim("b", s(0, 4), **second))
    predicted = layer(claim("p", s(0, 4), **second), claim("q", s(0, 4), **first))
    assert prf(scored(gold, predicted), "attributes", "joint") == (2, 2, 2, 2)
