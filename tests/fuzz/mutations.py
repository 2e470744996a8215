"""Changing an input as those go wrong that people and programs write, and as those do that mean harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any

Steps = tuple[Any, ...]

RAW = "\ue000raw:"
"""Begins a string that is written as it stands, without quotation marks: what ``json.dumps`` can't write."""


def mutate(data: bytes, seed: int) -> bytes:
    """The input with one change; the same seed always makes the same one."""
    random = Random(seed)
    if random.random() < 0.6 and (changed := _in_json(data, random)) is not None:
        return changed
    return random.choice(_BYTES)(data, random)


def _in_json(data: bytes, random: Random) -> bytes | None:
    """A change inside one JSON value; None if there is none that can be read."""
    lines = data.split(b"\n")
    number = random.randrange(len(lines))
    try:
        value = json.loads(data)
        lines, number = [b""], 0
    except (ValueError, RecursionError):
        try:
            value = json.loads(lines[number])
        except (ValueError, RecursionError):
            return None
    try:
        text = json.dumps(_changed(value, random), ensure_ascii=random.random() < 0.3)
    except (ValueError, RecursionError):
        return None
    return b"\n".join([*lines[:number], _unquoted(text), *lines[number + 1 :]])


def _unquoted(text: str) -> bytes:
    """The text with its raw pieces; a lone surrogate that is not escaped gives bytes that are not UTF-8."""
    text = text.replace(json.dumps(RAW)[1:-1], RAW)
    head, *rest = text.split(f'"{RAW}')
    parts = [piece.partition('"') for piece in rest]
    return (head + "".join(raw + after for raw, _, after in parts)).encode("utf-8", "surrogatepass")


def _places(value: Any, steps: Steps = ()) -> list[Steps]:
    found = [steps]
    if isinstance(value, list | dict):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            found += _places(item, (*steps, key))
    return found


def _at(value: Any, steps: Steps) -> Any:
    for step in steps:
        value = value[step]
    return value


def _changed(value: Any, random: Random) -> Any:
    """The value with one of its places changed."""
    places = _places(value)
    steps = random.choice(places)
    here = _at(value, steps)
    new: Any
    match random.randrange(9):
        case 0:
            new = random.choice(_ODD)(random)
        case 1:
            new = _at(value, random.choice(places))
        case 2 if steps:
            del _at(value, steps[:-1])[steps[-1]]
            return value
        case 3 if isinstance(here, list) and here:
            new = [*here, *[random.choice(here)] * random.choice([1, 1, 2, 200])]
        case 4 if isinstance(here, dict):
            new = {**here, random.choice(_KEYS): random.choice(_ODD)(random)}
        case 5 if isinstance(here, int):
            new = here + random.choice([-1, 1, 10, -here, 2**31, 2**53, 2**63, 2**64])
        case 6 if isinstance(here, str):
            new = random.choice(_TEXTS)(here)
        case 7 if isinstance(here, list):
            new = random.sample(here, len(here))
        case _:
            new = random.choice([[here], {"x": here}, None, [], {}, "", 0, True])
    if not steps:
        return new
    _at(value, steps[:-1])[steps[-1]] = new
    return value


_ODD: list[Callable[[Random], Any]] = [
    lambda random: (
        RAW + random.choice(["NaN", "Infinity", "-Infinity", "-0", "1.0", "1E400", "1e-400", "01", "+1"])
    ),
    lambda random: RAW + random.choice(["", "-"]) + "9" * random.choice([16, 19, 20, 400, 5_000, 100_000]),
    lambda random: RAW + "1e" + "9" * random.choice([3, 20, 5_000]),
    lambda random: RAW + "0." + "3" * random.choice([20, 5_000, 100_000]),
    lambda random: RAW + "[" * (depth := random.choice([1, 98, 101, 1_000, 100_000])) + "]" * depth,
    lambda random: RAW + "[" * random.choice([1, 101, 100_000]),
    lambda random: "a" * random.choice([256, 5_000, 100_000]),
    lambda random: "a-" * random.choice([100, 5_000]) + "a",
    lambda random: random.choice(
        ["\ud800", "\udfff\ud83d", "\x00", "\u2028", "\ufeff", "\x1b[31m", "é", "🚀"]
    ),
    lambda random: random.choice(
        [None, True, False, 0, -1, 1, 1.5, "", [], {}, [[]], [{}], "author", "unnamed"]
    ),
    lambda random: [random.choice([0, None, {}, "", "x"])] * random.choice([1, 300, 3_000]),
]
"""Values that stand where nobody expects them."""

_KEYS = [
    "",
    "id",
    "text",
    "start",
    "within",
    "entity",
    "mentions",
    "__class__",
    "a.b",
    "\n",
    "\ud800",
    "é",
    "x" * 300,
]

_TEXTS: list[Callable[[str], str]] = [
    str.upper,
    lambda text: text + " ",
    lambda text: text + "\n",
    lambda text: text[:-1],
    lambda text: text[::-1],
    lambda text: text * 300,
    lambda text: "\ud83d" + text,
    lambda text: text.replace("e", "\u0435"),
    lambda text: f"../{text}",
]


def _slice(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice([1, 1, 2, 5, 20, 500]))


def _insert(data: bytes, random: Random) -> bytes:
    at, _ = _slice(data, random)
    return data[:at] + random.choice(_PIECES) + data[at:]


def _delete(data: bytes, random: Random) -> bytes:
    start, end = _slice(data, random)
    return data[:start] + data[end:]


def _repeat(data: bytes, random: Random) -> bytes:
    start, end = _slice(data, random)
    return data[:end] + data[start:end] * random.choice([1, 2, 100]) + data[end:]


def _replace(data: bytes, random: Random) -> bytes:
    start, end = _slice(data, random)
    return data[:start] + random.randbytes(end - start) + data[end:]


def _lines(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\n")
    here, there = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randrange(5):
        case 0:
            del lines[here]
        case 1:
            lines.insert(there, lines[here])
        case 2:
            lines[here], lines[there] = lines[there], lines[here]
        case 3:
            lines[here] = b" ".join(reversed(lines[here].split()))
        case _:
            lines[here] += random.choice(
                [b" I-ORG", b" B-", b" O", b"\t", b" X-ORG", b"\r", b"\n", b"\xc2\xa0x"]
            )
    return b"\n".join(lines)


_PIECES = [
    b"\x00",
    b"\r",
    b"\n",
    b'"',
    b"\\",
    b"\\ud800",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b"[" * 100_000,
    b'{"a":' * 1_000,
    b'\\"' * 50_000,
    b'"' * 50_000,
    b'"a":1,"a":2,',
    b"NaN",
    b"-DOCSTART-\n",
    b"\n\n",
]

_BYTES: list[Callable[[bytes, Random], bytes]] = [
    _insert,
    _delete,
    _repeat,
    _replace,
    _lines,
    _lines,
    lambda data, random: data[: random.randrange(len(data) + 1)],
    lambda data, random: data.replace(b"\n", b"\r\n"),
    lambda data, random: data.replace(b"\n", b"\r"),
    lambda data, random: b"\xef\xbb\xbf" + data,
    lambda data, random: data.decode("utf-8", "replace").encode(
        random.choice(["utf-16", "utf-32", "utf-16-le"])
    ),
    lambda data, random: data + data,
]
"""Changes of bytes, whatever they mean."""
