"""``vostochny validate``."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vostochny.cli.validate import command
from vostochny.schema.checks import CHECKS
from vostochny.schema.readers import read_links

FIXTURES = Path(__file__).parent / "fixtures"
OURS = ["--documents", str(FIXTURES / "documents.jsonl"), "--links", str(FIXTURES / "links.json")]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def corpus(folder: Path) -> Path:
    """A small corpus, sound in all its parts."""
    for line in (FIXTURES / "documents.jsonl").read_text(encoding="utf-8").splitlines():
        write(folder / "documents" / f"{json.loads(line)['id']}.json", line)
    shutil.copytree(FIXTURES / "positive" / "corpus", folder / "gold")
    shutil.copytree(FIXTURES / "positive" / "round", folder / "rounds")
    shutil.copy(FIXTURES / "positive" / "waivers.jsonl", folder / "lint-waivers.jsonl")
    return folder


def write(path: Path, value: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def change(path: Path, **properties: object) -> Path:
    return write(path, {**json.loads(path.read_text(encoding="utf-8")), **properties})


def test_the_packaged_corpus_is_valid_by_whichever_name() -> None:
    annotations = Path(__file__).parent.parent / "annotations"
    results = [run(), run(annotations), run("--corpus", annotations)]
    for result in results:
        assert result.exit_code == 0, result.output
        assert result.stdout == ""
        assert result.stderr == results[0].stderr
        assert re.match(
            r"checked: 5 documents, \d+ layers, \d+ links files, \d+ rounds, \d+ waivers, "
            r"\d+ adjudication entries, \d+ decided pairs, \d+ decided differences, \d+ similar pairs, "
            r"\d+ provenance lines, 1 history, \d+ audits?, \d+ audit keys?, \d+ planted errors, "
            r"\d+ audit findings, \d+ audit verdicts, \d+ audit results?; problems: 0\n$",
            result.stderr,
        )


def test_a_corpus_folder_gets_the_checks_of_the_corpus(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    assert run(root).exit_code == 0, run(root).output
    # Something wrong in every part: each is reported, whatever is wrong before.
    change(root / "documents" / "unicode.json", length=7)
    change(root / "gold" / "rocket.json", annotator="")
    change(root / "rounds" / "spring-2024" / "round.json", id="autumn")
    change(root / "rounds" / "spring-2024" / "a2" / "unicode.json", annotator="a1")
    write(
        root / "lint-waivers.jsonl", '{"check": "two-types", "document": "moon", "key": "x", "reason": "y"}'
    )
    write(
        root / "rounds" / "spring-2024" / "adjudication" / "rocket.jsonl", '{"key": "c1", "decision": "a1"}'
    )
    expected = {
        "length-mismatch",
        "too-few",
        "round-id",
        "annotator-mismatch",
        "copied-layer",
        "unknown-document",
        "missing-property",
    }
    found = run(root, "--format", "json")
    assert {p["check"] for p in json.loads(found.stdout)["problems"]} == expected
    assert run("--corpus", root, "--format", "json").stdout == found.stdout


def test_raw_layers_name_entities_at_will_and_gold_does_not(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    assert "radio-of-a2" in (root / "rounds/spring-2024/a2/rocket.json").read_text(encoding="utf-8")
    shutil.copy(root / "rounds/spring-2024/a2/rocket.json", root / "gold" / "rocket.json")
    lines = run(root).stdout.splitlines()
    assert [line for line in lines if "[unresolved-reference]" in line] == [
        f"{root}/gold/rocket.json: $.mentions[1].entity: [unresolved-reference] there is no entity "
        "'radio-of-a2' in the registry; add it there or mend the id"
    ]
    # Neither are they what the registry is used by, nor what links point to.
    assert any("[unused-registry-entry] 'norland-radio'" in line for line in lines)


def test_layers_alone_are_of_the_corpus_named(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    path = root / "gold" / "rocket.json"
    assert run(path, "--corpus", root).exit_code == 0
    change(root / "gold" / "links.json", entities=[], utterances=[])
    assert "[unresolved-reference]" in run(path, "--corpus", root).stdout


def test_a_missing_registry_is_one_problem_with_a_line_to_paste(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    links = root / "gold" / "links.json"
    links.unlink()
    for result in (run(root), run("--corpus", root), run(root / "documents", root / "gold")):
        assert result.exit_code == 1
        assert len(result.stdout.splitlines()) == 1
        assert result.stdout.startswith(
            f"{links}: [missing-registry] does not exist, but layers name entities"
        )
        assert "not checked" not in result.stderr
    entry = '{"id": "ann-lee", "name": "Ann Lee", "type": "PERSON"}'
    line = f'{{"schema_version": "1.0.0", "annotator": "gold", "entities": [{entry}]}}'
    assert result.stdout.rstrip().endswith(line)
    write(links, line)
    # Pasted, it is a sound registry, which lacks the others.
    assert read_links(links).entities[0].id == "ann-lee"
    assert "missing-registry" not in run(root).stdout


def test_layers_that_name_no_entity_need_no_registry(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    (root / "gold" / "links.json").unlink()
    for path in (root / "gold").glob("*.json"):
        value = json.loads(path.read_text(encoding="utf-8"))
        write(path, {k: v for k, v in value.items() if k not in ("mentions", "quotes", "marks", "claims")})
    result = run(root)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "not checked" not in result.stderr


def test_where_entity_references_are_not_checked_it_is_said() -> None:
    path = FIXTURES / "negative" / "unresolved-reference.entity.json"
    result = run(path, "--documents", FIXTURES / "documents.jsonl")
    assert "entity references were not checked" in result.stderr
    assert str(path) in result.stderr
    assert "not checked" not in run(path, *OURS).stderr


def test_annotators_layers_are_no_copies_of_each_other(tmp_path: Path) -> None:
    root = corpus(tmp_path)
    first, second = (root / "rounds" / "spring-2024" / name for name in ("a1", "a2"))
    # Alike in few words: two readers may say the same.
    empty = json.loads((first / "unicode.json").read_text(encoding="utf-8"))
    assert empty["mentions"] == []
    assert run(root).exit_code == 0
    for name in ("rocket.json", "unicode.json"):
        shutil.copy(first / name, second / name)
    problems = [line for line in run(root).stdout.splitlines() if "[copied-layer]" in line]
    assert problems == [
        f"{second / name}: $: [copied-layer] is the layer of a1; put a2's own in its place"
        for name in ("rocket.json", "unicode.json")
    ]


def test_suggestions_are_of_the_documents_among_the_paths(tmp_path: Path) -> None:
    root = corpus(tmp_path)

    def told(name: str) -> str:
        change(root / "gold" / "unicode.json", document=name)
        lines = run(root).stdout.splitlines()
        return next(line for line in lines if line.startswith(f"{root}/gold/unicode.json: $.document"))

    assert told("moon").endswith(
        "there is no document 'moon'; use one of rocket, unicode, or give its own documents"
    )
    # A document of the installed corpus is none of this one.
    assert "[unknown-document] there is no document 'sputnik'; use one of rocket, unicode" in told("sputnik")
    assert told("unicodes").endswith("there is no document 'unicodes'; did you mean 'unicode'?")
    assert told("Unicode").endswith("; did you mean 'unicode'?")
    # Also where the records are broken.
    for path in (root / "documents").iterdir():
        path.write_text("{")
    assert told("moon").endswith("use one of (none), or give its own documents")


def test_predictions_as_an_array_are_named_as_such(tmp_path: Path) -> None:
    layers = [{"document": "rocket"}, {"document": "unicode"}]
    told = "found an array; JSONL: one layer a line, not an array"
    for text in (json.dumps(layers), json.dumps(layers, indent=1)):
        for name in ("p.jsonl", "p.json"):
            path = write(tmp_path / name, text)
            assert run(path, *OURS).stdout.endswith(f"$: [unknown-kind] {told}\n")
            assert run(path, *OURS, "--as", "predictions").stdout.endswith(f"$: [wrong-type] {told}\n")


def test_a_prediction_needs_its_document_and_a_layer_says_what_predictions_may_lack(tmp_path: Path) -> None:
    path = write(tmp_path / "p.jsonl", '{"mentions": []}')
    assert (
        run(path, *OURS).stdout
        == f"{path}:1: $: [missing-property] 'document' is missing; add it (Id of the document)\n"
    )
    path = write(
        tmp_path / "p.json", {"document": "rocket", "mentions": [{"start": 0, "end": 7, "type": "ORG"}]}
    )
    lines = run(path, *OURS).stdout.splitlines()
    # Three properties of the layer and four of the mention; the way out is told once.
    assert len(lines) == 7
    assert [line.endswith("; if this is what a system found, give --as predictions") for line in lines] == [
        True,
        *[False] * 6,
    ]
    assert run(path, *OURS, "--as", "predictions").exit_code == 0
    # Said to be a layer, it is not taken otherwise.
    assert "--as predictions" not in run(path, *OURS, "--as", "layer").stdout


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
    root = corpus(tmp_path / "whole")
    for broken in ("{", json.dumps(links)):
        write(root / "gold" / "links.json", broken)
        result = run(root)
        assert len(result.stdout.splitlines()) == 1
        assert "missing-registry" not in result.stdout
        assert "entity references were not checked" in result.stderr


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


def test_a_link_that_leads_to_itself_is_told(tmp_path: Path) -> None:
    loop = tmp_path / "loop.json"
    loop.symlink_to(loop)
    result = run(loop)
    assert result.exit_code == 1
    assert f"{loop}: [unreadable-file]" in result.stdout
