"""Failures of nervaluate."""

from __future__ import annotations

from benchmarks.cases import Ask, Case, Peer

PREAMBLE = """\
from nervaluate import Evaluator
from benchmarks.small import score_entities

def per(start, end): return {"label": "PER", "start": start, "end": end}
def loc(start, end): return {"label": "LOC", "start": start, "end": end}
def peer(gold, predicted): return Evaluator(gold, predicted, tags=["PER", "LOC"], loader="dict").evaluate()
"""

CASES = (
    Case(
        title="The order of the predictions decides",
        right="""Each prediction overlaps a gold entity of its own, so both are half right, in any order.
        nervaluate lets each prediction in turn take the first gold entity that it overlaps;
        ours aligns one-to-one with the greatest total credit.""",
        setup="""\
gold = [[per(0, 4), per(5, 9)]]
predicted = [[per(0, 2), per(3, 9)]]
reordered = [[per(3, 9), per(0, 2)]]""",
        peer=[
            Ask('peer(gold, predicted)["overall"]["partial"].f1', 0.5),
            Ask('peer(gold, reordered)["overall"]["partial"].f1', 0.5),
        ],
        ours=[
            Ask('score_entities(gold, predicted).f1("entities", "partial")', 0.5),
            Ask('score_entities(gold, reordered).f1("entities", "partial")', 0.5),
        ],
    ),
    Case(
        title="Half-open neighbours count as a match",
        right="""[0, 5) and [5, 9) share nothing. nervaluate takes the ends as included, and so reads the
        half-open spans of most tools as overlapping.""",
        setup="""\
gold = [[per(0, 5)]]
predicted = [[per(5, 9)]]""",
        peer=[
            Ask('peer(gold, predicted)["overall"]["ent_type"].f1', 0.0),
            Ask('peer(gold, predicted)["overall"]["partial"].f1', 0.0),
        ],
        ours=[
            Ask('score_entities(gold, predicted, included=0).f1("entities", "type")', 0.0),
            Ask('score_entities(gold, predicted, included=0).f1("entities", "partial")', 0.0),
        ],
    ),
    Case(
        title="An empty first document",
        right="A document without entities is ordinary, and the output is right.",
        setup="""\
gold = [[], [per(0, 4)]]
predicted = [[], [per(0, 4)]]""",
        peer=[
            Ask('Evaluator(gold, predicted, tags=["PER"]).evaluate()["overall"]["strict"].f1', 1.0),
        ],
        ours=[
            Ask('score_entities(gold, predicted).f1("entities", "strict")', 1.0),
        ],
    ),
    Case(
        title="The overall table and those per type don't add up",
        right="One prediction is the gold entity and one is not: one is correct, overall and per type.",
        setup="""\
gold = [[per(0, 4)]]
predicted = [[loc(0, 2), per(0, 4)]]""",
        peer=[
            Ask('peer(gold, predicted)["overall"]["strict"].correct', 1),
            Ask('sum(table["strict"].correct for table in peer(gold, predicted)["entities"].values())', 1),
        ],
        ours=[
            Ask('score_entities(gold, predicted).totals("entities", "strict").tp_gold', 1),
            Ask('score_entities(gold, predicted).totals("entities", "by_type", "PERSON").tp_gold', 1),
        ],
    ),
    Case(
        title="Two identical documents score less than one",
        right="""The same output twice is as good as once. nervaluate 1.2.0 gave no credit to partial
        matches once it had added up two documents.""",
        setup="""\
gold, predicted = [per(0, 4)], [per(0, 3)]""",
        peer=[
            Ask('peer([gold], [predicted])["overall"]["partial"].f1', 0.5),
            Ask('peer([gold] * 2, [predicted] * 2)["overall"]["partial"].f1', 0.5),
        ],
        ours=[
            Ask('score_entities([gold], [predicted]).f1("entities", "partial")', 0.5),
            Ask('score_entities([gold] * 2, [predicted] * 2).f1("entities", "partial")', 0.5),
        ],
    ),
)

PEER = Peer(
    name="nervaluate",
    short="nervaluate",
    package="nervaluate",
    about="`score_entities` gives the same spans to ours, their ends included unless it says otherwise.",
    preamble=PREAMBLE,
    cases=CASES,
)
