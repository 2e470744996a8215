"""The parts of what a plug-in returned, made plain values of the right classes."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterable, Mapping
from operator import index
from typing import Any

from vostochny.schema.checks import Steps
from vostochny.schema.errors import Problem, json_path

_SURROGATE = re.compile("[\ud800-\udfff]")

Fault = tuple[Steps, object, str]
"""A place, what was found there, what was expected."""


def fault_problems(faults: Iterable[Fault], noun: str, where: str = "") -> list[Problem]:
    """Faults as problems (``NOUN-result``) with what a plug-in, an extractor or a linker, returned."""
    return [
        Problem(
            f"{noun}-result",
            f"{where}found {_shown(found)} of type {type(found).__name__}, expected {expected}; "
            f"have the {noun} return that",
            path=json_path(steps),
        )
        for steps, found, expected in faults
    ]


def _shown(value: object) -> str:
    """A Python value on one short line, even if its repr is broken."""
    return " ".join(reprlib.repr(value).split())


def members(values: object, kind: type, steps: Steps, faults: list[Fault]) -> list[tuple[int, Any]]:
    """The members of a tuple that are of a kind, with their places; whatever else is there is a fault."""
    name = kind.__name__
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        several = f"{name.removesuffix('y')}ies" if name.endswith("y") else f"{name}s"
        faults.append((steps, values, f"a tuple of {several}"))
        return []
    out = []
    for n, value in enumerate(values):
        if isinstance(value, kind):
            out.append((n, value))
        else:
            faults.append(((*steps, n), value, f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"))
    return out


def plain(value: object, steps: Steps, faults: list[Fault]) -> Any:
    """A JSON value in Python's own types; what can't be one is a fault."""
    if isinstance(value, dict):
        return {key: plain(each, (*steps, key), faults) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each, (*steps, n), faults) for n, each in enumerate(value)]
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
