"""The corpus as a Hugging Face data set: Parquet files, their card, and the way back to layers and links.

The files are plain Parquet: no ``huggingface``, pandas or Arrow metadata is embedded, which is what loads
on ``datasets`` 3.6 and 5.2 alike; the columns' types stand in the card (see
:mod:`vostochny.annotations.hf_card`).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vostochny.annotations.hf_card import data_file, front_matter, replace_front_matter
from vostochny.annotations.hf_links import LINK_SCHEMAS, build_link_tables, links_from_rows
from vostochny.annotations.hf_pairs import PAIR_SCHEMAS, build_pair_tables
from vostochny.annotations.hf_tables import TABLE_SCHEMAS, Row, build_tables
from vostochny.schema.errors import InputError, Problem, shown
from vostochny.schema.files import decode, read_bytes, write_atomic
from vostochny.schema.model import Claim, Document, Layer, Links, Mark, Mention, Quote, Span

CARD = "README.md"

SCHEMAS: dict[str, pa.Schema] = {**TABLE_SCHEMAS, **LINK_SCHEMAS, **PAIR_SCHEMAS}
"""The columns of every configuration: layers, then links in cluster form and in pair form."""

_REMEDY = "run 'vostochny export hf'"


def all_tables(
    documents: Mapping[str, Document], gold: Mapping[str, Layer], links: Links
) -> dict[str, pa.Table]:
    """The table of each configuration, with the columns of :data:`SCHEMAS`.

    Raises :class:`InputError` where :func:`build_tables`, :func:`build_link_tables` or
    :func:`build_pair_tables` do.
    """
    tables = build_tables(documents, gold, links)
    tables |= build_link_tables(tables, documents, gold, links)
    return tables | build_pair_tables(tables, gold, links)


def export(
    out_dir: Path, documents: Mapping[str, Document], gold: Mapping[str, Layer], links: Links
) -> list[Path]:
    """Write ``data/<config>/test-00000-of-00001.parquet`` and the front matter of ``README.md``.

    Returns the files written. The rest of an existing README stays as it is; the card comes last, so that
    a digest never names rows that are not there yet. A configuration without rows gets its file, but is
    left out of the card. The same input gives the same bytes under one version of pyarrow.

    Raises :class:`InputError`, before anything is written, where :func:`all_tables` or
    :func:`replace_front_matter` do.
    """
    tables = all_tables(documents, gold, links)
    contents = {out_dir / data_file(name): _parquet(table) for name, table in tables.items()}
    card = out_dir / CARD
    contents[card] = replace_front_matter(_read_card(card), front_matter(tables), str(card)).encode("utf-8")
    for path, content in contents.items():
        _make_folder(path.parent)
        write_atomic(path, content)
    return list(contents)


def check_export(
    out_dir: Path, documents: Mapping[str, Document], gold: Mapping[str, Layer], links: Links
) -> list[Problem]:
    """How the files under ``out_dir`` differ from what :func:`export` would write; empty if they do not.

    Parquet files are compared by columns and rows, not by bytes, so that another version of pyarrow is no
    difference. Raises :class:`InputError` where :func:`export` does.
    """
    problems: list[Problem] = []
    tables = all_tables(documents, gold, links)
    for name, expected in tables.items():
        path = out_dir / data_file(name)
        try:
            found = _read_table(path)
        except InputError as error:
            problems += error.problems
            continue
        difference = _difference(found, expected)
        if difference is not None:
            where, message = difference
            problems.append(Problem("stale-export", f"{message}; {_REMEDY}", str(path), path=where))
    card = out_dir / CARD
    readme = _read_card(card)
    if readme != replace_front_matter(readme, front_matter(tables), str(card)):
        message = f"found a front matter that does not match the gold, expected the exported one; {_REMEDY}"
        problems.append(Problem("stale-card", message, str(card), line=1))
    return problems


def layers_from_parquet(directory: Path) -> dict[str, Layer]:
    """The layers that :func:`export` wrote under ``directory``, by document id.

    They equal the exported ones, except that each span has its surface text and each layer its text's
    checksum even where the original left them out. Documents that had no layer have none.

    Raises :class:`InputError` where a file is missing, unreadable or has other columns.
    """
    rows = _read_rows(directory, TABLE_SCHEMAS)
    layers = {}
    for document in rows["documents"]:
        if document["annotator"] is None:
            continue
        own = {
            name: [row for row in rows[name] if row["document"] == document["id"]]
            for name in ("mentions", "quotes", "claims")
        }
        marks = document["marks"]
        layers[document["id"]] = Layer(
            document=document["id"],
            annotator=document["annotator"],
            mentions=None
            if document["mention_count"] is None
            else tuple(
                Mention(m["id"], m["start"], m["end"], m["text"], m["type"], m["entity"], m["metonym_for"])
                for m in own["mentions"]
            ),
            quotes=None if document["quote_count"] is None else tuple(map(_quote, own["quotes"])),
            marks=None
            if marks is None
            else tuple(Mark(m["id"], m["start"], m["end"], m["text"], m["role"]) for m in marks),
            claims=None if document["claim_count"] is None else tuple(map(_claim, own["claims"])),
            text_sha256=document["text_sha256"],
            schema_version=document["schema_version"],
        )
    return layers


def links_from_parquet(directory: Path) -> Links:
    """The links that :func:`export` wrote under ``directory``, as they were.

    They come from the configurations in cluster form; the pairs hold nothing else.

    Raises :class:`InputError` where a file is missing, unreadable or has other columns.
    """
    return links_from_rows(_read_rows(directory, LINK_SCHEMAS))


def _quote(row: Mapping[str, Any]) -> Quote:
    return Quote(
        id=row["id"],
        content=_spans(row["content"]),
        verbatim=None if row["verbatim"] is None else _spans(row["verbatim"]),
        source=None if row["source"] is None else Span(**row["source"]),
        cue=_spans(row["cue"]),
        speaker=row["speaker"],
        within=row["within"],
        medium=row["medium"],
        polarity=row["polarity"],
        status=row["status"],
    )


def _claim(row: Mapping[str, Any]) -> Claim:
    return Claim(
        id=row["id"],
        spans=_spans(row["spans"]),
        voice=row["voice"],
        claimer=row["claimer"],
        quote=row["quote"],
        type=row["type"],
        polarity=row["polarity"],
        certainty=row["certainty"],
        proposition=row["proposition"],
    )


def _spans(rows: Iterable[Mapping[str, Any]]) -> tuple[Span, ...]:
    return tuple(Span(**row) for row in rows)


def _parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="snappy", store_schema=False)
    return sink.getvalue()


def _read_table(path: Path) -> pa.Table:
    try:
        # Not pq.read_table: its threads at times abort the interpreter when it ends (pyarrow 26: "terminate
        # called without an active exception").
        return pq.ParquetFile(pa.BufferReader(read_bytes(path))).read(use_threads=False)
    except pa.ArrowException as error:
        message = f"found no Parquet file ({shown(str(error))}), expected an exported table; {_REMEDY}"
        raise InputError.of("not-parquet", message, file=str(path)) from None


def _read_rows(directory: Path, schemas: Mapping[str, pa.Schema]) -> dict[str, list[Row]]:
    rows = {}
    for name, schema in schemas.items():
        path = directory / data_file(name)
        table = _read_table(path)
        if not table.schema.equals(schema):
            message = f"found the columns {table.schema.names}, expected {schema.names}; {_REMEDY}"
            raise InputError.of("stale-export", message, file=str(path))
        rows[name] = table.to_pylist()
    return rows


def _read_card(path: Path) -> str:
    return decode(read_bytes(path), str(path)) if path.exists() else ""


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"can't be made a folder ({error.strerror}); name a writable folder"
        raise InputError.of("unwritable-file", message, file=str(path)) from None


def _difference(found: pa.Table, expected: pa.Table) -> tuple[str, str] | None:
    """The first difference between two tables: its path and what it is."""
    if not found.schema.equals(expected.schema):
        return "$", f"found the columns {found.schema.names}, expected {expected.schema.names}"
    if found.equals(expected):
        return None
    for number, (old, new) in enumerate(zip(found.to_pylist(), expected.to_pylist(), strict=False)):
        for column in expected.schema.names:
            if old[column] != new[column]:
                return f"$[{number}].{column}", f"found {shown(old[column])}, expected {shown(new[column])}"
    if found.num_rows != expected.num_rows:
        return "$", f"found {found.num_rows} rows, expected {expected.num_rows}"
    return None
