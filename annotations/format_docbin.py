"""spaCy's ``DocBin``: all documents in one ``.spacy`` file, as ``spacy train`` and ``spacy debug`` take it.

Mentions are entities, quotes, marks and claims span groups, and ``Doc.user_data["vostochny"]`` has the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vostochny.annotations.format_docbin_reading import layer_of_doc
from vostochny.annotations.format_docbin_writing import doc_of
from vostochny.annotations.format_support import completed
from vostochny.annotations.format_texts import checked
from vostochny.annotations.formats import Files, Format
from vostochny.schema.errors import InputError
from vostochny.schema.extras import require
from vostochny.schema.model import Document, Layer

_FILE = "layers.spacy"
_ATTRIBUTES = ("ORTH", "SENT_START", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID", "ENT_ID")


def _write(pairs: Sequence[tuple[Document, Layer]]) -> dict[str, bytes]:
    vocab = require("spacy.vocab", "spacy").Vocab()
    docs = [doc_of(document, layer, vocab) for document, layer in pairs]
    made = require("spacy.tokens", "spacy").DocBin(_ATTRIBUTES, store_user_data=True, docs=docs)
    return {_FILE: made.to_bytes()}


def _read(files: Files, documents: Mapping[str, Document]) -> list[Layer]:
    layers = []
    for file, data in files.items():
        for number, doc in enumerate(_docs(data, file)):
            layer, document = layer_of_doc(doc, documents, file, f"$[{number}]")
            layers.append(completed(layer, document))
    return layers


def _docs(data: bytes, file: str) -> Iterator[Any]:
    vocab = require("spacy.vocab", "spacy").Vocab()
    made = require("spacy.tokens", "spacy").DocBin()
    try:
        yield from list(made.from_bytes(data).get_docs(vocab))
    # The library says what is wrong with a file in as many ways as there are.
    except Exception as error:
        message = (
            f"is no DocBin that can be read ({type(error).__name__}); save it anew with DocBin.to_disk()"
        )
        raise InputError.of("bad-docbin", message, file=file) from None


def _reduce(document: Document, layer: Layer) -> Layer:
    return completed(checked(document, layer), document)


FORMAT = Format(
    name="docbin",
    suffixes=(".spacy",),
    extra="spacy",
    losses=(),
    write=_write,
    read=_read,
    reduce=_reduce,
)
