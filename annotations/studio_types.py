"""What goes to a Label Studio server and what is there: projects, tasks, and what a push did."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from vostochny.annotations.studio_labels import Result

Progress = Callable[[int, int], object]
"""Called with how many documents are done, and of how many."""


class Packed(Sequence[Result]):
    """Results that wait to be sent, in a fraction of the memory: the regions of a corpus are many."""

    def __init__(self, results: Sequence[Result]) -> None:
        self._data = zlib.compress(json.dumps(list(results)).encode(), 1)
        self._length = len(results)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Result]:
        return iter(json.loads(zlib.decompress(self._data)))

    @overload
    def __getitem__(self, index: int) -> Result: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Result]: ...

    def __getitem__(self, index: int | slice) -> Result | Sequence[Result]:
        found: Result | Sequence[Result] = list(self)[index]
        return found


@dataclass(frozen=True, slots=True)
class Push:
    """A task that a project shall hold.

    ``data`` is what the labelling configuration shows; its ``external_id`` finds the task again.
    ``results`` are the regions of its one prediction, made by ``model``; None for a task without one.
    """

    external_id: str
    data: Mapping[str, Any]
    results: Sequence[Result] | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project on a server; ``url`` is the server's.

    ``twins`` are the ids of younger projects with the same marker, which nothing is pushed to.
    """

    id: int
    url: str
    title: str
    config: str = field(repr=False)
    created: bool = False
    twins: tuple[int, ...] = ()

    @property
    def page(self) -> str:
        """Where a person opens the project."""
        return f"{self.url}/projects/{self.id}/data"

    def task_page(self, task: int) -> str:
        """Where a person opens one of its tasks."""
        return f"{self.page}?task={task}"


@dataclass(frozen=True, slots=True)
class Task:
    """A task as a project's list shows it; ``submitted`` counts annotations, skipped ones too."""

    id: int
    external_id: str | None
    data: Mapping[str, Any]
    digest: str | None
    submitted: int
    predictions: int


@dataclass(slots=True)
class PushReport:
    """What a push changed, by external ids.

    ``stale`` are tasks that hold other data than was to be pushed, but were kept because somebody worked
    on them; ``doubly`` are those of which several tasks were worked on; ``foreign`` counts tasks of the
    project that the push did not name.
    """

    created: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    stale: dict[str, str] = field(default_factory=dict)
    doubly: dict[str, tuple[str, ...]] = field(default_factory=dict)
    foreign: int = 0

    @property
    def changed(self) -> bool:
        """Whether the server holds anything else than before."""
        return bool(self.created or self.replaced or self.repaired or self.removed)
