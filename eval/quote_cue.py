"""Quotes, cue: the verb group or "according to" that introduces the quote, in tokens.

Counted like the content's tokens, over the same pairs: a cue token is a hit if the quotes of the pair
share it; all cue tokens of an unaligned quote are misses. A cue therefore only counts with its quote
(the attribution relation of Pareti, LREC 2012, of which content, cue and source are the parts).
"""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, QuoteItem
from vostochny.eval.matching import tally_tokens


def quote_cue(case: Case[QuoteItem], loose: Sequence[Pair]) -> Counts:
    """Cue tokens shared by aligned quotes."""
    return tally_tokens(case, loose, lambda quote: quote.cue)
