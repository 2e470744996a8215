"""What differs between two layers of one document, item by item.

Items are paired one-to-one by the overlap of their tokens, with the greatest total intersection over
union; a pair whose decisions are all equal is no difference. Names of speakers and claimers are
resolved first, references between items are compared through the pairing. A proposition's wording
is not compared: two readers who mean the same word it differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import cached_property
from hashlib import sha256

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
    """One-to-one pairs of overlapping items of one kind, with the greatest sum of token overlap (IoU).

    What is tied goes to items that have more in common, then to a lot that both draw: the pairs depend
    neither on the order of the items nor on which side is the left one.
    """
    return align(overlaps(left, right, index))


def overlaps(
    left: Sequence[Item], right: Sequence[Item], index: TextIndex
) -> dict[tuple[int, int], tuple[Fraction, int, int, int]]:
    """The pairs of items of one kind that share a token, each with its credit for being one item."""
    ours = [index.tokens_of(spans_of(item)) for item in left]
    theirs = [index.tokens_of(spans_of(item)) for item in right]
    return {
        (i, j): (Fraction(len(a & b), len(a | b)), *_affinity(left[i], right[j]))
        for i, a in enumerate(ours)
        for j, b in enumerate(theirs)
        if a & b
    }


def _affinity(left: Item, right: Item) -> tuple[int, int, int]:
    # Of nested quotes with equal content, those with the same source belong together.
    ours, theirs = traits(left), traits(right)
    twins = isinstance(left, Quote) and isinstance(right, Quote) and ours["source"] == theirs["source"]
    alike = sum(value == theirs.get(name) for name, value in ours.items())
    drawn = sha256(repr(sorted([repr(ours), repr(theirs)])).encode()).digest()
    return int(twins), alike, 1 + int.from_bytes(drawn[:4], "big")


def traits(item: Item) -> dict[str, object]:
    """What an item says apart from its id, its references to other items and the wording of propositions."""
    out: dict[str, object] = {}
    for field in fields(item):
        if field.name in ("id", "text", "within", "quote", "proposition"):
            continue
        value = getattr(item, field.name)
        if isinstance(value, Span):
            value = (value.start, value.end)
        elif isinstance(value, tuple):
            value = tuple((span.start, span.end) for span in value)
        out[field.name] = value
    return out


def differences(
    left: Layer, right: Layer, document: Document, resolver: Resolver, kinds: Iterable[str] = KINDS
) -> list[Difference]:
    """All differences between two layers of ``document``, in text order within each kind."""
    comparison = Comparison(document, resolver)
    pairs = {kind: pair_items(part_of(left, kind), part_of(right, kind), comparison.index) for kind in KINDS}
    names = {part_of(left, "quotes")[i].id: part_of(right, "quotes")[j].id for i, j in pairs["quotes"]}
    out: list[Difference] = []
    for kind in kinds:
        ours, theirs = part_of(left, kind), part_of(right, kind)
        found = []
        for i, j in pairs[kind]:
            if unequal := comparison.unequal(_renamed(ours[i], names), theirs[j]):
                found.append(Difference(kind, ours[i], theirs[j], unequal))
        paired_left, paired_right = {i for i, _ in pairs[kind]}, {j for _, j in pairs[kind]}
        found += [Difference(kind, a, None, ("item",)) for i, a in enumerate(ours) if i not in paired_left]
        found += [Difference(kind, None, b, ("item",)) for j, b in enumerate(theirs) if j not in paired_right]
        out += sorted(found, key=_start)
    return out


def _renamed(item: Item, names: Mapping[str, str]) -> Item:
    # An unpaired quote has no name in the other layer: a reference to it equals none there.
    return with_references(item, {name: names.get(name, "") for name in references(item)})


def _start(difference: Difference) -> int:
    item = difference.left or difference.right
    assert item is not None  # a difference has at least one side
    return spans_of(item)[0].start


def part_of(layer: Layer, kind: str) -> tuple[Item, ...]:
    """The items of a kind; none where the part was not done."""
    part: tuple[Item, ...] | None = getattr(layer, kind)
    return part or ()


def references(item: Item) -> tuple[str, ...]:
    """The ids of the quotes that an item refers to: the outer one of a quote, the one a claim lies in."""
    named = item.within if isinstance(item, Quote) else item.quote if isinstance(item, Claim) else None
    return () if named is None else (named,)


def with_references(item: Item, names: Mapping[str, str | None]) -> Item:
    """The item with its references renamed; those that are not in ``names`` stay."""
    if isinstance(item, Quote) and item.within is not None:
        return replace(item, within=names.get(item.within, item.within))
    if isinstance(item, Claim) and item.quote is not None:
        return replace(item, quote=names.get(item.quote, item.quote))
    return item


@dataclass(frozen=True)
class Comparison:
    """Compares items of one document by their decisions."""

    document: Document
    resolver: Resolver

    @cached_property
    def index(self) -> TextIndex:
        """The document's tokens."""
        return TextIndex(self.document)

    def unequal(self, left: Item, right: Item) -> tuple[str, ...]:
        """The fields in which two items of one kind differ; ids and wording do not count.

        References are compared as they stand, so both sides have to use the same names.
        """
        ours, theirs = self._stated(left), self._stated(right)
        return tuple(field for field, value in ours.items() if value != theirs[field])

    def _stated(self, item: Item) -> dict[str, object]:
        if isinstance(item, Quote):
            return {
                "content": self._tokens(item.content),
                "verbatim": self._tokens(verbatim_of(self.document, item)),
                "source": self._tokens([item.source]),
                "cue": self._tokens(item.cue),
                "speaker": self._name(item.speaker),
                **{key: getattr(item, key) for key in ("within", "medium", "polarity", "status")},
            }
        if isinstance(item, Claim):
            return {
                "spans": self._tokens(item.spans),
                "claimer": self._name(item.claimer),
                **{key: getattr(item, key) for key in ("quote", "voice", "type", "polarity", "certainty")},
            }
        if isinstance(item, Mark):
            return {"span": (item.start, item.end), "role": item.role}
        return {
            "span": (item.start, item.end),
            "type": item.type,
            "entity": self._name(item.entity),
            "metonym_for": self._name(item.metonym_for),
        }

    def _tokens(self, spans: Iterable[Span | None]) -> frozenset[int]:
        return self.index.tokens_of(span for span in spans if span is not None)

    def _name(self, value: str | None) -> str | None:
        return None if value is None else self.resolver.resolve(value)
