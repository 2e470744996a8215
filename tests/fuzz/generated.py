"""Fuzzing by Hypothesis: chains of changes to real files, values of any shape, and bytes.

Run as ``python -m fuzz.generated SECONDS FOLDER``; FOLDER gets result.json and, as ``crash``, what
fails.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.mutations import mutate
from fuzz.targets import Target, commands, readers

MEMORY = 3 << 30
"""Bytes of address space: who needs more for inputs of less than a megabyte fails."""

ROUND = 10
"""Inputs between two looks at the clock."""

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
_KEYS = st.sampled_from(
    "document mentions quotes claims marks start end type content spans id within entities utterances "
    "members claim_groups claim_relations from to text tokens".split()
)
_VALUES = st.recursive(
    _SCALARS | st.sampled_from(["rocket", "unicode", "ist", "PERSON", "author"]),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(_KEYS | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=25,
)


def _lines(values: Sequence[Any]) -> bytes:
    return "\n".join(json.dumps(value) for value in values).encode()


def inputs(target: Target) -> st.SearchStrategy[bytes]:
    """What a target is tried with; a change is one number, so that failures shrink to few changes."""
    changes = st.lists(st.integers(0, 2**32 - 1), max_size=6)
    changed = st.builds(
        lambda seed, numbers: reduce(mutate, numbers, seed), st.sampled_from(target.seeds()), changes
    )
    return changed | changed | st.lists(_VALUES, min_size=1, max_size=3).map(_lines) | st.binary(max_size=300)


def run(targets: Sequence[Target], seconds: float, folder: Path) -> None:
    """Try all targets in turn for some time; the first failure is raised, and its input kept."""
    ends = time.monotonic() + seconds
    trials = [_trial(target, folder) for target in targets]
    while time.monotonic() < ends:
        for trial in trials:
            if time.monotonic() < ends:
                trial()


def _trial(target: Target, folder: Path) -> Callable[[], None]:
    """Some inputs for a target, others at each call."""

    @settings(max_examples=ROUND, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs(target))
    def holds(data: bytes) -> None:
        try:
            target(data)
        except BaseException:
            (folder / "crash").write_bytes(data)
            print(f"{target.name}: {len(data)} bytes", file=sys.stderr)
            raise

    return holds


def main() -> None:
    """Run for the time asked."""
    seconds, folder = float(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    targets = [*readers(), *commands()]
    run(targets, seconds, folder)
    result = {
        "inputs": sum(target.runs.total() for target in targets),
        "accepted": sum(target.runs["accepted"] for target in targets),
        "checks": len({check for target in targets for check in target.met}),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
