"""What became of each gold and each predicted item: exactly one category for every one of them.

The categories of spans, of which each item gets one:

* ``correct``: an aligned pair that the scorer counts as a hit: mentions with the same tokens and type, quotes
  with the same content tokens, claims aligned by the measure *span* (IoU > 0.5);
* ``boundary``: an aligned pair with the same type and other tokens;
* ``type``: the same tokens, another type (mentions only);
* ``boundary+type``: other tokens and another type (mentions only);
* ``split``: one gold item in several pieces: the predicted item of an aligned pair that is not correct, and
  predicted items without partner;
* ``merged``: several gold items in one, the mirror image: with gold and predicted exchanged, what was split
  is merged;
* ``missed``: a gold item for which nothing of this answers; ``spurious``: such a predicted item.

Pieces are items of which more than half of the tokens lie in the whole, that share no token with each other,
and there are at least two. A piece belongs to the whole with which it has the greatest IoU. Split and
merged go before boundary and type; where a pair would be both, it is neither: its boundaries are wrong, and
what else lies in it is missed or spurious. An item nested in another thus is no piece of it, a duplicate is
spurious, and a hit stays one whatever else overlaps it.

The pairs are those of the measures: :func:`~vostochny.eval.entity_errors.error_pairs`,
:func:`~vostochny.eval.quote_alignment.loose_pairs`, :func:`~vostochny.eval.claim_alignment.claim_pairs`;
claims that are left over, but share a token, are aligned by IoU. So, with the measure of :data:`MEASURES`,

    correct = tp    Σ gold of the other categories = fn    Σ predicted of the other categories = fp

but for items that could not be read, which are false positives and of no category.

Boundary, type, both, missed and spurious are the errors of Manning ("Doing Named Entity Recognition? Don't
optimize for F1", blog post, 2006); in MUC's and SemEval-2013's terms (Chinchor & Sundheim, "MUC-5 evaluation
metrics", 1993) they are INC or PAR, INC, INC, MIS and SPU. TIDE (Bolya et al., "TIDE: A general toolbox for
identifying object detection errors", ECCV 2020) has the same for boxes: Loc, Cls, Both, Miss, and Bkg with
Dupe. A correct quote is a strict hit of Pareti et al. ("Automatically detecting and attributing indirect
quotations", EMNLP 2013); their partial ones are boundary, split or merged here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from vostochny.eval.alignment import Pair
from vostochny.eval.items import Case, Item, ItemT, Tokens
from vostochny.eval.matching import best_pairs, iou
from vostochny.eval.task_counts import Path

CORRECT, MISSED, SPURIOUS = "correct", "missed", "spurious"
BOUNDARY, TYPE, BOTH, SPLIT, MERGED = "boundary", "type", "boundary+type", "split", "merged"

SPAN_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "entities": (CORRECT, BOUNDARY, TYPE, BOTH, SPLIT, MERGED, MISSED, SPURIOUS),
    "quotes": (CORRECT, BOUNDARY, SPLIT, MERGED, MISSED, SPURIOUS),
    "claims": (CORRECT, BOUNDARY, SPLIT, MERGED, MISSED, SPURIOUS),
}
"""Each task's categories, in the order in which they are reported."""

MEASURES: Mapping[str, Path] = {
    "entities": ("strict",),
    "quotes": ("content_strict",),
    "claims": ("span",),
}
"""The measure of each task whose counts the categories add up to."""


@dataclass(frozen=True, slots=True)
class SpanCase:
    """A category and the places of the items that are in it: one and one, one and several, or one alone."""

    category: str
    gold: tuple[int, ...]
    predicted: tuple[int, ...]


def span_cases(
    case: Case[ItemT],
    hits: Sequence[Pair],
    near: Sequence[Pair],
    kind: Callable[[ItemT], str] = lambda _item: "",
) -> list[SpanCase]:
    """One document's items by category, each of them once.

    ``hits`` are the aligned pairs that count as correct, ``near`` the others; ``kind`` is an item's type
    where that matters.
    """
    aligned = [*hits, *near]
    missed = sorted(set(range(len(case.gold))) - {i for i, _ in aligned})
    spurious = sorted(set(range(len(case.predicted))) - {j for _, j in aligned})
    # The further pieces of a pair's gold item, and of its predicted item, by place.
    of_gold = _pieces(near, case.gold, case.predicted, spurious)
    of_predicted = _pieces([(j, i) for i, j in near], case.predicted, case.gold, missed)
    out = [SpanCase(CORRECT, (i,), (j,)) for i, j in hits]
    for i, j in near:
        gold, other = case.gold[i], case.predicted[j]
        if i in of_gold and j not in of_predicted:
            out.append(SpanCase(SPLIT, (i,), (j, *of_gold[i])))
        elif j in of_predicted and i not in of_gold:
            out.append(SpanCase(MERGED, (i, *of_predicted[j]), (j,)))
        elif kind(gold) == kind(other):
            out.append(SpanCase(BOUNDARY, (i,), (j,)))
        else:
            out.append(SpanCase(TYPE if gold.tokens == other.tokens else BOTH, (i,), (j,)))
    answered = {i for each in out for i in each.gold}
    accounted = {j for each in out for j in each.predicted}
    out += [SpanCase(MISSED, (i,), ()) for i in missed if i not in answered]
    out += [SpanCase(SPURIOUS, (), (j,)) for j in spurious if j not in accounted]
    return out


def rest_pairs(case: Case[ItemT], pairs: Sequence[Pair]) -> list[Pair]:
    """What an alignment has left over, aligned by IoU."""
    left = sorted(set(range(len(case.gold))) - {i for i, _ in pairs})
    right = sorted(set(range(len(case.predicted))) - {j for _, j in pairs})
    rest = replace(
        case, gold=tuple(case.gold[i] for i in left), predicted=tuple(case.predicted[j] for j in right)
    )
    found = best_pairs(rest, lambda gold, other: (iou(gold.tokens, other.tokens),))
    return [(left[i], right[j]) for i, j in found]


def _pieces(
    pairs: Sequence[Pair], wholes: Sequence[Item], items: Sequence[Item], free: Sequence[int]
) -> dict[int, tuple[int, ...]]:
    """The free items that are pieces of a whole beside its partner, by the place of the whole.

    ``pairs`` are of wholes and items, by place.
    """
    holders: dict[int, list[Pair]] = defaultdict(list)
    for whole, partner in pairs:
        if _mostly_in(items[partner].tokens, wholes[whole].tokens):
            for token in wholes[whole].tokens:
                holders[token].append((whole, partner))
    out: dict[int, tuple[int, ...]] = {}
    taken: dict[int, set[int]] = {}
    for n in free:
        tokens = items[n].tokens
        # The first of those that are equally near, in canonical order.
        homes = sorted({home for token in tokens for home in holders[token]})
        homes = [home for home in homes if _mostly_in(tokens, wholes[home[0]].tokens)]
        if not homes:
            continue
        whole, partner = max(homes, key=lambda home: iou(tokens, wholes[home[0]].tokens))
        seen = taken.setdefault(whole, set(items[partner].tokens))
        if seen.isdisjoint(tokens):
            seen |= tokens
            out[whole] = (*out.get(whole, ()), n)
    return out


def _mostly_in(piece: Tokens, whole: Tokens) -> bool:
    return 2 * len(piece & whole) > len(piece)
