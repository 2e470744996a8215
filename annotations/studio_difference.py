"""How a project's labelling configuration differs from ours."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, canonicalize, fromstring

_VALUES = ("Label", "Choice", "Relation")


def same_config(first: str, second: str) -> bool:
    """Whether two configurations are the same but for white space and the order of attributes."""
    try:
        return canonicalize(first, strip_text=True) == canonicalize(second, strip_text=True)
    except ParseError:
        return first.strip() == second.strip()


def config_difference(found: str, expected: str) -> str:
    """What ``found`` lacks of ``expected`` and what it has beyond it, in words.

    Empty if both have the same controls and labels: colours, hints, keys and layout may differ, since
    nothing that is annotated depends on them.
    """
    try:
        there, ours = _parts(found), _parts(expected)
    except ParseError:
        return "is no XML"
    lacking = [name for name in ours if name not in there]
    beyond = [name for name in there if name not in ours]
    told = [f"{word} {_listed(names)}" for word, names in (("lacks", lacking), ("has", beyond)) if names]
    return " and ".join(told)


def _listed(names: list[str], most: int = 12) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def _parts(config: str) -> dict[str, None]:
    return dict.fromkeys(_named(fromstring(config), ""))


def _named(element: Element, control: str) -> Iterator[str]:
    """The controls and their labels, each in words."""
    value = element.get("alias") or element.get("value")
    if element.tag in _VALUES and value is not None:
        yield f"{element.tag.lower()} {value!r}" + (f" of {control}" if control else "")
    elif name := element.get("name"):
        control = name
        yield f"control {name!r}"
    for child in element:
        yield from _named(child, control)
