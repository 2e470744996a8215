"""Quotes, nesting: whose words were passed on by whom.

A wire chain (outlet → agency → speaker) is a chain of quotes, each naming its outer one. An edge from
inner to outer quote is a hit if both ends are closely aligned (content IoU > 0.5) with the ends of a
gold edge: unlabelled attachment F1 over aligned nodes, as in the CoNLL 2018 shared task (Zeman et al.,
"CoNLL 2018 shared task: Multilingual parsing from raw text to Universal Dependencies"). An edge's block is
the inner quote's. An edge to a quote that does not exist never is a hit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, QuoteItem, Side
from vostochny.eval.matching import counted, ends
from vostochny.eval.overlaps import Ints


def quote_nesting(case: Case[QuoteItem], close: Sequence[Pair]) -> Counts:
    """Counts of edges found between aligned quotes."""
    ours, theirs = (side.whole(quote.nested for quote in side.items) for side in (case.ours, case.theirs))
    i, j = ends(close)
    # The last place is that of no outer quote, which nobody answers for.
    partner = np.full(len(case.gold) + 1, _NOBODY)
    partner[i] = j
    outer, other = _outer(case.ours)[i], _outer(case.theirs)[j]
    found = ((partner[outer] == other) & (outer >= 0) & (other >= 0)).astype(np.int64)
    return counted(case, close, ours, theirs, found, found)


_NOBODY = -2


def _outer(side: Side[QuoteItem]) -> Ints:
    """The place of each quote's outer quote among all, -1 for none."""
    own = side.whole(-1 if quote.parent is None else quote.parent for quote in side.items)
    return np.where(own < 0, -1, own + side.first_item[side.document])
