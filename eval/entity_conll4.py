"""Entities, conll4: strict over the four types of CoNLL-2003.

Lets a tagger trained on PER, ORG, LOC and MISC be measured: both sides are projected and then scored as
in :mod:`vostochny.eval.entity_strict`. PERSON → PER; ORG → ORG; GPE, LOC, FAC → LOC; NORP, PRODUCT,
EVENT, WORK_OF_ART, LAW, LANGUAGE → MISC; the seven value types (DATE … CARDINAL), which CoNLL-2003 does
not have, are dropped on both sides.
"""

from __future__ import annotations

from dataclasses import replace

from vostochny.eval.counts import Counts
from vostochny.eval.entity_strict import entity_strict
from vostochny.eval.items import Case, MentionItem

CONLL4 = {
    "PERSON": "PER",
    "ORG": "ORG",
    "GPE": "LOC",
    "LOC": "LOC",
    "FAC": "LOC",
    "NORP": "MISC",
    "PRODUCT": "MISC",
    "EVENT": "MISC",
    "WORK_OF_ART": "MISC",
    "LAW": "MISC",
    "LANGUAGE": "MISC",
}
"""OntoNotes type → CoNLL-2003 type; types that are not here are dropped."""


def entity_conll4(case: Case[MentionItem]) -> Counts:
    """Strict counts after the projection."""
    return entity_strict(replace(case, gold=_project(case.gold), predicted=_project(case.predicted)))


def _project(mentions: tuple[MentionItem, ...]) -> tuple[MentionItem, ...]:
    return tuple(replace(m, type=CONLL4[m.type]) for m in mentions if m.type in CONLL4)
