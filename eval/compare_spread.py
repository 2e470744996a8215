"""How a difference is spread over the articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

import numpy as np

from vostochny.eval.compare_bootstrap import BLUR
from vostochny.eval.compare_measure import Measure
from vostochny.eval.counts import Floats


@dataclass(frozen=True, slots=True)
class Spread:
    """Two systems' scores by document, None where undefined."""

    documents: tuple[str, ...]
    baseline: tuple[float | None, ...]
    other: tuple[float | None, ...]

    @property
    def differences(self) -> tuple[float | None, ...]:
        """Other - baseline by document; None where either is undefined."""
        return tuple(
            None if a is None or b is None else b - a for a, b in zip(self.baseline, self.other, strict=True)
        )

    @property
    def defined(self) -> list[float]:
        """The differences that are defined."""
        return [each for each in self.differences if each is not None]

    @property
    def wins(self) -> int:
        """Number of documents on which the other system scores higher."""
        return sum(each > BLUR for each in self.defined)

    @property
    def losses(self) -> int:
        """Number of documents on which the baseline scores higher."""
        return sum(each < -BLUR for each in self.defined)

    def to_json(self) -> dict[str, Any]:
        """Summary of the differences (``sd`` with n - 1; null where there are too few), then all of them."""
        found = self.defined
        rows = zip(self.documents, self.baseline, self.other, self.differences, strict=True)
        return {
            "n": len(found),
            "mean": fmean(found) if found else None,
            "sd": stdev(found) if len(found) > 1 else None,
            "min": min(found, default=None),
            "max": max(found, default=None),
            "wins": self.wins,
            "losses": self.losses,
            "ties": len(found) - self.wins - self.losses,
            "documents": {
                name: {"baseline": ours, "f1": theirs, "difference": gap} for name, ours, theirs, gap in rows
            },
        }


def spread(
    measure: Measure, documents: Sequence[str], sizes: Sequence[int], baseline: Floats, other: Floats
) -> Spread:
    """Scores by document; ``sizes`` are the documents' numbers of blocks, in the order of the counts."""
    ours, theirs = (_by_document(measure, counts, sizes) for counts in (baseline, other))
    return Spread(tuple(documents), ours, theirs)


def _by_document(measure: Measure, counts: Floats, sizes: Sequence[int]) -> tuple[float | None, ...]:
    document = np.repeat(np.arange(len(sizes)), sizes)
    sums = np.zeros((len(sizes), *counts.shape[1:]))
    np.add.at(sums, document, counts[: len(document)])
    scores = measure.score(sums)
    return tuple(None if np.isnan(each) else float(each) for each in scores)
