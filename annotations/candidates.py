"""What an adjudicator sees of a document: the union of all readings, and who says what where they differ.

An agreed row is one item with the row's id. A conflict shows a candidate for each distinct reading, whose id
is the row's and the names of those who agree on it: ``q3@ana``, ``q3@ben+dan``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from vostochny.annotations.differences import (
    KINDS,
    Comparison,
    Item,
    references,
    spans_of,
    with_references,
)
from vostochny.annotations.union import Row
from vostochny.schema.errors import shown
from vostochny.schema.files import dump_json
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.model import Claim, Document, Layer, Mark, Mention, Quote, Span

_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Union:
    """What an adjudication task shows.

    ``layer`` holds agreed items and candidates; ``notes`` say at each candidate, by its id, who reads what;
    ``conflicts`` lists the rows in conflict in text order, as ``{"who": row id, "says": sentence}``.
    """

    layer: Layer
    notes: Mapping[str, str]
    conflicts: Sequence[Mapping[str, str]]


def row_of(id: str) -> str:
    """The row that an item or candidate belongs to.

    >>> row_of("q3@ana+ben"), row_of("q3")
    ('q3', 'q3')
    """
    return id.partition("@")[0]


def candidates(row: Row, comparison: Comparison) -> dict[str, Item]:
    """The items that stand for a row, by their ids: one if all agree, else one for each distinct reading.

    Of those who agree the first one's item is taken, and so its wording. Its references are to rows.
    """
    if not row.fields:
        return {row.id: row.first}
    groups: list[tuple[list[str], Item]] = []
    for name, item in row.items.items():
        for names, other in groups:
            if not comparison.unequal(other, item):
                names.append(name)
                break
        else:
            groups.append(([name], item))
    return {f"{row.id}@{'+'.join(names)}": item for names, item in groups}


def voices(id: str, row: Row) -> tuple[str, ...]:
    """The annotators whose reading a candidate is."""
    return tuple(id.partition("@")[2].split("+")) if "@" in id else tuple(row.items)


def adjudication_union(rows: Sequence[Row], document: Document, comparison: Comparison) -> Union:
    """The items, remarks and list of conflicts that an adjudicator is shown."""
    by_row = {row.id: candidates(row, comparison) for row in rows}
    parts: dict[str, list[Item]] = {kind: [] for kind in KINDS}
    notes: dict[str, str] = {}
    listed: list[tuple[int, dict[str, str]]] = []
    for row in rows:
        for id, item in by_row[row.id].items():
            speaker = voices(id, row)[0]
            outer = {name: _candidate(by_row[name], speaker) for name in references(item)}
            parts[row.kind].append(replace(with_references(item, outer), id=id))
        if row.fields:
            says = [f"{name}: {_reading(row, name, document)}" for name in row.readings]
            notes |= dict.fromkeys(by_row[row.id], " · ".join(says))
            head = f"{row.kind.removesuffix('s')} {_surface(spans_of(row.first), document)}"
            listed.append((_start(row), {"who": row.id, "says": f"{head}: {' / '.join(says)}"}))
    layer = Layer(
        document.id,
        "union",
        mentions=tuple(item for item in parts["mentions"] if isinstance(item, Mention)),
        quotes=tuple(item for item in parts["quotes"] if isinstance(item, Quote)),
        marks=tuple(item for item in parts["marks"] if isinstance(item, Mark)),
        claims=tuple(item for item in parts["claims"] if isinstance(item, Claim)),
        text_sha256=document.text_sha256,
    )
    return Union(layer, notes, [says for _, says in sorted(listed, key=lambda pair: pair[0])])


def readings_digest(layers: Mapping[str, Layer]) -> str:
    """A digest of what all annotators say of a document: a task made from other readings is out of date."""
    value = {name: layer_to_json(layer) for name, layer in sorted(layers.items())}
    return sha256(dump_json(value)).hexdigest()


def _candidate(found: Mapping[str, Item], speaker: str) -> str:
    """The candidate that an annotator's reference means: the own one."""
    return next((id for id in found if speaker in id.partition("@")[2].split("+")), next(iter(found)))


def _start(row: Row) -> int:
    return min(spans_of(item)[0].start for item in row.items.values())


def _reading(row: Row, name: str, document: Document) -> str:
    item = row.readings[name]
    if item is None:
        return "nothing here"
    fields = [field for field in row.fields if field != "item"] or _MAIN[row.kind]
    return ", ".join(f"{field} {_value(item, field, document)}" for field in fields)


_MAIN = {
    "mentions": ["type", "entity"],
    "quotes": ["content", "speaker"],
    "marks": ["role"],
    "claims": ["spans", "type", "claimer"],
}
"""What is told of an item that only some have."""


def _value(item: Item, field: str, document: Document) -> str:
    value: Any = spans_of(item) if field == "span" else getattr(item, field)
    if isinstance(value, Span):
        value = (value,)
    if isinstance(value, tuple):
        return _surface(value, document) if value else "none"
    return "none" if value is None else str(value)


def _surface(spans: Iterable[Span], document: Document) -> str:
    text = " … ".join(" ".join(document.slice(span).split()) for span in spans)
    if len(text) > _SHOWN:
        # Readings differ at their ends: both ends stay.
        text = f"{text[: _SHOWN // 2 - 2]} … {text[-_SHOWN // 2 + 2 :]}"
    return shown(text, _SHOWN + 4)
