"""All entity measures of a whole corpus, in arrays.

Definitions are with each measure: :mod:`~vostochny.eval.entity_strict`, :mod:`~vostochny.eval.entity_partial` and
so on. Measures by equality (``strict``, ``exact``, ``conll4``, ``by_type``) follow from sorted keys
(:mod:`~vostochny.eval.spans_keys`), those by overlap from an alignment (:mod:`~vostochny.eval.spans_align`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vostochny.eval.counts import Counts
from vostochny.eval.entity_conll4 import CONLL4
from vostochny.eval.entity_errors import NONE
from vostochny.eval.nominal import Contingency
from vostochny.eval.spans import Ints, Spans
from vostochny.eval.spans_align import Credits, aligned
from vostochny.eval.spans_keys import Keys, Side, keys_of, shared, side, sorted_side
from vostochny.eval.spans_pairs import Edges, edges_of, fresh_starts
from vostochny.eval.task_counts import Path, TaskCounts
from vostochny.schema.labels import ENTITY_TYPES

MEASURES = ("strict", "exact", "partial", "type", "token", "conll4", "by_type", "attributes", "errors")
"""The measures, in the order of the report; ``attributes`` and ``errors`` are tables of labels."""

LEAN = ("strict", "by_type")
"""The measures that need no alignment and one sorting."""

_ANY = Fraction(0)
_NEAR = 1e-9


def count_spans(
    gold: Spans,
    predicted: Spans,
    *,
    gold_blocks: Ints | None = None,
    predicted_blocks: Ints | None = None,
    n_blocks: int | None = None,
    unsound: Spans | None = None,
    overlap: Fraction = _ANY,
    measures: Collection[str] = MEASURES,
) -> TaskCounts:
    """Counts of the chosen ``measures`` over all blocks.

    Blocks are documents unless ``gold_blocks`` and ``predicted_blocks`` give each mention's (mentions of one
    document that start at the same unit must have the same), of ``n_blocks``. ``unsound`` are predicted items
    that can't be right, whatever gold has: they count as predicted, and as spurious. Mentions may be
    held against each other in ``partial``, ``type`` and ``errors`` if their intersection over union is more than
    ``overlap``. ``conll4`` is left out where a label is none of OntoNotes'.
    """
    work = _Work.of(gold, predicted, gold_blocks, predicted_blocks, n_blocks, unsound, overlap)
    chosen = [name for name in MEASURES if name in measures]
    counted: dict[Path, Counts] = {}
    for name in chosen:
        if name == "by_type":
            counted |= work.by_type()
        elif name not in ("attributes", "errors") and (name != "conll4" or work.ontonotes):
            counted[name,] = getattr(work, name)()
    return TaskCounts(
        n_blocks=work.n_blocks,
        measures=counted,
        attributes={("attributes", "type"): work.label()} if "attributes" in chosen else {},
        matrices=work.errors() if "errors" in chosen else {},
    )


@dataclass(frozen=True, eq=False)
class _Work:
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
    ) -> _Work:
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

    def strict(self) -> Counts:
        """:mod:`vostochny.eval.entity_strict`."""
        return self.sums[0]

    def by_type(self) -> dict[Path, Counts]:
        """:mod:`vostochny.eval.entity_by_type`: the types that occur, by name."""
        table = self.sums[1]
        there = table.any(axis=(1, 2)).tolist()
        return {
            ("by_type", name): Counts(table[code])
            for name, code in sorted((name, code) for code, name in enumerate(self.types))
            if there[code]
        }

    def exact(self) -> Counts:
        """:mod:`vostochny.eval.entity_exact`."""
        merged = self.keys.merged
        places = shared(merged >> 1 + self.keys.type_bits, merged & 1)
        return self._counts(self._per_block(self.keys.blocks(places)))

    def conll4(self) -> Counts:
        """:mod:`vostochny.eval.entity_conll4`."""
        names = sorted({CONLL4.get(name, "") for name in self.types} | {""})
        codes = np.array([names.index(CONLL4.get(name, "")) for name in self.types], dtype=np.int64)
        if not len(codes):
            return Counts.zeros(self.n_blocks)
        merged, bits = self.keys.merged, self.keys.type_bits
        projected = codes[(merged >> 1) & ((1 << bits) - 1)]
        chosen = projected > 0
        kept = merged[chosen]
        hits = shared((kept >> 1 + bits) * len(names) + projected[chosen], kept & 1)
        n_gold, n_other, n_lost = (
            self._per_block(each.block[codes[each.type] > 0]) for each in (self.gold, self.other, self.unsound)
        )
        tp = self._per_block(self.keys.blocks(hits // len(names)))
        return _stacked(tp, n_other + n_lost, tp, n_gold)

    def partial(self) -> Counts:
        """:mod:`vostochny.eval.entity_partial`."""
        edges = self.similar
        same = edges.inter == edges.union
        zeros = np.zeros(len(edges), dtype=np.int64)
        sure = self._alone(edges, same) if self.overlap else same & ~self._halved(edges)
        pairs = edges[self._aligned(edges, 1 + same, zeros, sure, typed=False)]
        credit = np.where(pairs.inter == pairs.union, 1.0, 0.5)
        return self._of_pairs(pairs, credit)

    def type(self) -> Counts:
        """:mod:`vostochny.eval.entity_type`."""
        edges = self.similar
        edges = edges[self.ours.type[edges.gold] == self.theirs.type[edges.other]]
        zeros = np.zeros(len(edges), dtype=np.int64)
        sure = self._alone(edges, edges.inter == edges.union)
        return self._of_pairs(edges[self._aligned(edges, 1 + zeros, zeros, sure)], None)

    def token(self) -> Counts:
        """:mod:`vostochny.eval.entity_token`."""
        ours, theirs, edges = self.ours, self.theirs, self.edges
        first, second = fresh_starts(ours), fresh_starts(theirs)
        same = ours.type[edges.gold] == theirs.type[edges.other]
        i, j = edges.gold[same], edges.other[same]
        both = np.minimum(ours.end[i], theirs.end[j]) - np.maximum(first[i], second[j])
        credit = np.maximum(both, 0)
        n_other = self._per_block(theirs.block, theirs.end - second)
        if len(self.unsound):
            n_other = n_other + self._per_block(self.unsound.block, self.unsound.length)
        return _stacked(
            self._per_block(theirs.block[j], credit),
            n_other,
            self._per_block(ours.block[i], credit),
            self._per_block(ours.block, ours.end - first),
        )

    def label(self) -> Contingency:
        """:mod:`vostochny.eval.entity_label`."""
        edges = self.edges
        edges = edges[edges.inter == edges.union]
        same = self.ours.type[edges.gold] == self.theirs.type[edges.other]
        pairs = edges[self._aligned(edges, np.ones(len(edges), dtype=np.int64), same.astype(np.int64), same)]
        gold, other = self.ours[pairs.gold], self.theirs[pairs.other]
        return Contingency.of_codes(gold.block, gold.type, other.type, self.types)

    def errors(self) -> dict[Path, Contingency]:
        """:mod:`vostochny.eval.entity_errors`."""
        edges, ours, theirs = self.similar, self.ours, self.theirs
        same_type = ours.type[edges.gold] == theirs.type[edges.other]
        strict = same_type & (edges.inter == edges.union)
        chosen = self._aligned(edges, strict.astype(np.int64), same_type.astype(np.int64), strict)
        pairs = edges[chosen]
        missed = np.ones(len(ours), dtype=np.bool_)
        missed[pairs.gold] = False
        spurious = np.ones(len(theirs), dtype=np.bool_)
        spurious[pairs.other] = False
        blocks = np.concatenate(
            [ours.block[pairs.gold], ours.block[missed], theirs.block[spurious], self.unsound.block]
        )
        n_missed, n_spurious = int(missed.sum()), int(spurious.sum()) + len(self.unsound)
        none = len(self.types)
        gold = np.concatenate([ours.type[pairs.gold], ours.type[missed], np.full(n_spurious, none)])
        other = np.concatenate(
            [theirs.type[pairs.other], np.full(n_missed, none), theirs.type[spurious], self.unsound.type]
        )
        where = np.concatenate([(pairs.inter == pairs.union).astype(np.int64), np.full(n_missed + n_spurious, 2)])
        what = np.concatenate([3 + same_type[chosen], np.full(n_missed, 5), np.full(n_spurious, 6)])
        return {
            ("errors", "boundary"): Contingency.of_codes(blocks, where, what, _BOUNDARY),
            ("errors", "types"): Contingency.of_codes(blocks, gold, other, (*self.types, NONE)),
        }

    def _aligned(
        self, edges: Edges, first: Ints, last: Ints, sure: NDArray[np.bool_], *, typed: bool = True
    ) -> NDArray[np.intp]:
        """The edges that the alignment by (``first``, intersection over union, ``last``) chooses.

        Edges of equal mentions that are ``sure`` (with all edges of mentions equal to these) are chosen in any
        case, as many as can be. Mentions are equal with their types where the result is ``typed``.
        """
        ours, theirs = (ranks[1 if typed else 0] for ranks in (self._ours_ranks, self._theirs_ranks))
        settled = np.flatnonzero(sure & (ours[edges.gold] == theirs[edges.other]))
        free_ours, free_theirs = np.ones(len(ours), dtype=np.bool_), np.ones(len(theirs), dtype=np.bool_)
        free_ours[edges.gold[settled]] = False
        free_theirs[edges.other[settled]] = False
        rest = np.flatnonzero(free_ours[edges.gold] & free_theirs[edges.other])
        looks = (
            each.block * len(self.types) + each.type if typed else each.block
            for each in (self.ours, self.theirs)
        )
        credits = Credits(first[rest], last[rest], *looks, self.types)
        return np.concatenate([settled, rest[aligned(self.ours, self.theirs, edges[rest], credits)]])

    @cached_property
    def _ours_ranks(self) -> tuple[Ints, Ints]:
        return _ranks(np.sort(self.keys.gold, kind="stable"), self.keys.type_bits)

    @cached_property
    def _theirs_ranks(self) -> tuple[Ints, Ints]:
        return _ranks(np.sort(self.keys.other, kind="stable"), self.keys.type_bits)

    def _alone(self, edges: Edges, same: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Of the edges of equal stretches those one mention of which overlaps nothing else.

        They are part of every best alignment: whoever took the other mention would gain less.
        """
        left = np.bincount(edges.gold, minlength=len(self.ours))[edges.gold]
        right = np.bincount(edges.other, minlength=len(self.theirs))[edges.other]
        return same & ((left == 1) | (right == 1))

    def _halved(self, edges: Edges) -> NDArray[np.bool_]:
        """Edges of a stretch S whose two mentions might as well be aligned with a half of S each.

        Mentions g and p of the same stretch S are in every best *partial* alignment but for this case. If g
        were aligned with p' and p with g' instead, that would earn 1/2 + 1/2, as much as g with p; if p' and g'
        overlap, they earn more together with g and p. If not, the intersections over union of p' and g'
        with S sum to at most 1, and to 1 only if p' and g' are two parts that make up S.
        """
        ours, theirs = self.ours, self.theirs
        i, j = edges.gold, edges.other
        starts, ends = ours.start[i] == theirs.start[j], ours.end[i] == theirs.end[j]
        outcomes = []
        for rows, inside, n in ((i, ours.length[i], len(ours)), (j, theirs.length[j], len(theirs))):
            part = (edges.union == inside) & (edges.inter < inside)
            for touching in (starts, ends):
                flags = np.zeros(n, dtype=np.bool_)
                flags[rows[part & touching]] = True
                outcomes.append(flags[rows])
        gold_first, gold_last, other_first, other_last = outcomes
        return (gold_first & other_last) | (gold_last & other_first)

    def _of_pairs(self, pairs: Edges, credit: NDArray[np.float64] | None) -> Counts:
        tp_other = self._per_block(self.theirs.block[pairs.other], credit)
        return self._counts(tp_other, self._per_block(self.ours.block[pairs.gold], credit))

    def _counts(self, tp_other: NDArray[Any], tp_gold: NDArray[Any] | None = None) -> Counts:
        """Counts in which every mention is one unit."""
        strict = self.sums[0].stored
        return _stacked(tp_other, strict[:, 1], tp_other if tp_gold is None else tp_gold, strict[:, 3])

    def _per_block(self, blocks: Ints, weights: NDArray[Any] | None = None) -> NDArray[Any]:
        return np.bincount(blocks, weights, minlength=self.n_blocks)


@lru_cache(maxsize=16)
def _coded(labels: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], tuple[Ints | None, ...]]:
    """All labels in the order of their codes, and what code each label of each tuple has (None: its place)."""
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


_BOUNDARY = ("overlap", "same", NONE, "other_type", "same_type", "missed", "spurious")


def _stacked(*columns: NDArray[Any]) -> Counts:
    return Counts(np.stack(columns, axis=1).astype(np.float64, copy=False))
