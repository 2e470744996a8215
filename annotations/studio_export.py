"""Label Studio's JSON export: what is kept of it, and what it says of each document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vostochny.annotations.studio_labels import Result
from vostochny.annotations.studio_types import Project
from vostochny.schema.errors import InputError

DONE, EMPTY, SKIPPED, OPEN = "done", "done-empty", "skipped", "open"
"""How far an annotator is with a document."""

_MOVING = ("created_ago", "created_username")


@dataclass(frozen=True, slots=True)
class Submission:
    """What an annotator made of a document.

    ``state`` is one of :data:`DONE`, :data:`EMPTY` (submitted without any region), :data:`SKIPPED` and
    :data:`OPEN`; ``results`` are there for the first two. ``draft`` says that something was drawn and not
    submitted. ``where`` is the task's address, ``data`` what the task holds; both are empty without a task.
    ``others`` are addresses of further tasks of the same document.
    """

    document: str
    state: str = OPEN
    draft: bool = False
    where: str = ""
    annotation: int | None = None
    results: Sequence[Result] | None = None
    data: Mapping[str, Any] | None = None
    others: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The state as a table shows it."""
        return f"{self.state} (draft)" if self.draft else self.state


def read_export(data: bytes, where: str) -> list[dict[str, Any]]:
    """An export as it is kept: its tasks and annotations in the order of their ids.

    Users appear by number only: their names and e-mail addresses are left out, and so are fields that say
    how long ago something was. All else is as the server said it. Raises
    :class:`~vostochny.schema.errors.InputError` if it is no export.
    """
    try:
        value = json.loads(data)
        if not isinstance(value, list):
            raise ValueError
        tasks = [_plain(task) for task in value]
        for task in tasks:
            for key in ("annotations", "drafts"):
                task[key] = sorted(task.get(key) or [], key=lambda each: int(each["id"]))
        return sorted(tasks, key=lambda task: int(task["id"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        message = "the server's export can't be read; it was cut off, perhaps: pull again"
        raise InputError.of("labelstudio-export", message, file=where) from None


def _plain(value: Any) -> Any:
    """Export fields without users' names; what they annotated is not touched."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "email" in value:
        return value.get("id")
    name = value.get("created_username")
    out = {key: each if key in ("result", "data") else _plain(each) for key, each in value.items()}
    if isinstance(out.get("user"), str):
        # A draft names its user by e-mail address; the number stands behind it in the full name.
        number = str(name).rpartition(", ")[2]
        out["user"] = int(number) if number.isdigit() else None
    return {key: each for key, each in out.items() if key not in _MOVING}


def annotation_ids(tasks: Iterable[Mapping[str, Any]]) -> set[int]:
    """The ids of all annotations of an export."""
    return {int(annotation["id"]) for task in tasks for annotation in task.get("annotations") or ()}


def submissions(
    tasks: Iterable[Mapping[str, Any]], documents: Mapping[str, str], project: Project
) -> dict[str, Submission]:
    """What an export says of each document; ``documents`` are ids of documents by external id."""
    found: dict[str, list[Mapping[str, Any]]] = {name: [] for name in documents.values()}
    for task in tasks:
        name = documents.get(str((task.get("data") or {}).get("external_id")))
        if name is not None:
            found[name].append(task)
    return {name: _submission(name, of, project) for name, of in found.items()}


def _submission(document: str, tasks: Sequence[Mapping[str, Any]], project: Project) -> Submission:
    if not tasks:
        return Submission(document)
    made = [(annotation, task) for task in tasks for annotation in task["annotations"]]
    kept = [pair for pair in made if not pair[0].get("was_cancelled")]
    annotation, task = max(kept or made, key=lambda pair: _age(pair[0]), default=(None, tasks[0]))
    draft = any(_drawn(each) for each in tasks)
    where = project.task_page(task["id"])
    others = tuple(project.task_page(each["id"]) for each in tasks if each is not task)
    if annotation is None or not kept:
        state = SKIPPED if made else OPEN
        return Submission(document, state, draft, where, data=task["data"], others=others)
    results = annotation.get("result") or []
    state = DONE if results else EMPTY
    return Submission(document, state, draft, where, annotation["id"], results, task["data"], others)


def _age(annotation: Mapping[str, Any]) -> tuple[datetime, int]:
    """When an annotation was last submitted; the later id where two are of one time."""
    stamp = annotation.get("updated_at") or annotation["created_at"]
    return datetime.fromisoformat(stamp), int(annotation["id"])


def _drawn(task: Mapping[str, Any]) -> bool:
    return any(_newer(task["drafts"], task["annotations"]))


def _newer(
    drafts: Iterable[Mapping[str, Any]], annotations: Iterable[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """Drafts that hold something and were not submitted since."""
    latest = max((_age(annotation) for annotation in annotations), default=None)
    for draft in drafts:
        if draft.get("result") and (latest is None or _age(draft)[0] > latest[0]):
            yield draft
