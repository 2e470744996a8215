"""Prodigy datasets: our own, as the tool writes them out, and broken."""

import json

import pytest

from vostochny.annotations import load_gold
from vostochny.annotations.add import make_document
from vostochny.annotations.format_prodigy import FORMAT
from vostochny.annotations.format_support import PassedOver
from vostochny.schema.errors import InputError
from vostochny.schema.model import Claim, Layer, Mark, Mention, Quote, Span

TEXT = "Kim 😀 said\nhe was “glad” to see Putin.\n"
DOCUMENT = make_document(TEXT.encode(), file="x.txt", id="x")
GOLD = load_gold()


def read(*tasks):
    data = "".join(json.dumps(task, ensure_ascii=False) + "\n" for task in tasks)
    return FORMAT.read({"d.jsonl": data.encode()}, {"x": DOCUMENT})


def task(*spans, **more):
    """A task as `prodigy db-out` writes it, with spans given as (surface, label)."""
    return {
        "text": TEXT,
        "_input_hash": 1886699658,
        "_task_hash": -1952856502,
        "tokens": [
            {
                "text": TEXT[s:e],
                "start": s,
                "end": e,
                "id": n,
                "ws": TEXT[e : e + 1] == " ",
                "disabled": False,
            }
            for n, (s, e) in enumerate(DOCUMENT.tokens)
        ],
        "spans": [marked(*span) for span in spans],
        "_view_id": "spans_manual",
        "answer": "accept",
        "_timestamp": 1700000000,
        "_annotator_id": "news-ana",
        "_session_id": "news-ana",
        **more,
    }


def marked(surface, label):
    start = TEXT.index(surface)
    end = start + len(surface)
    tokens = [n for n, (s, e) in enumerate(DOCUMENT.tokens) if s < end and e > start]
    return {
        "start": start,
        "end": end,
        "token_start": tokens[0],
        "token_end": tokens[-1],
        "label": label,
    }


def relation(head, child, label):
    return {
        "head": head["token_end"],
        "child": child["token_end"],
        "head_span": head,
        "child_span": child,
        "color": "#ffd882",
        "label": label,
    }


def test_a_dataset_of_the_tool_is_read():
    (layer,) = read(task(("Kim", "PERSON"), ("Putin", "PERSON"), ("“glad”", "Mark-scare")))
    assert layer == Layer(
        "x",
        "news-ana",
        mentions=(Mention("m1", 0, 3, "Kim", "PERSON"), Mention("m2", 32, 37, "Putin", "PERSON")),
        quotes=(),
        marks=(Mark("k1", 18, 24, "“glad”", "scare"),),
        text_sha256=DOCUMENT.text_sha256,
    )


def test_relations_drawn_in_the_tool_make_a_quote():
    quote, more = marked("he was", "Quote"), marked("to see Putin", "Quote")
    source, cue, claim = marked("Kim", "Source"), marked("said", "Cue"), marked("“glad”", "Claim")
    relations = [
        relation(quote, source, "source"),
        relation(quote, cue, "cue"),
        relation(quote, more, "fragment"),
        relation(claim, more, "quote"),  # drawn to a further fragment: the quote is meant
    ]
    spans = [source, cue, quote, claim, more]
    (layer,) = read({**task(), "spans": spans, "relations": relations, "_view_id": "relations"})
    assert layer.quotes == (
        Quote(
            "q1",
            (Span(11, 17, "he was"), Span(25, 37, "to see Putin")),
            (),
            Span(0, 3, "Kim"),
            (Span(6, 10, "said"),),
        ),
    )
    assert layer.claims == (Claim("c1", (Span(18, 24, "“glad”"),), "attributed", "unnamed", "q1"),)


def test_a_relation_without_spans_is_found_by_its_tokens():
    quote, cue = marked("he was", "Quote"), marked("said", "Cue")
    drawn = {"head": quote["token_end"], "child": cue["token_end"], "label": "cue"}
    (layer,) = read({**task(), "spans": [quote, cue], "relations": [drawn]})
    assert layer.quotes[0].cue == (Span(6, 10, "said"),)


def test_a_task_that_nobody_answered_is_read():
    (layer,) = read({"text": TEXT, "spans": [marked("Kim", "PERSON")]})
    assert (layer.annotator, len(layer.mentions)) == ("", 1)


@pytest.mark.parametrize("answer", ["reject", "ignore"])
def test_what_was_not_accepted_is_no_layer(answer):
    with pytest.warns(PassedOver, match=rf"d\.jsonl:1: the task was answered '{answer}'"):
        layers = read(task(("Kim", "PERSON"), answer=answer), task(("Putin", "PERSON")))
    assert [m.text for layer in layers for m in layer.mentions] == ["Putin"]


def test_written_tasks_are_what_the_tool_expects():
    for name, gold in GOLD.items():
        document = GOLD.documents[name]
        value = json.loads(FORMAT.write([(document, gold)])["prodigy.jsonl"])
        assert value["text"] == document.text
        for n, token in enumerate(value["tokens"]):
            assert token["id"] == n
            assert token["text"] == document.text[token["start"] : token["end"]]
        for span in value["spans"]:
            assert value["tokens"][span["token_start"]]["start"] == span["start"]
            assert value["tokens"][span["token_end"]]["end"] == span["end"]  # the last token, inclusive
            assert span["text"] == document.text[span["start"] : span["end"]]
        ids = {span["id"]: span for span in value["spans"]}
        assert len(ids) == len(value["spans"])
        for drawn in value["relations"]:
            for side in ("head", "child"):
                end = drawn[f"{side}_span"]
                assert end.items() <= ids[end["id"]].items()
                assert drawn[side] == end["token_end"]


