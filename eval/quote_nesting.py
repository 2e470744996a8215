"""Quotes, nesting: whose words were passed on by whom.

A wire chain (outlet → agency → speaker) is a chain of quotes, each naming its outer one. An edge from
inner to outer quote is a hit if both ends are closely aligned (content IoU > 0.5) with the ends of a
gold edge: unlabelled attachment F1 over aligned nodes, as in the CoNLL 2018 shared task (Zeman et al.,
"CoNLL 2018 shared task: Multilingual parsing from raw text to Universal Dependencies"). An edge's block is
the inner quote's. An edge to a quote that does not exist never is a hit.
"""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts, Tally
from vostochny.eval.items import Case, QuoteItem


def quote_nesting(case: Case[QuoteItem], close: Sequence[Pair]) -> Counts:
    """Counts of edges found between aligned quotes."""
    out = Tally(case.n_blocks)
    for quote in case.gold:
        if quote.nested:
            out.gold(quote.block)
    for quote in case.predicted:
        if quote.nested:
            out.predicted(quote.block)
    partner = dict(close)
    for i, j in close:
        gold, other = case.gold[i], case.predicted[j]
        if gold.parent is not None and other.parent is not None and partner.get(gold.parent) == other.parent:
            out.hit(gold.block, other.block)
    return out.counts
