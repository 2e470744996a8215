"""Entities, type: right type, somewhere on the mention.

SemEval-2013 task 9's *type* (Segura-Bedmar, Martínez & Herrero-Zazo, SemEval 2013): a hit shares at
least one token with a gold mention of its type (with a threshold: their intersection over union is more).
One-to-one with the greatest number of hits, so a name
split in three scores once.
"""

from __future__ import annotations

import numpy as np

from vostochny.eval.counts import Counts
from vostochny.eval.spans_matching import Matching


def entity_type(matching: Matching) -> Counts:
    """Counts of mentions found by a mention of their type that overlaps."""
    edges = matching.similar
    edges = edges[matching.ours.type[edges.gold] == matching.theirs.type[edges.other]]
    one, none = np.ones(len(edges), dtype=np.int64), np.zeros(len(edges), dtype=np.int64)
    sure = matching.alone(edges, edges.inter == edges.union)
    return matching.of_pairs(edges[matching.aligned(edges, one, none, sure)])
