"""What is written alike is the same.

Mentions are compared by their surface, quotes by their content, claims by their proposition (without one, by
their text), all by :func:`~vostochny.schema.registry.name_key`: case, punctuation, hyphens and the word
"the" do not count. Nothing was taken from the corpus.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vostochny.baselines.link_clusters import Cluster, linked
from vostochny.baselines.link_items import Item, Kind
from vostochny.schema.model import Document, Layer, Links
from vostochny.schema.registry import name_key


class ExactString:
    """Items of one kind with the same normalised text in one cluster."""

    def link(self, documents: Sequence[Document], layers: Sequence[Layer]) -> Links:
        """Entities, utterances and claim groups; no relation."""
        return linked("exact-string", documents, layers, _by_text)


def _by_text(items: Sequence[Item[Kind]]) -> Iterable[Cluster[Kind]]:
    found: dict[str, list[Item[Kind]]] = {}
    for item in items:
        # A text of punctuation only is like itself, not like every other one.
        found.setdefault(name_key(item.text) or item.text, []).append(item)
    return found.values()
