"""Quote measures by hand."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from vostochny.eval import score
from vostochny.eval.report import Report
from vostochny.schema.model import Document, Entity, Layer, Quote, Region, Span
from vostochny.schema.text import tokenize

TEXT = "w0 w1 w2 w3 w4 w5 w6 w7 w8 w9\nx0 x1 x2 x3 x4 x5 x6 x7 x8 x9"
WORDS = Document(
    "d", TEXT, (Region(0, 29, "body"), Region(30, 59, "body")), ((0, 29), (30, 59)), tokenize(TEXT), "0" * 64
)
"""Twenty tokens, ten a paragraph: token n is [3n, 3n + 2)."""

PUTIN = Entity("vladimir-putin", "Vladimir Putin", "PERSON", ("Putin",))


def s(first: int, end: int) -> Span:
    """The span of tokens ``first`` to ``end - 1``."""
    return Span(3 * first, 3 * end - 1)


def layer(*quotes: Quote) -> Layer:
    return Layer("d", "x", quotes=quotes)


def scored(gold: Layer, predicted: Layer) -> Report:
    return score([gold], [predicted], documents=[WORDS], entities=[PUTIN], tasks=["quotes"], n_boot=0)


def prf(report: Report, *path: str) -> tuple[float, float, float, float]:
    t = report.totals("quotes", *path)
    return (t.tp_pred, t.n_pred, t.tp_gold, t.n_gold)


def leaf(report: Report, *path: str) -> Any:
    value = report.to_json()["tasks"]["quotes"]
    for step in path:
        value = value[step]
    return value


def test_content_by_hand() -> None:
    gold = layer(Quote("a", (s(0, 4),)), Quote("b", (s(6, 8), s(9, 10))), Quote("c", (s(12, 14),)))
    predicted = layer(Quote("p", (s(0, 4),)), Quote("q", (s(6, 10),)), Quote("r", (s(15, 20),)))
    # a-p: 4 of 4 and 4. b-q: b has 3 tokens in two fragments, q has 4, 3 shared. c and r share nothing.
    report = scored(gold, predicted)
    assert prf(report, "content_token") == (7, 4 + 4 + 5, 7, 4 + 3 + 2)
    assert prf(report, "content_strict") == (1, 3, 1, 3)
    # Precision credit 1 + 3/4, recall credit 1 + 3/3.
    assert prf(report, "content_partial") == (1.75, 3, 2.0, 3)
    value = leaf(report, "content_partial")
    assert (value["tp"], value["tp_pred"], value["fp"], value["fn"]) == (2, 1.75, 1.25, 1)
    assert value["f1"] == pytest.approx(2 * (1.75 / 3) * (2 / 3) / (1.75 / 3 + 2 / 3))


def test_merged_and_cut_quotes_lose() -> None:
    two = layer(Quote("a", (s(0, 4),)), Quote("b", (s(4, 8),)))
    merged = layer(Quote("p", (s(0, 8),)))
    # The merged quote answers for one of the two only: 4 of its 8 tokens, 4 of 8 gold tokens.
    assert prf(scored(two, merged), "content_token") == (4, 8, 4, 8)
    assert prf(scored(merged, two), "content_token") == (4, 8, 4, 8)


def test_duplicates_score_once() -> None:
    one = Quote("a", (s(0, 4),), speaker="vladimir-putin", source=s(5, 6), cue=(s(4, 5),))
    twice = layer(one, Quote("b", one.content, speaker=one.speaker, source=one.source, cue=one.cue))
    report = scored(layer(one), twice)
    assert prf(report, "content_token") == (4, 8, 4, 4)
    for measure in ("content_strict", "content_partial", "speaker", "triple", "cue", "source"):
        assert prf(report, measure) == (1, 2, 1, 1)


def test_cue_source_and_triple_by_hand() -> None:
    gold = layer(
        Quote("a", (s(0, 4),), cue=(s(4, 5), s(8, 9)), source=s(5, 8)),
        Quote("b", (s(10, 14),), cue=(s(14, 15),), source=None),
        Quote("c", (s(16, 17),), cue=(s(17, 18),), source=s(18, 20)),
    )
    predicted = layer(
        Quote("p", (s(0, 3),), cue=(s(4, 5),), source=s(6, 8)),  # with a; 1 of 2 cue, 2 of 3 source tokens
        Quote("q", (s(10, 14),), cue=(s(14, 15),), source=None),  # equal to b
        Quote("r", (s(9, 10),), cue=(s(17, 18),), source=s(18, 20)),  # c's cue and source, other content
    )
    report = scored(gold, predicted)
    assert prf(report, "cue") == (1 + 1, 1 + 1 + 1, 1 + 1, 2 + 1 + 1)
    assert prf(report, "source") == (2, 2 + 2, 2, 3 + 2)
    assert prf(report, "triple") == (1, 3, 1, 3)


def test_speaker_by_hand() -> None:
    gold = layer(
        Quote("a", (s(0, 4),), speaker="vladimir-putin"),
        Quote("b", (s(4, 8),), speaker="unnamed"),
        Quote("c", (s(10, 14),), speaker="vladimir-putin"),
        Quote("d", (s(14, 16),), speaker=None),
        Quote("e", (s(16, 20),), speaker="Zed"),
    )
    predicted = layer(
        Quote("p", (s(0, 4),), speaker="President Putin"),  # an alias, with a title: right
        Quote("q", (s(4, 8),), speaker="vladimir-putin"),  # wrong
        Quote("r", (s(10, 12),), speaker="vladimir-putin"),  # IoU 2/4, not above a half: not found
        Quote("t", (s(14, 16),), speaker="Putin"),  # gold has none
        Quote("u", (s(16, 20),), speaker=None),  # no answer
    )
    report = scored(gold, predicted)
    assert prf(report, "speaker") == (1, 4, 1, 4)
    accuracy = leaf(report, "speaker_accuracy")  # asked of a, b and e
    assert (accuracy["n"], accuracy["correct"]) == (3, 1)
    assert accuracy["confusion"] == {
        "Zed": {"-": 1},
        "unnamed": {"vladimir-putin": 1},
        "vladimir-putin": {"vladimir-putin": 1},
    }


def test_token_measures_and_labels_have_their_own_pairs() -> None:
    # IoU: a-p 6/10, a-q 4/8, b-p 4/8, b-q 0. The greatest total is a-q with b-p (1.0), but only a-p is
    # above a half: tokens are counted over the first pairing, speakers over the second.
    gold = layer(Quote("a", (s(0, 8),), speaker="A"), Quote("b", (s(6, 10),), speaker="B"))
    predicted = layer(Quote("p", (s(2, 10),), speaker="A"), Quote("q", (s(0, 4),), speaker="B"))
    report = scored(gold, predicted)
    assert prf(report, "content_token") == (4 + 4, 8 + 4, 4 + 4, 8 + 4)
    assert prf(report, "speaker") == (1, 2, 1, 2)


def test_ties_go_to_what_agrees() -> None:
    # Two quotes with one content (an agency passing on a speaker's words): each finds its own speaker.
    gold = layer(Quote("a", (s(0, 4),), speaker="A"), Quote("b", (s(0, 4),), speaker="B"))
    for predicted in (
        layer(Quote("p", (s(0, 4),), speaker="A"), Quote("q", (s(0, 4),), speaker="B")),
        layer(Quote("p", (s(0, 4),), speaker="B"), Quote("q", (s(0, 4),), speaker="A")),
    ):
        assert prf(scored(gold, predicted), "speaker") == (2, 2, 2, 2)


def test_kinds_by_hand() -> None:
    gold = layer(
        Quote("a", (s(0, 4),), verbatim=(s(0, 4),)),  # direct
        Quote("b", (s(4, 8),), verbatim=()),  # indirect
        Quote("c", (s(10, 14),), verbatim=(s(10, 11),)),  # mixed
    )
    predicted = layer(
        Quote("p", (s(0, 3),), verbatim=(s(0, 3),)),  # direct, 3 tokens shared
        Quote("q", (s(4, 8),), verbatim=(s(4, 8),)),  # direct, but gold is indirect
        Quote("r", (s(10, 15),), verbatim=(s(11, 12),)),  # mixed, 4 shared
    )
    report = scored(gold, predicted)
    assert prf(report, "by_kind", "direct") == (3, 3 + 4, 3, 4)
    assert prf(report, "by_kind", "indirect") == (0, 0, 0, 4)
    assert prf(report, "by_kind", "mixed") == (4, 5, 4, 4)
    assert leaf(report, "attributes", "kind")["confusion"] == {
        "direct": {"direct": 1},
        "indirect": {"direct": 1},
        "mixed": {"mixed": 1},
    }


def test_a_kind_that_was_not_stated_follows_from_the_marks() -> None:
    text = "“w w w w” said x"
    doc = Document("d", text, (Region(0, 16, "body"),), ((0, 16),), tokenize(text), "0" * 64)
    gold = layer(Quote("a", (Span(0, 9),), verbatim=(Span(0, 9),)))
    predicted = layer(Quote("p", (Span(0, 9),), verbatim=None))
    report = score([gold], [predicted], documents=[doc], tasks=["quotes"], n_boot=0)
    assert report.totals("quotes", "by_kind", "direct").f1 == 1.0


def test_nesting_by_hand() -> None:
    gold = layer(
        Quote("outer", (s(0, 9),)),
        Quote("inner", (s(2, 8),), within="outer"),
        Quote("core", (s(4, 8),), within="inner"),
        Quote("far", (s(10, 14),), within="outer"),
    )
    predicted = layer(
        Quote("core", (s(4, 8),), within="o"),  # its gold outer quote is another one
        Quote("i", (s(2, 7),), within="o"),  # right
        Quote("o", (s(0, 9),)),
        Quote("f", (s(10, 14),), within="gone"),  # names a quote that does not exist
    )
    assert prf(scored(gold, predicted), "nesting") == (1, 3, 1, 3)


def test_attributes_by_hand() -> None:
    gold = layer(
        *(Quote(f"a{n}", (s(2 * n, 2 * n + 2),), medium="writing" if n < 2 else "speech") for n in range(4))
    )
    predicted = layer(
        *(Quote(f"p{n}", (s(2 * n, 2 * n + 2),), medium="writing" if n < 1 else "speech") for n in range(4))
    )
    medium = leaf(scored(gold, predicted), "attributes", "medium")
    # 3 of 4 equal; p_e = (2/4)(1/4) + (2/4)(3/4) = 1/2; κ = 1/2. F1: writing 2/3, speech 4/5; mean 11/15.
    assert (medium["n"], medium["accuracy"]) == (4, 0.75)
    assert medium["kappa"] == pytest.approx(0.5)
    assert medium["macro_f1"] == pytest.approx(11 / 15)
    assert leaf(scored(gold, predicted), "attributes", "polarity")["kappa"] is None


def test_quotes_that_differ_only_in_what_lies_in_them_score_alike_in_any_order() -> None:
    # Alike in all that is scored; c lies in a, not in b: whether x is held against a or b decides the edge.
    gold = [Quote("a", (s(0, 3),)), Quote("b", (s(0, 3),)), Quote("c", (s(0, 3),), within="a")]
    found = [Quote("x", (s(0, 3),)), Quote("y", (s(0, 3),), within="x")]
    scores = {
        prf(scored(layer(*ours), layer(*theirs)), "nesting")
        for ours in permutations(gold)
        for theirs in permutations(found)
    }
    assert len(scores) == 1
