"""vostochny errors on real baselines' predictions, and the errors on the reading page."""

import json
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner
from report_support import ROOT, Html, hostile, make_page, predictions_file

from vostochny.annotations import load_gold
from vostochny.baselines import BASELINES, predict
from vostochny.cli.main import cli
from vostochny.eval import score
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import Links
from vostochny.schema.predictions import read_predictions

GOLD = load_gold()
LENTA, TEXT = GOLD["lenta"], GOLD.documents["lenta"]
NAMES = ("entities-rules", "quotes-rules", "claims-rules")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A corpus of one article, without links but names."""
    folder = tmp_path_factory.mktemp("corpus")
    shutil.copytree(ROOT / "annotations/articles", folder / "articles")
    for room in ("documents", "gold"):
        (folder / room).mkdir()
        shutil.copy(ROOT / "annotations" / room / "lenta.json", folder / room)
    (folder / "gold/links.json").write_bytes(dump_json(links_to_json(Links("gold", GOLD.entities))))
    return folder


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Predictions of three baselines."""
    folder = tmp_path_factory.mktemp("predictions")
    return {
        name: predictions_file(folder / f"{name}.jsonl", predict(BASELINES[name].factory(), [TEXT]))
        for name in NAMES
    }


@pytest.fixture
def run(corpus):
    def run(*arguments):
        return CliRunner().invoke(cli, ["errors", "--gold", str(corpus / "gold"), *map(str, arguments)])

    return run


@pytest.fixture
def printed(run):
    def printed(*arguments):
        result = run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    return printed


@pytest.mark.parametrize(
    ("name", "task", "measure"),
    [
        ("entities-rules", "entities", "strict"),
        ("quotes-rules", "quotes", "content_strict"),
        ("claims-rules", "claims", "span"),
    ],
)
def test_counts_are_those_of_the_scorer(printed, files, name, task, measure):
    value = json.loads(printed(files[name], "--format", "json"))
    layers, _ = read_predictions(files[name], GOLD.documents)
    report = score([LENTA], layers, documents=[TEXT], entities=GOLD.entities, n_boot=0)
    totals = report.totals(task, measure)
    spans = value["tasks"][task]["spans"]
    assert spans["correct"]["cases"] == totals.tp_gold > 0
    assert sum(each["gold"] for each in spans.values()) == totals.n_gold
    assert sum(each["predicted"] for each in spans.values()) == totals.n_pred
    # All errors are told, whatever --examples says: the cases of spans and of whole attributes.
    listed = [error for error in value["errors"] if error["task"] == task]
    told = sum(each["cases"] for each in spans.values()) - spans["correct"]["cases"]
    attributes = value["tasks"][task].get("attributes", {})
    assert len(listed) == told + sum(n for name, n in attributes.items() if "/" not in name)
    for error in listed:
        for item in (*error["gold"], *error["predicted"]):
            for span in item["spans"]:
                assert TEXT.text[span["start"] : span["end"]] == span["text"]
    assert value["tasks"].keys() == {task}
    assert set(value["remarks"]) == {"entities", "quotes", "claims"} - {task}


def test_the_table_has_counts_examples_and_the_signature(printed, files):
    out = printed(files["quotes-rules"], "--examples", "1", "--category", "speaker")
    # The Korean scholar is Konstantin Asmolov, whom the rules do not find behind the description.
    assert "quotes  correct   found, as the scorer counts it" in out
    assert "speaker/pronoun" in out
    assert "Examples: ⟦gold⟧ ⟪predicted⟫" in out
    assert "quotes: speaker/pronoun, 1 of " in out
    assert (
        "lenta [818, 1053)  gold q4 (speaker vladimir-putin, source him), predicted q3 (speaker unnamed"
        in out
    )
    assert "\n    According to him, ⟦⟪the same date also marks the 75th anniversary" in out
    assert "quotes: boundary," not in out
    assert "vostochny:" in out.splitlines()[-1]
    assert "Examples" not in printed(files["quotes-rules"], "--examples", "0")


def test_markdown_escapes_what_is_markup(printed, files):
    out = printed(files["quotes-rules"], "--format", "markdown", "--category", "speaker", "--examples", "20")
    assert "| quotes | speaker/pronoun | gold's source is a pronoun or description |" in out
    assert out.count("\n- **lenta") == out.count("\n  > ") > 5
    assert r"and there too \[запланирована\] military unit" in out


def earlier(mention):
    """A mention that begins two characters earlier, if there are so many."""
    return replace(mention, start=max(0, mention.start - 2), text=None)


def test_gold_documents_tasks_and_options_are_those_of_score(printed, tmp_path):
    moved = replace(LENTA, quotes=None, claims=None, mentions=tuple(map(earlier, LENTA.mentions)))
    other = predictions_file(tmp_path / "moved.jsonl", [moved])
    value = json.loads(printed(other, "--format", "json", "--task", "entities", "--boundaries", "character"))
    assert "boundaries:character" in value["signature"]
    # All mentions are too long but one at the very beginning of the text.
    first = sum(m.start == 0 for m in LENTA.mentions)
    spans = value["tasks"]["entities"]["spans"]
    assert spans["correct"]["cases"] == first
    assert spans["boundary"]["cases"] == len(LENTA.mentions) - first


