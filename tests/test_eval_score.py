"""Scoring whole layers: what is left out, wrong or undefined, the report, agreement, the command."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from vostochny.annotations import load_gold
from vostochny.annotations.corpus import load_documents
from vostochny.cli.main import cli
from vostochny.eval import agreement, score
from vostochny.eval.render import fraction, markdown_table, percent, to_json, to_latex, to_markdown
from vostochny.eval.report import Report
from vostochny.schema.errors import InputError
from vostochny.schema.jsonio import document_to_json, layer_to_json
from vostochny.schema.model import Claim, Document, Entity, Layer, Mention, Quote, Span

DOCUMENTS = load_documents()


def words(document: Document, first: int, end: int) -> Span:
    """The span of tokens ``first`` to ``end - 1``, with its text."""
    start, stop = document.tokens[first][0], document.tokens[end - 1][1]
    return Span(start, stop, document.text[start:stop])


def made_up(document: Document) -> Layer:
    """A layer with some of everything, by token numbers (no annotation of the article)."""

    def w(first: int, end: int) -> Span:
        return words(document, first, end)

    spans = [w(5 * n, 5 * n + 2) for n in range(20)]
    types = ("PERSON", "GPE", "DATE", "ORG")
    return Layer(
        document.id,
        "x",
        mentions=tuple(
            Mention(f"m{n}", s.start, s.end, s.text, types[n % 4], "somebody" if n % 4 != 2 else None)
            for n, s in enumerate(spans)
        ),
        quotes=(
            Quote("q1", (w(100, 120),), (w(100, 104),), w(121, 123), (w(120, 121),), "somebody"),
            Quote("q2", (w(105, 119),), (), None, (), None, "q1", "writing"),
            Quote("q3", (w(130, 140), w(142, 150)), (), None, (w(140, 141),), "unnamed"),
        ),
        marks=(),
        claims=(
            Claim("c1", (w(100, 110),), "attributed", "somebody", "q1", "prediction", proposition="A."),
            Claim("c2", (w(110, 120),), type="opinion", certainty="hedged", proposition="B."),
            Claim("c3", (w(160, 170),), polarity="negative", proposition="C."),
        ),
        text_sha256=document.text_sha256,
    )


GOLD = {name: made_up(document) for name, document in DOCUMENTS.items()}
LEAVES = ("tp", "fp", "fn", "precision", "recall", "f1", "ci95")


def scored(gold: Any, predictions: Any, **options: Any) -> Report:
    return score(gold, predictions, **{"documents": DOCUMENTS, "n_boot": 0, **options})


def leaves(value: Any) -> list[dict[str, Any]]:
    """All leaves with an F1 and counts."""
    if not isinstance(value, dict):
        return []
    if {"f1", "tp"} <= value.keys():
        return [value]
    return [leaf for each in value.values() for leaf in leaves(each)]


def test_gold_against_itself_is_perfect_with_certainty() -> None:
    value = scored(GOLD, GOLD, n_boot=200).to_json()
    found = leaves(value["tasks"])
    assert len(found) > 20
    for leaf in found:
        if leaf["tp"] == 0:
            assert (leaf["precision"], leaf["recall"], leaf["f1"], leaf["ci95"]) == (None, None, None, None)
        else:
            assert (leaf["fp"], leaf["fn"]) == (0, 0)
            assert (leaf["precision"], leaf["recall"], leaf["f1"], leaf["ci95"]) == (
                1.0,
                1.0,
                1.0,
                [1.0, 1.0],
            )
    assert value["tasks"]["entities"]["macro"] == {"types": 4, "f1": 1.0, "ci95": [1.0, 1.0]}


def test_the_report_has_the_agreed_form() -> None:
    value = scored(GOLD, GOLD, n_boot=50).to_json()
    tasks = value["tasks"]
    assert {"strict", "exact", "partial", "type", "by_type", "macro", "conll4", "errors"} <= tasks[
        "entities"
    ].keys()
    assert {
        "content_token", "content_strict", "content_partial", "cue", "source", "speaker", "triple", "by_kind",
        "nesting", "attributes", "speaker_accuracy",
    } <= tasks["quotes"].keys()  # fmt: skip
    assert {"span", "sentence", "dice", "claimer", "attributes", "claimer_accuracy"} <= tasks["claims"].keys()
    assert set(tasks["quotes"]["by_kind"]) == {"direct", "indirect", "mixed"}
    assert set(tasks["claims"]["attributes"]) == {"voice", "type", "polarity", "certainty", "joint"}
    for leaf in leaves(tasks):
        assert tuple(leaf) == LEAVES
    assert json.loads(to_json(value)) == value


@pytest.mark.parametrize(
    "predictions",
    [
        [],
        [Layer(name, "x", mentions=(), quotes=(), claims=()) for name in DOCUMENTS],
        [Layer("ist", "x", mentions=(), quotes=(), claims=())],
    ],
    ids=["no layers", "empty layers", "one empty layer"],
)
def test_nothing_predicted_is_zero_with_precision_undefined(predictions: list[Layer]) -> None:
    value = scored(GOLD, predictions, n_boot=20).to_json()
    for leaf in leaves(value["tasks"]):
        expected = (None, 0.0, 0.0) if leaf["fn"] else (None, None, None)
        assert (leaf["precision"], leaf["recall"], leaf["f1"]) == expected
        assert (leaf["tp"], leaf["fp"]) == (0, 0)
    assert value["tasks"]["entities"]["strict"]["fn"] == 100


def test_a_document_without_prediction_scores_as_empty() -> None:
    report = scored(GOLD, [GOLD["ist"]])
    totals = report.totals("entities", "strict")
    assert (totals.tp_gold, totals.n_pred, totals.n_gold) == (20, 20, 100)


def test_a_task_that_no_prediction_does_is_not_attempted() -> None:
    only_mentions = [replace(layer, quotes=None, claims=None) for layer in GOLD.values()]
    value = scored(GOLD, only_mentions, n_boot=20).to_json()
    assert value["attempted"] == {"entities": True, "quotes": False, "claims": False}
    assert value["tasks"]["entities"]["strict"]["f1"] == 1.0
    for leaf in leaves(value["tasks"]["quotes"]):
        assert (leaf["precision"], leaf["recall"], leaf["f1"], leaf["ci95"]) == (None, None, None, None)
    assert scored(GOLD, only_mentions).totals("quotes", "content_token").f1 is None
    # Done for one document, it is attempted, and empty in the others.
    value = scored(GOLD, [*only_mentions[1:], next(iter(GOLD.values()))]).to_json()
    assert value["attempted"]["quotes"] is True
    assert value["tasks"]["quotes"]["content_strict"]["recall"] == 3 / 15


def test_a_part_that_gold_does_not_have_is_not_scored() -> None:
    gold = {**GOLD, "ist": replace(GOLD["ist"], claims=None)}
    report = scored(gold, GOLD)
    assert report.totals("claims", "span").n_pred == 4 * 3
    assert report.totals("claims", "span").f1 == 1.0
    none = scored([replace(GOLD["ist"], claims=None)], GOLD).to_json()
    assert none["tasks"]["claims"]["span"] == {
        "tp": 0, "fp": 0, "fn": 0, "precision": None, "recall": None, "f1": None, "ci95": None,
    }  # fmt: skip


def test_a_task_without_any_gold_has_null_scores_and_a_remark() -> None:
    gold = [replace(layer, quotes=None, marks=None, claims=None) for layer in GOLD.values()]
    report = scored(gold, GOLD, n_boot=20, invalid={"quotes": 3})
    value = report.to_json()
    assert value["tasks"]["entities"]["strict"]["f1"] == 1.0
    assert value["remarks"] == dict.fromkeys(("quotes", "claims"), "no gold for this task, so not scored")
    for task in ("quotes", "claims"):
        for leaf in leaves(value["tasks"][task]):
            assert [leaf[key] for key in LEAVES] == [0, 0, 0, None, None, None, None]
    assert report.totals("quotes", "content_token").f1 is None
    assert report.strata("quotes").tolist() == []
    for text in (to_markdown(value), to_latex(value)):
        assert "claims: no gold for this task" in text


def test_documents_without_prediction_are_named() -> None:
    report = scored(GOLD, [GOLD["ist"], GOLD["lenta"]])
    value = report.to_json()
    assert value["missing_documents"] == ["agencies", "japantimes", "sputnik"]
    for text in (to_markdown(value), to_latex(value)):
        assert "not predicted, so scored as empty: agencies, japantimes, sputnik" in text
    # A gold layer of which nothing is scored misses no prediction.
    assert scored([GOLD["ist"], Layer("lenta", "x")], [GOLD["ist"]]).missing == ()


def test_predicted_documents_without_gold_are_named() -> None:
    report = scored([GOLD["ist"]], GOLD)
    assert report.unscored == ("agencies", "japantimes", "lenta", "sputnik")
    assert report.totals("entities", "strict").n_pred == 20


def refused(check: str, gold: Any = GOLD, predictions: Any = (), **options: Any) -> str:
    with pytest.raises(InputError) as error:
        scored(gold, predictions, **options)
    assert [problem.check for problem in error.value.problems] == [check]
    return str(error.value)


def test_bad_input_is_refused_with_what_to_do() -> None:
    assert "give at least one" in refused("no-gold", gold=[])
    assert "'nowhere'" in refused("unknown-document", predictions=[Layer("nowhere", "x")])
    assert "'ist'" in refused("duplicate-document", predictions=[Layer("ist", "x"), Layer("ist", "y")])
    assert "use the same text" in refused(
        "sha-mismatch", predictions=[Layer("ist", "x", text_sha256="0" * 64)]
    )
    assert "entities, quotes, claims" in refused("unknown-task", tasks=["names"])
    assert "alpha=1.5" in refused("bad-option", alpha=1.5)
    assert "n_boot from 0 to 1,000,000" in refused("bad-option", n_boot=10**12)
    end = len(DOCUMENTS["ist"].text)
    space = DOCUMENTS["ist"].text.index(" ")
    for start, stop, check in (
        (5, 5, "empty-span"),
        (end - 3, end + 1, "offset-range"),
        (-2, 3, "offset-range"),
        (space, space + 1, "touches-no-token"),
    ):
        layer = Layer("ist", "x", mentions=(Mention("m7", start, stop, None, "ORG"),))
        said = refused(check, predictions=[layer])
        assert "$.mentions[0]: " in said
        assert "prediction for document 'ist', mention 'm7'" in said
    quote = Quote("q", (words(DOCUMENTS["ist"], 0, 3),))
    twice = refused("duplicate-id", predictions=[Layer("ist", "x", quotes=(quote, quote))])
    assert "quotes[0]" in twice
    nothing = Layer("ist", "x", claims=(Claim("c", ()),))
    assert "at least one span" in refused("too-few", predictions=[nothing])


def test_documents_are_needed() -> None:
    with pytest.raises(InputError, match="give documents="):
        score(GOLD, GOLD)


def test_gold_that_brings_its_documents_and_registry_needs_neither() -> None:
    gold = load_gold()
    alone = score(gold, gold, n_boot=0)
    named = score(dict(gold), gold, documents=gold.documents, entities=gold.entities, n_boot=0)
    assert alone.to_json() == named.to_json()
    assert alone.totals("quotes", "speaker").f1 == 1


def test_regions_and_sentences_must_hold_all_tokens() -> None:
    document = DOCUMENTS["ist"]
    for check, changed in (
        ("regions-cover", replace(document, regions=document.regions[1:])),
        ("sentences-cover", replace(document, sentences=document.sentences[1:])),
    ):
        assert "'ist'" in refused(check, gold=[Layer("ist", "x")], documents=[changed])


def test_unknown_labels_are_refused_all_at_once() -> None:
    span = words(DOCUMENTS["ist"], 0, 3)
    bad = Layer(
        "ist",
        "x",
        mentions=(Mention("m1", 0, 3, None, "BANANA"),),
        quotes=(Quote("q1", (span,), medium="song", polarity="maybe", status="past"),),
        claims=(Claim("c1", (span,), "choir", type="lie", polarity="none", certainty="sure"),),
    )
    with pytest.raises(InputError) as error:
        scored([replace(GOLD["lenta"], mentions=(Mention("m9", 0, 3, None, "PER"),))], [bad])
    found = [(problem.check, problem.path) for problem in error.value.problems]
    fields = "mentions[0].type", "quotes[0].medium", "quotes[0].polarity", "quotes[0].status"
    fields += "claims[0].voice", "claims[0].type", "claims[0].polarity", "claims[0].certainty"
    assert found == [("unknown-label", f"$.{field}") for field in ("mentions[0].type", *fields)]
    text = str(error.value)
    assert "gold for document 'lenta', mention 'm9': found the type 'PER', expected one of PERSON" in text
    assert "prediction for document 'ist', mention 'm1': found the type 'BANANA'" in text
    assert "claim 'c1': found the voice 'choir', expected one of author, attributed" in text


@pytest.mark.parametrize(
    "given",
    ["preds.jsonl", Path("preds.jsonl"), [{"document": "ist"}], {"document": "ist"}, GOLD["ist"], ([], [])],
)
def test_what_is_no_layers_is_refused_with_how_to_read_them(given: Any) -> None:
    assert "read_predictions(path, documents)" in refused("wrong-type", predictions=given)
    assert "read_layers(path, documents)" in refused("wrong-type", gold=given)
    with pytest.raises(InputError, match="layers: found"):
        agreement(given, GOLD, DOCUMENTS)


def test_documents_given_as_a_path_are_refused() -> None:
    assert "read_documents(path)" in refused("wrong-type", documents="docs.jsonl")


def test_unknown_measures_are_named_with_those_there_are() -> None:
    report = scored(GOLD, GOLD, tasks=["quotes"])
    with pytest.raises(KeyError, match=r"'zzz' of quotes.*content_token.*by_kind/direct"):
        report.totals("quotes", "zzz")
    with pytest.raises(KeyError, match=r"no task 'claims'.*it has quotes"):
        report.totals("claims", "span")


def test_items_that_could_not_be_read_count_as_false_positives() -> None:
    report = scored(GOLD, GOLD, n_boot=50, invalid={"mentions": 25, "claims": 1, "layers": 2, "marks": 3})
    value = report.to_json()
    assert value["invalid"] == {"claims": 1, "layers": 2, "marks": 3, "mentions": 25}
    for measure in ("strict", "exact", "partial", "type"):
        assert value["tasks"]["entities"][measure]["fp"] == 25
    # 100 of 125: P = .8, R = 1, F1 = 8/9; they do not vary with the paragraphs drawn.
    assert value["tasks"]["entities"]["strict"]["f1"] == pytest.approx(8 / 9)
    assert value["tasks"]["entities"]["by_type"]["GPE"]["fp"] == 0
    assert value["tasks"]["claims"]["span"]["fp"] == 1
    assert value["tasks"]["quotes"]["content_token"]["f1"] == 1.0
    assert "|invalid:31" in value["signature"]


def test_speakers_are_resolved_against_the_registry() -> None:
    named = replace(GOLD["ist"], quotes=(replace(GOLD["ist"].quotes[0], speaker="Mr. Some-Body"),))  # type: ignore[index]
    gold = replace(GOLD["ist"], quotes=GOLD["ist"].quotes[:1])  # type: ignore[index]
    entities = [Entity("somebody", "Some Body", "PERSON")]
    assert scored([gold], [named]).totals("quotes", "speaker").f1 == 0.0
    assert scored([gold], [named], entities=entities).totals("quotes", "speaker").f1 == 1.0


def test_intervals_enclose_and_reproduce() -> None:
    half = [replace(layer, mentions=layer.mentions[::2]) for layer in GOLD.values()]  # type: ignore[index]
    first = scored(GOLD, half, n_boot=500, seed=0).to_json()
    low, high = first["tasks"]["entities"]["strict"]["ci95"]
    # Every second of the mentions, all right: P = 1, R = 1/2, F1 = 2/3.
    assert low < 2 / 3 < high
    assert first == scored(GOLD, half, n_boot=500, seed=0).to_json()
    assert first["tasks"] != scored(GOLD, half, n_boot=500, seed=3).to_json()["tasks"]
    wide = scored(GOLD, half, n_boot=500, seed=0, alpha=0.2).to_json()["tasks"]["entities"]["strict"]["ci80"]
    assert low <= wide[0] < wide[1] <= high


def test_every_option_that_changes_a_number_is_in_the_signature() -> None:
    base = scored(GOLD, GOLD).signature
    assert base.startswith(f"vostochny:{version('vostochny')}|gold:5+")
    other_gold = {**GOLD, "ist": replace(GOLD["ist"], mentions=GOLD["ist"].mentions[1:])}  # type: ignore[index]
    changed = [
        scored(other_gold, GOLD).signature,
        scored([GOLD["ist"]], GOLD).signature,
        scored(GOLD, GOLD, tasks=["quotes"]).signature,
        scored(GOLD, GOLD, trim=True).signature,
        scored(GOLD, GOLD, n_boot=7).signature,
        scored(GOLD, GOLD, seed=7).signature,
        scored(GOLD, GOLD, alpha=0.1).signature,
        scored(GOLD, GOLD, entities=[Entity("x", "X", "PERSON")]).signature,
        scored(GOLD, GOLD, invalid={"mentions": 1}).signature,
    ]
    assert len({base, *changed}) == len(changed) + 1


def test_order_names_and_surface_texts_do_not_change_the_signature() -> None:
    turned = [
        replace(
            layer,
            annotator="y",
            mentions=tuple(replace(m, text=None) for m in reversed(layer.mentions or ())),
            quotes=tuple(reversed(layer.quotes or ())),
            claims=tuple(reversed(layer.claims or ())),
        )
        for layer in reversed(GOLD.values())
    ]
    assert scored(turned, GOLD).to_json() == scored(GOLD, turned).to_json() == scored(GOLD, GOLD).to_json()


def test_reports_of_different_kinds_do_not_merge() -> None:
    one, other = scored([GOLD["ist"]], GOLD), scored([GOLD["lenta"]], GOLD)
    assert one.merge(other).unscored == ("agencies", "japantimes", "sputnik")
    with pytest.raises(ValueError, match="ist"):
        one.merge(one)
    with pytest.raises(ValueError, match="predictions of lenta differ"):
        one.merge(scored([GOLD["lenta"]], []))
    with pytest.raises(ValueError, match="options"):
        one.merge(scored([GOLD["lenta"]], GOLD, seed=9))


def test_agreement_counts_only_what_both_did() -> None:
    a = GOLD
    b = {
        "ist": replace(GOLD["ist"], mentions=GOLD["ist"].mentions[:10]),  # type: ignore[index]
        "lenta": replace(GOLD["lenta"], mentions=None),
    }
    value = agreement(a, b, DOCUMENTS, n_boot=0)
    # One document with both mentions: 10 shared of 20 and of 10. F1 = 2/3.
    strict = value["tasks"]["entities"]["strict"]
    assert (strict["tp"], strict["fp"], strict["fn"]) == (10, 0, 10)
    assert value["tasks"]["quotes"]["content_strict"]["tp"] == 2 * 3
    assert value["labels"]["mention_type"] == {"n": 10, "accuracy": 1.0, "kappa": 1.0}
    assert value["labels"]["quote_speaker"] == {"n": 4, "accuracy": 1.0, "kappa": 1.0}
    assert value["labels"]["claim_polarity"]["kappa"] == 1.0
    back = agreement(b, a, DOCUMENTS, n_boot=0)
    assert back["tasks"]["entities"]["strict"]["f1"] == strict["f1"] == pytest.approx(2 / 3)


def test_tables_say_what_happened() -> None:
    only_mentions = [replace(layer, quotes=None, claims=None) for layer in GOLD.values()]
    value = scored([GOLD["ist"]], only_mentions, n_boot=20, invalid={"mentions": 1}).to_json()
    markdown, latex = to_markdown(value), to_latex(value)
    # 20 of 21 predicted are right: P = 95.2, F1 = 40/41 = 97.6.
    assert "| entities | strict | 20 | 1 | 0 | 95.2 | 100.0 | 97.6 |" in markdown
    assert r"entities & strict & 20 & 1 & 0 & 95.2 & 100.0 & 97.6 &" in latex
    assert r"quotes & content\_token & 0 & 0 & 52 & -- & -- & -- & -- \\" in latex
    assert "| claims | attributes: type | 0 | – | – | – |" in markdown
    for text in (markdown, latex):
        assert "quotes: not attempted" in text
        assert "invalid: mentions 1;" in text
        assert "lenta" in text
        assert "nan" not in text.lower().replace("mention", "")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Documents, gold and predictions as files."""
    documents = [document_to_json(d, with_text=True) for d in DOCUMENTS.values()]
    gold = [layer_to_json(replace(layer, quotes=None, marks=None, claims=None)) for layer in GOLD.values()]
    out = {}
    for name, values in (("documents", documents), ("gold", gold)):
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
        out[name] = str(path)
    return out


