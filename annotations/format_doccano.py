"""doccano JSONL: a document a line, with entities and relations (sequence labelling).

A quote is an entity ``Quote``, its source, cue and verbatim parts are entities that relations lead to; a
further fragment is an entity of the same label that the relation ``fragment`` leads to. doccano has no
attributes and numbers its entities anew, so ids and attributes ride in the key ``vostochny`` of the line, by
the places of their items; doccano keeps it with the text as metadata.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from vostochny.annotations.format_graph import (
    Edge,
    Graph,
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

_OWN = "vostochny"
_NO_ENTITIES = "there are neither 'entities' nor a 'label'; export the project from doccano as JSONL"


def write(pairs: Sequence[tuple[Document, Layer]]) -> dict[str, bytes]:
    """One file with a line a layer, as doccano exports a project with relations."""
    numbers = count(1)
    lines = [_line(n, document, layer, numbers) for n, (document, layer) in enumerate(pairs, 1)]
    return {"doccano.jsonl": dump_jsonl(lines)}


def _line(number: int, document: Document, layer: Layer, numbers: count[int]) -> dict[str, Any]:
    whole = to_graph(layer)
    nodes, edges = fragmented(whole)
    ids = {node.key: next(numbers) for node in nodes}
    return {
        "id": number,
        "text": document.text,
        "entities": [
            {
                "id": ids[node.key],
                "label": plain_label(node),
                "start_offset": node.spans[0].start,
                "end_offset": node.spans[0].end,
            }
            for node in nodes
        ],
        "relations": [
            {"id": next(numbers), "from_id": ids[edge.head], "to_id": ids[edge.child], "type": edge.label}
            for edge in edges
        ],
        "Comments": [],
        _OWN: {
            "document": document.id,
            "annotator": layer.annotator,
            "parts": parts_of(layer),
            "items": [
                {
                    "id": node.id,
                    "label": plain_label(node),
                    "spans": [[s.start, s.end] for s in node.spans],
                    "attributes": dict(node.fields),
                }
                for node in whole[0]
                if node.id is not None
            ],
        },
    }


def read(files: Files, documents: Mapping[str, Document]) -> list[Layer]:
    """The layers of the lines; entities may be objects or, as without relations, ``[start, end, label]``."""
    return [
        _layer(Fields(value, file, line), documents)
        for file, data in files.items()
        for line, value in jsonl_values(data, file)
    ]


def _layer(line: Fields, documents: Mapping[str, Document]) -> Layer:
    own = line.object(_OWN)
    name = own.value.get("document")
    # Old exports call the text "data".
    key = "text" if "text" in line.value or "data" not in line.value else "data"
    document = document_for(
        documents,
        name=name if isinstance(name, str) and name in documents else None,
        text=line.text(key),
        file=line.file,
        line=line.line,
        path=f"$.{key}",
    )
    if comments := line.value.get("Comments"):
        pass_over(f"{line.file}:{line.line}: comments have no place in a layer: {shown(comments)}")
    problems: list[Problem] = []
    places: dict[str, tuple[str | int, ...]] = {}

    def report(key: str, check: str, message: str) -> None:
        problems.append(Problem(check, message, line.file, line.line, json_path(places[key])))

    graph = joined(_graph(line, places), report)
    nodes = _with_attributes(graph[0], own)
    annotator = own.value.get("annotator")
    layer = from_graph(nodes, graph[1], document, annotator if isinstance(annotator, str) else "", report)
    if problems:
        raise InputError(problems)
    done = done_parts(own)
    return without_empty_parts(layer) if done is None else with_parts(layer, done)


def _graph(line: Fields, places: dict[str, tuple[str | int, ...]]) -> Graph:
    nodes: dict[str, Node] = {}
    if "entities" in line.value:
        for entity in line.objects("entities"):
            place = Span(entity.number("start_offset"), entity.number("end_offset"))
            key = str(entity.value["id"]) if "id" in entity.value else json_path(entity.path)
            if key in nodes:
                message = f"{key} is the id of another entity as well; give each its own"
                raise entity.error("duplicate-id", message, "id")
            label, fields = from_plain(entity.text("label"), {})
            nodes[key] = Node(key, label, (place,), None, fields)
            places[key] = entity.path
    else:
        for key, node, path in _triples(line):
            nodes[key] = node
            places[key] = path
    edges: list[Edge] = []
    for relation in line.objects("relations"):
        key = f"r{len(edges)}"
        places[key] = relation.path
        ends = [str(relation.number(side)) for side in ("from_id", "to_id")]
        for side, end in zip(("from_id", "to_id"), ends, strict=True):
            if end not in nodes:
                message = f"there is no entity {end}; remove the relation or mend the id"
                raise relation.error("unresolved-reference", message, side)
        edges.append(Edge(key, relation.text("type"), *ends))
    return list(nodes.values()), edges


def _triples(line: Fields) -> list[tuple[str, Node, tuple[str | int, ...]]]:
    key = next((k for k in ("label", "labels") if k in line.value), None)
    if key is None:
        raise line.error("missing-property", _NO_ENTITIES)
    triples = line.value[key]
    if not isinstance(triples, list):
        raise line.error("wrong-type", f"found {shown(triples)}, expected an array", key)
    out: list[tuple[str, Node, tuple[str | int, ...]]] = []
    for n, triple in enumerate(triples):
        kinds = [type(part) for part in triple] if isinstance(triple, list) else []
        if kinds != [int, int, str]:
            message = f"found {shown(triple)}, expected [start, end, label]"
            raise line.error("wrong-type", message, key, n)
        label, fields = from_plain(triple[2], {})
        node = Node(f"{key}{n}", label, (Span(triple[0], triple[1]),), None, fields)
        out.append((node.key, node, (key, n)))
    return out


def _with_attributes(nodes: Sequence[Node], own: Fields) -> list[Node]:
    """The nodes with the ids and attributes that were kept for items at their places."""
    kept: dict[tuple[object, ...], list[Fields]] = {}
    for item in own.objects("items"):
        spans = item.value.get("spans")
        if not isinstance(spans, list) or not all(_is_pair(pair) for pair in spans):
            raise item.error(
                "wrong-type", f"found {shown(spans)}, expected an array of [start, end]", "spans"
            )
        kept.setdefault((item.text("label"), *map(tuple, spans)), []).append(item)
    out = []
    for node in nodes:
        place = (plain_label(node), *((span.start, span.end) for span in node.spans))
        if found := kept.get(place):
            item = found.pop(0)
            fields = {**item.object("attributes").value, **node.fields}
            node = replace(node, id=item.text("id"), fields=fields)
        out.append(node)
    for item in (item for items in kept.values() for item in items):
        message = f"{shown(item.value.get('id'))} is no longer where it was; its attributes were passed over"
        pass_over(f"{own.file}:{own.line}: {message}")
    return out


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and [type(part) for part in value] == [int, int]


def reduce(document: Document, layer: Layer) -> Layer:
    """What of a layer doccano's JSONL can hold: all."""
    return completed(layer, document)


FORMAT = Format(
    name="doccano", suffixes=(".jsonl",), extra=None, losses=(), write=write, read=read, reduce=reduce
)
