"""CoNLL-2003 columns: a token a line, its mention as a tag in the last column, a blank line after a sentence.

Written are the document's tokens and sentences with four columns (word, part of speech, chunk, entity), the
second and third filled with ``-X-`` and ``O``, the fourth in IOB2 with the layer's own 18 types. Read are two
or more columns of IOB1 (as CoNLL-2003 itself has it), IOB2, BIOES or BILOU, in any tokenisation that covers
the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from vostochny.annotations.format_support import completed
from vostochny.annotations.formats import Files, Format
from vostochny.schema.errors import InputError, shown
from vostochny.schema.files import decode
from vostochny.schema.labels import ENTITY_TYPES
from vostochny.schema.model import Document, Layer, Mention, Span
from vostochny.schema.text import TextIndex

_START = "-DOCSTART-"
_TAG = re.compile(r"O|([BIELSU])-(\S+)")
_CONTEXT = 20


def write(pairs: Sequence[tuple[Document, Layer]]) -> dict[str, bytes]:
    """A file a document, which starts with the line of ``-DOCSTART-``."""
    return {f"{document.id}.conll": _file(document, layer).encode() for document, layer in pairs}


def _file(document: Document, layer: Layer) -> str:
    index = TextIndex(document)
    tags = ["O"] * len(document.tokens)
    for kind, first, last in _chunks(index, layer):
        tags[first : last + 1] = [f"B-{kind}", *[f"I-{kind}"] * (last - first)]
    lines = [f"{_START} -X- -X- O", ""]
    before = None
    for n, (start, end) in enumerate(document.tokens):
        sentence = index.sentence_of(start)
        if n and sentence != before:
            lines.append("")
        before = sentence
        lines.append(f"{document.text[start:end]} -X- O {tags[n]}")
    return "\n".join(lines) + "\n"


def _chunks(index: TextIndex, layer: Layer) -> list[tuple[str, int, int]]:
    """The mentions as (type, first token, last token), in text order.

    Of those that share a token the longest stays, then the first; those over a sentence's end do not.
    """
    starts = [start for start, _ in index.document.tokens]
    found = []
    for mention in layer.mentions or ():
        tokens = index.tokens_of([mention.span])
        if tokens and len({index.sentence_of(starts[n]) for n in tokens}) == 1:
            found.append((min(tokens) - max(tokens), min(tokens), max(tokens), mention.type))
    taken: set[int] = set()
    out = []
    for _, first, last, kind in sorted(found):
        if not taken.intersection(range(first, last + 1)):
            taken.update(range(first, last + 1))
            out.append((kind, first, last))
    return sorted(out, key=lambda chunk: chunk[1])


def reduce(document: Document, layer: Layer) -> Layer:
    """What of a layer tags can hold: the mentions' places and types."""
    chunks = _chunks(TextIndex(document), layer)
    tokens = document.tokens
    spans = [(kind, Span(tokens[first][0], tokens[last][1])) for kind, first, last in chunks]
    return _layer(document, spans)


def _layer(document: Document, spans: Sequence[tuple[str, Span]]) -> Layer:
    mentions = (Mention(f"m{n}", s.start, s.end, None, kind) for n, (kind, s) in enumerate(spans, 1))
    return completed(Layer(document.id, "", mentions=tuple(mentions)), document)


@dataclass
class _Section:
    """What stands between two lines of ``-DOCSTART-``: its sentences of (line, word, tag)."""

    sentences: list[list[tuple[int, str, str]]] = field(default_factory=lambda: [[]])

    def rows(self) -> Iterator[tuple[int, str, str]]:
        for sentence in self.sentences:
            yield from sentence


def read(files: Files, documents: Mapping[str, Document]) -> list[Layer]:
    """The layers of files; a file is named after its document, or holds sections that are whole documents."""
    layers = []
    by_words: dict[str, Document] = {}
    for document in reversed([*documents.values()]):
        by_words["".join(document.text.split())] = document
    for file, data in files.items():
        sections = [s for s in _sections(decode(data, file), file) if any(s.rows())]
        if not sections:
            raise InputError.of("nothing-found", "holds no tokens; give a file with some", file=file)
        name = PurePath(file).stem
        for section in sections:
            own = documents.get(name) if len(sections) == 1 else None
            document = own or _by_words(section, by_words, file)
            layers.append(_layer(document, list(_mentions(section, document, file))))
    return layers


