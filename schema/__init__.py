"""The schema room: data types, labels, offsets, quotation marks, reading and writing files."""

from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import dump_json, dump_jsonl, read_json, read_jsonl, write_atomic
from vostochny.schema.jsonio import (
    document_from_json,
    document_to_json,
    layer_from_json,
    layer_to_json,
    links_from_json,
    links_to_json,
)
from vostochny.schema.model import (
    AUTHOR,
    SCHEMA_VERSION,
    UNNAMED,
    Claim,
    Document,
    Entity,
    Layer,
    Links,
    Mark,
    Mention,
    Quote,
    Region,
    Span,
)
from vostochny.schema.quotation import (
    derive_verbatim,
    quotation_marks,
    quotation_pairs,
    quote_kind,
    unaccounted_marks,
    verbatim_of,
)
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex, tokenize

__all__ = [
    "AUTHOR",
    "SCHEMA_VERSION",
    "UNNAMED",
    "Claim",
    "Document",
    "Entity",
    "InputError",
    "Layer",
    "Links",
    "Mark",
    "Mention",
    "Problem",
    "Quote",
    "Region",
    "Resolver",
    "Span",
    "TextIndex",
    "derive_verbatim",
    "document_from_json",
    "document_to_json",
    "dump_json",
    "dump_jsonl",
    "layer_from_json",
    "layer_to_json",
    "links_from_json",
    "links_to_json",
    "quotation_marks",
    "quotation_pairs",
    "quote_kind",
    "read_json",
    "read_jsonl",
    "tokenize",
    "unaccounted_marks",
    "verbatim_of",
    "write_atomic",
]
