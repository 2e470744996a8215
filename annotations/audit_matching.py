"""Which findings of an auditor are planted errors.

A finding is a planted error by itself if it names its item among few, or the greater part of its passage and
little else, and what is wrong of it is of the right kind. If it names the item among many, more of the text,
or says that something else is wrong, the adjudicator decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vostochny.annotations.audit_copy import Planted, SealedKey
from vostochny.annotations.audit_state import LINKS, State
from vostochny.schema.errors import InputError
from vostochny.schema.files import read_jsonl
from vostochny.schema.values import check_plain

_MISSING, _MEMBERS = {"missing"}, {"members", "missing", "spurious"}
_CLAIMED = {"claimer", "voice", "quote"}

# What a finding may be about and may call wrong, by the kind of the planted error.
_ACCEPTED: dict[str, dict[str, set[str]]] = {
    "mention-removed": {"mention": _MISSING},
    "mention-boundary": {"mention": {"span"}},
    "mention-type": {"mention": {"type"}},
    "mention-entity": {"mention": {"entity"}, "entity": {"members"}},
    "metonym-added": {"mention": {"metonym_for"}},
    "metonym-removed": {"mention": {"metonym_for"}},
    "metonym-changed": {"mention": {"metonym_for"}},
    "mention-spurious": {"mention": {"spurious"}},
    "quote-removed": {"quote": {"missing", "within"}, "claim": _CLAIMED},
    "quote-content": {"quote": {"content", "span", "verbatim"}},
    "quote-speaker": {"quote": {"speaker"}, "claim": {"claimer"}},
    "quote-source-dropped": {"quote": {"source", "missing"}},
    "quote-source-shifted": {"quote": {"source"}},
    "quote-cue-dropped": {"quote": {"cue", "missing"}},
    "quote-cue-shifted": {"quote": {"cue"}},
    "quote-medium": {"quote": {"medium"}},
    "quote-polarity": {"quote": {"polarity"}},
    "quote-status": {"quote": {"status"}},
    "mark-role": {"mark": {"role"}},
    "claim-removed": {"claim": _MISSING},
    "claim-boundary": {"claim": {"span", "content"}},
    "claim-claimer": {"claim": _CLAIMED},
    "claim-type": {"claim": {"type"}},
    "claim-polarity": {"claim": {"polarity"}},
    "claim-certainty": {"claim": {"certainty"}},
    "claim-proposition": {"claim": {"proposition"}},
    "entity-type": {"entity": {"type"}, "mention": {"type"}},
    "utterance-member-removed": {"utterance": _MEMBERS},
    "utterance-member-added": {"utterance": _MEMBERS},
    "utterance-merged": {"utterance": _MEMBERS},
    "utterance-split": {"utterance": _MEMBERS},
    "difference-type": {"difference": {"type"}, "utterance": {"type"}},
    "difference-removed": {"difference": _MISSING, "utterance": _MISSING},
    "group-member-dropped": {"group": _MEMBERS},
    "group-member-moved": {"group": _MEMBERS},
    "relation-removed": {"relation": _MISSING},
    "relation-added": {"relation": {"spurious"}},
    "relation-direction": {"relation": {"direction", "spurious", "missing", "type"}},
    "relation-type": {"relation": {"type", "spurious"}},
}


_FEW = 4
"""Who names more items than that names none of them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An alleged error: its number over all files, where it stands, and what the auditor wrote.

    ``items`` name items of a document as ``DOCUMENT.ID``, in whatever way the auditor wrote them.
    """

    number: int
    file: str
    line: int
    value: Mapping[str, Any]
    items: frozenset[str]

    @property
    def part(self) -> str:
        """What it is about."""
        return str(self.value["part"])

    @property
    def field(self) -> str:
        """What it says is wrong."""
        return str(self.value["field"])


def read_findings(paths: Iterable[Path], copy: State) -> list[Finding]:
    """The findings of some files, numbered from 1 over all of them.

    Raises :class:`~vostochny.schema.errors.InputError` with all problems.
    """
    out: list[Finding] = []
    problems = []
    for path in paths:
        for line, value in read_jsonl(path):
            if found := check_plain("audit-finding", value, file=str(path), line=line):
                problems += found
                continue
            out.append(Finding(len(out) + 1, str(path), line, value, _items(value, copy)))
    if problems:
        raise InputError(problems)
    return out


def _items(value: Mapping[str, Any], copy: State) -> frozenset[str]:
    """Ids with their documents; for relations also the groups of the claims that are named."""
    document = value["document"]
    found = set()
    for id in value["items"]:
        name = id.partition(".")[0]
        qualified = document == LINKS or name in copy.heads or (name[:1] == "u" and "." in id)
        found.add(id if qualified else f"{document}.{id}")
    if value["part"] == "relation":
        for group in copy.items(LINKS, "claim_groups").values():
            found |= {group.id} if any(str(ref) in found for ref in group.members) else set()
    return frozenset(found)


def exact(finding: Finding, planted: Planted, copy: State) -> bool:
    """Whether a finding is a planted error without any doubt."""
    accepted = _ACCEPTED[planted.kind].get(finding.part, set())
    if finding.field not in accepted or len(finding.value["items"]) > _FEW:
        return False
    if any(finding.items >= set(target) for target in planted.targets):
        return True
    return (finding.field == "missing" or not finding.items) and _at(finding, planted, copy, of=max)


def doubtful(finding: Finding, planted: Planted, copy: State) -> bool:
    """Whether a finding could be a planted error told in other words: it is of the same item or passage."""
    named = {id for target in planted.targets for id in target} | set(planted.around)
    if any(finding.items >= set(target) for target in planted.targets) or finding.items & named:
        return True
    return _at(finding, planted, copy)


def _at(finding: Finding, planted: Planted, copy: State, of: Callable[[int, int], int] = min) -> bool:
    """Whether the passages of the two share half of the shorter one, or with ``of=max`` of the longer one."""
    passage = finding.value.get("passage")
    if passage is None or planted.passage is None:
        return False
    document, start, end = planted.passage
    if finding.value["document"] not in (document, LINKS):
        return False
    for low, high in occurrences(copy.documents[document].text, passage):
        if not _in_sentence(copy, document, low, high, finding.value.get("sentence")):
            continue
        shared = min(high, end) - max(low, start)
        if 2 * shared >= of(high - low, end - start):
            return True
    return False


def occurrences(text: str, passage: str) -> list[tuple[int, int]]:
    """Where a passage occurs, whatever its white space and its quotation marks and apostrophes look like."""
    words = [_PLAIN.sub(_MARKS, re.escape(word)) for word in passage.split()]
    return [match.span() for match in re.finditer(r"\s+".join(words), text)] if words else []


_MARKS = "[“”„«»‹›\"‘’'‚]"
_PLAIN = re.compile(_MARKS)


def _in_sentence(copy: State, document: str, start: int, end: int, number: int | None) -> bool:
    sentences = copy.documents[document].sentences
    if number is None or not 0 < number <= len(sentences):
        return True
    low, high = sentences[number - 1]
    return start < high and low < end


def assign(
    findings: Sequence[Finding], planted: Sequence[Planted], copy: State
) -> tuple[dict[int, str], dict[int, str]]:
    """Which finding is which planted error, and which findings tell again what others have told.

    Each planted error is given one finding and each finding one error, so that as many as can be are found
    (augmenting paths; H. W. Kuhn, Naval Research Logistics Quarterly 2, 1955).
    """
    fits = {f.number: [p.id for p in planted if exact(f, p, copy)] for f in findings}
    owner: dict[str, int] = {}

    def place(number: int, tried: set[str]) -> bool:
        for id in fits[number]:
            if id not in tried:
                tried.add(id)
                if id not in owner or place(owner[id], tried):
                    owner[id] = number
                    return True
        return False

    for finding in findings:
        place(finding.number, set())
    told = {number: id for id, number in owner.items()}
    again = {f.number: fits[f.number][0] for f in findings if f.number not in told and fits[f.number]}
    return told, again


def possible(finding: Finding, key: SealedKey, copy: State) -> list[str]:
    """The planted errors that a finding could be, for the adjudicator to say."""
    return [planted.id for planted in key.planted if doubtful(finding, planted, copy)]
