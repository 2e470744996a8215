"""brat standoff: DOCUMENT.txt, DOCUMENT.ann and the configuration that makes brat show them.

Every mention, quote, mark, claim, source, cue and verbatim part is a text-bound annotation (``T``),
discontinuous where it has fragments; relations (``R``) tie a quote's parts to it, inner to outer quotes and
claims to quotes; attributes (``A``) hold labels, normalisations (``N``) the names of entities, notes (``#``)
propositions and item ids. brat can't mark a line break: a stretch across one is written as brat itself does,
as fragments, and read as one again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any
from urllib.parse import quote as escape
from urllib.parse import unquote

from vostochny.annotations.format_graph import (
    CLAIM,
    CUE,
    FIELDS,
    LABELS,
    MARK,
    MENTION_FIELDS,
    QUOTE,
    RELATIONS,
    SOURCE,
    VALUES,
    VERBATIM,
    Edge,
    Graph,
    Node,
    from_graph,
    to_graph,
)
from vostochny.annotations.format_support import document_for, pass_over, without_empty_parts
from vostochny.annotations.formats import Files, Format
from vostochny.schema.errors import InputError, Problem, shown
from vostochny.schema.files import decode
from vostochny.schema.labels import ENTITY_TYPES, NAME_TYPES
from vostochny.schema.model import AUTHOR, Document, Layer, Span

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

_NAMES = ("entity", "metonym_for", "speaker", "claimer")
_NOTE = {"AnnotatorNotes": "proposition"}
_ID = "Id"

# Whatever some reader of lines takes for the end of one, and the tab, which parts brat's columns.
_BREAK = re.compile("[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ITEM = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
_SUFFIXES = (".ann", ".txt")


def write(pairs: Sequence[tuple[Document, Layer]]) -> dict[str, bytes]:
    """The files of some layers, and ``annotation.conf`` and ``visual.conf``."""
    files = {"annotation.conf": _annotation_conf().encode(), "visual.conf": _visual_conf().encode()}
    for document, layer in pairs:
        files[f"{document.id}.txt"] = document.text.encode()
        files[f"{document.id}.ann"] = "".join(f"{line}\n" for line in _lines(document, layer)).encode()
    return files


def _lines(document: Document, layer: Layer) -> Iterator[str]:
    nodes, edges = _fitted(to_graph(layer), document.text)
    names = {node.key: f"T{number}" for number, node in enumerate(nodes, 1)}
    counts: Counter[str] = Counter()

    def line(letter: str, *columns: str) -> str:
        counts[letter] += 1
        return "\t".join((f"{letter}{counts[letter]}", *columns))

    for node in nodes:
        pieces = [piece for span in node.spans for piece in _pieces(span, document.text)]
        places = ";".join(f"{piece.start} {piece.end}" for piece in pieces)
        text = " ".join(_BREAK.sub(" ", document.slice(piece)) for piece in pieces)
        yield f"{names[node.key]}\t{node.label} {places}\t{text}"
        for name, (label, key) in CHOICES.items():
            if label == node.label:
                yield line("A", f"{name} {names[node.key]} {node.fields[key]}")
        for name, (value, keys) in FLAGS.items():
            if node.label in keys and node.fields.get(keys[node.label]) == value:
                yield line("A", f"{name} {names[node.key]}")
        for key in _NAMES:
            if (who := node.fields.get(key)) is not None:
                yield line("N", f"Reference {names[node.key]} {key}:{_escaped(who)}", _BREAK.sub(" ", who))
        for kind, key in _NOTE.items():
            if (said := node.fields.get(key)) is not None:
                yield line("#", f"{kind} {names[node.key]}", said)
        if node.id is not None:
            yield line("#", f"{_ID} {names[node.key]}", node.id)
    for edge in edges:
        yield line("R", f"{edge.label} Arg1:{names[edge.head]} Arg2:{names[edge.child]}")


def _escaped(name: str) -> str:
    # brat's ids hold no white space.
    return "".join(escape(c) if c.isspace() or c == "%" or _BREAK.match(c) else c for c in name)


def _trimmed(span: Span, text: str) -> tuple[int, int]:
    """A span's ends without white space; white space alone stays."""
    surface = text[span.start : span.end]
    start = span.start + len(surface) - len(surface.lstrip())
    return (start, start + len(surface.strip())) if surface.strip() else (span.start, span.end)


