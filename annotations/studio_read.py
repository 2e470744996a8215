"""Reading what a round's annotators submitted: from their projects to layers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from vostochny.annotations.studio_client import Studio
from vostochny.annotations.studio_decode import results_to_layer
from vostochny.annotations.studio_export import Submission, read_export, submissions
from vostochny.annotations.studio_record import Record
from vostochny.annotations.studio_types import Project
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.jsonio import Json, layer_to_json
from vostochny.schema.model import Document, Entity, Layer
from vostochny.schema.values import check_layer

_ITEM = re.compile(r"\$\.(\w+)\[(\d+)\]")


@dataclass(slots=True)
class Reading:
    """What is in an annotator's project: its export, and what each document's submission says.

    ``layers`` are those that could be read, ``problems`` what is wrong with the others, by document.
    ``entities`` were typed in by the annotator.
    """

    annotator: str
    project: Project
    tasks: list[dict[str, Any]]
    submissions: Mapping[str, Submission]
    layers: dict[str, Layer] = field(default_factory=dict)
    problems: dict[str, Sequence[Problem]] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)


def find_project(studio: Studio, record: Record, annotator: str) -> Project:
    """The project of an annotator, or of the adjudicator, in a round.

    Raises :class:`~vostochny.schema.errors.InputError` if the server has none with the round's mark.
    """
    place = record.place(annotator)
    found = studio.find_projects(record.marker(annotator)) if place is not None else []
    if place is None or not found:
        message = (
            f"the project of {annotator} in round {record.round} is not on this server; give the --url of "
            f"the right one{f' (it was {place.url})' if place else ''}, or make it anew: "
            f"vostochny round start {record.round}"
        )
        raise InputError.of("labelstudio-gone", message, file=studio.url)
    return studio.project(place.project if place.project in found else found[0])


def read_project(studio: Studio, record: Record, annotator: str, documents: Sequence[str]) -> Reading:
    """An annotator's export and submissions; no layer is made of them yet."""
    project = find_project(studio, record, annotator)
    tasks = read_export(studio.export(project), project.page)
    ids = {record.external_id(annotator, document): document for document in documents}
    return Reading(annotator, project, tasks, submissions(tasks, ids, project))


def read_layers(
    reading: Reading,
    record: Record,
    documents: Mapping[str, Document],
    entities: Sequence[Entity],
    progress: Callable[[int, int], object] | None = None,
) -> None:
    """Make layers of a reading's submissions; what can't be one becomes the document's problems."""
    for number, (name, submission) in enumerate(reading.submissions.items(), 1):
        if submission.results is not None:
            try:
                check_text(submission, record, documents[name])
                layer, typed = _layer(submission, reading.annotator, documents[name], entities)
            except InputError as error:
                reading.problems[name] = error.problems
            else:
                reading.layers[name] = layer
                reading.entities |= typed
        if progress is not None:
            progress(number, len(reading.submissions))


def check_text(submission: Submission, record: Record, document: Document) -> None:
    """Raise :class:`~vostochny.schema.errors.InputError` if a task's text is not the document's."""
    data = submission.data or {}
    digests = {document.text_sha256, record.texts.get(document.id), data.get("text_sha256")}
    if len(digests) > 1 or data.get("text") != document.text:
        message = (
            f"the text of {document.id} is not the one that was annotated, so no offset can be trusted; "
            "restore the document's text, or annotate the new text in another round"
        )
        raise InputError.of("text-changed", message, file=submission.where)


def _layer(
    submission: Submission, annotator: str, document: Document, entities: Sequence[Entity]
) -> tuple[Layer, Mapping[str, Entity]]:
    decoded = results_to_layer(
        submission.results or (), document, annotator, where=submission.where, entities=entities
    )
    value = layer_to_json(decoded.layer)
    registry = {entity.id: entity for entity in entities} | dict(decoded.entities)
    layer, problems = check_layer(value, {document.id: document}, registry or None, file=submission.where)
    if layer is None or problems:
        raise InputError(_with_regions(problems, value, decoded.regions))
    return layer, decoded.entities


def _with_regions(problems: Sequence[Problem], value: Json, regions: Mapping[str, str]) -> Iterator[Problem]:
    """Problems that name a region and its words, as the editor shows them, instead of a place in a file."""
    for problem in problems:
        match = _ITEM.match(problem.path or "")
        if match is None:
            yield replace(problem, path=None)
            continue
        item = value[match[1]][int(match[2])]
        span = item if "start" in item else (item.get("content") or item.get("spans"))[0]
        words = f"{item['id']} “{span['text'][:40]}” at {span['start']}–{span['end']}: {problem.message}"
        yield replace(problem, message=words, path=regions[item["id"]])
