"""Audits that are kept with a corpus, ``audits/ID``, and their figures.

A folder holds ``audit.json`` (what was audited, by whom, how), ``key.jsonl``, ``findings/AUDITOR.jsonl``,
``verdicts.jsonl`` and ``result.json``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vostochny.annotations.audit_copy import read_key
from vostochny.annotations.audit_report import interval_text, rate_text, share_text
from vostochny.annotations.audit_score import Score
from vostochny.annotations.audit_seed import PLANT_KINDS
from vostochny.annotations.audit_state import refuse
from vostochny.annotations.corpus import ROOT
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json, dump_jsonl, read_bytes, read_json, read_jsonl
from vostochny.schema.model import SCHEMA_VERSION
from vostochny.schema.values import check_plain


@dataclass(frozen=True, slots=True)
class Auditor:
    """Who audited or adjudicated: an id, ``human`` or ``language-model``, and the procedure."""

    id: str
    kind: str
    procedure: str


@dataclass(frozen=True, slots=True)
class Audit:
    """A kept audit: its manifest (``audit.json``) and result (``result.json``)."""

    id: str
    manifest: Mapping[str, Any]
    result: Mapping[str, Any]


def keep_audit(
    id: str,
    scored: Score,
    *,
    key: Path,
    findings: Sequence[Path],
    verdicts: Path | None,
    auditors: Sequence[Auditor],
    adjudicator: Auditor | None,
    day: str,
) -> dict[str, bytes]:
    """The files of a kept audit by name; the findings are named after their auditors.

    Raises :class:`~vostochny.schema.errors.InputError` if a finding has no verdict yet, there is not one
    auditor for each file of findings, or an id or day is none.
    """
    if scored.result["open"]:
        raise refuse(
            f"{scored.result['open']} findings have no verdict yet; judge them (--verdicts) first", id
        )
    if len(auditors) != len(findings) or len({auditor.id for auditor in auditors}) != len(auditors):
        message = f"found {len(auditors)} auditors for {len(findings)} files of findings; "
        message += "give a different one for each"
        raise refuse(message, "--auditor")
    sealed = read_key(key)
    counted = Counter(planted.kind for planted in sealed.planted)
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "id": id,
        "date": day,
        "gold_version": sealed.gold_version,
        "gold_sha256": sealed.gold_sha256,
        "seed": sealed.seed,
        "errors": len(sealed.planted),
        "planted": [{"kind": kind, "planted": counted[kind]} for kind in PLANT_KINDS if counted[kind]],
        "key_sha256": sealed.digest,
        "auditors": [asdict(auditor) for auditor in auditors],
        "adjudicator": None if adjudicator is None else asdict(adjudicator),
    }
    if problems := check_plain("audit", manifest, file="audit.json"):
        raise InputError(problems)
    files = {
        "audit.json": dump_json(manifest),
        "key.jsonl": read_bytes(key),
        "result.json": dump_json(scored.result),
    }
    for auditor, path in zip(auditors, findings, strict=True):
        files[f"findings/{auditor.id}.jsonl"] = dump_jsonl(value for _, value in read_jsonl(path))
    if verdicts is not None:
        files["verdicts.jsonl"] = dump_jsonl(value for _, value in read_jsonl(verdicts))
    return files


def load_audits(root: Path = ROOT) -> list[Audit]:
    """The audits that a corpus keeps, oldest first.

    Raises :class:`~vostochny.schema.errors.InputError` with all problems of their manifests and results.
    """
    audits, problems = [], []
    for path in sorted((root / "audits").glob("*/audit.json")):
        values = {}
        for kind, file in (("audit", path), ("audit-result", path.with_name("result.json"))):
            values[kind] = read_json(file)
            problems += check_plain(kind, values[kind], file=str(file))
        audits.append(Audit(path.parent.name, values["audit"], values["audit-result"]))
    if problems:
        raise InputError(problems)
    return sorted(audits, key=lambda audit: (audit.manifest["date"], audit.id))


AUDIT_HEAD = (
    "audit",
    "gold",
    "auditors",
    "planted",
    "found",
    "sensitivity (95%)",
    "real errors found",
    "left when mended (95%)",
    "% of items (95%)",
)
"""The columns of :func:`audit_rows`."""


def audit_rows(audits: Sequence[Audit]) -> list[tuple[str, ...]]:
    """A row for each audit: what was planted and found, and what is left."""
    rows: list[tuple[str, ...]] = []
    for audit in audits:
        result = audit.result
        rows.append(
            (
                audit.id,
                result["gold_version"] or "–",
                ", ".join(f"{n} {kind}" for kind, n in sorted(_kinds(audit).items())),
                str(result["planted"]),
                str(result["found"]),
                rate_text(result["sensitivity"], result["sensitivity_interval"]),
                str(result["real"]),
                interval_text(result["remaining"], result["remaining_interval"]),
                share_text(result["remaining_share"], result["remaining_share_interval"]),
            )
        )
    return rows


def _kinds(audit: Audit) -> Counter[str]:
    return Counter(who["kind"] for who in audit.manifest["auditors"])


def kind_rows(audits: Sequence[Audit]) -> list[tuple[str, ...]]:
    """A row for each kind of error: how many of those planted were found, by audit."""
    rows = []
    for kind in PLANT_KINDS:
        cells = []
        for audit in audits:
            found = next((row for row in audit.result["by_kind"] if row["kind"] == kind), None)
            cells.append("–" if found is None else f"{found['found']} of {found['planted']}")
        if set(cells) - {"–"}:
            rows.append((kind, *cells))
    return rows
