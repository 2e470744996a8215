"""What is linked, and which clusters some links make of it.

The one place that decides clusters. The items of ``entity-links`` are the mentions of names (a mention of one
of the seven value types names nothing and is no item, whatever links say of it), those of ``utterances`` the
quotes, those of ``claim-links`` the claims. An item that is in no cluster is a cluster of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from vostochny.schema.labels import NAME_TYPES
from vostochny.schema.model import Layer, Links, Ref

ENTITY_LINKS, UTTERANCES, CLAIM_LINKS = "entity-links", "utterances", "claim-links"

ITEM_PARTS: Mapping[str, str] = {ENTITY_LINKS: "mentions", UTTERANCES: "quotes", CLAIM_LINKS: "claims"}
"""Which part of a layer the items of each link task are from."""

Clusters = tuple[tuple[Ref, ...], ...]


def link_items(task: str, layers: Mapping[str, Layer]) -> tuple[Ref, ...]:
    """The items of a link task: documents by id, items in their layer's order.

    >>> from vostochny.schema.model import Mention
    >>> mentions = (Mention("m1", 0, 5, "Putin", "PERSON"), Mention("m2", 9, 15, "Monday", "DATE"))
    >>> link_items("entity-links", {"ist": Layer("ist", "x", mentions)})
    (Ref(document='ist', id='m1'),)
    """
    out = []
    for name in sorted(layers):
        for item in getattr(layers[name], ITEM_PARTS[task]) or ():
            if task != ENTITY_LINKS or item.type in NAME_TYPES:
                out.append(Ref(name, item.id))
    return tuple(out)


def link_clusters(task: str, links: Links, layers: Mapping[str, Layer]) -> Clusters | None:
    """The clusters that links make of a task's items, singletons included; None if the task was not done.

    Clusters come in the order of the links (so ``claim-links`` begins with one for each claim group), then
    the items that they do not name, each alone. What they name in documents without a layer is left out.
    Entities without ``mentions`` are those that the layers' mentions name (:attr:`Mention.entity`); if no
    entity has ``mentions`` and no mention an entity, entities were not linked.
    """
    stated = _stated(task, links, layers)
    if stated is None:
        return None
    items = link_items(task, layers)
    known = set(items)
    kept = [tuple(ref for ref in cluster if ref in known) for cluster in stated]
    linked = {ref for cluster in kept for ref in cluster}
    return (*kept, *((ref,) for ref in items if ref not in linked))


def _stated(task: str, links: Links, layers: Mapping[str, Layer]) -> list[tuple[Ref, ...]] | None:
    if task == UTTERANCES:
        return None if links.utterances is None else [u.members for u in links.utterances]
    if task == CLAIM_LINKS:
        if links.claim_groups is None and links.claim_relations is None:
            return None
        return [group.members for group in links.claim_groups or ()]
    if names_mentions(links):
        return [entity.mentions or () for entity in links.entities]
    named: dict[str, list[Ref]] = {}
    for name in sorted(layers):
        for mention in layers[name].mentions or ():
            if mention.entity is not None:
                named.setdefault(mention.entity, []).append(Ref(name, mention.id))
    return [tuple(refs) for refs in named.values()] or None


def names_mentions(links: Links) -> bool:
    """Whether links say themselves which mentions name their entities."""
    return any(entity.mentions is not None for entity in links.entities)
