"""Scoring the mentions of two files of layers by their characters, without documents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from vostochny.eval.options import Options, Overlap, Threshold, check_options
from vostochny.eval.report import Report
from vostochny.eval.spans import Spans
from vostochny.eval.spans_counts import MEASURES
from vostochny.eval.spans_score import ENTITIES, spans_report
from vostochny.schema.columns import MentionColumns
from vostochny.schema.errors import InputError, Problem


def score_mentions(
    gold: MentionColumns,
    predicted: MentionColumns,
    *,
    measures: Collection[str] = MEASURES,
    overlap: Threshold = 0,
    n_boot: int = 10_000,
    seed: int = 1,
    alpha: float = 0.05,
) -> Report:
    """Score the mentions of a file against those of another.

    Both are read by :func:`~vostochny.schema.columns.read_mentions`. Spans stand for their code points, as
    with ``boundaries="character"`` of :func:`~vostochny.eval.score`, and the scores are the same; but no
    document is needed, blocks are documents, not paragraphs, and quotes and claims are passed over. Documents
    and parts that are left out are settled as by :func:`~vostochny.eval.score`. The other arguments are those
    of :func:`~vostochny.eval.score_spans`.

    Raises :class:`~vostochny.schema.errors.InputError` for layers of one document that were made for
    different texts (``sha-mismatch``) and as :func:`~vostochny.eval.score_spans` does.
    """
    limits = Overlap.of({ENTITIES: overlap}) if overlap else Overlap()
    options = Options(
        tasks=(ENTITIES,),
        n_boot=n_boot,
        seed=seed,
        alpha=alpha,
        boundaries="character",
        overlap=limits,
        block="document",
        source="mentions",
    )
    check_options(options)
    if problems := list(_other_texts(gold, predicted)):
        raise InputError(problems)
    done = dict(zip(gold.documents, gold.done.tolist(), strict=True))
    scored = {name: n for n, name in enumerate(sorted(name for name in done if done[name]))}
    return spans_report(
        _spans(gold, scored),
        _spans(predicted, scored),
        measures=measures,
        options=options,
        sizes=dict.fromkeys(scored, 1),
        documents=tuple(sorted(done)),
        predicted_parts={
            name: (ENTITIES,) if there else ()
            for name, there in sorted(zip(predicted.documents, predicted.done.tolist(), strict=True))
        },
    )


def _spans(columns: MentionColumns, scored: Mapping[str, int]) -> Spans:
    """The mentions of the scored documents."""
    number = np.array([scored.get(name, -1) for name in columns.documents], dtype=np.int64)
    document = number[columns.document]
    rows = (document, columns.start, columns.end, columns.type)
    if (number < 0).any():
        known = document >= 0
        rows = (document[known], columns.start[known], columns.end[known], columns.type[known])
    return Spans(*rows, types=columns.types, n_documents=len(scored))


def _other_texts(gold: MentionColumns, predicted: MentionColumns) -> Iterator[Problem]:
    """Predicted layers that say they were made for another text than gold's."""
    texts = dict(zip(gold.documents, gold.digests, strict=True))
    for name, digest, line in zip(predicted.documents, predicted.digests, predicted.lines, strict=True):
        expected = texts.get(name)
        if digest is not None and expected is not None and digest != expected:
            message = f"prediction for {name!r}: found {digest}, gold's is {expected}; use the same text"
            yield Problem("sha-mismatch", message, predicted.file, line, "$.text_sha256")
