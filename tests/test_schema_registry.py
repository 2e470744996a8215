"""From names to registry ids."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vostochny.schema.model import Entity
from vostochny.schema.registry import Resolver, name_key

ENTITIES = (
    Entity("kim-jong-un", "Kim Jong Un", "PERSON", ("Kim Jong-un", "Kim Chen In", "Kim")),
    Entity("kim-jong-dae", "Kim Jong-dae", "PERSON", ("Kim",)),
    Entity("vladimir-putin", "Vladimir Putin", "PERSON", ("Putin",)),
    Entity("united-states", "United States", "GPE", ("U.S.", "Washington")),
    Entity("washington", "Washington, D.C.", "GPE"),
)


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("kim-jong-un", "kim-jong-un"),
        ("KIM JONG-UN", "kim-jong-un"),
        ("Kim Chen In", "kim-jong-un"),
        ("President Vladimir Putin", "vladimir-putin"),
        ("Russian President Vladimir Putin", "vladimir-putin"),
        ("Mr. Putin", "vladimir-putin"),
        ("the United States", "united-states"),
        ("US", "united-states"),
        # An id comes before another's alias.
        ("Washington", "washington"),
        # Two entities share the alias: it means neither.
        ("Kim", "Kim"),
        ("Shoigu", "Shoigu"),
        ("Vladimir", "Vladimir"),
        ("author", "author"),
        ("unnamed", "unnamed"),
        ("…", "…"),
        ("President", "President"),
    ],
)
def test_resolving(name: str, entity: str) -> None:
    assert Resolver(ENTITIES).resolve(name) == entity


@example("C:\u0327")  # without the colon, the cedilla combines with the letter
@given(st.text())
def test_a_key_is_stable_and_without_a_registry_names_stay(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
    assert Resolver(()).resolve(name) == name
