"""Tokens, spans, regions and sentences."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vostochny.annotations.corpus import load_documents
from vostochny.schema.model import Document, Region, Span
from vostochny.schema.text import TextIndex, is_word, tokenize

# Latin, Cyrillic, Hebrew, astral, combining, white space of several kinds, quotation marks.
ALPHABET = "abЖяשל🚀𝒜\u0301\u00a0 \n'’“”\".-_7"
TEXTS = st.text(ALPHABET, max_size=40)


def make(text: str) -> Document:
    return Document(
        id="d",
        text=text,
        regions=(Region(0, len(text), "body"),),
        sentences=((0, len(text)),),
        tokens=tokenize(text),
        text_sha256="",
    )


@pytest.fixture(scope="module")
def corpus() -> Mapping[str, Document]:
    return load_documents()


def test_tokens_are_words_and_single_symbols() -> None:
    text = "Kim’s 1,5 e\u0301t 🚀🚀\u00a0Привет"
    assert [text[a:b] for a, b in tokenize(text)] == [
        *["Kim", "’", "s", "1", ",", "5"],
        # A combining mark is no word character, so it is a token of its own.
        *["e", "\u0301", "t", "🚀", "🚀", "Привет"],
    ]


@given(TEXTS)
def test_tokens_hold_everything_but_white_space_in_order(text: str) -> None:
    tokens = tokenize(text)
    held = {n for start, end in tokens for n in range(start, end)}
    assert held == {n for n, character in enumerate(text) if not character.isspace()}
    assert sum(end - start for start, end in tokens) == len(held)
    assert list(tokens) == sorted(tokens)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
def test_a_span_has_the_tokens_it_overlaps(text: str, bounds: list[tuple[int, int]]) -> None:
    index = TextIndex(make(text))
    spans = [Span(a, b) for a, b in bounds]
    expected = {
        n
        for n, (a, b) in enumerate(tokenize(text))
        for s in spans
        if s.start < s.end and a < s.end and s.start < b
    }
    assert index.tokens_of(spans) == expected


@given(TEXTS, st.sets(st.integers(0, 39)))
def test_tokens_to_spans_and_back(text: str, chosen: set[int]) -> None:
    index = TextIndex(make(text))
    tokens = {n for n in chosen if n < len(index.document.tokens)}
    spans = index.spans_of(tokens)
    assert index.tokens_of(spans) == tokens
    for span in spans:
        assert index.aligned(span)
        assert span.text == index.document.slice(span)


def test_words_leave_punctuation_out() -> None:
    index = TextIndex(make("“No,” he _ said."))
    # 0 “  1 No  2 ,  3 ”  4 he  5 _  6 said  7 .
    assert index.words_of([Span(0, 16)]) == {1, 4, 5, 6}
    assert not is_word("\u0301")
    assert is_word("שלום")


def test_alignment_is_exact() -> None:
    index = TextIndex(make("ab cd"))
    assert index.aligned(Span(0, 5))
    assert index.aligned(Span(3, 5))
    assert not index.aligned(Span(0, 1))
    assert not index.aligned(Span(2, 5))


def test_positions_lie_in_half_open_regions_and_sentences() -> None:
    document = Document("d", "ab\ncd", (Region(0, 2, "body"), Region(3, 5, "body")), ((0, 2), (3, 5)), (), "")
    index = TextIndex(document)
    assert [index.region_of(n) for n in range(6)] == [0, 0, None, 1, 1, None]
    assert [index.sentence_of(n) for n in range(-1, 6)] == [None, 0, 0, None, 1, 1, None]


def test_the_articles_tokens_are_the_tokenizers_but_for_glued_words(corpus: Mapping[str, Document]) -> None:
    glued = set()
    for document in corpus.values():
        expected, own = set(tokenize(document.text)), set(document.tokens)
        glued |= {document.text[a:b] for a, b in expected - own}
        # A hand-made token is part of a tokenizer's one.
        assert all(any(a <= c and d <= b for a, b in expected) for c, d in own - expected)
    # Words that the articles print without the space between them.
    assert glued == {"Inleader", "notedthat", "PutinPresident", "SputnikThe"}
    for document in corpus.values():
        index = TextIndex(document)
        for start, end in document.tokens:
            assert index.region_of(start) == index.region_of(end - 1) is not None
            assert index.sentence_of(start) == index.sentence_of(end - 1) is not None


def test_what_the_articles_records_state_is_evidenced(corpus: Mapping[str, Document]) -> None:
    for document in corpus.values():
        stated = {
            name for name in ("outlet", "agency", "date", "translated") if getattr(document, name) is not None
        }
        assert stated == {item["field"] for item in document.evidence}
