"""Overlapping spans as a flat row of segments, each with all that lies over it.

HTML elements nest and annotations overlap; so a text is cut wherever a span begins or ends, and each
segment bears the classes of all spans over it. Nothing is ever nested, so nothing can break.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vostochny.schema.model import Span


@dataclass(frozen=True, slots=True)
class Stroke:
    """A span to be drawn: the item it belongs to, its class, and its channel.

    Of strokes of one channel over one place, only the first is drawn. ``item`` may be empty.
    """

    span: Span
    item: str
    channel: str
    name: str


@dataclass(frozen=True, slots=True)
class Handle:
    """Where an item begins: what a link leads to and what the keyboard stops at. ``layer`` is one letter."""

    anchor: str
    layer: str
    label: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A few characters of the page's own among the text; ``raised`` if set small and high, as numbers are."""

    label: str
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text with the classes and the items over it, innermost first.

    ``beside`` holds, for each system in comparison, the classes that its finding adds.
    """

    text: str
    classes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    beside: tuple[tuple[int, tuple[str, ...]], ...] = ()


Piece = Segment | Handle | Tag


def cut(
    text: str,
    start: int,
    end: int,
    strokes: Sequence[Stroke],
    handles: Iterable[tuple[int, Handle | Tag]] = (),
    beside: Sequence[tuple[int, Stroke]] = (),
) -> list[Piece]:
    """The segments of ``text[start:end]``, and the handles before those at whose start they stand.

    Strokes and handles outside are passed over; ``beside`` are strokes drawn only while a system, given by
    its number, is compared. The segments' texts joined are the text itself.
    """
    stops: dict[int, list[Handle | Tag]] = defaultdict(list)
    for position, handle in handles:
        if start <= position < end:
            stops[position].append(handle)
    inside = [s for s in strokes if s.span.start < end and start < s.span.end]
    others = [(n, s) for n, s in beside if s.span.start < end and start < s.span.end]
    edges = {start, end, *stops}
    for stroke in (*inside, *(s for _, s in others)):
        edges |= {max(start, stroke.span.start), min(end, stroke.span.end)}
    order = sorted(edges)
    out: list[Piece] = []
    for left, right in pairwise(order):
        here = [s for s in inside if s.span.start <= left and right <= s.span.end]
        there = [(n, s) for n, s in others if s.span.start <= left and right <= s.span.end]
        added = {n: tuple(dict.fromkeys(s.name for m, s in there if m == n)) for n, _ in there}
        items = tuple(dict.fromkeys(s.item for s in here if s.item))
        out += stops.get(left, ())
        out.append(Segment(text[left:right], _drawn(here), items, tuple(sorted(added.items()))))
    return out


def _drawn(strokes: Iterable[Stroke]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for stroke in strokes:
        first.setdefault(stroke.channel, stroke.name)
    return tuple(first.values())


def lanes(items: Sequence[tuple[str, Sequence[Span], str | None]], most: int) -> dict[str, int]:
    """A lane for each item, so that items over the same text have different ones and can be told apart.

    ``items`` are ids, spans, and the id of the item each is nested in, whose lane is then a lower number.
    Lanes count from 0; from ``most`` - 1 on, items share the last.
    """
    outer = {id: above for id, _, above in items}

    def depth(id: str) -> int:
        seen = {id}
        while (above := outer.get(id)) is not None and above in outer and above not in seen:
            seen.add(above)
            id = above
        return len(seen) - 1

    placed: list[tuple[int, Sequence[Span]]] = []
    found: dict[str, int] = {}
    ordered = sorted(items, key=lambda i: (depth(i[0]), -sum(s.end - s.start for s in i[1]), i[1][0].start))
    for id, spans, _ in ordered:
        taken = {lane for lane, others in placed if any(a.overlaps(b) for a in spans for b in others)}
        above = found.get(outer[id] or "", -1)
        lane = next(n for n in range(len(items) + 1) if n not in taken and n > above)
        placed.append((lane, spans))
        found[id] = lane
    return {id: min(lane, most - 1) for id, lane in found.items()}
