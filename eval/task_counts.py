"""All counts of one task: per measure and block, mergeable over documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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

    @classmethod
    def concatenate(cls, parts: Iterable[TaskCounts]) -> TaskCounts:
        """The counts of several documents, blocks in the order given; what a part lacks is zero in it."""
        listed = list(parts)
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
