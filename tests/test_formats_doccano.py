"""doccano exports: our own after a stay in doccano, as the tool writes them, and broken."""

import json
from itertools import count

import pytest

from vostochny.annotations import load_gold
from vostochny.annotations.add import make_document
from vostochny.annotations.format_doccano import FORMAT
from vostochny.annotations.format_support import PassedOver
from vostochny.schema.errors import InputError
from vostochny.schema.model import Layer, Mention, Quote, Span

TEXT = "Kim 😀 said\nhe was “glad” to see Putin.\n"
DOCUMENT = make_document(TEXT.encode(), file="x.txt", id="x")
GOLD = load_gold()


def read(*lines):
    data = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return FORMAT.read({"d.jsonl": data.encode()}, {"x": DOCUMENT})


def entity(number, surface, label):
    start = TEXT.index(surface)
    return {"id": number, "label": label, "start_offset": start, "end_offset": start + len(surface)}


def relation(number, head, child, label):
    return {"id": number, "from_id": head, "to_id": child, "type": label}


KIM = entity(1662, "Kim", "PERSON")
LINE = {"id": 6400, "text": TEXT, "entities": [KIM], "relations": [], "Comments": []}


def test_an_export_with_relations_is_read():
    line = {
        "id": 6400,
        "text": TEXT,
        "source": "a key of one's own",
        "entities": [
            entity(11, "said", "Cue"),
            entity(10, "he was", "Quote"),
            entity(12, "Kim", "Source"),
            entity(13, "to see Putin", "Quote"),
            KIM,
        ],
        "relations": [
            relation(1, 10, 11, "cue"),
            relation(2, 10, 12, "source"),
            relation(3, 10, 13, "fragment"),
        ],
        "Comments": [],
    }
    (layer,) = read(line)
    quote = Quote(
        "q1",
        (Span(11, 17, "he was"), Span(25, 37, "to see Putin")),
        (),
        Span(0, 3, "Kim"),
        (Span(6, 10, "said"),),
    )
    assert layer == Layer(
        "x",
        "",
        mentions=(Mention("m1", 0, 3, "Kim", "PERSON"),),
        quotes=(quote,),
        marks=(),
        text_sha256=DOCUMENT.text_sha256,
    )


@pytest.mark.parametrize(("text", "label"), [("text", "label"), ("text", "labels"), ("data", "label")])
def test_exports_without_relations_are_read(text, label):
    (layer,) = read({"id": 7, text: TEXT, label: [[0, 3, "PERSON"], [18, 24, "Mark-scare"]], "Comments": []})
    assert [(m.text, m.type) for m in layer.mentions] == [("Kim", "PERSON")]
    assert [(m.text, m.role) for m in layer.marks] == [("“glad”", "scare")]
    assert layer.claims is None


def stayed(value):
    """What doccano makes of a line: entities numbered anew, unknown keys of the line kept."""
    numbers = count(70_000)
    new = {e["id"]: next(numbers) for e in value["entities"]}
    return {
        **value,
        "id": 31,
        "entities": [
            {k: new[e["id"]] if k == "id" else e[k] for k in ("id", "label", "start_offset", "end_offset")}
            for e in value["entities"]
        ],
        "relations": [
            {"id": next(numbers), "from_id": new[r["from_id"]], "to_id": new[r["to_id"]], "type": r["type"]}
            for r in value["relations"]
        ],
    }


@pytest.mark.parametrize("name", sorted(GOLD))
def test_the_gold_survives_a_stay_in_doccano(name):
    value = stayed(json.loads(FORMAT.write([(GOLD.documents[name], GOLD[name])])["doccano.jsonl"]))
    (layer,) = FORMAT.read({"d.jsonl": json.dumps(value).encode()}, GOLD.documents)
    assert layer == GOLD[name]


def test_an_item_that_was_moved_loses_its_attributes_and_that_is_said():
    value = stayed(json.loads(FORMAT.write([(GOLD.documents["ist"], GOLD["ist"])])["doccano.jsonl"]))
    first = value["entities"][0]
    assert first["start_offset"] == GOLD["ist"].mentions[0].start
    first["end_offset"] += 1
    with pytest.warns(PassedOver, match=r"d\.jsonl:1: 'm1' is no longer where it was") as met:
        (layer,) = FORMAT.read({"d.jsonl": json.dumps(value).encode()}, GOLD.documents)
    assert len(met) == 1
    assert layer.mentions[1:] == GOLD["ist"].mentions[1:]
    assert (layer.mentions[0].id, layer.mentions[0].entity) == ("m1", None)  # m1 is free again


