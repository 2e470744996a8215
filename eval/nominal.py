"""Agreement of labels on aligned pairs: accuracy, macro-F1, Cohen's κ, confusion.

Over n aligned pairs of labels (reference, other), with p_o the share of equal pairs:

* accuracy = p_o;
* macro-F1 = the mean, over the labels that occur on either side, of 2·n_ll / (n_l· + n_·l);
* κ = (p_o - p_e) / (1 - p_e) with p_e = Σ_l n_l· n_·l / n² (Cohen, "A coefficient of agreement for nominal
  scales", Educational and Psychological Measurement 20, 1960). Undefined (None) where p_e = 1: both sides
  use one and the same label throughout, and chance explains everything.

All are None for n = 0. They speak of aligned pairs only: how many items were found at all is what the
end-to-end F1 scores say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Cell = tuple[int, str, str]
"""Block, reference label, other label."""

_FEW = 2**16
"""Up to so many pairs of labels have a place of their own in a table."""

_Codes = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False, init=False)
class Contingency:
    """How often each pair of labels (reference, other) occurs, per block.

    Kept as arrays with a row a pair, or a number of equal pairs: ``block``, ``gold`` and ``other`` (places in
    ``labels``) and ``n``.
    """

    block: _Codes
    gold: _Codes
    other: _Codes
    n_each: _Codes
    labels: tuple[str, ...]

    def __init__(self, cells: Mapping[Cell, int]) -> None:
        labels = sorted({label for _, a, b in cells for label in (a, b)})
        code = {label: n for n, label in enumerate(labels)}
        rows = [(block, code[a], code[b], n) for (block, a, b), n in cells.items()]
        block, gold, other, n_each = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        self._set(block, gold, other, n_each, tuple(labels))

    def _set(
        self, block: _Codes, gold: _Codes, other: _Codes, n_each: _Codes, labels: tuple[str, ...]
    ) -> None:
        for name, value in zip(
            ("block", "gold", "other", "n_each", "labels"), (block, gold, other, n_each, labels), strict=True
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, pairs: Iterable[Cell]) -> Contingency:
        """Count ``(block, reference label, other label)`` triples."""
        return cls(Counter(pairs))

    @classmethod
    def of_codes(
        cls, block: _Codes, gold: _Codes, other: _Codes, labels: Sequence[str], n_each: _Codes | None = None
    ) -> Contingency:
        """A table of pairs in arrays: ``gold[k]`` and ``other[k]`` are places in ``labels``.

        ``n_each`` says how often each pair occurs (None: once).
        """
        out = cls.__new__(cls)
        out._set(
            block, gold, other, np.ones(len(block), np.int64) if n_each is None else n_each, tuple(labels)
        )
        return out

    def __eq__(self, other: object) -> bool:
        return self.cells == other.cells if isinstance(other, Contingency) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Contingency({dict(self.cells)})"

    @cached_property
    def cells(self) -> Mapping[Cell, int]:
        """The table as ``{(block, reference label, other label): n}``."""
        names = self.labels
        out: Counter[Cell] = Counter()
        rows = (column.tolist() for column in (self.block, self.gold, self.other, self.n_each))
        for block, a, b, n in zip(*rows, strict=True):
            out[block, names[a], names[b]] += n
        return out

    def shifted(self, by: int) -> Contingency:
        """The same with block numbers raised by ``by``."""
        return self.of_codes(self.block + by, self.gold, self.other, self.labels, self.n_each)

    def renumbered(self, number: _Codes) -> Contingency:
        """The same with ``number[block]`` (``[n_blocks]``) for each block."""
        return self.of_codes(number[self.block], self.gold, self.other, self.labels, self.n_each)

    def by_block(self) -> Contingency:
        """The same, its rows sorted by block."""
        order = np.argsort(self.block, kind="stable")
        rows = (self.block[order], self.gold[order], self.other[order])
        return self.of_codes(*rows, self.labels, self.n_each[order])

    def within(self, start: int, stop: int) -> Contingency:
        """The blocks ``start … stop - 1``, numbered from 0, of a table whose rows are sorted by block."""
        part = slice(*np.searchsorted(self.block, [start, stop]).tolist())
        rows = (self.block[part] - start, self.gold[part], self.other[part])
        return self.of_codes(*rows, self.labels, self.n_each[part])

    @classmethod
    def union(cls, parts: Iterable[Contingency]) -> Contingency:
        """The sum of several tables."""
        listed = list(parts)
        labels = sorted({label for part in listed for label in part.labels})
        code = {label: n for n, label in enumerate(labels)}
        columns: list[list[_Codes]] = [[np.zeros(0, dtype=np.int64)] for _ in range(4)]
        for part in listed:
            codes = np.array([code[label] for label in part.labels], dtype=np.int64)
            rows = (part.block, codes[part.gold], codes[part.other], part.n_each)
            for column, values in zip(columns, rows, strict=True):
                column.append(values)
        block, gold, other, n_each = (np.concatenate(column) for column in columns)
        return cls.of_codes(block, gold, other, labels, n_each)

    @cached_property
    def table(self) -> Counter[tuple[str, str]]:
        """Pairs of labels, summed over the blocks."""
        names, size = self.labels, max(len(self.labels), 1)
        pairs = self.gold * size + self.other
        if size * size <= _FEW:
            found, place = np.arange(size * size), pairs
        else:
            found, place = np.unique(pairs, return_inverse=True)
        # Sums of whole numbers below 2^53 are exact in floating point.
        sums = np.bincount(place, self.n_each, minlength=len(found))
        return Counter(
            {
                (names[k // size], names[k % size]): int(n)
                for k, n in zip(found.tolist(), sums.tolist(), strict=True)
                if n
            }
        )

    @property
    def n(self) -> int:
        """Number of pairs."""
        return sum(self.table.values())

    @property
    def correct(self) -> int:
        """Number of pairs with equal labels."""
        return sum(n for (a, b), n in self.table.items() if a == b)

    @property
    def accuracy(self) -> float | None:
        """Share of pairs with equal labels."""
        return self.correct / self.n if self.n else None

    @property
    def macro_f1(self) -> float | None:
        """Mean F1 of the labels that occur."""
        table = self.table
        left, right = self._margins()
        labels = sorted(left.keys() | right.keys())
        if not labels:
            return None
        return sum(2 * table[label, label] / (left[label] + right[label]) for label in labels) / len(labels)

    @property
    def kappa(self) -> float | None:
        """Cohen's κ; None where chance agreement is 1."""
        n = self.n
        left, right = self._margins()
        # In whole numbers, so that p_e = 1 is seen exactly: κ = (n·Σn_ll - Σn_l·n_·l) / (n² - Σn_l·n_·l).
        chance = sum(left[label] * right[label] for label in left)
        return (n * self.correct - chance) / (n * n - chance) if n * n != chance else None

    def nested(self) -> dict[str, dict[str, int]]:
        """``{reference label: {other label: n}}``, sorted."""
        out: dict[str, dict[str, int]] = {}
        for (a, b), n in sorted(self.table.items()):
            out.setdefault(a, {})[b] = n
        return out

    def _margins(self) -> tuple[Counter[str], Counter[str]]:
        left: Counter[str] = Counter()
        right: Counter[str] = Counter()
        for (a, b), n in self.table.items():
            left[a] += n
            right[b] += n
        return left, right
