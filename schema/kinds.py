"""What a JSON value is meant to be, told by the properties it has."""

from __future__ import annotations

from typing import Any

from vostochny.schema.labels import LAYER_PARTS

KINDS = ("document", "layer", "links", "round", "predictions", "waiver", "adjudication")
"""The kinds of values that have a schema; ``predictions`` is one line of a predictions file,
``waiver`` one of ``lint-waivers.jsonl``, ``adjudication`` one of an adjudication log."""

# In this order: a waiver names a document as a layer does, so its own sign comes first.
_SIGNS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"tokens"}), "document"),
    (frozenset({"regions"}), "document"),
    (frozenset({"check"}), "waiver"),
    (frozenset({"key", "decision"}), "adjudication"),
    (frozenset({"document"}), "layer"),
    (frozenset({"annotators"}), "round"),
    (frozenset({"entities"}), "links"),
    *((frozenset({part}), "layer") for part in LAYER_PARTS),
)


def kind_of(value: Any) -> str | None:
    """Which of :data:`KINDS` a value looks like (never ``predictions``: these look like layers).

    None if it looks like none of them.

    >>> kind_of({"document": "ist", "mentions": []})
    'layer'
    >>> kind_of({"check": "two-types", "document": "ist", "key": "x", "reason": "y"})
    'waiver'
    """
    if isinstance(value, dict):
        for properties, kind in _SIGNS:
            if properties <= value.keys():
                return kind
    return None
