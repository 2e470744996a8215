"""Reading a WebAnno TSV 3 table, ours or INCEpTION's, into annotations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vostochny.annotations.format_texts import document_like, path_hints
from vostochny.annotations.format_uima import RELATION_TYPES, SPAN_TYPES, Arrow, Graph, Node, Utf16
from vostochny.schema.errors import InputError, shown
from vostochny.schema.files import decode
from vostochny.schema.model import Document

_FORMAT = re.compile(r"#FORMAT=WebAnno TSV 3\.[0-3]")
_LAYER = re.compile(r"#T_(SP|RL|CH)=([^|]+)(?:\|(.*))?")
_UNIT = re.compile(r"([0-9]{1,9})-([0-9]{1,9})(?:\.([0-9]{1,9}))?")
_OFFSETS = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
_VALUE = re.compile(r"((?:[^\\\[\]|]|\\.|\\$)*)(?:\[([0-9]{1,9})(?:_([0-9]{1,9}))?\])?", re.DOTALL)
_ESCAPE = re.compile(r"\\(->|.)", re.DOTALL)
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r"}


@dataclass(frozen=True)
class _Column:
    """A column: its layer, its feature and, where a relation's other end stands, the layer of that end."""

    type: str
    feature: str
    base: str | None = None


@dataclass(frozen=True)
class _Row:
    """A token or part of a token: offsets in UTF-16 units of the document's text."""

    line: int
    unit: str
    start: int
    end: int
    surface: str
    cells: Sequence[str]


@dataclass(frozen=True)
class _Piece:
    """One of the stacked values of a cell; ``value`` is None for ``*``."""

    value: str | None
    first: int | None
    second: int | None


def read_table(data: bytes, documents: Mapping[str, Document], file: str) -> tuple[Document, Graph]:
    """The document of a file, and its annotations in code points.

    Raises :class:`InputError` that names the line of what is no WebAnno TSV, or that the document's text is
    not known.
    """
    return _Reader(data, file).read(documents)


def unescaped(value: str) -> str:
    """The inverse of the writer's escapes; a backslash before anything else is dropped."""
    return _ESCAPE.sub(lambda found: _CONTROLS.get(found[1], found[1]), value)


