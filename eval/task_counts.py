"""All counts of one task: per measure and block, mergeable over documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from vostochny.eval.counts import Counts
from vostochny.eval.nominal import Contingency

Path = tuple[str, ...]
"""A measure's place in the report, such as ``("by_type", "PERSON")``."""


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Counts of one task over ``n_blocks`` blocks.

    ``measures`` are scored by precision, recall and F1; ``attributes`` are labels on aligned pairs, scored by
    accuracy and κ; ``matrices`` are tables of numbers only; ``means`` are means of F1 scores, each with the
    measures that it is the mean of.
    """

    n_blocks: int
    measures: Mapping[Path, Counts] = field(default_factory=dict)
    attributes: Mapping[Path, Contingency] = field(default_factory=dict)
    matrices: Mapping[Path, Contingency] = field(default_factory=dict)
    means: Mapping[Path, tuple[Path, ...]] = field(default_factory=dict)

    def within(self, start: int, stop: int) -> TaskCounts:
        """The counts of the blocks ``start … stop - 1``, without the types that do not occur in them.

        The tables must be sorted by block.
        """
        measures = {path: counts.within(start, stop) for path, counts in self.measures.items()}
        return replace(
            self,
            n_blocks=stop - start,
            measures={p: c for p, c in measures.items() if p[0] != "by_type" or c.stored.any()},
            attributes={path: table.within(start, stop) for path, table in self.attributes.items()},
            matrices={path: table.within(start, stop) for path, table in self.matrices.items()},
        )

    def reordered(self, order: NDArray[np.int64]) -> TaskCounts:
        """The counts with block ``order[n]`` in place ``n`` (``[n_blocks]``)."""
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        return replace(
            self,
            measures={path: Counts(counts.stored[order]) for path, counts in self.measures.items()},
            attributes={path: table.renumbered(place) for path, table in self.attributes.items()},
            matrices={path: table.renumbered(place) for path, table in self.matrices.items()},
        )

    @classmethod
    def concatenate(cls, parts: Iterable[TaskCounts]) -> TaskCounts:
        """The counts of several documents, blocks in the order given; what a part lacks is zero in it."""
        listed = list(parts)
        if len(listed) == 1:
            return listed[0]
        return cls(
            n_blocks=sum(p.n_blocks for p in listed),
            measures={
                path: Counts.concatenate(p.measures.get(path, Counts.zeros(p.n_blocks)) for p in listed)
                for path in _paths(p.measures for p in listed)
            },
            attributes=_union([(p.n_blocks, p.attributes) for p in listed]),
            matrices=_union([(p.n_blocks, p.matrices) for p in listed]),
            means={path: members for p in listed for path, members in p.means.items()},
        )


class Parts(Mapping[str, TaskCounts]):
    """The counts of documents as parts of counts over all of them.

    ``whole`` has the blocks of all documents one after the other; ``sizes`` are the documents' numbers of
    blocks, by document and in that order.
    """

    def __init__(self, whole: TaskCounts, sizes: Mapping[str, int]) -> None:
        self.whole = whole
        self.sizes = sizes
        starts = accumulate(sizes.values(), initial=0)
        self._bounds = {
            name: (start, size) for (name, size), start in zip(sizes.items(), starts, strict=False)
        }

    @classmethod
    def joined(cls, parts: Iterable[Parts]) -> Parts:
        """The counts of all documents of several parts (different ones in each), sorted by document."""
        listed = list(parts)
        sizes = {name: size for each in listed for name, size in each.sizes.items()}
        whole = TaskCounts.concatenate(each.whole for each in listed)
        names = sorted(sizes)
        if names != list(sizes):
            starts = dict(zip(sizes, accumulate(sizes.values(), initial=0), strict=False))
            ranges = [np.arange(starts[name], starts[name] + sizes[name]) for name in names]
            whole = whole.reordered(np.concatenate(ranges))
        return cls(whole, {name: sizes[name] for name in names})

    def __getitem__(self, name: str) -> TaskCounts:
        start, size = self._bounds[name]
        return self._sorted.within(start, start + size)

    def __iter__(self) -> Iterator[str]:
        return iter(self._bounds)

    def __len__(self) -> int:
        return len(self._bounds)

    @cached_property
    def _sorted(self) -> TaskCounts:
        whole = self.whole
        return replace(
            whole,
            attributes={path: table.by_block() for path, table in whole.attributes.items()},
            matrices={path: table.by_block() for path, table in whole.matrices.items()},
        )


def _union(parts: list[tuple[int, Mapping[Path, Contingency]]]) -> dict[Path, Contingency]:
    out: dict[Path, Contingency] = {}
    for path in _paths(tables for _, tables in parts):
        shifted, offset = [], 0
        for n_blocks, tables in parts:
            if path in tables:
                shifted.append(tables[path].shifted(offset))
            offset += n_blocks
        out[path] = Contingency.union(shifted)
    return out


def _paths(parts: Iterable[Iterable[Path]]) -> list[Path]:
    """All paths in the order of the first part that has them, members of one group next to each other."""
    found = dict.fromkeys(path for part in parts for path in part)
    groups: dict[str, list[Path]] = {}
    for path in found:
        groups.setdefault(path[0], []).append(path)
    return [
        path for group in groups.values() for path in (sorted(group) if group[0][0] == "by_type" else group)
    ]
