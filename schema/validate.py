"""Validating files of all kinds together: each by itself, then against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from vostochny.schema.audit_checks import audit_problems, reference_problems, result_problems
from vostochny.schema.errors import Problem, shown
from vostochny.schema.jsonio import Json
from vostochny.schema.kinds import AUDIT_KINDS, KINDS, kind_of
from vostochny.schema.link_log_checks import LINK_LOGS
from vostochny.schema.model import Document, Entity, Layer
from vostochny.schema.readers import (
    json_files,
    load_document,
    nothing_found,
    read_documents,
    read_links,
    repeated_document,
    scan_values,
)
from vostochny.schema.registry_checks import (
    corpus_of,
    missing_registries,
    named_entities,
    unused_entries,
)
from vostochny.schema.round_checks import (
    RoundLayer,
    RoundLinks,
    in_round,
    layer_problems,
    linked_layers,
    links_problems,
    manifest_problems,
    provenance_problems,
    reading_problems,
    studio_part,
)
from vostochny.schema.schemas import ONE_A_LINE, schema_problems
from vostochny.schema.values import (
    check_adjudication,
    check_history,
    check_layer,
    check_link_log,
    check_links,
    check_plain,
    check_round,
    check_waiver,
)

AS_KINDS = KINDS
"""What a file may be taken for; by itself, a layer in a JSONL file is taken for a prediction."""


@dataclass(frozen=True, slots=True)
class Value:
    """A JSON value of a file: its line in a JSONL file, and what it is taken for.

    ``guessed`` says that only its looks tell the kind.
    """

    file: Path
    line: int | None
    kind: str
    value: Any
    guessed: bool


@dataclass(slots=True)
class Validation:
    """What was validated and what is wrong with it.

    ``checked`` counts the values by kind; ``skipped`` are the files of folders that hold something
    else; ``remarks`` say what could not be checked.
    """

    problems: list[Problem] = field(default_factory=list)
    checked: Counter[str] = field(default_factory=Counter)
    skipped: list[Path] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def validate_paths(
    paths: Sequence[Path],
    documents: Mapping[str, Document],
    entities: Mapping[str, Entity] | None = None,
    kind: str | None = None,
    home: Path | None = None,
) -> Validation:
    """Validate files and folders together and report every problem.

    Documents and links among the paths come before the ``documents`` and ``entities`` given. Where
    there are no documents at all, those of the corpus folder ``home`` are meant, and its registry if
    there is no other. Layers in a round's folder are checked without a registry, for they name
    entities in their annotators' own words; those that a round was prefilled with, as predictions. Links
    there are no registry; while their round is open, their items are looked up in the gold layers among
    the paths. Label Studio's own exports are passed over. ``kind``, one of :data:`AS_KINDS`, says what all
    values are, instead of their looks. Raises :class:`~vostochny.schema.errors.InputError` if ``home`` is
    needed and can't be read.
    """
    result = Validation()
    values = [value for path in paths for value in _collect(path, kind, result)]
    result.checked.update(value.kind for value in values)
    own = any(each.kind == "document" for each in values) or any((p / "documents").is_dir() for p in paths)
    linked = any(_is_registry(each) for each in values)
    if home is not None and values and not own and not documents:
        documents = read_documents(home / "documents")
        registry = home / "gold" / "links.json"
        if not linked and entities is None and registry.is_file():
            entities = {entity.id: entity for entity in read_links(registry).entities}
    known = {**documents, **_documents(values, result)}
    if linked:
        entities = _entities(values)
    manifests = _rounds(values, known, result)
    gold, raw = _layers(values, known, entities, result)
    result.problems += layer_problems(raw, manifests)
    if entities is None:
        _without_registry(gold, result)
    _rest(values, known, {layer.document: layer for _, layer in gold}, manifests, result)
    order = {str(value.file): number for number, value in enumerate(values)}
    result.problems.sort(key=lambda p: (order.get(p.file or "", -1), p.line or 0))
    return result


def _collect(path: Path, kind: str | None, result: Validation) -> list[Value]:
    out: list[Value] = []
    files = [file for file in json_files(path) if not (studio_part(file) or "").startswith("export/")]
    if not files:
        result.problems.append(nothing_found(path))
    for file in files:
        values, problems = scan_values(file)
        result.problems += problems
        if not values and not problems:
            result.problems.append(nothing_found(file))
        for line, value in values:
            taken = kind or _kind(file, line, value)
            if taken is not None:
                out.append(Value(file, line, taken, value, kind is None))
            elif path.is_dir():
                result.skipped += [file] if file not in result.skipped else []
            else:
                result.problems.append(Problem("unknown-kind", _unknown(value), str(file), line, "$"))
    return out


def _kind(file: Path, line: int | None, value: Any) -> str | None:
    """What a value is by its place in a round, else by its looks."""
    place = studio_part(file) or ""
    if place == "entities.json":
        return "entities"
    taken = kind_of(value)
    return "predictions" if taken == "layer" and (line or place.startswith("prefill/")) else taken


def _unknown(value: Any) -> str:
    if isinstance(value, list) and any(kind_of(item) for item in value):
        return f"found an array; {ONE_A_LINE}"
    return f"found {shown(value)}, expected one of {', '.join(KINDS)}; see --as"


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


def _is_registry(each: Value) -> bool:
    """Whether a value has the registry that layers refer to; an annotator's links in a round do not."""
    return each.kind == "links" and not in_round(each.file)


