"""What must be right with links before they can be scored, by the ids of the schema's checks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from vostochny.eval.link_items import CLAIM_LINKS, ENTITY_LINKS, ITEM_PARTS, UTTERANCES
from vostochny.schema.errors import Problem, json_path, shown
from vostochny.schema.model import Layer, Links, Ref

Place = tuple[str | int, ...]

RELATIONS = ("supports", "contradicts")
"""The relations between claim groups."""


def link_problems(
    links: Links, layers: Mapping[str, Layer], known: Mapping[str, object], what: str
) -> Iterator[Problem]:
    """Problems of links on their layers; ``what`` says whose links they are.

    ``unknown-document``: an item of a document that is not among the ``known``; ``unresolved-reference``: an
    item that its layer does not have, or a group that the links do not have; ``repeated-member``;
    ``duplicate-id`` of groups; ``relation-to-itself``; ``unknown-label``. Of known documents without a layer
    nothing is checked.
    """
    ids = {
        (task, name): {item.id for item in getattr(layer, part) or ()}
        for task, part in ITEM_PARTS.items()
        for name, layer in layers.items()
    }
    held: dict[tuple[str, Ref], Place] = {}
    for task, place, ref in _members(links):
        path, part = json_path(place), ITEM_PARTS[task].removesuffix("s")
        if ref.document not in known:
            message = f"there is no document {shown(ref.document)}; known are {_listed(known)}"
            yield Problem("unknown-document", f"{what}: {message}", path=path)
        elif ref.document in layers and ref.id not in ids[task, ref.document]:
            message = f"the layer of {ref.document} has no {part} {shown(ref.id)}; mend the id"
            yield Problem("unresolved-reference", f"{what}: {message}", path=path)
        if (task, ref) in held:
            message = f"{ref} is a member at {json_path(held[task, ref])} as well; keep it in one place"
            yield Problem("repeated-member", f"{what}: {message}", path=path)
        held.setdefault((task, ref), place)
    yield from _relation_problems(links, what)


def id_problems(layers: Mapping[str, Layer], parts: Collection[str], what: str) -> Iterator[Problem]:
    """``duplicate-id``: two items of a layer part that links would name alike."""
    for name, layer in layers.items():
        for part in parts:
            seen: set[str] = set()
            for n, item in enumerate(getattr(layer, part) or ()):
                if item.id in seen:
                    message = f"the id {shown(item.id)} is used before; give each its own"
                    path = json_path((part, n, "id"))
                    yield Problem("duplicate-id", f"{what} for document {name!r}: {message}", path=path)
                seen.add(item.id)


def _members(links: Links) -> Iterator[tuple[str, Place, Ref]]:
    for n, entity in enumerate(links.entities):
        for m, ref in enumerate(entity.mentions or ()):
            yield ENTITY_LINKS, ("entities", n, "mentions", m), ref
    for n, utterance in enumerate(links.utterances or ()):
        for m, ref in enumerate(utterance.members):
            yield UTTERANCES, ("utterances", n, "members", m), ref
    for n, group in enumerate(links.claim_groups or ()):
        for m, ref in enumerate(group.members):
            yield CLAIM_LINKS, ("claim_groups", n, "members", m), ref


def _relation_problems(links: Links, what: str) -> Iterator[Problem]:
    groups: dict[str, int] = {}
    for n, group in enumerate(links.claim_groups or ()):
        if group.id in groups:
            message = f"the id {shown(group.id)} is that of claim_groups[{groups[group.id]}] as well; "
            path = json_path(("claim_groups", n, "id"))
            yield Problem("duplicate-id", f"{what}: {message}give each its own", path=path)
        groups.setdefault(group.id, n)
    for n, relation in enumerate(links.claim_relations or ()):
        for key, end in (("from", relation.source), ("to", relation.target)):
            if end not in groups:
                path = json_path(("claim_relations", n, key))
                message = f"there is no claim group {shown(end)}; add it or mend the id"
                yield Problem("unresolved-reference", f"{what}: {message}", path=path)
        if relation.source == relation.target:
            path = json_path(("claim_relations", n, "to"))
            message = f"the group {shown(relation.target)} is related to itself; drop the relation"
            yield Problem("relation-to-itself", f"{what}: {message}", path=path)
        if relation.type not in RELATIONS:
            path = json_path(("claim_relations", n, "type"))
            message = f"found {shown(relation.type)}, expected one of {', '.join(RELATIONS)}"
            yield Problem("unknown-label", f"{what}: {message}", path=path)


def _listed(names: Mapping[str, object], most: int = 10) -> str:
    listed = sorted(names)
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")
