"""Layers and documents to JSON and back; schemas agree with the labels and the writers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vostochny.schema import labels
from vostochny.schema.document_checks import text_digest
from vostochny.schema.files import dump_json, parse_json
from vostochny.schema.jsonio import (
    document_from_json,
    document_to_json,
    layer_from_json,
    layer_to_json,
)
from vostochny.schema.kinds import kind_of
from vostochny.schema.links_json import links_from_json, links_to_json
from vostochny.schema.meta import check_schema, main, schema_defects
from vostochny.schema.model import Claim, Document, Layer, Mark, Mention, Quote, Region, Span
from vostochny.schema.schemas import load_schema, schema_problems
from vostochny.schema.text import tokenize
from vostochny.schema.values import check_document, check_layer

WORDS = st.text('abЖяשל🚀𝒜\u0301\u00a0’“”"7', min_size=1, max_size=8).filter(lambda s: s.strip() == s)
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
IDS = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)


def document_of(text: str) -> Document:
    return Document(
        id="d",
        text=text,
        regions=(Region(0, len(text), "body"),),
        sentences=((0, len(text)),),
        tokens=tokenize(text),
        text_sha256=text_digest(text),
    )


@st.composite
def layers(draw: st.DrawFn) -> tuple[Document, Layer]:
    """A document in one of several scripts and a layer of it that the prediction schema allows."""
    document = document_of(draw(TEXTS))
    tokens = document.tokens

    def span() -> Span:
        first = draw(st.integers(0, len(tokens) - 1))
        last = draw(st.integers(first, len(tokens) - 1))
        start, end = tokens[first][0], tokens[last][1]
        return Span(start, end, document.text[start:end])

    def spans(low: int = 0) -> tuple[Span, ...]:
        return tuple(span() for _ in range(draw(st.integers(low, 2))))

    def some(make: Any) -> Any:
        return draw(st.none() | st.just(())) or tuple(make(n) for n in range(draw(st.integers(0, 2))))

    def pick(of: dict[str, str]) -> str:
        return draw(st.sampled_from(list(of)))

    def mention(n: int) -> Mention:
        s, who = span(), draw(st.none() | IDS)
        return Mention(f"m{n}", s.start, s.end, s.text, pick(labels.ENTITY_TYPES), who, draw(st.none() | IDS))

    def quote(n: int) -> Quote:
        return Quote(
            id=f"q{n}",
            content=spans(1),
            verbatim=draw(st.just(())) or (spans() if draw(st.booleans()) else None),
            source=span() if draw(st.booleans()) else None,
            cue=spans(),
            speaker=draw(st.none() | IDS),
            within=f"q{n - 1}" if n and draw(st.booleans()) else None,
            medium=pick(labels.MEDIA),
            polarity=pick(labels.POLARITIES),
            status=pick(labels.STATUSES),
        )

    def mark(n: int) -> Mark:
        s = span()
        return Mark(f"k{n}", s.start, s.end, s.text, pick(labels.MARK_ROLES))

    def claim(n: int) -> Claim:
        return Claim(
            id=f"c{n}",
            spans=spans(1),
            voice=pick(labels.VOICES),
            claimer=draw(st.none() | IDS),
            type=pick(labels.CLAIM_TYPES),
            polarity=pick(labels.POLARITIES),
            certainty=pick(labels.CERTAINTIES),
            proposition=draw(st.none() | TEXTS),
        )

    def part(make: Any) -> Any:
        return some(make) if draw(st.booleans()) else None

    return document, Layer(
        document="d",
        annotator=draw(st.text("aЖ🚀", min_size=1, max_size=4)),
        mentions=part(mention),
        quotes=part(quote),
        marks=part(mark),
        claims=part(claim),
        text_sha256=document.text_sha256 if draw(st.booleans()) else None,
    )


@given(layers())
def test_layers_survive_json_and_pass_as_predictions(made: tuple[Document, Layer]) -> None:
    document, layer = made
    value, problems = parse_json(dump_json(layer_to_json(layer)).decode(), "x.json")
    assert problems == []
    assert layer_from_json(value) == layer
    assert check_layer(value, {"d": document}, prediction=True) == (layer, [])


@given(TEXTS)
def test_documents_survive_json_and_pass(text: str) -> None:
    document = document_of(text)
    value = json.loads(dump_json(document_to_json(document, with_text=True)))
    assert document_from_json(value) == document
    assert check_document(value) == (document, [])


@given(layers(), st.data())
def test_a_shifted_span_never_passes_unseen(made: tuple[Document, Layer], data: st.DataObject) -> None:
    document, layer = made
    value = layer_to_json(layer)
    if not value.get("mentions"):
        return
    mention = data.draw(st.sampled_from(value["mentions"]))
    mention["start"] += 1
    mention["end"] += 1
    low, high = mention["start"], mention["end"]
    found = {p.check for p in check_layer(value, {"d": document}, prediction=True)[1]}
    assert bool(found) == (document.text[low:high] != mention["text"])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda x: (
            st.lists(x, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "document",
                        "mentions",
                        "quotes",
                        "claims",
                        "start",
                        "end",
                        "spans",
                        "content",
                        "id",
                        "type",
                        "within",
                    ]
                ),
                x,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_value_gives_a_traceback(value: object) -> None:
    document = document_of("a")
    for prediction in (True, False):
        _, problems = check_layer(value, {"d": document, "": document}, prediction=prediction)
        assert problems or value.keys() == {"document"}  # type: ignore[attr-defined]
    check_document(value)


def test_links_survive_json() -> None:
    value = json.loads((Path(__file__).parent / "fixtures" / "links.json").read_text(encoding="utf-8"))
    links = links_from_json(value)
    assert links_to_json(links) == value
    assert [entity.aliases for entity in links.entities] == [("Lee",), (), ()]
    # What was not done stays left out.
    bare = {key: value[key] for key in ("schema_version", "annotator", "entities")}
    assert links_from_json(bare).utterances is None
    assert links_to_json(links_from_json(bare)) == bare


def enums(value: Any) -> list[list[str]]:
    if isinstance(value, dict):
        own = [value["enum"]] if isinstance(value.get("enum"), list) else []
        return own + [found for item in value.values() for found in enums(item)]
    return []


def test_schemas_and_label_tables_agree() -> None:
    tables = {
        name: list(table)
        for name, table in vars(labels).items()
        if name.isupper() and isinstance(table, dict)
    }
    for kind in ("layer", "predictions"):
        found = enums(load_schema(kind))
        for name in (
            "ENTITY_TYPES",
            "MARK_ROLES",
            "MEDIA",
            "STATUSES",
            "VOICES",
            "CLAIM_TYPES",
            "CERTAINTIES",
        ):
            assert tables[name] in found, name
        assert found.count(tables["POLARITIES"]) == 2
        assert len(found) == 9
    assert tables["REGION_KINDS"] in enums(load_schema("document"))
    for name in ("NAME_TYPES", "DIFFERENCES", "RELATIONS"):
        assert tables[name] in enums(load_schema("links")), name


def described(value: Any) -> list[tuple[str, list[str]]]:
    if isinstance(value, list):
        return [found for item in value for found in described(item)]
    if not isinstance(value, dict):
        return []
    own = [(value["description"], value["enum"])] if {"description", "enum"} <= value.keys() else []
    return own + [found for item in value.values() for found in described(item)]


def test_schemas_define_the_labels_as_the_tables_do() -> None:
    tables = [table for name, table in vars(labels).items() if name.isupper() and isinstance(table, dict)]
    seen = set()
    for kind in ("document", "layer", "links", "predictions"):
        for text, enum in described(load_schema(kind)):
            for table in tables:
                if list(table) == enum:
                    assert text.endswith(": " + "; ".join(f"{k} = {v}" for k, v in table.items()) + ".")
                    seen.add(tuple(enum))
    # Kinds of quotes are derived and reasons stand in logs as sentences, so in no schema; value types stand
    # among all types only.
    assert {tuple(table) for table in tables} - seen == {
        tuple(labels.QUOTE_KINDS),
        tuple(labels.REASONS),
        tuple(labels.VALUE_TYPES),
    }


def test_the_label_sets_are_ontonotes() -> None:
    # OntoNotes Release 5.0, section 2.6: eleven names and seven values.
    assert len(labels.NAME_TYPES) == 11
    assert len(labels.VALUE_TYPES) == 7
    assert len(labels.ENTITY_TYPES) == 18


def test_the_shipped_schemas_are_valid_and_described() -> None:
    assert schema_defects() == []
    assert main() == 0


def test_meta_validation_finds_defects() -> None:
    schema = json.loads(json.dumps(load_schema("layer")))
    assert list(check_schema("layer", schema)) == []
    del schema["properties"]["annotator"]["description"]
    schema["$defs"]["mark"]["additionalProperties"] = True
    schema["$id"] = "urn:other"
    assert [path for path, _ in check_schema("layer", schema)] == [
        "$['$id']",
        "$.properties.annotator",
        "$['$defs'].mark",
    ]
    schema["properties"]["annotator"]["type"] = "strnig"
    assert any("not valid" in message for _, message in check_schema("layer", schema))


MESSAGES = [
    (
        "document",
        {"date": "13.9.2023"},
        "$.date",
        "found '13.9.2023', expected a date: YYYY-MM-DD; rewrite it",
    ),
    (
        "document",
        {"date": "2023-09-13\n"},
        "$.date",
        "found '2023-09-13\\n', expected a date: YYYY-MM-DD; rewrite it",
    ),
    ("document", {"translated": "no"}, "$.translated", "found 'no', expected a boolean or null; mend it"),
    ("document", {"id": True}, "$.id", "found true, expected a string; mend it"),
    ("document", {"id": None}, "$.id", "found null, expected a string; mend it"),
    (
        "document",
        {"id": [None, False, "“x”"]},
        "$.id",
        'found [null, false, "“x”"], expected a string; mend it',
    ),
    (
        "predictions",
        {"document": "The IST"},
        "$.document",
        "found 'The IST', expected an id: lower-case words joined by hyphens, "
        "such as kim-jong-un; rewrite it",
    ),
    (
        "predictions",
        {"marks": [{"start": 0, "end": 1}]},
        "$.marks[0]",
        "'role' is missing; add it (What the marks are for: scare, title, term, stray)",
    ),
    ("layer", {}, "$", "'annotator' is missing; add it (Who annotated: an annotator's or a system's id)"),
]


@pytest.mark.parametrize(("kind", "value", "path", "message"), MESSAGES)
def test_messages_are_in_plain_words(kind: str, value: Any, path: str, message: str) -> None:
    assert (path, message) in [(p.path, p.message) for _, p in schema_problems(kind, value)]


def test_every_pattern_has_words() -> None:
    schema = json.loads(json.dumps(load_schema("layer")))
    schema["properties"]["annotator"]["pattern"] = "^x$"
    found = list(check_schema("layer", schema))
    assert found == [("$.properties.annotator.pattern", "^x$ has no words; put some into FORMS")]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"tokens": [], "id": "x"}, "document"),
        ({"document": "ist"}, "layer"),
        ({"mentions": []}, "layer"),
        ({"check": "c", "document": "ist", "key": "k", "reason": "r"}, "waiver"),
        ({"key": "q1", "decision": "a1", "document": "ist"}, "adjudication"),
        ({"document": "ist", "key": "q1"}, "layer"),
        ({"annotators": [], "documents": []}, "round"),
        ({"entities": []}, "links"),
        ({"decision": 1}, None),
        ({}, None),
        ([{"document": "ist"}], None),
        ("document", None),
    ],
)
def test_the_kind_shows(value: object, kind: str | None) -> None:
    assert kind_of(value) == kind


def test_all_faults_of_a_value_are_told_in_order_of_their_places() -> None:
    value = {"document": "d", "mentions": [{"start": "0", "end": 1, "type": "X"}, {"end": 1}]}
    found = [(p.path, p.check) for _, p in schema_problems("predictions", value)]
    assert found == [
        ("$.mentions[0].start", "wrong-type"),
        ("$.mentions[0].type", "unknown-label"),
        ("$.mentions[1]", "missing-property"),
        ("$.mentions[1]", "missing-property"),
    ]
