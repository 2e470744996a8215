"""UIMA CAS XMI, which INCEpTION reads and writes: one ``.xmi`` a document, and ``TypeSystem.xml``.

Written are the layers of :mod:`vostochny.annotations.format_uima`, with DKPro's tokens and sentences. Import
the type system into an INCEpTION project first: it makes the custom layers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from vostochny.annotations.format_support import completed
from vostochny.annotations.format_texts import checked, file_name
from vostochny.annotations.format_uima import Node, graph_of, in_text_order
from vostochny.annotations.format_uima_reading import layer_of
from vostochny.annotations.format_xmi_reading import read_xmi, unpacked
from vostochny.annotations.format_xmi_types import META_DATA, SENTENCE, TOKEN, type_system
from vostochny.annotations.formats import Files, Format
from vostochny.schema.extras import require
from vostochny.schema.model import Claim, Document, Layer, Mention, Quote

_SUFFIX = ".xmi"
_TYPES_FILE = "TypeSystem.xml"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _write(pairs: Sequence[tuple[Document, Layer]]) -> dict[str, bytes]:
    types = type_system()
    files = {_TYPES_FILE: types.to_xml().encode()}
    for document, layer in pairs:
        files[file_name(document, _SUFFIX, files)] = _xmi(document, checked(document, layer), types)
    return files


def _xmi(document: Document, layer: Layer, types: Any) -> bytes:
    # A blank for each character that XML forbids: the offsets stay what they are.
    text = _FORBIDDEN.sub(" ", document.text)
    cas = require("cassis", "xmi").Cas(types, sofa_string=text, sofa_mime="text")

    def add(name: str, **features: Any) -> Any:
        given = {k: _FORBIDDEN.sub("\ufffd", v) if isinstance(v, str) else v for k, v in features.items()}
        made = types.get_type(name)(**given)
        cas.add(made)
        return made

    add(
        META_DATA,
        begin=0,
        end=len(text),
        language=document.language or "x-unspecified",
        documentId=document.id,
        documentTitle=document.title or document.id,
    )
    for name, stretches in ((SENTENCE, document.sentences), (TOKEN, document.tokens)):
        for start, end in stretches:
            add(name, begin=start, end=end)
    graph = graph_of(document, layer)
    made: dict[Node, Any] = {
        node: add(node.type, begin=node.start, end=node.end, **node.features) for node in graph.nodes
    }
    for arrow in graph.arrows:
        governor, dependent = made[arrow.governor], made[arrow.dependent]
        ends = {"Governor": governor, "Dependent": dependent}
        add(arrow.type, begin=dependent.begin, end=dependent.end, value=arrow.value, **ends)
    text_of_file: str = cas.to_xmi(pretty_print=True)
    return text_of_file.encode()


def _read(files: Files, documents: Mapping[str, Document]) -> list[Layer]:
    found = read_xmi(unpacked(files), documents)
    return [layer_of(graph, document, file=file) for file, document, graph in found]


def _reduce(document: Document, layer: Layer) -> Layer:
    def kept(value: str) -> str:
        return _FORBIDDEN.sub("\ufffd", value)

    def name(value: str | None) -> str | None:
        return None if value is None else kept(value)

    def mention(m: Mention) -> Mention:
        return replace(m, entity=name(m.entity), metonym_for=name(m.metonym_for))

    def quote(q: Quote) -> Quote:
        return replace(q, speaker=name(q.speaker))

    def claim(c: Claim) -> Claim:
        return replace(c, claimer=name(c.claimer), proposition=name(c.proposition))

    named = replace(
        checked(document, layer),
        annotator=kept(layer.annotator),
        mentions=None if layer.mentions is None else tuple(map(mention, layer.mentions)),
        quotes=None if layer.quotes is None else tuple(map(quote, layer.quotes)),
        claims=None if layer.claims is None else tuple(map(claim, layer.claims)),
    )
    return completed(in_text_order(named), document)


FORMAT = Format(
    name="xmi",
    suffixes=(_SUFFIX, ".xml", ".zip"),
    extra="xmi",
    losses=(
        "the order of a layer's items: they come back in text order",
        "control characters that XML forbids, in names and in `proposition`: each becomes U+FFFD",
    ),
    write=_write,
    read=_read,
    reduce=_reduce,
)
