"""Entities, exact: same boundaries, whatever the type.

SemEval-2013 task 9's *exact* (Segura-Bedmar, Martínez & Herrero-Zazo, SemEval 2013): it tells
how much of a strict loss is due to types. Each mention is used once.
"""

from __future__ import annotations

from vostochny.eval.counts import Counts
from vostochny.eval.spans_keys import shared
from vostochny.eval.spans_matching import Matching


def entity_exact(matching: Matching) -> Counts:
    """Counts of mentions found with the same tokens."""
    keys = matching.keys
    places = shared(keys.merged >> 1 + keys.type_bits, keys.merged & 1)
    return matching.counts(matching.per_block(keys.blocks(places)))
