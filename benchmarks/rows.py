"""What is measured: each row makes inputs of a size and calls to be timed on them, ours and the peers'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from benchmarks import rows_agreement, rows_articles, rows_compare, rows_entities, rows_layers, rows_links
from benchmarks.measure import Call

_SLOW = rows_compare.RESAMPLED, rows_compare.STRICT
_UNITS = 10_000, 100_000, 1_000_000
TOKENS = (10_000, 100_000, 1_000_000, 10_000_000)


@dataclass(frozen=True)
class Row:
    """Calls on inputs of several sizes.

    ``limits`` gives the largest size at which a slow call is run, ``scales`` how often the work of a call
    would have to be done (a peer that resamples 1,000 times is timed over a few resamples). A row that has
    no peer may be measured ``beside`` the others, on another core.
    """

    unit: str
    sizes: tuple[int, ...]
    make: Callable[[int], Mapping[str, Call]]
    limits: Mapping[str, int] = field(default_factory=dict)
    scales: Mapping[str, int] = field(default_factory=dict)
    beside: bool = False


ROWS = {
    "entities": Row("tokens", TOKENS, rows_entities.calls),
    "layers": Row("tokens", TOKENS, rows_layers.calls, limits={"nervaluate": 1_000_000}),
    "bootstrap": Row(
        "tokens",
        TOKENS[1:],
        rows_compare.calls,
        limits=dict.fromkeys(_SLOW, 100_000),
        scales=dict.fromkeys(_SLOW, rows_compare.RESAMPLES // rows_compare.SAMPLED),
    ),
    "ceafe": Row(
        "mentions",
        (1_000, 10_000, 100_000),
        rows_links.calls,
        limits={"coval's algorithm": 10_000, "scorch": 10_000},
    ),
    "alpha": Row("units", _UNITS, rows_agreement.calls),
    "alpha, two labels": Row("units", _UNITS, partial(rows_agreement.calls, n_labels=2)),
    "articles": Row("documents", (1_000, 10_000, 100_000), rows_articles.calls, beside=True),
}


@dataclass(frozen=True)
class Goal:
    """A ratio to reach, at one size: a peer's time by ours at least, or ours by a peer's at most.

    Without either, the first ratio is given for comparison.
    """

    work: str
    row: str
    ours: str
    peer: str
    size: int
    at_least: float | None = None
    at_most: float | None = None


ARRAYS, TAGS = rows_entities.ARRAYS, rows_entities.TAGS
_ARRAYS = "spans in arrays → strict F1 with all types"
_TAGS = "BIO tags → strict F1 with all types"
_LAYERS = "layers in JSONL → all entity metrics, file to figures"
_BOOTSTRAP = "paired bootstrap, 1,000 resamples, tags in"
_CEAFE = "CEAFe"
GOALS = (
    Goal(_ARRAYS, "entities", ARRAYS, "seqeval F1", 1_000_000, at_least=200),
    Goal(_ARRAYS, "entities", ARRAYS, "sorting the keys", 1_000_000, at_most=8),
    Goal(_TAGS, "entities", TAGS, "seqeval F1", 1_000_000, at_least=8),
    Goal(_TAGS, "entities", TAGS, "seqeval strict F1", 1_000_000, at_least=15),
    Goal(_TAGS, "entities", TAGS, "seqeval report", 1_000_000, at_least=40),
    Goal(_LAYERS, "layers", "ours", "msgspec, decoding only", 1_000_000, at_most=2.5),
    Goal(_LAYERS, "layers", "ours", "orjson, decoding only", 1_000_000, at_most=2.5),
    Goal(_LAYERS, "layers", "ours", "nervaluate", 1_000_000, at_least=5),
    Goal(_BOOTSTRAP, "bootstrap", "ours", rows_compare.STRICT, 100_000, at_least=5_000),
    Goal(_BOOTSTRAP, "bootstrap", "ours", rows_compare.RESAMPLED, 100_000),
    Goal(
        f"{_BOOTSTRAP}, nothing else",
        "bootstrap",
        rows_compare.ALONE,
        rows_compare.RESAMPLED,
        100_000,
        at_least=5_000,
    ),
    Goal(_BOOTSTRAP, "bootstrap", "ours", rows_compare.CACHED, 100_000, at_least=1.2),
    Goal(_BOOTSTRAP, "bootstrap", "ours", rows_compare.CACHED, 10_000_000, at_least=2.5),
    Goal(_CEAFE, "ceafe", "ours", "coval's algorithm", 10_000, at_least=100),
    Goal(_CEAFE, "ceafe", "ours", "scorch", 10_000, at_least=40),
    Goal(_CEAFE, "ceafe", "ours", "dense solver", 100_000, at_least=8),
    Goal("nominal α, 3 annotators, 18 labels", "alpha", "ours", "krippendorff", 1_000_000, at_least=5),
    Goal("the same, 2 labels", "alpha, two labels", "ours", "krippendorff", 1_000_000, at_least=5),
)
GROWTH = (("quotes and claims", "articles", 11.0),)
"""Work, row, and by how much the time may grow when the work is ten times as large."""

MEMORY = 1024.0
"""MiB that ten million tokens may take."""
