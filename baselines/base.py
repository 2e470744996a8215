"""What an extractor is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from vostochny.schema.model import Document, Layer


@runtime_checkable
class Extractor(Protocol):
    """Anything that says something of a document."""

    def extract(self, document: Document) -> Layer:
        """A layer for the document; parts that are not attempted stay None."""
        ...


@runtime_checkable
class Trainable(Extractor, Protocol):
    """An extractor that learns from layers of other documents first."""

    def fit(self, documents: Sequence[Document], layers: Sequence[Layer]) -> None:
        """Learn from annotated documents; the two sequences run in parallel."""
        ...


@dataclass(frozen=True, slots=True)
class Baseline:
    """A registry entry.

    ``task`` is entities, quotes or claims; ``trained`` says that the extractor has to ``fit`` and is
    therefore run leave-one-document-out.
    """

    name: str
    task: str
    summary: str
    factory: Callable[[], Extractor]
    trained: bool = False
