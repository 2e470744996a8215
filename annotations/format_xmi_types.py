"""The UIMA type system of exported layers: DKPro's types for text, and a custom type for each layer."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from vostochny.annotations.format_uima import ABOUT, NAMED_ENTITY, RELATION_TYPES, SPAN_TYPES
from vostochny.schema.extras import require

SENTENCE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"
TOKEN = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"
META_DATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"

_STRING = "uima.cas.String"
_ANNOTATION = "uima.tcas.Annotation"

_DESCRIPTIONS = {
    ABOUT: "on the first token: who annotated, and which parts were done",
    "webanno.custom.Mention": "id and metonym of the named entity on the same stretch",
    "webanno.custom.Quote": "a piece of a quote; value: content, source, cue or verbatim",
    "webanno.custom.QuoteRelation": "ties a quote's pieces; value: source, cue, verbatim, next or within",
    "webanno.custom.Mark": "quotation marks of no quote; value: scare, title, term or stray",
    "webanno.custom.Claim": "a piece of a claim; value: fact, prediction or opinion",
    "webanno.custom.ClaimRelation": "ties a claim's pieces; value: next",
    NAMED_ENTITY: "a name or value expression; value: its type, identifier: its registry id",
}


def type_system() -> Any:
    """The type system that is written, a ``cassis.TypeSystem``."""
    return _with_our_types(require("cassis", "xmi").TypeSystem())


def usual_types(used: Iterable[tuple[str, Iterable[str]]]) -> Any:
    """The types of a file that comes without a type system: DKPro's and ours, with the features it uses."""
    cassis = require("cassis", "xmi")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        types = _with_our_types(cassis.load_dkpro_core_typesystem())
        for name, features in used:
            known = features_of(types, name) if types.contains_type(name) else features
            for feature in features:
                if feature not in known:
                    types.create_feature(name, feature, _STRING)
    return types


def features_of(types: Any, name: str) -> set[str]:
    """The names of a type's features, as they stand in a file: cassis appends a bar to Python's own words."""
    return {f.name.removesuffix("_") for f in types.get_type(name).all_features}


def _with_our_types(types: Any) -> Any:
    def add(name: str, features: Mapping[str, str], above: str = _ANNOTATION) -> None:
        if not types.contains_type(name):
            made = types.create_type(name, above, _DESCRIPTIONS.get(name))
            for feature, range_type in features.items():
                types.create_feature(made, feature, range_type)

    def strings(names: Iterable[str]) -> dict[str, str]:
        return dict.fromkeys(names, _STRING)

    add(SENTENCE, {})
    add(TOKEN, {})
    add(META_DATA, strings(("documentTitle", "documentId")), "uima.tcas.DocumentAnnotation")
    for name, features in SPAN_TYPES.items():
        add(name, strings(features))
    for name, base in RELATION_TYPES.items():
        add(name, {"Dependent": base, "Governor": base, "value": _STRING})
    return types
