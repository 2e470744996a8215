"""What an extractor returned, made a valid layer of plain values, or refused with every problem."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import index
from typing import Any

from vostochny.schema.checks import Steps
from vostochny.schema.errors import Problem, json_path
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.model import Claim, Document, Layer, Mark, Mention, Quote, Span
from vostochny.schema.values import check_layer

_PARTS: dict[str, type] = {"mentions": Mention, "quotes": Quote, "marks": Mark, "claims": Claim}
_SPANS: dict[type, tuple[str, ...]] = {Quote: ("content", "verbatim", "cue"), Claim: ("spans",)}
"""The fields that hold several spans."""

_SURROGATE = re.compile("[\ud800-\udfff]")

_Fault = tuple[Steps, object, str]
"""A place, what was found there, what was expected."""


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
    faults: list[_Fault] = []
    value = None
    shaped = _shaped(found, faults)
    if not faults:
        value = _plain(layer_to_json(shaped), (), faults)
    if faults:
        return None, [
            Problem(
                "extractor-result",
                f"{name}: found {_shown(each)} of type {type(each).__name__}, expected {expected}; "
                "have the extractor return that",
                path=json_path(steps),
            )
            for steps, each, expected in faults
        ]
    layer, problems = check_layer(value, {document.id: document}, prediction=True)
    return layer, [replace(p, message=f"{name}: {p.message}") for p in problems]


def _shown(value: object) -> str:
    """A Python value on one short line, even if its repr is broken."""
    return " ".join(reprlib.repr(value).split())


def _shaped(layer: Layer, faults: list[_Fault]) -> Layer:
    """The layer with tuples of the right classes in its parts; whatever else is there is a fault."""
    parts: dict[str, Any] = {}
    for part, kind in _PARTS.items():
        items = getattr(layer, part)
        if items is None:
            continue
        kept: list[Any] = []
        for n, item in _members(items, kind, (part,), faults):
            fields: dict[str, Any] = {
                name: tuple(s for _, s in _members(getattr(item, name), Span, (part, n, name), faults))
                for name in _SPANS.get(kind, ())
                if name != "verbatim" or getattr(item, name) is not None
            }
            if isinstance(item, Quote) and not isinstance(item.source, Span | None):
                faults.append(((part, n, "source"), item.source, "a Span or None"))
            kept.append(replace(item, **fields))
        parts[part] = tuple(kept)
    return replace(layer, **parts)


def _members(values: object, kind: type, steps: Steps, faults: list[_Fault]) -> list[tuple[int, Any]]:
    """The members of a tuple that are of a kind, with their places."""
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        faults.append((steps, values, f"a tuple of {kind.__name__}s"))
        return []
    out = []
    for n, value in enumerate(values):
        if isinstance(value, kind):
            out.append((n, value))
        else:
            faults.append(((*steps, n), value, f"a {kind.__name__}"))
    return out


def _plain(value: object, steps: Steps, faults: list[_Fault]) -> Any:
    """A JSON value in Python's own types; what can't be one is a fault."""
    if isinstance(value, dict):
        return {key: _plain(each, (*steps, key), faults) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, (*steps, n), faults) for n, each in enumerate(value)]
    if isinstance(value, str):
        if _SURROGATE.search(value):
            faults.append((steps, value, "text without lone surrogates"))
        return str(value)
    if value is None or isinstance(value, bool | float):
        return value
    try:
        return index(value)  # type: ignore[arg-type]
    except TypeError:
        expected = "a whole number" if steps[-1] in {"start", "end"} else "a string or None"
        faults.append((steps, value, expected))
        return None
