"""Quotes, by kind: the content token measure for direct, indirect and mixed quotes.

A quote's kind follows from its verbatim parts (:func:`vostochny.schema.quotation.quote_kind`). The
counts of a kind are those of the quotes of that kind, and an aligned pair counts only where both quotes
are of it; a quote found as another kind is thus a miss of one kind and a false alarm of the other, and
the kinds' token hits may sum to less than the overall ones. (Scores by kind: Pareti et al., EMNLP
2013.)
"""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts, Tally
from vostochny.eval.items import Case, QuoteItem
from vostochny.schema.labels import QUOTE_KINDS


def quote_by_kind(case: Case[QuoteItem], loose: Sequence[Pair]) -> dict[str, Counts]:
    """Content token counts for each kind."""
    out = {kind: Tally(case.n_blocks) for kind in QUOTE_KINDS}
    for quote in case.gold:
        out[quote.kind].gold(quote.block, len(quote.tokens))
    for quote in case.predicted:
        out[quote.kind].predicted(quote.block, len(quote.tokens))
    for i, j in loose:
        gold, other = case.gold[i], case.predicted[j]
        if gold.kind == other.kind:
            out[gold.kind].hit(gold.block, other.block, len(gold.tokens & other.tokens))
    return {kind: each.counts for kind, each in out.items()}
