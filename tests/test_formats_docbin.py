"""spaCy DocBin: what is written is read again, and so is what other pipelines save."""

import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
import spacy
import srsly
from hypothesis import given, settings
from layer_strategies import annotated, make_document
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as SpacySpan
from spacy.vocab import Vocab

from vostochny.annotations.corpus import load_gold
from vostochny.annotations.formats import load_format
from vostochny.schema.errors import InputError
from vostochny.schema.model import Claim, Document, Layer, Mark, Mention, Quote, Span

FORMAT = load_format("docbin")
GOLD = load_gold()

TEST = make_document("Kim Jong-un's 🚀 said\n\n“no way”.")
KNOWN = {"doc": TEST}


def docs(files: dict[str, bytes]) -> list[Doc]:
    (data,) = files.values()
    return list(DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab))


def saved(*given: Doc, user_data: bool = True) -> dict[str, bytes]:
    return {"x.spacy": DocBin(store_user_data=user_data, docs=given).to_bytes()}


def foreign() -> Doc:
    return spacy.blank("en")(TEST.text)


def test_gold_comes_back_whole() -> None:
    files = FORMAT.write([(GOLD.documents[name], layer) for name, layer in GOLD.items()])
    assert list(files) == ["layers.spacy"]
    assert FORMAT.read(files, GOLD.documents) == list(GOLD.values())
    assert [FORMAT.reduce(GOLD.documents[name], layer) for name, layer in GOLD.items()] == list(GOLD.values())


@settings(max_examples=200, deadline=None)
@given(annotated())
def test_any_layer_comes_back_whole(pair: tuple[Document, Layer]) -> None:
    document, layer = pair
    files = FORMAT.write([pair])
    assert FORMAT.read(files, {document.id: document}) == [FORMAT.reduce(document, layer)]
    assert FORMAT.write([pair]) == files
    (doc,) = docs(files)
    assert doc.text == document.text


@pytest.mark.parametrize("name", GOLD)
def test_spacy_finds_text_tokens_sentences_and_entities(name: str) -> None:
    document, layer = GOLD.documents[name], GOLD[name]
    (doc,) = docs(FORMAT.write([(document, layer)]))
    assert doc.text == document.text
    words = [token for token in doc if not token.is_space]
    assert [(token.idx, token.idx + len(token)) for token in words] == list(document.tokens)
    assert [sent.start_char for sent in doc.sents] == [start for start, _ in document.sentences]
    assert [(e.start_char, e.end_char, e.label_, e.kb_id_ or None, e.id_) for e in doc.ents] == [
        (m.start, m.end, m.type, m.entity, m.id) for m in layer.mentions or ()
    ]
    assert {span.text for span in doc.spans["quotes"] if span.label_ == "content"} == {
        span.text for quote in layer.quotes or () for span in quote.content
    }


def test_mentions_that_overlap_are_a_group() -> None:
    mentions = (Mention("m1", 0, 11, None, "PERSON"), Mention("m2", 4, 8, None, "NORP", "x"))
    files = FORMAT.write([(TEST, Layer("doc", "ana", mentions=mentions))])
    (doc,) = docs(files)
    assert [ent.text for ent in doc.ents] == ["Kim Jong-un"]
    assert [span.text for span in doc.spans["mentions"]] == ["Jong"]


def test_a_span_of_white_space_is_refused() -> None:
    with pytest.raises(InputError, match=r"\$\.marks\[0\]: \[touches-no-token\]"):
        FORMAT.write([(TEST, Layer("doc", "ana", marks=(Mark("k1", 3, 4, None, "scare"),)))])


def test_entities_of_another_pipeline_with_other_tokens() -> None:
    words = TEST.text.split(" ")
    doc = Doc(spacy.blank("en").vocab, words=words, spaces=[True] * (len(words) - 1) + [False])
    # spaCy's rules give all their entities one id; its linker writes NIL where it finds none.
    doc.ents = [
        SpacySpan(doc, 0, 2, "PERSON", kb_id="kim", span_id="rule"),
        SpacySpan(doc, 2, 3, "PRODUCT", kb_id="NIL", span_id="rule"),
    ]
    (layer,) = FORMAT.read(saved(doc), KNOWN)
    assert layer == Layer(
        "doc",
        "",
        mentions=(
            Mention("m1", 0, 13, "Kim Jong-un's", "PERSON", "kim"),
            Mention("m2", 14, 15, "🚀", "PRODUCT"),
        ),
        text_sha256=TEST.text_sha256,
    )


