"""Claims, sentence: which sentences hold a claim?

Each sentence of the document either holds at least one token of a claim or not; a hit is a sentence
that does on both sides. This is claim detection as a classification of sentences (the first step of
Levy et al., "Context dependent claim detection", COLING 2014), so it can measure systems that mark no
spans. A sentence's block is its own region. It says little in articles that assert something in nearly
every sentence.
"""

from __future__ import annotations

import numpy as np

from vostochny.eval.counts import N_GOLD, N_PRED, TP_GOLD, TP_PRED, Counts
from vostochny.eval.items import Case, ClaimItem, Side
from vostochny.eval.overlaps import Booleans


def claim_sentence(case: Case[ClaimItem]) -> Counts:
    """Counts of sentences that hold a claim."""
    block = np.array(case.sentence_blocks, dtype=np.int64)
    gold, predicted = _holding(case, case.ours), _holding(case, case.theirs)
    values = np.zeros((case.n_blocks, 4))
    for column, which in (
        (TP_PRED, gold & predicted),
        (N_PRED, predicted),
        (TP_GOLD, gold & predicted),
        (N_GOLD, gold),
    ):
        values[:, column] = np.bincount(block[which], minlength=case.n_blocks)
    return Counts(values)


def _holding(case: Case[ClaimItem], side: Side[ClaimItem]) -> Booleans:
    """Whether each sentence holds a claim (``[n_sentences]``)."""
    out = np.zeros(len(case.sentence_blocks), dtype=bool)
    first = case.first_sentence[side.document].tolist()
    out[[start + n for start, claim in zip(first, side.items, strict=True) for n in claim.sentences]] = True
    return out
