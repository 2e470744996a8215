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

SPAN_HEAD = ("task", "spans", "cases", "gold items", "predicted items")
ATTRIBUTE_HEAD = ("task", "wrong in aligned pairs", "cases", "of")

KEY = f"{'gold'.join(GOLD_MARKS)} {'predicted'.join(PREDICTED_MARKS)}"
"""What the marks in contexts mean."""

_NOBODY = "–"

_SHOWN = {"entities": ("type",), "quotes": ("speaker", "kind"), "claims": ("claimer", "type")}
"""The labels that stand beside an item whose span is wrong."""

_BESIDE = {"speaker": ("source", "within"), "nesting": ("speaker",), "claimer": ("voice",)}
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
    """The counts of all tasks; kinds of attributes stand below their attribute, indented."""
    spans: list[tuple[str, ...]] = []
    attributes: list[tuple[str, ...]] = []
    for task in analysis.cases:
        for name, n in analysis.counts(task).items():
            if name in SPAN_CATEGORIES[task]:
                spans.append((task, name, str(n.cases), str(n.gold), str(n.predicted)))
            else:
                attributes.append((task, name, str(n.cases), str(analysis.pairs[task])))
    return ErrorTables(tuple(spans), tuple(attributes), tuple(remarks(analysis.to_json(errors=()))))


def examples(
    analysis: ErrorAnalysis, errors: Iterable[ErrorCase], most: int
) -> Iterator[tuple[str, str, int, list[Example]]]:
    """By task and category: both names, how many of ``errors`` there are, and the first ``most`` of them."""
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
        markdown_table(head, body, 2)
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
    attribute = case.category.partition("/")[0]
    names = _SHOWN[case.task]
    if attribute in ATTRIBUTE_KINDS[case.task]:
        # What is nested in what is told by the outer quote.
        name = "within" if attribute == "nesting" else attribute
        names = (name, *_BESIDE.get(attribute, ()))
    labels = (f"{name} {item.labels[name] or _NOBODY}" for name in names)
    return f"{item.id} ({', '.join(labels)})"


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#~" else c for c in text)
