"""Quotes, triple: content, cue and source all found exactly.

The strictest reading of "who said what, and how is it marked" (all three spans of an attribution
relation, as in Pareti, LREC 2012): all three token sets equal a gold quote's, an absent cue or source
being equal to an absent one only. Each quote is used once.
"""

from __future__ import annotations

from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, QuoteItem
from vostochny.eval.matching import equal_pairs, tally


def quote_triple(case: Case[QuoteItem]) -> Counts:
    """Counts of quotes found with the same content, cue and source tokens."""
    return tally(case, equal_pairs(case, lambda q: (q.tokens, q.cue, q.source)))
