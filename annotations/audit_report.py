"""An audit's result in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vostochny.annotations.audit_copy import SealedKey
from vostochny.annotations.audit_score import OPEN, Standing, in_gold

_UNKNOWN = "–"


def rate_text(rate: float | None, interval: Sequence[float]) -> str:
    """A rate and its interval: ``0.90 (0.80–0.95)``."""
    return f"{_UNKNOWN if rate is None else f'{rate:.2f}'} ({interval[0]:.2f}–{interval[1]:.2f})"


def interval_text(value: float | None, interval: Sequence[float]) -> str:
    """A number of errors and its interval: ``1.0 (0–4)``."""
    return f"{_UNKNOWN if value is None else f'{value:.1f}'} ({interval[0]}–{interval[1]})"


def share_text(value: float | None, interval: Sequence[float]) -> str:
    """A share and its interval in percent: ``0.08 (0.00–0.31)``."""
    shown = _UNKNOWN if value is None else f"{100 * value:.2f}"
    return f"{shown} ({100 * interval[0]:.2f}–{100 * interval[1]:.2f})"


def result_text(result: Mapping[str, Any]) -> str:
    """The figures of a result: sensitivity by kind and over all, real errors, and what is left."""
    width = max(len(row["kind"]) for row in result["by_kind"])
    lines = [f"{'kind of error':{width}}  found  planted  sensitivity (95%)"]
    for row in result["by_kind"]:
        rate = rate_text(row["sensitivity"], row["interval"])
        lines.append(f"{row['kind']:{width}}  {row['found']:5}  {row['planted']:7}  {rate}")
    whole = rate_text(result["sensitivity"], result["sensitivity_interval"])
    lines.append(f"{'all':{width}}  {result['found']:5}  {result['planted']:7}  {whole}")
    left = interval_text(result["remaining"], result["remaining_interval"])
    share = share_text(result["remaining_share"], result["remaining_share_interval"])
    total = result["real_estimate"]
    lines += [
        "",
        f"findings: {result['findings']}, of them planted {result['matched']}, real {result['real']}, "
        f"no errors {result['not_errors']}, without a verdict {result['open']}",
        f"real errors, estimated: {_UNKNOWN if total is None else f'{total:.1f}'}",
        f"left when those found are mended: {left}, {share} % of {result['items_total']} items",
    ]
    if result["open"]:
        lines.append(f"not final: {result['open']} findings await a verdict")
    return "\n".join(lines) + "\n"


def findings_text(standings: Sequence[Standing], key: SealedKey) -> str:
    """The findings without a verdict, with gold's ids, and which planted errors each could be."""
    named = {planted.id: planted for planted in key.planted}
    lines = []
    for each in standings:
        if each.state != OPEN:
            continue
        value = in_gold(each.finding, key)
        what = ", ".join(value["items"]) or repr(value.get("passage"))
        lines += [
            f"{each.finding.number}. {each.finding.file}:{each.finding.line}: {value['document']} "
            f"{value['part']} {what}, {value['field']}",
            f"   has {value.get('has')!r}, should have {value.get('should')!r} by {value.get('rule')}: "
            f"{value.get('note')}",
        ]
        for id in each.possible:
            planted = named[id]
            lines.append(f"   could be {id} ({planted.kind}): {planted.should} became {planted.has}")
    return "\n".join([*lines, ""]) + "\n" if lines else ""
