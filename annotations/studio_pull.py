"""Pulling a round from Label Studio: exports and layers; and what pulling would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vostochny.annotations.corpus import load_documents, load_registry
from vostochny.annotations.rounds import round_folder
from vostochny.annotations.studio_config import labelling_config
from vostochny.annotations.studio_difference import config_difference
from vostochny.annotations.studio_export import SKIPPED, Submission, annotation_ids
from vostochny.annotations.studio_read import Reading, read_layers, read_project
from vostochny.annotations.studio_record import (
    ADJUDICATION,
    Record,
    no_record,
    read_record,
    studio_folder,
)
from vostochny.annotations.studio_start import RoundProgress, Studios
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import dump_json, read_json, write_changed
from vostochny.schema.jsonio import Json, layer_to_json
from vostochny.schema.model import Document, Entity
from vostochny.schema.readers import read_layer, read_round
from vostochny.schema.registry_checks import named_entities

PULLED, NEW, CHANGED, REFUSED, LEFT = "pulled", "not pulled", "changed", "can't be pulled", "left as pulled"
"""How a submission stands to the layer in the round: the same, none there, another, unusable, withdrawn."""


@dataclass(slots=True)
class Pull:
    """What is on the servers, and what of it is not in the round yet.

    ``writes`` are the files that pulling writes, with their bytes; ``standing`` says by annotator and
    document how the round stands to the server, one of :data:`PULLED` and its like, or None where there
    is nothing to pull. ``problems`` are why something can't be pulled, ``remarks`` what else to know.
    """

    record: Record
    manifest: Json
    readings: dict[str, Reading] = field(default_factory=dict)
    standing: dict[str, dict[str, str | None]] = field(default_factory=dict)
    adjudication: Mapping[str, Submission] | None = None
    writes: dict[Path, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, error: InputError) -> None:
        """Take over its problems; a server that fails everybody is told once."""
        self.problems += [problem for problem in error.problems if problem not in self.problems]


def plan_pull(id: str, root: Path, studios: Studios, progress: RoundProgress | None = None) -> Pull:
    """Read a round's projects and compare them with its folder; nothing is written.

    Raises :class:`~vostochny.schema.errors.InputError` if the round is unknown or was not started on
    Label Studio. What is wrong with one annotator or document is among the ``problems``.
    """
    folder = round_folder(id, root)
    record, manifest = round_record(id, root), read_round(folder / "round.json")
    documents, entities = load_documents(root), load_registry(root)
    pull = Pull(record, manifest)
    config = labelling_config(entities)
    for name in (annotator["id"] for annotator in manifest["annotators"]):
        try:
            reading = read_project(studios(name), record, name, manifest["documents"])
        except InputError as error:
            pull.add(error)
            continue
        told = None if progress is None else _told(progress, name)
        read_layers(reading, record, documents, entities, told)
        pull.readings[name] = reading
        _compare(pull, folder, reading)
        # A merged round can't be started again, and its own entities are in the registry since.
        if manifest.get("state") == "open" and (
            difference := config_difference(reading.project.config, config)
        ):
            pull.remarks.append(
                f"{name}: the labelling configuration of {reading.project.page} {difference}, compared with "
                f"this corpus's; 'vostochny round start {id} --update-config' mends it"
            )
    _typed_entities(pull, folder, documents)
    if record.adjudication is not None:
        _adjudication(pull, folder, studios)
    return pull


def round_record(id: str, root: Path) -> Record:
    """A round's record; raises :class:`~vostochny.schema.errors.InputError` if it has none."""
    folder = round_folder(id, root)
    record = read_record(folder)
    if record is None:
        raise no_record(folder)
    return record


def pull_round(id: str, root: Path, studios: Studios, progress: RoundProgress | None = None) -> Pull:
    """Pull what annotators submitted: exports, and layers of all documents that can be read.

    Raises :class:`~vostochny.schema.errors.InputError` like :func:`plan_pull`, if the round was merged
    and something would change, or if a file can't be written; what was written stays whole.
    """
    pull = plan_pull(id, root, studios, progress)
    if pull.writes and pull.manifest.get("state") != "open":
        changed = ", ".join(str(path) for path in pull.writes)
        message = (
            f"round {id} is merged, so what it holds is frozen; the server has something else for {changed}"
        )
        raise InputError.of("round-merged", f"{message}. Start another round for new work")
    for path, data in pull.writes.items():
        _write(path, data)
    return pull


def pull_adjudication(id: str, root: Path, studios: Studios) -> dict[str, Submission]:
    """Keep the export of the adjudicator's project, and give what was submitted of each document.

    Raises :class:`~vostochny.schema.errors.InputError` if there is no such project or it can't be read.
    """
    folder = round_folder(id, root)
    record, manifest = round_record(id, root), read_round(folder / "round.json")
    reading = read_project(studios(ADJUDICATION), record, ADJUDICATION, manifest["documents"])
    pull = Pull(record, manifest)
    _keep_export(pull, folder, reading)
    for path, data in pull.writes.items():
        _write(path, data)
    return dict(reading.submissions)


