"""Failures of seqeval."""

from __future__ import annotations

from benchmarks.cases import Ask, Case, Peer

PREAMBLE = """\
from seqeval.metrics import classification_report, f1_score, precision_score
from seqeval.scheme import BILOU, IOB2
from vostochny.eval import score_tags
"""

CASES = (
    Case(
        title="An entity that begins with I-",
        right="""Under IOB2 an entity begins with B-, so the prediction has no well-formed entity, and F1
        is 0. `mode="strict"` without a scheme is silently the lenient reading, while the report
        of the same mode is strict.""",
        setup="""\
gold = [["B-PER", "I-PER"]]
predicted = [["I-PER", "I-PER"]]
report = classification_report(gold, predicted, mode="strict", output_dict=True)""",
        peer=[
            Ask("f1_score(gold, predicted)", 0.0),
            Ask('f1_score(gold, predicted, mode="strict")', 0.0),
            Ask('report["micro avg"]["f1-score"]', 0.0),
        ],
        ours=[
            Ask('score_tags(gold, predicted).f1("entities", "strict")', 0.0),
        ],
    ),
    Case(
        title="Malformed tags vanish",
        right="""The output also says LOC, and that is wrong. seqeval's strict mode drops malformed tags
        without a word and calls the output perfect; ours counts what they say as wrong, and
        reports how many there are.""",
        setup="""\
gold = [["B-PER", "O", "O", "O"]]
predicted = [["B-PER", "O", "I-LOC", "I-LOC"]]
report = score_tags(gold, predicted)  # ours""",
        peer=[
            Ask('precision_score(gold, predicted, mode="strict", scheme=IOB2)', 0.5),
        ],
        ours=[
            Ask('report.totals("entities", "strict").precision', 0.5),
            Ask('report.malformed["predicted"]["I after O"]', 1),
        ],
    ),
    Case(
        title="BILOU read as BIO",
        right="""Gold has an entity of two tokens and one of one, the prediction one of three: nothing is
        right.""",
        setup="""\
gold = [["B-PER", "L-PER", "U-PER"]]
predicted = [["B-PER", "I-PER", "L-PER"]]""",
        peer=[
            Ask("f1_score(gold, predicted)", 0.0),
        ],
        ours=[
            Ask('score_tags(gold, predicted, scheme="BILOU").f1("entities", "strict")', 0.0),
        ],
    ),
    Case(
        title="No entity at all",
        right="""There is nothing to take a mean of, so the macro average is undefined: none (null in
        JSON), not a NaN that spreads.""",
        setup="""\
gold = [["O", "O"]]
predicted = [["O", "O"]]""",
        peer=[
            Ask('float(f1_score(gold, predicted, average="macro"))', None),
        ],
        ours=[
            Ask('score_tags(gold, predicted).to_json()["tasks"]["entities"]["macro"]["f1"]', None),
        ],
    ),
)

PEER = Peer(
    name="seqeval",
    short="seqeval",
    package="seqeval",
    about="Sequences of tags are scored as written.",
    preamble=PREAMBLE,
    cases=CASES,
)
