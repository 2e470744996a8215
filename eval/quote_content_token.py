"""Quotes, content token: how much of what was quoted is found, in tokens.

Over loosely aligned pairs (g, p) of quotes with content token sets:

    P = Σ |g ∩ p| / Σ |p| over all predicted      R = Σ |g ∩ p| / Σ |g| over all gold.

A token in two nested quotes counts in each of them, and an unaligned quote counts with all its tokens. This
is the micro-averaged form of token overlap; the one-to-one alignment keeps a token of one quote from being
credited to another, so quotes that are merged or cut up lose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts, Tally
from vostochny.eval.items import Case, QuoteItem, Tokens


def quote_content_token(case: Case[QuoteItem], loose: Sequence[Pair]) -> Counts:
    """Content tokens shared by aligned quotes."""
    return token_counts(case, loose, lambda quote: quote.tokens)


def token_counts(case: Case[QuoteItem], loose: Sequence[Pair], part: Callable[[QuoteItem], Tokens]) -> Counts:
    """Tokens of a part of the quotes (content, cue, source), shared by aligned quotes."""
    out = Tally(case.n_blocks)
    for quote in case.gold:
        out.gold(quote.block, len(part(quote)))
    for quote in case.predicted:
        out.predicted(quote.block, len(part(quote)))
    for i, j in loose:
        gold, other = case.gold[i], case.predicted[j]
        out.hit(gold.block, other.block, len(part(gold) & part(other)))
    return out.counts
