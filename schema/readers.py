"""Reading other people's documents, layers and links: validated, or refused with every problem."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import decode, is_file, is_folder, read_bytes, read_json, scan_json, scan_jsonl
from vostochny.schema.jsonio import Json
from vostochny.schema.kinds import kind_of
from vostochny.schema.model import Document, Entity, Layer, Links
from vostochny.schema.values import check_document, check_layer, check_links, check_round

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def json_files(path: Path) -> list[Path]:
    """The file itself, or the JSON and JSONL files under a folder, hidden ones left out."""
    if not is_folder(path):
        return [path]
    found = (p for p in path.rglob("*") if p.suffix in (".json", ".jsonl") and p.is_file())
    return sorted(p for p in found if not any(part.startswith(".") for part in p.relative_to(path).parts))


def scan_values(path: Path) -> tuple[list[tuple[int | None, Any]], list[Problem]]:
    """The values of a JSON file (one, no line) or JSONL file (with lines), and reading problems."""
    if path.suffix == ".jsonl":
        values, problems = scan_jsonl(path)
        return list(values), problems
    value, problems = scan_json(path)
    return ([] if problems else [(None, value)]), problems


def article_text(record: Any, path: Path) -> str | None:
    """The text of a record that does not embed it: ``../articles/ID.txt`` or ``ID.txt`` beside it.

    None if the record embeds its text or there is no such file. Raises :class:`InputError` if the
    file is not UTF-8.
    """
    name = record.get("id") if isinstance(record, dict) and "text" not in record else None
    if not isinstance(name, str) or not _ID.fullmatch(name):
        return None
    for folder in (path.parent.parent / "articles", path.parent):
        file = folder / f"{name}.txt"
        if is_file(file):
            return decode(read_bytes(file), str(file))
    return None


def load_document(value: Any, path: Path, line: int | None) -> tuple[Document | None, list[Problem]]:
    """A document from its record in a file, with its text from where it stands."""
    try:
        text = article_text(value, path)
    except InputError as error:
        return None, list(error.problems)
    return check_document(value, text, file=str(path), line=line)


def _values(path: str | Path, kind: str, problems: list[Problem]) -> Iterator[tuple[Path, int | None, Any]]:
    """The values of one kind under a path; in a folder, others are passed over."""
    root = Path(path)
    single = not is_folder(root)
    for file in json_files(root):
        values, found = scan_values(file)
        problems += found
        for line, value in values:
            if single or kind_of(value) == kind:
                yield file, line, value


def read_documents(path: str | Path) -> dict[str, Document]:
    """Documents by id from a JSONL file, a record, or a folder of records.

    Texts are embedded or stand in ``articles/ID.txt``. Raises :class:`InputError` with all problems.
    """
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    for file, line, value in _values(path, "document", problems):
        document, found = load_document(value, file, line)
        problems += found
        if document is not None:
            problems += repeated_document(document.id, documents, file, line, "$.id")
            documents[document.id] = document
    _refuse(problems, path, documents)
    return documents


def read_layers(
    path: str | Path, documents: Mapping[str, Document], entities: Mapping[str, Entity] | None = None
) -> dict[str, Layer]:
    """Complete layers, such as gold, by document from a JSONL file, a JSON file, or a folder of these.

    Raises :class:`InputError` with all problems; ``entities`` None leaves registry ids unchecked.
    """
    problems: list[Problem] = []
    layers: dict[str, Layer] = {}
    for file, line, value in _values(path, "layer", problems):
        layer, found = check_layer(value, documents, entities, file=str(file), line=line)
        problems += found
        if layer is not None:
            problems += repeated_document(layer.document, layers, file, line, "$.document")
            layers[layer.document] = layer
    _refuse(problems, path, layers)
    return layers


def read_layer(
    path: str | Path, documents: Mapping[str, Document], entities: Mapping[str, Entity] | None = None
) -> Layer:
    """The complete layer (no prediction) of one JSON file.

    Raises :class:`InputError` with all problems; ``entities`` None leaves registry ids unchecked.
    """
    layer, problems = check_layer(read_json(path), documents, entities, file=str(path))
    if layer is None or problems:
        raise InputError(problems)
    return layer


def read_links(
    path: str | Path,
    documents: Mapping[str, Document] | None = None,
    layers: Mapping[str, Layer] | None = None,
) -> Links:
    """A links file, which may refer only to the ``documents``, and to items of the ``layers``, if given.

    Raises :class:`InputError` with all problems.
    """
    links, problems = check_links(read_json(path), documents, layers, file=str(path))
    if links is None or problems:
        raise InputError(problems)
    return links


def read_round(path: str | Path) -> Json:
    """A round's manifest, the value of its ``round.json``. Raises :class:`InputError` with all problems."""
    value: Json = read_json(path)
    if problems := check_round(value, file=str(path)):
        raise InputError(problems)
    return value


def repeated_document(
    name: str, seen: Mapping[str, object], file: Path, line: int | None, path: str
) -> list[Problem]:
    """A problem if a document was there before."""
    if name not in seen:
        return []
    message = f"there is one for document {name!r} before; keep one"
    return [Problem("duplicate-document", message, str(file), line, path)]


def _refuse(problems: list[Problem], path: str | Path, found: Mapping[str, object]) -> None:
    if not problems and not found:
        problems = [nothing_found(path)]
    if problems:
        raise InputError(problems)


def nothing_found(path: str | Path) -> Problem:
    """The problem of a path that holds nothing to read."""
    return Problem("nothing-found", "holds no JSON value; give a file or folder with some", str(path))