def _entities(values: Iterable[Value]) -> dict[str, Entity] | None:
    """The registry among the values; None without one that passes its schema."""
    checked = [check_links(each.value)[0] for each in values if _is_registry(each)]
    found = [links for links in checked if links is not None]
    return {entity.id: entity for links in found for entity in links.entities} if found else None


def _rounds(
    values: Iterable[Value], documents: Mapping[str, Document], result: Validation
) -> dict[Path, Json]:
    """Check all rounds; the sound ones that lie in a folder of their own are returned by folder."""
    manifests: dict[Path, Json] = {}
    for each in values:
        if each.kind == "round":
            result.problems += check_round(each.value, documents, file=str(each.file), line=each.line)
            if each.file.name == "round.json" and not schema_problems("round", each.value):
                result.problems += manifest_problems(each.value, each.file)
                manifests[each.file.parent.resolve()] = each.value
    return manifests


def _layers(
    values: Iterable[Value],
    documents: Mapping[str, Document],
    entities: Mapping[str, Entity] | None,
    result: Validation,
) -> tuple[list[tuple[Path, Layer]], list[RoundLayer]]:
    """Check all layers; the complete ones are returned with their files, those of rounds apart."""
    complete: list[tuple[Path, Layer]] = []
    raw: list[RoundLayer] = []
    seen: dict[tuple[Path, str], dict[str, bool]] = {}
    for each in values:
        if each.kind not in ("layer", "predictions"):
            continue
        prediction = each.kind == "predictions"
        of_round = not prediction and in_round(each.file)
        registry = None if of_round else entities
        file = str(each.file)
        layer, problems = check_layer(
            each.value, documents, registry, prediction=prediction, file=file, line=each.line
        )
        result.problems += _hinted(each, problems)
        if layer is None:
            continue
        # One annotator says one thing of a document in one file or folder; others may say more.
        home = (each.file if each.line else each.file.parent, "" if prediction else layer.annotator)
        before = seen.setdefault(home, {})
        result.problems += repeated_document(layer.document, before, each.file, each.line, "$.document")
        before[layer.document] = True
        if of_round:
            raw.append(RoundLayer(each.file, layer))
        elif not prediction:
            complete.append((each.file, layer))
    return complete, raw


def _hinted(each: Value, problems: list[Problem]) -> list[Problem]:
    """The problems of a layer, with a word on predictions if it lacks what only these may leave out."""
    if each.kind != "layer" or not each.guessed:
        return problems
    demanded = {(p.path, p.message) for _, p in schema_problems("predictions", each.value)}
    for number, problem in enumerate(problems):
        if problem.check == "missing-property" and (problem.path, problem.message) not in demanded:
            hint = "; if this is what a system found, give --as predictions"
            return [
                *problems[:number],
                replace(problem, message=problem.message + hint),
                *problems[number + 1 :],
            ]
    return problems


def _without_registry(layers: Iterable[tuple[Path, Layer]], result: Validation) -> None:
    naming = [(file, layer) for file, layer in layers if named_entities(layer)]
    lacking = dict(missing_registries(naming))
    result.problems += lacking.values()
    if unchecked := [file for file, _ in naming if corpus_of(file) not in lacking]:
        remark = "entity references were not checked, for there is no registry that can be read: give --links"
        result.remarks.append(f"{remark} ({', '.join(sorted({str(file) for file in unchecked}))})")


def _rest(
    values: Iterable[Value],
    documents: Mapping[str, Document],
    layers: Mapping[str, Layer],
    manifests: Mapping[Path, Json],
    result: Validation,
) -> None:
    linked: list[RoundLinks] = []
    for each in values:
        file = str(each.file)
        manifest = manifests.get(each.file.parent.resolve().parent)
        if each.kind == "waiver":
            result.problems += check_waiver(each.value, documents, file=file, line=each.line)
        elif each.kind == "adjudication":
            result.problems += check_adjudication(each.value, file=file, line=each.line)
        elif each.kind in LINK_LOGS:
            found = check_link_log(each.kind, each.value, documents, file=file, line=each.line)
            if "readings" in each.value and manifest is not None and not found:
                found += reading_problems(each.value, manifest, each.file, each.line)
            result.problems += found
        elif each.kind == "history":
            result.problems += check_history(each.value, file=file, line=each.line)
        elif each.kind in AUDIT_KINDS:
            result.problems += _audit(each)
        elif each.kind in ("provenance", "studio", "entities"):
            found = check_plain(each.kind, each.value, file=file, line=each.line)
            if each.kind == "provenance" and manifest is not None and not found:
                found += provenance_problems(each.value, manifest, each.file, each.line)
            result.problems += found
        elif each.kind == "links" and in_round(each.file):
            known = linked_layers(each.file, manifests, layers)
            links, problems = check_links(each.value, documents, known, file=file, line=each.line)
            result.problems += problems
            linked += [] if links is None else [RoundLinks(each.file, links)]
        elif each.kind == "links":
            links, problems = check_links(each.value, documents, layers, file=file, line=each.line)
            result.problems += problems
            if links is not None and documents.keys() <= layers.keys():
                result.problems += unused_entries(links, layers.values(), file, each.line)
    result.problems += links_problems(linked, manifests)


def _audit(each: Value) -> list[Problem]:
    """What is wrong with a value of an audit, by itself and beside the other files of its folder."""
    found = check_plain(each.kind, each.value, file=str(each.file), line=each.line)
    if found:
        return found
    if each.kind == "audit" and each.file.name == "audit.json":
        return list(audit_problems(each.value, each.file))
    if each.kind == "audit-result" and each.file.name == "result.json":
        return list(result_problems(each.value, each.file))
    return list(reference_problems(each.kind, each.value, each.file, each.line))
