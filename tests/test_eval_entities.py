"""Entity measures by hand, and equal to seqeval."""

from __future__ import annotations

import pytest
import seqeval.metrics  # noqa: F401  loaded here, so that no example pays for it
from hypothesis import given
from hypothesis import strategies as st

from vostochny.eval import score, seqeval_report
from vostochny.eval.report import Report
from vostochny.schema.labels import ENTITY_TYPES
from vostochny.schema.model import Document, Layer, Mention, Region
from vostochny.schema.text import tokenize


def document(*paragraphs: str) -> Document:
    """A document with a paragraph a region and a sentence."""
    text, regions = "\n".join(paragraphs), []
    start = 0
    for each in paragraphs:
        regions.append(Region(start, start + len(each), "body"))
        start += len(each) + 1
    pairs = tuple((r.start, r.end) for r in regions)
    return Document("d", text, tuple(regions), pairs, tokenize(text), "0" * 64)


WORDS = document("w0 w1 w2 w3 w4 w5", "w6 w7 w8 w9")
"""Ten tokens of two characters, each followed by one: token n is [3n, 3n + 2)."""


def layer(*mentions: tuple[int, int, str]) -> Layer:
    """A layer of mentions, each given as first token, token after the last, type."""
    items = (Mention(f"m{n}", 3 * a, 3 * b - 1, None, t) for n, (a, b, t) in enumerate(mentions))
    return Layer("d", "x", mentions=tuple(items))


def scored(gold: Layer, predicted: Layer, **options: object) -> Report:
    return score([gold], [predicted], documents=[WORDS], tasks=["entities"], n_boot=0, **options)  # type: ignore[arg-type]


def prf(report: Report, *path: str) -> tuple[float, float, float, float]:
    t = report.totals("entities", *path)
    return (t.tp_pred, t.n_pred, t.tp_gold, t.n_gold)


GOLD = layer((0, 2, "PERSON"), (3, 4, "GPE"), (4, 6, "ORG"), (7, 9, "DATE"))


def test_the_four_measures_of_semeval_by_hand() -> None:
    predicted = layer((0, 2, "PERSON"), (3, 4, "ORG"), (4, 5, "ORG"), (7, 10, "TIME"), (6, 7, "GPE"))
    # gold          predicted       boundary  type    strict exact partial type
    # 0-2 PERSON    0-2 PERSON      same      same    1      1     1       1
    # 3-4 GPE       3-4 ORG         same      other   0      1     1       0
    # 4-6 ORG       4-5 ORG         overlap   same    0      0     .5      1
    # 7-9 DATE      7-10 TIME       overlap   other   0      0     .5      0
    # -             6-7 GPE         spurious
    report = scored(GOLD, predicted)
    assert prf(report, "strict") == (1, 5, 1, 4)
    assert prf(report, "exact") == (2, 5, 2, 4)
    assert prf(report, "partial") == (3, 5, 3, 4)
    assert prf(report, "type") == (2, 5, 2, 4)
    # Tokens 0 and 1 are PERSON and token 4 is ORG on both sides; 2 + 2 + 3 + 1 are typed in the prediction,
    # 2 + 1 + 2 + 2 in gold.
    assert prf(report, "token") == (3, 8, 3, 7)
    # P = 1/5, R = 1/4, F1 = 2·(1/20)/(9/20) = 2/9.
    assert report.totals("entities", "strict").f1 == pytest.approx(2 / 9)


def test_error_tables_by_hand() -> None:
    predicted = layer((0, 2, "PERSON"), (3, 4, "ORG"), (4, 5, "ORG"), (7, 10, "TIME"), (6, 7, "GPE"))
    errors = scored(GOLD, predicted).to_json()["tasks"]["entities"]["errors"]
    assert errors["boundary"] == {
        "none": {"spurious": 1},
        "overlap": {"other_type": 1, "same_type": 1},
        "same": {"other_type": 1, "same_type": 1},
    }
    assert errors["types"] == {
        "DATE": {"TIME": 1},
        "GPE": {"ORG": 1},
        "ORG": {"ORG": 1},
        "PERSON": {"PERSON": 1},
        "none": {"GPE": 1},
    }


