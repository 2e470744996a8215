"""All entity measures of a whole corpus, in arrays.

Definitions are with each measure: :mod:`~vostochny.eval.entity_strict`, :mod:`~vostochny.eval.entity_partial`
and so on. Measures by equality (``strict``, ``exact``, ``conll4``, ``by_type``) follow from sorted keys
(:mod:`~vostochny.eval.spans_keys`), those by overlap from an alignment (:mod:`~vostochny.eval.spans_align`).
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from vostochny.eval.counts import Counts
from vostochny.eval.entity_by_type import entity_by_type
from vostochny.eval.entity_conll4 import entity_conll4
from vostochny.eval.entity_errors import entity_errors
from vostochny.eval.entity_exact import entity_exact
from vostochny.eval.entity_label import entity_label
from vostochny.eval.entity_partial import entity_partial
from vostochny.eval.entity_strict import entity_strict
from vostochny.eval.entity_token import entity_token
from vostochny.eval.entity_type import entity_type
from vostochny.eval.spans import Ints, Spans
from vostochny.eval.spans_matching import Matching
from vostochny.eval.task_counts import Path, TaskCounts

_COUNTED = {
    "strict": entity_strict,
    "exact": entity_exact,
    "partial": entity_partial,
    "type": entity_type,
    "token": entity_token,
    "conll4": entity_conll4,
}

MEASURES = (*_COUNTED, "by_type", "attributes", "errors")
"""The measures, in the order of the report; ``attributes`` and ``errors`` are tables of labels."""

LEAN = ("strict", "by_type")
"""The measures that need no alignment and one sorting."""

_ANY = Fraction(0)


def count_spans(
    gold: Spans,
    predicted: Spans,
    *,
    gold_blocks: Ints | None = None,
    predicted_blocks: Ints | None = None,
    n_blocks: int | None = None,
    unsound: Spans | None = None,
    overlap: Fraction = _ANY,
    measures: Collection[str] = MEASURES,
) -> TaskCounts:
    """Counts of the chosen ``measures`` over all blocks.

    Blocks are documents unless ``gold_blocks`` and ``predicted_blocks`` give each mention's (mentions of one
    document that start at the same unit must have the same), of ``n_blocks``. ``unsound`` are predicted items
    that can't be right, whatever gold has: they count as predicted, and as spurious. Mentions may be
    held against each other in ``partial``, ``type`` and ``errors`` if their intersection over union is more
    than
    ``overlap``. ``conll4`` is left out where a label is none of OntoNotes'.
    """
    work = Matching.of(gold, predicted, gold_blocks, predicted_blocks, n_blocks, unsound, overlap)
    counted: dict[Path, Counts] = {
        (name,): count(work)
        for name, count in _COUNTED.items()
        if name in measures and (name != "conll4" or work.ontonotes)
    }
    if "by_type" in measures:
        counted |= {("by_type", name): counts for name, counts in entity_by_type(work).items()}
    return TaskCounts(
        n_blocks=work.n_blocks,
        measures=counted,
        attributes={("attributes", "type"): entity_label(work)} if "attributes" in measures else {},
        matrices={("errors", name): table for name, table in entity_errors(work).items()}
        if "errors" in measures
        else {},
    )
