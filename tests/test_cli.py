"""The commands as people call them."""

import json
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner

from vostochny.annotations import load_documents, load_gold
from vostochny.cli.leaderboard import System, cells, leaderboard, markdown
from vostochny.cli.leaderboard_links import LinkSystem, link_cells, link_row
from vostochny.cli.main import COMMANDS, cli, main
from vostochny.schema.errors import InputError
from vostochny.schema.model import Layer, Links

ROOT = Path(__file__).parent.parent


def gold_file(name):
    return ROOT / "annotations" / "gold" / f"{name}.json"


def call(*arguments):
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_tells_what_it_does(name):
    result = call(name, "--help")
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output
    assert name in call("--help").output


def test_show_numbers_sentences_as_the_notation_counts_them():
    lines = call("show", "lenta", "--sentences", "--from", 3, "--to", 4).output.splitlines()
    assert lines == ["s3 This is reported by RIA News.", "s4 The summit lasted about six hours in total."]


def test_show_prints_quotes_and_claims_under_their_sentence():
    out = call("show", "lenta", "--from", 7, "--to", 7).output
    assert "Kim Jong-un called relations with Russia a top priority" in out
    assert "■ Kim Jong-un PERSON kim-jong-un; Russia GPE russia" in out
    assert "“ q2 (indirect, kim-jong-un, speech, cue “called”): relations with Russia a top priority" in out
    assert "Relations with Russia are a top priority for North Korea." in out


@pytest.mark.parametrize("first", [0, 99])
def test_show_names_the_sentences_there_are(first):
    result = call("show", "ist", "--from", first)
    assert isinstance(result.exception, InputError)
    assert "ist has 1 to 35" in str(result.exception)


@pytest.mark.parametrize("name", sorted(load_documents()))
def test_the_picture_is_well_formed_and_holds_the_text(name, tmp_path):
    path = tmp_path / "p.svg"
    assert call("show", name, "--svg", path).exit_code == 0
    tree = ET.parse(path)
    texts = ["".join(t.itertext()) for t in tree.iter("{http://www.w3.org/2000/svg}text")]
    shown = " ".join(texts).split()
    for word in load_documents()[name].text.split():
        assert word in shown
    assert "http" not in path.read_text().replace("http://www.w3.org/2000/svg", "")


def test_the_picture_escapes_what_a_text_holds(tmp_path):
    (tmp_path / "x.txt").write_text("<script>alert(1)</script> & ><img onerror=x> said Kim.\n")
    assert call("add", tmp_path / "x.txt", "--corpus", tmp_path / "c").exit_code == 0
    (tmp_path / "d.txt").write_text("s1\ne Kim | PERSON | kim\n")
    gold = tmp_path / "c" / "gold" / "x.json"
    arguments = ("x", "--annotator", "a", "--corpus", tmp_path / "c", "-o", gold)
    assert call("notate", tmp_path / "d.txt", *arguments).exit_code == 0
    result = call("show", "x", "--corpus", tmp_path / "c", "--svg", tmp_path / "p.svg")
    assert result.exit_code == 0, result.exception
    assert "<script" not in (tmp_path / "p.svg").read_text()
    ET.parse(tmp_path / "p.svg")


def test_notate_there_and_back(tmp_path):
    text, layer = tmp_path / "d.txt", tmp_path / "d.json"
    for name, gold in load_gold().items():
        assert call("notate", gold_file(name), name, "-o", text).exit_code == 0
        assert call("notate", text, name, "--annotator", "gold", "-o", layer).exit_code == 0
        again = json.loads(layer.read_bytes())
        assert again == json.loads(gold_file(name).read_bytes())
        assert call("diff", gold_file(name), layer).exit_code == 0
        assert len(again["mentions"]) == len(gold.mentions)


