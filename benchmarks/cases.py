"""A case for ``docs/why-not.md``: an input, what a peer answers to it, what is right and what ours answers.

What the page shows as code is the code that is run, and every answer on it comes from that run.
"""

from __future__ import annotations

import contextlib
import io
import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

EXACT = 1e-9


@dataclass(frozen=True)
class Ask:
    """An expression and the right answer to it, give or take ``tolerance``."""

    code: str
    right: object
    tolerance: float = EXACT


@dataclass(frozen=True)
class Case:
    """A failure: ``setup`` is run, then the peer is asked and ours."""

    title: str
    right: str
    setup: str
    peer: Sequence[Ask]
    ours: Sequence[Ask]


@dataclass(frozen=True)
class Peer:
    """A peer with its cases; ``preamble`` is run before each of them.

    ``package`` is its name on PyPI, whose version the page gives; ``short`` names it in tables.
    """

    name: str
    short: str
    package: str | None
    about: str
    preamble: str
    cases: Sequence[Case]


@dataclass(frozen=True)
class Answer:
    """What came of an :class:`Ask`."""

    code: str
    text: str
    is_right: bool


def run(peer: Peer, case: Case) -> tuple[list[Answer], list[Answer]]:
    """The peer's answers and ours."""
    names: dict[str, Any] = {}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        exec(peer.preamble, names)
        exec(case.setup, names)
        return [_answer(ask, names) for ask in case.peer], [_answer(ask, names) for ask in case.ours]


def _answer(ask: Ask, names: dict[str, Any]) -> Answer:
    try:
        value = eval(ask.code, names)
    except Exception as error:  # a peer's failure is its answer
        return Answer(ask.code, f"{type(error).__name__}: {error}", False)
    return Answer(ask.code, shown(value), _equal(value, ask.right, ask.tolerance))


def _equal(found: object, right: object, tolerance: float) -> bool:
    if isinstance(right, tuple | list) and isinstance(found, tuple | list):
        return len(found) == len(right) and all(
            _equal(a, b, tolerance) for a, b in zip(found, right, strict=True)
        )
    if isinstance(right, float | int) and not isinstance(right, bool):
        return isinstance(found, float | int) and math.isclose(found, right, rel_tol=0, abs_tol=tolerance)
    return bool(found == right)


def shown(value: object) -> str:
    """A value as the page prints it: numbers to three digits."""
    if isinstance(value, tuple | list):
        return ", ".join(shown(each) for each in value)
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else f"{value:.3g}"
    return str(value)
