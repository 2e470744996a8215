"""Prodigy JSONL: a document a task, with tokens, labelled spans and relations.

A quote is a span ``Quote``, its source, cue and verbatim parts are spans that relations lead to; a further
fragment is a span of the same label that the relation ``fragment`` leads to. What Prodigy has no means for
rides in keys of its own, which Prodigy keeps: ``id`` and ``attributes`` of a span, ``vostochny`` of a task.
Hashes are left to Prodigy, which adds them where they are missing.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from vostochny.annotations.format_graph import (
    Edge,
    Node,
    fragmented,
    from_plain,
    plain_label,
    to_graph,
)
from vostochny.annotations.format_graph_reading import from_graph, joined
from vostochny.annotations.format_support import (
    Fields,
    completed,
    document_for,
    done_parts,
    jsonl_values,
    parts_of,
    pass_over,
    with_parts,
    without_empty_parts,
)
from vostochny.annotations.formats import Files, Format
from vostochny.schema.errors import InputError, Problem, json_path, shown
from vostochny.schema.files import dump_jsonl
from vostochny.schema.model import Document, Layer, Span

_ITEM = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
_OWN = "vostochny"


def write(pairs: Sequence[tuple[Document, Layer]]) -> dict[str, bytes]:
    """One file with a task a layer, answered ``accept``."""
    return {"prodigy.jsonl": dump_jsonl(_task(document, layer) for document, layer in pairs)}


def _task(document: Document, layer: Layer) -> dict[str, Any]:
    nodes, edges = fragmented(to_graph(layer))
    spans = {node.key: _span(node, document) for node in nodes}
    ends = {
        key: {k: span[k] for k in ("start", "end", "token_start", "token_end", "label", "id")}
        for key, span in spans.items()
    }
    text = document.text
    return {
        "text": text,
        "tokens": [
            {
                "text": text[start:end],
                "start": start,
                "end": end,
                "id": n,
                "ws": text[end : end + 1].isspace(),
            }
            for n, (start, end) in enumerate(document.tokens)
        ],
        "spans": list(spans.values()),
        "relations": [
            {
                "head": ends[edge.head]["token_end"],
                "child": ends[edge.child]["token_end"],
                "head_span": ends[edge.head],
                "child_span": ends[edge.child],
                "label": edge.label,
            }
            for edge in edges
        ],
        "meta": {"document": document.id},
        "_view_id": "relations",
        "_annotator_id": layer.annotator,
        "answer": "accept",
        _OWN: {"parts": parts_of(layer)},
    }


def _span(node: Node, document: Document) -> dict[str, Any]:
    (span,) = node.spans
    first = bisect_right(document.tokens, span.start, key=lambda token: token[1])
    last = bisect_left(document.tokens, span.end, key=lambda token: token[0]) - 1
    out: dict[str, Any] = {
        "text": document.slice(span),
        "start": span.start,
        "end": span.end,
        "token_start": first,
        "token_end": last,
        "label": plain_label(node),
        "id": node.key,
    }
    return out | ({"attributes": dict(node.fields)} if node.fields else {})


def read(files: Files, documents: Mapping[str, Document]) -> list[Layer]:
    """The layers of the tasks that were accepted; rejected and ignored ones are no layers."""
    layers = []
    for file, data in files.items():
        for line, value in jsonl_values(data, file):
            task = Fields(value, file, line)
            answer = task.value.get("answer", "accept")
            if answer in ("reject", "ignore"):
                pass_over(f"{file}:{line}: the task was answered {answer!r}; that is no layer")
            elif answer == "accept":
                layers.append(_layer(task, documents))
            else:
                message = f"found {shown(answer)}, expected 'accept', 'reject' or 'ignore'"
                raise task.error("unknown-label", message, "answer")
    return layers


def _layer(task: Fields, documents: Mapping[str, Document]) -> Layer:
    name = task.object("meta").value.get("document")
    document = document_for(
        documents,
        name=name if isinstance(name, str) and name in documents else None,
        text=task.text("text"),
        file=task.file,
        line=task.line,
        path="$.text",
    )
    problems: list[Problem] = []
    places: dict[str, tuple[str | int, ...]] = {}

    def report(key: str, check: str, message: str) -> None:
        problems.append(Problem(check, message, task.file, task.line, json_path(places[key])))

    spans = task.objects("spans")
    nodes = {node.key: node for node in (_node(span, document) for span in spans)}
    if len(nodes) < len(spans):
        ids = [span.value.get("id") for span in spans]
        twice = next(n for n, name in enumerate(ids) if isinstance(name, str) and name in ids[:n])
        message = f"{shown(ids[twice])} is the id of another span as well; give each its own"
        raise spans[twice].error("duplicate-id", message, "id")
    places |= {key: span.path for key, span in zip(nodes, spans, strict=True)}
    edges: list[Edge] = []
    for relation in task.objects("relations"):
        key = f"r{len(edges)}"
        places[key] = relation.path
        head, child = (_end(relation, side, spans, list(nodes)) for side in ("head", "child"))
        edges.append(Edge(key, relation.text("label"), head, child))
    graph = joined((list(nodes.values()), edges), report)
    annotator = next(
        (a for k in ("_annotator_id", "_session_id") if isinstance(a := task.value.get(k), str)), ""
    )
    layer = from_graph(*graph, document, annotator, report)
    if problems:
        raise InputError(problems)
    done = done_parts(task.object(_OWN))
    return without_empty_parts(layer) if done is None else with_parts(layer, done)


def _node(span: Fields, document: Document) -> Node:
    place = Span(span.number("start"), span.number("end"))
    said = span.value.get("text")
    if isinstance(said, str) and said != document.slice(place):
        message = f"found {shown(said)}, the text has {shown(document.slice(place))} at "
        message += f"[{place.start}, {place.end}); mend text or offsets (in code points)"
        raise span.error("text-mismatch", message, "text")
    given = span.value.get("id")
    name = given if isinstance(given, str) and _ITEM.fullmatch(given) else None
    label, fields = from_plain(span.text("label"), span.object("attributes").value)
    key = given if isinstance(given, str) else json_path(span.path)
    return Node(key, label, (place,), name, fields)


def _end(relation: Fields, side: str, spans: Sequence[Fields], keys: Sequence[str]) -> str:
    """The key of the span that a relation's head or child is: by its id, or else by its place and label."""
    end = relation.object(f"{side}_span")
    name = end.value.get("id")
    if isinstance(name, str) and name in keys:
        return name
    if end.value:
        place = (end.number("start"), end.number("end"), end.value.get("label"))
        found = [
            n for n, s in enumerate(spans) if tuple(map(s.value.get, ("start", "end", "label"))) == place
        ]
        where = f"at [{place[0]}, {place[1]}) with the label {shown(place[2])}"
    else:
        token = relation.number(side)
        found = [n for n, s in enumerate(spans) if s.value.get("token_end") == token]
        where = f"that ends with token {token}"
    if len(found) != 1:
        message = f"there are {len(found)} spans {where}, expected one; mend the relation or the spans"
        raise relation.error("unresolved-reference", message, f"{side}_span" if end.value else side)
    return keys[found[0]]


def reduce(document: Document, layer: Layer) -> Layer:
    """What of a layer Prodigy's JSONL can hold: all."""
    return completed(layer, document)


FORMAT = Format(
    name="prodigy", suffixes=(".jsonl",), extra=None, losses=(), write=write, read=read, reduce=reduce
)
