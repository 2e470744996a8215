"""Quotes, attributes: kind, medium, polarity and status of the quotes that were found.

Over closely aligned pairs (content IoU > 0.5); accuracy, macro-F1 and κ as in
:mod:`vostochny.eval.nominal`.
"""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.eval.alignment import Pair
from vostochny.eval.items import Case, QuoteItem
from vostochny.eval.nominal import Contingency


def quote_attributes(case: Case[QuoteItem], close: Sequence[Pair]) -> dict[str, Contingency]:
    """A table of gold label by predicted label for each attribute."""
    pairs = [(case.gold[i], case.predicted[j]) for i, j in close]
    return {
        "kind": Contingency.of((g.block, g.kind, p.kind) for g, p in pairs),
        "medium": Contingency.of((g.block, g.medium, p.medium) for g, p in pairs),
        "polarity": Contingency.of((g.block, g.polarity, p.polarity) for g, p in pairs),
        "status": Contingency.of((g.block, g.status, p.status) for g, p in pairs),
    }
