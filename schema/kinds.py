"""What a JSON value is meant to be, told by the properties it has."""

from __future__ import annotations

from typing import Any

from vostochny.schema.labels import LAYER_PARTS

AUDIT_KINDS = (
    "audit",
    "audit-copy",
    "audit-key",
    "audit-plant",
    "audit-finding",
    "audit-verdict",
    "audit-result",
)
"""What an audit with planted errors consists of: ``audit`` is its manifest, ``audit-key`` the first line of
its key and ``audit-plant`` each further one, ``audit-finding`` and ``audit-verdict`` one line of an auditor's
findings and of an adjudicator's verdicts."""

KINDS = (
    "document",
    "layer",
    "links",
    "round",
    "predictions",
    "waiver",
    "adjudication",
    "link-decision",
    "difference-decision",
    "similar-pair",
    "provenance",
    "history",
    "studio",
    "entities",
    *AUDIT_KINDS,
)
"""The kinds of values that have a schema; ``predictions`` is one line of a predictions file,
``waiver`` one of ``lint-waivers.jsonl``, ``adjudication`` one of an adjudication log,
``link-decision`` and ``difference-decision`` ones of an adjudication of links, ``similar-pair`` one of a
round's ``similar.jsonl``, ``provenance`` one of where gold comes from, ``history`` all versions of gold,
``studio`` and ``entities`` what a round keeps of Label Studio, and :data:`AUDIT_KINDS`."""

# In this order: a waiver names a document as a layer does, so its own sign comes first.
_SIGNS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"tokens"}), "document"),
    (frozenset({"regions"}), "document"),
    (frozenset({"check"}), "waiver"),
    (frozenset({"key", "decision"}), "adjudication"),
    (frozenset({"part", "readings"}), "link-decision"),
    (frozenset({"members", "readings"}), "difference-decision"),
    (frozenset({"part", "ranks"}), "similar-pair"),
    (frozenset({"item", "status"}), "provenance"),
    (frozenset({"label_studio"}), "studio"),
    (frozenset({"auditors"}), "audit"),
    (frozenset({"sensitivity"}), "audit-result"),
    (frozenset({"ids", "seed"}), "audit-key"),
    (frozenset({"key_sha256"}), "audit-copy"),
    (frozenset({"planted", "edits"}), "audit-plant"),
    (frozenset({"verdict"}), "audit-verdict"),
    (frozenset({"items", "field"}), "audit-finding"),
    (frozenset({"document"}), "layer"),
    (frozenset({"annotators"}), "round"),
    (frozenset({"entities"}), "links"),
    *((frozenset({part}), "layer") for part in LAYER_PARTS),
)


def kind_of(value: Any) -> str | None:
    """Which of :data:`KINDS` a value looks like.

    Never ``predictions``, which look like layers, nor ``entities``, which have nothing of their own.

    None if it looks like none of them.

    >>> kind_of({"document": "ist", "mentions": []})
    'layer'
    >>> kind_of({"check": "two-types", "document": "ist", "key": "x", "reason": "y"})
    'waiver'
    """
    if isinstance(value, list) and value and all(_is_version(each) for each in value):
        return "history"
    if isinstance(value, dict):
        for properties, kind in _SIGNS:
            if properties <= value.keys():
                return kind
    return None


def _is_version(value: Any) -> bool:
    return isinstance(value, dict) and {"version", "round"} <= value.keys()
