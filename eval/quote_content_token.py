"""Quotes, content token: how much of what was quoted is found, in tokens.

Over loosely aligned pairs (g, p) of quotes with content token sets:

    P = Σ |g ∩ p| / Σ |p| over all predicted      R = Σ |g ∩ p| / Σ |g| over all gold.

A token in two nested quotes counts in each of them, and an unaligned quote counts with all its tokens. This
is the micro-averaged form of token overlap; the one-to-one alignment keeps a token of one quote from being
credited to another, so quotes that are merged or cut up lose.
"""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, QuoteItem
from vostochny.eval.matching import counted


def quote_content_token(case: Case[QuoteItem], loose: Sequence[Pair]) -> Counts:
    """Content tokens shared by aligned quotes."""
    shared = case.overlaps.of(loose).shared
    return counted(case, loose, case.ours.size, case.theirs.size, shared, shared)