class _Reader:
    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        # A carriage return is escaped within a table, so a raw one is a line end's.
        self.lines = [line.removesuffix("\r") for line in decode(data, file).split("\n")]
        self.columns: list[_Column | None] = []

    def error(self, line: int, message: str, check: str = "bad-webanno-tsv") -> InputError:
        return InputError.of(check, message, file=self.file, line=line)

    def read(self, documents: Mapping[str, Document]) -> tuple[Document, Graph]:
        body = self._header()
        text, rows = self._body(body)
        document = document_like(documents, path_hints(self.file), text, self.file)
        return document, self._graph(rows, document)

    def _header(self) -> int:
        if not _FORMAT.fullmatch(self.lines[0]):
            message = (
                f"found {shown(self.lines[0])}, expected '#FORMAT=WebAnno TSV 3.3'; export in that format"
            )
            raise self.error(1, message, "not-webanno-tsv")
        for number, line in enumerate(self.lines[1:], 2):
            if not line:
                return number
            found = _LAYER.fullmatch(line)
            if not found:
                message = (
                    f"found {shown(line)}, expected a layer such as '#T_SP=NAME|FEATURE' or an empty line"
                )
                raise self.error(number, message + "; mend the header")
            kind, name, rest = found.groups()
            self.columns += self._declared(number, kind, name, [f for f in (rest or "").split("|") if f])
        return len(self.lines)

    def _declared(self, line: int, kind: str, name: str, features: list[str]) -> Iterator[_Column | None]:
        bases = [feature.removeprefix("BT_") for feature in features if feature.startswith("BT_")]
        if kind == "RL" and len(bases) != 1:
            message = f"the relation layer {name} has {len(bases)} columns BT_…, expected one"
            raise self.error(line, message + ", for the layer it ties; mend the header")
        ours = name in (SPAN_TYPES if kind == "SP" else RELATION_TYPES if kind == "RL" else ())
        for feature in features or [""]:
            base = bases[0] if kind == "RL" and feature.startswith("BT_") else None
            yield _Column(name, feature, base) if ours else None

    def _body(self, start: int) -> tuple[str, list[_Row]]:
        """The text, as far as sentences hold it, gaps filled with blanks; and the rows."""
        rows: list[_Row] = []
        text, length, reached, inside = "", 0, 0, False
        header: list[str] = []
        for number, line in enumerate(self.lines[start:], start + 1):
            if line.startswith("#"):
                header += [unescaped(line.removeprefix("#Text="))] if line.startswith("#Text=") else []
                inside = False
                continue
            if not line:
                inside = False
                continue
            row = self._row(number, line)
            if header:
                self._check_end(rows, reached, text)
                if row.start < length:
                    message = f"the sentence starts at {row.start}, before the end of the one above, {length}"
                    raise self.error(number, message + "; mend the offsets: they count UTF-16 units")
                text += " " * (row.start - length) + "\n".join(header)
                length = _units(text)
                header, inside = [], True
                self._check_order(row, None)
            elif not inside:
                message = f"found {shown(line)}, expected '#Text=' before the rows of a sentence; add it"
                raise self.error(number, message)
            else:
                self._check_order(row, rows[-1])
            rows.append(row)
            reached = max(reached, row.end)
        if not rows:
            message = "holds no token; export the document anew, as WebAnno TSV 3"
            raise self.error(len(self.lines), message)
        self._check_end(rows, reached, text)
        return text, rows

    def _check_end(self, rows: Sequence[_Row], reached: int, text: str) -> None:
        """The rows so far reach the end of the text so far: the last one of the sentence is there."""
        if rows and reached < _units(text.rstrip()):
            message = f"the rows end at {reached}, the sentence at {_units(text.rstrip())}: one is missing"
            raise self.error(rows[-1].line, message + "; bring it back, or export the document anew")

    def _check_order(self, row: _Row, before: _Row | None) -> None:
        """Tokens are numbered from 1 in each sentence, parts of one follow it: none is lost or moved."""
        sentence, token, part = _place(row)
        last = (sentence, 0, 0) if before is None else _place(before)
        follows = (sentence, token, part) == (last[0], last[1] + 1, 0)
        if not follows and not (part > last[2] and (sentence, token) == last[:2]):
            message = (
                f"found {row.unit}, expected {last[0]}-{last[1] + 1}: a row is missing, doubled or moved"
            )
            raise self.error(row.line, message + "; bring it back, or export the document anew")

    def _row(self, line: int, text: str) -> _Row:
        cells = text.split("\t")
        if len(cells) == len(self.columns) + 4 and not cells[-1]:
            cells.pop()
        if len(cells) != len(self.columns) + 3:
            message = (
                f"found {len(cells)} columns, expected {len(self.columns) + 3}: 3 and those that the header "
            )
            raise self.error(line, message + "declares; mend the row or the header")
        if not _UNIT.fullmatch(cells[0]):
            message = (
                f"found {shown(cells[0])}, expected SENTENCE-TOKEN or SENTENCE-TOKEN.PART, such as '1-2.1'"
            )
            raise self.error(line, message + "; mend it")
        offsets = _OFFSETS.fullmatch(cells[1])
        if not offsets:
            raise self.error(line, f"found {shown(cells[1])}, expected START-END, such as '12-18'; mend it")
        return _Row(line, cells[0], int(offsets[1]), int(offsets[2]), cells[2], cells[3:])

    def _graph(self, rows: Sequence[_Row], document: Document) -> Graph:
        points = Utf16(document.text).points
        nodes = _Nodes(self)
        arrows: list[tuple[_Row, str, str, str | None, _Piece]] = []
        for row in rows:
            start, end = points.get(row.start), points.get(row.end)
            if start is None or end is None or start > end:
                message = f"found {row.start}-{row.end}, which is no stretch of the text"
                raise self.error(row.line, message + "; mend the offsets: they count UTF-16 units")
            surface = document.text[start:end]
            if surface not in (row.surface, unescaped(row.surface)):
                message = (
                    f"found {shown(row.surface)}, the text has {shown(surface)} at {row.start}-{row.end}"
                )
                raise self.error(row.line, message + "; mend offsets or text")
            for name, columns in self._by_layer(row):
                if name in SPAN_TYPES:
                    nodes.add(row, name, columns, start, end)
                else:
                    arrows += self._relations(row, name, columns)
        graph = Graph(nodes.made(), [])
        for row, name, base, value, origin in arrows:
            governor = nodes.resolve(row, base, origin.value or "", origin.first)
            dependent = nodes.resolve(row, base, row.unit, origin.second)
            graph.arrows.append(Arrow(name, governor, dependent, value, row.line))
        return graph

    def _by_layer(self, row: _Row) -> Iterator[tuple[str, dict[_Column, list[_Piece]]]]:
        """The values of a row's cells, all features of a layer with the same number of stacked ones."""
        layers: dict[str, dict[_Column, list[_Piece]]] = {}
        for column, cell in zip(self.columns, row.cells, strict=True):
            if column is not None and cell != "_":
                layers.setdefault(column.type, {})[column] = self._pieces(row, cell)
        for name, columns in layers.items():
            if len({len(pieces) for pieces in columns.values()}) > 1:
                message = (
                    f"the columns of {name} have different numbers of stacked annotations, divided by '|'"
                )
                raise self.error(row.line, message + "; write '*' where one has no value")
            yield name, columns

    def _pieces(self, row: _Row, cell: str) -> list[_Piece]:
        pieces = []
        for raw in _stacked(cell):
            found = _VALUE.fullmatch(raw)
            if not found:
                message = (
                    f"found {shown(raw)}, expected a value, with [N] at its end if the annotation goes on"
                )
                raise self.error(row.line, message + "; write brackets within the value as \\[ and \\]")
            value, first, second = found.groups()
            pieces.append(
                _Piece(
                    None if value == "*" else unescaped(value),
                    None if first is None else int(first),
                    None if second is None else int(second),
                )
            )
        return pieces

    def _relations(
        self, row: _Row, name: str, columns: Mapping[_Column, Sequence[_Piece]]
    ) -> Iterator[tuple[_Row, str, str, str | None, _Piece]]:
        values = next((pieces for column, pieces in columns.items() if column.feature == "value"), ())
        for column, pieces in columns.items():
            if column.base is not None:
                for number, origin in enumerate(pieces):
                    value = values[number].value if values else None
                    yield row, name, column.base, value or None, origin
                return
        message = f"the relation of {name} has no other end: its column BT_… is empty"
        raise self.error(row.line, message + "; write the unit where it starts")


