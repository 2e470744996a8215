"""Quotes, attributes: kind, medium, polarity and status of the quotes that were found.

Over closely aligned pairs (content IoU > 0.5); accuracy, macro-F1 and κ as in
:mod:`vostochny.eval.nominal`.
"""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.eval.alignment import Pair
from vostochny.eval.items import Case, QuoteItem
from vostochny.eval.matching import label_table
from vostochny.eval.nominal import Contingency


def quote_attributes(case: Case[QuoteItem], close: Sequence[Pair]) -> dict[str, Contingency]:
    """A table of gold label by predicted label for each attribute."""
    return {
        "kind": label_table(case, close, lambda gold: gold.kind, lambda other: other.kind),
        "medium": label_table(case, close, lambda gold: gold.medium, lambda other: other.medium),
        "polarity": label_table(case, close, lambda gold: gold.polarity, lambda other: other.polarity),
        "status": label_table(case, close, lambda gold: gold.status, lambda other: other.status),
    }