def test_diff_shows_both_readings_and_exits_1(tmp_path):
    value = json.loads(gold_file("ist").read_bytes())
    value["mentions"][0]["type"] = "GPE"
    other = tmp_path / "other.json"
    other.write_text(json.dumps(value))
    result = call("diff", gold_file("ist"), other)
    assert result.exit_code == 1
    assert result.output.splitlines()[:3] == [
        "mentions: type",
        "  - e North Korean | NORP | north-korea",
        "  + e North Korean | GPE | north-korea",
    ]


def test_notate_names_the_line_and_writes_nothing(tmp_path):
    (tmp_path / "d.txt").write_text("s1\n\ne Nobody | PERSON | nobody\n")
    result = call("notate", tmp_path / "d.txt", "ist", "--annotator", "a", "-o", tmp_path / "out.json")
    assert isinstance(result.exception, InputError)
    assert f"{tmp_path / 'd.txt'}:3: [bad-notation] 'Nobody' is not in s1" in str(result.exception)
    assert not (tmp_path / "out.json").exists()


def test_agree_prints_the_three_formats():
    table = call("round", "agree", "r0").output
    assert "self-consistency of a1 and a2" in table
    assert "this is self-consistency, not validity" in table
    markdown_table = call("round", "agree", "r0", "--format", "markdown").output
    assert "| mentions | strict F1 | 1.000 | 1.000–1.000 | 117 | 0.93 |" in markdown_table
    value = json.loads(call("round", "agree", "r0", "--format", "json").output)
    assert value["measure"] == "self-consistency"
    assert value["tasks"]["entities"]["strict"]["tp"] == 117


def test_draft_of_a_round_reads_back():
    draft = call("round", "draft", "r1", "lenta").output
    assert draft.startswith("# lenta: draft from a1 and a2")
    assert "# DIFFERS in metonym_for; a2 has:\n#   e Moscow | GPE | moscow > soviet-union" in draft


def test_the_leaderboard_by_hand():
    documents, gold = load_documents(), load_gold()
    perfect = System("perfect", "ceiling", "", ("entities",), tuple(gold.values()))
    silent = System(
        "silent", "rules", "", ("quotes",), tuple(Layer(name, "silent", quotes=()) for name in documents)
    )
    alone = link_row(LinkSystem("alone", "rules", "", "gold", Links("alone", utterances=())), gold)
    value = leaderboard([perfect, silent], gold, [alone])
    rows = [cells(row) for row in value["systems"]]
    assert rows[0] == ("perfect", "ceiling", "100.0 [100.0, 100.0]", "", "")
    assert rows[1] == ("silent", "rules", "", "0.0 [0.0, 0.0]", "")
    lines = markdown(value).splitlines()
    assert lines[2] == "| perfect | ceiling | 100.0 [100.0, 100.0] |  |  |"
    # Links without entities and claim groups did not attempt these.
    assert link_cells(alone)[:4] == ("alone", "rules", "gold", "–")
    assert lines[-1].startswith("| alone | rules | gold | – |")


def corpus_of(tmp_path, text="Mr. Kim said he was glad.\nKim left.\n"):
    """A corpus folder with one article, ``x``."""
    (tmp_path / "x.txt").write_text(text)
    corpus = tmp_path / "c"
    assert call("add", tmp_path / "x.txt", "--corpus", corpus).exit_code == 0
    return corpus


def test_notate_makes_the_folder_and_the_layer_is_found(tmp_path):
    corpus = corpus_of(tmp_path)
    (tmp_path / "d.txt").write_text("s1\ne Kim | PERSON | kim\ns2\ne Kim | PERSON | kim\n")
    layer = corpus / "gold" / "x.json"
    arguments = ("x", "--annotator", "ana", "--corpus", corpus, "-o", layer)
    assert call("notate", tmp_path / "d.txt", *arguments).exit_code == 0
    assert "■ Kim PERSON kim" in call("show", "x", "--corpus", corpus).output


