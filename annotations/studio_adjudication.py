"""Adjudication on Label Studio: a task for each document in which the annotators differ.

Documents without a conflict merge by themselves and need no server. The others go to the project
``vostochny ID adjudication``; once submitted, the decisions become the adjudicated layer and its log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vostochny.annotations.candidates import Union, adjudication_union, readings_digest
from vostochny.annotations.corpus import load_documents, load_registry
from vostochny.annotations.decisions import apply_decisions
from vostochny.annotations.differences import Comparison
from vostochny.annotations.gold_registry import typed_entities
from vostochny.annotations.merge_checks import absent_layers, changed_texts, refuse
from vostochny.annotations.rounds import Round, load_round, round_folder
from vostochny.annotations.studio_config import labelling_config
from vostochny.annotations.studio_decode import Decoded, results_to_layer
from vostochny.annotations.studio_encode import layer_to_results
from vostochny.annotations.studio_export import Submission
from vostochny.annotations.studio_pull import pull_adjudication
from vostochny.annotations.studio_read import check_text
from vostochny.annotations.studio_record import (
    ADJUDICATION,
    NONE,
    Place,
    Record,
    read_record,
    studio_folder,
    write_record,
)
from vostochny.annotations.studio_start import RoundProgress, Studios, push_remarks, task_data
from vostochny.annotations.studio_types import Project, Push
from vostochny.annotations.union import Row, union
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import dump_json, dump_jsonl, write_changed
from vostochny.schema.guidelines import sections
from vostochny.schema.jsonio import Json, layer_to_json
from vostochny.schema.labels import REASONS
from vostochny.schema.model import Document, Entity, Layer
from vostochny.schema.readers import read_layer, read_round
from vostochny.schema.registry import Resolver
from vostochny.schema.values import check_round

READINGS = "readings_sha256"
"""The field of an adjudication task with the digest of the layers that it was made from."""

INSTRUCTION = (
    "<p>All that the annotators marked is there. Where they differ, each reading is a region of its own; "
    "select it to see who says what. Everything stands in the list beside the text, too.</p><ul>"
    "<li><b>Decide</b>: choose <i>keep</i> for the reading that is right, after correcting it if need be, or "
    "<i>drop</i> for each if none is. What you do not keep beside a kept one goes.</li>"
    "<li><b>Say why</b>: choose a reason and a rule on one of the readings; add a remark where they do not "
    "say it all.</li>"
    "<li><b>Read what all agree on as well.</b> To change it, or to drop it (<i>drop</i>; do not delete the "
    "region), give reason and rule, too. So for what you mark anew.</li>"
    "<li><b>Submit</b> when the document is done.</li></ul>"
)


@dataclass(slots=True)
class Adjudication:
    """What adjudicating did.

    ``agreed`` are documents without a conflict, ``decided`` those whose decisions were taken over,
    ``waiting`` the others, with how far they are and where. ``problems`` are decisions that can't be
    taken over. ``changed`` says whether anything, here or on the server, is otherwise than before.
    """

    agreed: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, int] = field(default_factory=dict)
    project: Project | None = None
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    changed: bool = False


@dataclass(frozen=True, slots=True)
class _Case:
    """A document to adjudicate."""

    document: Document
    layers: Mapping[str, Layer]
    rows: Sequence[Row]
    union: Union
    before: Layer | None


def adjudicate_round(
    id: str, root: Path, adjudicator: str | None, studios: Studios, progress: RoundProgress | None = None
) -> Adjudication:
    """Adjudicate an open round as far as it goes: send what differs, take over what was decided.

    Repeated, it changes nothing until something is submitted. ``adjudicator`` may be left out once the
    round names one. Raises :class:`~vostochny.schema.errors.InputError` if the round is closed or has
    one annotator, a layer is missing, a text was changed, or the server can't be used.
    """
    folder, documents = round_folder(id, root), load_documents(root)
    found = load_round(id, root)
    _check_round(found, folder)
    refuse([*changed_texts(folder, documents), *absent_layers(folder, dict(found.manifest))])
    entities = _entities(folder, root)
    cases = {name: _case(found, documents[name], entities, root) for name in found.documents}
    report = Adjudication()
    report.conflicts = {name: len(case.union.conflicts) for name, case in cases.items()}
    agreed = [name for name, case in cases.items() if not case.union.conflicts]
    disputed = {name: case for name, case in cases.items() if case.union.conflicts}
    if disputed:
        _name_adjudicator(folder, adjudicator, report)
    for name in agreed:
        decoded = Decoded(cases[name].union.layer, {}, {})
        _take_over(cases[name], decoded, entities, folder, report, where=f"rounds/{id}, {name}")
    report.agreed = agreed
    if disputed:
        _send(found, folder, disputed, entities, studios, report, progress)
        for name, submission in pull_adjudication(id, root, studios).items():
            if name in disputed:
                _decided(disputed[name], submission, entities, folder, report)
    return report


def _check_round(found: Round, folder: Path) -> None:
    if not found.open:
        message = "the round is closed, so nothing can be decided any more; start another round"
        raise InputError.of("round-closed", message, file=str(folder / "round.json"))
    if len(found.annotators) < 2:
        message = f"one annotator leaves nothing to adjudicate; run 'vostochny round merge {found.id}'"
        raise InputError.of("one-annotator", message, file=str(folder / "round.json"))


def _entities(folder: Path, root: Path) -> tuple[Entity, ...]:
    """The registry, and what annotators typed in beside it."""
    known = {entity.id: entity for entity in load_registry(root)}
    return tuple({**typed_entities(folder), **known}.values())


def _case(found: Round, document: Document, entities: Sequence[Entity], root: Path) -> _Case:
    layers = found.readings(document.id)
    comparison = Comparison(document, Resolver(entities))
    rows = union(layers, document, comparison.resolver)
    path = root / "gold" / f"{document.id}.json"
    before = read_layer(path, {document.id: document}) if path.is_file() else None
    return _Case(document, layers, rows, adjudication_union(rows, document, comparison), before)


def _name_adjudicator(folder: Path, adjudicator: str | None, report: Adjudication) -> None:
    path = folder / "round.json"
    manifest = read_round(path)
    there = manifest.get("adjudicator")
    if adjudicator in [annotator["id"] for annotator in manifest["annotators"]]:
        message = (
            f"{adjudicator} annotates this round, and nobody decides on an own reading; name somebody else, "
            "or the meeting in which you decide together, such as --adjudicator meeting"
        )
        raise InputError.of("own-adjudicator", message, file=str(path))
    if adjudicator is None and there is None:
        raise InputError.of("no-adjudicator", "the annotators differ: name who decides, --adjudicator cleo")
    if adjudicator not in (None, there):
        if there is not None:
            message = f"{there} adjudicates this round; leave --adjudicator out, or mend the file"
            raise InputError.of("other-adjudicator", message, file=str(path))
        value = {**manifest, "adjudicator": adjudicator}
        refuse(check_round(value, file="--adjudicator"))
        report.changed |= write_changed(path, dump_json(value))


def _send(
    found: Round,
    folder: Path,
    cases: Mapping[str, _Case],
    entities: Sequence[Entity],
    studios: Studios,
    report: Adjudication,
    progress: RoundProgress | None,
) -> None:
    studio = studios(ADJUDICATION)
    config = labelling_config(entities, adjudication=True, reasons=REASONS, rules=sections())
    record = read_record(folder) or _new_record(found, cases, studio.version, config)
    # The record comes first: with it an interrupted command finds its project again.
    write_record(folder, record)
    title = f"vostochny {found.id} adjudication"
    # Entities that were typed in since stand in the lists, too.
    project = studio.ensure_project(
        title, record.marker(ADJUDICATION), config, INSTRUCTION, update_config=True
    )
    place = Place(studio.url, project.id)
    report.changed |= project.created or record.adjudication != place
    record = record.placed(ADJUDICATION, place)
    write_record(folder, record)
    known = frozenset(entity.id for entity in entities)
    pushes = [_push(record, case, known) for case in cases.values()]

    def told(done: int, total: int) -> None:
        if progress is not None:
            progress(ADJUDICATION, done, total)

    pushed = studio.push(project, pushes, told)
    report.project = project
    report.changed |= pushed.changed
    report.remarks += push_remarks(ADJUDICATION, project, pushed)


def _new_record(found: Round, cases: Mapping[str, _Case], version: str, config: str) -> Record:
    """The record of a round whose layers were made elsewhere."""
    digest = hashlib.sha256(config.encode()).hexdigest()
    texts = {name: case.document.text_sha256 for name, case in cases.items()}
    return Record(found.id, version, False, NONE, digest, texts)


def _push(record: Record, case: _Case, known: frozenset[str]) -> Push:
    data: Json = task_data(case.document, record.external_id(ADJUDICATION, case.document.id))
    data["conflicts"] = [dict(each) for each in case.union.conflicts]
    data[READINGS] = readings_digest(case.layers)
    results = layer_to_results(case.union.layer, case.document, known, case.union.notes)
    return Push(data["external_id"], data, results, "union")


def _decided(
    case: _Case, submission: Submission, entities: Sequence[Entity], folder: Path, report: Adjudication
) -> None:
    name = case.document.id
    if submission.results is None:
        report.waiting[name] = f"{submission.shown} {submission.where}".rstrip()
        return
    try:
        _check_task(case, submission, read_record(folder))
        decoded = results_to_layer(
            submission.results, case.document, "gold", where=submission.where, entities=entities
        )
    except InputError as error:
        report.problems += error.problems
        return
    typed = [entity for id, entity in decoded.entities.items() if id not in {each.id for each in entities}]
    if _take_over(case, decoded, [*entities, *typed], folder, report, where=submission.where):
        report.decided.append(name)
        if typed:
            _keep_typed(folder, typed)


def _check_task(case: _Case, submission: Submission, record: Record | None) -> None:
    assert record is not None  # it was written before the task was sent
    check_text(submission, record, case.document)
    if (submission.data or {}).get(READINGS) != readings_digest(case.layers):
        message = (
            f"the annotators' layers of {case.document.id} are not those that this task was made from, so "
            "decisions may have lost their object; delete the task, and run this again to send it anew"
        )
        raise InputError.of("stale-adjudication", message, file=submission.where)


def _take_over(
    case: _Case,
    decoded: Decoded,
    entities: Sequence[Entity],
    folder: Path,
    report: Adjudication,
    *,
    where: str,
) -> bool:
    """Write a document's adjudicated layer and log; False if the decisions can't be applied."""
    try:
        layer, log = apply_decisions(
            case.rows, case.layers, decoded, case.document, entities, where=where, before=case.before
        )
    except InputError as error:
        report.problems += error.problems
        return False
    name = case.document.id
    path = folder / "adjudication" / f"{name}.jsonl"
    if log:
        report.changed |= write_changed(path, dump_jsonl(log))
    elif path.is_file():
        path.unlink()
        report.changed = True
    adjudicated = folder / "adjudicated" / f"{name}.json"
    report.changed |= write_changed(adjudicated, dump_json(layer_to_json(layer)))
    return True


def _keep_typed(folder: Path, typed: Sequence[Entity]) -> None:
    all_: dict[str, Any] = {
        entity.id: {"name": entity.name, "type": entity.type}
        for entity in [*typed_entities(folder).values(), *typed]
    }
    write_changed(studio_folder(folder) / "entities.json", dump_json(dict(sorted(all_.items()))))
