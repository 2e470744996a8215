"""What the readers of all formats share: finding the document, reading JSON lines, completing layers."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from vostochny.schema.errors import InputError, json_path, shown
from vostochny.schema.files import decode, parse_json
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.model import Document, Layer, Mark, Mention, Quote, Span

_CONTEXT = 20


def document_for(
    documents: Mapping[str, Document],
    *,
    name: str | None,
    text: str | None,
    file: str,
    line: int | None = None,
    path: str | None = None,
) -> Document:
    """The document of that id, or else the one of that text.

    ``name`` or ``text`` is None where the format does not give it. Raises :class:`InputError` if no document
    fits (``unknown-document``) or if the text is not that of the document so named (``other-text``), saying
    where the two first differ.
    """
    if name is not None and name in documents:
        document = documents[name]
        if text is not None and text != document.text:
            message = (
                f"the text is not that of the document {name!r}: {first_difference(text, document.text)}"
            )
            message += "; annotations are only taken over onto the very same text"
            raise InputError.of("other-text", message, file=file, line=line, path=path)
        return document
    for document in documents.values():
        if text is not None and text == document.text:
            return document
    asked = f"named {name!r}" if name is not None else f"with the text {shown((text or '')[:200])}"
    message = f"the corpus has no document {asked}; add its text first: vostochny add FILE.txt --corpus DIR"
    raise InputError.of("unknown-document", message, file=file, line=line, path=path)


def first_difference(found: str, expected: str) -> str:
    """Where two texts first differ, and what stands there in each."""
    same = min(len(found), len(expected))
    at = next((n for n in range(same) if found[n] != expected[n]), same)
    here, there = (shown(t[at : at + _CONTEXT]) if t[at:] else "its end" for t in (found, expected))
    return f"at code point {at} found {here}, expected {there}"


def jsonl_values(data: bytes, file: str) -> Iterator[tuple[int, Any]]:
    """The values of a JSONL file with their line numbers; raises :class:`InputError` at the first bad line.

    A file that is one JSON array over several lines is read as its values, each at line 1.
    """
    text = decode(data, file)
    if text.lstrip().startswith("["):
        value, problems = parse_json(text, file)
        if problems:
            raise InputError(problems)
        yield from ((1, item) for item in value)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip(" \t\r"):
            value, problems = parse_json(line, file, number)
            if problems:
                raise InputError(problems)
            yield number, value


class PassedOver(UserWarning):
    """What a reader met, has no place for in a layer, and left out; its text names file and line."""


def pass_over(message: str) -> None:
    """Say that something was left out; commands print it, programs may filter or raise it."""
    warnings.warn(PassedOver(message), stacklevel=2)


def completed(layer: Layer, document: Document) -> Layer:
    """The layer with all surface texts and the text's digest from the document."""
    cut = with_spans(layer, lambda span: Span(span.start, span.end, document.slice(span)))
    return replace(cut, text_sha256=document.text_sha256)


def with_spans(layer: Layer, change: Callable[[Span], Span]) -> Layer:
    """The layer with every span changed; surface texts are those of the changed spans."""

    def spans(given: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(map(change, given))

    def mention(given: Mention) -> Mention:
        new = change(given.span)
        return replace(given, start=new.start, end=new.end, text=new.text)

    def mark(given: Mark) -> Mark:
        new = change(given.span)
        return replace(given, start=new.start, end=new.end, text=new.text)

    def quote(given: Quote) -> Quote:
        return replace(
            given,
            content=spans(given.content),
            verbatim=None if given.verbatim is None else spans(given.verbatim),
            source=None if given.source is None else change(given.source),
            cue=spans(given.cue),
        )

    return replace(
        layer,
        mentions=None if layer.mentions is None else tuple(map(mention, layer.mentions)),
        quotes=None if layer.quotes is None else tuple(map(quote, layer.quotes)),
        marks=None if layer.marks is None else tuple(map(mark, layer.marks)),
        claims=None
        if layer.claims is None
        else tuple(replace(claim, spans=spans(claim.spans)) for claim in layer.claims),
    )


def without_empty_parts(layer: Layer) -> Layer:
    """The layer as a format holds it that can't tell "there is none" from "not done".

    A part without items counts as not done, but quotes and marks belong together: where one has items, the
    other is empty.
    """
    return with_parts(layer, ("quotes", "marks") if layer.quotes or layer.marks else ())


def with_parts(layer: Layer, done: Collection[str]) -> Layer:
    """The layer with None for the parts that have no items and are not among those that were done."""

    def part(name: str) -> Any:
        items = getattr(layer, name) or ()
        return items if items or name in done else None

    return replace(
        layer,
        mentions=part("mentions"),
        quotes=part("quotes"),
        marks=part("marks"),
        claims=part("claims"),
    )


def parts_of(layer: Layer) -> list[str]:
    """The parts of a layer that were done."""
    return [part for part in LAYER_PARTS if getattr(layer, part) is not None]


class Fields:
    """An object of a JSON file that is read key by key; what is not as expected raises an error at its place.

    ``path`` are the steps to the object from the root of its JSON value.
    """

    def __init__(self, value: Any, file: str, line: int | None, path: tuple[str | int, ...] = ()) -> None:
        self.file, self.line, self.path = file, line, path
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            raise self.error("wrong-type", f"found {shown(value)}, expected an object")

    def error(self, check: str, message: str, *path: str | int) -> InputError:
        """An error at this object, or at a place in it."""
        return InputError.of(
            check, message, file=self.file, line=self.line, path=json_path((*self.path, *path))
        )

    def text(self, key: str) -> str:
        """A string that must be there."""
        if isinstance(value := self.value.get(key), str):
            return value
        raise self._wrong(key, "a string")

    def number(self, key: str) -> int:
        """An integer that must be there."""
        value = self.value.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self._wrong(key, "an integer")

    def objects(self, key: str) -> list[Fields]:
        """The objects of an array, none where it is missing or null."""
        value = self.value.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(key, "an array")
        return [Fields(item, self.file, self.line, (*self.path, key, n)) for n, item in enumerate(value)]

    def object(self, key: str) -> Fields:
        """An object, empty where it is missing or null."""
        value = self.value.get(key)
        return Fields({} if value is None else value, self.file, self.line, (*self.path, key))

    def _wrong(self, key: str, expected: str) -> InputError:
        if key not in self.value:
            return self.error("missing-property", f"there is no {key!r}; add it: {expected}")
        return self.error("wrong-type", f"found {shown(self.value[key])}, expected {expected}", key)


def done_parts(given: Fields) -> list[str] | None:
    """The parts that ``parts`` says were done; None where it says nothing."""
    if "parts" not in given.value:
        return None
    parts = given.value["parts"]
    if not isinstance(parts, list) or not all(part in LAYER_PARTS for part in parts):
        message = f"found {shown(parts)}, expected an array of {', '.join(LAYER_PARTS)}"
        raise given.error("unknown-label", message, "parts")
    return parts
