"""WebAnno TSV 3.3, which INCEpTION reads and writes: a table of tokens, a column for each feature.

Written are the layers of :mod:`vostochny.annotations.format_uima`; a part that was not done has no columns.
The project must have these layers before INCEpTION imports the file; the ``TypeSystem.xml`` of the XMI
format has them, too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from vostochny.annotations.format_support import completed, with_spans
from vostochny.annotations.format_texts import checked, file_name
from vostochny.annotations.format_uima import (
    ABOUT,
    PART_TYPES,
    RELATION_TYPES,
    SPAN_TYPES,
    Arrow,
    Graph,
    Node,
    Utf16,
    graph_of,
    in_text_order,
)
from vostochny.annotations.format_uima_reading import layer_of
from vostochny.annotations.format_webanno_reading import read_table
from vostochny.annotations.formats import Files, Format
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.model import Document, Layer, Span
from vostochny.schema.text import TextIndex

_SUFFIX = ".tsv"
_ESCAPED = re.compile(r"->|[\\\[\]|_;*\t\n\r]")
_LETTERS = {"\t": "t", "\n": "n", "\r": "r"}


def _write(pairs: Sequence[tuple[Document, Layer]]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for document, layer in pairs:
        done = [part for part in LAYER_PARTS if getattr(layer, part) is not None]
        types = [ABOUT, *(name for part in done for name in PART_TYPES[part])]
        lines = _Table(document, graph_of(document, _trimmed(document, layer)), types).lines()
        files[file_name(document, _SUFFIX, files)] = "".join(line + "\n" for line in lines).encode()
    return files


def _trimmed(document: Document, layer: Layer) -> Layer:
    """The layer without white space at the ends of spans, which no row stands for."""
    index = TextIndex(document)

    def trim(span: Span) -> Span:
        under = index.tokens_of([span])
        first, last = document.tokens[min(under)], document.tokens[max(under)]
        return Span(max(span.start, first[0]), min(span.end, last[1]))

    return with_spans(checked(document, layer), trim)


def _reduce(document: Document, layer: Layer) -> Layer:
    return completed(in_text_order(_trimmed(document, layer)), document)


def escaped(value: str) -> str:
    """A feature value with a backslash before all that means something in a table."""
    return _ESCAPED.sub(lambda found: "\\" + _LETTERS.get(found[0], found[0]), value)


def _escaped_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n")


@dataclass(eq=False)
class _Unit:
    """A row: a token, or the part of a token that an annotation covers."""

    name: str
    start: int
    end: int
    nodes: list[Node] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)


class _Table:
    """The rows of a document and its annotations."""

    def __init__(self, document: Document, graph: Graph, types: Sequence[str]) -> None:
        self.document = document
        self.units = Utf16(document.text).units
        self.span_types = [name for name in types if name in SPAN_TYPES]
        self.relation_types = [name for name in types if name in RELATION_TYPES]
        self.sentences = self._rows(graph)
        self.rows = [unit for sentence in self.sentences for unit in sentence]
        self.first: dict[Node, _Unit] = {}
        seen: dict[Node, int] = {}
        stacked: set[Node] = set()
        for unit in self.rows:
            for node in unit.nodes:
                self.first.setdefault(node, unit)
                seen[node] = seen.get(node, 0) + 1
                stacked |= {node} if any(n.type == node.type and n is not node for n in unit.nodes) else set()
        for arrow in graph.arrows:
            self.first[arrow.dependent].arrows.append(arrow)
        ambiguous = [node for node in seen if seen[node] > 1 or node in stacked]
        self.numbers = {node: number for number, node in enumerate(ambiguous, 1)}

    def _rows(self, graph: Graph) -> list[list[_Unit]]:
        tokens, index = self.document.tokens, TextIndex(self.document)
        under: dict[int, list[Node]] = {}
        for node in graph.nodes:
            for token in index.tokens_of([Span(node.start, node.end)]):
                under.setdefault(token, []).append(node)
        starts = [start for start, _ in self.document.sentences]
        groups: dict[int, list[int]] = {}
        for token, (start, _) in enumerate(tokens):
            groups.setdefault(max(bisect_right(starts, start), 1), []).append(token)
        return [
            [
                unit
                for k, token in enumerate(group, 1)
                for unit in self._units(f"{n}-{k}", token, under.get(token, ()))
            ]
            for n, group in enumerate(groups.values(), 1)
        ]

    def _units(self, name: str, token: int, nodes: Iterable[Node]) -> list[_Unit]:
        start, end = self.document.tokens[token]
        whole = _Unit(name, start, end)
        parts: dict[tuple[int, int], list[Node]] = {}
        for node in nodes:
            covered = max(start, node.start), min(end, node.end)
            (whole.nodes if covered == (start, end) else parts.setdefault(covered, [])).append(node)
        ordered = sorted(parts.items(), key=lambda item: (item[0][0], -item[0][1]))
        return [whole, *(_Unit(f"{name}.{n}", a, b, found) for n, ((a, b), found) in enumerate(ordered, 1))]

    def lines(self) -> Iterable[str]:
        yield "#FORMAT=WebAnno TSV 3.3"
        for name in self.span_types:
            yield f"#T_SP={name}|{'|'.join(SPAN_TYPES[name])}"
        for name in self.relation_types:
            yield f"#T_RL={name}|value|BT_{RELATION_TYPES[name]}"
        yield ""
        for sentence in self.sentences:
            yield ""
            text = self.document.text[sentence[0].start : max(unit.end for unit in sentence)]
            yield from (f"#Text={_escaped_text(line)}" for line in text.split("\n"))
            for unit in sentence:
                surface = _escaped_text(self.document.text[unit.start : unit.end])
                offsets = f"{self.units[unit.start]}-{self.units[unit.end]}"
                # The tab after the last column is INCEpTION's own way.
                yield "\t".join([unit.name, offsets, surface, *self._cells(unit), ""])

    def _cells(self, unit: _Unit) -> Iterable[str]:
        for name in self.span_types:
            nodes = [node for node in unit.nodes if node.type == name]
            for feature in SPAN_TYPES[name]:
                yield "|".join(self._value(node, feature) for node in nodes) or "_"
        for name in self.relation_types:
            arrows = [arrow for arrow in unit.arrows if arrow.type == name]
            yield "|".join("*" if a.value is None else escaped(a.value) for a in arrows) or "_"
            yield "|".join(map(self._origin, arrows)) or "_"

    def _value(self, node: Node, feature: str) -> str:
        value = node.features.get(feature)
        number = self.numbers.get(node)
        return ("*" if value is None else escaped(value)) + ("" if number is None else f"[{number}]")

    def _origin(self, arrow: Arrow) -> str:
        here, there = (self.numbers.get(node, 0) for node in (arrow.governor, arrow.dependent))
        return self.first[arrow.governor].name + (f"[{here}_{there}]" if here or there else "")


def _read(files: Files, documents: Mapping[str, Document]) -> list[Layer]:
    layers = []
    for file, data in files.items():
        document, graph = read_table(data, documents, file)
        layers.append(layer_of(graph, document, file=file))
    return layers


FORMAT = Format(
    name="webanno-tsv",
    suffixes=(_SUFFIX,),
    extra=None,
    losses=(
        "white space at the ends of spans",
        "the order of a layer's items: they come back in text order",
    ),
    write=_write,
    read=_read,
    reduce=_reduce,
)