def test_duplicates_and_fragments_score_once() -> None:
    gold = layer((0, 4, "ORG"))
    twice = scored(gold, layer((0, 4, "ORG"), (0, 4, "ORG")))
    for measure in ("strict", "exact", "partial", "type"):
        assert prf(twice, measure) == (1, 2, 1, 1)
    pieces = scored(gold, layer((0, 1, "ORG"), (1, 2, "ORG"), (2, 4, "ORG")))
    assert prf(pieces, "strict") == (0, 3, 0, 1)
    assert prf(pieces, "partial") == (0.5, 3, 0.5, 1)
    assert prf(pieces, "type") == (1, 3, 1, 1)


def test_partial_pairs_for_the_greatest_total() -> None:
    # Predicted 0-3 overlaps both gold 0-2 and 2-4; predicted 0-2 equals the first. Best: 1 + .5, not .5 + 0.
    report = scored(layer((0, 2, "ORG"), (2, 4, "ORG")), layer((0, 3, "ORG"), (0, 2, "ORG")))
    assert prf(report, "partial") == (1.5, 2, 1.5, 2)


def test_by_type_macro_and_projection_by_hand() -> None:
    gold = layer((0, 1, "PERSON"), (1, 2, "PERSON"), (2, 3, "GPE"), (3, 4, "FAC"), (4, 5, "DATE"))
    predicted = layer((0, 1, "PERSON"), (2, 3, "LOC"), (3, 4, "FAC"), (4, 5, "DATE"), (5, 6, "LAW"))
    value = scored(gold, predicted).to_json()["tasks"]["entities"]
    # PERSON: tp 1, fn 1: F1 2/3. GPE 0. FAC 1. DATE 1. LOC and LAW are not in gold: no members of the mean.
    assert value["macro"]["f1"] == pytest.approx((2 / 3 + 0 + 1 + 1) / 4)
    assert value["macro"]["types"] == 4
    assert list(value["by_type"]) == ["DATE", "FAC", "GPE", "LAW", "LOC", "PERSON"]
    assert value["by_type"]["PERSON"] == {
        "tp": 1, "fp": 0, "fn": 1, "precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3), "ci95": None,
    }  # fmt: skip
    assert (value["by_type"]["GPE"]["precision"], value["by_type"]["LOC"]["recall"]) == (None, None)
    # CoNLL: gold PER PER LOC LOC, predicted PER LOC LOC MISC: GPE as LOC is right now, DATE is gone.
    assert {k: value["conll4"][k] for k in ("tp", "fp", "fn")} == {"tp": 3, "fp": 1, "fn": 1}


def test_label_agreement_on_equal_boundaries() -> None:
    gold = layer((0, 1, "GPE"), (1, 2, "GPE"), (2, 3, "ORG"), (3, 4, "ORG"), (5, 6, "ORG"))
    predicted = layer((0, 1, "GPE"), (1, 2, "ORG"), (2, 3, "ORG"), (3, 4, "ORG"), (5, 7, "GPE"))
    leaf = scored(gold, predicted).to_json()["tasks"]["entities"]["attributes"]["type"]
    # Four pairs, three equal; p_e = (2/4)(1/4) + (2/4)(3/4) = 1/2; κ = (3/4 - 1/2) / (1/2) = 1/2.
    assert (leaf["n"], leaf["correct"], leaf["kappa"]) == (4, 3, pytest.approx(0.5))


def test_counts_lie_in_the_block_of_the_first_token() -> None:
    report = scored(layer((4, 8, "ORG"), (8, 9, "GPE")), layer((4, 8, "ORG"), (6, 8, "ORG")))
    counts = report.counts("entities").measures[("strict",)]
    assert counts.values.tolist() == [[1, 1, 1, 1], [0, 1, 0, 1]]


