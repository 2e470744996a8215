"""Failures of spaCy's Scorer."""

from __future__ import annotations

from benchmarks.cases import Ask, Case, Peer

PREAMBLE = """\
import spacy
from spacy.scorer import Scorer
from spacy.tokens import Doc, Span
from spacy.training import Example
from benchmarks.small import score_mentions

vocab = spacy.blank("en").vocab
"""

CASES = (
    Case(
        title="Predictions that don't align with gold's tokens are ignored",
        right="""One of two predictions is right. "Ki" is a part of a token that gold has whole, so spaCy
        leaves the prediction out instead of counting it as wrong.""",
        setup="""\
gold = Doc(vocab, words=["Kim", "met", "Putin"], spaces=[True, True, False])
gold.ents = [Span(gold, 2, 3, "PERSON")]
predicted = Doc(vocab, words=["Ki", "m", "met", "Putin"], spaces=[False, True, True, False])
predicted.ents = [Span(predicted, 0, 1, "PERSON"), Span(predicted, 3, 4, "PERSON")]
ours = score_mentions("Kim met Putin", ["Putin PERSON"], ["Ki PERSON", "Putin PERSON"])""",
        peer=[
            Ask('Scorer.score_spans([Example(predicted, gold)], "ents")["ents_p"]', 0.5),
        ],
        ours=[
            Ask('ours.totals("entities", "strict").precision', 0.5),
        ],
    ),
    Case(
        title="Nested gold loses recall",
        right="""The prediction is gold itself, so recall is 1. By default, spaCy drops each predicted
        span that overlaps an earlier one, but no gold span.""",
        setup="""\
gold = Doc(vocab, words=["University", "of", "Moscow"])
gold.spans["names"] = [Span(gold, 0, 3, "ORG"), Span(gold, 2, 3, "GPE")]
predicted = gold.copy()
names = dict(attr="names", getter=lambda doc, key: doc.spans[key])
ours = score_mentions("University of Moscow", *[["University of Moscow ORG", "Moscow GPE"]] * 2)""",
        peer=[
            Ask('Scorer.score_spans([Example(predicted, gold)], **names)["names_r"]', 1.0),
        ],
        ours=[
            Ask('ours.totals("entities", "strict").recall', 1.0),
        ],
    ),
)

PEER = Peer(
    name="spaCy",
    short="spaCy",
    package="spacy",
    about="Its `Scorer`, on spans.",
    preamble=PREAMBLE,
    cases=CASES,
)