def test_span_groups_of_another_pipeline() -> None:
    doc = foreign()

    def span(start: int, end: int, label: str, name: str = "") -> Any:
        found = doc.char_span(start, end, label=label, span_id=name)
        assert found is not None, (start, end)
        return found

    no_way = TEST.text.index("“no")
    doc.spans["quotes"] = [
        span(no_way, no_way + 8, "content"),
        span(no_way, no_way + 8, "verbatim"),
        span(16, 20, "content", "q1"),
        span(14, 15, "source", "q1"),
    ]
    doc.spans["claims"] = [span(16, 20, "opinion", "x"), span(no_way + 1, no_way + 3, "opinion", "x")]
    doc.spans["sc"] = [span(0, 3, "ORG"), span(no_way, no_way + 1, "scare"), span(16, 20, "fact")]
    (layer,) = FORMAT.read(saved(doc), KNOWN)
    assert layer.mentions == (Mention("m1", 0, 3, "Kim", "ORG"),)
    content = Span(no_way, no_way + 8, "“no way”")
    said = Span(16, 20, "said")
    assert layer.quotes == (
        Quote("q2", (content,), (content,)),
        Quote("q1", (said,), source=Span(14, 15, "🚀")),
    )
    assert layer.marks == (Mark("k1", no_way, no_way + 1, "“", "scare"),)
    assert layer.claims == (
        Claim("x", (said, Span(no_way + 1, no_way + 3, "no")), type="opinion"),
        Claim("c1", (said,)),
    )


def test_a_file_that_was_edited_keeps_what_is_still_there() -> None:
    layer = Layer(
        "doc",
        "ana",
        mentions=(Mention("m7", 14, 15, None, "PRODUCT", "x", "y"), Mention("m2", 0, 3, None, "PERSON")),
        claims=(),
    )
    (doc,) = docs(FORMAT.write([(TEST, layer)]))
    new = doc.char_span(16, 20, label="ORG")
    doc.ents = [ent for ent in doc.ents if ent.id_ != "m2"] + [new]
    (read,) = FORMAT.read(saved(doc), KNOWN)
    assert read.mentions == (
        Mention("m7", 14, 15, "🚀", "PRODUCT", "x", "y"),
        Mention("m1", 16, 20, "said", "ORG"),
    )
    assert (read.annotator, read.claims, read.quotes) == ("ana", (), None)


def test_the_document_is_told_by_user_data_or_text() -> None:
    twin = make_document(TEST.text, "twin")
    files = FORMAT.write([(twin, Layer("twin", "ana", mentions=()))])
    assert FORMAT.read(files, {"doc": TEST, "twin": twin})[0].document == "twin"
    assert FORMAT.read(files, KNOWN)[0].document == "doc"
    doc = foreign()
    doc.user_data["document"] = "twin"
    assert FORMAT.read(saved(doc), {"doc": TEST, "twin": twin})[0].document == "twin"
    assert FORMAT.read(saved(foreign(), user_data=False), {"doc": TEST})[0].document == "doc"
    other = {"twin": make_document("Something else.", "twin")}
    with pytest.raises(
        InputError, match=r"^layers\.spacy: \$\[0\]: \[other-text\].*at code point 0 found .Kim"
    ):
        FORMAT.read(files, other)
    with pytest.raises(InputError, match=r"^x\.spacy: \$\[0\]: \[unknown-document\].*vostochny add"):
        FORMAT.read(saved(foreign()), other)


