"""The leaderboard's second table: from linkers' links to its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vostochny.cli.leaderboard_cells import headline
from vostochny.eval import LINK_TASKS, score_links
from vostochny.eval.render import markdown_table
from vostochny.schema.model import Gold, Layer, Links

TITLES = {
    "entity-links": "entity links: CoNLL F1",
    "utterances": "utterances: pair F1",
    "claim-links": "claim links: macro pair-F1",
}
"""Each task's column: its headline measure."""

GOLD_LAYERS, EXTRACTED = "gold", "extracted"
"""What a row says of links that are on the gold layers, and on extractors'."""


@dataclass(frozen=True, slots=True)
class LinkSystem:
    """A row: an annotator, whose scores are the ceiling, or a linker.

    ``on`` are the layers that were linked, called ``layers``, by ``extractors``; None: gold's. ``documents``
    are the ids of the gold documents that it is scored on; None: all.
    """

    name: str
    kind: str
    summary: str
    layers: str
    links: Links
    on: Mapping[str, Layer] | None = None
    documents: frozenset[str] | None = None
    tasks: tuple[str, ...] = tuple(LINK_TASKS)
    extractors: tuple[str, ...] = ()


def link_row(system: LinkSystem, gold: Gold) -> dict[str, Any]:
    """A linker's scores with 95% intervals, as a value of ``leaderboard.json``."""
    chosen = {n: y for n, y in gold.items() if system.documents is None or n in system.documents}
    value = score_links(
        Gold(chosen, gold.documents, gold.links), system.links, system.on, tasks=system.tasks
    ).to_json()
    return {
        "system": system.name,
        "kind": system.kind,
        "layers": system.layers,
        "extractors": list(system.extractors),
        "summary": system.summary,
        "signature": value["signature"],
        "tasks": value["tasks"],
    }


def link_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """A row's cells: linker, kind, layers, and each task's headline in percent with its interval."""
    scores = (headline(row, task, LINK_TASKS[task].headline) for task in TITLES)
    return (str(row["system"]), str(row["kind"]), str(row["layers"]), *scores)


def link_head() -> tuple[str, ...]:
    """The columns' titles."""
    return ("linker", "kind", "layers", *TITLES.values())


def link_markdown(value: Mapping[str, Any]) -> str:
    """The second table of ``leaderboard.md``."""
    return markdown_table(link_head(), [link_cells(row) for row in value["linkers"]], 3)
