"""Quotes, by kind: the content token measure for direct, indirect and mixed quotes.

A quote's kind follows from its verbatim parts (:func:`vostochny.schema.quotation.quote_kind`). The
counts of a kind are those of the quotes of that kind, and an aligned pair counts only where both quotes
are of it; a quote found as another kind is thus a miss of one kind and a false alarm of the other, and
the kinds' token hits may sum to less than the overall ones. (Scores by kind: Pareti et al., EMNLP
2013.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, QuoteItem
from vostochny.eval.matching import counted, ends
from vostochny.schema.labels import QUOTE_KINDS


def quote_by_kind(case: Case[QuoteItem], loose: Sequence[Pair]) -> dict[str, Counts]:
    """Content token counts for each kind."""
    number = {kind: n for n, kind in enumerate(QUOTE_KINDS)}
    ours, theirs = (
        side.whole(number[quote.kind] for quote in side.items) for side in (case.ours, case.theirs)
    )
    i, j = ends(loose)
    shared = case.overlaps.of(loose).shared
    out = {}
    for kind, n in number.items():
        hits = np.where((ours[i] == n) & (theirs[j] == n), shared, 0)
        gold, predicted = (
            np.where(kinds == n, side.size, 0) for kinds, side in ((ours, case.ours), (theirs, case.theirs))
        )
        out[kind] = counted(case, loose, gold, predicted, hits, hits)
    return out
