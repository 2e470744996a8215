"""What of a layer's stretches and fields brat's lines hold, and how."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote as escape

from vostochny.annotations.format_graph import CLAIM, MARK, QUOTE, Graph
from vostochny.schema.model import AUTHOR, Span

FLAGS: dict[str, tuple[str, Mapping[str, str]]] = {
    "Written": ("writing", {QUOTE: "medium"}),
    "Negated": ("negative", {QUOTE: "polarity", CLAIM: "polarity"}),
    "Hypothetical": ("hypothetical", {QUOTE: "status"}),
    "Attributed": ("attributed", {CLAIM: "voice"}),
    "Hedged": ("hedged", {CLAIM: "certainty"}),
}
"""Binary attributes: the value that their presence gives, to the field of the label they stand at."""

CHOICES: dict[str, tuple[str, str]] = {"Role": (MARK, "role"), "Kind": (CLAIM, "type")}
"""Attributes with values: the label they stand at and the field whose value they are."""

NAMES = ("entity", "metonym_for", "speaker", "claimer")
"""Fields that are normalisations, named as the database they refer to."""

NOTES = {"AnnotatorNotes": "proposition"}
"""Notes that are fields: brat shows and edits AnnotatorNotes with the stretch that they stand at."""

ID = "Id"
"""The note that keeps an item's id."""

BREAK = re.compile("[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""Whatever some reader of lines takes for the end of one, and the tab, which parts brat's columns."""


def escaped(name: str) -> str:
    """A name as brat's ids can be, without white space, in the way of URLs."""
    return "".join(escape(c) if c.isspace() or c == "%" or BREAK.match(c) else c for c in name)


def _trimmed(span: Span, text: str) -> tuple[int, int]:
    """A span's ends without white space; white space alone stays."""
    surface = text[span.start : span.end]
    start = span.start + len(surface) - len(surface.lstrip())
    return (start, start + len(surface.strip())) if surface.strip() else (span.start, span.end)


def pieces_of(span: Span, text: str) -> list[Span]:
    """A span in the fragments that brat makes of it: cut at line breaks, without white space there."""
    if not BREAK.search(text, span.start, span.end):
        return [span]
    pieces: list[Span] = []
    start = span.start
    for end in [*(m.start() for m in BREAK.finditer(text, span.start, span.end)), span.end]:
        if text[start:end].strip():
            pieces.append(Span(*_trimmed(Span(start, end), text)))
        start = end + 1
    return pieces or [span]


def fitted(graph: Graph, text: str) -> Graph:
    """The graph as brat can hold it: fragments in order and apart, notes on one line, no defaults."""
    nodes = [
        replace(node, spans=merged(node.spans, text), fields=_marked(node.label, node.fields))
        for node in graph[0]
    ]
    return nodes, graph[1]


def _marked(label: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that something stands for in the file."""
    out = {key: value for key, value in fields.items() if value is not None}
    for value, keys in FLAGS.values():
        if label in keys and out.get(keys[label]) != value:
            out.pop(keys[label], None)
    if out.get("claimer") == AUTHOR and "voice" not in out:
        del out["claimer"]
    for key in NOTES.values():
        if said := BREAK.sub(" ", out.pop(key, "")).strip():
            out[key] = said
    return out


def merged(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """Spans in text order; those that overlap, or that only a line break parts, made one."""
    out: list[Span] = []
    for span in sorted(Span(s.start, s.end) for s in spans):
        start, end = _trimmed(span, text)
        if out:
            gap = text[out[-1].end : start]
            if start < out[-1].end or (not gap.strip() and BREAK.search(gap)):
                out[-1] = Span(out[-1].start, max(out[-1].end, end))
                continue
        out.append(Span(start, end))
    return tuple(out)
