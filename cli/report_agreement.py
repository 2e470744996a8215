"""How far the annotators agree, and what the audits found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from vostochny.annotations.audit_keep import Audit, load_audits
from vostochny.annotations.audit_report import interval_text, share_text
from vostochny.annotations.consistency import Figure, mean_figures, round_agreement, round_agreement_of_all
from vostochny.annotations.link_consistency import links_agreement
from vostochny.annotations.rounds import Round, load_round, round_ids
from vostochny.cli.report_leaderboard import Bar, Grid, confusion
from vostochny.schema.model import Gold


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
    """An audit: by whom, sensitivity overall and by kind of error, and what was found and is left."""

    id: str
    auditors: Sequence[tuple[str, str, str]]
    overall: Bar
    kinds: Sequence[Bar]
    facts: Sequence[tuple[str, str]]


def rounds(corpus: Path, gold: Gold) -> list[RoundShown]:
    """The rounds of a corpus, the latest first."""
    return [_round(load_round(id, corpus), gold) for id in reversed(round_ids(corpus))]


def _round(found: Round, gold: Gold) -> RoundShown:
    figures, confusions, remark = _figures(found, gold)
    layers: dict[str, list[Bar]] = {}
    for figure in figures:
        layers.setdefault(figure.part.replace("_", " "), []).append(_bar(figure))
    return RoundShown(
        id=found.id,
        measure="self-consistency" if found.self_consistency else "agreement",
        purpose=found.manifest["purpose"],
        annotators=_people(found.manifest["annotators"]),
        layers=list(layers.items()),
        confusions=confusions,
        remark=remark,
    )


def _people(listed: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Who it was, of which kind and how; those who did the same in the same way together."""
    ways: dict[tuple[str, str], list[str]] = {}
    for each in listed:
        ways.setdefault((each["kind"].replace("-", " "), each["procedure"]), []).append(each["id"])
    return [(", ".join(ids), kind, procedure) for (kind, procedure), ids in ways.items()]


def _figures(found: Round, gold: Gold) -> tuple[list[Figure], list[Grid], str | None]:
    """A round's figures, the tables of what two annotators label otherwise, and a remark."""
    there = [n for n in found.annotators if n in found.links] if found.of_links else list(found.annotators)
    pairs = list(combinations(there, 2))
    if not pairs:
        return [], [], "There is one annotator: nobody to agree with."
    listed: list[list[Figure]] = []
    confusions: list[Grid] = []
    lost = 0
    if found.of_links:
        for pair in pairs:
            agreed = links_agreement(found, gold, pair)
            listed.append(agreed.figures)
            lost += agreed.left_out
            confusions = _pair_confusions(agreed.value)
    elif not found.complete:
        return [], [], "No document has been annotated by all yet."
    else:
        for pair in pairs:
            figures, value = round_agreement(found, gold.documents, gold.entities, pair)
            listed.append(figures)
            confusions = _label_confusions(value)
    remarks = [f"{lost} items that gold has no longer are left out."] if lost else []
    if len(pairs) == 1:
        return listed[0], confusions, " ".join(remarks) or None
    remarks.append(f"Means over the {len(pairs)} pairs of annotators.")
    if found.of_links:
        return mean_figures(listed), [], " ".join(remarks)
    remarks.append("α is of all at once.")
    of_all = {(f.part, f.name): f for f in round_agreement_of_all(found, gold.documents, gold.entities)[0]}
    return [of_all.get((f.part, f.name), f) for f in mean_figures(listed)], [], " ".join(remarks)


def _bar(figure: Figure) -> Bar:
    low, high = figure.interval or (None, None)
    return Bar(
        figure.name, f"{figure.n:,} {figure.unit}{'s' * (figure.n != 1)}", figure.value, low, high, figure.bar
    )


def _label_confusions(value: Mapping[str, Any]) -> list[Grid]:
    """What the first annotator called what the second one called otherwise, where they ever differ."""
    out = []
    for task, measures in value["tasks"].items():
        for name, leaf in measures.get("attributes", {}).items():
            table = leaf.get("confusion", {})
            if any(a != b for a, row in table.items() for b in row):
                out.append(confusion(f"{task}: {name}", table))
    return out


def _pair_confusions(value: Mapping[str, Any]) -> list[Grid]:
    """How the second annotator relates the pairs of items that the first one relates so."""
    tables = {task: leaf["confusion"] for task, leaf in value["pairs"].items()}
    return [confusion(f"{task}: pairs of items", table) for task, table in tables.items()]


def audits(corpus: Path) -> list[AuditShown]:
    """The audits that a corpus keeps, oldest first."""
    return [_audit(each) for each in load_audits(corpus)]


def _audit(audit: Audit) -> AuditShown:
    value = audit.result

    def bar(name: str, of: Mapping[str, Any], interval: str) -> Bar:
        low, high = of[interval] or (None, None)
        return Bar(name, f"{of['found']} of {of['planted']}", of["sensitivity"], low, high)

    facts = [
        ("date", audit.manifest["date"]),
        ("gold version", value["gold_version"] or "without history"),
        ("planted errors found", f"{value['found']} of {value['planted']}"),
        ("real errors found", f"{value['real']}"),
        ("findings that were none", f"{value['not_errors']}"),
        (
            "left when those are mended",
            f"{interval_text(value['remaining'], value['remaining_interval'])} errors",
        ),
        (
            f"of {value['items_total']:,} items",
            f"{share_text(value['remaining_share'], value['remaining_share_interval'])} %",
        ),
    ]
    return AuditShown(
        id=audit.id,
        auditors=_people(audit.manifest["auditors"]),
        overall=bar("all kinds", value, "sensitivity_interval"),
        kinds=[bar(each["kind"].replace("-", " "), each, "interval") for each in value["by_kind"]],
        facts=facts,
    )
