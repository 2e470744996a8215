"""Mentions of two sides as whole numbers that compare like (block, start, end, type).

A key packs block, start, length, type and side into one int64, so that sorting the keys of both sides brings
equal mentions next to each other. Where the numbers are too large for 63 bits, block, start and length
are replaced together by their rank, which sorts alike: slower, and just as exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vostochny.eval.spans import Ints, Spans

_BITS = 63
_LARGE = 2**31


@dataclass(frozen=True, eq=False)
class Side:
    """One side's mentions, types coded alike on both sides; ``block`` may be finer than ``document``."""

    document: Ints
    block: Ints
    start: Ints
    end: Ints
    type: Ints

    def __len__(self) -> int:
        return len(self.document)

    @cached_property
    def length(self) -> Ints:
        """Units of each mention."""
        return self.end - self.start

    def __getitem__(self, chosen: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Side:
        return Side(*(getattr(self, name)[chosen] for name in _COLUMNS))


_COLUMNS = ("document", "block", "start", "end", "type")


def side(spans: Spans, codes: Ints | None, blocks: Ints | None = None) -> Side:
    """Mentions with their types coded anew by ``codes`` (None: as they are)."""
    document, start, end, kind = (
        getattr(spans, name).astype(np.int64, copy=False) for name in ("document", "start", "end", "type")
    )
    return Side(
        document, document if blocks is None else blocks, start, end, kind if codes is None else codes[kind]
    )


@dataclass(frozen=True, eq=False)
class Keys:
    """The keys of both sides, gold's even and the other's odd; ``key >> type_bits + 1`` is a place.

    ``tables`` holds the block of each place where places are ranks.
    """

    gold: Ints
    other: Ints
    type_bits: int
    place_bits: int
    table: Ints | None = None

    @cached_property
    def merged(self) -> Ints:
        """All keys, sorted."""
        both = np.concatenate([self.gold, self.other])
        # Runs that are sorted already, as corpora mostly are, are merged in linear time by this kind.
        both.sort(kind="stable")
        return both

    def blocks(self, places: Ints) -> Ints:
        """The blocks of places."""
        return places >> self.place_bits if self.table is None else self.table[places]


def keys_of(gold: Side, other: Side, n_types: int, n_blocks: int, longest: int, last: int) -> Keys:
    """The keys of two sides; equal keys but for the side are equal mentions.

    ``longest`` is the greatest length and ``last`` the greatest end, on either side.
    """
    type_bits, length_bits, start_bits = _bits(n_types), _bits(longest + 1), _bits(last)
    if _bits(n_blocks) + start_bits + length_bits + type_bits + 1 <= _BITS:
        table = None
        places = [(((s.block << start_bits) | s.start) << length_bits) | s.length for s in (gold, other)]
    else:
        n = len(gold)
        ranks, table = _ranks(*(np.concatenate(each) for each in _paired(gold, other)))
        places = [ranks[:n], ranks[n:]]
    ours, theirs = (
        (((place << type_bits) | each.type) << 1) | odd
        for odd, (place, each) in enumerate(zip(places, (gold, other), strict=True))
    )
    return Keys(ours, theirs, type_bits, start_bits + length_bits, table)


def _paired(gold: Side, other: Side) -> list[tuple[Ints, Ints]]:
    return [(getattr(gold, name), getattr(other, name)) for name in ("block", "start", "length")]


def _ranks(block: Ints, start: Ints, length: Ints) -> tuple[Ints, Ints]:
    """The rank of each (block, start, length), and the block of each rank."""
    if len(block) >= _LARGE:
        raise MemoryError(f"{len(block)} mentions with such large offsets; score parts and merge the counts")
    rank = np.zeros(len(block), dtype=np.int64)
    for column in (block, start, length):
        values, places = np.unique(column, return_inverse=True)
        # Both factors are below 2^31.
        rank = np.unique(rank * len(values) + places, return_inverse=True)[1]
    table = np.zeros(int(rank.max(initial=-1)) + 1, dtype=np.int64)
    table[rank] = block
    return rank, table


def shared(groups: Ints, odd: Ints) -> Ints:
    """What both sides have: each value of sorted ``groups`` as often as the side that has fewer of it.

    ``odd`` is 1 for the other side's values, 0 for gold's.
    """
    if not len(groups):
        return groups
    bounds = np.empty(len(groups) + 1, dtype=np.bool_)
    bounds[0] = bounds[-1] = True
    np.not_equal(groups[1:], groups[:-1], out=bounds[1:-1])
    ends = bounds.nonzero()[0]
    first = ends[:-1]
    theirs = np.add.reduceat(odd, first)
    both = np.minimum(theirs, ends[1:] - first - theirs)
    found = both.nonzero()[0]
    return np.repeat(groups[first[found]], both[found])


def _bits(size: int) -> int:
    """Bits that hold 0 … size - 1."""
    return max(size - 1, 0).bit_length()


def sorted_side(each: Side, keys: Ints) -> Side:
    """A side in the order of its keys, itself if it is in that order."""
    if (keys[1:] >= keys[:-1]).all():
        return each
    return each[np.argsort(keys, kind="stable")]


def projected(each: Side, codes: Ints) -> Side:
    """A side with other type codes, without the mentions whose new code is negative."""
    types = codes[each.type]
    return replace(each, type=types)[types >= 0]
