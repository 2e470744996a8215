"""The result of an audit: what was found of the planted errors, what is real, and what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vostochny.annotations.audit_copy import SealedKey
from vostochny.annotations.audit_estimate import estimate, wilson
from vostochny.annotations.audit_matching import Finding, assign, possible
from vostochny.annotations.audit_seed import PLANT_KINDS
from vostochny.annotations.audit_state import State
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import read_jsonl
from vostochny.schema.jsonio import Json
from vostochny.schema.model import SCHEMA_VERSION
from vostochny.schema.values import check_plain

OPEN = "open"
"""The standing of a finding that nobody has judged yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a finding is: a verdict, ``planted``, ``repeats``, or :data:`OPEN`.

    ``of`` is the planted error, or the number of the finding that it repeats; ``possible`` are planted errors
    that an open finding could be.
    """

    finding: Finding
    state: str
    of: str | int | None = None
    possible: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """An audit's result as ``audit-result.schema.json`` has it, and where every finding stands."""

    result: Json
    standings: tuple[Standing, ...]


def read_verdicts(path: Path, findings: int, key: SealedKey) -> dict[int, Json]:
    """An adjudicator's verdicts by the number of the finding.

    Raises :class:`~vostochny.schema.errors.InputError` with all problems: among them a finding, or a planted
    error, that there is not.
    """
    problems: list[Problem] = []
    verdicts: dict[int, Json] = {}
    known = {planted.id for planted in key.planted}
    for line, value in read_jsonl(path):
        if found := check_plain("audit-verdict", value, file=str(path), line=line):
            problems += found
            continue
        wrong = {**_number_wrong(value, findings, verdicts), **_of_wrong(value, findings, known)}
        verdicts[value["finding"]] = value
        if not wrong and _in_a_circle(value["finding"], verdicts):
            wrong = {"$.of": "the findings repeat each other in a circle; judge the first of them by itself"}
        problems += (Problem("unresolved-reference", m, str(path), line, p) for p, m in wrong.items())
    if problems:
        raise InputError(problems)
    return verdicts


def _number_wrong(value: Json, findings: int, before: Mapping[int, Json]) -> dict[str, str]:
    number = value["finding"]
    if number > findings:
        return {"$.finding": f"there is no finding {number}, only {findings}; mend the number"}
    if number in before:
        return {"$.finding": f"finding {number} has a verdict before; keep one"}
    return {}


def _of_wrong(value: Json, findings: int, planted: set[str]) -> dict[str, str]:
    of = value.get("of")
    if value["verdict"] == "planted" and of not in planted:
        return {"$.of": f"there is no planted error {of!r}; name one of the key's, such as p1"}
    others = set(range(1, findings + 1)) - {value["finding"]}
    if value["verdict"] == "repeats" and of not in others:
        return {"$.of": f"found {of!r}, expected the number of another finding; mend it"}
    return {}


def _in_a_circle(number: int, verdicts: Mapping[int, Json]) -> bool:
    """Whether a finding repeats one that repeats it, directly or by way of others."""
    seen = {number}
    at: Any = number
    while at in verdicts and verdicts[at]["verdict"] == "repeats":
        at = verdicts[at].get("of")
        if at in seen:
            return bool(at == number)
        seen.add(at)
    return False


def score_audit(
    findings: Sequence[Finding], verdicts: Mapping[int, Mapping[str, Any]], key: SealedKey, copy: State
) -> Score:
    """Match findings with the planted errors, take the verdicts for the rest, and estimate what is left.

    A verdict goes before the match. A finding that the match takes for a planted error that another finding
    has told already is neither real nor open.
    """
    ruled = {p for v in verdicts.values() if v["verdict"] == "planted" for p in [v["of"]]}
    free = [finding for finding in findings if finding.number not in verdicts]
    told, again = assign(free, [planted for planted in key.planted if planted.id not in ruled], copy)
    standings = tuple(_standing(finding, verdicts, told, again, ruled, key, copy) for finding in findings)
    return Score(_result(standings, key), standings)


def _standing(
    finding: Finding,
    verdicts: Mapping[int, Mapping[str, Any]],
    told: Mapping[int, str],
    again: Mapping[int, str],
    ruled: set[str],
    key: SealedKey,
    copy: State,
) -> Standing:
    number = finding.number
    if number in verdicts:
        return Standing(finding, verdicts[number]["verdict"], verdicts[number].get("of"))
    if number in told:
        return Standing(finding, "planted", told[number])
    if number in again:
        return Standing(finding, "repeats", again[number])
    return Standing(finding, OPEN, None, tuple(possible(finding, key, copy)))


def _result(standings: Sequence[Standing], key: SealedKey) -> Json:
    found = {each.of for each in standings if each.state == "planted"}
    real = sum(each.state == "real" for each in standings)
    guess = estimate(len(key.planted), len(found), real)
    total = sum(key.items.values())
    rows = []
    for kind in PLANT_KINDS:
        ids = [planted.id for planted in key.planted if planted.kind == kind]
        if ids:
            hits = len(found.intersection(ids))
            rows.append({"kind": kind, **_rate(hits, len(ids))})
    whole = _rate(len(found), len(key.planted))
    return {
        "schema_version": SCHEMA_VERSION,
        "gold_version": key.gold_version,
        "gold_sha256": key.gold_sha256,
        "key_sha256": key.digest,
        "seed": key.seed,
        "planted": len(key.planted),
        "found": len(found),
        "sensitivity": whole["sensitivity"],
        "sensitivity_interval": whole["interval"],
        "by_kind": rows,
        "findings": len(standings),
        "matched": sum(each.state == "planted" for each in standings),
        "open": sum(each.state == OPEN for each in standings),
        "not_errors": sum(each.state == "not-an-error" for each in standings),
        "real": real,
        "real_estimate": guess.total,
        "remaining": guess.remaining,
        "remaining_interval": list(guess.interval),
        "items": dict(key.items),
        "items_total": total,
        "remaining_share": None if guess.remaining is None else guess.remaining / total,
        "remaining_share_interval": [bound / total for bound in guess.interval],
    }


def _rate(found: int, planted: int) -> Json:
    return {
        "planted": planted,
        "found": found,
        "sensitivity": found / planted,
        "interval": list(wilson(found, planted)),
    }


def in_gold(finding: Finding, key: SealedKey) -> Json:
    """A finding with its number and with gold's own ids."""
    document = finding.value["document"]
    items = [key.to_gold(document, id) for id in finding.value["items"]]
    return {"finding": finding.number, **finding.value, "items": items}
