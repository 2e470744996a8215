"""The fast reader of mentions against the careful one: what the one takes, the other takes, and the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from vostochny.annotations import load_gold
from vostochny.cli.main import cli
from vostochny.eval import score, score_mentions
from vostochny.schema.columns import MentionColumns, _careful, _fast, read_mentions
from vostochny.schema.errors import InputError
from vostochny.schema.jsonio import layer_to_json

SHA = "0123456789abcdef" * 4


def line(document: str = "a", **more: Any) -> dict[str, Any]:
    mentions = [{"id": "m1", "start": 0, "end": 3, "text": "Kim", "type": "PERSON"}]
    return {"document": document, "mentions": mentions, **more}


def written(path: Path, *values: Any) -> Path:
    path.write_text("".join(json.dumps(v, ensure_ascii=False) + "\n" for v in values), encoding="utf-8")
    return path


def same(a: MentionColumns, b: MentionColumns) -> bool:
    named = [(c.documents, c.digests, c.lines, c.types, c.done.tolist()) for c in (a, b)]
    rows = [np.stack([c.document, c.start, c.end, c.type]).tolist() for c in (a, b)]
    return named[0] == named[1] and rows[0] == rows[1]


def compared(data: bytes, path: Path) -> bool:
    """Whether the fast reader takes it; if so, the careful one does and reads the same."""
    path.write_bytes(data)
    fast = _fast(data)
    if fast is not None:
        assert same(fast, _careful(path))
    return fast is not None


def test_both_readers_take_ordinary_files(tmp_path: Path) -> None:
    values = [
        line("a", schema_version="1.0.0", text_sha256=SHA, annotator="x"),
        line("b-2"),
        {"document": "c"},
        {"document": "d", "mentions": []},
        {"document": "e", "mentions": [{"start": 5, "end": 7, "type": "DATE"}]},
    ]
    data = "\n \r\n".join(json.dumps(v) for v in values).encode()
    # The one layer whose mentions have no ids needs a file of its own.
    assert compared(data.replace(b'"id": "m1", ', b""), tmp_path / "x.jsonl")
    found = _fast(data.replace(b'"id": "m1", ', b""))
    assert found is not None
    assert found.documents == ("a", "b-2", "c", "d", "e")
    assert found.lines == (1, 3, 5, 7, 9)
    assert found.done.tolist() == [True, True, False, True, True]
    assert [found.types[k] for k in found.type.tolist()] == ["PERSON", "PERSON", "DATE"]


def mention(**more: Any) -> dict[str, Any]:
    return {"start": 0, "end": 3, "type": "ORG", **more}


ODD = [
    {"document": None},
    {"document": "A"},
    {"document": "a", "schema_version": "9.0.0"},
    {"document": "a", "schema_version": None},
    {"document": "a", "text_sha256": "x"},
    {"document": "a", "text_sha256": None},
    {"document": "a", "annotator": None},
    {"document": "a", "other": 1},
    {"mentions": []},
    {},
    *(
        {"document": "a", "mentions": mentions}
        for mentions in (
            {},
            [None],
            [{}],
            [5],
            [mention(start=3)],
            [mention(start=-1)],
            [mention(start="0")],
            [mention(start=0.0)],
            [mention(start=True)],
            [mention(start=None)],
            [mention(end=2**53)],
            [mention(end=2**63)],
            [mention(type="PER")],
            [mention(type=None)],
            [mention(id="")],
            [mention(id="a b")],
            [mention(id=None)],
            [mention(id=1)],
            [mention(text=None)],
            [mention(text="four")],
            [mention(text="\ud800xx")],
            [mention(entity="")],
            [mention(metonym_for=7)],
            [mention(id="m"), mention(id="m")],
        )
    ),
]
RAW = [
    b'{"document": "a", "document": "b"}',
    b'{"document": "a", "mentions": [{"start": 0, "start": 1, "end": 3, "type": "ORG"}]}',
    b'{"document": "a"} {"document": "b"}',
    b'{"document":\n"a"}',
    b'{"document": "a"}\n{"document": "a"}',
    b'\xef\xbb\xbf{"document": "a"}',
    b'{"document": "a", "mentions": [{"start": 0, "end": 1, "type": "ORG", "text": "\xff"}]}',
    b'{"document": "a",}',
    b'[{"document": "a"}]',
    b"null",
    b"{}\n5",
    b'{"document": "a"}\nnull\n{"document": "b"}',
    b'{"document": NaN}',
    b'{"i\\u0064": null, "document": "a"}',
    b'{"document": "a", "mentions": [{"i\\u0064": null, "start": 0, "end": 1, "type": "ORG"}]}',
    b'{"mentions": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"a": ' + b'{"a": ' * 100_000 + b"1" + b"}" * 100_001,
    b'{"document": "a", "mentions": [{"start": 0, "end": ' + b"9" * 5000 + b', "type": "ORG"}]}',
]


@pytest.mark.parametrize("data", [*(json.dumps(value).encode() for value in ODD), *RAW])
def test_what_the_careful_reader_refuses_the_fast_one_never_accepts(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(data)
    assert _fast(data) is None
    with pytest.raises(InputError) as error:
        read_mentions(path)
    for problem in error.value.problems:
        assert problem.file == str(path)


GOOD = b"\n".join(
    json.dumps(v).encode()
    for v in (
        line("a", schema_version="1.0.0", text_sha256=SHA, annotator="x"),
        line("b", mentions=[mention(id="x", entity=None, metonym_for="u"), mention(id="y", text="a\u2019b")]),
    )
)
TOKENS = [
    b'"id"', b'"document"', b"null", b"true", b"0", b"-1", b"1.5", b"{", b"}", b"[", b"]", b",", b":", b"\n",
    b'"a"', b'""', b"\\u0064", b"\\ud800", b"\xff", b" ", b"\t", b'"text"', b'"mentions"', b"9" * 20, b'"m1"',
]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), st.sampled_from([b"", *TOKENS])),
        min_size=0,
        max_size=3,
    )
)
@example([])
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_broken_files_are_never_taken_by_the_fast_reader_alone(
    tmp_path: Path, cuts: list[tuple[int, int, bytes]]
) -> None:
    data = GOOD
    for at, length, put in cuts:
        data = data[:at] + put + data[at + length :]
    taken = compared(data, tmp_path / "x.jsonl")
    assert taken or cuts


def test_other_parts_are_passed_over(tmp_path: Path) -> None:
    # With them the careful reader is asked; what stands in them is not looked at.
    path = written(tmp_path / "x.jsonl", line("a", quotes=[{"odd": 1}], claims=None))
    assert read_mentions(path).documents == ("a",)
    gold = load_gold()
    path = written(tmp_path / "gold.jsonl", *(layer_to_json(gold[name]) for name in sorted(gold)))
    found = read_mentions(path)
    assert found.documents == tuple(sorted(gold))
    assert len(found.start) == sum(len(layer.mentions or ()) for layer in gold.values())


def test_the_scores_are_those_by_characters(tmp_path: Path) -> None:
    gold = load_gold()
    other = [
        replace(layer, mentions=tuple(m for k, m in enumerate(layer.mentions or ()) if k % 5), quotes=None)
        for layer in gold.values()
    ]
    g = written(tmp_path / "g.jsonl", *map(layer_to_json, gold.values()))
    p = written(tmp_path / "p.jsonl", *map(layer_to_json, other[1:]), {"document": "unknown"})
    report = score_mentions(read_mentions(g), read_mentions(p), n_boot=0)
    whole = score(gold, other[1:], boundaries="character", tasks="entities", n_boot=0)
    assert report.to_json()["tasks"] == whole.to_json()["tasks"]
    assert (report.missing, report.unscored) == (whole.missing, ("unknown",))
    assert report.documents == whole.documents
    assert "|input:mentions|boundaries:character|" in report.signature
    # Documents without mentions in gold are not scored.
    written(g, *map(layer_to_json, gold.values()), {"document": "more"})
    written(p, {"document": "more", "mentions": [mention()]})
    report = score_mentions(read_mentions(g), read_mentions(p), n_boot=0)
    assert report.totals("entities", "strict").n_pred == 0
    assert "more" in report.documents
    assert "more" not in report.missing


def test_the_command_needs_no_documents(tmp_path: Path) -> None:
    g = written(tmp_path / "g.jsonl", line("one", text_sha256=SHA), line("two"))
    p = written(tmp_path / "p.jsonl", line("one"), line("two", mentions=[mention()]))
    options = ["--boundaries", "character", "--task", "entities", "--boot", "10", "--format", "json"]
    result = CliRunner().invoke(cli, ["score", str(p), "--gold", str(g), *options])
    assert result.exit_code == 0, result.output
    value = json.loads(result.output)
    # Elsewhere paragraphs are resampled, so it is said.
    assert "intervals resample the 2 documents" in value["remarks"]["entities"]
    assert value["documents"] == ["one", "two"]
    assert value["tasks"]["entities"]["strict"]["f1"] == 0.5
    written(p, line("one", text_sha256="f" * 64))
    result = CliRunner().invoke(cli, ["score", str(p), "--gold", str(g), *options])
    assert isinstance(result.exception, InputError)
    assert f"{p}:1: $.text_sha256: [sha-mismatch] prediction for 'one'" in str(result.exception)
