"""What a linker is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from vostochny.schema.model import Document, Layer, Links


@runtime_checkable
class Linker(Protocol):
    """Anything that links the items of several documents' layers."""

    def link(self, documents: Sequence[Document], layers: Sequence[Layer]) -> Links:
        """Links over the layers' items; the two sequences run in parallel.

        An entity's ``mentions``, an utterance's and a claim group's ``members`` name the items by document
        and id. Items in no cluster are taken for singletons. An entity's id, name and type are made up. Where
        utterances or claim groups are not attempted, they stay None.
        """
        ...


@dataclass(frozen=True, slots=True)
class LinkBaseline:
    """A registry entry.

    ``extra`` names the optional extra that brings what the linker needs; without it, ``factory`` raises
    :class:`~vostochny.schema.errors.InputError` (``missing-extra``).
    """

    name: str
    summary: str
    factory: Callable[[], Linker]
    extra: str | None = None