def test_attributes_and_ids_come_back_after_an_edit_in_the_tool():
    gold = GOLD["lenta"]
    value = json.loads(FORMAT.write([(GOLD.documents["lenta"], gold)])["prodigy.jsonl"])
    value |= {"_annotator_id": "news-ben", "_input_hash": 1, "_task_hash": 2}
    value["spans"].append({"start": 0, "end": 3, "token_start": 0, "token_end": 0, "label": "EVENT"})
    (layer,) = FORMAT.read({"d.jsonl": json.dumps(value).encode()}, GOLD.documents)
    assert layer.annotator == "news-ben"
    assert (layer.quotes, layer.claims) == (gold.quotes, gold.claims)
    assert layer.mentions[:-1] == gold.mentions
    assert layer.mentions[-1].id == f"m{len(gold.mentions) + 1}"


KIM = marked("Kim", "PERSON")
QUOTE = marked("he was", "Quote")


def _with(**keys):
    return {**task(("Kim", "PERSON")), **keys}


@pytest.mark.parametrize(
    ("value", "path", "check"),
    [
        ([], "$", "wrong-type"),
        (_with(text=None), "$.text", "wrong-type"),
        ({"spans": []}, "$", "missing-property"),
        (_with(text="Somebody else's text."), "$.text", "unknown-document"),
        (_with(text="Other.", meta={"document": "x"}), "$.text", "other-text"),
        (_with(answer="maybe"), "$.answer", "unknown-label"),
        (_with(spans={}), "$.spans", "wrong-type"),
        (_with(spans=[3]), "$.spans[0]", "wrong-type"),
        (_with(spans=[{**KIM, "start": "0"}]), "$.spans[0].start", "wrong-type"),
        (_with(spans=[{**KIM, "end": True}]), "$.spans[0].end", "wrong-type"),
        (_with(spans=[KIM, {**KIM, "end": 999}]), "$.spans[1]", "offset-range"),
        (_with(spans=[{**KIM, "start": 3}]), "$.spans[0]", "offset-range"),
        (_with(spans=[{"start": 0, "end": 3}]), "$.spans[0]", "missing-property"),
        (_with(spans=[{**KIM, "label": "Person"}]), "$.spans[0]", "unknown-label"),
        (_with(spans=[{**KIM, "text": "Lim"}]), "$.spans[0].text", "text-mismatch"),
        (_with(spans=[{**KIM, "attributes": {"entity": 7}}]), "$.spans[0]", "wrong-type"),
        (_with(spans=[{**KIM, "attributes": {"age": "39"}}]), "$.spans[0]", "unknown-property"),
        (_with(spans=[{**QUOTE, "attributes": {"medium": "song"}}]), "$.spans[0]", "unknown-label"),
        (_with(spans=[{**KIM, "id": "m1"}, {**KIM, "id": "m1"}]), "$.spans[1].id", "duplicate-id"),
        (_with(spans=[{**KIM, "label": "Source"}]), "$.spans[0]", "loose-part"),
        (_with(spans=[{**KIM, "label": "Mark"}]), "$.spans[0]", "missing-property"),
        (_with(relations=[{"label": "cue"}]), "$.relations[0]", "missing-property"),
        (_with(relations=[relation(KIM, QUOTE, "cue")]), "$.relations[0].child_span", "unresolved-reference"),
        (_with(relations=[relation(KIM, KIM, "friend")]), "$.relations[0]", "unknown-label"),
        (_with(relations=[relation(KIM, KIM, "fragment")]), "$.relations[0]", "wrong-relation"),
        (
            _with(spans=[QUOTE, QUOTE, KIM], relations=[relation(QUOTE, KIM, "source")]),
            "$.relations[0].head_span",
            "unresolved-reference",
        ),
        (
            _with(spans=[QUOTE, KIM], relations=[relation(QUOTE, KIM, "source")]),
            "$.relations[0]",
            "wrong-relation",
        ),
        (_with(vostochny={"parts": ["names"]}), "$.vostochny.parts", "unknown-label"),
    ],
)
def test_each_violation_names_its_place(value, path, check):
    with pytest.raises(InputError) as caught:
        read(task(("Kim", "PERSON")), value)
    problem = caught.value.problems[0]
    assert (problem.file, problem.line, problem.path, problem.check) == ("d.jsonl", 2, path, check)


def test_what_is_no_json_names_its_line():
    with pytest.raises(InputError, match=r"d\.jsonl:2: \[bad-json\]"):
        FORMAT.read({"d.jsonl": json.dumps(task()).encode() + b"\n{'text': 1}\n"}, {"x": DOCUMENT})


def test_an_array_of_tasks_is_read():
    data = json.dumps([task(("Kim", "PERSON"))], indent=1).encode()
    assert len(FORMAT.read({"d.json": data}, {"x": DOCUMENT})) == 1


def test_parts_that_were_not_done_stay_so():
    for layer in (
        Layer("x", "a"),
        Layer("x", "a", mentions=()),
        Layer("x", "a", quotes=(), marks=(), claims=()),
    ):
        (back,) = FORMAT.read(FORMAT.write([(DOCUMENT, layer)]), {"x": DOCUMENT})
        assert (back.mentions, back.quotes, back.marks, back.claims) == (
            layer.mentions,
            layer.quotes,
            layer.marks,
            layer.claims,
        )
