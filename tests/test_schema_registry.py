"""From names to registry ids."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vostochny.annotations.corpus import load_registry
from vostochny.schema.model import Entity
from vostochny.schema.registry import Resolver, name_key

ENTITIES = (
    Entity("kim-jong-un", "Kim Jong Un", "PERSON", ("Kim Jong-un", "Kim Chen In", "Kim")),
    Entity("kim-jong-dae", "Kim Jong-dae", "PERSON", ("Kim",)),
    Entity("vladimir-putin", "Vladimir Putin", "PERSON", ("Putin",)),
    Entity("united-states", "United States", "GPE", ("U.S.", "Washington")),
    Entity("washington", "Washington, D.C.", "GPE"),
)
SHIPPED = Resolver(load_registry())


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


# Against the shipped registry, where "Kim", "Putin" and "Miller" are aliases.
@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("Russian President Vladimir Putin", "vladimir-putin"),
        ("the Russian President Vladimir Putin", "vladimir-putin"),
        ("The Russian president, Vladimir Putin", "vladimir-putin"),
        ("North Korean leader Kim Jong Un", "kim-jong-un"),
        ("Mr. Kim", "kim-jong-un"),
        ("Secretary-General Kim", "kim-jong-un"),
        ("Prof. Dr. Teo", "victor-teo"),
        ("Defence Minister Sergei Shoigu", "sergei-shoigu"),
        ("Kremlin spokesman Dmitry Peskov", "dmitry-peskov"),
        ("US State Department spokesman Matthew Miller", "matthew-miller"),
    ],
)
def test_a_title_and_what_belongs_to_it_are_dropped(name: str, entity: str) -> None:
    assert SHIPPED.resolve(name) == entity


@pytest.mark.parametrize(
    "name",
    [
        "a spokesman for Russian President Vladimir Putin",
        "the wife of President Putin",
        "critics of leader Kim Jong Un",
        "the translator of Mr. Kim",
        "Kim and President Putin",
        "Kim & President Putin",
        "Kim, President Putin",
        "Kim the President Putin",
        "Kim's translator Mr. Miller",
        "Kim’s translator Mr. Miller",
        "the leaders’ aide Secretary Miller",
        "a reporter who asked President Putin",
        "the leader of the spokesman Dmitry Peskov",
    ],
)
def test_somebody_else_near_a_title_is_not_the_one_who_bears_it(name: str) -> None:
    assert SHIPPED.resolve(name) == name


@example("C:\u0327")  # without the colon, the cedilla combines with the letter
@given(st.text())
def test_a_key_is_stable_and_without_a_registry_names_stay(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)
    assert Resolver(()).resolve(name) == name
