"""The mentions of a JSONL file of layers as columns, for scores that need no documents.

Two readers, one answer. The fast one lets pyarrow parse the file into columns of known types, and gives up at
whatever is odd in the least: then the careful one reads the file line by line and says what is wrong, or that
all is well. What the careful reader refuses the fast one never accepts.

Lines are checked against the schema of predictions, which asks for less than that of layers; beyond it spans
must end after they start, ids must not repeat in a layer, documents not in the file, and a surface text must
be as long as its span. Quotes, marks and claims are passed over. Whether spans lie inside the text and hold
tokens can't be told without the documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj
from numpy.typing import NDArray

from vostochny.schema.errors import InputError, Problem, json_path
from vostochny.schema.files import MAX_INTEGER, read_bytes
from vostochny.schema.labels import ENTITY_TYPES
from vostochny.schema.readers import nothing_found, repeated_document, scan_values
from vostochny.schema.schemas import load_schema, schema_problems

Ints = NDArray[np.int64]

_TYPES = tuple(sorted(ENTITY_TYPES))
_IGNORED = ("quotes", "marks", "claims")
_MENTION = ("id", "start", "end", "text", "type", "entity", "metonym_for")
_LAYER = ("schema_version", "document", "text_sha256", "annotator")
_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in _LAYER),
        (
            "mentions",
            pa.list_(
                pa.struct(
                    [(name, pa.int64() if name in ("start", "end") else pa.string()) for name in _MENTION]
                )
            ),
        ),
    ]
)
_BLOCK = 1 << 20


@dataclass(frozen=True, eq=False)
class MentionColumns:
    """The mentions of layers, a row a mention.

    ``documents`` are the layers' documents in file order, ``digests`` their texts' SHA-256 (None if not
    given),
    ``lines`` where they stand and ``done`` whether they have mentions at all. ``document`` (a place in
    ``documents``), ``start``, ``end`` and ``type`` (a place in ``types``) are int64 arrays ``[n]``.
    """

    documents: tuple[str, ...]
    digests: tuple[str | None, ...]
    lines: tuple[int | None, ...]
    done: NDArray[np.bool_]
    document: Ints
    start: Ints
    end: Ints
    type: Ints
    types: tuple[str, ...] = _TYPES
    file: str | None = None


def read_mentions(path: str | Path) -> MentionColumns:
    """The mentions of a JSONL file (or a JSON file with one layer).

    Raises :class:`~vostochny.schema.errors.InputError` with all problems of the file.
    """
    file = Path(path)
    data = read_bytes(file)
    found = _fast(data) if file.suffix == ".jsonl" else None
    return replace(_careful(file) if found is None else found, file=str(file))


def _fast(data: bytes) -> MentionColumns | None:
    """The columns of a file without any oddity; None for all others."""
    lines = _lines(data)
    table = None if lines is None else _table(data, lines)
    if lines is None or table is None or table.num_rows != len(lines):
        return None
    columns = {name: table[name].chunk(0) for name in _LAYER}
    layers = table["mentions"].chunk(0)
    mentions = layers.flatten()
    columns |= dict(zip(_MENTION, mentions.flatten(), strict=True))
    if mentions.null_count or _explicit_null(data, columns) or not _well_formed(columns):
        return None
    start, end = columns["start"].to_numpy(), columns["end"].to_numpy()
    if len(start) and (start.min() < 0 or end.max() > MAX_INTEGER or (start >= end).any()):
        return None
    sizes = pc.fill_null(pc.list_value_length(layers), 0).to_numpy()
    document = np.repeat(np.arange(len(lines)), sizes)
    lengths = pc.utf8_length(columns["text"])
    if pc.any(pc.not_equal(lengths, pa.array(end - start))).as_py():
        return None
    kinds = _encoded(columns["type"])
    if not set(names := kinds.dictionary.to_pylist()) <= set(_TYPES) or _repeated_ids(
        columns["id"], document
    ):
        return None
    code = np.array([_TYPES.index(name) for name in names], dtype=np.int64)
    return MentionColumns(
        documents=tuple(columns["document"].to_pylist()),
        digests=tuple(columns["text_sha256"].to_pylist()),
        lines=tuple(lines),
        done=np.asarray(layers.is_valid()),
        document=document,
        start=start,
        end=end,
        type=code[kinds.indices.to_numpy()],
    )


def _lines(data: bytes) -> dict[int, int] | None:
    """Numbers and lengths of the lines that are not blank; None if one does not look like an object.

    If all lines start with { and end with }, no value reaches over two lines: within one no { follows a }.
    """
    try:
        if not data.isascii():
            data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    out = {}
    for number, line in enumerate(data.split(b"\n"), 1):
        bare = line.strip(b" \t\r")
        if bare:
            if bare[0] != ord("{") or bare[-1] != ord("}"):
                return None
            out[number] = len(line)
    return out


def _table(data: bytes, lines: Mapping[int, int]) -> pa.Table | None:
    """The file as parsed by pyarrow, which refuses unknown and repeated keys and values of other types."""
    if not lines:
        return None
    try:
        return pj.read_json(
            pa.BufferReader(data),
            read_options=pj.ReadOptions(use_threads=False, block_size=max(_BLOCK, max(lines.values()) + 2)),
            parse_options=pj.ParseOptions(explicit_schema=_SCHEMA, unexpected_field_behavior="error"),
        ).combine_chunks()
    except (pa.ArrowException, OverflowError):
        return None


def _explicit_null(data: bytes, columns: Mapping[str, Any]) -> bool:
    """Whether a property is perhaps null that may be left out, but not be null.

    pyarrow does not tell the two apart. Keys written with escapes would not be counted.
    """
    if any(columns[name].null_count for name in ("document", "start", "end", "type")):
        return True
    if b"null" not in data:
        return False
    if re.search(rb"\\u00[0-7]", data):
        return True
    optional = ("schema_version", "text_sha256", "annotator", "id", "text")
    return any(data.count(b'"%s"' % name.encode()) != _given(columns[name]) for name in optional)


def _given(column: Any) -> int:
    return len(column) - int(column.null_count)


def _well_formed(columns: Mapping[str, Any]) -> bool:
    """Whether strings are as the schema says, and documents differ."""
    schema = load_schema("predictions")
    properties, mention = schema["properties"], schema["$defs"]["mention"]["properties"]
    documents = columns["document"].to_pylist()
    if len(set(documents)) < len(documents) or not _match(documents, properties["document"]["pattern"]):
        return False
    versions = set(_encoded(columns["schema_version"]).dictionary.to_pylist())
    if versions - {properties["schema_version"]["const"]}:
        return False
    return (
        _match(_distinct(columns["text_sha256"]), properties["text_sha256"]["pattern"])
        and _match(_distinct(columns["id"]), mention["id"]["pattern"])
        and all("" not in _distinct(columns[name]) for name in ("entity", "metonym_for"))
    )


def _encoded(column: Any) -> Any:
    return column.dictionary_encode()


def _distinct(column: Any) -> list[str]:
    values: list[str] = _encoded(column).dictionary.to_pylist()
    return values


def _match(values: list[str], pattern: str) -> bool:
    return all(map(re.compile(pattern.removesuffix("$")).fullmatch, values))


def _repeated_ids(ids: Any, document: Ints) -> bool:
    """Whether a layer has an id twice, or only some mentions have one."""
    missing = int(ids.null_count)
    if missing == len(ids):
        return False
    if missing:
        return True
    encoded = _encoded(ids)
    key = document * len(encoded.dictionary) + encoded.indices.to_numpy()
    key.sort(kind="stable")
    return bool((key[1:] == key[:-1]).any())


def _careful(file: Path) -> MentionColumns:
    """The columns of any file that can be used; InputError with all problems of others."""
    values, problems = scan_values(file)
    seen: dict[str, int | None] = {}
    digests: list[str | None] = []
    done: list[bool] = []
    rows: list[tuple[int, int, int, int]] = []
    for line, value in values:
        bare = {k: v for k, v in value.items() if k not in _IGNORED} if isinstance(value, dict) else value
        found = [problem for _, problem in schema_problems("predictions", bare, str(file), line)]
        if not found:
            found += repeated_document(bare["document"], seen, file, line, "$.document")
            found += (
                Problem(check, message, str(file), line, json_path(("mentions", n, *steps)))
                for n, steps, check, message in _mention_problems(bare.get("mentions") or ())
            )
            rows += (
                (len(digests), item["start"], item["end"], _TYPES.index(item["type"]))
                for item in bare.get("mentions") or ()
            )
            seen[bare["document"]] = line
            digests.append(bare.get("text_sha256"))
            done.append(bare.get("mentions") is not None)
        problems += found
    if not values and not problems:
        problems = [nothing_found(file)]
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    document, start, end, code = np.array(rows, dtype=np.int64).reshape(-1, 4).T.copy()
    return MentionColumns(
        tuple(seen),
        tuple(digests),
        tuple(seen.values()),
        np.array(done, dtype=np.bool_),
        document,
        start,
        end,
        code,
    )


def _mention_problems(mentions: Any) -> Iterator[tuple[int, tuple[str, ...], str, str]]:
    """What the schema does not say of mentions: number, place in it, check and message."""
    first: dict[str, int] = {}
    for n, item in enumerate(mentions):
        start, end, text, name = item["start"], item["end"], item.get("text"), item.get("id")
        if start >= end:
            yield (
                n,
                (),
                "empty-span",
                f"found [{start}, {end}), expected an end after the start; mend the offsets",
            )
        elif text is not None and len(text) != end - start:
            message = f"found {len(text)} code points, the span [{start}, {end}) has {end - start}; "
            yield n, ("text",), "text-mismatch", message + "count code points, not bytes or UTF-16 units"
        if name in first:
            message = f"{name!r} is the id of mentions[{first[name]}] as well; give each item its own"
            yield n, ("id",), "duplicate-id", message
        elif name is not None:
            first[name] = n
