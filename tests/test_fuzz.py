"""A short run of the fuzzing, and huge inputs in little memory; `make fuzz` runs longer."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import reduce
from pathlib import Path
from random import Random

import pytest
from fuzz.mutations import mutate
from fuzz.targets import Target, commands, readers

FIXTURES = Path(__file__).parent / "fixtures"
TARGETS = [*readers(), *commands()]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_seed_is_accepted_and_changes_of_it_break_no_promise(target: Target) -> None:
    target(target.seeds()[0])
    random = Random(target.name)
    for _ in range(4):
        seeds = [random.getrandbits(32) for _ in range(random.choice([1, 1, 3]))]
        target(reduce(mutate, seeds, random.choice(target.seeds())))
    assert target.runs["accepted"] > 0
    assert target.runs["refused"] > 0


LIMITED = """
import resource, sys
from pathlib import Path
from fuzz.targets import readers
targets = {target.name: target for target in readers()}
for target in targets.values():
    target(target.seeds()[0])
size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
limit = size + int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
for path in sys.argv[2:]:
    for name in ("read_predictions", "read_predictions, lenient", "read_mentions", "read_links"):
        before = targets[name].runs["accepted"]
        targets[name](Path(path).read_bytes())
        if targets[name].runs["accepted"] > before and name != "read_predictions, lenient":
            sys.exit(f"{name} accepted {path}")
"""

SIZE = 1_000_000
HUGE = {
    "nested arrays": b"[" * SIZE,
    "nested arrays, closed": b"[" * (SIZE // 2) + b"]" * (SIZE // 2),
    "nested objects": b'{"a":' * (SIZE // 5),
    "nested in a layer": b'{"document": "rocket", "mentions": ' + b"[" * SIZE + b"}",
    "an integer": b'{"document": "rocket", "mentions": [{"start": '
    + b"9" * SIZE
    + b', "end": 1, "type": "GPE"}]}',
    "an exponent": b'{"document": "rocket", "mentions": [{"start": 1e' + b"9" * SIZE + b"}]}",
    "many integers": b"[" + b"9007199254740993," * (SIZE // 17) + b"0]",
    "many NaN": b"[" + b"NaN," * (SIZE // 4) + b"0]",
    "one key": b"{" + b'"a":0,' * (SIZE // 6) + b'"a":0}',
    "lone surrogates": b"[" + b'"\\ud800",' * (SIZE // 9) + b"0]",
    "a string": b'{"document": "' + b"A" * SIZE + b'"}',
    "a string without an end": b'{"document": "' + b'\\"' * (SIZE // 2),
}


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited by what Linux has")
def test_huge_inputs_take_little_memory(tmp_path: Path) -> None:
    paths = []
    for name, data in HUGE.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    # Of 1 MB a reader holds the bytes, the text and the values. MemoryError would end the run.
    command = [sys.executable, "-c", LIMITED, str(100 << 20), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    assert done.returncode == 0, done.stderr[-2000:]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
