"""Whether a JSON value is a leaderboard that can be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vostochny.eval import LINK_TASKS, TASKS
from vostochny.schema.errors import json_path, shown

Place = tuple[str | int, ...]

_HEADS: Mapping[str, Sequence[str]] = {
    **{name: task.headline for name, task in TASKS.items()},
    **{name: task.headline for name, task in LINK_TASKS.items()},
}


def board_faults(value: Any) -> Iterator[str]:
    """What is wrong with a value that should be a ``leaderboard.json``, and where."""
    if not isinstance(value, dict) or not isinstance(value.get("systems"), list):
        yield f"$: found {shown(value)}, expected an object with a list 'systems'"
        return
    for part in ("systems", "linkers", "notes"):
        rows = value.get(part, [])
        if not isinstance(rows, list):
            yield _fault((part,), rows, "a list")
            continue
        for n, row in enumerate(rows):
            if part != "notes":
                yield from _row(row, (part, n))
            elif not isinstance(row, str):
                yield _fault((part, n), row, "a string")


def _row(row: Any, place: Place) -> Iterator[str]:
    if not isinstance(row, dict):
        yield _fault(place, row, "an object")
        return
    for key in ("system", "kind"):
        if not isinstance(row.get(key), str):
            yield _fault((*place, key), row.get(key), "a string")
    tasks = row.get("tasks")
    if not isinstance(tasks, dict):
        yield _fault((*place, "tasks"), tasks, "an object")
        return
    for task, measures in tasks.items():
        here = (*place, "tasks", task)
        yield from _measures(measures, here)
        leaf: Any = measures
        for step in _HEADS.get(task, ()):
            leaf = leaf.get(step) if isinstance(leaf, dict) else None
        if task in _HEADS and not (isinstance(leaf, dict) and "f1" in leaf):
            yield _fault((*here, *_HEADS[task]), leaf, "a score with 'f1'")


def _measures(value: Any, place: Place) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _fault(place, value, "an object")
        return
    if "f1" in value or "kappa" in value:
        yield from _leaf(value, place)
        return
    for name, part in value.items():
        if name == "errors":
            if not isinstance(part, dict):
                yield _fault((*place, name), part, "an object")
                continue
            for title, table in part.items():
                yield from _table(table, (*place, name, title))
        elif isinstance(part, dict):
            yield from _measures(part, (*place, name))


def _leaf(leaf: Mapping[str, Any], place: Place) -> Iterator[str]:
    for name, found in leaf.items():
        if name in ("f1", "precision", "recall", "kappa"):
            if found is not None and not _is_number(found):
                yield _fault((*place, name), found, "a number or null")
        elif name.startswith("ci"):
            pair = isinstance(found, list) and len(found) == 2 and all(map(_is_number, found))
            if found is not None and not pair:
                yield _fault((*place, name), found, "two numbers or null")
        elif name == "confusion":
            yield from _table(found, (*place, name))


def _table(table: Any, place: Place) -> Iterator[str]:
    rows = table.values() if isinstance(table, dict) else [None]
    if not all(isinstance(row, dict) and all(map(_is_count, row.values())) for row in rows):
        yield _fault(place, table, "an object of objects of counts")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _fault(place: Place, found: Any, expected: str) -> str:
    return f"{json_path(place)}: found {shown(found)}, expected {expected}"
