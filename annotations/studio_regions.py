"""The regions and arrows of a Label Studio result list, checked against text and labels.

A region's text is never taken from the result (line breaks arrive there as a backslash and an n), but
cut from the document by its offsets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vostochny.annotations import studio_labels as names
from vostochny.annotations.studio_labels import Result
from vostochny.schema.errors import Problem, shown
from vostochny.schema.labels import (
    CERTAINTIES,
    CLAIM_TYPES,
    ENTITY_TYPES,
    MARK_ROLES,
    MEDIA,
    POLARITIES,
    STATUSES,
)
from vostochny.schema.model import Document, Span

LABELS: dict[str, Mapping[str, str]] = {
    names.MENTION: ENTITY_TYPES,
    names.QUOTE: names.QUOTE_ROLES,
    names.MARK: MARK_ROLES,
    names.CLAIM: {names.CLAIM: "a proposition that the text puts forward"},
}
"""The labels of each label control, with their definitions."""

CHOICES: dict[str, Mapping[str, str]] = {
    "words": names.WORDS,
    "medium": MEDIA,
    "polarity": POLARITIES,
    "status": STATUSES,
    "claim_type": CLAIM_TYPES,
    "claim_polarity": POLARITIES,
    "certainty": CERTAINTIES,
}
"""The choices of each attribute control, with their definitions."""

_FREE = {*names.ENTITY_CONTROLS, *map(names.other, names.ENTITY_CONTROLS), "proposition"}
_DECISIONS = {"verdict", "reason", "rule", "note"}
_TYPED = {*map(names.other, names.ENTITY_CONTROLS), "proposition", "note"}

_KEYS = {"choices": "choices", "taxonomy": "taxonomy", "textarea": "text"}
"""Where a result has what was chosen or typed: ``text`` is the region's own text in all but the last."""


@dataclass(frozen=True, slots=True)
class Region:
    """A labelled stretch of text and the values chosen for it, by control."""

    id: str
    control: str
    label: str
    span: Span
    values: Mapping[str, str]

    @property
    def shown(self) -> str:
        """How messages name the region: label, words and place."""
        text = " ".join((self.span.text or "").split())
        short = text if len(text) <= 40 else f"{text[:37]}…"
        return f"{self.label} “{short}” at {self.span.start}–{self.span.end}"


@dataclass(frozen=True, slots=True)
class Arrow:
    """A relation between two regions, with its labels."""

    start: str
    end: str
    labels: tuple[str, ...]


