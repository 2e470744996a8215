"""Who answers for whom: the alignments behind the scores, told by the ids of the annotations.

A reader of scores wants to see the hits and misses themselves. They are those of the measures: mentions by
the alignment of :mod:`vostochny.eval.entity_errors`, quotes by the loose one of
:mod:`vostochny.eval.quote_alignment` (of the content token-F1), claims by IoU > 0.5 or the threshold
given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vostochny.eval.alignment import Pair
from vostochny.eval.claim_alignment import claim_pairs
from vostochny.eval.entity_errors import error_pairs
from vostochny.eval.items import Case, ItemReader, ItemT
from vostochny.eval.matching import iou
from vostochny.eval.options import DEFAULTS, Options
from vostochny.eval.quote_alignment import loose_pairs
from vostochny.schema.model import Document, Layer
from vostochny.schema.registry import Resolver


@dataclass(frozen=True, slots=True)
class Partner:
    """A gold item's id, the id of the predicted item that answers for it, and how well it does.

    ``gold`` is None for what is spurious, ``predicted`` for what is missed; ``overlap`` is the intersection
    over union of their tokens, 0 without a partner. ``differ`` names the labels that are not the same.
    """

    gold: str | None
    predicted: str | None
    overlap: Fraction = Fraction(0)
    differ: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether both cover the same tokens."""
        return self.overlap == 1


_LABELS = {
    "mentions": ("type",),
    "quotes": ("speaker", "kind", "medium", "polarity", "status", "cue", "source"),
    "claims": ("claimer", "voice", "type", "polarity", "certainty"),
}


def partners(
    document: Document,
    gold: Layer,
    predicted: Layer,
    resolver: Resolver,
    options: Options = DEFAULTS,
) -> dict[str, list[Partner]]:
    """All items of two layers of a document by part: first the aligned pairs, then missed, then spurious.

    A part that either layer leaves out was not done and is left out here. ``resolver`` knows the names of
    speakers and claimers; the matching ``options`` are those of the scores. The layers must be ones that
    :func:`vostochny.eval.score` accepts.
    """
    reader = ItemReader(document, resolver, options)
    limits = options.overlap
    out: dict[str, list[Partner]] = {}
    if gold.mentions is not None and predicted.mentions is not None:
        ours, theirs = reader.mentions(gold.mentions), reader.mentions(predicted.mentions)
        out["mentions"] = _told(
            Case(reader.n_blocks, ours, theirs), lambda case: error_pairs(case, limits.entities), "mentions"
        )
    if gold.quotes is not None and predicted.quotes is not None:
        said, found = reader.quotes(gold.quotes), reader.quotes(predicted.quotes)
        out["quotes"] = _told(Case(reader.n_blocks, said, found), loose_pairs, "quotes")
    if gold.claims is not None and predicted.claims is not None:
        held, seen = reader.claims(gold.claims), reader.claims(predicted.claims)
        out["claims"] = _told(
            Case(reader.n_blocks, held, seen), lambda case: claim_pairs(case, limits.claims), "claims"
        )
    return out


def _told(case: Case[ItemT], pairs_of: Callable[[Case[ItemT]], Sequence[Pair]], part: str) -> list[Partner]:
    pairs = pairs_of(case)
    out = []
    for i, j in pairs:
        one, other = case.gold[i], case.predicted[j]
        differ = tuple(name for name in _LABELS[part] if getattr(one, name) != getattr(other, name))
        out.append(Partner(one.id, other.id, iou(one.tokens, other.tokens), differ))
    missed = sorted(set(range(len(case.gold))) - {i for i, _ in pairs})
    spurious = sorted(set(range(len(case.predicted))) - {j for _, j in pairs})
    out += [Partner(case.gold[i].id, None) for i in missed]
    out += [Partner(None, case.predicted[j].id) for j in spurious]
    return out
