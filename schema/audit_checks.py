"""Checks of a kept audit's folder: ``audit.json``, and the key, findings, verdicts and result beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from vostochny.schema.checks import CHECKS
from vostochny.schema.errors import Problem, shown
from vostochny.schema.files import read_bytes, scan_jsonl
from vostochny.schema.jsonio import Json

MANIFEST, KEY, RESULT, VERDICTS, FINDINGS = (
    "audit.json",
    "key.jsonl",
    "result.json",
    "verdicts.jsonl",
    "findings",
)
"""The files of an audit's folder, and the folder of its findings."""

CHECKS |= {
    "audit-id": "An audit's folder is named after its id",
    "audit-incomplete": "An audit has its key, its result and each auditor's findings",
    "audit-key-digest": "An audit's key is the one whose SHA-256 its manifest and its result give",
    "audit-counts": "An audit's figures are those of its key, findings and verdicts",
}


def audit_problems(manifest: Json, file: Path) -> Iterator[Problem]:
    """What is wrong between an ``audit.json`` that passed its schema and the folder it lies in."""
    folder = file.parent

    def problem(check: str, message: str, path: str, at: Path = file) -> Problem:
        return Problem(check, message, str(at), None, path)

    if manifest["id"] != folder.resolve().name:
        message = (
            f"found {shown(manifest['id'])} in the folder {shown(folder.resolve().name)}; name one after "
        )
        yield problem("audit-id", message + "the other", "$.id")
    auditors = [f"{FINDINGS}/{who['id']}.jsonl" for who in manifest["auditors"]]
    missing = [name for name in (KEY, RESULT, *auditors) if not (folder / name).is_file()]
    for name in missing:
        yield problem("audit-incomplete", f"there is no {name} beside it; add it", "$")
    if missing:
        return
    if manifest["key_sha256"] != sha256(read_bytes(folder / KEY)).hexdigest():
        message = f"found {manifest['key_sha256']}, {KEY} has another SHA-256; put the audit's own key there"
        yield problem("audit-key-digest", message, "$.key_sha256")
    planted = [value for value in _values(folder / KEY) if "planted" in value]
    counted = Counter(str(value.get("kind")) for value in planted)
    told = {row["kind"]: row["planted"] for row in manifest["planted"]}
    if manifest["errors"] != len(planted) or told != dict(counted):
        message = f"found {manifest['errors']} errors, {_listed(told)}; {KEY} has {len(planted)}, "
        yield problem("audit-counts", message + f"{_listed(counted)}; mend either", "$.planted")


def result_problems(result: Json, file: Path) -> Iterator[Problem]:
    """What is wrong between a ``result.json`` that passed its schema and the audit it lies in."""
    folder = file.parent
    if not (folder / MANIFEST).is_file() or not (folder / KEY).is_file():
        return
    if result["key_sha256"] != sha256(read_bytes(folder / KEY)).hexdigest():
        message = f"found {result['key_sha256']}, {KEY} has another SHA-256; score the audit again"
        yield Problem("audit-key-digest", message, str(file), None, "$.key_sha256")
        return
    findings = sum(len(_values(path)) for path in sorted((folder / FINDINGS).glob("*.jsonl")))
    verdicts = Counter(str(value.get("verdict")) for value in _values(folder / VERDICTS))
    expected = {
        "planted": sum("planted" in value for value in _values(folder / KEY)),
        "findings": findings,
        "real": verdicts["real"],
        "not_errors": verdicts["not-an-error"],
    }
    for name, number in expected.items():
        if result[name] != number:
            message = f"found {result[name]}, the audit's files have {number}; score the audit again"
            yield Problem("audit-counts", message, str(file), None, f"$.{name}")


def in_audit(file: Path) -> Path | None:
    """The folder of the audit that a file is kept in; None if it is in none."""
    for folder in (file.resolve().parent, file.resolve().parent.parent):
        if (folder / MANIFEST).is_file():
            return folder
    return None


def reference_problems(kind: str, value: Json, file: Path, line: int | None) -> Iterator[Problem]:
    """Verdicts on findings that there are not, or that name a planted error that there is not."""
    folder = in_audit(file)
    if kind != "audit-verdict" or folder is None:
        return
    findings = sum(len(_values(path)) for path in sorted((folder / FINDINGS).glob("*.jsonl")))
    if value["finding"] > findings:
        message = f"there is no finding {value['finding']}, only {findings}; mend the number"
        yield Problem("unresolved-reference", message, str(file), line, "$.finding")
    if value["verdict"] == "planted":
        known = [each["planted"] for each in _values(folder / KEY) if "planted" in each]
        if value.get("of") not in known:
            message = f"there is no planted error {shown(value.get('of'))} in {KEY}; name one of these"
            yield Problem("unresolved-reference", message, str(file), line, "$.of")


def _values(path: Path) -> list[Any]:
    if not path.is_file():
        return []
    return [value for _, value in scan_jsonl(path)[0] if isinstance(value, dict)]


def _listed(counts: dict[str, int] | Counter[str]) -> str:
    return ", ".join(f"{kind} {number}" for kind, number in sorted(counts.items())) or "none"
