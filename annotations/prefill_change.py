"""What annotators made of the layers that they found in their documents, and whether these swayed them.

Who corrects a suggestion tends to leave it. Two signs: how much of the prefill was kept, and whether the
annotators agree more on what was prefilled than on what they had to find themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from vostochny.annotations.differences import (
    KINDS,
    Comparison,
    Difference,
    differences,
    pair_items,
    part_of,
)
from vostochny.annotations.rounds import Round
from vostochny.annotations.union import union
from vostochny.schema.model import Claim, Document, Entity, Layer
from vostochny.schema.registry import Resolver


@dataclass(frozen=True, slots=True)
class Change:
    """What an annotator did with the prefilled items of a kind, and how many were added to them."""

    annotator: str
    kind: str
    kept: int
    changed: int
    removed: int
    added: int


@dataclass(frozen=True, slots=True)
class Bias:
    """Agreement on items of a kind that were prefilled, and on the others.

    ``inside`` and ``outside`` are F1 over items that are alike in every decision, all pairs of annotators
    taken together, None without items; ``items_inside`` and ``items_outside`` how many there are.
    """

    kind: str
    inside: float | None
    items_inside: int
    outside: float | None
    items_outside: int


def prefill_changes(
    found: Round, prefill: Mapping[str, Layer], documents: Mapping[str, Document], entities: Sequence[Entity]
) -> list[Change]:
    """Each annotator's changes by kind, over the documents with a prefill that they have a layer of.

    What the prefill left open is no change when it is filled in, nor is the wording of a proposition.
    """
    resolver = Resolver(entities)
    out = []
    for name in found.annotators:
        counts = {kind: [0, 0, 0, 0] for kind in KINDS}
        for document, layer in found.layers[name].items():
            if document not in prefill:
                continue
            suggested = prefill[document]
            for kind in KINDS:
                counts[kind][0] += len(part_of(suggested, kind))
            for each in differences(suggested, layer, documents[document], resolver):
                if each.left is None:
                    counts[each.kind][3] += 1
                elif each.right is None:
                    counts[each.kind][2] += 1
                elif _stated(each):
                    counts[each.kind][1] += 1
        for kind, (all_, changed, removed, added) in counts.items():
            out.append(Change(name, kind, all_ - changed - removed, changed, removed, added))
    return out


def _stated(each: Difference) -> bool:
    """Whether something differs that the prefill had said."""
    open_ = {field for field in each.fields if getattr(each.left, field, ()) is None}
    if isinstance(each.left, Claim) and each.left.claimer is None:
        open_.add("voice")
    return bool(set(each.fields) - open_)


def prefill_bias(
    found: Round, prefill: Mapping[str, Layer], documents: Mapping[str, Document], entities: Sequence[Entity]
) -> list[Bias]:
    """Agreement inside and outside the prefill by kind, over the documents that all annotators have."""
    resolver = Resolver(entities)
    counts = {(kind, inside): [0, 0] for kind in KINDS for inside in (True, False)}
    for document in found.complete:
        if document not in prefill:
            continue
        comparison = Comparison(documents[document], resolver)
        readings = found.readings(document)
        known = {name: _prefilled(layer, prefill[document], comparison) for name, layer in readings.items()}
        for pair in combinations(readings, 2):
            for row in union({name: readings[name] for name in pair}, documents[document], resolver):
                inside = any((row.kind, item.id) in known[name] for name, item in row.items.items())
                counts[row.kind, inside][0] += 2 * (not row.fields)
                counts[row.kind, inside][1] += len(row.items)
    return [_bias(kind, counts[kind, True], counts[kind, False]) for kind in KINDS]


def _prefilled(layer: Layer, suggested: Layer, comparison: Comparison) -> set[tuple[str, str]]:
    """The items of a layer that stand where the prefill had one, as kinds and ids."""
    return {
        (kind, part_of(layer, kind)[i].id)
        for kind in KINDS
        for i, _ in pair_items(part_of(layer, kind), part_of(suggested, kind), comparison.index)
    }


def _bias(kind: str, inside: Sequence[int], outside: Sequence[int]) -> Bias:
    def f1(counts: Sequence[int]) -> float | None:
        return counts[0] / counts[1] if counts[1] else None

    return Bias(kind, f1(inside), inside[1], f1(outside), outside[1])
