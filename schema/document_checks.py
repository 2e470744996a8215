"""Semantic checks of a document: digest, offsets, and regions, sentences and tokens that fit."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vostochny.schema.checks import Finding, Rules, Steps
from vostochny.schema.errors import shown
from vostochny.schema.jsonio import Json
from vostochny.schema.model import Document

_REFUSED = re.compile("[\x00\r]|^\ufeff")
_NAMES = {"\x00": "NUL", "\r": "a carriage return", "\ufeff": "a byte order mark"}


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """A document and the record it came from; the record passed the JSON Schema."""

    document: Document
    record: Json

    def parts(self) -> Iterator[tuple[str, Sequence[tuple[int, int]]]]:
        """Regions, sentences and tokens as pairs."""
        yield "regions", [(r.start, r.end) for r in self.document.regions]
        yield "sentences", self.document.sentences
        yield "tokens", self.document.tokens

    def stretches(self) -> Iterator[tuple[Steps, int, int]]:
        """Everything with offsets, and its place."""
        for name, pairs in self.parts():
            for number, (start, end) in enumerate(pairs):
                yield (name, number), start, end
        for number, item in enumerate(self.document.evidence):
            yield ("evidence", number), item["start"], item["end"]

    def sound(self, name: str) -> bool:
        """Whether all stretches of a part are in range, not empty and in order."""
        length = len(self.document.text)
        pairs = dict(self.parts())[name]
        ordered = all(a[1] <= b[0] for a, b in pairwise(pairs))
        return ordered and all(0 <= start < end <= length for start, end in pairs)


DOCUMENT_RULES: Rules[DocumentContext] = Rules()


@DOCUMENT_RULES.add("sha-mismatch")
def sha_mismatch(context: DocumentContext) -> Iterator[Finding]:
    """A digest is that of the document's text."""
    actual = text_digest(context.document.text)
    if context.document.text_sha256 != actual:
        message = (
            f"found {context.document.text_sha256}, the text has {actual}; restore the text or the record"
        )
        yield ("text_sha256",), message


def text_digest(text: str) -> str:
    """The SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@DOCUMENT_RULES.add("length-mismatch")
def length_mismatch(context: DocumentContext) -> Iterator[Finding]:
    """A document's length is that of its text in code points."""
    stated, actual = context.record["length"], len(context.document.text)
    if stated != actual:
        yield (
            ("length",),
            f"found {stated}, the text has {actual} code points; restore the text or mend the length",
        )


@DOCUMENT_RULES.add("refused-character")
def refused_character(context: DocumentContext) -> Iterator[Finding]:
    """A text has no NUL, no carriage return and no leading byte order mark."""
    for match in _REFUSED.finditer(context.document.text):
        yield (
            ("text",),
            f"found {_NAMES[match[0]]} at code point {match.start()}; take it out and record the text anew",
        )
        return


@DOCUMENT_RULES.add("offset-range")
def offset_range(context: DocumentContext) -> Iterator[Finding]:
    """Offsets lie inside the text."""
    length = len(context.document.text)
    for steps, start, end in context.stretches():
        if start > length or end > length:
            yield steps, f"found [{start}, {end}), the text has {length} code points; mend the offsets"


@DOCUMENT_RULES.add("empty-span")
def empty_span(context: DocumentContext) -> Iterator[Finding]:
    """Spans end after they start."""
    for steps, start, end in context.stretches():
        if start >= end:
            yield steps, f"found [{start}, {end}), expected an end after the start; mend the offsets"


@DOCUMENT_RULES.add("text-mismatch")
def text_mismatch(context: DocumentContext) -> Iterator[Finding]:
    """A span's text is the document's text at its offsets."""
    for number, item in enumerate(context.document.evidence):
        actual = context.document.text[item["start"] : item["end"]]
        if actual and item["text"] != actual:
            message = f"found {shown(item['text'])}, the text has {shown(actual)} there; mend offsets or text"
            yield ("evidence", number, "text"), message


