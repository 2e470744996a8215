"""Pairs of gold and predicted items, by equality or by overlap, and their counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from hashlib import sha256
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from vostochny.eval.alignment import Credit, Pair, align_pairs
from vostochny.eval.counts import N_GOLD, N_PRED, TP_GOLD, TP_PRED, Counts
from vostochny.eval.items import Case, ItemT, Key, Tokens
from vostochny.eval.nominal import Contingency
from vostochny.eval.overlaps import Floats, Ints, Overlaps

Values = NDArray[np.int64] | NDArray[np.float64]
"""Numbers of tokens, or credits."""


def iou(left: Tokens, right: Tokens) -> Fraction:
    """Intersection over union of two token sets (Jaccard, 1912), exact; at least one must not be empty."""
    return Fraction(len(left & right), len(left | right))


def equal_pairs(case: Case[ItemT], key: Callable[[ItemT], Hashable]) -> list[Pair]:
    """One-to-one pairs of items with equal keys, as many as there can be."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    # Backwards, so that the first one is the last of its list.
    for j, there in reversed([*enumerate(case.theirs.keyed(key))]):
        waiting[there].append(j)
    pairs = []
    for i, there in enumerate(case.ours.keyed(key)):
        if free := waiting.get(there):
            pairs.append((i, free.pop()))
    return pairs


def best_pairs(case: Case[ItemT], credit: Callable[[ItemT, ItemT], Credit | None]) -> list[Pair]:
    """The alignment (:func:`~vostochny.eval.alignment.align`) of the items that share a token.

    ``credit`` gives the credit of a gold and a predicted item, or None if the two may not be aligned. What is
    still tied after it is decided by a digest of the two items, which is the same whichever of them is called
    gold: so the alignment depends neither on the order of the items nor on which side is the reference.
    """
    credits: dict[Pair, Credit] = {}
    for i, j in zip(case.overlaps.gold.tolist(), case.overlaps.predicted.tolist(), strict=True):
        value = credit(case.gold[i], case.predicted[j])
        if value is not None:
            credits[i, j] = value
    few = min(len(case.gold), len(case.predicted))
    return align_pairs([*credits], _worth([*credits.values()], few), lambda i, j: credits[i, j], lots(case))


def likest_pairs(
    case: Case[ItemT],
    found: Overlaps,
    worth: Floats,
    credit: Callable[[ItemT, ItemT], Credit],
    *,
    many: bool = False,
) -> list[Pair]:
    """The alignment of the items that ``found`` holds, with ties decided as in :func:`best_pairs`.

    ``credit`` is asked only where it decides something. ``worth`` (``[n]``) is its first element as floating
    point numbers; with ``many`` its second, the first being 1: as many pairs as possible, then the worthiest.
    """
    if not len(found):
        return []
    if many:
        worth = worth + min(len(case.gold), len(case.predicted)) * worth.max() + 1
    there = np.stack([found.gold, found.predicted], axis=1)
    return align_pairs(there, worth, lambda i, j: credit(case.gold[i], case.predicted[j]), lots(case))


def _worth(credits: Sequence[Credit], few: int) -> list[float]:
    """The first element of each credit; where that is whole, the first two in one number."""
    if not all(isinstance(value[0], int) and len(value) > 1 for value in credits):
        return [float(value[0]) for value in credits]
    step = few * max((value[1] for value in credits), default=0) + 1
    return [float(step * value[0] + value[1]) for value in credits]


class Drawing(Generic[ItemT]):
    """The lots of a case's items, by their places (:class:`~vostochny.eval.alignment.Lots`)."""

    def __init__(self, case: Case[ItemT]) -> None:
        self._items = case.gold, case.predicted
        self._drawers: tuple[dict[int, _Drawer], dict[int, _Drawer]] = {}, {}

    def __call__(self, gold: int, predicted: int) -> int:
        """The lot that two items draw."""
        return _drawn(self._drawer(0, gold), self._drawer(1, predicted))

    def kind(self, side: int, place: int) -> str:
        """The item's key, written out: all that is scored of it."""
        return self._drawer(side, place).text

    def _drawer(self, side: int, place: int) -> _Drawer:
        drawers = self._drawers[side]
        if place not in drawers:
            drawers[place] = _Drawer(self._items[side][place].key)
        return drawers[place]


def lots(case: Case[ItemT]) -> Drawing[ItemT]:
    """The lots of a case's items."""
    return Drawing(case)


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


def tally(case: Case[ItemT], pairs: Sequence[Pair], credit: Values | None = None) -> Counts:
    """Counts in which every item is one unit and a pair earns ``credit`` (``[n_pairs]``; 1) on both sides."""
    return counted(case, pairs, None, None, credit, credit)


def tally_tokens(case: Case[ItemT], pairs: Sequence[Pair], part: Callable[[ItemT], Tokens]) -> Counts:
    """Counts in tokens: all tokens of a ``part`` of the items, and those that aligned items share."""
    shared = (len(part(case.gold[i]) & part(case.predicted[j])) for i, j in pairs)
    hits = np.fromiter(shared, np.int64, len(pairs))
    ours, theirs = (side.whole(len(part(item)) for item in side.items) for side in (case.ours, case.theirs))
    return counted(case, pairs, ours, theirs, hits, hits)


def counted(
    case: Case[ItemT],
    pairs: Sequence[Pair],
    gold: Values | None,
    predicted: Values | None,
    gold_credit: Values | None,
    predicted_credit: Values | None,
) -> Counts:
    """Counts by block: what each item is worth (``[n_items]``), and what each pair earns (``[n_pairs]``).

    None stands for 1 each. A pair earns in the block of its gold and in that of its predicted item.
    """
    i, j = ends(pairs)
    sums = {
        TP_PRED: (case.theirs.block[j], predicted_credit),
        N_PRED: (case.theirs.block, predicted),
        TP_GOLD: (case.ours.block[i], gold_credit),
        N_GOLD: (case.ours.block, gold),
    }
    values = np.zeros((case.n_blocks, 4))
    for column, (blocks, weights) in sums.items():
        values[:, column] = np.bincount(blocks, weights, minlength=case.n_blocks)
    return Counts(values)


def ends(pairs: Sequence[Pair]) -> tuple[Ints, Ints]:
    """Gold's and the predicted places of pairs (``[n_pairs]`` each)."""
    there = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return there[:, 0], there[:, 1]


def label_table(
    case: Case[ItemT],
    pairs: Sequence[Pair],
    gold: Callable[[ItemT], str | None],
    other: Callable[[ItemT], str],
) -> Contingency:
    """The labels of aligned items, in the gold item's block; pairs whose gold item has None are left out."""
    chosen = [(i, j) for i, j in pairs if gold(case.gold[i]) is not None]
    ours = [gold(case.gold[i]) or "" for i, _ in chosen]
    theirs = [other(case.predicted[j]) for _, j in chosen]
    labels = sorted({*ours, *theirs})
    code = {label: n for n, label in enumerate(labels)}
    left, right = (np.fromiter(map(code.__getitem__, side), np.int64, len(side)) for side in (ours, theirs))
    return Contingency.of_codes(case.ours.block[ends(chosen)[0]], left, right, labels)
