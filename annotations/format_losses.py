"""What a format can't hold: of the layers at hand, and of the corpus as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from vostochny.annotations.differences import Item, spans_of
from vostochny.annotations.formats import Format
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.model import Claim, Document, Layer, Mark, Mention, Quote

_PLACES = {"start": "span", "end": "span"}
_TYPES: dict[str, type[Item]] = {"mentions": Mention, "quotes": Quote, "marks": Mark, "claims": Claim}
_FILLED = ("text", "text_sha256", "schema_version")
_SINGULAR = {"mentions": "mention", "quotes": "quote", "marks": "mark", "claims": "claim"}

Count = Counter[tuple[str, str]]
"""How often by part and field; the field "" counts items, the part "layers" layers."""


@dataclass(frozen=True)
class Losses:
    """What a format does to some layers.

    ``there`` counts the fields that say something (not None, not empty), ``held`` those of them that stay as
    they are, ``lost`` the items that are not held at all and, of the others, the fields that change.
    """

    there: Count
    held: Count
    lost: Count


def fields_of(part: str) -> list[str]:
    """The fields of a part's items, a place as one field ``span``."""
    names = [_PLACES.get(f.name, f.name) for f in fields(_TYPES[part]) if f.name not in _FILLED]
    return list(dict.fromkeys(names))


def losses(pairs: Iterable[tuple[Document, Layer]], form: Format) -> Losses:
    """What a format loses of some layers."""
    found = Losses(Counter(), Counter(), Counter())
    for document, layer in pairs:
        kept = form.reduce(document, layer)
        if layer.annotator:
            same = kept.annotator == layer.annotator
            found.there["layers", "annotator"] += 1
            found.held["layers", "annotator"] += same
            found.lost["layers", "annotator"] += not same
        for part in LAYER_PARTS:
            items, rest = getattr(layer, part), getattr(kept, part)
            found.lost["layers", part] += not items and items != rest
            for item, other in _paired(items or (), rest or ()):
                found.lost[part, ""] += other is None
                for name in fields_of(part):
                    same = other is not None and _of(item, name) == _of(other, name)
                    found.there[part, name] += _says(item, name)
                    found.held[part, name] += same and _says(item, name)
                    found.lost[part, name] += not same and other is not None
    return found


def _paired(items: Sequence[Item], kept: Sequence[Item]) -> list[tuple[Item, Item | None]]:
    """Each item with what is left of it: the one of its place, or else one of its id that overlaps it."""
    rest = list(kept)
    out: dict[int, Item] = {}
    for same in (_same_place, _same_id):
        for number, item in enumerate(items):
            if number in out:
                continue
            found = next((other for other in rest if same(item, other)), None)
            if found is not None:
                out[number] = found
                rest.remove(found)
    return [(item, out.get(number)) for number, item in enumerate(items)]


def _same_place(item: Item, other: Item) -> bool:
    return [(s.start, s.end) for s in spans_of(item)] == [(s.start, s.end) for s in spans_of(other)]


def _same_id(item: Item, other: Item) -> bool:
    ours, theirs = spans_of(item), spans_of(other)
    return item.id == other.id and any(a.overlaps(b) for a in ours for b in theirs)


def _of(item: Item, name: str) -> object:
    """A field's value; spans without their texts, which are filled in from the document."""
    if name == "span":
        return [(span.start, span.end) for span in spans_of(item)]
    value = getattr(item, name)
    if isinstance(value, tuple):
        return [(span.start, span.end) for span in value]
    return (value.start, value.end) if hasattr(value, "start") else value


def _says(item: Item, name: str) -> bool:
    return _of(item, name) not in (None, [])


def loss_lines(found: Losses) -> list[str]:
    """What is lost, a line each: ``12 marks``, ``claimer of 40 claims``."""
    out = []
    for part in LAYER_PARTS:
        for name in ("", *fields_of(part)):
            if number := found.lost[part, name]:
                items = f"{number} {part if number > 1 else _SINGULAR[part]}"
                out.append(f"`{name}` of {items}" if name else items)
    if number := found.lost["layers", "annotator"]:
        out.append(f"`annotator` of {_layers(number)}")
    for part in LAYER_PARTS:
        if number := found.lost["layers", part]:
            out.append(f"whether `{part}` were done, of {_layers(number)}")
    return out


def _layers(number: int) -> str:
    return f"{number} layer{'s' if number > 1 else ''}"


def loss_table(formats: Sequence[Format], pairs: Iterable[tuple[Document, Layer]]) -> list[list[str]]:
    """A row a part and field, a column a format: ``yes`` if all are held, ``–`` if none, else ``n of m``."""
    renamed = [(document, _renamed(layer)) for document, layer in pairs]
    found = [losses(renamed, form) for form in formats]
    rows = [(part, name) for part in LAYER_PARTS for name in fields_of(part)] + [("layers", "annotator")]
    return [[part, f"`{name}`", *(_cell(each, part, name) for each in found)] for part, name in rows]


def _renamed(layer: Layer) -> Layer:
    """The layer with ids that nobody would come upon by counting, to see whether a format holds them."""

    def new(name: str | None) -> str | None:
        return None if name is None else f"x-{name}"

    return replace(
        layer,
        mentions=tuple(replace(m, id=f"x-{m.id}") for m in layer.mentions or ()),
        quotes=tuple(replace(q, id=f"x-{q.id}", within=new(q.within)) for q in layer.quotes or ()),
        marks=tuple(replace(m, id=f"x-{m.id}") for m in layer.marks or ()),
        claims=tuple(replace(c, id=f"x-{c.id}", quote=new(c.quote)) for c in layer.claims or ()),
    )


def _cell(found: Losses, part: str, name: str) -> str:
    held, there = found.held[part, name], found.there[part, name]
    return "yes" if held == there else f"{held} of {there}" if held else "–"
