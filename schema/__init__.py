"""The schema room: data types, labels, offsets, quotation marks, reading and writing files."""

from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import dump_json, dump_jsonl, read_json, read_jsonl, write_atomic
from vostochny.schema.jsonio import (
    document_from_json,
    document_to_json,
    layer_from_json,
    layer_to_json,
)
from vostochny.schema.kinds import kind_of
from vostochny.schema.links_json import links_from_json, links_to_json
from vostochny.schema.model import (
    AUTHOR,
    SCHEMA_VERSION,
    UNNAMED,
    Claim,
    ClaimGroup,
    ClaimRelation,
    Difference,
    Document,
    Entity,
    Layer,
    Links,
    Mark,
    Mention,
    Passage,
    Quote,
    Ref,
    Region,
    Span,
    Utterance,
)
from vostochny.schema.predictions import invalid_items, read_predictions
from vostochny.schema.quotation import (
    derive_verbatim,
    quotation_marks,
    quotation_pairs,
    quote_kind,
    unaccounted_marks,
    verbatim_of,
)
from vostochny.schema.readers import read_documents, read_layer, read_layers, read_links, read_round
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex, tokenize
from vostochny.schema.validate import Validation, validate_paths
from vostochny.schema.values import (
    check_adjudication,
    check_document,
    check_layer,
    check_links,
    check_round,
    check_waiver,
)

__all__ = [
    "AUTHOR",
    "SCHEMA_VERSION",
    "UNNAMED",
    "Claim",
    "ClaimGroup",
    "ClaimRelation",
    "Difference",
    "Document",
    "Entity",
    "InputError",
    "Layer",
    "Links",
    "Mark",
    "Mention",
    "Passage",
    "Problem",
    "Quote",
    "Ref",
    "Region",
    "Resolver",
    "Span",
    "TextIndex",
    "Utterance",
    "Validation",
    "check_adjudication",
    "check_document",
    "check_layer",
    "check_links",
    "check_round",
    "check_waiver",
    "derive_verbatim",
    "document_from_json",
    "document_to_json",
    "dump_json",
    "dump_jsonl",
    "invalid_items",
    "kind_of",
    "layer_from_json",
    "layer_to_json",
    "links_from_json",
    "links_to_json",
    "quotation_marks",
    "quotation_pairs",
    "quote_kind",
    "read_documents",
    "read_json",
    "read_jsonl",
    "read_layer",
    "read_layers",
    "read_links",
    "read_predictions",
    "read_round",
    "tokenize",
    "unaccounted_marks",
    "validate_paths",
    "verbatim_of",
    "write_atomic",
]
