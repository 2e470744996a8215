"""Failures of published scorers of quotations and spans (:mod:`benchmarks.quotation_scorers`)."""

from __future__ import annotations

from benchmarks.cases import Ask, Case, Peer

PREAMBLE = """\
from benchmarks.quotation_scorers import (
    citron_all_spans, citron_exact, citron_overlap, gender_gap, iou_hits, partial_overlap,
)
from benchmarks.small import both, gold_quotes, score_claims, score_gold_by_itself, score_quotes
"""

CASES = (
    Case(
        title="Gold against itself is above 100 % where quotes are nested",
        right="""Gold is all of gold and nothing else: precision and recall are 1. Overlaps of all pairs
        are added up, so what lies in an inner and an outer quote is counted more than once.""",
        setup="""\
gold = gold_quotes()  # of the five articles""",
        peer=[
            Ask("partial_overlap(gold, gold)", (1.0, 1.0)),
            Ask("citron_overlap(gold, gold)", (1.0, 1.0)),
        ],
        ours=[
            Ask("both(score_gold_by_itself(), 'quotes', 'content_partial')", (1.0, 1.0)),
            Ask("both(score_gold_by_itself(), 'quotes', 'content_token')", (1.0, 1.0)),
        ],
    ),
    Case(
        title="The whole article as one quote passes",
        right="""Ten of the hundred tokens given are quoted, so precision in tokens is .1. A threshold on
        the share of the gold quote never sees what else a prediction covers.""",
        setup="""\
gold = [[(10, 20)]]
predicted = [[(0, 100)]]""",
        peer=[
            Ask("gender_gap(gold, predicted)", (0.1, 1.0)),
        ],
        ours=[
            Ask("both(score_quotes(gold, predicted), 'quotes', 'content_token')", (0.1, 1.0)),
            Ask("both(score_quotes(gold, predicted), 'quotes', 'content_strict')", (0.0, 0.0)),
        ],
    ),
    Case(
        title="Three copies are three hits",
        right="One quote is found, and two of the three given are superfluous: precision is 1/3.",
        setup="""\
gold = [[(0, 5)]]
predicted = [[(0, 5)], [(0, 5)], [(0, 5)]]""",
        peer=[
            Ask("citron_exact(gold, predicted)", (1 / 3, 1.0)),
            Ask("partial_overlap(gold, predicted)", (1 / 3, 1.0)),
        ],
        ours=[
            Ask("both(score_quotes(gold, predicted), 'quotes', 'content_strict')", (1 / 3, 1.0)),
            Ask("both(score_quotes(gold, predicted), 'quotes', 'content_partial')", (1 / 3, 1.0)),
        ],
    ),
    Case(
        title="The same tokens score differently in two fragments and in one",
        right="Both outputs name the same ten tokens, and those are gold's: both are right.",
        setup="""\
gold = [[(0, 10)]]
fragments = [[(0, 5), (5, 10)]]
merged = [[(0, 10)]]""",
        peer=[
            Ask("citron_exact(gold, fragments)", (1.0, 1.0)),
            Ask("citron_exact(gold, merged)", (1.0, 1.0)),
        ],
        ours=[
            Ask("both(score_quotes(gold, fragments), 'quotes', 'content_strict')", (1.0, 1.0)),
            Ask("both(score_quotes(gold, merged), 'quotes', 'content_strict')", (1.0, 1.0)),
        ],
    ),
    Case(
        title="Precision and recall are swapped",
        right="All five tokens given are right (precision 1), and five of ten are found (recall .5).",
        setup="""\
gold = [[(0, 10)]]
predicted = [[(0, 5)]]""",
        peer=[
            Ask("citron_all_spans(gold, predicted)", (1.0, 0.5)),
        ],
        ours=[
            Ask("both(score_quotes(gold, predicted), 'quotes', 'content_token')", (1.0, 0.5)),
        ],
    ),
    Case(
        title="Who predicts nothing has a precision of 1",
        right="Nothing was predicted, so there is no share of it that is right: precision is undefined.",
        setup="""\
gold = [[(0, 10)]]""",
        peer=[
            Ask("partial_overlap(gold, [])", (None, 0.0)),
        ],
        ours=[
            Ask("both(score_quotes(gold, []), 'quotes', 'content_partial')", (None, 0.0)),
        ],
    ),
    Case(
        title="Matching that is not one-to-one: a recall of 3",
        right="One of three predictions can answer for the one gold span: precision is 1/3, recall 1.",
        setup="""\
gold = [(0, 10)]
predicted = [(0, 9), (0, 8), (1, 10)]""",
        peer=[
            Ask("iou_hits(gold, predicted)", (1 / 3, 1.0)),
        ],
        ours=[
            Ask("both(score_claims(gold, predicted), 'claims', 'span')", (1 / 3, 1.0)),
        ],
    ),
    Case(
        title="Two halves are tied at exactly .5",
        right="""At most one half could answer for the whole, and which one would be chance. Ours asks
        for more than .5: then no two predictions without a common token can both claim a gold
        span, and neither half counts.""",
        setup="""\
gold = [(0, 10)]
predicted = [(0, 5), (5, 10)]""",
        peer=[
            Ask("iou_hits(gold, predicted)", (0.0, 0.0)),
        ],
        ours=[
            Ask("both(score_claims(gold, predicted), 'claims', 'span')", (0.0, 0.0)),
        ],
    ),
)

PEER = Peer(
    name="Scorers of quotations and spans",
    short="published",
    package=None,
    about="""These are in no package.
    [`benchmarks/quotation_scorers.py`](../benchmarks/quotation_scorers.py) states their
    published measures anew, in a few lines each, and cites them: `partial_overlap` is the
    measure of Johansson & Moschitti (2013) as used for quotations by Pareti et al. (2013) and
    QSample (2016), the `citron_…` ones are those of BBC Citron, `gender_gap` is that of the
    Gender Gap Tracker, `iou_hits` the IOU F1 of ERASER. Answers are precision and recall; spans
    are in tokens, half-open.""",
    preamble=PREAMBLE,
    cases=CASES,
)
