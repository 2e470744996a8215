"""The baselines by name."""

from __future__ import annotations

from vostochny.baselines.base import Baseline
from vostochny.baselines.claims_logreg import ClaimsLogreg
from vostochny.baselines.claims_rules import ClaimsRules
from vostochny.baselines.claims_sentences import ClaimsSentences
from vostochny.baselines.entities_crf import EntitiesCrf
from vostochny.baselines.entities_rules import EntitiesRules
from vostochny.baselines.quotes_crf import QuotesCrf
from vostochny.baselines.quotes_marks import QuotesMarks
from vostochny.baselines.quotes_rules import QuotesRules

_ALL = (
    Baseline(
        "entities-rules", "entities", "gazetteer, value patterns, capitalisation, titles", EntitiesRules
    ),
    Baseline("entities-crf", "entities", "CRF over token features", EntitiesCrf, trained=True),
    Baseline("quotes-marks", "quotes", "quotation marks around three words or more", QuotesMarks),
    Baseline("quotes-rules", "quotes", "reporting verbs, subject and clause rules, speakers", QuotesRules),
    Baseline(
        "quotes-crf", "quotes", "CRFs for content, cue and source, speakers by rules", QuotesCrf, trained=True
    ),
    Baseline("claims-sentences", "claims", "every sentence, as the author's fact", ClaimsSentences),
    Baseline("claims-rules", "claims", "finite clauses, claimers from quotes, cue words", ClaimsRules),
    Baseline(
        "claims-logreg", "claims", "clauses by TF-IDF and logistic regression", ClaimsLogreg, trained=True
    ),
)

BASELINES: dict[str, Baseline] = {baseline.name: baseline for baseline in _ALL}
"""All baselines, in the order of the leaderboard."""