def run(files: dict[str, str], predictions: str, *options: str) -> Any:
    sources = [
        "--gold",
        files["gold"],
        "--documents",
        files["documents"],
        "--task",
        "entities",
        "--boot",
        "20",
    ]
    return CliRunner().invoke(cli, ["score", predictions, *sources, *options])


def test_the_command_scores_files_in_all_formats(files: dict[str, str]) -> None:
    result = run(files, files["gold"], "--format", "json")
    assert result.exit_code == 0, result.output
    value = json.loads(result.stdout)
    assert value["tasks"]["entities"]["strict"]["f1"] == 1.0
    assert list(value["tasks"]) == ["entities"]
    for form, mark in (("markdown", "| entities | strict |"), ("latex", r"\toprule"), ("table", "strict")):
        shown = run(files, files["gold"], "--format", form)
        assert mark in shown.stdout
        assert "100.0" in shown.stdout
        assert value["signature"].split("|")[1] in shown.stdout


def test_the_command_refuses_bad_predictions_unless_lenient(files: dict[str, str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    good, wrong = (
        {"start": a, "end": b, "type": t} for a, b, t in ((*GOLD_FIRST, "PERSON"), (0, 3, "PESRON"))
    )
    bad.write_text(json.dumps({"document": "ist", "mentions": [good, wrong]}) + "\n", encoding="utf-8")
    result = run(files, str(bad))
    assert isinstance(result.exception, InputError)
    assert "bad.jsonl:1: $.mentions[1].type" in str(result.exception)
    lenient = run(files, str(bad), "--lenient", "--format", "json")
    assert lenient.exit_code == 0
    assert "$.mentions[1].type" in lenient.stderr
    value = json.loads(lenient.stdout)
    assert value["invalid"] == {"mentions": 1}
    strict = value["tasks"]["entities"]["strict"]
    assert (strict["tp"], strict["fp"], strict["fn"]) == (1, 1, 99)


GOLD_FIRST = (GOLD["ist"].mentions[0].start, GOLD["ist"].mentions[0].end)  # type: ignore[index]


@pytest.mark.parametrize("lenient", [(), ("--lenient",)])
def test_the_command_refuses_a_file_that_holds_nothing(
    files: dict[str, str], tmp_path: Path, lenient: tuple[str, ...]
) -> None:
    path = tmp_path / "empty.jsonl"
    for content in ("", "\n \n"):
        path.write_text(content, encoding="utf-8")
        result = run(files, str(path), *lenient)
        assert isinstance(result.exception, InputError)
        assert [problem.check for problem in result.exception.problems] == ["nothing-found"]


def test_the_command_refuses_a_file_of_which_nothing_can_be_read(
    files: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"document": "nowhere"}\n{{{\n', encoding="utf-8")
    result = run(files, str(path), "--lenient")
    assert isinstance(result.exception, InputError)
    checks = [problem.check for problem in result.exception.problems]
    assert sorted(checks) == ["bad-json", "nothing-found", "unknown-document"]


def score_command(*arguments: object, **options: Any) -> Any:
    return CliRunner().invoke(
        cli, ["score", "--boot", "0", "--format", "json", *map(str, arguments)], **options
    )


def test_the_command_reads_standard_input(files: dict[str, str]) -> None:
    sources = ("--gold", files["gold"], "--documents", files["documents"])
    text = Path(files["gold"]).read_text(encoding="utf-8")
    result = score_command("-", *sources, input=text)
    assert json.loads(result.stdout)["tasks"]["entities"]["strict"]["f1"] == 1.0
    result = score_command("-", *sources, input='{"document": "nowhere"}\n')
    assert str(result.exception).startswith("-:1: $.document: [unknown-document]")


def test_the_command_finds_the_documents_beside_the_gold(tmp_path: Path) -> None:
    document = replace(DOCUMENTS["ist"], id="elsewhere")
    layer = replace(GOLD["ist"], document="elsewhere", quotes=None, marks=None, claims=None)
    for folder, value in (("documents", document_to_json(document, with_text=True)), ("gold", None)):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "elsewhere.json"
        path.write_text(json.dumps(value or layer_to_json(layer)), encoding="utf-8")
    predictions = tmp_path / "p.jsonl"
    predictions.write_text(json.dumps(layer_to_json(layer)), encoding="utf-8")
    result = score_command(predictions, "--gold", tmp_path / "gold")
    assert json.loads(result.stdout)["tasks"]["entities"]["strict"]["f1"] == 1.0
    # These documents are not the corpus's, whose gold would be taken.
    result = score_command(predictions, "--documents", tmp_path / "documents")
    assert isinstance(result.exception, InputError)
    (problem,) = result.exception.problems
    assert "give --gold, too" in problem.message


def test_the_command_scores_some_of_the_corpuss_documents(tmp_path: Path) -> None:
    documents, predictions = tmp_path / "d.jsonl", tmp_path / "p.jsonl"
    documents.write_text(json.dumps(document_to_json(DOCUMENTS["ist"], with_text=True)), encoding="utf-8")
    predictions.write_text(json.dumps(layer_to_json(GOLD["ist"])), encoding="utf-8")
    result = score_command(predictions, "--documents", documents)
    assert json.loads(result.stdout)["documents"] == ["ist"]


def test_the_table_names_tasks_without_gold_and_missing_documents(
    files: dict[str, str], tmp_path: Path
) -> None:
    predictions = tmp_path / "p.jsonl"
    predictions.write_text(json.dumps(layer_to_json(GOLD["ist"])), encoding="utf-8")
    sources = ("--gold", files["gold"], "--documents", files["documents"])
    shown = score_command(predictions, *sources, "--format", "table").stdout
    assert "quotes: no gold for this task" in shown
    assert "scored as empty: agencies, japantimes, lenta, sputnik" in shown


def test_fractions_and_markdown_tables() -> None:
    values = (1.0, 0.9996, 0.12345, 0.0, -0.0001, -0.9996, -1.0, None)
    shown = ["1.000", "0.999", "0.123", "0.000", "0.000", "-0.999", "-1.000", "–"]
    assert [fraction(v) for v in values] == shown
    table = markdown_table(("a", "b_c", "d"), [("x|y", "1", "2")], 1)
    assert table == "| a | b_c | d |\n|:--|--:|--:|\n| x\\|y | 1 | 2 |\n"


def test_kappa_near_one_is_not_shown_as_one() -> None:
    value = scored(GOLD, GOLD).to_json()
    value["tasks"]["claims"]["attributes"]["type"]["kappa"] = 0.9996
    assert "| claims | attributes: type | 15 | 100.0 | 100.0 | 0.999 |" in to_markdown(value)


def test_only_what_is_perfect_is_shown_as_100() -> None:
    assert [percent(v) for v in (1.0, 0.99999, 0.9994, 0.0, None)] == ["100.0", "99.9", "99.9", "0.0", "–"]
