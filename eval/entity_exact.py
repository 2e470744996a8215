"""Entities, exact: same boundaries, whatever the type.

SemEval-2013 task 9's *exact* (Segura-Bedmar, Martínez & Herrero-Zazo, SemEval 2013): it tells
how much of a strict loss is due to types. Each mention is used once.
"""

from __future__ import annotations

from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, MentionItem
from vostochny.eval.matching import equal_pairs, tally


def entity_exact(case: Case[MentionItem]) -> Counts:
    """Counts of mentions found with the same tokens."""
    return tally(case, equal_pairs(case, lambda m: m.tokens))
