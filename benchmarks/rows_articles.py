"""Quotes and claims of synthetic articles: growth with the number of documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import cycle

from benchmarks.articles import articles
from benchmarks.measure import Call
from vostochny.eval import score
from vostochny.schema.model import Document, Layer

DISTINCT = 1_000
"""Articles that are made; more documents are these again, under new ids."""


def calls(n_documents: int) -> Mapping[str, Call]:
    """Ours."""
    made = list(articles(min(n_documents, DISTINCT)))
    names = [f"article-{n}" for n in range(n_documents)]

    def documents() -> Iterator[Document]:
        return (replace(each.document, id=name) for name, each in zip(names, cycle(made), strict=False))

    def layers(side: str) -> Iterator[Layer]:
        return (
            replace(getattr(each, side), document=name)
            for name, each in zip(names, cycle(made), strict=False)
        )

    def ours() -> float | None:
        report = score(
            layers("gold"), layers("predicted"), documents=documents(), tasks=["quotes", "claims"], n_boot=0
        )
        return report.f1("quotes", "content_token")

    return {"ours": ours}
