"""Division for items that may be absent from a side."""

from __future__ import annotations

import numpy as np

from vostochny.eval.counts import Floats


def share(part: Floats, whole: Floats) -> Floats:
    """``part / whole`` item by item; 0 where there is no whole, or less than nothing of it."""
    out = np.zeros_like(whole)
    np.divide(np.maximum(part, 0), whole, out=out, where=whole > 0)
    return out
