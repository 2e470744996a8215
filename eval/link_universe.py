"""The items of gold and of a system as one list, with the blocks that they lie in.

On gold layers both sides have the same items. On a system's own layers each item of the system answers for at
most one of gold: first those with gold's id and tokens, then mentions with the same tokens, and quotes and
claims with content IoU > 0.5 as in their own tasks. What is left over stands on one side only, and so can be
linked to nothing right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vostochny.eval.alignment import Pair
from vostochny.eval.claim_alignment import claim_pairs
from vostochny.eval.contingency import ABSENT, ClusterTable, Ints
from vostochny.eval.counts import N_GOLD, N_PRED, TP_GOLD, TP_PRED, Counts, Floats
from vostochny.eval.items import Case, Item, ItemReader, MentionItem
from vostochny.eval.link_items import CLAIM_LINKS, ENTITY_LINKS, ITEM_PARTS, UTTERANCES, Clusters
from vostochny.eval.matching import equal_pairs
from vostochny.eval.quote_alignment import close_pairs
from vostochny.schema.labels import NAME_TYPES
from vostochny.schema.model import Layer, Ref


@dataclass(frozen=True, eq=False)
class Universe:
    """A task's items on both sides, in text order: documents by id, and in each gold's items before the rest.

    ``gold`` and ``other`` give the number of each item that the side has; ``gold_block`` and ``other_block``
    (``[n_items]``) its block, counted through all documents, and 0 where the side does not have it.
    ``document`` is the number of the item's document, ``sizes`` each document's id and number of blocks.
    """

    gold: Mapping[Ref, int]
    other: Mapping[Ref, int]
    gold_block: Ints
    other_block: Ints
    document: Ints
    sizes: tuple[tuple[str, int], ...]

    def table(self, gold: Clusters, other: Clusters) -> ClusterTable:
        """The clusters of every item; numbers are the clusters' places. None of no items is in it."""
        return ClusterTable(
            _numbers(gold, self.gold, len(self.document)), _numbers(other, self.other, len(self.document))
        )

    def spread(self, items: Floats) -> Counts:
        """Counts by block (``[n_blocks, 4]``) from counts by item (``[n_items, 4]``)."""
        values = np.zeros((sum(n for _, n in self.sizes), 4))
        for columns, blocks in (((TP_PRED, N_PRED), self.other_block), ((TP_GOLD, N_GOLD), self.gold_block)):
            for column in columns:
                np.add.at(values[:, column], blocks, items[:, column])
        return Counts(values)


def universe(
    task: str,
    readers: Mapping[str, ItemReader],
    gold: Mapping[str, Layer],
    other: Mapping[str, Layer],
) -> Universe:
    """The items of the documents of ``gold``, aligned with those of ``other``; ``readers`` has all of them.

    A document whose gold leaves the part out is not in it.
    """
    ours: dict[Ref, int] = {}
    theirs: dict[Ref, int] = {}
    rows: list[tuple[int, int, int]] = []
    sizes: list[tuple[str, int]] = []
    for name in sorted(gold):
        if getattr(gold[name], ITEM_PARTS[task]) is None:
            continue
        reader, offset = readers[name], sum(n for _, n in sizes)
        layer = other.get(name, Layer(name, ""))
        case, pairs = _CASES[task](reader, gold[name], layer)
        partner = dict(pairs)
        for i, item in enumerate(case.gold):
            ours[Ref(name, item.id)] = len(rows)
            block = 0
            if i in partner:
                found = case.predicted[partner[i]]
                theirs[Ref(name, found.id)] = len(rows)
                block = offset + found.block
            rows.append((len(sizes), offset + item.block, block))
        taken = set(partner.values())
        for j, item in enumerate(case.predicted):
            if j not in taken:
                theirs[Ref(name, item.id)] = len(rows)
                rows.append((len(sizes), 0, offset + item.block))
        sizes.append((name, reader.n_blocks))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Universe(ours, theirs, columns[:, 1], columns[:, 2], columns[:, 0], tuple(sizes))


Aligned = tuple[Case[Any], list[Pair]]


def _mentions(reader: ItemReader, gold: Layer, other: Layer) -> Aligned:
    def names(layer: Layer) -> Sequence[MentionItem]:
        return reader.mentions(m for m in layer.mentions or () if m.type in NAME_TYPES)

    case = Case(reader.n_blocks, tuple(names(gold)), tuple(names(other)))
    return case, _aligned(case, lambda rest: equal_pairs(rest, lambda item: item.tokens))


def _quotes(reader: ItemReader, gold: Layer, other: Layer) -> Aligned:
    case = Case(reader.n_blocks, reader.quotes(gold.quotes or ()), reader.quotes(other.quotes or ()))
    return case, _aligned(case, close_pairs)


def _claims(reader: ItemReader, gold: Layer, other: Layer) -> Aligned:
    case = Case(reader.n_blocks, reader.claims(gold.claims or ()), reader.claims(other.claims or ()))
    return case, _aligned(case, claim_pairs)


_CASES: Mapping[str, Callable[[ItemReader, Layer, Layer], Aligned]] = {
    ENTITY_LINKS: _mentions,
    UTTERANCES: _quotes,
    CLAIM_LINKS: _claims,
}


def _aligned(case: Case[Any], align: Callable[[Case[Any]], list[Pair]]) -> list[Pair]:
    """Items with the same id and tokens, then what ``align`` finds among the others."""
    same = {(item.id, item.tokens): j for j, item in enumerate(case.predicted)}
    first = [(i, same.pop(key)) for i, g in enumerate(case.gold) if (key := (g.id, g.tokens)) in same]
    left = _others(case.gold, (i for i, _ in first)), _others(case.predicted, (j for _, j in first))
    ours, theirs = (tuple(item for _, item in side) for side in left)
    rest = Case(case.n_blocks, ours, theirs)
    return first + [(left[0][i][0], left[1][j][0]) for i, j in align(rest)]


def _others(items: Sequence[Item], taken: Iterable[int]) -> list[tuple[int, Item]]:
    gone = set(taken)
    return [(n, item) for n, item in enumerate(items) if n not in gone]


def _numbers(clusters: Clusters, places: Mapping[Ref, int], n_items: int) -> Ints:
    out = np.full(n_items, ABSENT, dtype=np.int64)
    for number, cluster in enumerate(clusters):
        for ref in cluster:
            if ref in places:
                out[places[ref]] = number
    return out
