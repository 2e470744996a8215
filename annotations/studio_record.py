"""``studio/studio.json`` of a round: on which servers and in which projects its documents are."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import dump_json, read_json, write_changed
from vostochny.schema.jsonio import Json
from vostochny.schema.model import SCHEMA_VERSION
from vostochny.schema.schemas import schema_problems

NONE, GOLD = "none", "gold"
"""Prefills that are no extractor's: nothing, and the gold layers."""

ADJUDICATION = "adjudication"
"""Stands for an annotator where the adjudicator's project is meant."""


@dataclass(frozen=True, slots=True)
class Place:
    """A project on a server."""

    url: str
    project: int


@dataclass(frozen=True, slots=True)
class Record:
    """What ``studio.json`` holds; ``texts`` are digests by document, ``projects`` places by annotator.

    ``key`` is drawn when a round starts, so that rounds of the same name in different corpora never meet
    on one server. There are no secrets in it.
    """

    round: str
    label_studio: str
    server_per_annotator: bool
    prefill: str
    config_sha256: str
    texts: Mapping[str, str]
    prefill_parts: tuple[str, ...] = ()
    projects: Mapping[str, Place] = field(default_factory=dict)
    adjudication: Place | None = None
    key: str = field(default_factory=lambda: secrets.token_hex(6))

    def marker(self, annotator: str) -> str:
        """The line in a project's description by which it is found again."""
        return f"vostochny-round: {self.round}/{annotator}/{self.key}"

    def external_id(self, annotator: str, document: str) -> str:
        """What finds a document's task again in the annotator's project."""
        return f"{self.round}/{annotator}/{document}"

    def place(self, annotator: str) -> Place | None:
        """Where an annotator's project is, or the adjudicator's; None if it was not made yet."""
        return self.adjudication if annotator == ADJUDICATION else self.projects.get(annotator)

    def placed(self, annotator: str, place: Place) -> Record:
        """The record with a project in another place, or in one for the first time."""
        if annotator == ADJUDICATION:
            return replace(self, adjudication=place)
        return replace(self, projects={**self.projects, annotator: place})


def studio_folder(round: Path) -> Path:
    """Where a round keeps what has to do with Label Studio."""
    return round / "studio"


def no_record(round: Path) -> InputError:
    """The error of a round that needs a record and has none: it was lost, or there never was one."""
    message = (
        f"round {round.name} has no record of where its Label Studio projects are; if it was started on "
        "Label Studio, restore this file, else start a round with another id"
    )
    return InputError.of("no-studio", message, file=str(studio_folder(round) / "studio.json"))


def read_record(round: Path) -> Record | None:
    """The record of the round in that folder; None if it was not started on Label Studio.

    Raises :class:`~vostochny.schema.errors.InputError` if it breaks its schema or is another round's.
    """
    path = studio_folder(round) / "studio.json"
    if not path.exists():
        return None
    value: Json = read_json(path)
    if problems := [problem for _, problem in schema_problems("studio", value, str(path))]:
        raise InputError(problems)
    if value["round"] != round.name:
        message = f"found {value['round']!r} in the folder {round.name!r}; put the file into its own round"
        raise InputError([Problem("round-id", message, str(path), None, "$.round")])
    last = value["adjudication"]
    return Record(
        round=value["round"],
        key=value["key"],
        label_studio=value["label_studio"],
        server_per_annotator=value["server_per_annotator"],
        prefill=value["prefill"],
        prefill_parts=tuple(value["prefill_parts"]),
        config_sha256=value["config_sha256"],
        texts={text["document"]: text["text_sha256"] for text in value["texts"]},
        projects={each["annotator"]: Place(each["url"], each["project"]) for each in value["projects"]},
        adjudication=Place(last["url"], last["project"]) if last else None,
    )


def record_to_json(record: Record) -> Json:
    """A record as ``studio.schema.json`` describes it."""
    last = record.adjudication
    return {
        "schema_version": SCHEMA_VERSION,
        "round": record.round,
        "key": record.key,
        "label_studio": record.label_studio,
        "server_per_annotator": record.server_per_annotator,
        "prefill": record.prefill,
        "prefill_parts": list(record.prefill_parts),
        "config_sha256": record.config_sha256,
        "texts": [{"document": name, "text_sha256": sha} for name, sha in record.texts.items()],
        "projects": [
            {"annotator": name, "url": place.url, "project": place.project}
            for name, place in record.projects.items()
        ],
        "adjudication": {"url": last.url, "project": last.project} if last else None,
    }


def write_record(round: Path, record: Record) -> None:
    """Write a round's record, unless it stands there already."""
    write_changed(studio_folder(round) / "studio.json", dump_json(record_to_json(record)))
