"""The configuration that makes brat show, and let people draw, what a layer has."""

from __future__ import annotations

from collections.abc import Collection

from vostochny.annotations.format_brat_fitting import CHOICES, FLAGS
from vostochny.annotations.format_graph import (
    CLAIM,
    CUE,
    LABELS,
    MARK,
    QUOTE,
    RELATIONS,
    SOURCE,
    VALUES,
    VERBATIM,
)
from vostochny.schema.labels import NAME_TYPES


def annotation_conf() -> str:
    """``annotation.conf``: labels, relations and attributes."""
    lines = ["[entities]", *LABELS, "", "[relations]"]
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


def visual_conf() -> str:
    """``visual.conf``: colours."""
    lines = ["[labels]", ""]
    lines += ["[drawing]", "SPAN_DEFAULT\tfgColor:black, bgColor:lightgreen, borderColor:darken"]
    for label in LABELS:
        colour = _COLOURS.get(label, "#9fc5e8" if label in NAME_TYPES else "#d9d2e9")
        lines.append(f"{label}\tbgColor:{colour}")
    lines += ["ARC_DEFAULT\tcolor:black, arrowHead:triangle-5", "ATTRIBUTE_DEFAULT\tglyph:*"]
    return "\n".join(lines) + "\n"
