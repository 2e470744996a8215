"""Validating files of all kinds together: each by itself, then against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vostochny.schema.errors import Problem, shown
from vostochny.schema.model import Document, Entity, Layer, Links
from vostochny.schema.readers import json_files, load_document, nothing_found, repeated_document, scan_values
from vostochny.schema.values import check_layer, check_links, check_round, kind_of

AS_KINDS = ("document", "layer", "links", "round", "predictions")
"""What a file may be taken for; by itself, a layer in a JSONL file is taken for a prediction."""


@dataclass(frozen=True, slots=True)
class Value:
    """A JSON value of a file: its line in a JSONL file, and what it is taken for."""

    file: Path
    line: int | None
    kind: str
    value: Any


@dataclass(slots=True)
class Validation:
    """What was validated and what is wrong with it.

    ``checked`` counts the values by kind; ``skipped`` are the files of folders that hold something
    else, such as a log.
    """

    problems: list[Problem] = field(default_factory=list)
    checked: Counter[str] = field(default_factory=Counter)
    skipped: list[Path] = field(default_factory=list)


def validate_paths(
    paths: Sequence[Path],
    documents: Mapping[str, Document],
    entities: Mapping[str, Entity] | None = None,
    kind: str | None = None,
) -> Validation:
    """Validate files and folders together and report every problem.

    Documents and links among the paths come before the ``documents`` and ``entities`` given.
    ``kind``, one of :data:`AS_KINDS`, says what all values are, instead of their looks.
    """
    result = Validation()
    values = [value for path in paths for value in _collect(path, kind, result)]
    result.checked.update(value.kind for value in values)
    known = {**documents, **_documents(values, result)}
    registry = _entities(values)
    layers = _layers(values, known, entities if registry is None else registry, result)
    _rest(values, known, layers, result)
    order = {str(value.file): number for number, value in enumerate(values)}
    result.problems.sort(key=lambda p: (order.get(p.file or "", -1), p.line or 0))
    return result


def _collect(path: Path, kind: str | None, result: Validation) -> list[Value]:
    out: list[Value] = []
    files = json_files(path)
    if not files:
        result.problems.append(nothing_found(path))
    for file in files:
        values, problems = scan_values(file)
        result.problems += problems
        if not values and not problems:
            result.problems.append(nothing_found(file))
        for line, value in values:
            taken = kind or kind_of(value)
            if taken == "layer" and kind is None and line is not None:
                taken = "predictions"
            if taken is not None:
                out.append(Value(file, line, taken, value))
            elif path.is_dir():
                result.skipped += [file] if file not in result.skipped else []
            else:
                message = f"found {shown(value)}, expected a document, layer, links or round; see --as"
                result.problems.append(Problem("unknown-kind", message, str(file), line, "$"))
    return out


def _documents(values: Iterable[Value], result: Validation) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    for each in values:
        if each.kind == "document":
            document, problems = load_document(each.value, each.file, each.line)
            result.problems += problems
            if document is not None:
                result.problems += repeated_document(document.id, documents, each.file, each.line, "$.id")
                documents[document.id] = document
    return documents


def _entities(values: Iterable[Value]) -> dict[str, Entity] | None:
    """The registry among the values; None without one that passes its schema."""
    checked = [check_links(each.value)[0] for each in values if each.kind == "links"]
    found = [links for links in checked if links is not None]
    return {entity.id: entity for links in found for entity in links.entities} if found else None


def _layers(
    values: Iterable[Value],
    documents: Mapping[str, Document],
    entities: Mapping[str, Entity] | None,
    result: Validation,
) -> dict[str, Layer]:
    """Check all layers; the complete ones are returned by document."""
    complete: dict[str, Layer] = {}
    seen: dict[tuple[Path, str], dict[str, bool]] = {}
    for each in values:
        if each.kind not in ("layer", "predictions"):
            continue
        prediction = each.kind == "predictions"
        layer, problems = check_layer(
            each.value, documents, entities, prediction=prediction, file=str(each.file), line=each.line
        )
        result.problems += problems
        if layer is None:
            continue
        # One annotator says one thing of a document in one file or folder; others may say more.
        home = (each.file if each.line else each.file.parent, "" if prediction else layer.annotator)
        before = seen.setdefault(home, {})
        result.problems += repeated_document(layer.document, before, each.file, each.line, "$.document")
        before[layer.document] = True
        if not prediction:
            complete[layer.document] = layer
    return complete


def _rest(
    values: Iterable[Value],
    documents: Mapping[str, Document],
    layers: Mapping[str, Layer],
    result: Validation,
) -> None:
    for each in values:
        file = str(each.file)
        if each.kind == "round":
            result.problems += check_round(each.value, documents, file=file, line=each.line)
        elif each.kind == "links":
            links, problems = check_links(each.value, documents, layers, file=file, line=each.line)
            result.problems += problems
            if links is not None and documents.keys() <= layers.keys():
                result.problems += _unused(links, layers, file, each.line)


def _unused(links: Links, layers: Mapping[str, Layer], file: str, line: int | None) -> Iterable[Problem]:
    """The registry entries that nothing refers to; known only once every document has its layer."""
    used = {item.get("speaker") for item in links.utterances or ()}
    for layer in layers.values():
        used |= {name for m in layer.mentions or () for name in (m.entity, m.metonym_for)}
        used |= {quote.speaker for quote in layer.quotes or ()}
        used |= {claim.claimer for claim in layer.claims or ()}
    for number, entity in enumerate(links.entities):
        if entity.id not in used:
            message = f"{entity.id!r} is used by no layer; remove it, or annotate what it is for"
            yield Problem("unused-registry-entry", message, file, line, f"$.entities[{number}]")
