"""Where each item of gold comes from: who stands for it, and whose words a proposition has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vostochny.annotations.adjudication import item_key
from vostochny.annotations.differences import (
    KINDS,
    Comparison,
    Item,
    pair_items,
    part_of,
    references,
    spans_of,
    with_references,
)
from vostochny.schema.jsonio import item_to_json
from vostochny.schema.model import Claim, Layer

Entries = Sequence[Mapping[str, Any]]
"""An adjudication log."""


def provenance(
    gold: Layer, readings: Mapping[str, Layer], log: Entries, adjudicator: str | None, comparison: Comparison
) -> list[dict[str, Any]]:
    """The lines of ``provenance/DOCUMENT.jsonl``, one for each item of gold.

    What one annotator alone read is ``reviewed``; of several, an item with an entry in the log is
    ``adjudicated`` by the adjudicator and any other ``unanimous``. A claim's ``wording`` is the first
    annotator's whose proposition it has, else the adjudicator's; a reviewer stands for it without having
    written it.
    """
    names = list(readings)
    decided = {entry["key"] for entry in log if entry["gold"] is not None}
    words = _words(gold, readings, comparison)
    out = []
    for kind in KINDS:
        for item in part_of(gold, kind):
            if len(names) == 1:
                status, by = "reviewed", names
            elif item_key(kind, item) in decided and adjudicator is not None:
                status, by = "adjudicated", [adjudicator]
            else:
                status, by = "unanimous", names
            line: dict[str, Any] = {"item": item.id, "kind": kind, "status": status, "by": by}
            if len(names) > 1 and isinstance(item, Claim) and item.proposition is not None:
                line["wording"] = words.get(item.id, adjudicator)
            out.append(line)
    return out


def _words(gold: Layer, readings: Mapping[str, Layer], comparison: Comparison) -> dict[str, str]:
    """Whose words the propositions of gold's claims have, of the annotators; the first counts."""
    out: dict[str, str] = {}
    for name, layer in readings.items():
        ours, theirs = gold.claims or (), layer.claims or ()
        for i, j in pair_items(ours, theirs, comparison.index):
            if ours[i].proposition == theirs[j].proposition:
                out.setdefault(ours[i].id, name)
    return out


def unexplained(
    gold: Layer, readings: Mapping[str, Layer], log: Entries, comparison: Comparison
) -> Iterator[tuple[str, str, Item]]:
    """What of gold or of the readings the log should account for, but does not.

    Gold's items that are not everybody's and have no entry, and readings that are neither in gold nor in an
    entry: each as its owner (``gold`` or an annotator), its key and the item. There are some if layers were
    changed after adjudication, or gold was made without a log.
    """
    decided = {entry["key"] for entry in log if entry["gold"] is not None}
    entered = [entry["readings"] for entry in log]
    for kind in KINDS:
        placed = {name: _by_start(part_of(layer, kind)) for name, layer in readings.items()}
        ours = _by_start(part_of(gold, kind))
        for item in part_of(gold, kind):
            key = item_key(kind, item)
            if key not in decided and not all(_found(item, there, comparison) for there in placed.values()):
                yield gold.annotator, key, item
        for name, layer in readings.items():
            for item in part_of(layer, kind):
                value = item_to_json(item)
                if not _found(item, ours, comparison) and not any(e.get(name) == value for e in entered):
                    yield name, item_key(kind, item), item


def _by_start(items: Sequence[Item]) -> dict[int, list[Item]]:
    out: dict[int, list[Item]] = {}
    for item in items:
        out.setdefault(spans_of(item)[0].start, []).append(item)
    return out


def _found(item: Item, there: Mapping[int, list[Item]], comparison: Comparison) -> bool:
    # References are named otherwise in each layer; what they refer to is an item of its own.
    ours = _alone(item)
    near = there.get(spans_of(item)[0].start, [])
    return any(not comparison.unequal(ours, _alone(other)) for other in near)


def _alone(item: Item) -> Item:
    return with_references(item, dict.fromkeys(references(item)))
