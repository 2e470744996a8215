"""A short run of the fuzzing, and huge inputs in little memory; `make fuzz` runs longer."""

from __future__ import annotations

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
    for _ in range(6):
        seeds = [random.getrandbits(32) for _ in range(random.choice([1, 1, 3]))]
        target(reduce(mutate, seeds, random.choice(target.seeds())))
    assert target.runs["accepted"] > 0
    assert target.runs["refused"] > 0
