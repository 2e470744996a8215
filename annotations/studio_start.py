"""Starting a round on Label Studio, and growing it: manifest, projects, tasks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vostochny.annotations.corpus import load_documents, load_registry
from vostochny.annotations.studio_client import Studio
from vostochny.annotations.studio_config import labelling_config
from vostochny.annotations.studio_encode import layer_to_results
from vostochny.annotations.studio_instruction import instruction
from vostochny.annotations.studio_manifest import Wish, grown_manifest, new_manifest
from vostochny.annotations.studio_prefill import Prefills, keep_prefill, parts_of, prefill_layers
from vostochny.annotations.studio_record import (
    NONE,
    Place,
    Record,
    no_record,
    read_record,
    write_record,
)
from vostochny.annotations.studio_types import Packed, Project, Push, PushReport
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json, write_changed
from vostochny.schema.jsonio import Json
from vostochny.schema.model import Document
from vostochny.schema.readers import read_round

Studios = Callable[[str], Studio]
"""The connection to an annotator's server; several annotators may have one server."""

RoundProgress = Callable[[str, int, int], object]
"""Called with an annotator's id, how many of their documents are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Started:
    """An annotator's project, and what starting changed in it."""

    annotator: str
    project: Project
    pushed: PushReport


@dataclass(slots=True)
class StartReport:
    """What ``round start`` did: the projects, and what is to be known beside.

    ``changed`` says whether anything, here or on a server, is otherwise than before.
    """

    record: Record
    started: list[Started] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    changed: bool = False


def start(
    id: str,
    wish: Wish,
    root: Path,
    studios: Studios,
    prefills: Prefills,
    *,
    update_config: bool = False,
    progress: RoundProgress | None = None,
) -> StartReport:
    """Start round ``id`` of the corpus ``root``, or finish what an interrupted start left undone.

    Each annotator gets a project with a task for each document. Repeated, it changes nothing; with more
    annotators or documents an open round grows. ``update_config`` sets projects whose labelling
    configuration differs to the round's. Raises :class:`~vostochny.schema.errors.InputError`; nothing is
    written if the wish can't be fulfilled, a server can't be reached or the prefill fails.
    """
    folder, documents, entities = root / "rounds" / id, load_documents(root), load_registry(root)
    config = labelling_config(entities)
    plan = _Plan(id, folder, wish, documents, hashlib.sha256(config.encode()).hexdigest())
    # Who can't connect learns it before anything is written.
    versions = [studios(name).version for name in plan.annotators]
    manifest, remarks = plan.manifest(versions[0])
    chosen = {name: documents[name] for name in manifest["documents"]}
    record = plan.record(versions[0], chosen, update_config)
    layers = prefill_layers(folder, record.prefill, chosen, prefills)
    if layers:
        record = replace(record, prefill_parts=parts_of(layers))
    known = frozenset(entity.id for entity in entities)
    results = {name: Packed(layer_to_results(layer, chosen[name], known)) for name, layer in layers.items()}
    # The record comes first: with it an interrupted start finds its projects again.
    write_record(folder, record)
    keep_prefill(folder, layers)
    report = StartReport(record, remarks=remarks)
    report.changed = write_changed(folder / "round.json", dump_json(manifest))
    text = instruction(record.prefill, record.prefill_parts)
    for name in plan.annotators:
        studio = studios(name)
        title, marker = f"vostochny {id} {name}", record.marker(name)
        project = studio.ensure_project(title, marker, config, text, update_config=update_config)
        before, place = record.place(name), Place(studio.url, project.id)
        record = report.record = record.placed(name, place)
        write_record(folder, record)
        pushes = [_push(record, name, document, results.get(document.id)) for document in chosen.values()]
        pushed = studio.push(project, pushes, _told(progress, name))
        report.started.append(Started(name, project, pushed))
        report.remarks += _remarks(name, project, pushed, before if before != place else None)
        report.changed |= project.created or pushed.changed or before != place
    return report


def _told(progress: RoundProgress | None, name: str) -> Callable[[int, int], object] | None:
    return None if progress is None else lambda done, total: progress(name, done, total)


