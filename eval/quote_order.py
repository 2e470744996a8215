"""One canonical order of quotes that are nested in each other, whatever their order in a file.

Quotes that are alike in all that is scored may still differ in what they lie in and in what lies in them.
They are told apart by colour refinement (Weisfeiler & Leman 1968), which is exact on trees: a quote's colour
is what is scored of it, and then, round by round, also the colours of its outer and its inner quotes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any


def nesting_order(keys: Sequence[Any], parents: Sequence[int | None]) -> list[int]:
    """The places of quotes in canonical order.

    ``keys`` (comparable, of one kind) are what is scored of each, ``parents`` the place of each one's outer
    quote. Among quotes that are told apart by nothing, those in the same outer quote stay together, so
    that every choice among them gives the same scores.
    """
    if all(parent is None for parent in parents):
        return sorted(range(len(keys)), key=keys.__getitem__)
    colours = _dense(keys)
    while True:
        inner: list[list[int]] = [[] for _ in keys]
        for place, parent in enumerate(parents):
            if parent is not None:
                inner[parent].append(colours[place])
        finer = _dense(
            [
                (colour, -1 if parent is None else colours[parent], sorted(inner[place]))
                for place, (colour, parent) in enumerate(zip(colours, parents, strict=True))
            ]
        )
        if finer == colours:
            break
        colours = finer
    return sorted(range(len(keys)), key=lambda place: (colours[place], _chain(place, parents)))


def _dense(values: Sequence[Any]) -> list[int]:
    """Equal numbers for equal values, in their order."""
    numbers: list[int] = [0] * len(values)
    ordered = sorted(range(len(values)), key=values.__getitem__)
    for before, place in pairwise(ordered):
        numbers[place] = numbers[before] + (values[place] != values[before])
    return numbers


def _chain(place: int, parents: Sequence[int | None]) -> list[int]:
    """A quote's outer quotes, outermost first, and itself; a circle ends where it began."""
    chain = [place]
    while (parent := parents[chain[-1]]) is not None and parent not in chain:
        chain.append(parent)
    return chain[::-1]