@DOCUMENT_RULES.add("evidence-for-nothing")
def evidence_for_nothing(context: DocumentContext) -> Iterator[Finding]:
    """Evidence belongs to a field that is not null."""
    for number, item in enumerate(context.document.evidence):
        if context.record.get(item["field"]) is None:
            message = f"evidence for {item['field']!r}, which is null; fill in the field or drop the evidence"
            yield ("evidence", number, "field"), message


@DOCUMENT_RULES.add("structure-order")
def structure_order(context: DocumentContext) -> Iterator[Finding]:
    """Regions, sentences and tokens are in text order and do not overlap."""
    for name, pairs in context.parts():
        for number, (before, here) in enumerate(pairwise(pairs), 1):
            if here[0] < before[1]:
                message = f"found {list(here)} after {list(before)}; sort them and cut the overlap"
                yield (name, number), message


def _cover(context: DocumentContext, name: str) -> Iterator[Finding]:
    if not context.sound(name):
        return
    text = context.document.text
    pairs = dict(context.parts())[name]
    ends = [0, *(end for _, end in pairs)]
    starts = [*(start for start, _ in pairs), len(text)]
    for number, (low, high) in enumerate(zip(ends, starts, strict=True)):
        if left := text[low:high].strip():
            message = f"{shown(left)} in [{low}, {high}) lies in none of the {name}; extend or add one"
            yield (name, min(number, len(pairs) - 1)), message


@DOCUMENT_RULES.add("regions-cover")
def regions_cover(context: DocumentContext) -> Iterator[Finding]:
    """Regions hold all of the text but white space."""
    return _cover(context, "regions")


@DOCUMENT_RULES.add("sentences-cover")
def sentences_cover(context: DocumentContext) -> Iterator[Finding]:
    """Sentences hold all of the text but white space."""
    return _cover(context, "sentences")


@DOCUMENT_RULES.add("tokens-cover")
def tokens_cover(context: DocumentContext) -> Iterator[Finding]:
    """Tokens hold all of the text but white space."""
    return _cover(context, "tokens")


@DOCUMENT_RULES.add("token-white-space")
def token_white_space(context: DocumentContext) -> Iterator[Finding]:
    """Tokens hold no white space."""
    for number, (start, end) in enumerate(context.document.tokens):
        surface = context.document.text[start:end]
        if surface.split() not in ([], [surface]):
            yield ("tokens", number), f"found {shown(surface)}; split the token at the white space"


@DOCUMENT_RULES.add("untrimmed-span")
def untrimmed_span(context: DocumentContext) -> Iterator[Finding]:
    """Regions and sentences start and end with something other than white space."""
    for name, pairs in context.parts():
        for number, (start, end) in enumerate(pairs if name != "tokens" else ()):
            surface = context.document.text[start:end]
            if surface != surface.strip():
                yield (name, number), f"{shown(surface)} has white space at an edge; trim the span"


def _held(context: DocumentContext, inner: str, outer: str) -> Iterator[Finding]:
    if not (context.sound(inner) and context.sound(outer)):
        return
    parts = dict(context.parts())
    cuts = sorted({edge for pair in parts[outer] for edge in pair})
    place = 0
    for number, (start, end) in enumerate(parts[inner]):
        while place < len(cuts) and cuts[place] <= start:
            place += 1
        if place < len(cuts) and cuts[place] < end:
            kind = outer.rstrip("s")
            yield (
                (inner, number),
                f"[{start}, {end}) crosses the edge of a {kind} at {cuts[place]}; split or move it",
            )


@DOCUMENT_RULES.add("crossing-region")
def crossing_region(context: DocumentContext) -> Iterator[Finding]:
    """Every sentence and token lies in one region."""
    yield from _held(context, "sentences", "regions")
    yield from _held(context, "tokens", "regions")


@DOCUMENT_RULES.add("crossing-sentence")
def crossing_sentence(context: DocumentContext) -> Iterator[Finding]:
    """Every token lies in one sentence."""
    return _held(context, "tokens", "sentences")
