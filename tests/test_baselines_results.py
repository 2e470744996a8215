"""Whatever extractors return: made plain, or refused with document, path, what was found and what to do."""

import json
from hashlib import sha256

import numpy as np
import pytest

from vostochny.baselines.results import checked_layer
from vostochny.schema import (
    Claim,
    Document,
    Layer,
    Mark,
    Mention,
    Quote,
    Region,
    Span,
    layer_to_json,
    tokenize,
)

TEXT = "“Prices fell,” Anna Holm said."
DOCUMENT = Document(
    "day",
    TEXT,
    (Region(0, len(TEXT), "body"),),
    ((0, len(TEXT)),),
    tokenize(TEXT),
    sha256(TEXT.encode()).hexdigest(),
)


class Whole:
    """A whole number of somebody's own making."""

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


def problems(**parts):
    layer, found = checked_layer(Layer("day", "x", **parts), DOCUMENT)
    assert all(p.message.startswith("document 'day': ") for p in found)
    return layer, [(p.path, p.message.removeprefix("document 'day': ")) for p in found]


@pytest.mark.parametrize("number", [np.int64, np.int32, np.uint8, Whole])
def test_whole_numbers_and_strings_of_any_kind_become_plain(number):
    # "Anna Holm" is [15, 24), "said" is [25, 29), the marks and what is between them [0, 14).
    holm = Span(number(15), number(24), np.str_("Anna Holm"))
    odd = Layer(
        "day",
        np.str_("x"),
        mentions=[Mention("m1", number(15), number(24), None, np.str_("PERSON"))],
        quotes=(q for q in [Quote("q1", [Span(number(0), number(14))], None, holm, [Span(number(25), 29)])]),
        marks=(),
        claims=[Claim("c1", (Span(number(1), number(12)),))],
    )
    plain = Layer(
        "day",
        "x",
        mentions=(Mention("m1", 15, 24, None, "PERSON"),),
        quotes=(Quote("q1", (Span(0, 14),), None, Span(15, 24, "Anna Holm"), (Span(25, 29),)),),
        marks=(),
        claims=(Claim("c1", (Span(1, 12),)),),
    )
    layer, found = checked_layer(odd, DOCUMENT)
    assert found == []
    assert layer == plain
    assert json.loads(json.dumps(layer_to_json(layer))) == layer_to_json(plain)
    assert type(layer.mentions[0].start) is int
    assert type(layer.annotator) is type(layer.mentions[0].type) is str


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("15", "found '15', expected an integer; mend it"),
        (15.0, "found 15.0, expected an integer; mend it"),
        (True, "found true, expected an integer; mend it"),
        (np.float32(15), "found np.float32(15.0) of type float32, expected a whole number; "),
        (np.array([1, 2]), "found array([1, 2]) of type ndarray, expected a whole number; "),
        (-1, "found -1, expected at least 0; mend it"),
    ],
)
def test_a_start_that_is_no_offset(start, found):
    _, ((path, message),) = problems(mentions=(Mention("m1", start, 24, None, "PERSON"),))
    assert path == "$.mentions[0].start"
    assert message.lower().startswith(found)


@pytest.mark.parametrize(
    ("parts", "path", "found"),
    [
        ({"mentions": 3}, "$.mentions", "found 3 of type int, expected a tuple of Mentions"),
        ({"mentions": "Anna"}, "$.mentions", "found 'Anna' of type str, expected a tuple of Mentions"),
        ({"mentions": {"m1": 1}}, "$.mentions", "found {'m1': 1} of type dict, expected a tuple of Mentions"),
        ({"mentions": [Mark("k1", 0, 14, None, "scare")]}, "$.mentions[0]", "expected a Mention"),
        ({"marks": [None]}, "$.marks[0]", "found None of type NoneType, expected a Mark"),
        ({"quotes": [Quote("q1", Span(0, 14))]}, "$.quotes[0].content", "expected a tuple of Spans"),
        ({"quotes": [Quote("q1", None)]}, "$.quotes[0].content", "expected a tuple of Spans"),
        ({"quotes": [Quote("q1", [(0, 14)])]}, "$.quotes[0].content[0]", "found (0, 14) of type tuple"),
        (
            {"quotes": [Quote("q1", [Span(0, 14)], source=(15, 24))]},
            "$.quotes[0].source",
            "expected a Span or",
        ),
        ({"claims": [Claim("c1", [Span(1, 12), 12])]}, "$.claims[0].spans[1]", "found 12 of type int"),
        ({"claims": [Claim("c1", [Span(1, 12)], claimer=b"x")]}, "$.claims[0].claimer", "expected a string"),
        (
            {"claims": [Claim("c1", [Span(1, 12)], proposition="\ud800")]},
            "$.claims[0].proposition",
            "surrogates",
        ),
        ({"mentions": [Mention("m1", 15, 31, None, "PERSON")]}, "$.mentions[0]", "31"),
        ({"mentions": [Mention("m1", 15, 24, "Anna", "PERSON")]}, "$.mentions[0].text", "Anna"),
        (
            {"mentions": [Mention("m1", 15, 24, None, "PET")]},
            "$.mentions[0].type",
            "found 'PET', expected one",
        ),
        ({"quotes": [Quote("q1", [Span(0, 14)], within="q9")]}, "$.quotes[0].within", "q9"),
        ({"text_sha256": "0" * 64}, "$.text_sha256", "0000"),
    ],
)
def test_what_is_wrong_is_named_with_its_path(parts, path, found):
    _, ((where, message),) = problems(**parts)
    assert where == path
    assert found in message
    assert ";" in message


def test_all_that_is_wrong_is_named():
    items = [Mention("m1", 0, 3, None, t) for t in ("PET", "PERSON", "TOY")]
    items[1] = Mention("m2", 15, 99, None, "PERSON")
    _, found = problems(mentions=items, claims=[Claim("c1", ())])
    assert sorted(path for path, _ in found) == [
        "$.claims[0].spans",
        "$.mentions[0].type",
        "$.mentions[1]",
        "$.mentions[2].type",
    ]


def test_no_layer_and_another_documents_layer():
    layer, (problem,) = checked_layer({"document": "day"}, DOCUMENT)
    assert layer is None
    assert "document 'day': the extractor returned 'dict', expected a Layer" in problem.message
    layer, (problem,) = checked_layer(Layer("night", "x"), DOCUMENT)
    assert layer is None
    assert "returned a layer of 'night'" in problem.message
