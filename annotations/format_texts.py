"""Which document a file is about, where a format names it badly and its text may differ in white space.

INCEpTION fills gaps between sentences with blanks and XML forbids control characters, so texts count as the
same if they differ in these only, place by place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePath

from vostochny.annotations.format_support import document_for
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.model import Document, Layer, Span
from vostochny.schema.text import TextIndex

_BLANK = re.compile("[\\s\x00-\x1f\x7f-\x9f\ufffe\uffff]")


def document_like(
    documents: Mapping[str, Document], hints: Iterable[str], text: str, file: str, path: str | None = None
) -> Document:
    """The document of a text, of several the one that is hinted at, by id or file name.

    Raises :class:`InputError` (``unknown-document``, or ``other-text`` with the first difference if a
    document that is hinted at has another text).
    """
    known = [name for hint in hints for name in (hint, hint.partition(".")[0]) if name in documents]
    for name in (*known, *documents):
        if _blanked(documents[name].text) == _blanked(text):
            return documents[name]
    if not known:
        return document_for(documents, name=None, text=text, file=file, path=path)
    expected = documents[known[0]].text
    pairs = zip(text, expected, strict=False)
    found = "".join(e if _BLANK.match(e) and _BLANK.match(c) else c for c, e in pairs) + text[len(expected) :]
    return document_for(documents, name=known[0], text=found, file=file, path=path)


def _blanked(text: str) -> str:
    return _BLANK.sub(" ", text).rstrip(" ")


def path_hints(file: str) -> list[str]:
    """The names in a path that may be a document's id, last first: INCEpTION has ``DOCUMENT/ANNOTATOR``."""
    return [*reversed(PurePath(file).parts)]


def file_name(document: Document, suffix: str, taken: Collection[str]) -> str:
    """``ID.suffix``, numbered where a document has several layers."""
    name, number = document.id + suffix, 1
    while name in taken:
        number += 1
        name = f"{document.id}.{number}{suffix}"
    return name


def every_span(layer: Layer) -> Iterator[tuple[str, Span]]:
    """All spans of a layer with their JSON paths."""
    for n, mention in enumerate(layer.mentions or ()):
        yield f"$.mentions[{n}]", mention.span
    for n, quote in enumerate(layer.quotes or ()):
        lists = (("content", quote.content), ("verbatim", quote.verbatim or ()), ("cue", quote.cue))
        for name, spans in lists:
            yield from ((f"$.quotes[{n}].{name}[{k}]", span) for k, span in enumerate(spans))
        if quote.source is not None:
            yield f"$.quotes[{n}].source", quote.source
    for n, mark in enumerate(layer.marks or ()):
        yield f"$.marks[{n}]", mark.span
    for n, claim in enumerate(layer.claims or ()):
        yield from ((f"$.claims[{n}].spans[{k}]", span) for k, span in enumerate(claim.spans))


def checked(document: Document, layer: Layer) -> Layer:
    """The layer, if every span lies in the text and touches a token.

    Raises :class:`InputError` with all that don't (``offset-range``, ``touches-no-token``).
    """
    index, length = TextIndex(document), len(document.text)
    problems = []
    for path, span in every_span(layer):
        where = f"[{span.start}, {span.end})"
        if not 0 <= span.start < span.end <= length:
            message = (
                f"found {where} in a layer of {document.id}, which has {length} code points; mend the offsets"
            )
            problems.append(Problem("offset-range", message, path=path))
        elif not index.tokens_of([span]):
            message = f"found {where} in a layer of {document.id}, only white space; mend or remove the span"
            problems.append(Problem("touches-no-token", message, path=path))
    if problems:
        raise InputError(problems)
    return layer
