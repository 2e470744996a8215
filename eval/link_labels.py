"""How clusters and relations between them relate the pairs of their items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations, product

from vostochny.schema.closure import SUPPORTS
from vostochny.schema.model import ClaimRelation, Ref

SAME = "same"
SUPPORTED = "supported"
"""The label of a pair whose second item supports the first."""


def pair_labels(
    clusters: Iterable[Iterable[Ref]],
    relations: Iterable[ClaimRelation] = (),
    members: Mapping[str, Iterable[Ref]] | None = None,
) -> dict[tuple[Ref, Ref], str]:
    """The label of each pair of items, the lesser first, that clusters or relations between groups relate.

    Items of one cluster are ``same``. A relation between two groups, whose items ``members`` gives by the
    group's id, holds between each two of their items: ``supports`` (the first entails the second),
    ``supported`` (the second entails the first) or ``contradicts``. Where one pair is related several times,
    which valid links don't do, a cluster comes before relations, and of these the last in order of type,
    source and target counts.
    """
    items = members or {}
    out: dict[tuple[Ref, Ref], str] = {}
    for relation in sorted(relations, key=lambda r: (r.type, r.source, r.target)):
        for one, other in product(items[relation.source], items[relation.target]):
            turned = relation.type == SUPPORTS and other < one
            out[min(one, other), max(one, other)] = SUPPORTED if turned else relation.type
    for cluster in clusters:
        out.update(dict.fromkeys(combinations(sorted(cluster), 2), SAME))
    return out
