"""Agreement on how renderings of an utterance differ.

Annotators compare the renderings of an utterance with its first member. Where both compared the same two
quotes, their differences are aligned one-to-one by the share of text that their spans have in common
(intersection over union of code points, both spans together; at least one shared), ties going to
equal types. F1 says how many differences both saw, accuracy and κ whether they typed them alike. An
omission seen from the other rendering is an addition; both are brought into one direction first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from vostochny.eval.alignment import Credit, Pair, align
from vostochny.eval.nominal import Contingency
from vostochny.schema.model import Difference, Links, Passage, Ref

_FLIPPED = {"omission": "addition", "addition": "omission"}

Renderings = tuple[Ref, Ref]
Typed = tuple[str, tuple[Passage, Passage]]


def difference_agreement(a: Links, b: Links) -> dict[str, Any]:
    """``{"pairs", "a", "b", "aligned", "f1", "types": {"n", "accuracy", "kappa", "confusion"}}``.

    ``pairs`` is the number of pairs of quotes that both compared, ``a`` and ``b`` the differences that each
    noted there. F1 is None where nobody noted any.
    """
    ours, theirs = _noted(a), _noted(b)
    shared = sorted(ours.keys() & theirs.keys())
    typed: list[tuple[int, str, str]] = []
    for renderings in shared:
        left, right = ours[renderings], theirs[renderings]
        typed += [(0, left[i][0], right[j][0]) for i, j in _aligned(left, right)]
    n_a, n_b = (sum(len(noted[pair]) for pair in shared) for noted in (ours, theirs))
    table = Contingency.of(typed)
    return {
        "pairs": len(shared),
        "a": n_a,
        "b": n_b,
        "aligned": table.n,
        "f1": 2 * table.n / (n_a + n_b) if n_a + n_b else None,
        "types": {
            "n": table.n,
            "accuracy": table.accuracy,
            "kappa": table.kappa,
            "confusion": table.nested(),
        },
    }


def _noted(links: Links) -> Mapping[Renderings, list[Typed]]:
    """The differences by the two quotes compared, in one direction."""
    out: dict[Renderings, list[Typed]] = defaultdict(list)
    for utterance in links.utterances or ():
        first, *others = utterance.members
        for other in others:
            out[min(first, other), max(first, other)] += ()
        for difference in utterance.differences:
            renderings, typed = _directed(difference)
            out[renderings].append(typed)
    return out


def _directed(difference: Difference) -> tuple[Renderings, Typed]:
    (first, second), (here, there) = difference.members, difference.spans
    if first <= second:
        return (first, second), (difference.type, (here, there))
    return (second, first), (_FLIPPED.get(difference.type, difference.type), (there, here))


def _aligned(left: list[Typed], right: list[Typed]) -> list[Pair]:
    credits: dict[Pair, Credit] = {}
    for i, (kind, spans) in enumerate(left):
        for j, (other, others) in enumerate(right):
            shared = sum(_overlap(x, y) for x, y in zip(spans, others, strict=True))
            if shared:
                whole = sum(span.end - span.start for span in (*spans, *others)) - shared
                credits[i, j] = (Fraction(shared, whole), int(kind == other))
    return align(credits)


def _overlap(left: Passage, right: Passage) -> int:
    if left.document != right.document:
        return 0
    return max(0, min(left.end, right.end) - max(left.start, right.start))
