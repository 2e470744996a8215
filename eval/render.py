"""A report as tables of text: pure functions from the report's JSON value to strings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

UNDEFINED = "–"
"""What stands for a score that is undefined."""

SCORE_HEAD = ("task", "measure", "tp", "fp", "fn", "P", "R", "F1", "95% CI")
LABEL_HEAD = ("task", "labels of aligned items", "n", "accuracy", "macro F1", "κ")


@dataclass(frozen=True, slots=True)
class Tables:
    """A report's rows as strings: scores, labels (by :data:`LABEL_HEAD`), and remarks to stand below."""

    score_head: tuple[str, ...]
    scores: tuple[tuple[str, ...], ...]
    labels: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]


def percent(value: float | None) -> str:
    """A fraction in percent with one decimal; 100.0 only for what is perfect.

    >>> percent(1.0), percent(0.9999), percent(0.123), percent(None)
    ('100.0', '99.9', '12.3', '–')
    """
    if value is None:
        return UNDEFINED
    return f"{100.0 if value == 1 else min(99.9, round(100 * value, 1)):.1f}"


def fraction(value: float | None) -> str:
    """A fraction, or a κ, with three decimals; 1.000 only for what is perfect.

    >>> fraction(1.0), fraction(0.9999), fraction(0.123), fraction(-0.9999), fraction(None)
    ('1.000', '0.999', '0.123', '-0.999', '–')
    """
    if value is None:
        return UNDEFINED
    # Adding 0 makes a zero of a negative zero.
    return f"{value if abs(value) == 1 else max(-0.999, min(0.999, round(value, 3))) + 0.0:.3f}"


def tables(value: Mapping[str, Any]) -> Tables:
    """The rows of a report's JSON value (:meth:`vostochny.eval.Report.to_json`)."""
    scores: list[tuple[str, ...]] = []
    labels: list[tuple[str, ...]] = []
    level = "95"
    for task, measures in value["tasks"].items():
        for name, leaf in _leaves(measures):
            if "f1" in leaf:
                key = next(k for k in leaf if k.startswith("ci"))
                level = key[2:]
                counts = [_count(leaf.get(k)) for k in ("tp", "fp", "fn")]
                rates = [percent(leaf.get(k)) for k in ("precision", "recall", "f1")]
                scores.append((task, name, *counts, *rates, _interval(leaf[key])))
            else:
                rates = [percent(leaf["accuracy"]), percent(leaf["macro_f1"]), fraction(leaf["kappa"])]
                labels.append((task, name, str(leaf["n"]), *rates))
    head = (*SCORE_HEAD[:-1], f"{level}% CI")
    return Tables(head, tuple(scores), tuple(labels), tuple(remarks(value)))


def to_json(value: Mapping[str, Any]) -> str:
    """The value itself, indented, with a final line end."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def to_markdown(value: Mapping[str, Any]) -> str:
    """Markdown tables."""
    rows = tables(value)
    blocks = [
        markdown_table(head, body, 2)
        for head, body in ((rows.score_head, rows.scores), (LABEL_HEAD, rows.labels))
        if body
    ]
    return "\n".join([*blocks, *(f"{escaped(remark)}\n" for remark in rows.remarks)])


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int) -> str:
    r"""A Markdown table with its final line end; the first ``left`` columns are aligned left, others right.

    >>> print(markdown_table(("system", "F1"), [("a|b", "12.3")], 1), end="")
    | system | F1 |
    |:--|--:|
    | a\|b | 12.3 |
    """
    rule = ":--|" * left + "--:|" * (len(head) - left)
    lines = [f"| {' | '.join(escaped(cell) for cell in row)} |\n" for row in (head, *rows)]
    return "".join([lines[0], f"|{rule}\n", *lines[1:]])


def to_latex(value: Mapping[str, Any]) -> str:
    """LaTeX tables for the booktabs package."""
    rows = tables(value)
    blocks = [latex_table(rows.score_head, rows.scores, left=2), latex_table(LABEL_HEAD, rows.labels, left=2)]
    return "\n\n".join([*(b for b in blocks if b), *(f"% {r}" for r in rows.remarks)]) + "\n"


def _leaves(measures: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Named leaves with scores; tables of errors, which have none, are passed over."""
    for name, each in measures.items():
        if name == "errors":
            continue
        if "f1" in each or "kappa" in each:
            yield prefix + name, each
        else:
            yield from _leaves(each, f"{prefix}{name}: ")


def remarks(value: Mapping[str, Any]) -> Iterator[str]:
    """What is to be said below the tables: why a task is not scored, what was left out, the signature."""
    for task, remark in value["remarks"].items():
        yield f"{task}: {remark}"
    if invalid := value["invalid"]:
        counted = ", ".join(f"{part} {n}" for part, n in invalid.items())
        yield (
            f"invalid: {counted}; mentions, quotes and claims that could not be read count as false "
            "positives in the measures of whole items (not by type, conll4, speaker, cue and the like), "
            "layers that could not be read as empty"
        )
    if missing := value["missing_documents"]:
        yield f"not predicted, so scored as empty: {', '.join(missing)}"
    if unscored := value["unscored_documents"]:
        yield f"predicted, but not scored for want of gold: {', '.join(unscored)}"
    yield value["signature"]


def _count(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.1f}"


def _interval(ends: Sequence[float] | None) -> str:
    return UNDEFINED if ends is None else f"{percent(ends[0])}–{percent(ends[1])}"


def escaped(text: str) -> str:
    """A text for a cell of a Markdown table."""
    return text.replace("|", r"\|")


def latex_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> str:
    """A LaTeX table (booktabs), empty without rows; the first ``left`` columns are aligned left."""
    if not rows:
        return ""
    columns = "l" * left + "r" * (len(head) - left)
    body = [" & ".join(_tex(cell) for cell in row) + r" \\" for row in (head, *rows)]
    begin, end = rf"\begin{{tabular}}{{{columns}}}", r"\end{tabular}"
    return "\n".join([begin, r"\toprule", body[0], r"\midrule", *body[1:], r"\bottomrule", end])


_TEX = str.maketrans(
    {c: rf"\{c}" for c in "&%$#_{}"} | {"κ": r"$\kappa$", "Δ": r"$\Delta$", "–": "--"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)  # fmt: skip


def _tex(text: str) -> str:
    return text.translate(_TEX)