def _push(record: Record, annotator: str, document: Document, results: Sequence[Json] | None) -> Push:
    external_id = record.external_id(annotator, document.id)
    data = task_data(document, external_id)
    return Push(external_id, data, results, record.prefill if results is not None else None)


def task_data(document: Document, external_id: str) -> Json:
    """What a task holds of its document; all of it is text."""
    return {
        "text": document.text,
        "document": document.id,
        "text_sha256": document.text_sha256,
        "external_id": external_id,
        "title": document.title or document.id,
    }


def _remarks(name: str, project: Project, pushed: PushReport, before: Place | None) -> Iterator[str]:
    if before is not None:
        yield f"{name}: the project was {before.project} at {before.url}, now it is {project.page}"
    if project.twins:
        twins = ", ".join(map(str, project.twins))
        yield f"{name}: project {project.id} is used; {twins} bear its mark, too, and can be deleted if empty"
    yield from push_remarks(name, project, pushed)


def push_remarks(name: str, project: Project, pushed: PushReport) -> Iterator[str]:
    """What somebody should look at after a push, a line each."""
    for id, page in pushed.stale.items():
        yield (
            f"{name}: {id} was to be sent anew, but somebody has worked on it, so it was kept; delete the "
            f"task if that work is not wanted: {page}"
        )
    for id, pages in pushed.doubly.items():
        yield (
            f"{name}: {id} is there more than once and was worked on each time, so nothing was deleted; "
            f"delete what is not wanted, else the latest counts: {', '.join(pages)}"
        )
    if pushed.foreign:
        yield f"{name}: {project.page} holds {pushed.foreign} task(s) that are not of this round"


class _Plan:
    """What starting a round means, given what there is of it already."""

    def __init__(
        self, id: str, folder: Path, wish: Wish, documents: Mapping[str, Document], config: str
    ) -> None:
        self.id = id
        self.wish = wish
        self.documents = documents
        self.config = config
        path = folder / "round.json"
        self.there = read_round(path) if path.is_file() else None
        self.old = read_record(folder)
        if self.there is not None and self.there.get("state") == "open" and self.old is None:
            raise no_record(folder)
        if self.there is not None and self.there.get("state") != "open":
            message = f"round {id} is not an open round on Label Studio; start one with another id"
            raise InputError.of("round-closed", message, file=str(path))
        listed = [annotator["id"] for annotator in self.there["annotators"]] if self.there else []
        # All that needs no server is checked before one is asked.
        manifest, _ = self.manifest("?")
        self.annotators = [annotator["id"] for annotator in manifest["annotators"]]
        self.added = [name for name in self.annotators if name not in listed]

    def manifest(self, version: str) -> tuple[Json, list[str]]:
        """The round's manifest, and in words what was added to it."""
        if self.there is None or self.old is None:
            return new_manifest(self.id, self._wished(), self.documents, version), []
        return grown_manifest(self.there, self.old, self.wish, self.documents, version)

    def _wished(self) -> Wish:
        """The wish, as an interrupted first start may have recorded it."""
        if self.old is None:
            return self.wish
        servers = self.wish.server_per_annotator or self.old.server_per_annotator
        return replace(self.wish, prefill=self.wish.prefill or self.old.prefill, server_per_annotator=servers)

    def record(self, version: str, chosen: Mapping[str, Document], update_config: bool) -> Record:
        """The record to write before anything is sent."""
        texts = {name: document.text_sha256 for name, document in chosen.items()}
        old, wish = self.old, self._wished()
        if old is None:
            return Record(
                self.id, version, wish.server_per_annotator, wish.prefill or NONE, self.config, texts
            )
        if self.there is None:
            # Only the record was written, then something failed: nothing is on a server yet.
            old = replace(
                old, prefill=wish.prefill or NONE, server_per_annotator=wish.server_per_annotator, texts={}
            )
        changed = [name for name, digest in old.texts.items() if name in texts and texts[name] != digest]
        if changed:
            message = (
                f"the text of {', '.join(changed)} is not what the annotators were given; restore it (see "
                "'git diff'), or start another round with the new text"
            )
            raise InputError.of("text-changed", message)
        return replace(old, texts=texts, config_sha256=self.config if update_config else old.config_sha256)