def test_trimming_forgives_articles_and_possessives_on_both_sides() -> None:
    doc = document("The Kremlin’s guards met the leaders’ cooks of The Hague")
    the_kremlins, the_leaders = doc.text.index("The Kremlin’s"), doc.text.index("the leaders’")
    gold = Layer("d", "x", mentions=(Mention("m1", 4, 11, "Kremlin", "ORG"),))
    predicted = Layer("d", "x", mentions=(Mention("m1", the_kremlins, 13, None, "ORG"),))
    plain = score([gold], [predicted], documents=[doc], tasks=["entities"], n_boot=0)
    trimmed = score([gold], [predicted], documents=[doc], tasks=["entities"], n_boot=0, trim=True)
    assert plain.totals("entities", "strict").f1 == 0.0
    assert trimmed.totals("entities", "strict").f1 == 1.0
    assert "|mentions:as-written|" in plain.signature
    assert "|mentions:trimmed|" in trimmed.signature
    plural = Layer("d", "x", mentions=(Mention("m1", the_leaders, the_leaders + 12, None, "NORP"),))
    bare = Layer("d", "x", mentions=(Mention("m1", the_leaders + 4, the_leaders + 11, None, "NORP"),))
    assert (
        score([bare], [plural], documents=[doc], tasks="entities", n_boot=0, trim=True)
        .totals("entities", "strict")
        .f1
        == 1.0
    )


def test_offsets_inside_a_token_stand_for_the_token() -> None:
    stray = Layer("d", "x", mentions=(Mention("m1", 0, 6, None, "PERSON"),))  # with the space after w1
    assert prf(scored(layer((0, 2, "PERSON")), stray), "strict") == (1, 1, 1, 1)


mentions = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 3), st.sampled_from(sorted(ENTITY_TYPES)[:4])), max_size=7
)


def flat(drawn: list[tuple[int, int, str]]) -> Layer:
    """Those of the drawn mentions that share no token with an earlier one."""
    taken: set[int] = set()
    kept = []
    for start, length, kind in drawn:
        tokens = set(range(start, min(start + length, 10)))
        if not tokens & taken:
            taken |= tokens
            kept.append((start, min(start + length, 10), kind))
    return layer(*kept)


@given(mentions, mentions)
def test_strict_and_by_type_equal_seqeval(
    left: list[tuple[int, int, str]], right: list[tuple[int, int, str]]
) -> None:
    gold, predicted = flat(left), flat(right)
    ours = scored(gold, predicted)
    theirs = seqeval_report([gold], [predicted], [WORDS])
    assert theirs["left_out"] == {"gold": 0, "predicted": 0}
    rows = {("strict",): "micro avg"}
    rows |= {p: p[1] for p in ours.counts("entities").measures if p[0] == "by_type"}
    if not gold.mentions and not predicted.mentions:
        assert list(theirs) == ["left_out"]
        return
    for path, row in rows.items():
        totals = ours.totals("entities", *path)
        # seqeval writes 0 where we write None.
        assert theirs[row]["precision"] == pytest.approx(totals.precision or 0)
        assert theirs[row]["recall"] == pytest.approx(totals.recall or 0)
        assert theirs[row]["f1-score"] == pytest.approx(totals.f1 or 0)
        assert theirs[row]["support"] == totals.n_gold


def test_seqeval_by_hand() -> None:
    # Neighbouring mentions of one type stay two in IOB2. P = 2/3, R = 2/4: F1 = 4/7.
    gold = layer((0, 1, "GPE"), (1, 2, "GPE"), (3, 5, "ORG"), (7, 8, "DATE"))
    predicted = layer((0, 1, "GPE"), (1, 2, "GPE"), (3, 6, "ORG"))
    row = seqeval_report([gold], [predicted], [WORDS])["micro avg"]
    assert row["f1-score"] == pytest.approx(4 / 7) == scored(gold, predicted).totals("entities", "strict").f1
    assert row["support"] == 4


def test_seqeval_keeps_the_longest_of_overlapping_mentions_and_says_so() -> None:
    gold = layer((0, 3, "ORG"))
    report = seqeval_report([gold], [layer((1, 2, "GPE"), (0, 3, "ORG"), (2, 4, "ORG"))], [WORDS])
    assert report["left_out"] == {"gold": 0, "predicted": 2}
    assert report["micro avg"]["f1-score"] == 1.0
