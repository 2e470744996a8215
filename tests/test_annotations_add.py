"""Adding other people's articles: the same record, the text untouched."""

import hashlib
import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from vostochny.annotations import load_documents, make_document
from vostochny.annotations.add import document_id
from vostochny.cli.main import cli
from vostochny.schema.errors import InputError
from vostochny.schema.jsonio import document_to_json
from vostochny.schema.values import check_document

ARTICLE = "Talks end\n\nMr. Kim left. “We won,” he said.\n"


def test_an_article_gets_regions_sentences_and_tokens():
    document = make_document(ARTICLE.encode(), file="talks.txt", id="talks")
    assert document.text == ARTICLE
    assert document.title == "Talks end"
    assert [(r.kind, ARTICLE[r.start : r.end]) for r in document.regions] == [
        ("headline", "Talks end"),
        ("body", "Mr. Kim left. “We won,” he said."),
    ]
    assert [ARTICLE[a:b] for a, b in document.sentences] == [
        "Talks end",
        "Mr. Kim left.",
        "“We won,” he said.",
    ]
    assert [ARTICLE[a:b] for a, b in document.tokens][:6] == ["Talks", "end", "Mr", ".", "Kim", "left"]


@pytest.mark.parametrize(
    ("data", "check"),
    [
        (b"\xef\xbb\xbfHello world.", "byte-order-mark"),
        (b"Caf\xe9 closed.", "not-utf8"),
        (b"A lone \xed\xa0\x80 surrogate.", "not-utf8"),  # U+D800 as CESU-8 writes it
        (b"Nul\x00 here.", "refused-character"),
        (b"One.\r\nTwo.\r\n", "refused-character"),
        (b"", "empty-text"),
        (b" \n\t\n", "empty-text"),
        (b"... !!", "empty-text"),
    ],
)
def test_texts_that_are_refused(data, check):
    with pytest.raises(InputError) as caught:
        make_document(data, file="a.txt", id="a")
    assert [p.check for p in caught.value.problems] == [check]


PIECES = st.sampled_from(
    ["Kim", "Путин. ", "🚀", "e\u0301", "\u00a0", "שלום ", ". ", "“A.” ", "\n", "\u2028", "\f"]
)


@given(st.lists(PIECES, min_size=1, max_size=20).map("".join).map(lambda t: "a" + t))
def test_every_text_gives_a_valid_record(text):
    document = make_document(text.encode(), file="x.txt", id="x")
    assert document.text == text
    assert document.text_sha256 == hashlib.sha256(text.encode()).hexdigest()
    _, problems = check_document(document_to_json(document), text)
    assert problems == []


def test_add_copies_bytes_and_is_repeatable(tmp_path):
    source = tmp_path / "My Talk (2).txt"
    source.write_bytes(ARTICLE.encode())
    corpus = tmp_path / "corpus"
    for _ in range(2):
        result = CliRunner().invoke(cli, ["add", str(source), "--corpus", str(corpus), "--outlet", "Daily"])
        assert result.exit_code == 0, result.output
    assert (corpus / "articles" / "my-talk-2.txt").read_bytes() == ARTICLE.encode()
    documents = load_documents(corpus)
    assert documents["my-talk-2"].outlet == "Daily"
    source.write_bytes(b"Something else.")
    result = CliRunner().invoke(cli, ["add", str(source), "--corpus", str(corpus)])
    assert isinstance(result.exception, InputError)
    assert result.exception.problems[0].check == "document-exists"
    assert (corpus / "articles" / "my-talk-2.txt").read_bytes() == ARTICLE.encode()


def test_a_record_says_only_what_is_known(tmp_path):
    source = tmp_path / "a.txt"
    source.write_bytes(b"Just a sentence.")
    CliRunner().invoke(cli, ["add", str(source), "--corpus", str(tmp_path)])
    record = json.loads((tmp_path / "documents" / "a.json").read_bytes())
    unknown = ("title", "outlet", "agency", "date", "translated")
    assert {key: record[key] for key in unknown} == dict.fromkeys(unknown)


def test_ids_come_from_file_names(tmp_path):
    with pytest.raises(InputError, match="--id"):
        document_id(tmp_path / "статья.txt")
