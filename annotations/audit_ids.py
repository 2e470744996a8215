"""The ids of an audit's copy: in text order, so that gaps give nothing away; and the way back to gold's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vostochny.annotations.audit_state import LINK_PARTS, LINKS, Edit, Item, Place, State, id_of
from vostochny.annotations.differences import KINDS, spans_of
from vostochny.annotations.item_ids import renamed
from vostochny.annotations.union import LETTERS
from vostochny.schema.closure import follows
from vostochny.schema.jsonio import Json
from vostochny.schema.model import ClaimRelation, Layer, Links, Ref, bounds

_FOLLOWS = "follows from other relations"
# What the copy says instead: ids in a sentence would be gold's, and tell what was removed.


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of one place: gold's in gold's order with the copy's beside them.

    An item of gold's that the copy has no longer has None for its copy id; one that the copy has besides
    stands last, with the id under which the key knows it.
    """

    document: str
    part: str
    gold: tuple[str, ...]
    known: tuple[str, ...]
    copy: tuple[str | None, ...]

    def to_json(self) -> Json:
        """As the key has it: ``gold`` is null for what gold has not."""
        return {
            "document": self.document,
            "part": self.part,
            "known": list(self.known),
            "gold": [id if id in set(self.gold) else None for id in self.known],
            "copy": list(self.copy),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Ids:
        """The inverse of :meth:`to_json`."""
        gold = tuple(id for id in value["gold"] if id is not None)
        return cls(value["document"], value["part"], gold, tuple(value["known"]), tuple(value["copy"]))

    @property
    def to_copy(self) -> dict[str, str]:
        """The copy's ids by those of the key."""
        return {known: copy for known, copy in zip(self.known, self.copy, strict=True) if copy is not None}

    @property
    def to_known(self) -> dict[str, str]:
        """The key's ids by the copy's."""
        return {copy: known for known, copy in self.to_copy.items()}


def number(gold: State, planted: State) -> dict[Place, Ids]:
    """The ids that the items of a state with errors get in the copy, by place."""
    out = {}
    for place, items in planted.parts.items():
        document, part = place
        before = tuple(gold.items(*place))
        known = (*before, *(id for id in items if id not in before))
        names = {id: id for id in items}
        if part != "entities":
            letter = _letter(part)
            ordered = sorted(items, key=_order(planted, part, items))
            names = {id: f"{letter}{n}" for n, id in enumerate(ordered, 1)}
        out[place] = Ids(document, part, before, known, tuple(names.get(id) for id in known))
    return out


def _letter(part: str) -> str:
    return {**LETTERS, "utterances": "u", "claim_groups": "g", "claim_relations": "r"}[part]


def _order(state: State, part: str, items: Mapping[str, Any]) -> Callable[[str], Any]:
    """What the items of a part are sorted by: their place in the text, or that of their first member."""

    def place(ref: Ref, kind: str) -> tuple[str, int, int]:
        start, end = bounds(spans_of(state.items(ref.document, kind)[ref.id]))
        return ref.document, start, -end

    def group(id: str) -> tuple[str, int, int]:
        return min(place(ref, "claims") for ref in state.items(LINKS, "claim_groups")[id].members)

    def order(id: str) -> Any:
        item = items[id]
        if part in KINDS:
            start, end = bounds(spans_of(item))
            return start, -end
        if part == "utterances":
            return min(place(ref, "quotes") for ref in item.members)
        if part == "claim_groups":
            return group(id)
        return group(item.source), group(item.target)

    return order


def rename_layer(layer: Layer, names: Mapping[str, str]) -> Layer:
    """A layer with other ids, its items in the order of ``names`` (which has every id)."""
    changed = renamed(layer, names)
    places = {name: n for n, name in enumerate(names.values())}
    parts: dict[str, Any] = {
        kind: tuple(sorted(items, key=lambda item: places[item.id]))
        for kind in KINDS
        if (items := getattr(changed, kind)) is not None
    }
    return replace(changed, **parts)


def rename_links(
    links: Links,
    members: Mapping[str, Mapping[str, str]],
    groups: Mapping[str, str],
    utterances: Mapping[str, str],
    relations: Sequence[str],
) -> Links:
    """Links with other ids, in the order that ``groups``, ``utterances`` and ``relations`` (old ids) give.

    ``members`` are the new ids of each document's items by the old ones.
    """

    def ref(old: Ref) -> Ref:
        return Ref(old.document, members[old.document][old.id])

    def refs(old: Iterable[Ref]) -> tuple[Ref, ...]:
        return tuple(map(ref, old))

    done: dict[str, Any] = {}
    if links.utterances is not None:
        found = {
            each.id: replace(
                each,
                id=utterances[each.id],
                members=refs(each.members),
                differences=tuple(
                    replace(d, members=(ref(d.members[0]), ref(d.members[1]))) for d in each.differences
                ),
            )
            for each in links.utterances
        }
        done["utterances"] = tuple(found[id] for id in utterances if id in found)
    if links.claim_groups is not None:
        made = {g.id: replace(g, id=groups[g.id], members=refs(g.members)) for g in links.claim_groups}
        done["claim_groups"] = tuple(made[id] for id in groups if id in made)
    if links.claim_relations is not None:
        related = {
            id_of(r): replace(r, source=groups[r.source], target=groups[r.target])
            for r in links.claim_relations
        }
        done["claim_relations"] = tuple(related[id] for id in relations if id in related)
    entities = tuple(
        replace(e, mentions=None if e.mentions is None else refs(e.mentions)) for e in links.entities
    )
    return replace(links, entities=entities, **done)


def _named(ids: Mapping[Place, Ids], document: str, parts: Iterable[str], *, back: bool) -> dict[str, str]:
    """New ids by old ones over several parts, in the order of the new place."""
    out: dict[str, str] = {}
    for part in parts:
        found = ids.get((document, part))
        if found is None:
            continue
        if back:
            names = found.to_known
            out |= dict(sorted(names.items(), key=lambda pair: found.known.index(pair[1])))
        else:
            out |= dict(sorted(found.to_copy.items(), key=lambda pair: _numbered(pair[1])))
    return out


def _numbered(id: str) -> tuple[int, str]:
    digits = id[1:]
    return (int(digits) if digits.isdecimal() else 0), id


def to_copy(state: State, ids: Mapping[Place, Ids]) -> tuple[dict[str, Layer], Links]:
    """Layers and links as the copy has them; derived relations do not name those they follow from."""
    names = {name: _named(ids, name, KINDS, back=False) for name in state.heads}
    layers = {name: rename_layer(state.layer(name), names[name]) for name in state.heads}
    parts = {part: _named(ids, LINKS, [part], back=False) for part in LINK_PARTS}
    links = rename_links(
        state.links,
        names,
        parts["claim_groups"],
        parts["utterances"],
        list(parts["claim_relations"]),
    )
    if links.claim_relations is not None:
        links = replace(links, claim_relations=tuple(map(_bare, links.claim_relations)))
    return layers, links


def _bare(relation: ClaimRelation) -> ClaimRelation:
    return replace(relation, reason=_FOLLOWS) if follows(relation) else relation


def derived_reasons(links: Links) -> list[Json]:
    """The reasons that the copy has not, by relation."""
    return [
        {"from": r.source, "to": r.target, "reason": r.reason}
        for r in links.claim_relations or ()
        if follows(r)
    ]


def restored(
    copy: State, ids: Mapping[Place, Ids], edits: Sequence[Edit], reasons: Sequence[Mapping[str, str]]
) -> State:
    """Gold as it was, from a copy and its key: ids taken back, errors mended, order and reasons as before."""
    names = {name: _named(ids, name, KINDS, back=True) for name in copy.heads}
    layers = {name: rename_layer(copy.layer(name), names[name]) for name in copy.heads}
    parts = {part: _named(ids, LINKS, [part], back=True) for part in LINK_PARTS}
    groups = parts["claim_groups"]
    relations = [f"{r.source}>{r.target}" for r in copy.links.claim_relations or ()]
    links = rename_links(copy.links, names, groups, parts["utterances"], relations)
    told = {(each["from"], each["to"]): each["reason"] for each in reasons}
    if links.claim_relations is not None:
        related = (
            replace(r, reason=told[r.source, r.target])
            if (r.source, r.target) in told and r.reason == _FOLLOWS
            else r
            for r in links.claim_relations
        )
        links = replace(links, claim_relations=tuple(related))
    state = State.of(copy.documents, layers, links)
    mended = state.edited([Edit(e.document, e.part, e.after, e.before) for e in edits])
    ordered: dict[Place, Mapping[str, Item]] = {
        place: {id: items[id] for id in (ids[place].gold if place in ids else items)}
        for place, items in mended.parts.items()
    }
    return replace(mended, parts=ordered)
