"""Which characters are quotation marks, what they enclose, who accounts for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vostochny.annotations.corpus import load_documents
from vostochny.schema.document_checks import text_digest
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.model import Document, Layer, Mark, Quote, Region, Span
from vostochny.schema.quotation import (
    derive_verbatim,
    quotation_marks,
    quotation_pairs,
    quote_kind,
    unaccounted_marks,
)
from vostochny.schema.text import TextIndex, tokenize
from vostochny.schema.values import check_layer


def make(*paragraphs: str) -> Document:
    text, regions = "", []
    for paragraph in paragraphs:
        regions.append(Region(len(text), len(text) + len(paragraph), "body"))
        text += paragraph + "\n"
    text = text.removesuffix("\n")
    return Document("d", text, tuple(regions), tuple((r.start, r.end) for r in regions), tokenize(text), "")


def marks(text: str) -> str:
    return "".join(text[n] for n in quotation_marks(make(text)))


def pairs(*paragraphs: str) -> list[str]:
    document = make(*paragraphs)
    return [document.text[a:b] for a, b in quotation_pairs(document)]


def find(document: Document, surface: str) -> Span:
    start = document.text.index(surface)
    return Span(start, start + len(surface), surface)


@pytest.fixture(scope="module")
def corpus() -> Mapping[str, Document]:
    return load_documents()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim’s and leaders’ and countries' wishes, didn't they?", ""),
        ("North Korea's 'First Priority'", "''"),
        ("He saw 'the leaders' summit' and Kim's car", "''"),
        ("the ‘leaders’ summit’ was", "‘’"),
        ("a 'visit' and the countries' interests", "''"),
        ("Rock 'n roll in the 1990's, 5' tall", ""),
        ("‚so‘ and „so“", "‚‘„“"),
        ("“at the level of ‘here’s a rocket.’”", "“‘’”"),
        ('« ja », ‹nein›, "oui"', '«»‹›""'),
        ('a 6" pipe', '"'),
        ("(‘so’)", "‘’"),
        ("''", ""),
    ],
)
def test_which_characters_are_marks(text: str, expected: str) -> None:
    assert marks(text) == expected


def test_single_marks_do_not_pair_across_regions() -> None:
    assert quotation_marks(make("an ‘open", "and closed’ one")) == ()


def test_single_marks_of_the_articles_are_the_three_real_pairs(corpus: Mapping[str, Document]) -> None:
    # Found by reading: Sputnik's headline and subheading, and a quote in a quote in Lenta.
    found = [
        (name, document.text[a:b])
        for name, document in sorted(corpus.items())
        for a, b in quotation_pairs(document)
        if document.text[a] in "‘'‚"
    ]
    assert found == [
        (
            "lenta",
            "‘here’s a photograph, there’s a train on it, "
            "and on the train, I swear to my mother, there’s a rocket.’",
        ),
        ("sputnik", "'Visible Show of Support'"),
        ("sputnik", "'First Priority'"),
    ]


def test_marks_of_the_articles_are_paired_but_for_two(corpus: Mapping[str, Document]) -> None:
    # A breadcrumb's » in The Japan Times, and a stray ” in Lenta.
    left = []
    for name, document in sorted(corpus.items()):
        paired = {n for a, b in quotation_pairs(document) for n in (a, b - 1)}
        left += [
            (name, document.text[max(0, n - 5) : n + 1]) for n in quotation_marks(document) if n not in paired
        ]
    assert left == [("japantimes", "Home »"), ("lenta", "cult,”")]


def test_mixed_forms_nesting_and_line_breaks() -> None:
    assert pairs('He said “is good." Then "more”') == ['“is good."', '"more”']
    assert pairs("“Perhaps (approx. “Tapes”) so,” he said") == ["“Perhaps (approx. “Tapes”) so,”", "“Tapes”"]
    assert pairs('in the "\nfight against."') == ['"\nfight against."']
    assert pairs("„So“ und »so«, « mot »") == ["„So“", "»so«", "« mot »"]
    assert pairs("He said ”so” in Swedish") == ["”so”"]
    assert pairs("difficult,” he said") == []


def test_an_unclosed_mark_reaches_over_its_paragraph_only_if_the_next_opens() -> None:
    assert pairs("He said: “One.", "“Two.” End.") == ["“One.", "“Two.”"]
    assert pairs("He said: “One.", "Two. End.") == []


def test_verbatim_is_what_stands_in_marks_inside_the_content() -> None:
    document = make("Kim said the “sacred fight” and “war” go on, “as ever.”")
    content = find(document, "the “sacred fight” and “war” go on")
    assert [s.text for s in derive_verbatim(document, [content])] == ["“sacred fight”", "“war”"]
    # A system that leaves the marks outside still says words that stand in marks.
    assert [s.text for s in derive_verbatim(document, [find(document, "sacred fight")])] == ["sacred fight"]
    assert derive_verbatim(document, [find(document, "”")]) == ()


def test_kind_ignores_punctuation() -> None:
    document = make("“We won,” he said, and that “it” was, as ever, “great”.")
    index = TextIndex(document)

    def kind(surface: str, verbatim: tuple[Span, ...] | None = None) -> str:
        return quote_kind(index, Quote("q", (find(document, surface),), verbatim))

    assert kind("“We won,”") == "direct"
    # The final stop is not verbatim, but no word either.
    assert kind("“great”.") == "direct"
    assert kind("that “it” was") == "mixed"
    assert kind("as ever") == "indirect"
    assert kind("“We won,”", ()) == "indirect"


def layer(document: Document, *spans: str) -> Layer:
    items = tuple(
        Mark(f"k{n}", s.start, s.end, s.text, "scare") for n, s in enumerate(find(document, x) for x in spans)
    )
    return Layer("d", "a", quotes=(), marks=items)


def left(text: str, *spans: str) -> str:
    document = make(text)
    return "".join(text[n] for n in unaccounted_marks(document, layer(document, *spans)))


def test_marks_at_the_edges_of_spans_are_accounted_for() -> None:
    assert left("a “b” c", "“b”") == ""
    assert left("a “b” c") == "“”"
    # Inside a span, only punctuation may stand between mark and edge.
    assert left("a “b”. c", "“b”.") == ""
    assert left("“he said ‘no.’”", "“he said ‘no.’”") == "‘"
    assert left("“‘no,’ he said”", "“‘no,’ he said”") == "’"
    assert left("one “two” three", "one “two” three") == "“”"


def test_marks_beside_an_edge_mark_are_accounted_for() -> None:
    assert left("he said “‘no.’”", "‘no.’") == ""
    assert left("“Yes.” “No.”", "“Yes.”") == "“”"
    assert left("“Yes.”", "Yes.") == "“”"
    assert left("« ‹\u00a0no\u00a0› »", "‹\u00a0no\u00a0›") == "«»"


def test_quotes_account_with_content_and_verbatim() -> None:
    document = make("He said the “fight” goes on")
    quote = Quote("q1", (find(document, "the “fight” goes on"),), (find(document, "“fight”"),))
    assert unaccounted_marks(document, Layer("d", "a", quotes=(quote,), marks=())) == ()
    bare = Layer("d", "a", quotes=(replace(quote, verbatim=()),), marks=())
    assert [document.text[n] for n in unaccounted_marks(document, bare)] == ["“", "”"]


def test_an_unaccounted_mark_is_named_with_its_sentence() -> None:
    document = replace(make("Yes. It is", "a “b”."), sentences=((0, 4), (5, 10), (11, 17)))
    value = {**layer_to_json(layer(document)), "text_sha256": text_digest(document.text)}
    problems = check_layer(value, {"d": document})[1]
    assert [p.message.partition("; ")[0] for p in problems] == [
        "“ at code point 13 in s3 ('Yes. It is\\na “b”.') belongs to no quote and no mark",
        "” at code point 15 in s3 ('Yes. It is\\na “b”.') belongs to no quote and no mark",
    ]


@given(st.lists(st.text("ab Ж🚀\u0301\u00a0\n.,“”„«»‹›\"‘’'‚", max_size=30), min_size=1, max_size=3))
def test_marks_and_pairs_of_any_text_are_sound(paragraphs: list[str]) -> None:
    document = make(*paragraphs)
    every = set(quotation_marks(document))
    assert all(document.text[n] in "“”„«»‹›\"‘’'‚" for n in every)
    assert {n for n, c in enumerate(document.text) if c in '“”„«»‹›"'} <= every
    for start, end in quotation_pairs(document):
        assert start in every
        assert any(r.start <= start < end <= r.end for r in document.regions)
    whole = Span(0, len(document.text))
    verbatim = derive_verbatim(document, [whole])
    assert all(a.end < b.start for a, b in pairwise(verbatim))
    assert derive_verbatim(document, verbatim) == verbatim
