"""Rounds: loading, agreement as a table, the log of the shipped round, and the figures counted."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from vostochny.annotations import load_documents, load_gold, load_registry, load_round
from vostochny.annotations.adjudication import log_entries
from vostochny.annotations.consistency import Figure, agreement_rows, mean_figures, round_agreement
from vostochny.annotations.prefill_change import prefill_bias, prefill_changes
from vostochny.annotations.rounds import Round, round_folder, round_ids
from vostochny.annotations.statistics import COLUMNS, article_rows, label_rows
from vostochny.cli.main import cli
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.model import Claim, Layer, Mention, Quote, Span
from vostochny.schema.readers import read_layer
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
    adjudicated = read_layer(ROOT / "rounds/r1/adjudicated" / f"{name}.json", DOCUMENTS)
    entries = log_entries(adjudicated, readings, DOCUMENTS[name], Resolver(load_registry()))
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


# Rounds of other numbers of annotators, open ones, and ones that were prefilled.


@pytest.fixture
def corpus(tmp_path):
    """A corpus of two articles with gold, and an open round by ana, ben and dan without any layer yet."""
    for folder, suffix in (("articles", "txt"), ("documents", "json"), ("gold", "json")):
        (tmp_path / folder).mkdir()
        for name in ("ist", "sputnik"):
            shutil.copy(ROOT / folder / f"{name}.{suffix}", tmp_path / folder)
    shutil.copy(ROOT / "gold/links.json", tmp_path / "gold")
    put(tmp_path, "round.json", manifest(["ana", "ben", "dan"]))
    return tmp_path


def manifest(annotators, documents=("ist", "sputnik")):
    return {
        "schema_version": "1.0.0",
        "id": "r5",
        "purpose": "Again.",
        "guidelines": "1.0.0",
        "blind": False,
        "state": "open",
        "documents": list(documents),
        "parts": ["mentions", "quotes", "marks", "claims"],
        "annotators": [{"id": name, "kind": "human", "procedure": "First to last."} for name in annotators],
    }


def put(corpus, name, value):
    path = corpus / "rounds/r5" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(dump_json(layer_to_json(value) if isinstance(value, Layer) else value))


def call(*arguments):
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    return result.exit_code, result.output, result.exception


R1 = load_round("r1")
SOURCES = {"ana": "a1", "ben": "a2"}


def fill(corpus, *documents):
    for document in documents:
        for name, source in SOURCES.items():
            put(corpus, f"{name}/{document}.json", replace(R1.layers[source][document], annotator=name))
        put(corpus, f"dan/{document}.json", replace(load_gold()[document], annotator="dan"))


def test_an_open_round_may_lack_layers(corpus):
    found = load_round("r5", corpus)
    assert found.open
    assert found.complete == ()
    assert len(found.missing) == 6
    status, _, error = call("round", "agree", "r5", "--corpus", corpus)
    assert status == 1
    assert "missing are ana: ist, sputnik; ben: ist, sputnik; dan: ist, sputnik" in str(error)
    fill(corpus, "ist")
    found = load_round("r5", corpus)
    assert found.complete == ("ist",)
    assert list(found.readings("ist")) == ["ana", "ben", "dan"]
    assert found.readings("sputnik") == {}
    status, out, _ = call("validate", corpus / "rounds", "--documents", corpus / "documents")
    assert status == 0, out


def test_agreement_of_three_is_that_of_each_pair_and_the_mean(corpus):
    fill(corpus, "ist")
    put(corpus, "dan/sputnik.json", replace(load_gold()["sputnik"], annotator="dan"))
    status, out, _ = call("round", "agree", "r5", "--corpus", corpus, "--format", "markdown")
    assert status == 0
    assert out.startswith(
        "Round r5: agreement of ana, ben and dan on 1 document(s)\n\n| part | measure | mean |"
    )
    assert "| ana, ben | ana, dan | ben, dan |" in out
    assert "\n\nα of all annotators at once\n\n| part | measure | value | over |" in out
    assert out.rstrip().endswith("not there yet: ana: sputnik; ben: sputnik")
    status, out, _ = call("round", "agree", "r5", "--corpus", corpus, "--format", "json")
    value = json.loads(out)
    pairs, together = value["pairs"], value["all"]
    assert together["annotators"] == ["ana", "ben", "dan"]
    assert together["tokens"]["claim"]["n"] == len(DOCUMENTS["ist"].tokens)
    assert [pair["annotators"] for pair in pairs] == [["ana", "ben"], ["ana", "dan"], ["ben", "dan"]]
    assert pairs[1]["tasks"]["quotes"]["content_strict"] != pairs[2]["tasks"]["quotes"]["content_strict"]


def test_a_mean_of_something_undefined_is_undefined():
    one, two = (
        Figure("claims", "type κ", 0.5, 10, None, 0.75),
        Figure("claims", "type κ", None, 4, None, 0.75),
    )
    assert mean_figures([[one], [one]]) == [Figure("claims", "type κ", 0.5, 20, None, 0.75)]
    assert mean_figures([[one], [two]]) == [Figure("claims", "type κ", None, 14, None, 0.75)]


def test_two_annotators_get_the_table_of_the_shipped_round(corpus):
    put(corpus, "round.json", manifest(["ana", "ben"], ["ist"]))
    fill(corpus, "ist")
    _, out, _ = call("round", "agree", "r5", "--corpus", corpus)
    assert "Round r5: agreement of ana and ben on 1 document(s)" in out
    assert "95% interval" in out
    assert "self-consistency" not in out
    assert "prefill" not in out


def span(words):
    start = DOCUMENTS["ist"].text.index(words)
    return start, start + len(words), words


def mentions(*found):
    return tuple(
        Mention(f"m{n}", *span(words), type, entity) for n, (words, type, entity) in enumerate(found)
    )


SUGGESTED = Layer(
    "ist",
    "a-program",
    mentions=mentions(
        ("United States", "GPE", None), ("Ukraine", "GPE", "ukraine"), ("Pyongyang", "LOC", None)
    ),
)


def prefilled(**readings):
    layers = {
        name: {"ist": Layer("ist", name, mentions(*found), (), (), ())} for name, found in readings.items()
    }
    people = [{"id": name, "kind": "human"} for name in readings]
    return Round("r9", {"documents": ["ist"], "annotators": people}, layers)


def test_changes_against_the_prefill_by_hand():
    found = prefilled(
        # Which entity the first one is was left open, so to fill it in is no change; Pyongyang's type is one.
        ana=[
            ("United States", "GPE", "united-states"),
            ("Pyongyang", "GPE", "pyongyang"),
            ("Wednesday", "DATE", None),
        ],
        ben=[
            ("United States", "GPE", "united-states"),
            ("Ukraine", "GPE", "ukraine"),
            ("Pyongyang", "LOC", "pyongyang"),
        ],
    )
    changes = prefill_changes(found, {"ist": SUGGESTED}, DOCUMENTS, load_registry())
    mentions_ = {
        c.annotator: (c.kept, c.changed, c.removed, c.added) for c in changes if c.kind == "mentions"
    }
    assert mentions_ == {"ana": (1, 1, 1, 1), "ben": (3, 0, 0, 0)}
    assert all((c.kept, c.changed, c.removed, c.added) == (0,) * 4 for c in changes if c.kind == "quotes")


def test_bias_is_agreement_inside_against_outside():
    found = prefilled(
        ana=[
            ("United States", "GPE", "united-states"),
            ("Ukraine", "GPE", "ukraine"),
            ("Wednesday", "DATE", None),
        ],
        ben=[
            ("United States", "GPE", "united-states"),
            ("Ukraine", "GPE", "ukraine"),
            ("Moscow", "GPE", "moscow"),
        ],
    )
    bias = {b.kind: b for b in prefill_bias(found, {"ist": SUGGESTED}, DOCUMENTS, load_registry())}
    both = bias["mentions"]
    # Both kept two suggestions (F1 = 4/4), and found one thing each that the other did not (0/2).
    assert (both.inside, both.items_inside, both.outside, both.items_outside) == (1.0, 4, 0.0, 2)
    assert (bias["claims"].inside, bias["claims"].outside) == (None, None)


def test_agree_shows_what_became_of_the_prefill(corpus):
    put(corpus, "round.json", manifest(["ana", "ben"], ["ist"]))
    fill(corpus, "ist")
    put(corpus, "studio/prefill/ist.json", load_gold()["ist"])
    _, out, _ = call("round", "agree", "r5", "--corpus", corpus, "--format", "json")
    value = json.loads(out)
    assert value["tasks"]["claims"]
    changes = {(c["annotator"], c["kind"]): c for c in value["prefill"]["changes"]}
    assert changes["ana", "claims"]["changed"] == 1
    assert changes["ana", "claims"]["kept"] == len(load_gold()["ist"].claims) - 1
    assert [bias["items_outside"] for bias in value["prefill"]["bias"]] == [0, 0, 0, 0]


def test_of_one_annotator_only_the_change_is_shown(corpus):
    put(corpus, "round.json", manifest(["ana"]))
    put(corpus, "ana/ist.json", replace(R1.layers["a1"]["ist"], annotator="ana"))
    put(corpus, "studio/prefill/ist.json", load_gold()["ist"])
    status, out, _ = call("round", "agree", "r5", "--corpus", corpus)
    assert status == 0
    assert "Change against the prefill" in out
    assert "Agreement" not in out
    shutil.rmtree(corpus / "rounds/r5/studio")
    assert "agreement needs two" in str(call("round", "agree", "r5", "--corpus", corpus)[2])


def test_draft_and_log_take_any_number_of_readings(corpus):
    fill(corpus, "ist")
    status, out, _ = call("round", "draft", "r5", "ist", "--corpus", corpus)
    assert status == 0
    assert out.startswith("# ist: draft from ana and ben and dan\n")
    assert "# DIFFERS in spans; ben has:" in out
    status, out, _ = call("round", "log", "r5", "ist", "--corpus", corpus)
    assert "gold follows ana+dan" in out
    assert "has all readings of ist" in str(call("round", "draft", "r5", "sputnik", "--corpus", corpus)[2])


def test_adjudicating_asks_for_what_is_missing(corpus):
    def refused(*more):
        status, _, error = call("round", "adjudicate", "r5", "--corpus", corpus, *more)
        assert status == 1
        return [problem.check for problem in error.problems]

    assert refused() == ["missing-layer"] * 6
    put(corpus, "round.json", manifest(["ana", "ben"], ["ist"]))
    fill(corpus, "ist")
    assert refused() == ["no-adjudicator"]
    assert refused("--adjudicator", "studio") == ["bad-format"]
    assert refused("--adjudicator", "ana") == ["own-adjudicator"]
    put(corpus, "round.json", {**manifest(["ana", "ben"], ["ist"]), "adjudicator": "cleo"})
    assert refused("--adjudicator", "eva") == ["other-adjudicator"]
    put(corpus, "round.json", manifest(["ana"], ["ist"]))
    assert refused() == ["one-annotator"]
    put(corpus, "round.json", {**manifest(["ana", "ben"], ["ist"]), "state": "merged"})
    assert refused() == ["round-closed"]


def test_what_all_agree_on_is_adjudicated_without_a_server(corpus):
    put(corpus, "round.json", manifest(["ana", "ben"], ["ist"]))
    for name in ("ana", "ben"):
        put(corpus, f"{name}/ist.json", replace(load_gold()["ist"], annotator=name))
    status, out, error = call("round", "adjudicate", "r5", "--corpus", corpus)
    assert status == 0, error
    assert "no conflict: ist" in out
    adjudicated = corpus / "rounds/r5/adjudicated/ist.json"
    assert adjudicated.read_bytes() == (ROOT / "gold/ist.json").read_bytes()
    status, out, _ = call("round", "adjudicate", "r5", "--corpus", corpus)
    assert "round r5: nothing changed" in out


def test_diff_compares_folders_of_layers(corpus):
    fill(corpus, "ist", "sputnik")
    status, out, _ = call("diff", corpus / "rounds/r5/ana", corpus / "gold", "--corpus", corpus)
    assert status == 1
    assert "ist: 1 difference\n" in out
    assert "sputnik: 4 differences\n" in out
    assert call("diff", corpus / "rounds/r5/dan", corpus / "gold", "--corpus", corpus)[0] == 0
    (corpus / "gold/ist.json").unlink()
    _, _, error = call("diff", corpus / "rounds/r5/dan", corpus / "gold", "--corpus", corpus)
    assert error.problems[0].check == "missing-layer"
    _, _, error = call("diff", corpus / "rounds/r5/dan", corpus / "gold/sputnik.json", "--corpus", corpus)
    assert "two folders of layers" in str(error)
