"""Quotes, content partial: each quote counts once, with the share that was found.

The intersection-based measure of Johansson & Moschitti ("Relational features in fine-grained opinion
analysis", Computational Linguistics 39(3), 2013), over loosely aligned pairs (g, p):

    P = Σ |g ∩ p| / |p|  /  predicted quotes      R = Σ |g ∩ p| / |g|  /  gold quotes.

Theirs sums over all overlapping pairs, so that fragments of one quote can each earn credit; here the
pairs are one-to-one. Long and short quotes weigh the same, unlike in the token measure.
"""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, QuoteItem
from vostochny.eval.matching import counted


def quote_content_partial(case: Case[QuoteItem], loose: Sequence[Pair]) -> Counts:
    """Counts of quotes, credited with the covered share of each side."""
    found = case.overlaps.of(loose)
    return counted(
        case, loose, None, None, found.shared / found.gold_size, found.shared / found.predicted_size
    )
