"""Quotes, speaker: who said it.

End to end: of the quotes with a speaker, those that are closely aligned (content IoU > 0.5) and have the same
speaker after names are resolved against the registry; ``unnamed`` equals ``unnamed``.

    P = hits / predicted quotes with a speaker      R = hits / gold quotes with a speaker.

*Accuracy* asks only of the quotes that were found: over closely aligned pairs whose gold quote has a
speaker, the share that got it right (the accuracy by which O'Keefe et al., "A sequence labelling approach to
quote attribution", EMNLP-CoNLL 2012, measure attribution; here over the quotes that the system found).
"""

from __future__ import annotations

from collections.abc import Sequence

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts, Tally
from vostochny.eval.items import Case, QuoteItem
from vostochny.eval.nominal import Contingency

NOBODY = "-"
"""Stands for no speaker in tables."""


def quote_speaker(case: Case[QuoteItem], close: Sequence[Pair]) -> Counts:
    """Counts of quotes found with their speaker."""
    out = Tally(case.n_blocks)
    for quote in case.gold:
        if quote.speaker is not None:
            out.gold(quote.block)
    for quote in case.predicted:
        if quote.speaker is not None:
            out.predicted(quote.block)
    for i, j in close:
        gold, other = case.gold[i], case.predicted[j]
        if gold.speaker is not None and gold.speaker == other.speaker:
            out.hit(gold.block, other.block)
    return out.counts


def quote_speaker_table(case: Case[QuoteItem], close: Sequence[Pair]) -> Contingency:
    """Gold speaker by predicted speaker over aligned pairs whose gold quote has one."""
    pairs = ((case.gold[i], case.predicted[j]) for i, j in close)
    return Contingency.of(
        (g.block, g.speaker, p.speaker or NOBODY) for g, p in pairs if g.speaker is not None
    )
