"""Failures of sacreBLEU's paired tests."""

from __future__ import annotations

from benchmarks.cases import Ask, Case, Peer

PREAMBLE = """\
from benchmarks.sacrebleu_nulls import made, paired, rejected
"""

CASES = (
    Case(
        title="A system is significantly different from its own copy",
        right="The difference is 0 in every resample, so nothing speaks against the null: p is 1.",
        setup="""\
references, system, _ = made(seed=1)""",
        peer=[
            Ask('paired(references, system, system, test="bs")[0]', 1.0),
            Ask('paired(references, system, system, test="ar")[0]', 1.0),
        ],
        ours=[],
    ),
    Case(
        title="Seed 0 is no seed",
        right="A seed is given so that a run can be repeated; 0 is taken for none.",
        setup="""\
references, system, other = made(seed=1)""",
        peer=[
            Ask(
                "paired(references, system, other, seed=1) == paired(references, system, other, seed=1)", True
            ),
            Ask(
                "paired(references, system, other, seed=0) == paired(references, system, other, seed=0)", True
            ),
        ],
        ours=[],
    ),
    Case(
        title="The paired bootstrap rejects too many true nulls",
        right="""Of 1,000 test sets with two equally good systems, about 5 % may be called different at
        .05. The absolute differences are centred on their own mean, which leaves less spread
        than the difference has; ours centres the signed differences.""",
        setup="",
        peer=[
            Ask("rejected(1000)", 5.0),
        ],
        ours=[],
    ),
)

PEER = Peer(
    name="sacreBLEU's paired tests",
    short="sacreBLEU",
    package="sacrebleu",
    about="""[`benchmarks/sacrebleu_nulls.py`](../benchmarks/sacrebleu_nulls.py) makes systems that are
    equally good by construction, and runs the tests on them with 1,000 samples.""",
    preamble=PREAMBLE,
    cases=CASES,
)
