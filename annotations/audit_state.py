"""Gold as a set of items that can be exchanged one by one, and the exchanges that plant an error.

Items are known by a place ``(document, part)`` and an id; those of the links have the place
``("links", part)``, and a relation between claim groups the id ``FROM>TO``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from vostochny.annotations.differences import KINDS
from vostochny.schema.errors import InputError
from vostochny.schema.jsonio import Json, item_to_json, layer_from_json
from vostochny.schema.links_json import links_from_json, links_to_json
from vostochny.schema.model import (
    Claim,
    ClaimGroup,
    ClaimRelation,
    Document,
    Entity,
    Gold,
    Layer,
    Links,
    Mark,
    Mention,
    Quote,
    Utterance,
)

LINKS = "links"
"""What stands for a document where an item belongs to the links."""

LINK_PARTS = ("entities", "utterances", "claim_groups", "claim_relations")
"""The parts of links whose items can be exchanged."""

LinkItem = Entity | Utterance | ClaimGroup | ClaimRelation
Item = Mention | Quote | Mark | Claim | LinkItem
Place = tuple[str, str]
Key = tuple[str, str, str]
"""A document (or :data:`LINKS`), a part and an item's id."""


def id_of(item: Item) -> str:
    """An item's id; a relation's is made of the groups that it relates.

    >>> id_of(ClaimRelation("g1", "g2", "supports"))
    'g1>g2'
    """
    return f"{item.source}>{item.target}" if isinstance(item, ClaimRelation) else item.id


@dataclass(frozen=True, slots=True)
class Edit:
    """One item exchanged for another: ``before`` is gold's (None: gold has none), ``after`` the copy's."""

    document: str
    part: str
    before: Item | None
    after: Item | None

    @property
    def key(self) -> Key:
        """The item's place and id, before and after the exchange."""
        item = self.before if self.before is not None else self.after
        assert item is not None
        return self.document, self.part, id_of(item)

    @property
    def keys(self) -> frozenset[Key]:
        """The ids that the exchange touches: two where a relation changes its groups."""
        items = (item for item in (self.before, self.after) if item is not None)
        return frozenset((self.document, self.part, id_of(item)) for item in items)


@dataclass(frozen=True, slots=True)
class State:
    """All layers and links as items by place and id; a part that was not done has no place."""

    documents: Mapping[str, Document]
    parts: Mapping[Place, Mapping[str, Item]]
    heads: Mapping[str, Layer]
    links_head: Links

    @classmethod
    def of(cls, documents: Mapping[str, Document], layers: Mapping[str, Layer], links: Links) -> State:
        """The items of layers and links."""
        parts: dict[Place, Mapping[str, Item]] = {}
        for name, layer in layers.items():
            for kind in KINDS:
                if getattr(layer, kind) is not None:
                    parts[name, kind] = {item.id: item for item in getattr(layer, kind)}
        for kind in LINK_PARTS:
            if getattr(links, kind) is not None:
                parts[LINKS, kind] = {id_of(item): item for item in getattr(links, kind)}
        heads = {
            name: replace(layer, mentions=None, quotes=None, marks=None, claims=None)
            for name, layer in layers.items()
        }
        bare = replace(links, entities=(), utterances=None, claim_groups=None, claim_relations=None)
        return cls(documents, parts, heads, bare)

    @classmethod
    def of_gold(cls, gold: Gold) -> State:
        """The items of a gold with its links."""
        return cls.of({name: gold.documents[name] for name in gold}, gold, gold.links)

    def items(self, document: str, part: str) -> Mapping[str, Any]:
        """The items of a place by id; none where the part was not done."""
        return self.parts.get((document, part), {})

    def layer(self, document: str) -> Layer:
        """A document's layer."""
        done: dict[str, Any] = {
            kind: tuple(self.parts[document, kind].values())
            for kind in KINDS
            if (document, kind) in self.parts
        }
        return replace(self.heads[document], **done)

    @property
    def layers(self) -> dict[str, Layer]:
        """All layers by document."""
        return {name: self.layer(name) for name in self.heads}

    @property
    def links(self) -> Links:
        """The links."""
        done: dict[str, Any] = {
            kind: tuple(self.parts[LINKS, kind].values())
            for kind in LINK_PARTS
            if (LINKS, kind) in self.parts
        }
        return replace(self.links_head, **done)

    def allows(self, edits: Iterable[Edit]) -> bool:
        """Whether every item to be exchanged is still what it was when the edits were thought of."""
        for edit in edits:
            items = self.items(edit.document, edit.part)
            if edit.before is None:
                if edit.after is not None and id_of(edit.after) in items:
                    return False
            elif items.get(id_of(edit.before)) != edit.before:
                return False
        return True

    def edited(self, edits: Iterable[Edit]) -> State:
        """The state after some exchanges; an exchanged item keeps its place, a new one comes last."""
        parts: dict[Place, dict[str, Item]] = {}
        for edit in edits:
            place = edit.document, edit.part
            items = parts.setdefault(place, dict(self.items(*place)))
            if edit.before is None:
                assert edit.after is not None
                items[id_of(edit.after)] = edit.after
            elif edit.after is None:
                del items[id_of(edit.before)]
            else:
                old, new = id_of(edit.before), edit.after
                parts[place] = {
                    id_of(new) if id == old else id: new if id == old else item for id, item in items.items()
                }
        return replace(self, parts={**self.parts, **parts})


@dataclass(frozen=True)
class Plant:
    """An error that can be planted.

    ``edits`` exchange the items, the one that the error is in first. ``field`` names what is wrong of the
    item: a field, ``missing`` or ``spurious``. ``near`` are further items that nothing else may be planted
    in, for it would hide this error or be hidden by it. ``passage`` is where a reader sees it, in code points
    of the document.
    """

    kind: str
    document: str
    edits: tuple[Edit, ...]
    field: str
    rule: str
    has: str
    should: str
    near: frozenset[Key] = frozenset()
    passage: tuple[str, int, int] | None = None

    @cached_property
    def touched(self) -> frozenset[Key]:
        """All items that the plant needs for itself."""
        return frozenset(self.near).union(*(edit.keys for edit in self.edits))


def item_json(item: Item | None) -> Json | None:
    """Any item as its layer or links file has it; None stays None."""
    if item is None:
        return None
    if isinstance(item, Mention | Quote | Mark | Claim):
        return item_to_json(item)
    part = _part_of(item)
    parts: dict[str, Any] = {part: (item,)}
    value: Json = links_to_json(Links("", **parts))[part][0]
    return value


def item_from_json(part: str, value: Mapping[str, Any] | None) -> Item | None:
    """The inverse of :func:`item_json` for an item of a part."""
    if value is None:
        return None
    found: Sequence[Item]
    if part in KINDS:
        found = getattr(layer_from_json({"document": "", part: [value]}), part)
    else:
        found = getattr(links_from_json({"annotator": "", "entities": [], part: [value]}), part)
    return found[0]


def _part_of(item: LinkItem) -> Literal["entities", "utterances", "claim_groups", "claim_relations"]:
    if isinstance(item, Entity):
        return "entities"
    if isinstance(item, Utterance):
        return "utterances"
    return "claim_groups" if isinstance(item, ClaimGroup) else "claim_relations"


def refuse(message: str, file: str | None = None, check: str = "audit-mismatch") -> InputError:
    """The error of a key, a copy and findings that do not belong together."""
    return InputError.of(check, message, file=file)
