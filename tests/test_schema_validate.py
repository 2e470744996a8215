"""``vostochny validate``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vostochny.cli.validate import command
from vostochny.schema.checks import CHECKS

FIXTURES = Path(__file__).parent / "fixtures"
OURS = ["--documents", str(FIXTURES / "documents.jsonl"), "--links", str(FIXTURES / "links.json")]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_the_packaged_corpus_is_valid() -> None:
    result = run()
    assert result.exit_code == 0, result.output
    assert re.search(r"checked: 5 document\b.*; problems: 0", result.stderr)


def test_problems_are_printed_one_a_line_and_end_with_1() -> None:
    path = FIXTURES / "negative" / "duplicate-item.json"
    result = run(path, *OURS)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{path}: $.quotes[2]: [duplicate-item] q3 says the same as q2; keep one",
        f"{path}: $.marks[1]: [duplicate-item] k2 says the same as k1; keep one",
        f"{path}: $.claims[1]: [duplicate-item] c4 says the same as c3; keep one",
    ]


def test_lines_of_jsonl_files_are_named() -> None:
    path = FIXTURES / "negative" / "unknown-label.prediction.jsonl"
    assert run(path, *OURS).stdout.startswith(
        f"{path}:2: $.mentions[0].type: [unknown-label] found 'PER', expected"
    )


def test_json_output_is_for_machines() -> None:
    path = FIXTURES / "negative" / "empty-span.json"
    result = run(path, *OURS, "--format", "json")
    assert result.exit_code == 1
    value = json.loads(result.stdout)
    assert (value["valid"], value["checked"], value["skipped"]) == (False, {"layer": 1}, [])
    assert [(p["file"], p["line"], p["path"], p["check"]) for p in value["problems"]] == [
        (str(path), None, "$.mentions[0]", "empty-span")
    ]
    result = run(FIXTURES / "positive" / "corpus", *OURS, "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["valid"] is True


def test_a_folder_is_checked_together_and_other_files_in_it_are_skipped(tmp_path: Path) -> None:
    for name in ("rocket.json", "unicode.json", "links.json"):
        (tmp_path / name).write_bytes((FIXTURES / "positive" / "corpus" / name).read_bytes())
    (tmp_path / "log.jsonl").write_text('{"decision": 1}\n{"decision": 2}\n')
    result = run(tmp_path, *OURS)
    assert result.exit_code == 0, result.output
    assert "skipped, of no known kind" in result.stderr
    assert result.stderr.count("log.jsonl") == 1
    # Named outright, the same file is a problem.
    assert "[unknown-kind]" in run(tmp_path / "log.jsonl", *OURS).stdout


def test_documents_among_the_paths_are_those_the_layers_are_of() -> None:
    both = run(FIXTURES / "documents.jsonl", FIXTURES / "links.json", FIXTURES / "positive" / "layer.json")
    assert both.exit_code == 0, both.output
    alone = run(FIXTURES / "positive" / "layer.json")
    assert alone.exit_code == 1
    assert "[unknown-document]" in alone.stdout


def test_without_links_other_peoples_registry_ids_stay_unchecked() -> None:
    path = FIXTURES / "negative" / "unresolved-reference.entity.json"
    assert run(path, "--documents", FIXTURES / "documents.jsonl").exit_code == 0
    assert run(path, *OURS).exit_code == 1


def test_a_broken_registry_is_reported_once_and_not_at_every_mention(tmp_path: Path) -> None:
    links = json.loads((FIXTURES / "links.json").read_text(encoding="utf-8"))
    links["entities"][0]["type"] = "HUMAN"
    (tmp_path / "links.json").write_text(json.dumps(links))
    (tmp_path / "layer.json").write_bytes((FIXTURES / "positive" / "layer.json").read_bytes())
    found = run(tmp_path, "--documents", FIXTURES / "documents.jsonl").stdout.splitlines()
    assert len(found) == 1
    assert "$.entities[0].type: [unknown-label] found 'HUMAN'" in found[0]


def test_jsonl_layers_are_predictions_unless_said(tmp_path: Path) -> None:
    value = json.loads(
        (FIXTURES / "negative" / "unaccounted-quotation-mark.json").read_text(encoding="utf-8")
    )
    path = tmp_path / "layers.jsonl"
    path.write_text(json.dumps(value) + "\n")
    assert run(path, *OURS).exit_code == 0
    as_layers = run(path, *OURS, "--as", "layer")
    assert as_layers.exit_code == 1
    assert "[unaccounted-quotation-mark]" in as_layers.stdout


@pytest.mark.parametrize("form", ["text", "json"])
def test_bad_documents_are_problems_too(tmp_path: Path, form: str) -> None:
    result = run(
        FIXTURES / "positive" / "layer.json", "--documents", tmp_path / "none.jsonl", "--format", form
    )
    assert result.exit_code == 1
    assert "unreadable-file" in result.stdout
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_the_catalogue_lists_every_check_with_its_meaning() -> None:
    lines = run("--checks").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(CHECKS)
    for name, meaning in CHECKS.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
        assert meaning[0].isupper()
        assert "\n" not in meaning
