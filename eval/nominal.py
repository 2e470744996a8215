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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contingency:
    """How often each pair of labels (reference, other) occurs, per block: ``{(block, gold, other): n}``."""

    cells: Mapping[tuple[int, str, str], int]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str, str]]) -> Contingency:
        """Count ``(block, reference label, other label)`` triples."""
        return cls(Counter(pairs))

    def shifted(self, by: int) -> Contingency:
        """The same with block numbers raised by ``by``."""
        return Contingency({(block + by, a, b): n for (block, a, b), n in self.cells.items()})

    @classmethod
    def union(cls, parts: Iterable[Contingency]) -> Contingency:
        """The sum of several tables."""
        total: Counter[tuple[int, str, str]] = Counter()
        for part in parts:
            total.update(part.cells)
        return cls(total)

    @property
    def table(self) -> Counter[tuple[str, str]]:
        """Pairs of labels, summed over the blocks."""
        total: Counter[tuple[str, str]] = Counter()
        for (_, a, b), n in self.cells.items():
            total[a, b] += n
        return total

    @property
    def n(self) -> int:
        """Number of pairs."""
        return sum(self.cells.values())

    @property
    def correct(self) -> int:
        """Number of pairs with equal labels."""
        return sum(n for (_, a, b), n in self.cells.items() if a == b)

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
        for (_, a, b), n in self.cells.items():
            left[a] += n
            right[b] += n
        return left, right
