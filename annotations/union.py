"""All that several annotators say of a document, as rows: one for each place, with everybody's reading.

The layers are paired two by two (:func:`~vostochny.annotations.differences.pair_items`); pairs that share
an item make one row, the closest pairs first, with at most one item of each annotator. What is left over
joins a row that it overlaps and that lacks its annotator. So which items share a row does not depend on
the order of the annotators, but for items that are the same in every trait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from vostochny.annotations.differences import (
    KINDS,
    Comparison,
    Item,
    overlaps,
    pair_items,
    part_of,
    spans_of,
    with_references,
)
from vostochny.schema.model import Document, Layer
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex

LETTERS = {"mentions": "m", "quotes": "q", "marks": "k", "claims": "c"}
"""What the ids of each kind's rows begin with."""


_Member = tuple[int, int]
_Edge = tuple[tuple[Fraction, int, int, int], _Member, _Member]


@dataclass(frozen=True, slots=True)
class Row:
    """One place and everybody's reading of it.

    ``readings`` has each annotator's item, or None, in the annotators' order; references are to rows.
    ``fields`` are those in which the readings differ, with ``item`` first if somebody has none; empty where
    all agree. The wording of propositions is no difference.
    """

    id: str
    kind: str
    readings: Mapping[str, Item | None]
    fields: tuple[str, ...]

    @property
    def items(self) -> dict[str, Item]:
        """The readings of those who have one."""
        return {name: item for name, item in self.readings.items() if item is not None}

    @property
    def first(self) -> Item:
        """The first annotator's item, of those who have one."""
        return next(iter(self.items.values()))


def union(layers: Mapping[str, Layer], document: Document, resolver: Resolver) -> list[Row]:
    """The rows of a document, by kind and in text order, from the layers of at least one annotator.

    Rows are numbered in text order: ``m1``, ``q1``, ``k1``, ``c1`` and so on. The readings' ids are those
    that their annotators gave.
    """
    comparison = Comparison(document, resolver)
    names: dict[str, dict[str, str]] = {name: {} for name in layers}
    found: list[tuple[str, str, dict[str, Item | None]]] = []
    for kind in KINDS:
        rows = aligned([part_of(layer, kind) for layer in layers.values()], comparison.index)
        for number, row in enumerate(rows, 1):
            id = f"{LETTERS[kind]}{number}"
            readings = dict(zip(layers, row, strict=True))
            found.append((id, kind, readings))
            for name, item in readings.items():
                if item is not None and kind == "quotes":
                    names[name][item.id] = id
    out = []
    for id, kind, readings in found:
        renamed = {
            name: None if item is None else with_references(item, names[name])
            for name, item in readings.items()
        }
        out.append(Row(id, kind, renamed, _fields(list(renamed.values()), comparison)))
    return out


def _fields(readings: Sequence[Item | None], comparison: Comparison) -> tuple[str, ...]:
    items = [item for item in readings if item is not None]
    differing = dict.fromkeys(
        field for first, second in combinations(items, 2) for field in comparison.unequal(first, second)
    )
    return (*(["item"] if len(items) < len(readings) else []), *differing)


def aligned(parts: Sequence[Sequence[Item]], index: TextIndex) -> list[tuple[Item | None, ...]]:
    """The items of several annotators, of one kind, as rows in text order; None for who has no item there."""
    cluster: dict[_Member, frozenset[_Member]] = {}
    for who, part in enumerate(parts):
        cluster |= {(who, place): frozenset([(who, place)]) for place in range(len(part))}
    paired: list[_Edge] = []
    rest: list[_Edge] = []
    for a, b in combinations(range(len(parts)), 2):
        chosen = set(pair_items(parts[a], parts[b], index))
        for (i, j), credit in overlaps(parts[a], parts[b], index).items():
            (paired if (i, j) in chosen else rest).append((credit, (a, i), (b, j)))
    for edges in (paired, rest):
        for _, left, right in sorted(edges, key=lambda edge: edge[0], reverse=True):
            ours, theirs = cluster[left], cluster[right]
            if not {who for who, _ in ours} & {who for who, _ in theirs}:
                for member in ours | theirs:
                    cluster[member] = ours | theirs
    seen = dict.fromkeys(cluster.values())
    rows = [tuple(_member(members, who, part) for who, part in enumerate(parts)) for members in seen]
    return sorted(rows, key=_place)


def _member(members: frozenset[_Member], who: int, part: Sequence[Item]) -> Item | None:
    return next((part[place] for other, place in members if other == who), None)


def _place(row: Iterable[Item | None]) -> tuple[int, int]:
    spans = [span for item in row if item is not None for span in spans_of(item)]
    return min(span.start for span in spans), -max(span.end for span in spans)


def free_ids(kind: str, taken: Iterable[str]) -> Iterator[str]:
    """Ids of a kind that follow all those that are taken."""
    letter = LETTERS[kind]
    numbers = [int(id[1:]) for id in taken if id[:1] == letter and id[1:].isdecimal()]
    number = max(numbers, default=0)
    while True:
        number += 1
        yield f"{letter}{number}"
