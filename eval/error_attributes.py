"""What is wrong with items that were found: speakers, claimers, voices and the other labels and parts.

These are asked of the pairs of which the scorer asks them, quotes and claims aligned with IoU > 0.5 or
another threshold (:func:`~vostochny.eval.quote_alignment.close_pairs`,
:func:`~vostochny.eval.claim_alignment.claim_pairs`). Each is asked by itself: a pair may be wrong in several,
and is counted once in each. Errors of a label are n - correct of its table in the report; errors of
speakers and claimers are those of ``speaker_accuracy`` and ``claimer_accuracy`` and, which these tables
leave out, the superfluous ones.

Wrong speakers and claimers come in the kinds of :mod:`vostochny.eval.error_speakers`. Cue and source may be
``missing``, ``superfluous``, at other ``boundary``, or ``elsewhere``; nesting (is the quote's outer quote the
aligned one?) ``missing``, ``superfluous`` or ``other``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vostochny.eval.alignment import Pair
from vostochny.eval.error_speakers import CLAIMER_KINDS, SPEAKER_KINDS, Attributions
from vostochny.eval.items import Case, ClaimItem, QuoteItem, Tokens

_PART_KINDS = ("missing", "superfluous", "boundary", "elsewhere")

ATTRIBUTE_KINDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "entities": {},
    "quotes": {
        "speaker": SPEAKER_KINDS,
        "kind": (),
        "medium": (),
        "polarity": (),
        "status": (),
        "cue": _PART_KINDS,
        "source": _PART_KINDS,
        "nesting": ("missing", "superfluous", "other"),
    },
    "claims": {"claimer": CLAIMER_KINDS, "voice": (), "type": (), "polarity": (), "certainty": ()},
}
"""Each task's attributes and the kinds of their errors, in the order in which they are reported."""


@dataclass(frozen=True, slots=True)
class AttributeCase:
    """A wrong attribute of a pair, given by its places; the first of ``kinds``, if any, is its kind."""

    attribute: str
    gold: int
    predicted: int
    kinds: tuple[str, ...] = ()


def quote_errors(
    case: Case[QuoteItem], close: Sequence[Pair], attributions: Attributions
) -> list[AttributeCase]:
    """The wrong attributes of the aligned quotes of a document."""
    partner = dict(close)
    out = []
    for i, j in close:
        gold, other = case.gold[i], case.predicted[j]
        if gold.speaker != other.speaker:
            out.append(AttributeCase("speaker", i, j, attributions.speaker(gold, other)))
        out += [
            AttributeCase(name, i, j)
            for name in ("kind", "medium", "polarity", "status")
            if getattr(gold, name) != getattr(other, name)
        ]
        for name, ours, theirs in (("cue", gold.cue, other.cue), ("source", gold.source, other.source)):
            if ours != theirs:
                out.append(AttributeCase(name, i, j, (_part(ours, theirs),)))
        linked = (
            gold.parent is not None and other.parent is not None and partner.get(gold.parent) == other.parent
        )
        if (gold.nested or other.nested) and not linked:
            kind = "missing" if not other.nested else "other" if gold.nested else "superfluous"
            out.append(AttributeCase("nesting", i, j, (kind,)))
    return out


def claim_errors(
    case: Case[ClaimItem], pairs: Sequence[Pair], attributions: Attributions
) -> list[AttributeCase]:
    """The wrong attributes of the aligned claims of a document."""
    out = []
    for i, j in pairs:
        gold, other = case.gold[i], case.predicted[j]
        if gold.claimer != other.claimer:
            out.append(AttributeCase("claimer", i, j, attributions.claimer(gold, other)))
        out += [
            AttributeCase(name, i, j)
            for name in ("voice", "type", "polarity", "certainty")
            if getattr(gold, name) != getattr(other, name)
        ]
    return out


def _part(gold: Tokens, other: Tokens) -> str:
    if not other:
        return "missing"
    if not gold:
        return "superfluous"
    return "boundary" if gold & other else "elsewhere"
