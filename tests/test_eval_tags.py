"""Tags by the letter of their schemes, and equal to seqeval where tags are well formed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import seqeval.metrics
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.scheme import BILOU, IOB1, IOB2, IOBES, Entities

from vostochny.cli.main import cli
from vostochny.eval import score_tags
from vostochny.eval.tags import Tags, decode
from vostochny.schema.conll import read_conll
from vostochny.schema.errors import InputError


def counts(gold: str, predicted: str, scheme: str) -> tuple[float, float, float]:
    """Hits, predicted and gold chunks of one sequence by the strict measure."""
    totals = score_tags([gold.split()], [predicted.split()], scheme=scheme, n_boot=0).totals(
        "entities", "strict"
    )
    return (totals.tp_gold, totals.n_pred, totals.n_gold)


def chunks(tags: Tags) -> list[tuple[int, int, int, str]]:
    columns = (tags.spans.document, tags.spans.start, tags.spans.end, tags.spans.type)
    return [(d, a, b, tags.spans.types[t]) for d, a, b, t in zip(*(c.tolist() for c in columns), strict=True)]


def test_what_seqeval_gets_wrong() -> None:
    # IOB2: I-PER I-PER is no entity. seqeval's default gives 1.0.
    assert counts("B-PER I-PER", "I-PER I-PER", "IOB2") == (0, 1, 1)
    # The malformed chunk I-LOC I-LOC counts as predicted: precision 1/2, not 1.0.
    assert counts("B-PER O O O", "B-PER O I-LOC I-LOC", "IOB2") == (1, 2, 1)
    # B L | U against B I L: other chunks altogether.
    assert counts("B-X L-X U-X", "B-X I-X L-X", "BILOU") == (0, 1, 2)
    # Nothing on either side: macro is null, not NaN.
    value = score_tags([["O"]], [["O"]], n_boot=5).to_json()["tasks"]["entities"]
    assert value["macro"]["f1"] is None
    assert value["strict"]["f1"] is None


@pytest.mark.parametrize(
    ("scheme", "tags", "found", "malformed"),
    [
        ("IOB2", "B-A I-A O B-A B-A", [(0, 2, "A"), (3, 4, "A"), (4, 5, "A")], {}),
        ("IOB2", "I-A I-A O I-B B-A I-B", [(4, 5, "A")],
         {"I at the start": 1, "I after O": 1, "I after another type": 1}),
        # In IOB1, B only parts neighbours of one type; a malformed chunk is a neighbour, too.
        ("IOB1", "I-A I-A B-A I-B O I-A", [(0, 2, "A"), (2, 3, "A"), (3, 4, "B"), (5, 6, "A")], {}),
        ("IOB1", "B-A I-A O B-A I-B B-A", [(4, 5, "B")],
         {"B at the start": 1, "B after O": 1, "B after another type": 1}),
        ("BIO", "I-A I-A O I-B B-A I-B", [(0, 2, "A"), (3, 4, "B"), (4, 5, "A"), (5, 6, "B")],
         {"I at the start": 1, "I after O": 1, "I after another type": 1}),
        ("BILOU", "B-A I-A L-A U-B B-B L-B", [(0, 3, "A"), (3, 4, "B"), (4, 6, "B")], {}),
        # B A | I B | L A | B A: none is whole.
        ("BILOU", "B-A I-B L-A B-A", [],
         {"I without B before": 1, "L without B before": 1, "B without L after": 2}),
        # After an end nothing goes on: the second L stands alone.
        ("BILOU", "B-A L-A L-A U-A I-A", [(0, 2, "A"), (3, 4, "A")],
         {"L without B before": 1, "I without B before": 1}),
        ("IOBES", "B-A E-A S-A O E-A", [(0, 2, "A"), (2, 3, "A")], {"E without B before": 1}),
        ("BIOES", "S-A", [(0, 1, "A")], {}),
        # A bare prefix has the type without a name; a type may have hyphens.
        ("IOB2", "B I B-x-y I-x-y", [(0, 2, ""), (2, 4, "x-y")], {}),
    ],
)  # fmt: skip
def test_schemes_by_hand(scheme: str, tags: str, found: list[Any], malformed: dict[str, int]) -> None:
    decoded = decode([["O"], tags.split(), []], scheme)
    assert chunks(decoded) == [(1, *each) for each in found]
    assert {kind: n for kind, n in decoded.malformed.items() if n} == malformed
    assert decoded.lengths.tolist() == [1, len(tags.split()), 0]
    assert len(decoded.unsound) == (0 if scheme == "BIO" else sum(malformed.values()))


def sequences(prefixes: str) -> st.SearchStrategy[list[list[str]]]:
    tag = st.sampled_from(["O", "O", *(f"{p}-{t}" for p in prefixes for t in ("A", "B"))])
    return st.lists(st.lists(tag, min_size=1, max_size=8), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("scheme", "theirs", "prefixes"),
    [("IOB2", IOB2, "BI"), ("IOB1", IOB1, "BI"), ("BILOU", BILOU, "BILU"), ("IOBES", IOBES, "BIES")],
)
def test_entities_are_seqeval_s_strict_ones(scheme: str, theirs: Any, prefixes: str) -> None:
    @given(sequences(prefixes))
    @settings(max_examples=150, deadline=None)
    def check(tags: list[list[str]]) -> None:
        ours = decode(tags, scheme)
        found = sorted(
            (n, each.start, each.end, each.tag)
            for n, entities in enumerate(Entities(tags, theirs).entities)
            for each in entities
        )
        if not len(ours.unsound):
            assert sorted(chunks(ours)) == found
        # Malformed or not: every entity that is whole is one for seqeval, too.
        assert set(chunks(ours)) <= set(found) or scheme == "IOB1"

    check()


@given(sequences("BI"))
@settings(max_examples=150, deadline=None)
def test_lenient_chunks_are_conlleval_s(tags: list[list[str]]) -> None:
    found = [
        (n, start, end + 1, kind)
        for n, sequence in enumerate(tags)
        for kind, start, end in seqeval.metrics.sequence_labeling.get_entities(sequence)
    ]
    assert chunks(decode(tags, "BIO")) == found


@given(sequences("BI"), sequences("BI"))
@settings(deadline=None)
def test_malformed_chunks_are_counted_and_only_on_the_predicted_side(
    gold: list[list[str]], other: list[list[str]]
) -> None:
    size = [max(len(a), len(b)) for a, b in zip(gold, other, strict=False)]
    sides = [[(s + ["O"] * 8)[:n] for s, n in zip(side, size, strict=False)] for side in (gold, other)]
    report = score_tags(*sides, n_boot=0)
    ours, theirs = decode(sides[0]), decode(sides[1])
    values = report.counts("entities").measures
    assert report.malformed == {"gold": ours.malformed, "predicted": theirs.malformed}
    for name in ("strict", "exact", "partial", "type"):
        totals = report.totals("entities", name)
        assert totals.n_pred == len(theirs.spans) + len(theirs.unsound)
        assert totals.n_gold == len(ours.spans)
    by_type = sum(counts.values for path, counts in values.items() if path[0] == "by_type")
    assert (by_type == values["strict",].values).all()
    spurious = report.counts("entities").matrices["errors", "boundary"].table["none", "spurious"]
    assert spurious >= len(theirs.unsound)


def test_the_report_tells_of_malformed_tags() -> None:
    report = score_tags([["B-A", "I-B"]], [["I-A", "O"]], n_boot=0)
    value = report.to_json()
    assert value["malformed"]["gold"]["I after another type"] == 1
    assert value["malformed"]["predicted"]["I at the start"] == 1
    assert value["remarks"]["entities"] == (
        "malformed chunks under IOB2: gold 1 (I after another type 1); predicted 1 (I at the start 1); "
        "each one predicted is a false positive, those of gold are left out"
    )
    assert "|input:tags-IOB2|" in report.signature
    assert report.signature.endswith("|block:sequence")
    lenient = score_tags([["B-A", "I-B"]], [["I-A", "O"]], scheme="BIO", n_boot=0)
    assert lenient.f1("entities", "strict") == pytest.approx(2 / 3)
    assert lenient.to_json()["remarks"]["entities"].endswith("they are read as chunks all the same")


def test_many_kinds_of_tags() -> None:
    # More than 256 different tags need another way of reading.
    tags = [[f"B-t{n}", f"I-t{n}", "O"] for n in range(400)]
    assert chunks(decode(tags)) == [(n, 0, 2, f"t{n}") for n in range(400)]
    assert score_tags(tags, tags, n_boot=0).f1("entities", "strict") == 1.0


@pytest.mark.parametrize(
    ("gold", "predicted", "scheme", "said"),
    [
        ([["O"]], [["O"], ["O"]], "IOB2", "[different-lengths] gold has 1 sequences, the prediction 2"),
        ([["O"], ["O"]], [["O"], ["O", "O"]], "IOB2",
         "[different-lengths] sequence 1 has 1 tags in gold, 2 in the prediction"),
        ([["O"], ["O", "X-PER"]], [["O"], ["O", "O"]], "IOB2",
         "[unknown-tag] gold: sequence 1, place 1: found 'X-PER', expected O or B-TYPE, I-TYPE (IOB2)"),
        ([["O"]], [["S-PER"]], "IOB2", "[unknown-tag] predicted: sequence 0, place 0: found 'S-PER'"),
        ([["O-PER"]], [["O"]], "IOB2", "found 'O-PER'"),
        ([["B-"]], [["O"]], "IOB2", "found 'B-'"),
        ([[""]], [["O"]], "IOB2", "found ''"),
        ([[1]], [["O"]], "IOB2", "[unknown-tag] gold: sequence 0, place 0: found 1"),
        ([[["O"]]], [["O"]], "IOB2", "[wrong-type] gold: sequence 0, place 0: found [\"O\"], expected a tag"),
        (["O"], [["O"]], "IOB2", "[wrong-type] gold: sequence 0 is 'O', expected a list of tags"),
        ("OO", [["O"]], "IOB2", "[wrong-type] gold: found 'OO', expected a list of lists"),
        ([None], [["O"]], "IOB2", "[wrong-type] gold: sequence 0 is null"),
        ([["O"]], [["O"]], "IOB3", "[bad-option] scheme: found 'IOB3', expected one of IOB2"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_told_with_its_place(
    gold: Any, predicted: Any, scheme: str, said: str
) -> None:
    with pytest.raises(InputError) as error:
        score_tags(gold, predicted, scheme=scheme)
    assert said in str(error.value)


GOLD = "-DOCSTART- -X- O\n\nKim NNP B-PER\nJong NNP I-PER\r\n\n\nin IN O\nMoscow NNP B-LOC\n"


def run(tmp_path: Path, gold: str, predicted: str, *options: str) -> Any:
    (tmp_path / "gold.conll").write_bytes(gold.encode())
    (tmp_path / "pred.conll").write_bytes(predicted.encode())
    paths = [str(tmp_path / "gold.conll"), str(tmp_path / "pred.conll")]
    return CliRunner().invoke(cli, ["tags", *paths, "--boot", "20", *options])


def test_the_command_reads_conll_files(tmp_path: Path) -> None:
    result = run(tmp_path, GOLD, GOLD.replace("B-LOC", "I-LOC"), "--format", "json")
    assert result.exit_code == 0, result.output
    assert '"malformed"' in result.output
    assert '"I after O": 1' in result.output
    table = run(tmp_path, GOLD, GOLD.replace("B-LOC", "I-LOC"), "--scheme", "BIO").output
    assert "100.0" in table.splitlines()[1]
    assert "they are read as chunks all the same" in table
    assert run(tmp_path, GOLD, GOLD, "--format", "markdown").output.startswith("| task |")
    assert r"\begin{tabular}" in run(tmp_path, GOLD, GOLD, "--format", "latex").output


def test_types_are_printed_as_they_are(tmp_path: Path) -> None:
    tags = "a B-[/x]\nb B-[red]\n"
    printed = run(tmp_path, tags, tags)
    assert printed.exit_code == 0, printed.output
    assert "by_type: [/x]" in printed.output
    assert "by_type: [red]" in printed.output


def test_columns_by_tab_or_space_and_files_of_tags_only(tmp_path: Path) -> None:
    file = tmp_path / "x.conll"
    file.write_text("New York\tB-LOC\tO\n\nx\tO\tO\n", encoding="utf-8")
    found = read_conll(file, 2)
    assert (found.tokens, found.tags, found.lines) == ([["New York"], ["x"]], [["B-LOC"], ["O"]], [1, 3])
    file.write_text("B-LOC\nO\n\nO", encoding="utf-8")
    assert (read_conll(file).tokens, read_conll(file).tags) == (None, [["B-LOC", "O"], ["O"]])
    assert run(tmp_path, GOLD, "B-PER\nI-PER\n\nO\nB-LOC\n").exit_code == 0


@pytest.mark.parametrize(
    ("predicted", "options", "said"),
    [
        (GOLD.replace("Jong", "Jung"), [],
         "pred.conll:4: [different-tokens] found the token 'Jung', {gold}:4 has 'Jong'"),
        (GOLD.replace("in IN O\n", ""), [], "pred.conll:7: [different-tokens] found the token 'Moscow'"),
        (GOLD + "x X O\n", [], "pred.conll:7: [different-tokens] the sequence has 3 tokens"),
        (GOLD + "\nx X O\n", [], "pred.conll:10: [different-tokens] sequence 3 begins here"),
        ("Kim B-PER\n", ["--column", "3"], "pred.conll:1: [missing-column] has 2 columns, expected at least"),
        ("\n\n", [], "pred.conll: [nothing-found]"),
        (GOLD.replace("B-LOC", "U-LOC"), [], "[unknown-tag] predicted: sequence 1, place 1: found 'U-LOC'"),
    ],
)  # fmt: skip
def test_files_that_do_not_fit_are_told_with_file_and_line(
    tmp_path: Path, predicted: str, options: list[str], said: str
) -> None:
    result = run(tmp_path, GOLD, predicted, *options)
    assert isinstance(result.exception, InputError)
    assert said.format(gold=tmp_path / "gold.conll") in str(result.exception)
