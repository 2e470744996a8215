"""Which regions make one item, and which items hang together, by the arrows between them.

An arrow's meaning follows from the labels of the regions it joins, whichever way it was drawn; only
between two contents does it take its own label: ``part`` (of one quote) or ``within`` (inner → outer).
Where that is missing, a content inside the other is within it, and any other is a part. An arrow to a
name means the source, cue or verbatim part around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from vostochny.annotations import studio_labels as names
from vostochny.annotations.studio_regions import Arrow, Region
from vostochny.schema.errors import Problem

Parts = tuple[Region, ...]
"""The regions that one item's own spans come from, in text order."""

_SATELLITES = ("source", "cue", "verbatim")


@dataclass(frozen=True, slots=True)
class Groups:
    """The items' parts by label control, and the arrows from them: ``(role, from region, to region)``."""

    items: Mapping[str, list[Parts]]
    links: Sequence[tuple[str, Region, Region]]

    def linked(self, parts: Parts, role: str) -> list[Region]:
        """The regions that an item's arrows of a role lead to, each once, in text order."""
        own = {part.id for part in parts}
        found = {end.id: end for label, start, end in self.links if label == role and start.id in own}
        return sorted(found.values(), key=lambda region: region.span)

    def outer(self, parts: Parts) -> list[Parts]:
        """The quotes that a quote's ``within`` arrows lead to."""
        ends = {region.id for region in self.linked(parts, "within")}
        return [other for other in self.sorted_quotes() if any(part.id in ends for part in other)]

    def sorted_quotes(self) -> list[Parts]:
        """The parts of all quotes, in text order."""
        return sorted(self.items[names.QUOTE], key=lambda parts: parts[0].span.start)


def group_regions(
    regions: Mapping[str, Region], arrows: Sequence[Arrow], where: str, problems: list[Problem]
) -> Groups:
    """Join regions into items; what is wrong is added to ``problems``."""

    def problem(check: str, region: Region, message: str) -> None:
        problems.append(Problem(check, f"{region.shown}: {message}", where, None, region.id))

    root = {id: id for id in regions}

    def find(id: str) -> str:
        while root[id] != id:
            root[id] = root[root[id]]
            id = root[id]
        return id

    links: list[tuple[str, Region, Region]] = []
    for arrow in arrows:
        start, end = regions[arrow.start], _meant(regions[arrow.end], arrow.labels, regions)
        meaning = _meaning(start, end, arrow.labels)
        if meaning is None:
            given = f"labelled {', '.join(arrow.labels)} " if arrow.labels else ""
            problem("senseless-arrow", start, f"an arrow {given}leads to {end.shown}; delete or relabel it")
        elif meaning[0] == "part":
            root[find(end.id)] = find(start.id)
        else:
            links.append(meaning)
    items: dict[str, list[Parts]] = {
        name: [] for name in (names.MENTION, names.QUOTE, names.MARK, names.CLAIM)
    }
    joined: dict[str, list[Region]] = {}
    for region in regions.values():
        if region.label not in _SATELLITES or region.control != names.QUOTE:
            joined.setdefault(find(region.id), []).append(region)
    for found in joined.values():
        items[found[0].control].append(tuple(sorted(found, key=lambda region: region.span)))
    pointed = {end.id for _, _, end in links}
    for region in regions.values():
        if region.control == names.QUOTE and region.label in _SATELLITES and region.id not in pointed:
            message = "no content points at it; draw an arrow from the content, or delete it"
            problem("stray-region", region, message)
    _check_nesting(links, find, problem)
    return Groups(items, links)


def _meant(end: Region, labels: tuple[str, ...], regions: Mapping[str, Region]) -> Region:
    """The region that an arrow's end means.

    Where regions lie over each other, a click takes any of them: often a name inside the source. The
    shortest source, cue or verbatim part around it is meant then.
    """
    if _kind(end) not in (names.MENTION, names.MARK):
        return end
    around = [
        region
        for region in regions.values()
        if _kind(region) in (labels or _SATELLITES) and region.span.covers(end.span)
        if region.label in _SATELLITES
    ]
    return min(around, key=lambda region: region.span.end - region.span.start, default=end)


def _meaning(start: Region, end: Region, labels: tuple[str, ...]) -> tuple[str, Region, Region] | None:
    """Role, from, to; None for an arrow that says nothing here."""
    kinds = (_kind(start), _kind(end))
    label = labels[0] if len(labels) == 1 else None
    if len(labels) > 1:
        return None
    if kinds == ("content", "content"):
        if label is None:
            inner = end.span.covers(start.span), start.span.covers(end.span)
            if inner == (False, True):
                return ("within", end, start)
            label = "within" if inner[0] else "part"
        return (label, start, end) if label in ("part", "within") else None
    if kinds == ("claim", "claim"):
        return ("part", start, end) if label in (None, "part") else None
    for (one, other), (a, b) in ((kinds, (start, end)), (kinds[::-1], (end, start))):
        role = {"content": other if other in _SATELLITES else None, "claim": "inside"}.get(one)
        if one == "claim" and other != "content":
            role = None
        if role is not None:
            return (role, a, b) if label in (None, role) else None
    return None


def _kind(region: Region) -> str:
    return region.label if region.control in (names.QUOTE, names.CLAIM) else region.control


def _check_nesting(
    links: Sequence[tuple[str, Region, Region]],
    find: Callable[[str], str],
    problem: Callable[[str, Region, str], None],
) -> None:
    outer: dict[str, str] = {}
    by_item: dict[str, Region] = {}
    for role, start, end in links:
        if role == "within":
            outer[find(start.id)] = find(end.id)
            by_item[find(start.id)] = start
    for item, region in by_item.items():
        seen, here = {item}, outer.get(item)
        while here is not None and here not in seen:
            seen.add(here)
            here = outer.get(here)
        if here == item:
            problem("circular-within", region, "its 'within' arrows lead back to itself; turn or delete one")
