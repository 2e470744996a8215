"""Rounds: loading, agreement as a table, the log of the shipped round, and the figures counted."""

import json
from pathlib import Path

import pytest

from vostochny.annotations import load_documents, load_gold, load_registry, load_round
from vostochny.annotations.adjudication import log_entries
from vostochny.annotations.consistency import Figure, agreement_rows, round_agreement
from vostochny.annotations.rounds import Round, round_folder, round_ids
from vostochny.annotations.statistics import COLUMNS, article_rows, label_rows
from vostochny.schema.errors import InputError
from vostochny.schema.model import Claim, Layer, Mention, Quote, Span
from vostochny.schema.registry import Resolver

ROOT = Path(__file__).parent.parent / "annotations"
DOCUMENTS = load_documents()


def small_round(first, second, kinds=("human", "human")):
    manifest = {
        "documents": ["ist"],
        "annotators": [{"id": f"a{n}", "kind": kind} for n, kind in enumerate(kinds, 1)],
    }
    return Round("r9", manifest, {"a1": {"ist": first}, "a2": {"ist": second}})


def layer(annotator, *, type="GPE", speaker="kim-jong-un", proposition="P."):
    start = DOCUMENTS["ist"].text.index("Pyongyang")
    claim = Span(336, 400)
    return Layer(
        "ist",
        annotator,
        mentions=(
            Mention("m1", 0, 12, None, "NORP", "north-korea"),
            Mention("m2", start, start + 9, None, type),
        ),
        quotes=(Quote("q1", (Span(356, 412),), (), speaker=speaker),),
        marks=(),
        claims=(Claim("c1", (claim,), proposition=proposition),),
    )


def test_the_figures_by_hand():
    figures, _ = round_agreement(
        small_round(layer("a1"), layer("a2", type="LOC", speaker="unnamed", proposition="Q.")), DOCUMENTS, ()
    )
    found = {(f.part, f.name): (f.value, f.n) for f in figures}
    # One of two mentions has the same type: F1 = 1/2; both have the same boundaries.
    assert found["mentions", "strict F1"] == (0.5, 2)
    assert found["mentions", "boundary F1"] == (1.0, 2)
    # Cohen's κ of types NORP/NORP and GPE/LOC: p_o = 1/2, p_e = 1/2·1/2 = 1/4, κ = (1/2 - 1/4)/(3/4) = 1/3.
    assert found["mentions", "type κ"] == (pytest.approx(1 / 3), 2)
    assert found["quotes", "speaker F1"] == (0.0, 1)
    assert found["claims", "propositions worded alike"] == (0.0, 1)
    # A single pair with a single label on both sides leaves κ undefined.
    assert found["claims", "type κ"] == (None, 1)


def test_figures_below_their_bar_are_low_and_undefined_ones_are_not():
    assert Figure("p", "n", 0.92, 30, None, 0.93).low
    assert not Figure("p", "n", 0.92, 29, None, 0.93).low  # too few to say
    assert not Figure("p", "n", 0.93, 30, None, 0.93).low
    assert not Figure("p", "n", None, 30, None, 0.93).low
    assert not Figure("p", "n", 0.1, 30).low
    _, rows = agreement_rows([Figure("claims", "type κ", None, 5, None, 0.75)])
    assert rows == [("claims", "type κ", "–", "", "5", "0.75")]


def test_self_consistency_is_named_for_language_models_only():
    readings = layer("a1"), layer("a2")
    assert small_round(*readings, kinds=("language-model", "language-model")).self_consistency
    assert not small_round(*readings, kinds=("language-model", "human")).self_consistency
    assert load_round("r1").self_consistency


def test_agreement_needs_two_annotators():
    alone = Round("r9", {"documents": ["ist"], "annotators": [{"id": "a1", "kind": "human"}]}, {})
    with pytest.raises(InputError, match="agreement needs two"):
        round_agreement(alone, DOCUMENTS, ())


def test_unknown_rounds_and_missing_layers_are_named(tmp_path):
    with pytest.raises(InputError, match="known are r0, r1"):
        round_folder("r7")
    folder = tmp_path / "rounds" / "r5"
    folder.mkdir(parents=True)
    for name in ("articles", "documents"):
        (tmp_path / name).symlink_to(ROOT / name)
    manifest = json.loads((ROOT / "rounds/r0/round.json").read_bytes())
    (folder / "round.json").write_text(json.dumps(manifest | {"id": "r5"}))
    assert round_ids(tmp_path) == ["r5"]
    with pytest.raises(InputError) as caught:
        load_round("r5", tmp_path)
    assert str(folder / "a1" / "japantimes.json") in str(caught.value)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_the_log_has_every_place_where_gold_and_the_readings_are_not_all_the_same(name):
    found = load_round("r1")
    readings = tuple(found.layers[annotator][name] for annotator in found.annotators)
    entries = log_entries(load_gold()[name], readings, DOCUMENTS[name], Resolver(load_registry()))
    lines = (ROOT / "rounds/r1/adjudication" / f"{name}.jsonl").read_bytes().decode().splitlines()
    logged = [json.loads(line) for line in lines]
    assert [{k: v for k, v in e.items() if k not in ("rule", "reason")} for e in logged] == entries
    assert all(e["rule"] and e["reason"] for e in logged)


def test_counts_by_hand():
    documents = {"ist": DOCUMENTS["ist"]}
    rows = article_rows(documents, {"ist": layer("gold")})
    row = dict(zip(COLUMNS, rows[0], strict=True))
    assert (row["code points"], row["sentences"], row["tokens"]) == ("5,341", "35", "1,017")
    assert (row["mentions"], row["entities"], row["quotes"], row["claims"]) == ("2", "1", "1", "1")
    assert (row["nested"], row["marks"], row["attributed"]) == ("0", "0", "0")
    assert row["outlet or agency"] == "unknown"
    labels = dict(label_rows(documents, {"ist": layer("gold")}))
    assert labels["quote kinds"] == "direct 0, indirect 1, mixed 0"
    assert labels["claim types"] == "fact 1, prediction 0, opinion 0"


def test_entities_are_counted_once_over_all_articles():
    rows = article_rows(DOCUMENTS, load_gold())
    column = COLUMNS.index("entities")
    each, total = [int(r[column]) for r in rows[:-1]], int(rows[-1][column])
    assert max(each) < total < sum(each)
