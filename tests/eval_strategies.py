"""Hypothesis strategies for layers that are scored, and how tests score them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from vostochny.eval import score
from vostochny.eval.report import Report
from vostochny.schema.model import Claim, Document, Layer, Mention, Quote, Region, Span
from vostochny.schema.text import tokenize

N = 16
"""Tokens of a test document, in four sentences and two paragraphs; token n is [3n, 3n + 2)."""

NAMES = ("one", "two")


def document(name: str) -> Document:
    text = " ".join(f"w{n:x}" for n in range(N))
    sentences = tuple((12 * n, 12 * n + 11) for n in range(4))
    return Document(
        name, text, (Region(0, 23, "body"), Region(24, 47, "body")), sentences, tokenize(text), "0" * 64
    )


DOCUMENTS = {name: document(name) for name in NAMES}

ENDS = st.tuples(st.integers(0, N - 1), st.integers(1, 6)).map(lambda t: (t[0], min(t[0] + t[1], N)))
SPAN = ENDS.map(lambda t: Span(3 * t[0], 3 * t[1] - 1))
SPANS = st.lists(SPAN, min_size=1, max_size=2).map(tuple)
NAME = st.sampled_from(["a", "b", "unnamed"])


def numbered(make: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Up to five items, with ids by place."""
    return st.lists(make, max_size=5).map(
        lambda items: tuple(replace(item, id=f"i{n}") for n, item in enumerate(items))
    )


MENTIONS = numbered(
    st.builds(
        lambda span, kind: Mention("", span.start, span.end, None, kind),
        SPAN,
        st.sampled_from(["PERSON", "GPE", "DATE"]),
    )
)
QUOTES = numbered(
    st.builds(
        Quote,
        id=st.just(""),
        content=SPANS,
        verbatim=st.just(()) | SPANS,
        source=st.none() | SPAN,
        cue=st.just(()) | SPANS,
        speaker=st.none() | NAME,
        within=st.none() | st.sampled_from(["i0", "i1", "i9"]),
        medium=st.sampled_from(["speech", "writing"]),
        polarity=st.sampled_from(["positive", "negative"]),
    )
)
CLAIMS = numbered(
    st.builds(
        Claim,
        id=st.just(""),
        spans=SPANS,
        voice=st.sampled_from(["author", "attributed"]),
        claimer=st.none() | NAME,
        type=st.sampled_from(["fact", "opinion"]),
        certainty=st.sampled_from(["asserted", "hedged"]),
    )
)


def layers(name: str) -> st.SearchStrategy[Layer]:
    return st.builds(
        Layer, document=st.just(name), annotator=st.just("x"), mentions=MENTIONS, quotes=QUOTES, claims=CLAIMS
    )


ONE = layers("one")


def scored(gold: list[Layer], predictions: list[Layer], **options: Any) -> Report:
    return score(gold, predictions, documents=DOCUMENTS, **{"n_boot": 0, **options})


def totals(report: Report) -> dict[tuple[str, ...], Any]:
    """All measures' totals by task and path."""
    return {
        (task, *path): counts.totals
        for task in report.options.tasks
        for path, counts in report.counts(task).measures.items()
    }


def shuffled(draw: Callable[[Any], Any], layer: Layer) -> Layer:
    """The layer with its items in another order."""
    parts = {
        part: tuple(draw(st.permutations(getattr(layer, part)))) for part in ("mentions", "quotes", "claims")
    }
    return replace(layer, **parts)