def _sections(text: str, file: str) -> Iterator[_Section]:
    section = _Section()
    for number, line in enumerate(text.split("\n"), 1):
        columns = line.split()
        if not columns:
            section.sentences.append([])
        elif columns[0] == _START:
            yield section
            section = _Section()
        elif len(columns) == 1:
            message = f"found one column, {shown(columns[0])}, expected a word and in the last column its tag"
            raise InputError.of("bad-line", message, file=file, line=number)
        else:
            section.sentences[-1].append((number, columns[0], columns[-1]))
    yield section


def _by_words(section: _Section, documents: Mapping[str, Document], file: str) -> Document:
    """The document of a section's words; ``documents`` by theirs, without white space."""
    if found := documents.get("".join(word for _, word, _ in section.rows())):
        return found
    line, word, _ = next(section.rows())
    message = (
        f"no document of the corpus has the words that start here with {shown(word)}; name the file after "
    )
    message += "its document (DOCUMENT.conll), or add the text first: vostochny add FILE.txt --corpus DIR"
    raise InputError.of("unknown-document", message, file=file, line=line)


def _mentions(section: _Section, document: Document, file: str) -> Iterator[tuple[str, Span]]:
    text = document.text
    position = 0
    for sentence in section.sentences:
        kind, start, end = "", 0, 0
        for line, word, tag in sentence:
            while text[position : position + 1].isspace():
                position += 1
            if not text.startswith(word, position):
                there = shown(text[position : position + _CONTEXT]) if text[position:] else "its end"
                message = f"found the word {shown(word)}, the document {document.id} goes on with {there}; "
                message += "words must be the text's own, in order and without a gap"
                raise InputError.of("other-text", message, file=file, line=line)
            prefix, label = _parsed(tag, file, line)
            starts = prefix in "BSU" or label != kind
            if kind and (starts or prefix == "O"):
                yield kind, Span(start, end)
                kind = ""
            if prefix != "O":
                kind, start = label, start if not starts else position
                end = position + len(word)
                if prefix in "ELSU":
                    yield kind, Span(start, end)
                    kind = ""
            position += len(word)
        if kind:
            yield kind, Span(start, end)
    if text[position:].strip():
        line = [*section.rows()][-1][0]
        message = f"the words end here, the document {document.id} goes on with "
        message += f"{shown(text[position:].strip()[:_CONTEXT])}; give all of its words"
        raise InputError.of("other-text", message, file=file, line=line)


def _parsed(tag: str, file: str, line: int) -> tuple[str, str]:
    """A tag's prefix and type; ("O", "") outside."""
    match = _TAG.fullmatch(tag)
    if match is None:
        message = f"found the tag {shown(tag)}, expected O or B-, I-, E-, L-, S- or U- and a type"
        raise InputError.of("bad-line", message, file=file, line=line)
    if match[1] is None:
        return "O", ""
    if match[2] not in ENTITY_TYPES:
        message = f"found the type {shown(match[2])}, expected one of {', '.join(ENTITY_TYPES)}; "
        message += "the four types of CoNLL-2003 are coarser and can't be turned back into these"
        raise InputError.of("unknown-label", message, file=file, line=line)
    return match[1], match[2]


LOSSES = (
    "`quotes`, `marks`, `claims`, and that `mentions` were not done",
    "of mentions `id`, `entity`, `metonym_for`",
    "mentions inside or across others (the longest stays) and across the end of a sentence",
    "mentions that cut a token are widened to it",
    "`annotator`",
)

FORMAT = Format(
    name="conll2003",
    suffixes=(".conll", ".conll2003", ".iob", ".iob1", ".iob2", ".bio", ".bioes", ".bilou"),
    extra=None,
    losses=LOSSES,
    write=write,
    read=read,
    reduce=reduce,
)
