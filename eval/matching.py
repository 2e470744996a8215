"""Pairs of gold and predicted items, by equality or by overlap, and their counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from fractions import Fraction
from hashlib import sha256

from vostochny.eval.alignment import Credit, Pair, align_pairs
from vostochny.eval.counts import Counts, Tally
from vostochny.eval.items import Case, ItemT, Key, Tokens


def iou(left: Tokens, right: Tokens) -> Fraction:
    """Intersection over union of two token sets (Jaccard, 1912), exact; at least one must not be empty."""
    return Fraction(len(left & right), len(left | right))


def equal_pairs(case: Case[ItemT], key: Callable[[ItemT], Hashable]) -> list[Pair]:
    """One-to-one pairs of items with equal keys, as many as there can be."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for j, item in enumerate(case.predicted):
        waiting[key(item)].append(j)
    pairs = []
    for i, item in enumerate(case.gold):
        if free := waiting[key(item)]:
            pairs.append((i, free.pop(0)))
    return pairs


def best_pairs(case: Case[ItemT], credit: Callable[[ItemT, ItemT], Credit | None]) -> list[Pair]:
    """The alignment (:func:`~vostochny.eval.alignment.align`) of the items that share a token.

    ``credit`` gives the credit of a gold and a predicted item, or None if the two may not be aligned. What is
    still tied after it is decided by a digest of the two items, which is the same whichever of them is called
    gold: so the alignment depends neither on the order of the items nor on which side is the reference.
    """
    holders: dict[int, list[int]] = defaultdict(list)
    for j, item in enumerate(case.predicted):
        for token in item.tokens:
            holders[token].append(j)
    credits: dict[Pair, Credit] = {}
    for i, gold in enumerate(case.gold):
        for j in sorted({j for token in gold.tokens for j in holders[token]}):
            value = credit(gold, case.predicted[j])
            if value is not None:
                credits[i, j] = value
    few = min(len(case.gold), len(case.predicted))
    return align_pairs([*credits], _worth([*credits.values()], few), lambda i, j: credits[i, j], lots(case))


def _worth(credits: Sequence[Credit], few: int) -> list[float]:
    """The first element of each credit; where that is whole, the first two in one number."""
    if not all(isinstance(value[0], int) and len(value) > 1 for value in credits):
        return [float(value[0]) for value in credits]
    step = few * max((value[1] for value in credits), default=0) + 1
    return [float(step * value[0] + value[1]) for value in credits]


def lots(case: Case[ItemT]) -> Callable[[int, int], int]:
    """The lot that a gold and a predicted item draw, by their places."""
    ours: dict[int, _Drawer] = {}
    theirs: dict[int, _Drawer] = {}

    def drawn(i: int, j: int) -> int:
        if i not in ours:
            ours[i] = _Drawer(case.gold[i].key)
        if j not in theirs:
            theirs[j] = _Drawer(case.predicted[j].key)
        return _drawn(ours[i], theirs[j])

    return drawn


def lot(left: Key, right: Key) -> int:
    """A number from 1 to 2³² that two items of these keys draw, the same both ways round."""
    return _drawn(_Drawer(left), _Drawer(right))


class _Drawer:
    """An item's key, written out once for all the lots that it draws."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.text = repr(key)


def _drawn(left: _Drawer, right: _Drawer) -> int:
    first, second = (left, right) if left.key <= right.key else (right, left)
    drawn = sha256(f"[{first.text}, {second.text}]".encode()).digest()
    return 1 + int.from_bytes(drawn[:4], "big")


def tally(
    case: Case[ItemT],
    pairs: Iterable[Pair],
    credit: Callable[[ItemT, ItemT], float] = lambda _gold, _other: 1.0,
) -> Counts:
    """Counts in which every item is one unit and every pair earns ``credit`` on both sides."""
    out = Tally(case.n_blocks)
    enter(out, case.gold, case.predicted)
    for i, j in pairs:
        gold, other = case.gold[i], case.predicted[j]
        out.hit(gold.block, other.block, credit(gold, other))
    return out.counts


def tally_tokens(case: Case[ItemT], pairs: Iterable[Pair], part: Callable[[ItemT], Tokens]) -> Counts:
    """Counts in tokens: all tokens of a ``part`` of the items, and those that aligned items share."""
    out = Tally(case.n_blocks)
    for item in case.gold:
        out.gold(item.block, len(part(item)))
    for item in case.predicted:
        out.predicted(item.block, len(part(item)))
    for i, j in pairs:
        gold, other = case.gold[i], case.predicted[j]
        out.hit(gold.block, other.block, len(part(gold) & part(other)))
    return out.counts


def enter(out: Tally, gold: Sequence[ItemT], predicted: Sequence[ItemT]) -> None:
    """Enter each item as one unit."""
    for item in gold:
        out.gold(item.block)
    for item in predicted:
        out.predicted(item.block)
