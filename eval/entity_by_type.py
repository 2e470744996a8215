"""Entities, by type: the strict measure for each type by itself.

The strict counts add over types, so the types' counts sum to the strict counts. *Macro* F1 is the
unweighted mean of the F1 of the types that occur in gold (the "averaged F1" of Opitz & Burst, "Macro F1 and
Macro F1", arXiv:1911.03347); a predicted type that gold does not have costs precision in micro F1 but is no
member of the mean.
"""

from __future__ import annotations

import numpy as np

from vostochny.eval.counts import Counts
from vostochny.eval.spans_matching import Matching


def entity_by_type(matching: Matching) -> dict[str, Counts]:
    """Strict counts for each type that occurs in gold or prediction, by name."""
    table = matching.sums[1]
    there = set(np.flatnonzero(table.any(axis=(1, 2))).tolist())
    codes = sorted((name, code) for code, name in enumerate(matching.types))
    return {name: Counts(table[code]) for name, code in codes if code in there}