def read_regions(
    results: Sequence[Result], document: Document, where: str, problems: list[Problem]
) -> tuple[dict[str, Region], list[Arrow]]:
    """The regions by id and the arrows; what is wrong is added to ``problems``."""

    def problem(check: str, message: str, id: str | None) -> None:
        problems.append(Problem(check, message, where, None, id))

    labelled: dict[str, tuple[str, str, Span]] = {}
    values: dict[str, dict[str, str]] = {}
    unclear: set[str] = set()
    arrows: list[Arrow] = []
    for number, result in enumerate(results):
        if not isinstance(result, dict):
            problem("bad-result", f"found {shown(result)}, expected a region or a relation", f"$[{number}]")
            continue
        if result.get("type") == "relation":
            ends = str(result.get("from_id")), str(result.get("to_id"))
            start, end = ends[::-1] if result.get("direction") == "left" else ends
            labels = result.get("labels") or ()
            if _are_strings(labels):
                arrows.append(Arrow(start, end, tuple(labels)))
            else:
                message = f"found the labels {shown(labels)} of an arrow, expected a list of names"
                problem("bad-result", f"{message}; delete the arrow", start)
            continue
        id, control = str(result.get("id")), str(result.get("from_name"))
        span = _span(result, document)
        if span is None:
            value = result.get("value")
            found = [value.get(key) for key in ("start", "end")] if isinstance(value, dict) else value
            message = f"found the offsets {shown(found)}, expected a stretch of the text "
            message += f"(length {len(document.text)})"
            problem("bad-offsets", f"{message}; draw the region anew", id)
            unclear.add(id)
        elif control in LABELS:
            label = _single(result["value"].get("labels"))
            if label is None or label not in LABELS[control]:
                known = ", ".join(LABELS[control])
                message = f"found the label {shown(label)} of {control!r}, expected one of {known}"
                problem("unknown-label", f"{message}; label it anew", id)
                unclear.add(id)
            elif id in labelled and labelled[id] != (control, label, span):
                problem("two-labels", _two_labels(labelled[id], (control, label, span)), id)
            else:
                labelled[id] = (control, label, span)
        elif control in CHOICES or control in _FREE or control in _DECISIONS:
            listed = _listed(result)
            value = _single(listed)
            if listed is None:
                message = f"found {shown(result['value'])} as {control}, expected what was chosen or typed"
                problem("bad-result", f"{message}; choose it anew", id)
            elif value is None:
                continue
            elif values.get(id, {}).get(control, value) != value:
                message = f"{control} is {values[id][control]!r} and {value!r}; leave one"
                problem("two-values", message, id)
            elif len(listed) > 1 and control not in _TYPED:
                message = f"{control} is {' and '.join(map(str, listed))}; leave one"
                problem("two-values", message, id)
            elif control in CHOICES and value not in CHOICES[control]:
                known = ", ".join(CHOICES[control])
                problem("unknown-choice", f"found {control} {value!r}, expected one of {known}", id)
            else:
                values.setdefault(id, {})[control] = value
        else:
            message = f"found a control {control!r} that this corpus's configuration does not have"
            problem("unknown-control", f"{message}; restore the configuration, or remove the region", id)
    regions = {
        id: Region(id, control, label, span, values.get(id, {}))
        for id, (control, label, span) in labelled.items()
    }
    for id in sorted(values.keys() - labelled.keys() - unclear):
        given = " and ".join(f"{control} {shown(value)}" for control, value in values[id].items())
        problem("unlabelled-region", f"a region without a label has {given}; label it, or delete it", id)
    return regions, _known(arrows, regions, problem)


def _span(result: Result, document: Document) -> Span | None:
    value: Any = result.get("value")
    if not isinstance(value, dict):
        return None
    start, end = value.get("start"), value.get("end")
    if not (type(start) is int and type(end) is int and 0 <= start < end <= len(document.text)):
        return None
    return Span(start, end, document.text[start:end])


def _two_labels(one: tuple[str, str, Span], other: tuple[str, str, Span]) -> str:
    if one[2] != other[2]:
        return f"“{one[2].text}” and “{other[2].text}” have the same id; delete one and draw it anew"
    return (
        f"“{one[2].text}” has two labels, {one[1]} and {other[1]}; select the region and click the one that "
        "is wrong (if both are right, draw a second region for one of them)"
    )


def _listed(result: Result) -> Sequence[str] | None:
    """What was chosen or typed, of a choice from a list the last step of its path; None if it is neither."""
    kind = str(result.get("type"))
    found = (result["value"].get(_KEYS[kind]) or ()) if kind in _KEYS else None
    if kind == "taxonomy" and isinstance(found, list):
        found = [path[-1] if isinstance(path, list) and path else None for path in found]
    found = [found] if isinstance(found, str) else found
    return found if _are_strings(found) else None


def _are_strings(values: Any) -> bool:
    return isinstance(values, list | tuple) and all(isinstance(value, str) for value in values)


def _single(values: Any) -> str | None:
    """The one value of a control (text fields may hold several lines), or None where it is empty."""
    if isinstance(values, str):
        values = [values]
    if not _are_strings(values):
        return None
    return " ".join(stripped for value in values if (stripped := value.strip())) or None


def _known(
    arrows: list[Arrow], regions: Mapping[str, Region], problem: Callable[[str, str, str | None], None]
) -> list[Arrow]:
    out = []
    for arrow in arrows:
        missing = [id for id in (arrow.start, arrow.end) if id not in regions]
        if missing:
            message = f"an arrow leads to {missing[0]!r}, which is no region; delete the arrow"
            problem("dangling-arrow", message, arrow.start)
        elif any(label not in names.ARROWS for label in arrow.labels):
            message = f"found an arrow {', '.join(arrow.labels)}, expected one of {', '.join(names.ARROWS)}"
            problem("unknown-arrow", message, arrow.start)
        else:
            out.append(arrow)
    return out
