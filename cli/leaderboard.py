"""The leaderboard: from systems' layers to its JSON value and its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vostochny.cli.leaderboard_cells import headline
from vostochny.cli.leaderboard_links import link_markdown
from vostochny.eval import TASKS, score
from vostochny.eval.render import markdown_table
from vostochny.schema.model import Gold, Layer

TITLES = {
    "entities": "entities: strict F1",
    "quotes": "quotes: content token-F1",
    "claims": "claims: span F1 (IoU > 0.5)",
}
"""Each task's column: its headline measure."""


@dataclass(frozen=True, slots=True)
class System:
    """A row: an annotator, whose scores are the ceiling, or a baseline; ``tasks`` are those it does.

    ``documents`` are the ids of the gold documents that it is scored on; None: all.
    """

    name: str
    kind: str
    summary: str
    tasks: tuple[str, ...]
    layers: tuple[Layer, ...]
    documents: frozenset[str] | None = None


def leaderboard(
    systems: Sequence[System],
    gold: Gold,
    linkers: Sequence[Mapping[str, Any]],
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Every system's scores with 95% intervals, as the JSON value of ``leaderboard.json``.

    ``linkers`` are the rows of :func:`~vostochny.cli.leaderboard_links.link_row`. ``notes`` say what a reader
    must know to compare the rows; without any, the value has none.
    """
    rows = []
    for system in systems:
        chosen = {n: layer for n, layer in gold.items() if system.documents is None or n in system.documents}
        report = score(
            chosen,
            system.layers,
            documents=gold.documents,
            entities=gold.entities,
            tasks=system.tasks,
        )
        value = report.to_json()
        rows.append(
            {
                "system": system.name,
                "kind": system.kind,
                "summary": system.summary,
                "signature": value["signature"],
                "tasks": value["tasks"],
            }
        )
    out: dict[str, Any] = {"documents": sorted(gold), "systems": rows, "linkers": list(linkers)}
    return {**out, "notes": list(notes)} if notes else out


def cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """A row's cells: system, kind, and each task's headline in percent with its interval."""
    scores = (headline(row, task, TASKS[task].headline) for task in TITLES)
    return (str(row["system"]), str(row["kind"]), *scores)


def head() -> tuple[str, ...]:
    """The columns' titles."""
    return ("system", "kind", *TITLES.values())


def markdown(value: Mapping[str, Any]) -> str:
    """The tables of ``leaderboard.md``, extractors and linkers, and the notes below them."""
    table = markdown_table(head(), [cells(row) for row in value["systems"]], 2)
    notes = "".join(f"\n{note}\n" for note in value.get("notes", ()))
    return f"{table}\n{link_markdown(value)}{notes}"