def test_items_that_can_not_be_read_are_reported_and_of_no_category(run, files, tmp_path):
    lines = files["claims-rules"].read_text().splitlines()
    layer = json.loads(lines[0])
    layer["claims"][0]["type"] = "rumour"
    path = tmp_path / "broken.jsonl"
    path.write_text("\n".join([json.dumps(layer), *lines[1:]]))
    with pytest.raises(InputError, match="rumour"):
        raise run(path).exception
    result = run(path, "--lenient", "--format", "json")
    assert "rumour" in result.stderr
    value = json.loads(result.stdout)
    assert value["invalid"] == {"claims": 1}
    predicted = sum(each["predicted"] for each in value["tasks"]["claims"]["spans"].values())
    assert predicted == sum(len(json.loads(line)["claims"]) for line in lines) - 1


@pytest.mark.parametrize(
    ("arguments", "check"),
    [
        (("--category", "speakers"), "unknown-category"),
        (("--task", "entities", "--category", "speaker"), "unknown-category"),
        (("--task", "names"), "unknown-task"),
        (("--gold", "missing.jsonl"), "unreadable-file"),
    ],
)
def test_what_makes_no_sense_is_refused(run, files, arguments, check):
    result = run(files["entities-rules"], *arguments)
    assert isinstance(result.exception, InputError)
    assert [problem.check for problem in result.exception.problems] == [check]


def test_bad_option_values_are_refused(run, files):
    assert run(files["entities-rules"], "--examples", "-1").exit_code == 2
    assert run(files["entities-rules"], "--format", "latex").exit_code == 2


@pytest.fixture(scope="module")
def page(corpus, files, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    options = [word for name in NAMES for word in ("--predictions", files[name])]
    return Html.read(make_page(path, "--corpus", corpus, *options))


def within(page, outer):
    """The elements in an element."""
    return [e for e in page.elements if any(each is outer for each in e.path)]


def test_the_page_has_each_systems_errors_with_links_to_their_places(page, printed, files):
    parts = page.all("div", **{"class": "wrongs"})
    assert [part["data-n"] for part in parts] == ["1", "2", "3"]
    ids = {element["id"] for element in page.elements if element["id"]}
    for part, name in zip(parts, NAMES, strict=True):
        value = json.loads(printed(files[name], "--format", "json"))
        inside = within(page, part)
        rows = {e["data-c"] for e in inside if e.name == "button" and e["data-c"]}
        places = [e for e in inside if e.name == "li"]
        told = {
            key
            for error in value["errors"]
            for key in (error["category"], error["category"].partition("/")[0])
        }
        (task,) = value["tasks"]
        assert rows == {f"{task}:{key}" for key in told}
        # Every error is at a place, which is that of all errors about the same items.
        about = {
            (error["document"], *(tuple(i["id"] for i in error[side]) for side in ("gold", "predicted")))
            for error in value["errors"]
        }
        assert len(places) == len(about)
        for key in rows:
            assert any(key in place["data-c"].split() for place in places)
        links = [e for e in inside if e.name == "a"]
        assert links
        assert {link["href"][1:] for link in links} <= ids
    ends = [e for e in page.elements if e.name == "a" and e["href"] == "#errors"]
    assert len(ends) == 1


def test_the_page_marks_gold_and_predicted_words(page):
    (split,) = [p for p in page.all("li") if p["data-c"] == "entities:split" and "Rossiya" in p.text]
    inside = within(page, split)
    assert "".join(e.text for e in inside if "eg" in e.classes) == "Rossiya 1"
    assert [e.text for e in inside if "ep" in e.classes] == ["Rossiya", "1"]


def test_a_page_without_systems_has_no_errors_section(tmp_path):
    page = Html.read(make_page(tmp_path / "report.html", "--corpus", hostile(tmp_path)))
    assert not [e for e in page.elements if e["id"] == "errors" or e["href"] == "#errors"]


def test_markup_in_texts_and_names_stays_text_among_the_errors(tmp_path):
    corpus = hostile(tmp_path)
    layer = {
        "document": "bad",
        "quotes": [],
        "mentions": [{"id": "m1", "start": 0, "end": 7, "type": "ORG"}],
    }
    found = tmp_path / "found.jsonl"
    found.write_text(json.dumps(layer))
    page = Html.read(make_page(tmp_path / "r.html", "--corpus", corpus, "--predictions", f"<i>={found}"))
    assert not page.all("b", onclick="x()")
    places = [e for e in page.all("li") if e["data-c"]]
    assert {p["data-c"] for p in places} == {"entities:missed", "entities:spurious", "quotes:missed"}
    assert any("<script>alert(1)</script>" in p.text for p in places)
