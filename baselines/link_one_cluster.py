"""All items are the same: what a scorer gives to links that say everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vostochny.baselines.link_clusters import Cluster, linked
from vostochny.baselines.link_items import Item, Kind
from vostochny.schema.model import Document, Layer, Links


class OneCluster:
    """All mentions, all quotes and all claims in one cluster each."""

    def link(self, documents: Sequence[Document], layers: Sequence[Layer]) -> Links:
        """One entity, one utterance, one claim group; no relation."""
        return linked("one-cluster", documents, layers, _together)


def _together(items: Sequence[Item[Kind]]) -> Iterable[Cluster[Kind]]:
    return [items] if items else []
