"""What an extractor returned, made a valid layer of plain values, or refused with every problem."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vostochny.baselines.result_values import Fault, fault_problems, members, plain
from vostochny.schema.errors import Problem
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.model import Claim, Document, Layer, Mark, Mention, Quote, Span
from vostochny.schema.values import check_layer

_PARTS: dict[str, type] = {"mentions": Mention, "quotes": Quote, "marks": Mark, "claims": Claim}
_SPANS: dict[type, tuple[str, ...]] = {Quote: ("content", "verbatim", "cue"), Claim: ("spans",)}
"""The fields that hold several spans."""


def checked_layer(found: object, document: Document) -> tuple[Layer | None, list[Problem]]:
    """The layer that an extractor returned for a document, and what is wrong with it.

    Parts and spans may be any iterable, numbers anything with ``__index__`` (as NumPy's integers have),
    strings any kind of ``str``: the layer that comes back holds tuples, int and str. The rules are those
    of predictions (:func:`vostochny.schema.check_layer`). It is None if it can't be read at all.
    """
    name = f"document {document.id!r}"
    if not isinstance(found, Layer):
        message = (
            f"{name}: the extractor returned {type(found).__name__!r}, expected a Layer "
            "(vostochny.schema.layer_from_json makes one of a dict); "
            "return vostochny.schema.Layer"
        )
        return None, [Problem("extractor-result", message)]
    if found.document != document.id:
        message = (
            f"{name}: the extractor returned a layer of {found.document!r}; "
            "set its document to the id of the one it was given"
        )
        return None, [Problem("extractor-result", message, path="$.document")]
    faults: list[Fault] = []
    value = None
    shaped = _shaped(found, faults)
    if not faults:
        value = plain(layer_to_json(shaped), (), faults)
    if faults:
        return None, fault_problems(faults, "extractor", f"{name}: ")
    layer, problems = check_layer(value, {document.id: document}, prediction=True)
    return layer, [replace(p, message=f"{name}: {p.message}") for p in problems]


def _shaped(layer: Layer, faults: list[Fault]) -> Layer:
    """The layer with tuples of the right classes in its parts; whatever else is there is a fault."""
    parts: dict[str, Any] = {}
    for part, kind in _PARTS.items():
        items = getattr(layer, part)
        if items is None:
            continue
        kept: list[Any] = []
        for n, item in members(items, kind, (part,), faults):
            fields: dict[str, Any] = {
                name: tuple(s for _, s in members(getattr(item, name), Span, (part, n, name), faults))
                for name in _SPANS.get(kind, ())
                if name != "verbatim" or getattr(item, name) is not None
            }
            if isinstance(item, Quote) and not isinstance(item.source, Span | None):
                faults.append(((part, n, "source"), item.source, "a Span or None"))
            kept.append(replace(item, **fields))
        parts[part] = tuple(kept)
    return replace(layer, **parts)
