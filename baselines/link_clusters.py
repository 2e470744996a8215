"""From clusters of items to links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from vostochny.baselines.link_items import Item, Kind, claims, mentions, quotes
from vostochny.schema.model import (
    Claim,
    ClaimGroup,
    ClaimRelation,
    Document,
    Entity,
    Layer,
    Links,
    Mention,
    Quote,
    Utterance,
)

Cluster = Sequence[Item[Kind]]


class Grouping(Protocol):
    """Sorts items of one kind into clusters; each item is in exactly one."""

    def __call__(self, items: Sequence[Item[Kind]]) -> Iterable[Cluster[Kind]]:
        """The clusters."""
        ...


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """Two clusters of claims, by their numbers, and how the first is related to the second."""

    source: int
    target: int
    type: str
    reason: str


Relating = Callable[[Sequence[Cluster[Claim]]], Sequence[Relation]]
"""Finds relations between clusters of claims."""


def _unrelated(clusters: Sequence[Cluster[Claim]]) -> Sequence[Relation]:
    return ()


def linked(
    annotator: str,
    documents: Sequence[Document],
    layers: Sequence[Layer],
    grouping: Grouping,
    relating: Relating = _unrelated,
) -> Links:
    """The links that a grouping of mentions, quotes and claims gives; parts no layer has are not done.

    Ids count from 1 in the order of the clusters' first items. Every mention is in an entity, alone or
    not; quotes make an utterance, and claims a group, if there are two or a relation needs one alone.
    """
    named, said, claimed = (
        mentions(documents, layers),
        quotes(documents, layers),
        claims(documents, layers),
    )
    groups: tuple[ClaimGroup, ...] | None = None
    relations: tuple[ClaimRelation, ...] | None = None
    if claimed is not None:
        groups, relations = _claim_links(_sorted(grouping(claimed), claimed), relating)
    return Links(
        annotator=annotator,
        entities=_entities(_sorted(grouping(named), named)) if named is not None else (),
        utterances=_utterances(_sorted(grouping(said), said)) if said is not None else None,
        claim_groups=groups,
        claim_relations=relations,
    )


def _sorted(clusters: Iterable[Cluster[Kind]], items: Sequence[Item[Kind]]) -> list[list[Item[Kind]]]:
    """Clusters, and the items in each, in the order of the items."""
    rank = {item.ref: n for n, item in enumerate(items)}
    inside = [sorted(cluster, key=lambda item: rank[item.ref]) for cluster in clusters]
    return sorted(inside, key=lambda cluster: rank[cluster[0].ref])


def _entities(clusters: Sequence[Cluster[Mention]]) -> tuple[Entity, ...]:
    return tuple(
        Entity(
            id=f"e{number}",
            name=_commonest(item.text for item in cluster),
            type=_commonest(item.value.type for item in cluster),
            mentions=tuple(item.ref for item in cluster),
        )
        for number, cluster in enumerate(clusters, 1)
    )


def _commonest(values: Iterable[str]) -> str:
    # Of equally common ones, the first that was seen.
    return Counter(values).most_common(1)[0][0]


def _utterances(clusters: Sequence[Cluster[Quote]]) -> tuple[Utterance, ...]:
    """The fullest rendering, here simply the longest, comes first."""
    several = [sorted(cluster, key=lambda item: -len(item.text)) for cluster in clusters if len(cluster) > 1]
    return tuple(
        Utterance(f"u{number}", tuple(item.ref for item in cluster))
        for number, cluster in enumerate(several, 1)
    )


def _claim_links(
    clusters: Sequence[Cluster[Claim]], relating: Relating
) -> tuple[tuple[ClaimGroup, ...], tuple[ClaimRelation, ...]]:
    relations = sorted(relating(clusters))
    related = {n for relation in relations for n in (relation.source, relation.target)}
    chosen = [n for n, cluster in enumerate(clusters) if len(cluster) > 1 or n in related]
    ids = {n: f"g{number}" for number, n in enumerate(chosen, 1)}
    groups = tuple(ClaimGroup(ids[n], tuple(item.ref for item in clusters[n])) for n in chosen)
    return groups, tuple(ClaimRelation(ids[r.source], ids[r.target], r.type, r.reason) for r in relations)