def test_written_lines_have_the_tools_keys_and_numbers_of_their_own():
    lines = FORMAT.write([(GOLD.documents[name], gold) for name, gold in GOLD.items()])["doccano.jsonl"]
    seen = set()
    for number, line in enumerate(lines.decode().splitlines(), 1):
        value = json.loads(line)
        assert list(value)[:5] == ["id", "text", "entities", "relations", "Comments"]
        assert value["id"] == number
        own = {e["id"] for e in value["entities"]}
        assert {end for r in value["relations"] for end in (r["from_id"], r["to_id"])} <= own
        assert not own & seen
        seen |= own
        for e in value["entities"]:
            assert set(e) == {"id", "label", "start_offset", "end_offset"}


def test_comments_are_passed_over_with_a_word():
    with pytest.warns(PassedOver, match=r"d\.jsonl:1: comments have no place .*is that so"):
        read({**LINE, "Comments": ["is that so?"]})


def _with(**keys):
    return {**LINE, **keys}


OWN = {"document": "x", "annotator": "ana", "parts": ["mentions"]}


@pytest.mark.parametrize(
    ("value", "path", "check"),
    [
        ("line", "$", "wrong-type"),
        ({"entities": []}, "$", "missing-property"),
        ({"text": TEXT}, "$", "missing-property"),
        (_with(text="Somebody else's text."), "$.text", "unknown-document"),
        (_with(text="Other.", vostochny=OWN), "$.text", "other-text"),
        (_with(entities=3), "$.entities", "wrong-type"),
        (_with(entities=[3]), "$.entities[0]", "wrong-type"),
        (_with(entities=[{**KIM, "start_offset": 0.5}]), "$.entities[0].start_offset", "wrong-type"),
        (_with(entities=[{**KIM, "end_offset": 999}]), "$.entities[0]", "offset-range"),
        (_with(entities=[{**KIM, "end_offset": 0}]), "$.entities[0]", "offset-range"),
        (_with(entities=[{**KIM, "label": "Mensch"}]), "$.entities[0]", "unknown-label"),
        (_with(entities=[{**KIM, "label": "Mark-loud"}]), "$.entities[0]", "unknown-label"),
        (_with(entities=[KIM, KIM]), "$.entities[1].id", "duplicate-id"),
        (_with(entities=[{**KIM, "label": "Cue"}]), "$.entities[0]", "loose-part"),
        (_with(relations=[relation(1, 1662, 9, "cue")]), "$.relations[0].to_id", "unresolved-reference"),
        (_with(relations=[relation(1, 1662, "9", "cue")]), "$.relations[0].to_id", "wrong-type"),
        (_with(relations=[relation(1, 1662, 1662, "cue")]), "$.relations[0]", "wrong-relation"),
        (_with(relations=[relation(1, 1662, 1662, "knows")]), "$.relations[0]", "unknown-label"),
        ({"text": TEXT, "label": {}}, "$.label", "wrong-type"),
        ({"text": TEXT, "label": [[0, 3]]}, "$.label[0]", "wrong-type"),
        ({"text": TEXT, "label": [[0, 3, "PERSON"], [0, "3", "GPE"]]}, "$.label[1]", "wrong-type"),
        (_with(vostochny=7), "$.vostochny", "wrong-type"),
        (_with(vostochny={**OWN, "parts": "all"}), "$.vostochny.parts", "unknown-label"),
        (_with(vostochny={**OWN, "items": [{"label": "GPE"}]}), "$.vostochny.items[0].spans", "wrong-type"),
        (
            _with(vostochny={**OWN, "items": [{"label": "GPE", "spans": [[0, [3]]]}]}),
            "$.vostochny.items[0].spans",
            "wrong-type",
        ),
    ],
)
def test_each_violation_names_its_place(value, path, check):
    with pytest.raises(InputError) as caught:
        read(LINE, value)
    problem = caught.value.problems[0]
    assert (problem.file, problem.line, problem.path, problem.check) == ("d.jsonl", 2, path, check)


def test_the_annotator_and_parts_are_kept():
    (layer,) = read(_with(vostochny={**OWN, "parts": ["mentions", "claims"]}))
    assert (layer.annotator, layer.quotes, layer.claims) == ("ana", None, ())
