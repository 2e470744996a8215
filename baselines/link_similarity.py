"""Linking by vectors: what is similar enough is the same.

Clusters are those of complete linkage: every two members of a cluster are at least as similar as the
threshold. That is what "the same" asks for, each pair of it; single linkage would chain, and only complete
linkage keeps two claims apart for certain that a rule says contradict each other. Time and memory are
quadratic in the number of items of a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering
from threadpoolctl import threadpool_limits

from vostochny.baselines.link_clusters import Cluster, Relation, linked
from vostochny.baselines.link_items import Item, Kind
from vostochny.baselines.link_rules import ClaimWords, mismatch, relations
from vostochny.schema.model import Claim, Document, Layer, Links, Mention, Ref

Similarity = Callable[[Sequence[str], bool], NDArray[Any]]
"""From n texts, and whether they are names, to their n × n cosines."""

_FAR = 2.0
"""A distance beyond any threshold: cosines are at most 1 apart from 0, distances at most 2."""


def linked_by_similarity(
    annotator: str,
    documents: Sequence[Document],
    layers: Sequence[Layer],
    similarity: Similarity,
    threshold: float,
) -> Links:
    """Clusters of items with a cosine of at least ``threshold``, and relations of claims by rules.

    Claims that are as similar but differ in numbers or negation contradict each other
    (:func:`~vostochny.baselines.link_rules.mismatch`) and are in no cluster together; what has more words
    supports what has fewer (:func:`~vostochny.baselines.link_rules.supports`).
    """
    contrary: dict[frozenset[Ref], str] = {}

    def grouping(items: Sequence[Item[Kind]]) -> Iterable[Cluster[Kind]]:
        if len(items) < 2:
            return [[item] for item in items]
        named = isinstance(items[0].value, Mention)
        with threadpool_limits(1):
            # Equal vectors may differ in their last bit.
            close = np.round(similarity([item.text for item in items], named), 6)
        distances = 1 - close
        for (a, b), reason in _mismatches(items, close >= threshold):
            contrary[frozenset((items[a].ref, items[b].ref))] = reason
            distances[a, b] = distances[b, a] = _FAR
        return _complete_linkage(items, distances, 1 - threshold)

    def relating(clusters: Sequence[Cluster[Claim]]) -> Sequence[Relation]:
        return relations(clusters, contrary)

    return linked(annotator, documents, layers, grouping, relating)


def _mismatches(items: Sequence[Item[Kind]], close: NDArray[Any]) -> Iterable[tuple[tuple[int, int], str]]:
    """The close pairs of claims that contradict each other, with the reason; no pairs of other items."""
    words = [ClaimWords.of(item) for item in items if isinstance(item.value, Claim)]  # type: ignore[arg-type]
    for a, b in combinations(range(len(words)), 2):
        if close[a, b] and (reason := mismatch(words[a], words[b])):
            yield (a, b), reason


def _complete_linkage(
    items: Sequence[Item[Kind]], distances: NDArray[Any], farthest: float
) -> Iterable[Cluster[Kind]]:
    model = AgglomerativeClustering(
        n_clusters=None,
        metric="precomputed",
        linkage="complete",
        # The model joins what is nearer than its threshold; ours is still near enough itself.
        distance_threshold=farthest + 1e-9,
    )
    found: dict[int, list[Item[Kind]]] = {}
    for item, label in zip(items, model.fit_predict(distances), strict=True):
        found.setdefault(int(label), []).append(item)
    return found.values()
