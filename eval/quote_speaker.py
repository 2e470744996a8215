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

import numpy as np

from vostochny.eval.alignment import Pair
from vostochny.eval.counts import Counts
from vostochny.eval.items import Case, QuoteItem
from vostochny.eval.matching import counted, label_table
from vostochny.eval.nominal import Contingency

NOBODY = "-"
"""Stands for no speaker in tables."""


def quote_speaker(case: Case[QuoteItem], close: Sequence[Pair]) -> Counts:
    """Counts of quotes found with their speaker."""
    ours, theirs = (
        side.whole(item.speaker is not None for item in side.items) for side in (case.ours, case.theirs)
    )
    named = ((case.gold[i].speaker, case.predicted[j].speaker) for i, j in close)
    found = np.fromiter((a is not None and a == b for a, b in named), np.int64, len(close))
    return counted(case, close, ours, theirs, found, found)


def quote_speaker_table(case: Case[QuoteItem], close: Sequence[Pair]) -> Contingency:
    """Gold speaker by predicted speaker over aligned pairs whose gold quote has one."""
    return label_table(case, close, lambda gold: gold.speaker, lambda other: other.speaker or NOBODY)
