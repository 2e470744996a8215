"""Gold and predicted mentions of a whole corpus, matched: what the entity measures are counted from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vostochny.eval.conll4 import CONLL4
from vostochny.eval.counts import Counts
from vostochny.eval.spans import Ints, Spans
from vostochny.eval.spans_align import Credits
from vostochny.eval.spans_align import aligned as align_edges
from vostochny.eval.spans_keys import Keys, Side, keys_of, shared, side, sorted_side
from vostochny.eval.spans_pairs import Edges, edges_of
from vostochny.schema.labels import ENTITY_TYPES

_NEAR = 1e-9


@dataclass(frozen=True, eq=False)
class Matching:
    """Both sides in arrays, and what several measures need of them, computed once.

    ``types`` are the labels of the codes: those of one CoNLL-2003 type stand together, so that places and
    projected types sort like places and types.
    """

    gold: Side
    other: Side
    unsound: Side
    types: tuple[str, ...]
    n_blocks: int
    overlap: Fraction
    keys: Keys

    @classmethod
    def of(
        cls,
        gold: Spans,
        predicted: Spans,
        gold_blocks: Ints | None,
        predicted_blocks: Ints | None,
        n_blocks: int | None,
        unsound: Spans | None,
        overlap: Fraction,
    ) -> Matching:
        """Both sides of :func:`~vostochny.eval.spans_counts.count_spans`, whose arguments these are."""
        given = [gold, predicted, *([] if unsound is None else [unsound])]
        types, codes = _coded(tuple(spans.types for spans in given))
        sides = [
            side(spans, code, blocks)
            for spans, code, blocks in zip(given, codes, (gold_blocks, predicted_blocks, None), strict=False)
        ]
        size = max(spans.n_documents for spans in given) if n_blocks is None else n_blocks
        longest, last = (max(getattr(gold, name), getattr(predicted, name)) for name in ("longest", "last"))
        keys = keys_of(sides[0], sides[1], len(types), size, longest, last)
        lost = sides[2] if unsound is not None else sides[1][:0]
        return cls(sides[0], sides[1], lost, types, size, overlap, keys)

    @property
    def ontonotes(self) -> bool:
        """Whether all labels are OntoNotes'."""
        return all(name in ENTITY_TYPES for name in self.types)

    @cached_property
    def ours(self) -> Side:
        """Gold in canonical order."""
        return sorted_side(self.gold, self.keys.gold)

    @cached_property
    def theirs(self) -> Side:
        """The prediction in canonical order."""
        return sorted_side(self.other, self.keys.other)

    @cached_property
    def edges(self) -> Edges:
        """All overlapping pairs."""
        return edges_of(self.ours, self.theirs)

    @cached_property
    def similar(self) -> Edges:
        """The overlapping pairs that are similar enough to be held against each other."""
        edges, limit = self.edges, self.overlap
        if not limit:
            return edges
        over = edges.inter / edges.union - float(limit)
        enough = over > 0
        for n in np.flatnonzero(np.abs(over) < _NEAR).tolist():
            enough[n] = Fraction(int(edges.inter[n]), int(edges.union[n])) > limit
        return edges[enough]

    @cached_property
    def sums(self) -> tuple[Counts, NDArray[Any]]:
        """Strict counts, and the same by type: ``[n_types, n_blocks, 4]``."""
        n, n_types = self.n_blocks, len(self.types)
        merged = self.keys.merged
        hits = shared(merged >> 1, merged & 1)
        mask = (1 << self.keys.type_bits) - 1
        tables = [
            np.bincount(types * n + blocks, minlength=n * n_types).reshape(n_types, n)
            for types, blocks in (
                (hits & mask, self.keys.blocks(hits >> self.keys.type_bits)),
                (self.other.type, self.other.block),
                (self.gold.type, self.gold.block),
            )
        ]
        if len(self.unsound):
            lost = self.unsound.type * n + self.unsound.block
            tables[1] += np.bincount(lost, minlength=n * n_types).reshape(n_types, n)
        # Most blocks have few mentions of a type, and there may be many blocks: as small numbers as will do.
        most = max(int(table.max(initial=0)) for table in tables)
        out = np.empty((n_types, n, 4), dtype=np.min_scalar_type(most))
        strict = np.empty((n, 4), dtype=np.float64)
        for column, table in enumerate((tables[0], tables[1], tables[0], tables[2])):
            out[:, :, column] = table
            strict[:, column] = table.sum(axis=0)
        return Counts(strict), out

    def aligned(
        self, edges: Edges, first: Ints, last: Ints, sure: NDArray[np.bool_], *, typed: bool = True
    ) -> NDArray[np.intp]:
        """The edges that the alignment by (``first``, intersection over union, ``last``) chooses.

        Edges of equal mentions that are ``sure`` (with all edges of mentions equal to these) are chosen in
        any case, as many as can be. Mentions are equal with their types where the result is ``typed``.
        """
        ours, theirs = (ranks[1 if typed else 0] for ranks in (self._ours_ranks, self._theirs_ranks))
        settled = np.flatnonzero(sure & (ours[edges.gold] == theirs[edges.other]))
        free_ours, free_theirs = np.ones(len(ours), dtype=np.bool_), np.ones(len(theirs), dtype=np.bool_)
        free_ours[edges.gold[settled]] = False
        free_theirs[edges.other[settled]] = False
        rest = np.flatnonzero(free_ours[edges.gold] & free_theirs[edges.other])
        look_ours, look_theirs = (
            each.block * len(self.types) + each.type if typed else each.block
            for each in (self.ours, self.theirs)
        )
        credits = Credits(first[rest], last[rest], look_ours, look_theirs, self.types)
        return np.concatenate([settled, rest[align_edges(self.ours, self.theirs, edges[rest], credits)]])

    @cached_property
    def _ours_ranks(self) -> tuple[Ints, Ints]:
        return _ranks(np.sort(self.keys.gold, kind="stable"), self.keys.type_bits)

    @cached_property
    def _theirs_ranks(self) -> tuple[Ints, Ints]:
        return _ranks(np.sort(self.keys.other, kind="stable"), self.keys.type_bits)

    def alone(self, edges: Edges, same: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Of the edges of equal stretches those one mention of which overlaps nothing else.

        They are part of every best alignment: whoever took the other mention would gain less.
        """
        left = np.bincount(edges.gold, minlength=len(self.ours))[edges.gold]
        right = np.bincount(edges.other, minlength=len(self.theirs))[edges.other]
        found: NDArray[np.bool_] = same & ((left == 1) | (right == 1))
        return found

    def of_pairs(self, pairs: Edges, credit: NDArray[np.float64] | None = None) -> Counts:
        """Counts in which every mention is one unit and every pair earns its ``credit`` (None: 1)."""
        tp_other = self.per_block(self.theirs.block[pairs.other], credit)
        return self.counts(tp_other, self.per_block(self.ours.block[pairs.gold], credit))

    def counts(self, tp_other: NDArray[Any], tp_gold: NDArray[Any] | None = None) -> Counts:
        """Counts in which every mention is one unit, from the credit in each block (None: the same)."""
        strict = self.sums[0].stored
        return stacked(tp_other, strict[:, 1], tp_other if tp_gold is None else tp_gold, strict[:, 3])

    def per_block(self, blocks: Ints, weights: NDArray[Any] | None = None) -> NDArray[Any]:
        """How often each block occurs, or the sum of its weights."""
        return np.bincount(blocks, weights, minlength=self.n_blocks)


@lru_cache(maxsize=16)
def _coded(labels: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], tuple[Ints | None, ...]]:
    """All labels in the order of their codes, and each tuple's labels as codes (None: their places)."""
    found = {name for names in labels for name in names}
    types = tuple(sorted(found, key=lambda name: (CONLL4.get(name, ""), name)))
    place = {name: n for n, name in enumerate(types)}
    codes = (np.array([place[name] for name in names], dtype=np.int64) for names in labels)
    return types, tuple(None if names == types else code for names, code in zip(labels, codes, strict=True))


def _ranks(keys: Ints, type_bits: int) -> tuple[Ints, Ints]:
    """Each mention's number among those of its stretch, and among those of its stretch and type."""
    n = np.arange(len(keys))
    out = []
    for groups in (keys >> 1 + type_bits, keys >> 1):
        new = np.concatenate([[True], groups[1:] != groups[:-1]])[: len(keys)]
        out.append(n - np.maximum.accumulate(np.where(new, n, 0)))
    return out[0], out[1]


def stacked(*columns: NDArray[Any]) -> Counts:
    """Counts from their four columns, ``[n_blocks]`` each."""
    return Counts(np.stack(columns, axis=1).astype(np.float64, copy=False))
