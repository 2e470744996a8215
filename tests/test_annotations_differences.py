"""The differ, the adjudicator's draft and the log, on small readings of a real article."""

import dataclasses

import pytest

from vostochny.annotations import differences, load_documents, read_notation
from vostochny.annotations.adjudication import draft, log_entries, read_reasons
from vostochny.schema.errors import InputError
from vostochny.schema.model import Entity
from vostochny.schema.registry import Resolver

IST = load_documents()["ist"]
REGISTRY = Resolver([Entity("kim-jong-un", "Kim Jong Un", "PERSON", ("Mr. Kim",))])

FIRST = """
s2
e Kim | PERSON | kim-jong-un
e North Korea | GPE | north-korea
e Russia | GPE | russia
e first | ORDINAL

q q1
  content: s2 North Korea’s relations with Russia “the first priority.”
  verbatim: s2 “the first priority.”
  source: s2 Mr. Kim
  cue: s2 called
  speaker: kim-jong-un

c c1
  span: s2 North Korea’s relations with Russia “the first priority
  claimer: kim-jong-un
  quote: q1
  type: opinion
  says: North Korea's relations with Russia are its first priority.

c c2
  span: s4 he was glad to see him
  type: opinion
  says: Vladimir Putin was glad to see Kim Jong Un.
"""

# Other ids, another order and the speaker by an alias are no differences; the cue, a type and a claim are.
SECOND = """
c c7
  span: s2 North Korea’s relations with Russia “the first priority
  claimer: Kim Jong Un
  quote: q9
  type: fact
  says: Its relations with Russia are North Korea's first priority.

q q9
  content: s2 North Korea’s relations with Russia “the first priority.”
  verbatim: s2 “the first priority.”
  source: s2 Mr. Kim
  cue: s2 also called
  speaker: Mr. Kim

s2
e Kim | PERSON | kim-jong-un
e North Korea | GPE | north-korea
e Russia | LOC | russia
e first | ORDINAL
"""


@pytest.fixture
def readings():
    return read_notation(FIRST, IST, "a1"), read_notation(SECOND, IST, "a2")


def test_a_layer_does_not_differ_from_itself(readings):
    assert differences(readings[0], readings[0], IST, REGISTRY) == []


def test_ids_order_names_and_wording_are_no_differences(readings):
    found = differences(*readings, IST, REGISTRY)
    assert [(d.kind, d.fields) for d in found] == [
        ("mentions", ("type",)),
        ("quotes", ("cue",)),
        ("claims", ("type",)),
        ("claims", ("item",)),
    ]
    assert found[3].left.id == "c2"
    assert found[3].right is None


def test_the_two_directions_mirror_each_other(readings):
    there, back = (differences(*pair, IST, REGISTRY) for pair in (readings, readings[::-1]))
    assert [(d.kind, d.fields, d.left, d.right) for d in there] == [
        (d.kind, d.fields, d.right, d.left) for d in back
    ]


def test_the_draft_is_the_union_with_remarks(readings):
    text = draft(readings, IST, REGISTRY)
    union = read_notation(text, IST, "draft")
    assert (len(union.mentions), len(union.quotes), len(union.claims)) == (4, 1, 2)
    assert "# DIFFERS in type; a2 has:\n#   e Russia | LOC | russia\ne Russia | GPE | russia" in text
    assert "# DIFFERS in cue; a2 has:" in text
    assert "# ONLY a1:\nc c2" in text


def test_the_log_tells_who_was_followed_and_what_was_changed(readings):
    # Gold follows a2 on the cue and a1 on Russia, takes a third type for the claim, and drops a1's c2.
    gold = read_notation(FIRST.replace("cue: s2 called", "cue: s2 also called"), IST, "gold")
    first = gold.claims[0]
    gold = dataclasses.replace(gold, claims=(dataclasses.replace(first, type="prediction"),))
    entries = log_entries(gold, readings, IST, REGISTRY)
    russia = next(m for m in gold.mentions if m.text == "Russia")
    assert [(e["key"], e["decision"], e["fields"]) for e in entries] == [
        (f"mention@{russia.start}-{russia.end}", "a1", ["type"]),
        ("q1", "a2", ["cue"]),
        ("c1", "neither", ["type"]),
        ("a1:c2", "a2", ["item"]),
    ]
    assert entries[2]["readings"]["a2"]["type"] == "fact"
    assert entries[3]["gold"] is None


def test_what_both_had_and_gold_drops_is_one_entry(readings):
    first = readings[0]
    gold = dataclasses.replace(first, claims=first.claims[:1])
    (entry,) = log_entries(gold, (first, dataclasses.replace(first, annotator="a2")), IST, REGISTRY)
    assert (entry["key"], entry["decision"]) == ("a1:c2", "neither")
    assert entry["readings"]["a2"]["id"] == "c2"


def test_every_entry_needs_a_reason(readings):
    entries = log_entries(readings[0], readings, IST, REGISTRY)
    keys = [e["key"] for e in entries]
    lines = "\n".join(f"{key} | 2.4 | as the rule says" for key in keys)
    assert [e["rule"] for e in read_reasons(lines, entries, "reasons.txt")] == ["2.4"] * len(keys)
    with pytest.raises(InputError) as caught:
        read_reasons(f"{keys[0]} | 1.1\nq99 | 2.1 | no such place", entries, "reasons.txt")
    checks = [p.check for p in caught.value.problems]
    assert checks == ["bad-reason", "idle-reason", *["missing-reason"] * len(keys)]
