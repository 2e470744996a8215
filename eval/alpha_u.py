"""Krippendorff's α_u for unitizing: do annotators find the same sections of a continuum, at the same places?

A continuum of L units of length (tokens, say) is cut by each of m annotators into sections of a category c
and the gaps between them. A section starts at b and is l long. Two annotators' sections that share something
differ by how far their ends lie apart, δ² = (b_1 - b_2)² + (b_1 + l_1 - b_2 - l_2)²; a section that lies in
the other's gap differs by δ² = l². With N the number of all annotators' sections of the category,

    D_o = Σ_{i≠j} Σ_{g,h} δ²(g of i, h of j) / (m (m - 1) L²)
    D_e = 2/L · Σ_g [ (N - 1)/3 · (2l_g³ - 3l_g² + l_g) + l_g² Σ_{gaps ≥ l_g} (l_gap - l_g + 1) ]
          / (mL (mL - 1) - Σ_g l_g (l_g - 1))
    α_u = 1 - D_o / D_e

over sections g and gaps of all annotators; of several categories, α_u = 1 - Σ_c D_o / Σ_c D_e. Source:
Krippendorff, "On the reliability of unitizing continuous data", Sociological Methodology 25, 1995; D_e as in
"Measuring the reliability of qualitative text analysis data", Quality & Quantity 38, 2004, and Content
Analysis, 2nd ed. 2004, ch. 11. 1 is perfect agreement, 0 is chance. α_u is undefined (None) where D_e is 0:
nobody found a section, or there is no room for another.

For three annotators or more, Krippendorff, Mathet, Bouvry & Widlöcher ("On the reliability of unitizing
textual continua: further developments", Quality & Quantity 50, 2016) modify the definition; this is that of
2004.

An annotator's sections of a category don't overlap, so those that share something with a section are next to
each other and found by bisection, and gaps are added up by length: time grows as that of sorting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from vostochny.schema.errors import InputError

Ints = NDArray[np.int64]

Section = tuple[int, int, str]
"""Start, end (half-open) and category."""


@dataclass(frozen=True, slots=True)
class AlphaU:
    """α_u and what it is made of; ``sections`` is how many all annotators found together.

    ``alpha`` is None where ``expected`` is 0. ``categories`` has the same of each category, sorted, and is
    empty in those.
    """

    alpha: float | None
    observed: float
    expected: float
    sections: int
    categories: Mapping[str, AlphaU]


def alpha_u(annotators: Iterable[Iterable[Section]], stretches: Iterable[tuple[int, int]]) -> AlphaU:
    """Krippendorff's α_u of the sections that two or more annotators found.

    ``stretches`` are the parts of the continuum, ``(start, end)`` each, in order and without overlap: one, or
    one for each document. No section reaches over the end of a stretch, and no gap does.

    Raises :class:`~vostochny.schema.errors.InputError`: ``one-annotator``; ``bad-stretches`` for stretches
    out of order or none; ``bad-section`` for a section that is empty, not in whole units, not within one
    stretch, or overlaps another of its annotator and category.
    """
    parts = np.array(list(stretches), dtype=np.int64).reshape(-1, 2)
    if not len(parts) or (parts[:, 0] >= parts[:, 1]).any() or (parts[1:, 0] < parts[:-1, 1]).any():
        message = "expected one stretch or more, each with a length, in order and without overlap"
        raise InputError.of("bad-stretches", message)
    by_category: dict[str, list[Ints]] = defaultdict(list)
    listed = [list(sections) for sections in annotators]
    if len(listed) < 2:
        raise InputError.of("one-annotator", f"sections of {len(listed)} annotator; agreement needs two")
    for category in sorted({category for sections in listed for _, _, category in sections}):
        for sections in listed:
            found = sorted((start, end) for start, end, each in sections if each == category)
            given = np.array(found).reshape(-1, 2)
            if found and given.dtype.kind not in "iu":
                message = f"sections of {category!r}: found {given.dtype}, expected whole numbers of units"
                raise InputError.of("bad-section", message)
            ends = given.astype(np.int64)
            _check(ends, parts, category)
            by_category[category].append(ends)
    categories = {category: _one(found, parts) for category, found in by_category.items()}
    observed = sum(each.observed for each in categories.values())
    expected = sum(each.expected for each in categories.values())
    return AlphaU(
        alpha=1 - observed / expected if expected else None,
        observed=observed,
        expected=expected,
        sections=sum(each.sections for each in categories.values()),
        categories=categories,
    )


def _one(annotators: Sequence[Ints], parts: Ints) -> AlphaU:
    """α_u of one category: each annotator's sections as ``[n, 2]``, starts and ends in order."""
    length = int((parts[:, 1] - parts[:, 0]).sum())
    m = len(annotators)
    # Each unordered pair stands for two ordered ones.
    apart = 2 * sum(_apart(a, b) for a, b in combinations(annotators, 2))
    observed = apart / (m * (m - 1) * length**2)
    sections = np.concatenate(annotators)
    lengths = (sections[:, 1] - sections[:, 0]).astype(np.float64)
    gaps = np.sort(np.concatenate([_gaps(each, parts) for each in annotators])).astype(np.float64)
    # For each section, the number and the sum of the gaps that could hold it.
    first = np.searchsorted(gaps, lengths)
    sums = np.append(np.cumsum(gaps[::-1])[::-1], 0.0)
    room = sums[first] - (len(gaps) - first) * (lengths - 1)
    among = (len(sections) - 1) / 3 * (2 * lengths**3 - 3 * lengths**2 + lengths)
    possible = m * length * (m * length - 1) - float((lengths * (lengths - 1)).sum())
    expected = 2 / length * float((among + lengths**2 * room).sum()) / possible if possible else 0.0
    alpha = 1 - observed / expected if expected else None
    return AlphaU(alpha, observed, expected, len(sections), {})


