"""Items keep their ids from one version of gold to the next, for links name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vostochny.annotations.differences import KINDS, Item, pair_items, part_of, with_references
from vostochny.annotations.union import free_ids
from vostochny.schema.model import Layer
from vostochny.schema.text import TextIndex


def stable_ids(layer: Layer, before: Layer | None, index: TextIndex) -> dict[str, str]:
    """What the items of a layer are to be called, by their present ids, so that gold's ids stay.

    An item has the id of the item in ``before`` that it is paired with; others keep theirs unless that means
    something else in ``before``: then they get the next free number.
    """
    if before is None:
        return {item.id: item.id for kind in KINDS for item in part_of(layer, kind)}
    taken = {item.id for kind in KINDS for item in part_of(before, kind)}
    names: dict[str, str] = {}
    for kind in KINDS:
        ours, theirs = part_of(layer, kind), part_of(before, kind)
        names |= {ours[i].id: theirs[j].id for i, j in pair_items(ours, theirs, index)}
        left = [item.id for item in ours if item.id not in names]
        names |= {id: id for id in left if id not in taken}
        fresh = free_ids(kind, [*taken, *names.values(), *(item.id for item in ours)])
        names |= {id: next(fresh) for id in left if id in taken}
    return names


def renamed(layer: Layer, names: Mapping[str, str]) -> Layer:
    """The layer with other ids, references included."""

    def part(kind: str) -> tuple[Item, ...] | None:
        if getattr(layer, kind) is None:
            return None
        return tuple(
            replace(with_references(item, names), id=names[item.id]) for item in part_of(layer, kind)
        )

    parts: dict[str, Any] = {kind: part(kind) for kind in KINDS}
    return replace(layer, **parts)
