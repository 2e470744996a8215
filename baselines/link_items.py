"""The items that links are about: mentions of names, quotes and claims, with their texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from vostochny.schema.labels import NAME_TYPES
from vostochny.schema.model import Claim, Document, Layer, Mention, Quote, Ref, Span, bounds

Kind = TypeVar("Kind", Mention, Quote, Claim)


@dataclass(frozen=True, slots=True)
class Item(Generic[Kind]):
    """An item of a document's layer; ``text`` is what linkers compare, ``place`` first and last offset."""

    ref: Ref
    place: tuple[int, int]
    text: str
    value: Kind


def mentions(documents: Sequence[Document], layers: Sequence[Layer]) -> list[Item[Mention]] | None:
    """The mentions of names; those of values (dates, numbers, …) name no entity.

    Like the other parts: by document and place, whatever the order of the documents; None if no layer
    has the part.
    """
    found = [
        Item(Ref(layer.document, m.id), (m.start, m.end), document.slice(m.span), m)
        for document, layer in zip(documents, layers, strict=True)
        for m in layer.mentions or ()
        if m.type in NAME_TYPES
    ]
    return _in_order(found) if any(layer.mentions is not None for layer in layers) else None


def quotes(documents: Sequence[Document], layers: Sequence[Layer]) -> list[Item[Quote]] | None:
    """The quotes; their text is the content, fragments joined by a space."""
    found = [
        Item(Ref(layer.document, q.id), bounds(q.content), _joined(document, q.content), q)
        for document, layer in zip(documents, layers, strict=True)
        for q in layer.quotes or ()
    ]
    return _in_order(found) if any(layer.quotes is not None for layer in layers) else None


def claims(documents: Sequence[Document], layers: Sequence[Layer]) -> list[Item[Claim]] | None:
    """The claims; their text is the proposition, or without one the spans, joined by a space."""
    found = [
        Item(Ref(layer.document, c.id), bounds(c.spans), c.proposition or _joined(document, c.spans), c)
        for document, layer in zip(documents, layers, strict=True)
        for c in layer.claims or ()
    ]
    return _in_order(found) if any(layer.claims is not None for layer in layers) else None


def _joined(document: Document, spans: Iterable[Span]) -> str:
    return " ".join(document.slice(span) for span in spans)


def _in_order(items: list[Item[Kind]]) -> list[Item[Kind]]:
    return sorted(items, key=lambda item: (item.ref.document, item.place, item.ref.id))
