r"""Reading JSON and JSONL that may be broken, and writing files that never are.

Readers refuse what other programs would read differently: bytes that are not UTF-8, a byte order
mark, duplicate keys, ``NaN``, integers that a double can't hold, lone surrogates, extreme nesting.
``\r\n`` between JSON values is white space, as JSON says. Every refusal is a
:class:`~vostochny.schema.errors.Problem`, never a traceback.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import math
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from vostochny.schema.errors import InputError, Problem, json_path, shown

MAX_DEPTH = 100
"""Deepest nesting of arrays and objects that is read (our own files need 6)."""

MAX_INTEGER = 2**53 - 1
"""Largest integer that every JSON reader keeps exact (RFC 8259, section 6)."""

MAX_PROBLEMS = 100
"""Most problems that are told of reading one JSON value: more would only fill memory and screen."""

# Possessive, so that no string, however long or without an end, is gone through twice.
_NO_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^"\[\]{}]++', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_CUT = len("-9007199254740991")


@dataclass(frozen=True, slots=True)
class _Fault:
    """What stands in a value in the place of something that can't be read, until the place has its path."""

    check: str
    message: str


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; one that can't be looked at (name too long, no permission) is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Whether a path is a file; one that can't be looked at (name too long, no permission) is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def read_bytes(path: str | Path) -> bytes:
    """A file's bytes; raises :class:`InputError` (``unreadable-file``) if it can't be read."""
    try:
        return Path(path).read_bytes()
    except IsADirectoryError:
        raise InputError.of("unreadable-file", "is a folder; give a file", file=str(path)) from None
    except (OSError, ValueError) as error:
        message = f"can't be read ({_reason(error)}); give an existing file"
        raise InputError.of("unreadable-file", message, file=str(path)) from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def decode(data: bytes, file: str) -> str:
    """UTF-8 bytes as text, line ends untouched; raises :class:`InputError` otherwise."""
    if data.startswith(codecs.BOM_UTF8):
        message = "starts with a byte order mark; save it as UTF-8 without one"
        raise InputError.of("byte-order-mark", message, file=file, line=1)
    if other := _other_encoding(data):
        raise InputError.of("not-utf8", f"is {other}; save it as UTF-8", file=file, line=1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = data[error.start : error.start + 1].hex()
        message = f"byte 0x{found} at offset {error.start} is not UTF-8; save the file as UTF-8"
        raise InputError.of("not-utf8", message, file=file, line=line) from None


def _other_encoding(data: bytes) -> str | None:
    """The wider encoding that a byte order mark or the zeros between ASCII characters give away."""
    for marks, name in (
        ((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), "UTF-32"),
        ((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "UTF-16"),
    ):
        if data.startswith(marks):
            return name
    start = data[:8]
    halves = start[::2], start[1::2]
    alternate = len(start) >= 4 and any(not any(a) and all(b) for a, b in (halves, halves[::-1]))
    return "UTF-16" if alternate else None


def parse_json(text: str, file: str, line: int | None = None) -> tuple[Any, list[Problem]]:
    """A JSON text's value and what is wrong with it; the value is None if it can't be read.

    ``line`` is the text's own line in a JSONL file; without it, syntax errors name the line within
    the text. Everything else is told by its path. At most :data:`MAX_PROBLEMS` are told, and the last
    says so. Time and memory are proportional to the text's length, whatever it holds.
    """
    faults: list[_Fault] = []

    def fault(check: str, message: str) -> _Fault:
        # One stands for all that won't be told, so that they take no memory.
        if len(faults) < MAX_PROBLEMS:
            faults.append(_Fault(check, message))
        return faults[-1]

    def integer(digits: str) -> int | _Fault:
        if len(digits) <= _CUT and abs(int(digits)) <= MAX_INTEGER:
            return int(digits)
        message = f"found the integer {shown(digits)}; none may exceed 2^53 - 1; mend it"
        return fault("huge-number", message)

    def real(digits: str) -> float | _Fault:
        value = float(digits)
        if math.isfinite(value):
            return value
        message = f"found {shown(digits)}, beyond a double's range; mend it or use null"
        return fault("not-finite-number", message)

    def constant(name: str) -> _Fault:
        return fault("not-finite-number", f"found {name}, which JSON has not; use null or a number")

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in items:
            again = key in out
            out[key] = value
            if again:
                message = f"the key {shown(key)} stands twice in one object; keep one"
                out[key] = fault("duplicate-key", message)
        return out

    if _too_deep(text):
        message = f"nested deeper than {MAX_DEPTH} levels; flatten it"
        return None, [Problem("deep-nesting", message, file, line)]
    try:
        value = json.loads(
            text, parse_int=integer, parse_float=real, parse_constant=constant, object_pairs_hook=pairs
        )
    except json.JSONDecodeError as error:
        at = error.lineno if line is None else line
        message = f"not JSON at column {error.colno}: {error.msg}; mend the syntax"
        return None, [Problem("bad-json", message, file, at)]
    if not faults and not _SURROGATE_ESCAPE.search(text):
        return value, []
    found = [
        Problem(each.check, each.message, file, line, json_path(steps))
        for steps, each in islice(_faults(value), MAX_PROBLEMS)
    ]
    if len(found) == MAX_PROBLEMS:
        message = f"{found[-1].message}; there may be more than these {MAX_PROBLEMS} problems"
        found[-1] = replace(found[-1], message=message)
    return (None if found else value), found


def _too_deep(text: str) -> bool:
    depth = 0
    for bracket in _NO_BRACKETS.sub("", text):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _faults(value: Any, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], _Fault]]:
    """The faults in a value, lone surrogates among them, with their places."""
    if isinstance(value, _Fault):
        yield steps, value
    elif isinstance(value, str):
        if found := _SURROGATE.search(value):
            name = f"U+{ord(found[0]):04X}"
            message = f"the lone surrogate {name} is no character; write a pair of escapes or the character"
            yield steps, _Fault("lone-surrogate", message)
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from _faults(item, (*steps, n))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _faults(key, steps)
            yield from _faults(item, (*steps, key))


