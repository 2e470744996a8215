"""An error analysis as text: pure functions from its cases and counts to strings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from vostochny.eval.error_analysis import ErrorAnalysis
from vostochny.eval.error_attributes import ATTRIBUTE_KINDS
from vostochny.eval.error_cases import ErrorCase, ErrorItem
from vostochny.eval.error_context import GOLD_MARKS, PREDICTED_MARKS
from vostochny.eval.error_spans import SPAN_CATEGORIES
from vostochny.eval.render import markdown_table, remarks

SPAN_HEAD = ("task", "spans", "meaning", "cases", "gold items", "predicted items")
ATTRIBUTE_HEAD = ("task", "wrong in aligned pairs", "meaning", "cases", "of")

KEY = f"{'gold'.join(GOLD_MARKS)} {'predicted'.join(PREDICTED_MARKS)}"
"""What the marks in contexts mean."""

MEANINGS = {
    "correct": "found, as the scorer counts it",
    "boundary": "found with other boundaries",
    "type": "of another type",
    "boundary+type": "other boundaries, another type",
    "split": "one gold item found in pieces",
    "merged": "several gold items found as one",
    "missed": "not found",
    "spurious": "not in gold",
    "speaker": "somebody else than gold's speaker",
    "claimer": "somebody else than gold's claimer",
    "nesting": "not in the quote that gold has it in",
    "voice": "author or attributed, the wrong one",
}
"""What the categories say, in a few words; the names of the other attributes speak for themselves."""

KIND_MEANINGS = {
    "author": "the article itself instead of a source",
    "attributed": "a source instead of the article itself",
    "nearest": "the nearest name in the text",
    "chain": "another link of the chain of quotes",
    "pronoun": "gold's source is a pronoun or description",
    "missing": "the system has none",
    "superfluous": "gold has none",
    "boundary": "other boundaries",
    "elsewhere": "other words",
    "other": "none of these",
}
"""The same of the kinds of attributes."""

_NOBODY = "–"

_SHOWN = {"entities": ("type",), "quotes": ("speaker", "kind"), "claims": ("claimer", "type")}
"""The labels that stand beside an item whose span is wrong."""

_BESIDE = {
    "speaker": ("source",),
    "speaker/chain": ("source", "within"),
    "nesting": ("speaker",),
    "claimer": ("voice",),
}
"""The labels that stand beside a wrong one."""


@dataclass(frozen=True, slots=True)
class ErrorTables:
    """The counts as rows of text, by :data:`SPAN_HEAD` and :data:`ATTRIBUTE_HEAD`, and remarks."""

    spans: tuple[tuple[str, ...], ...]
    attributes: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """An error in words: its place, what gold and the system have, what other kinds hold, and the context."""

    case: ErrorCase
    place: str
    gold: str
    predicted: str
    also: str
    context: str


def error_tables(analysis: ErrorAnalysis) -> ErrorTables:
    """The counts of all tasks; the kinds of an attribute follow it."""
    spans: list[tuple[str, ...]] = []
    attributes: list[tuple[str, ...]] = []
    for task in analysis.cases:
        for name, n in analysis.counts(task).items():
            if name in SPAN_CATEGORIES[task]:
                spans.append((task, name, meaning(name), str(n.cases), str(n.gold), str(n.predicted)))
            else:
                attributes.append((task, name, meaning(name), str(n.cases), str(analysis.pairs[task])))
    return ErrorTables(tuple(spans), tuple(attributes), tuple(remarks(analysis.to_json(errors=()))))


def meaning(category: str) -> str:
    """What a category says; empty where its name does.

    >>> meaning("speaker/chain"), meaning("polarity")
    ('another link of the chain of quotes', '')
    """
    attribute, _, kind = category.partition("/")
    return KIND_MEANINGS[kind] if kind else MEANINGS.get(attribute, "")


def examples(
    analysis: ErrorAnalysis, errors: Iterable[ErrorCase], most: int
) -> Iterator[tuple[str, str, int, list[Example]]]:
    """By task and category: both names, how many of ``errors`` there are, and the first ``most`` of them.

    ``errors`` are sorted as those of the analysis.
    """
    for (task, category), group in groupby(errors, key=lambda case: (case.task, case.category)):
        listed = list(group)
        yield task, category, len(listed), [example(analysis, case) for case in listed[:most]]


def example(analysis: ErrorAnalysis, case: ErrorCase) -> Example:
    """A case in words."""
    start, end = case.place
    return Example(
        case,
        place=f"{case.document} [{start}, {end})",
        gold="; ".join(_said(case, item) for item in case.gold) or "nothing",
        predicted="; ".join(_said(case, item) for item in case.predicted) or "nothing",
        also=", ".join(case.also),
        context=analysis.context(case),
    )


def errors_markdown(analysis: ErrorAnalysis, errors: Sequence[ErrorCase], most: int) -> str:
    """Markdown: the tables, then up to ``most`` examples of each category of ``errors``."""
    rows = error_tables(analysis)
    blocks = [
        markdown_table(head, body, 3)
        for head, body in ((SPAN_HEAD, rows.spans), (ATTRIBUTE_HEAD, rows.attributes))
        if body
    ]
    blocks += [f"{_escaped(remark)}\n" for remark in rows.remarks]
    if most and errors:
        blocks.append(f"Examples: {KEY}\n")
        for task, category, n, listed in examples(analysis, errors, most):
            blocks.append(f"### {task}: {category} ({len(listed)} of {n})\n")
            for each in listed:
                said = f"gold {each.gold}, predicted {each.predicted}"
                said += f" (also {each.also})" if each.also else ""
                blocks.append(
                    f"- **{_escaped(each.place)}** {_escaped(said)}\n\n  > {_escaped(each.context)}\n"
                )
    return "\n".join(blocks)


def _said(case: ErrorCase, item: ErrorItem) -> str:
    labels = (f"{name} {item.labels[name] or _NOBODY}" for name in shown_labels(case))
    return f"{item.id} ({', '.join(labels)})"


def shown_labels(case: ErrorCase) -> tuple[str, ...]:
    """The names of the labels that are told of a case's items."""
    attribute = case.category.partition("/")[0]
    if attribute not in ATTRIBUTE_KINDS[case.task]:
        return _SHOWN[case.task]
    # What is wrong with a quote's nesting is the quote that it lies in.
    name = "within" if attribute == "nesting" else attribute
    return (name, *_BESIDE.get(case.category, _BESIDE.get(attribute, ())))


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#~" else c for c in text)
