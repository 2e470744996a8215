"""Agreement of any number of annotators on tokens: Cohen's κ and Krippendorff's α by label, α_u by section.

κ is of two annotators (:mod:`vostochny.eval.nominal`); of more, it is the mean over all pairs (Light,
"Measures of response agreement for qualitative data", Psychological Bulletin 76, 1971), None if one pair has
none. α (:mod:`vostochny.eval.alpha`) and α_u (:mod:`vostochny.eval.alpha_u`) are of all at once. Most tokens
are in no item, which all three take into account. What is labelled, and what is a section, says
:mod:`vostochny.eval.token_labels`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from vostochny.eval.alpha import krippendorff_alpha
from vostochny.eval.alpha_u import AlphaU, Section, alpha_u
from vostochny.eval.nominal import Contingency
from vostochny.eval.tasks import TASKS
from vostochny.eval.token_labels import LABELLINGS, Labels, sections
from vostochny.schema.model import Document, Layer
from vostochny.schema.text import TextIndex

PARTS = tuple(task.part for task in TASKS.values())
"""The layer parts whose sections are compared."""


def token_agreement(
    annotators: Sequence[Mapping[str, Layer]], documents: Mapping[str, Document]
) -> dict[str, Any]:
    """What annotators say of tokens, each annotator's layers by document id.

    Returns ``tokens``: ``{label: {"n", "accuracy", "kappa", "alpha"}}`` over the n tokens that two annotators
    or more label; a layer without the part labels none, and α takes what the others say. ``unitizing``:
    ``{part: {"n", "alpha_u", "observed", "expected", "categories"}}`` over the documents whose part all did;
    n is the number of all annotators' sections, ``categories`` has the same of each category.
    """
    indices = {
        name: TextIndex(documents[name]) for name in sorted(set().union(*annotators)) if name in documents
    }
    return {
        "tokens": {label: _labels(label, annotators, indices) for label in LABELLINGS},
        "unitizing": {part: _unitizing(part, annotators, indices) for part in PARTS},
    }


def _labels(
    label: str, annotators: Sequence[Mapping[str, Layer]], indices: Mapping[str, TextIndex]
) -> dict[str, Any]:
    part, read = LABELLINGS[label]
    rows: list[list[str | None]] = [[] for _ in annotators]
    for name, index in indices.items():
        for row, layers in zip(rows, annotators, strict=True):
            layer = layers.get(name)
            said: Labels | None = None
            if layer is not None and getattr(layer, part) is not None:
                said = read(layer, index)
            row += said or [None] * len(index.document.tokens)
    tables = [_table(a, b) for a, b in combinations(rows, 2)]
    alpha = krippendorff_alpha(rows)
    return {
        "n": alpha.units,
        "accuracy": mean_of_pairs([table.accuracy for table in tables]),
        "kappa": mean_of_pairs([table.kappa for table in tables]),
        "alpha": alpha.alpha,
    }


def _table(ours: Labels, theirs: Labels) -> Contingency:
    pairs = Counter(zip(ours, theirs, strict=True))
    return Contingency(
        {(0, a, b): n for (a, b), n in pairs.items() if a is not None and b is not None},
    )


def mean_of_pairs(values: Sequence[float | None]) -> float | None:
    """The mean over pairs of annotators, None if a value is undefined for one of them."""
    defined = [value for value in values if value is not None]
    return sum(defined) / len(defined) if defined and len(defined) == len(values) else None


def _unitizing(
    part: str, annotators: Sequence[Mapping[str, Layer]], indices: Mapping[str, TextIndex]
) -> dict[str, Any]:
    found: list[list[Section]] = [[] for _ in annotators]
    stretches: list[tuple[int, int]] = []
    start = 0
    for name, index in indices.items():
        length = len(index.document.tokens)
        layers = [each[name] for each in annotators if name in each and getattr(each[name], part) is not None]
        if not length or len(layers) < len(annotators):
            continue
        for listed, layer in zip(found, layers, strict=True):
            listed += [(start + a, start + b, category) for a, b, category in sections(layer, part, index)]
        stretches.append((start, start + length))
        start += length
    if not stretches:
        return _leaf(AlphaU(None, 0.0, 0.0, 0, {}))
    value = alpha_u(found, stretches)
    return _leaf(value) | {"categories": {name: _leaf(each) for name, each in value.categories.items()}}


def _leaf(value: AlphaU) -> dict[str, Any]:
    return {
        "n": value.sections,
        "alpha_u": value.alpha,
        "observed": value.observed,
        "expected": value.expected,
    }