def scan_json(path: str | Path) -> tuple[Any, list[Problem]]:
    """A JSON file's value and all problems with reading it."""
    file = str(path)
    try:
        text = decode(read_bytes(path), file)
    except InputError as error:
        return None, list(error.problems)
    return parse_json(text, file)


def read_json(path: str | Path) -> Any:
    """A JSON file's value; raises :class:`InputError` with all problems."""
    value, problems = scan_json(path)
    if problems:
        raise InputError(problems)
    return value


def scan_jsonl(path: str | Path) -> tuple[list[tuple[int, Any]], list[Problem]]:
    """The values of a JSONL file with their line numbers, and the problems of the other lines.

    Blank lines are skipped. Only a line feed ends a line: U+2028 may stand inside a JSON string. One
    array over several lines is given as the value of line 1, for the caller to refuse as a whole.
    """
    file = str(path)
    try:
        text = decode(read_bytes(path), file)
    except InputError as error:
        return [], list(error.problems)
    values: list[tuple[int, Any]] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip(" \t\r"):
            value, found = parse_json(line, file, number)
            problems += found
            if not found:
                values.append((number, value))
    if any(problem.check == "bad-json" for problem in problems):
        whole, found = parse_json(text, file)
        if not found and isinstance(whole, list):
            return [(1, whole)], []
        if not found:
            message = "is one JSON value over several lines; JSONL: one value a line; join the lines"
            return [], [Problem("bad-json", message, file, 1)]
    return values, problems


def read_jsonl(path: str | Path) -> list[tuple[int, Any]]:
    """The values of a JSONL file with their line numbers; raises :class:`InputError`."""
    values, problems = scan_jsonl(path)
    if problems:
        raise InputError(problems)
    return values


def dump_json(value: Any) -> bytes:
    """A value as an indented JSON file; the same value always gives the same bytes."""
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")


def dump_jsonl(values: Iterable[Any]) -> bytes:
    """Values as a JSONL file, one a line; the same values always give the same bytes."""
    lines = (json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n" for value in values)
    return "".join(lines).encode("utf-8")


def write_atomic(path: str | Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, sees either the old or the new one whole.

    The bytes go to a temporary file in the same folder, are synced and renamed over ``path`` (over
    its target if it is a link). Missing folders are made. Devices and pipes are written directly.
    Raises :class:`InputError` (``unwritable-file``) if that is impossible.
    """
    try:
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, data)
    except (OSError, ValueError) as error:
        message = f"can't be written ({_reason(error)}); give a path in a writable folder"
        raise InputError.of("unwritable-file", message, file=str(path)) from None


def write_changed(path: Path, data: bytes) -> bool:
    """Write a file by :func:`write_atomic` unless it holds these bytes already; whether it was written."""
    if path.is_file() and read_bytes(path) == data:
        return False
    write_atomic(path, data)
    return True


def _write(path: Path, data: bytes) -> None:
    mode = path.stat().st_mode if path.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        path.write_bytes(data)
        return
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask())
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _umask() -> int:
    # The mask can only be read by setting it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
