"""The union of any number of readings: which items share a row, whatever the order of the annotators."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vostochny.annotations import differences, load_documents, load_gold, load_registry, load_round
from vostochny.annotations.candidates import adjudication_union, candidates, readings_digest
from vostochny.annotations.differences import KINDS, Comparison, part_of
from vostochny.annotations.union import union
from vostochny.schema.model import Claim, Layer, Mention, Quote, Span
from vostochny.schema.registry import Resolver

DOCUMENTS = load_documents()
IST = DOCUMENTS["ist"]
RESOLVER = Resolver(load_registry())
R1 = load_round("r1")


def tokens(first, last):
    """The span of some tokens of the article."""
    start, end = IST.tokens[first][0], IST.tokens[last][1]
    return Span(start, end, IST.text[start:end])


def layer(name, quotes=(), claims=(), mentions=()):
    return Layer("ist", name, tuple(mentions), tuple(quotes), (), tuple(claims))


def shape(rows):
    """What a union says apart from ids and order: for each row who has which item, and what differs."""
    return {
        (
            row.kind,
            frozenset((name, row.kind and item and item.id) for name, item in row.readings.items()),
            frozenset(row.fields),
        )
        for row in rows
    }


def test_one_annotators_union_is_the_layer():
    gold = load_gold()["lenta"]
    rows = union({"ana": gold}, DOCUMENTS["lenta"], RESOLVER)
    assert not any(row.fields for row in rows)
    assert [len([r for r in rows if r.kind == kind]) for kind in KINDS] == [
        len(part_of(gold, kind)) for kind in KINDS
    ]


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_of_two_readings_each_difference_is_a_row(name):
    readings = R1.readings(name)
    rows = union(readings, DOCUMENTS[name], RESOLVER)
    found = differences(*readings.values(), DOCUMENTS[name], RESOLVER)
    assert sorted((r.kind, r.fields) for r in rows if r.fields) == sorted((d.kind, d.fields) for d in found)
    items = sum(len(row.items) for row in rows)
    assert items == sum(len(part_of(each, kind)) for each in readings.values() for kind in KINDS)


@pytest.mark.parametrize("name", ["ist", "sputnik"])
def test_three_readings_in_any_order_give_the_same_rows(name):
    readings = {**R1.readings(name), "ana": replace(load_gold()[name], annotator="ana")}
    found = {
        frozenset(shape(union({n: readings[n] for n in order}, DOCUMENTS[name], RESOLVER)))
        for order in permutations(readings)
    }
    assert len(found) == 1


@st.composite
def readings(draw):
    """Three or four small layers of overlapping mentions, quotes and claims on the same stretch of text."""
    out = {}
    for name in ["ana", "ben", "dan", "eva"][: draw(st.integers(3, 4))]:
        places = draw(st.lists(st.tuples(st.integers(20, 32), st.integers(0, 6)), max_size=4, unique=True))
        speakers = draw(st.lists(st.sampled_from(["kim-jong-un", "unnamed"]), min_size=4, max_size=4))
        quotes = [
            Quote(f"q{n}", (tokens(a, a + b),), (), speaker=who, within="q0" if n == 1 else None)
            for n, ((a, b), who) in enumerate(zip(places, speakers, strict=False))
        ]
        claims = [
            Claim(f"c{n}", (tokens(a, a + b),), proposition=f"{name} says {n}.")
            for n, (a, b) in enumerate(places[::-1])
        ]
        out[name] = layer(name, quotes, claims)
    return out


@given(readings(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_annotators_and_items_changes_no_row(readings, random):
    expected = shape(union(readings, IST, RESOLVER))
    names = list(readings)
    random.shuffle(names)
    shuffled = {}
    for name in names:
        parts = {kind: list(part_of(readings[name], kind)) for kind in ("quotes", "claims")}
        for items in parts.values():
            random.shuffle(items)
        shuffled[name] = replace(readings[name], **{kind: tuple(items) for kind, items in parts.items()})
    rows = union(shuffled, IST, RESOLVER)
    assert shape(rows) == expected
    for row in rows:
        assert list(row.readings) == names
    # Every item is in one row, and nobody has two in one.
    assert sum(len(row.items) for row in rows) == sum(
        len(part_of(r, k)) for r in readings.values() for k in KINDS
    )


def test_what_hangs_together_only_through_a_third_reading_is_one_row():
    a, b, c = tokens(10, 14), tokens(13, 18), tokens(17, 20)
    layers = {n: layer(n, claims=[Claim("c1", (s,))]) for n, s in [("ana", a), ("ben", b), ("dan", c)]}
    (row,) = union(layers, IST, RESOLVER)
    assert (row.id, row.kind, row.fields) == ("c1", "claims", ("spans",))


def test_references_are_to_rows_and_a_different_outer_quote_is_a_difference():
    outer, inner, far = (tokens(10, 30),), (tokens(20, 26),), (tokens(200, 220),)
    ana = layer(
        "ana", [Quote("q7", outer), Quote("q3", inner, within="q7")], [Claim("c1", inner, quote="q3")]
    )
    ben = layer(
        "ben",
        [Quote("q1", inner, within="q3"), Quote("q2", far), Quote("q3", outer)],
        [Claim("c9", inner, quote="q1")],
    )
    rows = {row.id: row for row in union({"ana": ana, "ben": ben}, IST, RESOLVER)}
    inner_row = next(row for row in rows.values() if row.kind == "quotes" and row.first.content == inner)
    outer_row = next(row for row in rows.values() if row.kind == "quotes" and row.first.content == outer)
    assert inner_row.fields == ()
    assert {item.within for item in inner_row.items.values()} == {outer_row.id}
    moved = replace(ben, quotes=(replace(ben.quotes[0], within="q2"), *ben.quotes[1:]))
    rows = union({"ana": ana, "ben": moved}, IST, RESOLVER)
    assert [row.fields for row in rows if row.kind == "quotes"] == [(), ("within",), ("item",)]


def test_candidates_are_the_distinct_readings_with_their_voices():
    span = tokens(0, 1)

    def reading(name, type, entity):
        return layer(name, mentions=[Mention("m5", span.start, span.end, span.text, type, entity)])

    layers = {
        "ana": reading("ana", "GPE", "moscow"),
        "ben": reading("ben", "ORG", "kremlin"),
        "dan": reading("dan", "GPE", "Moscow"),
        "eva": layer("eva"),
    }
    rows = union(layers, IST, RESOLVER)
    comparison = Comparison(IST, RESOLVER)
    assert rows[0].fields == ("item", "type", "entity")
    assert list(candidates(rows[0], comparison)) == ["m1@ana+dan", "m1@ben"]
    shown = adjudication_union(rows, IST, comparison)
    assert [m.id for m in shown.layer.mentions] == ["m1@ana+dan", "m1@ben"]
    says = "ana: type GPE, entity moscow · ben: type ORG, entity kremlin · dan: type GPE, entity Moscow"
    says += " · eva: nothing here"
    assert shown.notes == {"m1@ana+dan": says, "m1@ben": says}
    (conflict,) = shown.conflicts
    assert conflict["who"] == "m1"
    assert conflict["says"] == f"mention {span.text!r}: " + says.replace(" · ", " / ")


def test_a_candidates_references_are_its_own_annotators_candidates():
    ana = layer(
        "ana",
        [Quote("q1", (tokens(10, 30),), speaker="kim-jong-un"), Quote("q2", (tokens(20, 26),), within="q1")],
    )
    ben = layer(
        "ben",
        [Quote("q1", (tokens(10, 30),), speaker="unnamed"), Quote("q2", (tokens(20, 25),), within="q1")],
    )
    layers = {"ana": ana, "ben": ben}
    shown = adjudication_union(union(layers, IST, RESOLVER), IST, Comparison(IST, RESOLVER))
    assert {quote.id: quote.within for quote in shown.layer.quotes} == {
        "q1@ana": None,
        "q1@ben": None,
        "q2@ana": "q1@ana",
        "q2@ben": "q1@ben",
    }
    assert [each["who"] for each in shown.conflicts] == ["q1", "q2"]


def test_the_digest_of_readings_is_theirs_whatever_their_order():
    both = R1.readings("ist")
    again = dict(reversed(list(both.items())))
    assert readings_digest(both) == readings_digest(again)
    assert readings_digest(both) != readings_digest({**both, "a1": both["a2"]})
