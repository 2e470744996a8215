"""How far the annotators agree, and what the audits found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from vostochny.annotations.consistency import Figure, mean_figures, round_agreement
from vostochny.annotations.rounds import Round, load_round, round_ids
from vostochny.cli.report_leaderboard import Bar, Grid, confusion
from vostochny.schema.files import read_json
from vostochny.schema.model import Document, Entity


@dataclass(frozen=True, slots=True)
class RoundShown:
    """A round: what it was for, who annotated it and how, and the figures by layer.

    ``measure`` is agreement, or self-consistency where all annotators are language models; ``remark`` says
    why there are no figures, or what they are.
    """

    id: str
    measure: str
    purpose: str
    annotators: Sequence[tuple[str, str, str]]
    layers: Sequence[tuple[str, Sequence[Bar]]]
    confusions: Sequence[Grid]
    remark: str | None


@dataclass(frozen=True, slots=True)
class AuditShown:
    """An audit: sensitivity overall and by kind of error, and lines with what was found and is left."""

    id: str
    overall: Bar
    kinds: Sequence[Bar]
    facts: Sequence[tuple[str, str]]


def rounds(corpus: Path, documents: Mapping[str, Document], entities: tuple[Entity, ...]) -> list[RoundShown]:
    """The rounds of a corpus, the latest first."""
    found = [load_round(id, corpus) for id in round_ids(corpus)]
    return [_round(each, documents, entities) for each in reversed(found)]


def _round(found: Round, documents: Mapping[str, Document], entities: tuple[Entity, ...]) -> RoundShown:
    remark = None
    layers: list[tuple[str, list[Bar]]] = []
    confusions: list[Grid] = []
    pairs = list(combinations(found.annotators, 2))
    if not pairs:
        remark = "One annotator: nobody to agree with."
    elif not found.complete:
        remark = "No document has been annotated by all yet."
    else:
        reports = [round_agreement(found, documents, entities, pair) for pair in pairs]
        figures = reports[0][0] if len(pairs) == 1 else mean_figures([listed for listed, _ in reports])
        for figure in figures:
            if not layers or layers[-1][0] != figure.part:
                layers.append((figure.part, []))
            layers[-1][1].append(_bar(figure))
        if len(pairs) == 1:
            confusions = _confusions(reports[0][1])
        else:
            remark = f"Means over the {len(pairs)} pairs of annotators."
    return RoundShown(
        id=found.id,
        measure="self-consistency" if found.self_consistency else "agreement",
        purpose=found.manifest["purpose"],
        annotators=[
            (a["id"], a["kind"].replace("-", " "), a["procedure"]) for a in found.manifest["annotators"]
        ],
        layers=layers,
        confusions=confusions,
        remark=remark,
    )


def _bar(figure: Figure) -> Bar:
    low, high = figure.interval or (None, None)
    return Bar(figure.name, f"{figure.n:,} items", figure.value, low, high, figure.bar)


def _confusions(value: Mapping[str, Any]) -> list[Grid]:
    """What the first annotator called what the second one called otherwise, where they ever differ."""
    out = []
    for task, measures in value["tasks"].items():
        for name, leaf in measures.get("attributes", {}).items():
            table = leaf.get("confusion", {})
            if any(a != b for a, row in table.items() for b in row):
                out.append(confusion(f"{task}: {name}", table))
    return out


def audits(corpus: Path) -> list[AuditShown]:
    """The audits of the corpus's gold that have a result, in the order of their ids."""
    return [
        _audit(path.parent.name, read_json(path))
        for path in sorted((corpus / "audits").glob("*/result.json"))
    ]


def _audit(id: str, value: Mapping[str, Any]) -> AuditShown:
    def bar(name: str, of: Mapping[str, Any], interval: str) -> Bar:
        low, high = of[interval] or (None, None)
        return Bar(name, f"{of['found']} of {of['planted']}", of["sensitivity"], low, high)

    facts = [
        ("gold version", value["gold_version"] or "without history"),
        ("planted errors found", f"{value['found']} of {value['planted']}"),
        ("real errors found", f"{value['real']}"),
        ("findings that were none", f"{value['not_errors']}"),
        ("errors left, estimated", _estimate(value["remaining"], value["remaining_interval"], 1, "")),
        (
            f"share of {value['items_total']:,} items",
            _estimate(value["remaining_share"], value["remaining_share_interval"], 100, " %"),
        ),
    ]
    kinds = [bar(each["kind"].replace("-", " "), each, "interval") for each in value["by_kind"]]
    return AuditShown(id, bar("all kinds", value, "sensitivity_interval"), kinds, facts)


def _estimate(value: float | None, interval: Sequence[float | None] | None, factor: int, unit: str) -> str:
    if value is None:
        return "unknown"
    said = f"{factor * value:.2f}{unit}"
    if interval is None:
        return said
    ends = ["∞" if end is None else f"{factor * end:.2f}" for end in interval]
    return f"{said} (95% interval {ends[0]} to {ends[1]}{unit})"
