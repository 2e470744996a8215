"""Labels of several annotators to Krippendorff's nominal α."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks import generator
from benchmarks.measure import Call
from vostochny.eval.alpha import krippendorff_alpha


def calls(n_units: int, n_labels: int = 18) -> Mapping[str, Call]:
    """Ours and the package krippendorff on the same table of floats, NaN for missing."""
    import krippendorff

    table = generator.annotations(n_units, n_labels)
    return {
        "ours": lambda: krippendorff_alpha(table).alpha,
        "krippendorff": lambda: float(krippendorff.alpha(table, level_of_measurement="nominal")),
    }
