"""Entities, by type: the strict measure for each type by itself.

The strict counts add over types, so the types' counts sum to the strict counts. *Macro* F1 is the
unweighted mean of the F1 of the types that occur in gold (the "averaged F1" of Opitz & Burst, "Macro F1 and
Macro F1", arXiv:1911.03347); a predicted type that gold does not have costs precision in micro F1 but is no
member of the mean.
"""

from __future__ import annotations

from dataclasses import replace

from vostochny.eval.counts import Counts
from vostochny.eval.entity_strict import entity_strict
from vostochny.eval.items import Case, MentionItem


def entity_by_type(case: Case[MentionItem]) -> dict[str, Counts]:
    """Strict counts for each type that occurs in gold or prediction."""
    types = {m.type for m in (*case.gold, *case.predicted)}
    return {each: entity_strict(_only(case, each)) for each in sorted(types)}


def _only(case: Case[MentionItem], each: str) -> Case[MentionItem]:
    return replace(
        case,
        gold=tuple(m for m in case.gold if m.type == each),
        predicted=tuple(m for m in case.predicted if m.type == each),
    )
