"""The ids of a page's elements: what deep links name."""

from __future__ import annotations

from vostochny.schema.model import Ref

VIEWS = ("articles", "across", "leaderboard", "errors", "agreement")

ACROSS = ("utterances", "contradictions", "matrix", "propositions")

FIELDS = ("main", "data", "legend", "with", "find", "of")

RESERVED = frozenset({*VIEWS, *ACROSS, *(f"{part}-h" for part in (*VIEWS, *ACROSS)), *FIELDS})
"""Ids of the page's own parts."""


class Anchors:
    """Gives every item a unique id: ``lenta-q7`` for gold, ``entities-rules-lenta-m3`` for a system's.

    Should two come out alike (a document ``a`` with an item ``b-c1`` and a document ``a-b`` with ``c1``), the
    later one gets a number.
    """

    def __init__(self) -> None:
        self._taken = set(RESERVED)
        self._of: dict[tuple[str, ...], str] = {}

    def of(self, *key: str) -> str:
        """The id of what ``key`` names, the same each time."""
        if key not in self._of:
            wanted = name = "-".join(key)
            number = 1
            while name in self._taken:
                number += 1
                name = f"{wanted}.{number}"
            self._taken.add(name)
            self._of[key] = name
        return self._of[key]

    def known(self, ref: Ref) -> str | None:
        """The id of a gold item if one was given."""
        return self._of.get((ref.document, ref.id))
