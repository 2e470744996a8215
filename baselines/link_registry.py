"""The baseline linkers by name."""

from __future__ import annotations

from vostochny.baselines.link_base import LinkBaseline
from vostochny.baselines.link_embeddings import Embeddings
from vostochny.baselines.link_exact_string import ExactString
from vostochny.baselines.link_one_cluster import OneCluster
from vostochny.baselines.link_singletons import Singletons
from vostochny.baselines.link_tfidf import Tfidf

_ALL = (
    LinkBaseline("singletons", "every item by itself", Singletons),
    LinkBaseline("one-cluster", "all items of a kind together", OneCluster),
    LinkBaseline("exact-string", "the same normalised text", ExactString),
    LinkBaseline("tfidf", "TF-IDF cosine of 0.5, complete linkage; claim relations by rules", Tfidf),
    LinkBaseline(
        "embeddings",
        "sentence-embedding cosine of 0.75 (all-MiniLM-L6-v2), complete linkage; claim relations by rules",
        Embeddings,
        extra="embeddings",
    ),
)

LINKERS: dict[str, LinkBaseline] = {linker.name: linker for linker in _ALL}
"""All baseline linkers, in the order of the leaderboard."""
