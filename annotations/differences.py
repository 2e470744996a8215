"""What differs between two layers of one document, item by item.

Items are paired one-to-one by the overlap of their tokens, with the greatest total intersection over
union; a pair whose decisions are all equal is no difference. Names of speakers and claimers are
resolved first, references between items are compared through the pairing. A proposition's wording
is not compared: two readers who mean the same word it differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vostochny.eval.alignment import align
from vostochny.schema.model import Claim, Document, Layer, Mark, Mention, Quote, Span
from vostochny.schema.quotation import verbatim_of
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex

Item = Mention | Quote | Mark | Claim

KINDS = ("mentions", "quotes", "marks", "claims")
"""The kinds of items, named as the parts of a layer."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two readings of one place: the items (None where one layer has none) and the unequal fields."""

    kind: str
    left: Item | None
    right: Item | None
    fields: tuple[str, ...]


def spans_of(item: Item) -> tuple[Span, ...]:
    """The spans an item is paired by: a mention's or mark's own, a quote's content, a claim's spans."""
    if isinstance(item, Quote):
        return item.content
    if isinstance(item, Claim):
        return item.spans
    return (item.span,)


def pair_items(left: Sequence[Item], right: Sequence[Item], index: TextIndex) -> list[tuple[int, int]]:
    """One-to-one pairs of overlapping items of one kind, with the greatest sum of token overlap (IoU)."""
    ours = [index.tokens_of(spans_of(item)) for item in left]
    theirs = [index.tokens_of(spans_of(item)) for item in right]
    credits = {
        (i, j): (Fraction(len(a & b), len(a | b)), int(_twins(left[i], right[j])))
        for i, a in enumerate(ours)
        for j, b in enumerate(theirs)
        if a & b
    }
    return align(credits)


def _twins(left: Item, right: Item) -> bool:
    # Of nested quotes with equal content, those with the same source belong together.
    if not (isinstance(left, Quote) and isinstance(right, Quote)):
        return False
    places = [quote.source and (quote.source.start, quote.source.end) for quote in (left, right)]
    return places[0] == places[1]


def differences(
    left: Layer, right: Layer, document: Document, resolver: Resolver, kinds: Iterable[str] = KINDS
) -> list[Difference]:
    """All differences between two layers of ``document``, in text order within each kind."""
    index = TextIndex(document)
    pairs = {kind: pair_items(getattr(left, kind) or (), getattr(right, kind) or (), index) for kind in KINDS}
    names = {(left.quotes or ())[i].id: (right.quotes or ())[j].id for i, j in pairs["quotes"]}
    out: list[Difference] = []
    for kind in kinds:
        ours, theirs = getattr(left, kind) or (), getattr(right, kind) or ()
        found = []
        for i, j in pairs[kind]:
            if fields := _unequal(ours[i], theirs[j], document, index, resolver, names):
                found.append(Difference(kind, ours[i], theirs[j], fields))
        paired_left, paired_right = {i for i, _ in pairs[kind]}, {j for _, j in pairs[kind]}
        found += [Difference(kind, a, None, ("item",)) for i, a in enumerate(ours) if i not in paired_left]
        found += [Difference(kind, None, b, ("item",)) for j, b in enumerate(theirs) if j not in paired_right]
        out += sorted(found, key=_start)
    return out


def _start(difference: Difference) -> int:
    item = difference.left or difference.right
    assert item is not None  # a difference has at least one side
    return spans_of(item)[0].start


def _unequal(
    left: Item,
    right: Item,
    document: Document,
    index: TextIndex,
    resolver: Resolver,
    names: dict[str, str],
) -> tuple[str, ...]:
    def tokens(spans: Iterable[Span | None]) -> frozenset[int]:
        return index.tokens_of(s for s in spans if s is not None)

    def name(value: str | None) -> str | None:
        return None if value is None else resolver.resolve(value)

    def reference(value: str | None) -> str | None:
        return None if value is None else names.get(value, "")

    pairs: dict[str, tuple[object, object]] = {}
    if isinstance(left, Mention) and isinstance(right, Mention):
        pairs = {
            "span": ((left.start, left.end), (right.start, right.end)),
            "type": (left.type, right.type),
            "entity": (name(left.entity), name(right.entity)),
            "metonym_for": (name(left.metonym_for), name(right.metonym_for)),
        }
    elif isinstance(left, Mark) and isinstance(right, Mark):
        pairs = {"span": ((left.start, left.end), (right.start, right.end)), "role": (left.role, right.role)}
    elif isinstance(left, Quote) and isinstance(right, Quote):
        pairs = {
            "content": (tokens(left.content), tokens(right.content)),
            "verbatim": (tokens(verbatim_of(document, left)), tokens(verbatim_of(document, right))),
            "source": (tokens([left.source]), tokens([right.source])),
            "cue": (tokens(left.cue), tokens(right.cue)),
            "speaker": (name(left.speaker), name(right.speaker)),
            "within": (reference(left.within), right.within),
            **{key: (getattr(left, key), getattr(right, key)) for key in ("medium", "polarity", "status")},
        }
    elif isinstance(left, Claim) and isinstance(right, Claim):
        pairs = {
            "spans": (tokens(left.spans), tokens(right.spans)),
            "claimer": (name(left.claimer), name(right.claimer)),
            "quote": (reference(left.quote), right.quote),
            **{
                key: (getattr(left, key), getattr(right, key))
                for key in ("voice", "type", "polarity", "certainty")
            },
        }
    return tuple(field for field, (a, b) in pairs.items() if a != b)
