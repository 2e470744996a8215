"""Claims, sentence: which sentences hold a claim?

Each sentence of the document either holds at least one token of a claim or not; a hit is a sentence
that does on both sides. This is claim detection as a classification of sentences (the first step of
Levy et al., "Context dependent claim detection", COLING 2014), so it can measure systems that mark no
spans. A sentence's block is its own region. It says little in articles that assert something in nearly
every sentence.
"""

from __future__ import annotations

from vostochny.eval.counts import Counts, Tally
from vostochny.eval.items import Case, ClaimItem


def claim_sentence(case: Case[ClaimItem]) -> Counts:
    """Counts of sentences that hold a claim."""
    out = Tally(case.n_blocks)
    gold = {n for claim in case.gold for n in claim.sentences}
    predicted = {n for claim in case.predicted for n in claim.sentences}
    for n in gold:
        out.gold(case.sentence_blocks[n])
    for n in predicted:
        out.predicted(case.sentence_blocks[n])
    for n in gold & predicted:
        out.hit(case.sentence_blocks[n], case.sentence_blocks[n])
    return out.counts