def _pieces(span: Span, text: str) -> list[Span]:
    """A span in the fragments that brat makes of it: cut at line breaks, without white space there."""
    if not _BREAK.search(text, span.start, span.end):
        return [span]
    pieces: list[Span] = []
    start = span.start
    for end in [*(m.start() for m in _BREAK.finditer(text, span.start, span.end)), span.end]:
        if text[start:end].strip():
            pieces.append(Span(*_trimmed(Span(start, end), text)))
        start = end + 1
    return pieces or [span]


def _fitted(graph: Graph, text: str) -> Graph:
    """The graph as brat can hold it: fragments in order and apart, notes on one line, no defaults."""
    nodes = [
        replace(node, spans=_merged(node.spans, text), fields=_marked(node.label, node.fields))
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
    for key in _NOTE.values():
        if said := _BREAK.sub(" ", out.pop(key, "")).strip():
            out[key] = said
    return out


def _merged(spans: Iterable[Span], text: str) -> tuple[Span, ...]:
    """Spans in text order; those that overlap, or that only a line break parts, made one."""
    out: list[Span] = []
    for span in sorted(Span(s.start, s.end) for s in spans):
        start, end = _trimmed(span, text)
        if out:
            gap = text[out[-1].end : start]
            if start < out[-1].end or (not gap.strip() and _BREAK.search(gap)):
                out[-1] = Span(out[-1].start, max(out[-1].end, end))
                continue
        out.append(Span(start, end))
    return tuple(out)


def reduce(document: Document, layer: Layer) -> Layer:
    """What of a layer brat can hold."""
    nodes, edges = _fitted(to_graph(layer), document.text)
    return without_empty_parts(from_graph(nodes, edges, document, "", _never))


def _never(key: str, check: str, message: str) -> None:
    raise AssertionError(f"{key}: {message}")  # a layer's own graph has no faults


@dataclass
class _File:
    """An .ann file as it is read: nodes and edges by their ids, with their lines, and all problems."""

    name: str
    text: str
    lines: dict[str, int] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    later: list[tuple[int, str, str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, check: str, message: str) -> None:
        self.problems.append(Problem(check, message, self.name, line))

    def report(self, key: str, check: str, message: str) -> None:
        self.problem(self.lines[key], check, f"{key}: {message}")


def read(files: Files, documents: Mapping[str, Document]) -> list[Layer]:
    """The layers of .ann files; a .txt file of the same name must hold the document's very text."""
    layers = []
    for name, data in files.items():
        path = PurePath(name)
        if path.suffix != ".ann":
            continue
        beside = str(path.with_suffix(".txt"))
        text = decode(files[beside], beside) if beside in files else None
        document = document_for(documents, name=path.stem, text=text, file=beside if text else name)
        layers.append(_layer(_File(name, document.text), decode(data, name), document))
    return layers


def _layer(file: _File, source: str, document: Document) -> Layer:
    for number, line in enumerate(source.split("\n"), 1):
        if line.strip():
            _read_line(file, number, line.rstrip("\r"))
    for number, kind, name, rest in file.later:
        _attach(file, number, kind, name, rest)
    # An end that stands in a broken line is reported there.
    broken = {name for name in file.lines if name.startswith("T")} - file.nodes.keys()
    edges = [edge for edge in file.edges if not {edge.head, edge.child} & broken]
    edges.sort(key=lambda e: file.nodes[e.child].spans if e.child in file.nodes else ())
    layer = from_graph(list(file.nodes.values()), edges, document, "", file.report)
    if file.problems:
        raise InputError(sorted(file.problems, key=lambda problem: problem.line or 0))
    return without_empty_parts(layer)


def _read_line(file: _File, number: int, line: str) -> None:
    name, _, rest = line.partition("\t")
    if name == "*":
        pass_over(
            f"{file.name}:{number}: an equivalence (*) has no counterpart in a layer; it was passed over"
        )
        return
    if not re.fullmatch(r"([TRANM]|E|#)[A-Za-z]*[0-9]+\S*", name):
        message = f"found the id {shown(name)}, expected T, R, A, N or # with a number, then a tab"
        file.problem(number, "bad-line", message)
        return
    if name in file.lines:
        message = f"the id {name} stands in line {file.lines[name]} as well; give each line its own"
        file.problem(number, "duplicate-id", message)
        return
    file.lines[name] = number
    if name[0] == "T":
        _read_text_bound(file, number, name, rest)
    elif name[0] == "R":
        _read_relation(file, number, name, rest)
    elif name[0] == "E":
        message = f"{name}: events have no counterpart in a layer; use the labels of annotation.conf"
        file.problem(number, "bad-line", message)
    else:
        # What it stands at may come later in the file.
        file.later.append((number, name[0], name, rest))


def _read_text_bound(file: _File, number: int, name: str, rest: str) -> None:
    head, _, surface = rest.partition("\t")
    match = re.fullmatch(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)\s*", head)
    if match is None:
        message = (
            f"{name}: found {shown(head)}, expected LABEL START END (or START END;START END …) and a tab"
        )
        file.problem(number, "bad-line", message)
        return
    pairs = [pair.split(" ") for pair in match[2].split(";")]
    spans = [Span(int(start), int(end)) for start, end in pairs]
    whole = all(0 <= span.start < span.end <= len(file.text) for span in spans)
    if whole and surface:
        parts = [_BREAK.sub(" ", file.text[s.start : s.end]) for s in spans]
        # Before version 1.3, brat put nothing between fragments.
        if surface.rstrip() not in {" ".join(parts).rstrip(), "".join(parts).rstrip()}:
            message = (
                f"{name}: found the text {shown(surface)}, the document has {shown(' '.join(parts))} at "
            )
            message += f"{match[2]}; mend text or offsets (in code points)"
            file.problem(number, "text-mismatch", message)
    merged = _merged(spans, file.text) if whole else tuple(spans)
    file.nodes[name] = Node(name, match[1], merged)


def _read_relation(file: _File, number: int, name: str, rest: str) -> None:
    match = re.fullmatch(r"(\S+) (\S+):(\S+) (\S+):(\S+)\s*", rest)
    ends = {match[2]: match[3], match[4]: match[5]} if match else {}
    if match is None or ends.keys() != {"Arg1", "Arg2"}:
        message = f"{name}: found {shown(rest)}, expected LABEL Arg1:T… Arg2:T…"
        file.problem(number, "bad-line", message)
        return
    file.edges.append(Edge(name, match[1], ends["Arg1"], ends["Arg2"]))


def _attach(file: _File, number: int, kind: str, name: str, rest: str) -> None:
    """Put an attribute, normalisation or note onto the node that it stands at."""
    head, _, text = rest.partition("\t")
    words = head.split()
    if len(words) < 2:
        message = f"{name}: found {shown(head)}, expected a label and the id of what it stands at"
        file.problem(number, "bad-line", message)
        return
    label, target, values = words[0], words[1], words[2:]
    node = file.nodes.get(target)
    if node is None:
        if target not in file.lines:
            message = f"{name}: there is no {target}; remove the line or mend the id"
            file.problem(number, "unresolved-reference", message)
        elif kind != "#":
            message = f"{name}: {target} is no stretch of text (T); attributes stand at these only"
            file.problem(number, "bad-line", message)
    elif kind in "AM":
        _attribute(file, number, name, node, label, values)
    elif kind == "N":
        database, colon, who = " ".join(values).partition(":")
        if not colon or not who:
            message = f"{name}: found {shown(head)}, expected Reference T… {'|'.join(_NAMES)}:ID"
            file.problem(number, "bad-line", message)
        elif database not in FIELDS.get(node.label, MENTION_FIELDS) or database not in _NAMES:
            message = (
                f"{file.name}:{number}: {name} refers to {shown(database)}, which a {node.label} does not"
            )
            pass_over(f"{message} have; it was passed over")
        else:
            _set(file, number, name, node, database, unquote(who))
    elif label == _ID:
        if not _ITEM.fullmatch(text.strip()):
            message = f"{name}: found {shown(text.strip())}, expected an item's id such as q3"
            file.problem(number, "bad-format", message)
        else:
            file.nodes[node.key] = replace(node, id=text.strip())
    elif label in _NOTE and node.label == CLAIM:
        _set(file, number, name, node, _NOTE[label], text.strip() or None)
    else:
        pass_over(f"{file.name}:{number}: the note {shown(text.strip())} at {target} has no place in a layer")


def _attribute(file: _File, number: int, name: str, node: Node, label: str, values: Sequence[str]) -> None:
    flag, choice = FLAGS.get(label), CHOICES.get(label)
    if flag and node.label in flag[1] and not values:
        _set(file, number, name, node, flag[1][node.label], flag[0])
    elif choice and choice[0] == node.label and len(values) == 1:
        _set(file, number, name, node, choice[1], values[0])
    else:
        own = [n for n, (_, keys) in FLAGS.items() if node.label in keys]
        own += [f"{n} with a value" for n, f in CHOICES.items() if f[0] == node.label]
        found = " ".join((label, *values))
        message = f"{name}: found the attribute {shown(found)} at a {node.label}, "
        message += f"expected {', '.join(own) if own else 'none'}"
        file.problem(number, "unknown-label", message)


def _set(file: _File, number: int, name: str, node: Node, key: str, value: str | None) -> None:
    if key in node.fields:
        message = f"{name}: {node.key} has a {key} already; keep one"
        file.problem(number, "second-value", message)
        return
    file.nodes[node.key] = replace(node, fields={**node.fields, key: value})


def _annotation_conf() -> str:
    kinds = (QUOTE, SOURCE, CUE, VERBATIM, CLAIM, MARK)
    lines = ["[entities]", *ENTITY_TYPES, *kinds, "", "[relations]"]
    lines += [f"{name}\tArg1:{head}, Arg2:{child}" for name, (head, child) in RELATIONS.items()]
    lines += ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", "", "[events]", "", "[attributes]"]
    lines += [f"{name}\tArg:{_bar(keys)}" for name, (_, keys) in FLAGS.items()]
    lines += [f"{name}\tArg:{at}, Value:{_bar(VALUES[at, key])}" for name, (at, key) in CHOICES.items()]
    return "\n".join(lines) + "\n"


def _bar(values: Collection[str]) -> str:
    return "|".join(values)


_COLOURS = {QUOTE: "#ffe08a", SOURCE: "#f4b183", CUE: "#f8cbad", VERBATIM: "#fff2cc"} | {
    CLAIM: "#b4d7a8",
    MARK: "#d9d9d9",
}


def _visual_conf() -> str:
    lines = ["[labels]", ""]
    lines += ["[drawing]", "SPAN_DEFAULT\tfgColor:black, bgColor:lightgreen, borderColor:darken"]
    for label in LABELS:
        colour = _COLOURS.get(label, "#9fc5e8" if label in NAME_TYPES else "#d9d2e9")
        lines.append(f"{label}\tbgColor:{colour}")
    lines += ["ARC_DEFAULT\tcolor:black, arrowHead:triangle-5", "ATTRIBUTE_DEFAULT\tglyph:*"]
    return "\n".join(lines) + "\n"


LOSSES = (
    "`annotator`",
    "which parts were not done: a part without items counts as not done",
    "`verbatim`: unknown becomes none (predictions)",
    "`claimer` None: it becomes the author, or the quote's speaker, or `unnamed` (predictions)",
    "`voice`, `claimer`: an author's claim that lies in a quote becomes its speaker's (the rules forbid it)",
    "white space at the ends of stretches",
    "fragments that overlap, or that only a line break parts, become one",
    "line breaks in a `proposition` become spaces",
)

FORMAT = Format(
    name="brat",
    suffixes=_SUFFIXES,
    extra=None,
    losses=LOSSES,
    write=write,
    read=read,
    reduce=reduce,
)
