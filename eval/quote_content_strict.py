"""Quotes, content strict: the content found exactly.

A hit has the same content tokens as a gold quote, in all fragments; each quote is used once (the strict
measure of Pareti et al., "Automatically detecting and attributing indirect quotations", EMNLP 2013).
"""

from __future__ import annotations

from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, QuoteItem
from vostochny.eval.matching import equal_pairs, tally


def quote_content_strict(case: Case[QuoteItem]) -> Counts:
    """Counts of quotes found with the same content tokens."""
    return tally(case, equal_pairs(case, lambda q: q.tokens))
