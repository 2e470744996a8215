"""The leaderboard: from systems' layers to its JSON value and its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vostochny.eval import TASKS, score
from vostochny.eval.render import markdown_table, percent
from vostochny.schema.model import Document, Entity, Layer

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
    gold: Mapping[str, Layer],
    documents: Mapping[str, Document],
    entities: Sequence[Entity],
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Every system's scores with 95% intervals, as the JSON value of ``leaderboard.json``.

    ``notes`` say what a reader must know to compare the rows; without any, the value has none.
    """
    rows = []
    for system in systems:
        chosen = {n: layer for n, layer in gold.items() if system.documents is None or n in system.documents}
        report = score(chosen, system.layers, documents=documents, entities=entities, tasks=system.tasks)
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
    out: dict[str, Any] = {"documents": sorted(gold), "systems": rows}
    return {**out, "notes": list(notes)} if notes else out


def cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """A row's cells: system, kind, and each task's headline in percent with its interval."""
    out = [str(row["system"]), str(row["kind"])]
    for task in TITLES:
        leaf = row["tasks"].get(task)
        if leaf is None:
            out.append("")
            continue
        for step in TASKS[task].headline:
            leaf = leaf[step]
        if leaf["ci95"] is None:
            out.append(percent(leaf["f1"]))
        else:
            low, high = leaf["ci95"]
            out.append(f"{percent(leaf['f1'])} [{percent(low)}, {percent(high)}]")
    return tuple(out)


def head() -> tuple[str, ...]:
    """The columns' titles."""
    return ("system", "kind", *TITLES.values())


def markdown(value: Mapping[str, Any]) -> str:
    """The table of ``leaderboard.md``, and the notes below it."""
    table = markdown_table(head(), [cells(row) for row in value["systems"]], 2)
    return table + "".join(f"\n{note}\n" for note in value.get("notes", ()))
