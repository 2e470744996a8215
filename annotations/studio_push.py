"""Bringing a project to hold each task exactly once, with exactly one prediction.

A Label Studio server on SQLite drops predictions silently when two write at once, an answer may be lost
after the work was done, and a client may die between the two. So nothing is taken for granted: what is there
is listed by external id, compared with what shall be there and mended, until both are equal.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from vostochny.annotations.studio_check import check_once, check_pushes
from vostochny.annotations.studio_errors import UncertainError
from vostochny.annotations.studio_labels import Result
from vostochny.annotations.studio_types import Progress, Project, Push, PushReport, Task
from vostochny.schema.errors import InputError

if TYPE_CHECKING:
    from vostochny.annotations.studio_client import Studio

BATCH = 10
"""Tasks sent in one request."""

BATCH_REGIONS = 20_000
"""Regions and arrows sent in one request, at most, beyond those of a single task."""

FAILURES = 4
"""Failures in a row, without a new task between them, after which a push gives up."""

PASSES = 20
"""How often a project is compared, without failures, before a push gives up."""


def synchronise(
    server: Studio, project: Project, pushes: Sequence[Push], progress: Progress | None = None
) -> PushReport:
    """Push tasks until the project holds each once, with its prediction once.

    Doubles that nobody worked on are removed; of two that somebody worked on, none is. A task with other
    data or another prefill than ``pushes`` say is sent anew if nobody worked on it, else kept and
    reported. Raises :class:`~vostochny.schema.errors.InputError` before anything is sent if the editor
    could not show it, and if the server fails again and again.
    """
    check_once(pushes)
    run = _Run(server, project, pushes, progress)
    failures, before = 0, -1
    for _ in range(PASSES):
        try:
            if not run.once():
                return run.report
            failures = 0
        except UncertainError as error:
            failures = 1 if run.there > before else failures + 1
            before = run.there
            if failures >= FAILURES:
                raise _given_up(error, run) from None
            time.sleep(failures)
    message = (
        f"{run.there} of {len(pushes)} documents are there, but they change meanwhile; is another "
        "push running? Wait for it, then run this again"
    )
    raise InputError.of("labelstudio-failed", message, file=project.page)


def _given_up(error: UncertainError, run: _Run) -> InputError:
    problem = error.problems[0]
    message = f"{problem.message} ({run.there} of {len(run.wanted)} documents are there)"
    return UncertainError.of(problem.check, message, file=problem.file)


def results_digest(results: Sequence[Result] | None) -> str | None:
    """The SHA-256 of what a task is prefilled with; None for nothing."""
    if results is None:
        return None
    return hashlib.sha256(json.dumps(list(results), sort_keys=True).encode()).hexdigest()


class _Run:
    def __init__(
        self, server: Studio, project: Project, pushes: Sequence[Push], progress: Progress | None
    ) -> None:
        self.server = server
        self.project = project
        self.wanted = {push.external_id: push for push in pushes}
        self.digests = {push.external_id: results_digest(push.results) for push in pushes}
        self.progress = progress
        self.report = PushReport()
        self.there = 0
        self.before: frozenset[str] | None = None
        self.checked: set[str] = set()

    def once(self) -> bool:
        """One comparison with what is there, and what follows from it; whether anything was changed."""
        listed = self._listed(self.server.tasks(self.project))
        if self.before is None:
            self.before = frozenset(listed)
        self._check(listed)
        changed = False
        kept: dict[str, Task] = {}
        for id, tasks in listed.items():
            task, removed = self._one_of(id, tasks)
            changed |= removed
            if task is not None:
                kept[id] = task
        self._count(len(kept))
        self.report.created = [id for id in self.wanted if id in kept and id not in self.before]
        missing = [push for id, push in self.wanted.items() if id not in kept]
        changed |= self._mend(kept)
        for batch in _batches(missing):
            self._send(batch)
            changed = True
        return changed

    def _check(self, listed: Mapping[str, list[Task]]) -> None:
        """Check what is to be sent, before anything is; what is there already was checked before."""
        new = [push for id, push in self.wanted.items() if not any(map(self._fits, listed.get(id, ())))]
        check_pushes([push for push in new if push.external_id not in self.checked], self.project.config)
        self.checked |= {push.external_id for push in new}

    def _listed(self, tasks: Sequence[Task]) -> Mapping[str, list[Task]]:
        found: dict[str, list[Task]] = defaultdict(list)
        for task in tasks:
            if task.external_id in self.wanted:
                found[task.external_id].append(task)
        self.report.foreign = len(tasks) - sum(map(len, found.values()))
        return found

    def _count(self, there: int) -> None:
        self.there = there
        if self.progress is not None:
            self.progress(there, len(self.wanted))

    def _one_of(self, id: str, tasks: Sequence[Task]) -> tuple[Task | None, bool]:
        """The one task to keep of those with an external id, and whether any was removed."""
        fit = [task for task in tasks if self._fits(task)]
        if len(tasks) == 1 and fit:
            return tasks[0], False
        worked = {task.id: self.server.worked_on(task.id) for task in tasks}
        touched = [task for task in tasks if worked[task.id]]
        self.report.doubly.pop(id, None)
        if len(touched) > 1:
            self.report.doubly[id] = tuple(self.project.task_page(task.id) for task in touched)
        keep = next(iter([*touched, *fit]), None)
        if keep is not None and not self._fits(keep):
            self.report.stale[id] = self.project.task_page(keep.id)
        removed = False
        for task in tasks:
            # Asked again, for somebody may have begun to work on it meanwhile.
            if task is keep or worked[task.id] or self.server.worked_on(task.id):
                continue
            self.server.delete_task(task.id)
            (self.report.removed if keep or task is not tasks[0] else self.report.replaced).append(id)
            removed = True
        return keep, removed

    def _fits(self, task: Task) -> bool:
        push = self.wanted[task.external_id or ""]
        return task.data == push.data and task.digest == self.digests[push.external_id]

    def _mend(self, kept: Mapping[str, Task]) -> bool:
        """Give each task its one prediction; whether anything was changed."""
        lacking = self.server.unpredicted(self.project) if kept else set()
        changed = False
        for id, task in kept.items():
            expected = 0 if self.wanted[id].results is None else 1
            if id in self.report.stale or (task.predictions == expected and (task.id in lacking) != expected):
                continue
            changed |= self._predicted_once(id, task.id, expected)
        return changed

    def _predicted_once(self, id: str, task: int, expected: int) -> bool:
        push, there = self.wanted[id], self.server.predictions(task)
        for extra in there[expected:]:
            self.server.delete_prediction(extra)
        if push.results is not None and not there:
            self.server.predict(task, push.results, push.model)
        if len(there) == expected:
            return False
        self.report.repaired += [id] if id not in self.report.repaired else []
        return True

    def _send(self, batch: Sequence[Push]) -> None:
        ids = [push.external_id for push in batch]
        sent = self.server.import_tasks(self.project, batch, [self.digests[id] for id in ids])
        found = {task.external_id: task for task in self.server.tasks(self.project, sent)}
        arrived = [id for id in ids if id in found]
        self._count(self.there + len(arrived))
        for id in arrived:
            expected = 0 if self.wanted[id].results is None else 1
            if found[id].predictions != expected:
                self._predicted_once(id, found[id].id, expected)


def _batches(pushes: Sequence[Push]) -> Iterator[list[Push]]:
    batch: list[Push] = []
    regions = 0
    for push in pushes:
        size = len(push.results or ())
        if batch and (len(batch) == BATCH or regions + size > BATCH_REGIONS):
            yield batch
            batch, regions = [], 0
        batch.append(push)
        regions += size
    if batch:
        yield batch