def test_a_layer_that_breaks_rules_is_not_written_and_the_decisions_lines_are_named(tmp_path):
    corpus = corpus_of(tmp_path)
    decisions = tmp_path / "d.txt"
    decisions.write_text(
        "s1\ne Kim | PERSN | kim\n\nq q1\n  content: s1 he was glad\n  cue: s1 said\n  within: q7\n\n"
        "c c1\n  span: s2 Kim left\n  type: guess\n"
    )
    result = call(
        "notate", decisions, "x", "--annotator", "ana", "--corpus", corpus, "-o", tmp_path / "out.json"
    )
    assert isinstance(result.exception, InputError)
    found = [(p.file, p.line, p.check) for p in result.exception.problems]
    assert (str(decisions), 2, "unknown-label") in found
    assert (str(decisions), 9, "unknown-label") in found
    assert any(p.line == 9 and "c1 has no 'says'" in p.message for p in result.exception.problems)
    assert not (tmp_path / "out.json").exists()


def test_notate_help_shows_the_notation():
    out = call("notate", "--help").output
    lines = [line.strip() for line in out.splitlines()]
    # Each decision stands on a line of its own, in every block of the sample.
    for line in (
        "e Korean Central News Agency | ORG | korean-central-news-agency",
        "cue: s4 said",
        "type: fact",
    ):
        assert line in lines
    assert "second occurrence" in out


@pytest.mark.parametrize(
    "options",
    [["--id", "Bad Id"], ["--id", "../../escape"], ["--date", "yesterday"], ["--date", "2024-13-45"]],
)
def test_add_refuses_what_would_break_the_corpus(tmp_path, options):
    (tmp_path / "x.txt").write_text("Kim left.\n")
    result = call("add", tmp_path / "x.txt", "--corpus", tmp_path / "c", *options)
    assert isinstance(result.exception, InputError)
    assert not (tmp_path / "c").exists()


def test_commands_say_that_there_is_no_gold_yet(tmp_path):
    corpus = corpus_of(tmp_path)
    for command in (["show", "x"], ["lint"]):
        result = call(*command, "--corpus", corpus)
        assert isinstance(result.exception, InputError)
        assert f"{corpus / 'gold'}: [no-gold]" in str(result.exception)


def test_export_and_docs_stay_in_their_checkout(tmp_path, monkeypatch):
    corpus = corpus_of(tmp_path)
    monkeypatch.chdir(ROOT)
    result = call("export", "hf", "--corpus", corpus)
    assert "name a folder with -o" in str(result.exception)
    monkeypatch.chdir(tmp_path)
    result = call("docs")
    assert "no checkout of this project" in str(result.exception)


