"""The mentions of documents as arrays, and their counts as parts of the whole's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vostochny.eval.items import Case, MentionItem
from vostochny.eval.options import Options
from vostochny.eval.spans import Ints, Spans
from vostochny.eval.spans_counts import count_spans
from vostochny.eval.task_counts import Parts
from vostochny.schema.labels import ENTITY_TYPES

_TYPES = tuple(sorted(ENTITY_TYPES))
_CODES = {name: n for n, name in enumerate(_TYPES)}


def count_mentions(cases: Mapping[str, Case[MentionItem]], options: Options) -> Parts:
    """All entity measures of documents, by document; blocks are paragraphs."""
    sizes = {name: case.n_blocks for name, case in cases.items()}
    first = np.cumsum([0, *sizes.values()])
    gold, gold_blocks = _spans([case.gold for case in cases.values()], first)
    predicted, predicted_blocks = _spans([case.predicted for case in cases.values()], first)
    whole = count_spans(
        gold,
        predicted,
        gold_blocks=gold_blocks,
        predicted_blocks=predicted_blocks,
        n_blocks=int(first[-1]),
        overlap=options.overlap.entities,
    )
    return Parts(whole, sizes)


def _spans(documents: Sequence[Sequence[MentionItem]], first: NDArray[Any]) -> tuple[Spans, Ints]:
    """The mentions of all documents and their blocks; ``first`` is the first block of each document."""
    n = [len(items) for items in documents]
    rows = ((m.start, m.end, m.block, _CODES[m.type]) for m in chain.from_iterable(documents))
    columns = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=4 * sum(n)).reshape(-1, 4).T
    start, end, block, code = (np.ascontiguousarray(column) for column in columns)
    document = np.repeat(np.arange(len(n)), n)
    return Spans(document, start, end, code, _TYPES, len(n)), block + first[document]
