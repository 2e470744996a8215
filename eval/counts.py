"""Counts over blocks, and the scores that follow from them.

A block is a paragraph (region). Every measure first yields four numbers a block::

    tp_pred   credit of the predicted items that start in the block (precision's numerator)
    n_pred    predicted items (or tokens) that start in the block (precision's denominator)
    tp_gold   credit of the gold items that start in the block (recall's numerator)
    n_gold    gold items (or tokens) that start in the block (recall's denominator)

The two credits are one number in most measures, but the two items of an aligned pair may start in
different blocks, and a measure may credit the sides differently (partial quotes). Only
counts are ever added; finished scores never are (micro-averaging; van Rijsbergen, Information Retrieval,
2nd ed. 1979, ch. 7):

    P = Σ tp_pred / Σ n_pred      R = Σ tp_gold / Σ n_gold      F1 = 2PR / (P + R)

What is undefined is None: P when nothing was predicted, R when gold has nothing, F1 when both. Where
one side has something and nothing was hit, F1 is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

TP_PRED, N_PRED, TP_GOLD, N_GOLD = range(4)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """One measure's counts, ``[n_blocks, 4]`` numbers with columns as in the module's text.

    ``stored`` may be of any real type, small whole numbers where there are many blocks; reckon with
    ``values``.
    """

    stored: NDArray[Any]

    @property
    def values(self) -> Floats:
        """The numbers as floating point numbers, in which no sum runs over."""
        return self.stored.astype(np.float64, copy=False)

    @property
    def n_blocks(self) -> int:
        """Number of blocks counted over."""
        return int(self.stored.shape[0])

    @property
    def totals(self) -> Totals:
        """The sums over all blocks."""
        tp_pred, n_pred, tp_gold, n_gold = (float(v) for v in self.stored.sum(axis=0, dtype=np.float64))
        return Totals(tp_pred, n_pred, tp_gold, n_gold)

    @classmethod
    def zeros(cls, n_blocks: int) -> Counts:
        """Nothing in gold and nothing predicted, in ``n_blocks`` blocks."""
        return cls(np.zeros((n_blocks, 4), dtype=np.uint8))

    def within(self, start: int, stop: int) -> Counts:
        """The blocks ``start … stop - 1``."""
        return Counts(self.stored[start:stop])

    @classmethod
    def concatenate(cls, parts: Iterable[Counts]) -> Counts:
        """The counts of several documents, their blocks one after the other."""
        listed = [each.stored for each in parts if each.n_blocks]
        return cls(np.concatenate(listed) if listed else np.zeros((0, 4), dtype=np.float64))


@dataclass(frozen=True, slots=True)
class Totals:
    """Summed counts and the scores they give: none at all (None) unless ``scored``."""

    tp_pred: float
    n_pred: float
    tp_gold: float
    n_gold: float
    scored: bool = True

    @property
    def precision(self) -> float | None:
        """Σ tp_pred / Σ n_pred; None when nothing was predicted."""
        return self.tp_pred / self.n_pred if self.scored and self.n_pred else None

    @property
    def recall(self) -> float | None:
        """Σ tp_gold / Σ n_gold; None when gold has nothing."""
        return self.tp_gold / self.n_gold if self.scored and self.n_gold else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; 0 without a hit; None when neither side has anything."""
        if not self.scored or not (self.n_pred or self.n_gold):
            return None
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


class Tally:
    """Collects one measure's counts over one document.

    ``gold`` and ``predicted`` enter an item into its block, with its size (1, or a number of tokens);
    ``hit`` credits an aligned pair, each side in its own item's block.
    """

    def __init__(self, n_blocks: int) -> None:
        self._values = np.zeros((n_blocks, 4), dtype=np.float64)

    def gold(self, block: int, size: float = 1) -> None:
        """Enter a gold item of ``size`` units that starts in ``block``."""
        self._values[block, N_GOLD] += size

    def predicted(self, block: int, size: float = 1) -> None:
        """Enter a predicted item of ``size`` units that starts in ``block``."""
        self._values[block, N_PRED] += size

    def hit(
        self, gold_block: int, predicted_block: int, credit: float = 1, predicted_credit: float | None = None
    ) -> None:
        """Credit a pair; ``predicted_credit`` only where the sides earn different credit."""
        self._values[gold_block, TP_GOLD] += credit
        self._values[predicted_block, TP_PRED] += credit if predicted_credit is None else predicted_credit

    @property
    def counts(self) -> Counts:
        """What has been collected so far."""
        return Counts(self._values.copy())


def f1_of(totals: Floats) -> Floats:
    """F1 of many summed counts at once: ``[..., 4]`` to ``[...]``, NaN where :attr:`Totals.f1` is None."""
    tp_pred, n_pred, tp_gold, n_gold = (totals[..., k] for k in range(4))
    precision = np.divide(tp_pred, n_pred, out=np.zeros_like(tp_pred), where=n_pred > 0)
    recall = np.divide(tp_gold, n_gold, out=np.zeros_like(tp_gold), where=n_gold > 0)
    both = precision + recall
    f1 = np.divide(2 * precision * recall, both, out=np.zeros_like(both), where=both > 0)
    return np.where((n_pred > 0) | (n_gold > 0), f1, np.nan)


def mean_defined(values: Sequence[float | None]) -> float | None:
    """Mean of the values that are defined; None if none is."""
    defined = [v for v in values if v is not None]
    return sum(defined) / len(defined) if defined else None
