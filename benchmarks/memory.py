"""Peak of resident memory for scoring ten million tokens, as tags and as arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import generator
from benchmarks.measure import reset_peak, resident
from benchmarks.rows_entities import from_arrays, from_tags

SIZE = 10_000_000


def measured_memory(form: str, n_tokens: int) -> dict[str, Any]:
    """MiB resident with the input made, and at the peak while it is scored; the interpreter is in both."""
    run = FORMS[form](n_tokens)
    reset_peak()
    before = resident()
    run()
    return {"before": before, "peak": resident(peak=True)}


def _arrays(n_tokens: int) -> Callable[[], object]:
    truth = generator.gold(n_tokens)
    found = generator.output(truth)
    return lambda: from_arrays(truth, found)


def _tags(n_tokens: int) -> Callable[[], object]:
    truth = generator.gold(n_tokens)
    gold, predicted = truth.tags(), generator.output(truth).tags()
    return lambda: from_tags(gold, predicted)


FORMS: dict[str, Callable[[int], Callable[[], object]]] = {"tags": _tags, "arrays": _arrays}
