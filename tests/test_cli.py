"""The commands as people call them."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner

from vostochny.annotations import load_documents, load_gold
from vostochny.cli.leaderboard import System, cells, leaderboard, markdown
from vostochny.cli.main import COMMANDS, cli
from vostochny.schema.errors import InputError
from vostochny.schema.model import Layer

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
    assert "indirect, kim-jong-un, speech" in out
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
    gold.parent.mkdir()
    assert call("notate", tmp_path / "d.txt", "x", "--annotator", "a", "--corpus", tmp_path / "c", "-o", gold)
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
    value = leaderboard([perfect, silent], gold, documents, ())
    rows = [cells(row) for row in value["systems"]]
    assert rows[0] == ("perfect", "ceiling", "100.0 [100.0, 100.0]", "", "")
    assert rows[1] == ("silent", "rules", "", "0.0 [0.0, 0.0]", "")
    assert markdown(value).splitlines()[2] == "| perfect | ceiling | 100.0 [100.0, 100.0] |  |  |"


@pytest.mark.slow
def test_bench_writes_what_is_shipped(tmp_path):
    """The shipped leaderboard is that of the shipped gold, scorers and baselines."""
    result = call("bench", "-o", tmp_path)
    assert result.exit_code == 0, result.exception
    shipped = ROOT / "eval" / "results"
    for name in ("leaderboard.md", "leaderboard.json"):
        assert (tmp_path / name).read_bytes() == (shipped / name).read_bytes()
