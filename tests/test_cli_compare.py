"""``vostochny compare`` as people call it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from vostochny.annotations import load_gold
from vostochny.baselines import BASELINES, predict
from vostochny.baselines.link_blind import without_answers
from vostochny.baselines.link_registry import LINKERS
from vostochny.baselines.link_run import link
from vostochny.cli.main import cli
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json, dump_jsonl
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.links_json import links_to_json


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Files of two systems' quotes and of two linkers' links."""
    folder, gold = tmp_path_factory.mktemp("systems"), load_gold()
    for name in ("quotes-marks", "quotes-rules"):
        layers = predict(BASELINES[name].factory(), gold.documents.values())
        (folder / f"{name}.jsonl").write_bytes(dump_jsonl(map(layer_to_json, layers)))
    for name in ("exact-string", "singletons"):
        links = link(LINKERS[name].factory(), gold.documents, map(without_answers, gold.values()))
        (folder / f"{name}.json").write_bytes(dump_json(links_to_json(links)))
    return folder


def call(*arguments, **options):
    return CliRunner().invoke(cli, ["compare", *map(str, arguments)], **options)


def value_of(*arguments):
    result = call(*arguments, "--format", "json", "--boot", 200)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_what_is_compared_by_default(files):
    result = call(files / "quotes-marks.jsonl", files / "quotes-rules.jsonl", "--boot", 200, "--seed", 0)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].split()[:4] == ["task", "measure", "system", "F1"]
    assert lines[1].split() == ["quotes", "content_token", "quotes-marks", "60.2"]
    assert lines[2].split()[:5] == ["content_token", "quotes-rules", "85.8", "+25.6", "+16.5"]
    assert lines[2].split()[7:9] == ["0.0050", "0.0050"]
    # Neither did the other tasks.
    assert not any(line.startswith("claims") or "not attempted" in line for line in lines)
    assert "paragraphs of such documents" in result.stdout
    assert "|boot:200|seed:0|alpha:0.05|" in lines[-1]
    again = call(files / "quotes-marks.jsonl", files / "quotes-rules.jsonl", "--boot", 200, "--seed", 0)
    assert again.stdout == result.stdout


def test_a_file_against_itself(files):
    path = files / "quotes-marks.jsonl"
    value = value_of(path, path, path, "--task", "quotes,claims")
    assert (value["baseline"], value["systems"]) == (f"{path} (1)", [f"{path} (2)", f"{path} (3)"])
    assert [each["task"] for each in value["measures"]] == ["quotes"]
    for system in value["measures"][0]["systems"]:
        assert system["difference"] == 0
        for test in ("bootstrap", "randomization"):
            assert (system[test]["p"], system[test]["p_holm"]) == (1, 1)


def test_measures_power_and_level(files):
    systems = (files / "quotes-marks.jsonl", files / "quotes-rules.jsonl")
    value = value_of(
        *systems, "--measure", "quotes/speaker", "--measure", "quotes", "--alpha", 0.1, "--power", 0.9
    )
    assert [each["measure"] for each in value["measures"]] == ["speaker", "content_token"]
    (found,) = value["measures"][0]["systems"]
    low, high = found["ci90"]
    assert low < found["difference"] < high
    # z(.95) + z(.9) = 1.644854 + 1.281552.
    assert found["detectable"] == pytest.approx(2.926405 * found["standard_error"], rel=1e-6)
    assert value["signature"].endswith("|power:0.9")


def test_who_did_not_attempt_a_task_has_lost_no_article_in_it(files, tmp_path):
    other = tmp_path / "mentions [only].jsonl"
    other.write_text('{"document": "ist", "mentions": []}\n')
    arguments = (files / "quotes-marks.jsonl", other, "--measure", "quotes")
    (found,) = value_of(*arguments)["measures"][0]["systems"]
    assert (found["f1"], found["difference"], found["articles"]) == (None, None, None)
    shown = call(*arguments, "--boot", 20).stdout
    assert "mentions [only]: quotes not attempted" in shown
    # Brackets in a name are no markup.
    assert shown.splitlines()[2].split()[1:] == ["mentions", "[only]", *["–"] * 6]
    assert "won–lost–tied" not in shown


def test_matching_options_are_in_the_signature(files):
    systems = (files / "quotes-marks.jsonl", files / "quotes-rules.jsonl")
    assert "|mentions:trimmed|" in value_of(*systems, "--trim", "--task", "quotes")["signature"]


def test_links(files):
    value = value_of("--links", files / "exact-string.json", files / "singletons.json")
    assert [each["task"] for each in value["measures"]] == ["entity-links", "utterances", "claim-links"]
    assert value["measures"][0]["systems"][0]["difference"] < -0.5
    result = call("--links", "--trim", files / "exact-string.json", files / "singletons.json")
    assert result.exit_code == 2
    assert "not about --links" in result.output


def test_nothing_is_cut_however_long_names_are(files, tmp_path):
    other = tmp_path / f"{'long-' * 40}name.jsonl"
    other.write_bytes((files / "quotes-rules.jsonl").read_bytes())
    lines = call(files / "quotes-marks.jsonl", other, "--task", "quotes", "--boot", 20).stdout.splitlines()
    assert all(other.stem in line for line in (lines[2], lines[6]))
    assert (lines[4].split()[-1], lines[6].split()[-1]) == ("won–lost–tied", "5–0–0")


@pytest.mark.parametrize(
    ("form", "sign"), [("markdown", "| quotes | content_token |"), ("latex", r"\toprule")]
)
def test_other_formats(files, form, sign):
    systems = (files / "quotes-marks.jsonl", files / "quotes-rules.jsonl")
    result = call(*systems, "--boot", 50, "--format", form)
    assert result.exit_code == 0, result.output
    assert sign in result.stdout


def test_standard_input_can_be_read_once(files):
    data = (files / "quotes-marks.jsonl").read_bytes()
    result = call("-", files / "quotes-rules.jsonl", "--boot", 50, "--format", "json", input=data)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["baseline"] == "-"
    assert call("-", "-", input=data).exit_code == 2


def test_unreadable_items_count_with_lenient_only(files, tmp_path):
    broken = tmp_path / "broken.jsonl"
    record = json.loads((files / "quotes-marks.jsonl").read_text().splitlines()[0])
    record["quotes"].append({"content": [{"start": 5, "end": 5}]})
    broken.write_text(json.dumps(record) + "\n")
    systems = (files / "quotes-marks.jsonl", broken, "--boot", 50)
    result = call(*systems)
    assert isinstance(result.exception, InputError)
    assert f"{broken}:1" in str(result.exception)
    result = call(*systems, "--lenient")
    assert result.exit_code == 0, result.output
    assert "broken: invalid" in result.stdout
    assert "broken: not predicted, so scored as empty:" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--measure", "quotes/loudness"], "no measure 'loudness' of quotes"),
        (["--measure", "moods"], "unknown-task"),
        (["--task", "moods"], "unknown-task"),
        (["--task", "claims"], "there is nothing to compare"),
    ],
)
def test_what_is_not_there_is_said(files, arguments, said):
    result = call(files / "quotes-marks.jsonl", files / "quotes-rules.jsonl", *arguments)
    assert isinstance(result.exception, InputError)
    assert said in str(result.exception)
    assert call(files / "quotes-marks.jsonl").exit_code == 2