def _apart(ours: Ints, theirs: Ints) -> int:
    """Σ δ² over two annotators' sections, unordered."""
    if not len(ours) or not len(theirs):
        return _squares(ours) + _squares(theirs)
    first = np.searchsorted(theirs[:, 1], ours[:, 0], side="right")
    last = np.searchsorted(theirs[:, 0], ours[:, 1], side="left")
    shared = last - first
    left = np.repeat(np.arange(len(ours)), shared)
    # Of the k-th section here, those from its first there on: as many as it shares something with.
    right = np.arange(len(left)) - np.repeat(np.cumsum(shared) - shared, shared) + np.repeat(first, shared)
    met = np.zeros(len(theirs), dtype=bool)
    met[right] = True
    ends = (ours[left] - theirs[right]) ** 2
    return int(ends.sum()) + _squares(ours[shared == 0]) + _squares(theirs[~met])


def _squares(sections: Ints) -> int:
    return int(((sections[:, 1] - sections[:, 0]) ** 2).sum())


def _gaps(sections: Ints, parts: Ints) -> Ints:
    """The lengths of an annotator's gaps."""
    # What is cut out of the line of numbers: the sections, and what lies between the stretches.
    starts = np.sort(np.concatenate([sections[:, 0], parts[:, 1]]))
    ends = np.sort(np.concatenate([sections[:, 1], parts[:, 0]]))
    lengths: Ints = starts - ends
    return lengths[lengths > 0]


def _check(sections: Ints, parts: Ints, category: str) -> None:
    """InputError (``bad-section``) for the first section that is not what it has to be."""
    starts, ends = sections[:, 0], sections[:, 1]
    place = np.searchsorted(parts[:, 0], starts, side="right") - 1
    outside = (place < 0) | (ends > parts[np.maximum(place, 0), 1])
    overlapping = np.append(ends[:-1] > starts[1:], False)[: len(sections)]
    for wrong, what in (
        (starts >= ends, "is empty; leave it out"),
        (outside, "does not lie within one stretch of the continuum; cut it at the ends"),
        (
            overlapping,
            "overlaps the annotator's next one of the category; merge them, or give two categories",
        ),
    ):
        if wrong.any():
            start, end = sections[int(np.argmax(wrong))].tolist()
            raise InputError.of("bad-section", f"the section [{start}, {end}) of {category!r} {what}")
