"""From several readings to one, by hand: the adjudicator's draft and the log of decisions.

The draft is a decision file that holds everything the annotators say, with a remark at every
place where they differ; the adjudicator rereads each passage, agreed ones included, and edits the
draft into gold. The log then has an entry for each place where gold and the readings are not
all the same, each with a rule and a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from vostochny.annotations.differences import (
    KINDS,
    Comparison,
    Item,
    differences,
    pair_items,
    part_of,
    spans_of,
)
from vostochny.annotations.notation_writer import item_lines
from vostochny.annotations.union import Row, aligned, union
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.jsonio import item_to_json
from vostochny.schema.links_checks import NEITHER
from vostochny.schema.model import Claim, Document, Layer, Quote
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex


def draft(layers: Sequence[Layer], document: Document, resolver: Resolver) -> str:
    """A decision file with the union of all layers; the places where they differ carry a remark.

    Where several annotators have an item, the first one's reading stands and those that differ follow as
    remarks. Quotes and claims are numbered anew, in text order.
    """
    comparison = Comparison(document, resolver)
    rows = union({layer.annotator: layer for layer in layers}, document, resolver)

    def lines_of(row: Row) -> list[str]:
        (_, item), *others = row.items.items()
        lines = []
        if len(row.items) < len(layers):
            lines.append(f"# ONLY {', '.join(row.items)}:")
        for name, other in others:
            if unequal := comparison.unequal(item, other):
                lines.append(f"# DIFFERS in {', '.join(unequal)}; {name} has:")
                lines += [f"#   {line}" for line in item_lines(document, replace(other, id=row.id))]
        return [*lines, *item_lines(document, replace(item, id=row.id))]

    flat = [row for row in rows if row.kind in ("mentions", "marks")]
    flat.sort(key=_start)
    lines = [f"# {document.id}: draft from {' and '.join(layer.annotator for layer in layers)}"]
    for number, (_, end) in enumerate(document.sentences, 1):
        begin = document.sentences[number - 2][1] if number > 1 else 0
        here = [row for row in flat if begin <= _start(row) < end]
        lines += ["", f"s{number}", *(line for row in here for line in lines_of(row))] if here else []
    for row in rows:
        if row.kind in ("quotes", "claims"):
            lines += ["", *lines_of(row)]
    return "\n".join(lines) + "\n"


def _start(row: Row) -> int:
    return min(spans_of(item)[0].start for item in row.items.values())


def item_key(kind: str, item: Item) -> str:
    """How the reasons of a log name an item: ``q3`` and ``c7`` by id, ``mention@10-14`` by place."""
    if isinstance(item, Quote | Claim):
        return item.id
    return f"{kind.removesuffix('s')}@{item.start}-{item.end}"


def log_entries(
    gold: Layer, readings: Sequence[Layer], document: Document, resolver: Resolver
) -> list[dict[str, Any]]:
    """An entry for each place where gold and the readings are not all the same.

    Of propositions only those count that have no annotator's words.

    ``key`` names the place (see :func:`item_key`; rejected items have the annotator's name before
    it), ``readings`` holds each annotator's item or null, ``fields`` what differs from gold,
    ``decision`` who was followed: annotators' ids joined by ``+``, or ``neither``.
    """
    names = [layer.annotator for layer in readings]
    against: list[dict[int, tuple[str, ...]]] = []
    rejected: list[dict[str, list[Item]]] = []
    for layer in readings:
        found: dict[int, tuple[str, ...]] = {}
        only: dict[str, list[Item]] = {kind: [] for kind in KINDS}
        for d in differences(layer, gold, document, resolver):
            if d.right is not None:
                found[id(d.right)] = d.fields
            elif d.left is not None:
                only[d.kind].append(d.left)
        against.append(found)
        rejected.append(only)
    index = TextIndex(document)
    out = []
    for kind in KINDS:
        items = part_of(gold, kind)
        paired: list[dict[int, Item]] = []
        for layer in readings:
            theirs = part_of(layer, kind)
            paired.append({j: theirs[i] for i, j in pair_items(theirs, items, index)})
        for n, item in enumerate(items):
            read = {name: side.get(n) for name, side in zip(names, paired, strict=True)}
            unequal = {name: found.get(id(item), ()) for name, found in zip(names, against, strict=True)}
            reworded = is_reworded(item, read.values())
            if any(unequal.values()) or reworded:
                out.append(entry(kind, item, read, unequal, reworded))
        for row in aligned([side[kind] for side in rejected], index):
            out.append(rejection(kind, dict(zip(names, row, strict=True))))
    return out


def entry(
    kind: str,
    item: Item,
    readings: Mapping[str, Item | None],
    unequal: Mapping[str, Sequence[str]],
    reworded: bool,
) -> dict[str, Any]:
    """The log's entry for an item of gold.

    ``unequal`` has the fields in which each annotator differs from it, ``reworded`` says that its
    proposition has no annotator's words.
    """
    fields = {field for each in unequal.values() for field in each}
    followed = [name for name in readings if not unequal[name] and not reworded]
    return {
        "key": item_key(kind, item),
        "kind": kind,
        "fields": sorted(fields | ({"proposition"} if reworded else set())),
        "readings": {name: _value(reading) for name, reading in readings.items()},
        "gold": item_to_json(item),
        "decision": "+".join(followed) or NEITHER,
    }


def rejection(kind: str, readings: Mapping[str, Item | None]) -> dict[str, Any]:
    """The log's entry for an item that gold leaves out."""
    name, item = next((name, item) for name, item in readings.items() if item is not None)
    absent = [name for name, reading in readings.items() if reading is None]
    return {
        "key": f"{name}:{item_key(kind, item)}",
        "kind": kind,
        "fields": ["item"],
        "readings": {name: _value(reading) for name, reading in readings.items()},
        "gold": None,
        "decision": "+".join(absent) or NEITHER,
    }


def is_reworded(item: Item, readings: Iterable[Item | None]) -> bool:
    """Whether a claim's proposition has no annotator's words, though one of them has the claim."""
    if not isinstance(item, Claim):
        return False
    worded = {reading.proposition for reading in readings if isinstance(reading, Claim)}
    return bool(worded) and item.proposition not in worded


def _value(item: Item | None) -> dict[str, Any] | None:
    return None if item is None else item_to_json(item)


def read_reasons(source: str, entries: list[dict[str, Any]], file: str) -> list[dict[str, Any]]:
    """The log entries with the rule and reason that ``key | rule | reason`` lines give for each.

    Raises :class:`~vostochny.schema.errors.InputError` for entries without a line, lines without an
    entry and lines of another form; all are named.
    """
    given: dict[str, tuple[str, str]] = {}
    problems: list[Problem] = []
    for number, raw in enumerate(source.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split(" | ", 2)]
        if len(parts) != 3 or not all(parts):
            message = f"found {line!r}; expected 'key | rule | reason'"
            problems.append(Problem("bad-reason", message, file, number))
        else:
            given[parts[0]] = (parts[1], parts[2])
    keys = {entry["key"] for entry in entries}
    for key in sorted(given.keys() - keys):
        message = f"{key} is no place where gold and the readings differ; remove the line"
        problems.append(Problem("idle-reason", message, file))
    for entry in entries:
        if entry["key"] not in given:
            message = (
                f"{entry['key']} ({entry['kind']}, {', '.join(entry['fields'])}) has no reason; add a line"
            )
            problems.append(Problem("missing-reason", message, file))
    if problems:
        raise InputError(problems)
    return [{**entry, "rule": given[entry["key"]][0], "reason": given[entry["key"]][1]} for entry in entries]