def _write(path: Path, data: bytes) -> None:
    try:
        write_changed(path, data)
    except InputError as error:
        problem = error.problems[0]
        message = f"{problem.message}; nothing is half written: make room for it, then run this again"
        raise InputError.of(problem.check, message, file=problem.file) from None


def _told(progress: RoundProgress, name: str) -> Any:
    return lambda done, total: progress(name, done, total)


def _compare(pull: Pull, folder: Path, reading: Reading) -> None:
    _keep_export(pull, folder, reading)
    name = reading.annotator
    standing: dict[str, str | None] = {}
    for document, submission in reading.submissions.items():
        path = folder / name / f"{document}.json"
        pull.remarks += (
            f"{name}: {document} was worked on in another task, too: {page}" for page in submission.others
        )
        if document in reading.problems:
            standing[document] = REFUSED
            pull.problems += reading.problems[document]
        elif document in reading.layers:
            data = dump_json(layer_to_json(reading.layers[document]))
            old = path.read_bytes() if path.is_file() else None
            standing[document] = PULLED if old == data else NEW if old is None else CHANGED
            if old != data:
                pull.writes[path] = data
        elif path.is_file():
            standing[document] = LEFT
            skipped = submission.state == SKIPPED
            how = "skipped" if skipped else "no longer submitted"
            then = "the merge waits until it is submitted again" if skipped else f"not wanted? Remove {path}"
            pull.remarks.append(
                f"{name}: {document} was pulled before and is {how} now "
                f"({submission.where or reading.project.page}); the layer is kept; {then}"
            )
        else:
            standing[document] = None
    pull.standing[name] = standing


def _keep_export(pull: Pull, folder: Path, reading: Reading) -> None:
    """Plan to keep an export, and the one before under another name if annotations vanished since."""
    path = studio_folder(folder) / "export" / f"{reading.annotator}.json"
    data = dump_json(reading.tasks)
    old = path.read_bytes() if path.is_file() else None
    if old == data:
        return
    before = set() if old is None else annotation_ids(read_json(path))
    if old is not None and (gone := sorted(before - annotation_ids(reading.tasks))):
        kept = next(new for new in _numbered(path) if not new.exists())
        pull.writes[kept] = old
        pull.remarks.append(
            f"{reading.annotator}: the server no longer has the annotation(s) {', '.join(map(str, gone))}; "
            f"the export that has them is kept as {kept}"
        )
    pull.writes[path] = data


def _numbered(path: Path) -> Iterator[Path]:
    number = 1
    while True:
        yield path.with_name(f"{path.stem}.{number}{path.suffix}")
        number += 1


def _typed_entities(pull: Pull, folder: Path, documents: Mapping[str, Document]) -> None:
    """Plan ``entities.json``: what annotators typed now, and what layers that stay as they are name."""
    path = studio_folder(folder) / "entities.json"
    old: Json = read_json(path) if path.is_file() else {}
    found: dict[str, Json] = {}
    # What the adjudicator typed stays as long as the adjudicated layers name it.
    for name in (*(annotator["id"] for annotator in pull.manifest["annotators"]), "adjudicated"):
        reading = pull.readings.get(name)
        for document in pull.manifest["documents"]:
            layer = folder / name / f"{document}.json"
            if (reading is None or document not in reading.layers) and layer.is_file():
                named = named_entities(read_layer(layer, documents))
                found |= {id: old[id] for id in sorted(named & old.keys()) if id not in found}
        for id, entity in reading.entities.items() if reading else ():
            _add_entity(pull, found, id, entity, name)
    data = dump_json(dict(sorted(found.items())))
    if (path.is_file() or found) and not (path.is_file() and path.read_bytes() == data):
        pull.writes[path] = data


def _add_entity(pull: Pull, found: dict[str, Json], id: str, entity: Entity, name: str) -> None:
    value = {"name": entity.name, "type": entity.type}
    if found.setdefault(id, value) != value:
        first = found[id]
        pull.remarks.append(
            f"{name}: the new entity {id} is {entity.name} ({entity.type}) here, but {first['name']} "
            f"({first['type']}) elsewhere; the first is kept"
        )


def _adjudication(pull: Pull, folder: Path, studios: Studios) -> None:
    try:
        reading = read_project(studios(ADJUDICATION), pull.record, ADJUDICATION, pull.manifest["documents"])
    except InputError as error:
        pull.add(error)
        return
    pull.adjudication = reading.submissions
    _keep_export(pull, folder, reading)
