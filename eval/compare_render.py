"""A comparison as tables of text: pure functions from its JSON value to strings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vostochny.eval.render import UNDEFINED, escaped, latex_table, markdown_table, percent

Row = tuple[str, ...]

_MOST = 8
"""Documents that are listed one by one; more are only summed up."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows as strings: differences, how they are spread over documents (if several), and remarks below."""

    head: Row
    rows: tuple[Row, ...]
    spread_head: Row
    spread: tuple[Row, ...]
    remarks: Row


def tables(value: Mapping[str, Any]) -> Tables:
    """The rows of a comparison's JSON value (:meth:`vostochny.eval.Comparison.to_json`)."""
    several = any(each["family"] > 1 for each in value["measures"])
    names = _documents(value)
    return Tables(
        head=_head(value, several),
        rows=tuple(_rows(value, several)),
        spread_head=("task", "measure", "system", *names, "mean", "sd", "min", "max", "won–lost–tied"),
        spread=tuple(_spread(value, names)),
        remarks=(*value["remarks"], *_legend(value, several), value["signature"]),
    )


def to_markdown(value: Mapping[str, Any]) -> str:
    """Markdown tables."""
    found = tables(value)
    blocks = [markdown_table(found.head, found.rows, 3)]
    if found.spread:
        blocks.append(markdown_table(found.spread_head, found.spread, 3))
    return "\n".join([*blocks, *(f"{escaped(remark)}\n" for remark in found.remarks)])


def to_latex(value: Mapping[str, Any]) -> str:
    """LaTeX tables for the booktabs package."""
    found = tables(value)
    blocks = [latex_table(found.head, found.rows, left=3)]
    if found.spread:
        blocks.append(latex_table(found.spread_head, found.spread, left=3))
    return "\n\n".join([*blocks, *(f"% {remark}" for remark in found.remarks)]) + "\n"


def points(value: float | None) -> str:
    """A difference of scores in percentage points, with its sign.

    >>> points(0.0123), points(-0.5), points(0.0), points(None)
    ('+1.2', '-50.0', '0.0', '–')
    """
    if value is None:
        return UNDEFINED
    return f"{100 * value:+.1f}" if value else "0.0"


def probability(p: float | None) -> str:
    """A p-value with four decimals; 1.0000 only for 1, small ones with their power of ten.

    >>> probability(1.0), probability(0.99999), probability(0.0213), probability(1 / 10001), probability(1e-6)
    ('1.0000', '0.9999', '0.0213', '0.0001', '1e-06')
    """
    if p is None:
        return UNDEFINED
    if p < 0.00005:
        return f"{p:.0e}"
    return f"{p if p == 1 else min(0.9999, p):.4f}"


def _head(value: Mapping[str, Any], several: bool) -> Row:
    level = f"{100 * (1 - value['alpha']):g}% CI"
    tests = ("p boot", "Holm", "p rand", "Holm") if several else ("p boot", "p rand")
    detectable = ("MDD", "MDD Holm") if several else ("MDD",)
    return ("task", "measure", "system", "F1", "Δ", level, *tests, *detectable)


def _rows(value: Mapping[str, Any], several: bool) -> Iterator[Row]:
    interval = next(
        (key for each in value["measures"] for found in each["systems"] for key in found if key[:2] == "ci"),
        "",
    )
    blank = ("",) * (8 if several else 5)
    for each in value["measures"]:
        at = (each["task"], each["measure"])
        yield (*at, value["baseline"], percent(each["baseline"]), *blank)
        for found in each["systems"]:
            cells = [percent(found["f1"]), points(found["difference"]), _interval(found[interval])]
            for test in (found["bootstrap"], found["randomization"]):
                cells.append(probability(test and test["p"]))
                if several:
                    cells.append(probability(test and test["p_holm"]))
            cells.append(_size(found["detectable"]))
            if several:
                cells.append(_size(found["detectable_holm"]))
            yield (*at, found["name"], *cells)


def _spread(value: Mapping[str, Any], names: Sequence[str]) -> Iterator[Row]:
    for each in value["measures"]:
        at = (each["task"], each["measure"])
        known = [found for found in each["systems"] if found["articles"] is not None]
        if known and names:
            scores = known[0]["articles"]["documents"]
            ours = (percent(scores[name]["baseline"]) if name in scores else "" for name in names)
            yield (*at, value["baseline"], *ours, "", "", "", "", "")
        for found in known:
            by = found["articles"]
            gaps = (
                points(by["documents"][name]["difference"]) if name in by["documents"] else ""
                for name in names
            )
            won = f"{by['wins']}–{by['losses']}–{by['ties']}"
            summed = (points(by["mean"]), _size(by["sd"]), points(by["min"]), points(by["max"]))
            yield (*at, found["name"], *gaps, *summed, won)


def _documents(value: Mapping[str, Any]) -> Row:
    """The documents that have columns of their own: all, or none if they are many."""
    found = dict.fromkeys(
        name
        for each in value["measures"]
        for system in each["systems"]
        if system["articles"] is not None
        for name in system["articles"]["documents"]
    )
    return tuple(found) if len(found) <= _MOST else ()


def _legend(value: Mapping[str, Any], several: bool) -> Iterator[str]:
    baseline, alpha, power = value["baseline"], value["alpha"], value["power"]
    yield (
        f"Δ: F1 minus that of {baseline}, in points. p boot: paired bootstrap, centred and studentised; the "
        f"interval belongs to it. p rand: approximate randomization. {value['n_boot']} draws each."
    )
    if several:
        yield (
            f"Holm: corrected for all that is compared with {baseline} in the same measure by the same test; "
            "measures are not corrected for one another, intervals not at all."
        )
    extra = "; MDD Holm: the same at the strictest level of Holm's correction" if several else ""
    yield (
        "MDD: minimum detectable difference, in points: a true difference of this size would be found at "
        f"level {alpha:g} with a chance of {power:g}{extra}."
    )


def _size(value: float | None) -> str:
    return UNDEFINED if value is None else f"{100 * value:.1f}"


def _interval(ends: Sequence[float] | None) -> str:
    return UNDEFINED if ends is None else f"{points(ends[0])} to {points(ends[1])}"
