"""A text file becomes a document: the same record that the corpus's own articles have.

The text is kept byte for byte. What is found by rule here (paragraphs, sentences, tokens) is a start:
glued bylines, pull quotes and sentences broken over lines need a reader, as ours had.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sentencex import get_sentence_boundaries

from vostochny.schema.document_checks import text_digest
from vostochny.schema.errors import InputError
from vostochny.schema.files import decode, dump_json, read_bytes, write_atomic
from vostochny.schema.jsonio import document_to_json
from vostochny.schema.model import Document, Region
from vostochny.schema.text import tokenize
from vostochny.schema.values import check_document

_ENDS = '.!?…:;,"”’'
_HEADLINE = 150


def make_document(
    data: bytes,
    *,
    file: str,
    id: str,
    title: str | None = None,
    outlet: str | None = None,
    agency: str | None = None,
    date: str | None = None,
    language: str = "en",
    translated: bool | None = None,
) -> Document:
    """A document from a text file's bytes, with regions, sentences and tokens found by rule.

    A region is a line that is not blank; the first is a headline if it is short (at most 150 code
    points) and has no final punctuation, the others are body. Raises
    :class:`~vostochny.schema.errors.InputError` if the bytes are not UTF-8, begin with a byte order
    mark, hold a NUL, a carriage return, or no letter or digit at all, and if the record would break a
    rule (an id or date of the wrong form): nothing is altered silently.
    """
    text = decode(data, file)
    tokens = tokenize(text)
    if not any(text[a:b].isalnum() for a, b in tokens):
        raise InputError.of("empty-text", "found no word; give a file with text", file=file)
    regions = tuple(_regions(text))
    if title is None and regions[0].kind == "headline":
        title = text[regions[0].start : regions[0].end]
    document = Document(
        id=id,
        text=text,
        regions=regions,
        sentences=tuple(pair for region in regions for pair in _sentences(text, region, language)),
        tokens=tokens,
        text_sha256=text_digest(text),
        title=title,
        outlet=outlet,
        agency=agency,
        date=date,
        language=language,
        translated=translated,
        origin=Path(file).name,
    )
    _, problems = check_document(document_to_json(document), text, file=file)
    if problems:
        raise InputError(problems)
    return document


def _regions(text: str) -> Iterator[Region]:
    kind = "headline"
    for match in re.finditer(r"[^\n]+", text):
        line = match[0].strip()
        if not line:
            continue
        start = match.start() + match[0].index(line)
        if len(line) > _HEADLINE or line[-1] in _ENDS:
            kind = "body"
        yield Region(start, start + len(line), kind)
        kind = "body"


def _sentences(text: str, region: Region, language: str) -> Iterator[tuple[int, int]]:
    """The region's sentences without the white space around them."""
    passage = text[region.start : region.end]
    for boundary in get_sentence_boundaries(language, passage):
        sentence = passage[boundary["start_index"] : boundary["end_index"]]
        if bare := sentence.strip():
            start = region.start + boundary["start_index"] + sentence.index(bare)
            yield start, start + len(bare)


def document_id(path: Path) -> str:
    """A document id from a file name: lower case, words joined by hyphens.

    >>> document_id(Path("My Article (2).txt"))
    'my-article-2'
    """
    found = "-".join(re.findall(r"[a-z0-9]+", path.stem.casefold()))
    if not found:
        message = "the file name has no letter a-z or digit for a document id; give one with --id"
        raise InputError.of("bad-format", message, file=str(path))
    return found


def add_document(path: Path, corpus: Path, document: Document) -> tuple[Path, Path]:
    """Write a document's text and record into a corpus folder; returns both paths.

    Raises :class:`~vostochny.schema.errors.InputError` (``document-exists``) if the folder has
    another document of that id; the same text and record again change nothing.
    """
    text, record = corpus / "articles" / f"{document.id}.txt", corpus / "documents" / f"{document.id}.json"
    data, value = read_bytes(path), dump_json(document_to_json(document))
    for target, wanted in ((text, data), (record, value)):
        if target.exists() and target.read_bytes() != wanted:
            message = f"{target} is already there and differs; give another --id, or remove it first"
            raise InputError.of("document-exists", message, file=str(path))
    for target, wanted in ((text, data), (record, value)):
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            write_atomic(target, wanted)
    return text, record
