"""Entities, strict: same boundaries and same type.

A hit is a predicted mention that covers the same tokens as a gold mention and has its type; each
mention is used once, so of two equal predictions the second is a false positive. This is the CoNLL-2003
evaluation (Tjong Kim Sang & De Meulder, CoNLL 2003), SemEval-2013 task 9's *strict*, and seqeval's
``mode="strict", scheme=IOB2``.
"""

from __future__ import annotations

from vostochny.eval.counts import Counts
from vostochny.eval.spans_matching import Matching


def entity_strict(matching: Matching) -> Counts:
    """Counts of mentions found with the same tokens and type."""
    return matching.sums[0]