def test_docs_names_stale_and_unknown_figures(tmp_path, monkeypatch):
    for name in ("annotations", "eval", "schema"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for name in ("README.md", "DATASHEET.md"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    assert call("docs", "--check").exit_code == 0
    readme = tmp_path / "README.md"
    good = readme.read_text()
    readme.write_text(good.replace("| agencies | Agencies | 4,621 |", "| agencies | Agencies | 9 |"))
    result = call("docs", "--check")
    assert "README.md: [stale-figures]" in str(result.exception)
    assert call("docs").output.splitlines() == ["-> README.md"]
    assert readme.read_text() == good
    readme.write_text(good.replace("<!-- figures: counts -->", "<!-- figures: nothing -->"))
    assert "no figures are named nothing" in str(call("docs").exception)


def test_the_log_command_prints_what_to_fill_in_and_writes_the_log(tmp_path):
    corpus = tmp_path / "c"
    shutil.copytree(ROOT / "annotations", corpus)
    printed = call("round", "log", "r1", "ist", "--corpus", corpus)
    assert printed.exit_code == 0, printed.exception
    keys = [line for line in printed.output.splitlines() if not line.startswith("#")]
    shipped = (ROOT / "annotations/rounds/r1/adjudication/ist.jsonl").read_bytes().decode().splitlines()
    assert len(keys) == len(shipped)
    reasons = tmp_path / "reasons.txt"
    reasons.write_text("\n".join(line.replace("| | ", "| 3.5 | because") for line in keys))
    result = call("round", "log", "r1", "ist", reasons, "--corpus", corpus)
    assert result.exit_code == 0, result.exception
    logged = (corpus / "rounds/r1/adjudication/ist.jsonl").read_bytes().decode().splitlines()
    assert {json.loads(line)["reason"] for line in logged} == {"because"}
    (corpus / "gold" / "ist.json").unlink()
    (corpus / "rounds/r1/adjudicated/ist.json").unlink()
    assert "no gold of 'ist' yet" in str(call("round", "log", "r1", "ist", "--corpus", corpus).exception)


@pytest.mark.parametrize(
    ("path", "change", "check"),
    [
        ("a1/ist.json", {"annotator": "zz"}, "annotator-mismatch"),
        ("a1/ist.json", {"document": "lenta"}, "sha-mismatch"),
        ("round.json", {"annotators": "x"}, "wrong-type"),
    ],
)
def test_agree_refuses_rounds_that_are_not_what_they_say(tmp_path, path, change, check):
    corpus = tmp_path / "c"
    shutil.copytree(ROOT / "annotations", corpus)
    target = corpus / "rounds" / "r1" / path
    target.write_text(json.dumps(json.loads(target.read_bytes()) | change))
    result = call("round", "agree", "r1", "--corpus", corpus)
    assert isinstance(result.exception, InputError), result.exception
    assert check in {p.check for p in result.exception.problems}
    assert str(target) in str(result.exception)


def test_what_a_round_replaced_may_be_by_anybody_but_not_what_it_came_to(tmp_path):
    corpus = tmp_path / "c"
    shutil.copytree(ROOT / "annotations", corpus)
    layer = json.loads((corpus / "gold" / "ist.json").read_bytes()) | {"annotator": "ana"}
    for folder, found in (("replaced", 0), ("adjudicated", 1)):
        (corpus / "rounds" / "r1" / folder).mkdir(exist_ok=True)
        (corpus / "rounds" / "r1" / folder / "ist.json").write_text(json.dumps(layer))
        result = call("validate", corpus)
        assert str(result.output).count("[annotator-mismatch]") == found, result.output


def test_lint_ends_with_1_for_open_hits_and_idle_waivers(tmp_path):
    corpus = tmp_path / "c"
    shutil.copytree(ROOT / "annotations", corpus)
    waivers = corpus / "lint-waivers.jsonl"
    lines = waivers.read_text().splitlines(keepends=True)
    waivers.write_text("".join(lines[1:]))
    result = call("lint", "--corpus", corpus)
    assert result.exit_code == 1
    assert "1 open" in result.output
    idle = {"check": "two-types", "document": "*", "key": "Nobody", "reason": "was"}
    waivers.write_text("".join([*lines, json.dumps(idle) + "\n"]))
    result = call("lint", "--corpus", corpus)
    assert result.exit_code == 1
    assert "*: [idle-waiver] nothing is found for two-types 'Nobody' any more" in result.output
    waivers.write_text("".join(lines))
    assert "waived [two-entities]" in call("lint", "--corpus", corpus, "--waived").output


def test_the_corpus_is_named_once_for_all_commands(tmp_path, monkeypatch):
    monkeypatch.setenv("VOSTOCHNY_CORPUS", str(tmp_path / "mine"))
    (tmp_path / "a.txt").write_text("Rain fell.\n")
    assert call("add", tmp_path / "a.txt").exit_code == 0
    assert (tmp_path / "mine" / "documents" / "a.json").is_file()
    assert "checked: 1 document" in call("validate").output


@pytest.mark.parametrize("command", [["validate"], ["diff", "x.json"], ["score", "x.jsonl", "--gold"]])
def test_a_path_that_can_not_be_looked_at_is_an_error_of_one_line(command, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["vostochny", *command, "long" * 100])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 1
    assert "[unreadable-file]" in capsys.readouterr().err
