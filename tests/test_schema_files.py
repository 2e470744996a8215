"""Reading broken files and writing whole ones."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vostochny.schema.errors import InputError, Problem, json_path, shown
from vostochny.schema.files import (
    MAX_DEPTH,
    MAX_INTEGER,
    MAX_PROBLEMS,
    dump_json,
    dump_jsonl,
    parse_json,
    read_json,
    read_jsonl,
    write_atomic,
)

SCALARS = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


def checks(text: str) -> list[str]:
    return [problem.check for problem in parse_json(text, "x.json")[1]]


@settings(max_examples=50)
@given(VALUES)
def test_what_is_dumped_is_read_back(value: object) -> None:
    assert parse_json(dump_json(value).decode(), "x.json") == (value, [])


@settings(max_examples=30)
@given(st.lists(VALUES, max_size=4))
def test_jsonl_has_one_value_a_line_also_with_line_separators_in_strings(values: list[object]) -> None:
    # U+2028 ends a line for str.splitlines, not for JSONL.
    lines = dump_jsonl([["a\u2028b\x85c"], *values]).decode().split("\n")
    assert lines.pop() == ""
    assert [parse_json(line, "x", 1)[0] for line in lines] == [["a\u2028b\x85c"], *values]


@given(st.text())
def test_no_text_gives_a_traceback(text: str) -> None:
    parse_json(text, "x.json")


def test_all_problems_of_a_text_are_reported() -> None:
    text = '{"a": NaN, "b": [-Infinity, 9007199254740992], "c": {"d": 1e400, "d": 1}, "e": "\\udc00"}'
    value, problems = parse_json(text, "x.json")
    assert value is None
    assert [(problem.check, problem.path) for problem in problems] == [
        ("not-finite-number", "$.a"),
        ("not-finite-number", "$.b[0]"),
        ("huge-number", "$.b[1]"),
        ("duplicate-key", "$.c.d"),
        ("lone-surrogate", "$.e"),
    ]


def test_limits_are_inclusive() -> None:
    assert checks("[9007199254740991, -9007199254740991]") == []
    assert checks("[-9007199254740992]") == ["huge-number"]
    assert checks("[" * MAX_DEPTH + "]" * MAX_DEPTH) == []
    assert checks("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == ["deep-nesting"]
    # Brackets in strings do not nest, also behind escaped quotes.
    assert checks('["\\"' + "[" * 500 + '"]') == []


def test_a_deep_text_without_closing_brackets_is_no_crash() -> None:
    assert checks("[" * 100_000) == ["deep-nesting"]
    assert checks('"' + "\\" * 100_001) == ["bad-json"]
    # Going through the rest of the text at each escaped quotation mark took hours.
    assert checks('"' + '\\"' * 1_000_000) == ["bad-json"]


def test_no_value_fills_memory_with_its_problems() -> None:
    for item, check in (("NaN", "not-finite-number"), ("1" + "0" * 16, "huge-number")):
        value, problems = parse_json(f"[{','.join([item] * 10 * MAX_PROBLEMS)}]", "x.json", 7)
        assert value is None
        assert [problem.check for problem in problems] == [check] * MAX_PROBLEMS
        assert "there may be more" in problems[-1].message
        assert {problem.line for problem in problems} == {7}
    # Nor do many problems in a value that is given twice hide that it is.
    text = f'{{"a": [{",".join(["NaN"] * MAX_PROBLEMS)}], "a": 1}}'
    assert [problem.path for problem in parse_json(text, "x.json")[1]] == ["$.a"]


def test_lone_surrogates_are_found_where_they_are_and_pairs_are_characters() -> None:
    assert parse_json('["\\ud83d\\ude80"]', "x.json") == (["🚀"], [])
    problems = parse_json('{"a": ["\\ud83d\\ude80", "x\\udc00"]}', "x.json")[1]
    assert [(p.check, p.path) for p in problems] == [("lone-surrogate", "$.a[1]")]
    assert str(problems[0]).encode("utf-8")


def test_syntax_errors_name_the_line_and_column() -> None:
    problem = parse_json('{\n "a": 1,\n}', "x.json")[1][0]
    assert (problem.file, problem.line) == ("x.json", 3)
    assert "column 1" in problem.message


def test_bytes_that_are_not_utf8_name_the_line(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes('{"a": "ж"}\n{}\n{"b": "'.encode() + b'\xff"}\n')
    with pytest.raises(InputError) as caught:
        read_jsonl(path)
    assert [(p.check, p.line) for p in caught.value.problems] == [("not-utf8", 3)]
    assert "0xff" in str(caught.value)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
    ],
)
def test_wider_encodings_are_named(tmp_path: Path, encoding: str, name: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes('{"a": "ж"}'.encode(encoding))
    with pytest.raises(InputError, match=rf"\[not-utf8\] is {name}; save it as UTF-8"):
        read_json(path)


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\[unreadable-file\] is a folder; give a file"):
        read_json(tmp_path)


def test_jsonl_problems_name_their_lines_and_the_other_lines_are_still_read(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"a": 1}\r\n\r\n{"a": }\n[NaN]\n{"b": 2}')
    with pytest.raises(InputError) as caught:
        read_jsonl(path)
    assert [(p.check, p.line) for p in caught.value.problems] == [("bad-json", 3), ("not-finite-number", 4)]
    path.write_bytes(b'{"a": 1}\r\n\r\n{"b": 2}')
    assert read_jsonl(path) == [(1, {"a": 1}), (3, {"b": 2})]


def test_one_value_over_several_lines_is_no_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{\n "a": 1\n}\n')
    with pytest.raises(InputError) as caught:
        read_jsonl(path)
    assert [(p.check, p.line) for p in caught.value.problems] == [("bad-json", 1)]
    assert "one value a line" in str(caught.value)
    # An array comes as a whole, for the caller to say what should stand there instead.
    path.write_text('[\n {"a": 1}\n]\n')
    assert read_jsonl(path) == [(1, [{"a": 1}])]


@pytest.mark.parametrize("name", ["missing.json", "", "bad\0name", "long" * 100])
def test_unreadable_files_are_problems(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        read_json(f"{tmp_path}/{name}")
    assert [p.check for p in caught.value.problems] == ["unreadable-file"]


def test_write_atomic_creates_and_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    write_atomic(path, b"one")
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]


def test_write_atomic_keeps_the_mode_and_goes_through_links(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_atomic(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.json"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"unwritable-file.*No space left"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]


@pytest.mark.slow
def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "out.bin"
    code = "import sys; from vostochny.schema.files import write_atomic as w\n"
    code += "n = 0\nwhile True:\n w(sys.argv[1], bytes([n % 256]) * 5_000_000); n += 1\n"
    code += " if n == 2: print(flush=True)"
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(random.uniform(0, 0.02))
            writer.kill()
        data = path.read_bytes()
        assert data == data[:1] * 5_000_000


def test_devices_are_written_not_replaced() -> None:
    write_atomic("/dev/null", b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_missing_folders_are_made(tmp_path: Path) -> None:
    write_atomic(tmp_path / "not" / "yet" / "out.json", b"x")
    assert (tmp_path / "not" / "yet" / "out.json").read_bytes() == b"x"


@pytest.mark.parametrize("place", ["file/out.json", "folder", "nul\0/out.json"])
def test_writing_where_no_file_can_be_is_a_problem(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="unwritable-file"):
        write_atomic(f"{tmp_path}/{place}", b"x")
    assert (tmp_path / "file").read_bytes() == b"old"


def test_a_problem_reads_as_file_path_check_message() -> None:
    problem = Problem("empty-span", "found nothing; mend it", "a.json", None, "$.mentions[3]")
    assert str(problem) == "a.json: $.mentions[3]: [empty-span] found nothing; mend it"
    assert str(problem.at("b.json", 7)) == "a.json:7: $.mentions[3]: [empty-span] found nothing; mend it"
    assert str(Problem("meta", "bad")) == "[meta] bad"


def test_json_paths_quote_odd_keys() -> None:
    assert json_path(("a", 0, "b c", "d")) == "$.a[0]['b c'].d"


def test_shown_values_escape_what_can_not_be_seen_only() -> None:
    assert shown("“Да”,\nhe\x1b said🚀") == "'“Да”,\\nhe\\x1b said🚀'"
    assert shown({"a": [None, True], "b": "“"}) == '{"a": [null, true], "b": "“"}'


@given(st.text() | st.integers() | st.lists(st.text()))
def test_shown_values_fit_on_a_line_and_a_terminal(value: object) -> None:
    out = shown(value)
    assert len(out.splitlines()) == 1
    assert out.isprintable()
    out.encode(sys.getfilesystemencoding() or "utf-8")
