"""Entities, strict: same boundaries and same type.

A hit is a predicted mention that covers the same tokens as a gold mention and has its type; each
mention is used once, so of two equal predictions the second is a false positive. This is the CoNLL-2003
evaluation (Tjong Kim Sang & De Meulder, CoNLL 2003), SemEval-2013 task 9's *strict*, and seqeval's
``mode="strict", scheme=IOB2``.
"""

from __future__ import annotations

from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, MentionItem
from vostochny.eval.matching import equal_pairs, tally


def entity_strict(case: Case[MentionItem]) -> Counts:
    """Counts of mentions found with the same tokens and type."""
    return tally(case, equal_pairs(case, lambda m: (m.tokens, m.type)))