def raw(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A file whose message was changed."""
    doc = foreign()
    doc.spans["quotes"] = [SpacySpan(doc, 0, 1, "content")]
    message = srsly.msgpack_loads(zlib.decompress(saved(doc)["x.spacy"]))
    change(message)
    return zlib.compress(srsly.msgpack_dumps(message))


def with_span(start: int, end: int, label: int) -> bytes:
    packed = struct.pack(">QQQllll", 0, 0, label, start, end, 0, 3)
    group = srsly.msgpack_dumps({"name": "quotes", "attrs": {}, "spans": [packed]})
    return raw(lambda message: message.update(span_groups=[srsly.msgpack_dumps({group: ["quotes"]})]))


@pytest.mark.parametrize(
    "data",
    [
        b"no archive",
        b"",
        zlib.compress(b"\xc1no message"),
        zlib.compress(srsly.msgpack_dumps([1])),
        raw(lambda message: message.pop("tokens")),
        raw(lambda message: message.update(strings=[])),
        raw(lambda message: message.update(tokens=message["tokens"][:-8])),
        raw(lambda message: message.update(span_groups=[b"\xc1"])),
        raw(lambda message: message.update(user_data=[b"\xc1"])),
    ],
)
def test_what_is_no_docbin_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^x\.spacy: \[bad-docbin\] .*save it anew with DocBin"):
        FORMAT.read({"x.spacy": data}, KNOWN)


CONTENT = Vocab().strings.add("content")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            with_span(0, 99, CONTENT),
            r"\$\[0\]: \[bad-docbin\] its spans can't be read \(\[E035\]",
        ),
        (with_span(-1, 1, CONTENT), r"\$\[0\]: \[bad-docbin\] its spans can't be read \(\[E035\]"),
        (with_span(2, 2, CONTENT), r"\$\[0\]\.spans\.quotes\[0\]: \[empty-span\] covers no token"),
        (
            with_span(0, 1, 12345678901),
            r"\$\[0\]: \[bad-docbin\] its spans can't be read .*12345678901",
        ),
    ],
)
def test_spans_that_the_library_does_not_check(data: bytes, expected: str) -> None:
    with pytest.raises(InputError, match=r"^x\.spacy: " + expected):
        FORMAT.read({"x.spacy": data}, KNOWN)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        (
            [(0, 1, "speaker", "q1")],
            r"quotes\[0\]: \[bad-role\] found the label 'speaker', expected one of content",
        ),
        (
            [(0, 1, "cue", "")],
            r"quotes\[0\]: \[loose-piece\] this cue belongs to no content; give both the same id",
        ),
        ([(0, 1, "verbatim", ""), (1, 2, "content", "")], r"quotes\[0\]: \[loose-piece\] this verbatim"),
        ([(0, 1, "source", "q1"), (1, 2, "content", "q2")], r"quotes\[0\]: \[loose-piece\] this source"),
        (
            [(0, 1, "content", "q1"), (1, 2, "source", "q1"), (2, 3, "source", "q1")],
            r"quotes\[2\]: \[two-sources\] is a second source of q1; keep one",
        ),
    ],
)
def test_quotes_that_do_not_hold_together(spans: list[tuple[int, int, str, str]], expected: str) -> None:
    doc = foreign()
    doc.spans["quotes"] = [SpacySpan(doc, a, b, label, span_id=name) for a, b, label, name in spans]
    with pytest.raises(InputError, match=r"^x\.spacy: \$\[0\]\.spans\." + expected):
        FORMAT.read(saved(doc), KNOWN)


SOUND = {"document": "doc", "annotator": "ana", "schema_version": "1.0.0", "items": {}, "cuts": []}


@pytest.mark.parametrize(
    "value",
    [
        "text",
        {},
        {**SOUND, "annotator": 1},
        {**SOUND, "items": {"tokens": {}}},
        {**SOUND, "items": {"marks": []}},
        {**SOUND, "items": {"marks": {"k1": 1}}},
        {**SOUND, "items": {"claims": {"c1": {"voice": 1}}}},
        {**SOUND, "cuts": 1},
        {**SOUND, "cuts": [["ents", "ORG", "m1", 0, 3, 0]]},
        {**SOUND, "cuts": [["ents", "ORG", "m1", 0, 3, 0, "3"]]},
    ],
)
def test_user_data_that_is_not_ours(value: object) -> None:
    doc = foreign()
    doc.user_data["vostochny"] = value
    with pytest.raises(InputError, match=r"^x\.spacy: \$\[0\]\.user_data\.vostochny: \[bad-user-data\]"):
        FORMAT.read(saved(doc), KNOWN)
    doc.user_data["vostochny"] = SOUND
    assert FORMAT.read(saved(doc), KNOWN)[0].annotator == "ana"
