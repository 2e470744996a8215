"""From two readings to one: the adjudicator's draft and the log of decisions.

The draft is a decision file that holds everything both annotators say, with a remark at every
place where they differ; the adjudicator rereads each passage, agreed ones included, and edits the
draft into gold. The log then has an entry for each place where gold and the two readings are not
all the same, each with a rule and a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vostochny.annotations.differences import KINDS, Item, differences, pair_items, spans_of
from vostochny.annotations.notation_writer import item_lines
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.jsonio import item_to_json
from vostochny.schema.model import Claim, Document, Layer, Quote
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex

Row = tuple[Item | None, Item | None]
"""The two readings of one place."""


def draft(first: Layer, second: Layer, document: Document, resolver: Resolver) -> str:
    """A decision file with the union of two layers; the places where they differ carry a remark.

    Where both annotators have an item, the first one's reading stands and the second one's follows
    as a remark. Quotes and claims are numbered anew, in text order.
    """
    index = TextIndex(document)
    union = {kind: _union(_part(first, kind), _part(second, kind), index) for kind in KINDS}
    renamed: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for kind, letter in (("quotes", "q"), ("claims", "c")):
        for number, row in enumerate(union[kind], 1):
            for names, item in zip(renamed, row, strict=True):
                if item is not None:
                    names[item.id] = f"{letter}{number}"
    unequal = {
        (d.left.id, d.right.id): d.fields
        for d in differences(first, second, document, resolver)
        if d.left is not None and d.right is not None
    }

    def lines_of(row: Row) -> list[str]:
        left, right = row
        ours = item_lines(document, _renamed(left, renamed[0])) if left else []
        theirs = item_lines(document, _renamed(right, renamed[1])) if right else []
        if left is None or right is None:
            return [f"# ONLY {first.annotator if left else second.annotator}:", *(ours or theirs)]
        fields = unequal.get((left.id, right.id))
        if fields is None:
            return ours
        head = f"# DIFFERS in {', '.join(fields)}; {second.annotator} has:"
        return [head, *(f"#   {line}" for line in theirs), *ours]

    lines = [f"# {document.id}: draft from {first.annotator} and {second.annotator}"]
    for number, (_, end) in enumerate(document.sentences, 1):
        begin = document.sentences[number - 2][1] if number > 1 else 0
        here = [row for row in _sorted(union["mentions"] + union["marks"]) if begin <= _start(row) < end]
        lines += ["", f"s{number}", *(line for row in here for line in lines_of(row))] if here else []
    for row in union["quotes"] + union["claims"]:
        lines += ["", *lines_of(row)]
    return "\n".join(lines) + "\n"


def _union(ours: tuple[Item, ...], theirs: tuple[Item, ...], index: TextIndex) -> list[Row]:
    """The items of both sides, paired where they overlap, in text order."""
    pairs = dict(pair_items(ours, theirs, index))
    rows: list[Row] = [(a, theirs[pairs[i]] if i in pairs else None) for i, a in enumerate(ours)]
    rows += [(None, b) for j, b in enumerate(theirs) if j not in pairs.values()]
    return _sorted(rows)


def _sorted(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=_start)


def _start(row: Row) -> int:
    return min(spans_of(item)[0].start for item in row if item is not None)


def _part(layer: Layer, kind: str) -> tuple[Item, ...]:
    part: tuple[Item, ...] | None = getattr(layer, kind)
    return part or ()


def _renamed(item: Item, names: Mapping[str, str]) -> Item:
    if isinstance(item, Quote):
        return replace(item, id=names[item.id], within=names.get(item.within or "", item.within))
    if isinstance(item, Claim):
        return replace(item, id=names[item.id], quote=names.get(item.quote or "", item.quote))
    return item


def item_key(kind: str, item: Item) -> str:
    """How the reasons of a log name an item: ``q3`` and ``c7`` by id, ``mention@10-14`` by place."""
    if isinstance(item, Quote | Claim):
        return item.id
    return f"{kind.removesuffix('s')}@{item.start}-{item.end}"


def log_entries(
    gold: Layer, readings: tuple[Layer, Layer], document: Document, resolver: Resolver
) -> list[dict[str, Any]]:
    """An entry for each place where gold and the two readings are not all the same.

    Of propositions only those count that have neither annotator's words.

    ``key`` names the place (see :func:`item_key`; rejected items have the annotator's name before
    it), ``readings`` holds each annotator's item or null, ``fields`` what differs from gold,
    ``decision`` who was followed: an annotator's id, or ``neither``.
    """
    names = [layer.annotator for layer in readings]
    against: list[dict[int, tuple[str, ...]]] = []
    rejected: list[list[tuple[str, Item]]] = []
    for layer in readings:
        found: dict[int, tuple[str, ...]] = {}
        only = []
        for d in differences(layer, gold, document, resolver):
            if d.right is not None:
                found[id(d.right)] = d.fields
            elif d.left is not None:
                only.append((d.kind, d.left))
        against.append(found)
        rejected.append(only)
    index = TextIndex(document)
    out = []
    for kind in KINDS:
        items = _part(gold, kind)
        paired: list[dict[int, Item]] = []
        for layer in readings:
            theirs = _part(layer, kind)
            paired.append({j: theirs[i] for i, j in pair_items(theirs, items, index)})
        for n, item in enumerate(items):
            unequal = [found.get(id(item)) for found in against]
            reworded = _reworded(item, [side.get(n) for side in paired])
            if not any(unequal) and not reworded:
                continue
            followed = [name for name, u in zip(names, unequal, strict=True) if u is None and not reworded]
            out.append(
                {
                    "key": item_key(kind, item),
                    "kind": kind,
                    "fields": sorted({field for u in unequal if u for field in u} | reworded),
                    "readings": {name: _value(side.get(n)) for name, side in zip(names, paired, strict=True)},
                    "gold": item_to_json(item),
                    "decision": followed[0] if followed else "neither",
                }
            )
        out += _rejections(kind, names, rejected, index, document)
    return out


def _reworded(item: Item, readings: list[Item | None]) -> set[str]:
    """``{"proposition"}`` if a claim's proposition has neither annotator's words."""
    if not isinstance(item, Claim):
        return set()
    worded = {reading.proposition for reading in readings if isinstance(reading, Claim)}
    return {"proposition"} if worded and item.proposition not in worded else set()


def _rejections(
    kind: str,
    names: list[str],
    rejected: list[list[tuple[str, Item]]],
    index: TextIndex,
    document: Document,
) -> list[dict[str, Any]]:
    """Entries for what gold leaves out: once where both annotators had it, else for its one reader."""
    ours, theirs = ([item for k, item in side if k == kind] for side in rejected)
    out = []
    for row in _union(tuple(ours), tuple(theirs), index):
        side = 0 if row[0] is not None else 1
        item = row[side]
        assert item is not None  # every row has at least one reading
        absent = [name for name, r in zip(names, row, strict=True) if r is None]
        out.append(
            {
                "key": f"{names[side]}:{item_key(kind, item)}",
                "kind": kind,
                "fields": ["item"],
                "readings": {name: _value(r) for name, r in zip(names, row, strict=True)},
                "gold": None,
                "decision": absent[0] if absent else "neither",
            }
        )
    return out


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
