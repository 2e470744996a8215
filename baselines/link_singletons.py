"""No two items are the same: what a scorer gives to links that say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vostochny.baselines.link_clusters import Cluster, linked
from vostochny.baselines.link_items import Item, Kind
from vostochny.schema.model import Document, Layer, Links


class Singletons:
    """Every item in a cluster of its own."""

    def link(self, documents: Sequence[Document], layers: Sequence[Layer]) -> Links:
        """An entity for every mention; no utterance, claim group or relation."""
        return linked("singletons", documents, layers, _alone)


def _alone(items: Sequence[Item[Kind]]) -> Iterable[Cluster[Kind]]:
    return ([item] for item in items)