def _place(row: _Row) -> tuple[int, int, int]:
    """A row's sentence, token and part, 0 for a whole token."""
    found = _UNIT.fullmatch(row.unit)
    sentence, token, part = found.groups("0") if found else ("0", "0", "0")
    return int(sentence), int(token), int(part)


def _stacked(cell: str) -> list[str]:
    """The values of a cell, divided by bars that are not escaped."""
    out = [""]
    for part in re.findall(r"\\.|\\$|\||[^\\|]+", cell, re.DOTALL):
        if part == "|":
            out.append("")
        else:
            out[-1] += part
    return out


class _Nodes:
    """The span annotations, found again by their disambiguation ids or the unit that they start in."""

    def __init__(self, reader: _Reader) -> None:
        self.reader = reader
        self.nodes: list[Node] = []
        self.numbered: dict[tuple[str, int], int] = {}
        self.by_unit: dict[tuple[str, str], list[int]] = {}

    def add(
        self, row: _Row, name: str, columns: Mapping[_Column, Sequence[_Piece]], start: int, end: int
    ) -> None:
        for stacked in zip(*columns.values(), strict=True):
            numbers = {piece.first for piece in stacked}
            if len(numbers) > 1:
                message = f"the columns of {name} have different numbers in brackets; mend them"
                raise self.reader.error(row.line, message)
            number = numbers.pop()
            given = {c.feature: p.value for c, p in zip(columns, stacked, strict=True) if p.value}
            features = {feature: value for feature, value in given.items() if feature in SPAN_TYPES[name]}
            at = None if number is None else self.numbered.get((name, number))
            if at is None:
                at = len(self.nodes)
                self.nodes.append(Node(name, start, end, features, row.line))
                self.by_unit.setdefault((name, row.unit), []).append(at)
                if number is not None:
                    self.numbered[name, number] = at
            else:
                before = self.nodes[at]
                self.nodes[at] = Node(name, before.start, end, {**features, **before.features}, before.line)

    def made(self) -> list[Node]:
        for node in self.nodes:
            if node.start >= node.end:
                message = f"an annotation of {node.type} covers nothing; delete it in INCEpTION"
                raise self.reader.error(node.line or 0, message, "empty-span")
        return self.nodes

    def resolve(self, row: _Row, base: str, unit: str, number: int | None) -> Node:
        """The annotation of a layer with that number, or else the only one that starts in that unit."""
        found = [self.numbered[base, number]] if (base, number or 0) in self.numbered and number else []
        found = found or ([] if number else self.by_unit.get((base, unit), []))
        if len(found) != 1:
            which = f"number {number}" if number else f"unit {shown(unit)}"
            message = f"a relation ties {which} of {base}, where {len(found)} annotations are, expected one"
            raise self.reader.error(
                row.line, message + "; mend the relation's column", "unresolved-reference"
            )
        return self.nodes[found[0]]


def _units(text: str) -> int:
    """A text's length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
