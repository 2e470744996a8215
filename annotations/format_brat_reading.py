"""Reading brat's .ann files: ours, and those that people drew in brat."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from urllib.parse import unquote

from vostochny.annotations.format_brat_fitting import BREAK, CHOICES, FLAGS, ID, NAMES, NOTES, merged
from vostochny.annotations.format_graph import CLAIM, FIELDS, MENTION_FIELDS, Edge, Node
from vostochny.annotations.format_graph_reading import from_graph
from vostochny.annotations.format_support import document_for, pass_over, without_empty_parts
from vostochny.annotations.formats import Files
from vostochny.schema.errors import InputError, Problem, shown
from vostochny.schema.files import decode
from vostochny.schema.model import Document, Layer, Span

_ITEM = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
_PLACES = re.compile(r"(\S+) ([0-9]{1,9} [0-9]{1,9}(?:;[0-9]{1,9} [0-9]{1,9})*)\s*")


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
        document = document_for(documents, name=path.stem, text=text, file=name if text is None else beside)
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
    match = _PLACES.fullmatch(head)
    if match is None:
        message = (
            f"{name}: found {shown(head)}, expected LABEL START END (or START END;START END …), then a tab"
        )
        file.problem(number, "bad-line", message)
        return
    pairs = [pair.split(" ") for pair in match[2].split(";")]
    spans = [Span(int(start), int(end)) for start, end in pairs]
    whole = all(0 <= span.start < span.end <= len(file.text) for span in spans)
    if whole and surface:
        parts = [BREAK.sub(" ", file.text[s.start : s.end]) for s in spans]
        # Before version 1.3, brat put nothing between fragments.
        if surface.rstrip() not in {" ".join(parts).rstrip(), "".join(parts).rstrip()}:
            message = (
                f"{name}: found the text {shown(surface)}, the document has {shown(' '.join(parts))} at "
            )
            message += f"{match[2]}; mend text or offsets (in code points)"
            file.problem(number, "text-mismatch", message)
    file.nodes[name] = Node(name, match[1], merged(spans, file.text) if whole else tuple(spans))


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
        _attach_elsewhere(file, number, kind, name, target)
    elif kind in "AM":
        _attribute(file, number, name, node, label, values)
    elif kind == "N":
        database, colon, who = " ".join(values).partition(":")
        if not colon or not who:
            message = f"{name}: found {shown(head)}, expected Reference T… {'|'.join(NAMES)}:ID"
            file.problem(number, "bad-line", message)
        elif database not in FIELDS.get(node.label, MENTION_FIELDS) or database not in NAMES:
            message = (
                f"{file.name}:{number}: {name} refers to {shown(database)}, which a {node.label} does not"
            )
            pass_over(f"{message} have; it was passed over")
        else:
            _set(file, number, name, node, database, unquote(who))
    elif label == ID:
        if not _ITEM.fullmatch(text.strip()):
            message = f"{name}: found {shown(text.strip())}, expected an item's id such as q3"
            file.problem(number, "bad-format", message)
        else:
            file.nodes[node.key] = replace(node, id=text.strip())
    elif label in NOTES and node.label == CLAIM:
        _set(file, number, name, node, NOTES[label], text.strip() or None)
    else:
        pass_over(f"{file.name}:{number}: the note {shown(text.strip())} at {target} has no place in a layer")


def _attach_elsewhere(file: _File, number: int, kind: str, name: str, target: str) -> None:
    """What stands at no stretch of text; one in a broken line is a problem there already."""
    if target not in file.lines:
        message = f"{name}: there is no {target}; remove the line or mend the id"
        file.problem(number, "unresolved-reference", message)
    elif kind == "#":
        pass_over(f"{file.name}:{number}: the note {name} at {target} has no place in a layer")
    elif not target.startswith("T"):
        message = f"{name}: {target} is no stretch of text (T); attributes stand at these only"
        file.problem(number, "bad-line", message)


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
