"""Failures of sacreBLEU's paired tests."""

from __future__ import annotations

from benchmarks.cases import Ask, Case, Peer

PREAMBLE = """\
from benchmarks.equal_systems import (
    made, our_comparison, our_p_values, paired, rejected, rejected_by_ours,
)
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
        ours=[
            Ask("our_p_values()", (1.0, 1.0)),
        ],
    ),
    Case(
        title="Seed 0 is no seed",
        right="A seed is given so that a run can be repeated; 0 is taken for none.",
        setup="""\
systems = made(seed=1)

def run(seed): return paired(*systems, seed=seed)""",
        peer=[
            Ask("run(seed=1) == run(seed=1)", True),
            Ask("run(seed=0) == run(seed=0)", True),
        ],
        ours=[
            Ask("our_comparison(seed=0) == our_comparison(seed=0)", True),
        ],
    ),
    Case(
        title="The paired bootstrap rejects too many true nulls",
        right="""Of test sets with two equally good systems, about 5 % may be called different at .05;
        here are the shares of 1,000, in per cent. The absolute differences are centred on their
        own mean, which leaves less spread than the difference has; ours centres the signed
        ones, and measures each by its own standard error ([significance](significance.md)).""",
        setup="",
        peer=[
            Ask("rejected(1000)", 5.0, tolerance=2.0),
        ],
        ours=[
            Ask("rejected_by_ours(1000)", 5.0, tolerance=2.0),
        ],
    ),
)

PEER = Peer(
    name="sacreBLEU",
    short="sacreBLEU",
    package="sacrebleu",
    about="""Its paired tests. [`benchmarks/equal_systems.py`](../benchmarks/equal_systems.py) makes
    systems that are equally good by construction, and runs the tests on them with 1,000
    samples.""",
    preamble=PREAMBLE,
    cases=CASES,
)
