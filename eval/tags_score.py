"""Scoring tags: sequences of IOB2, IOB1, BIO, BILOU or IOBES tags, with any types."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from vostochny.eval.options import Threshold
from vostochny.eval.report import Report
from vostochny.eval.spans_counts import MEASURES
from vostochny.eval.spans_score import CORPUS, span_options, spans_report
from vostochny.eval.tags import Tags, decode
from vostochny.schema.errors import InputError


def score_tags(
    gold: Sequence[Sequence[str]],
    predicted: Sequence[Sequence[str]],
    *,
    scheme: str = "IOB2",
    measures: Collection[str] = MEASURES,
    overlap: Threshold = 0,
    n_boot: int = 10_000,
    seed: int = 1,
    alpha: float = 0.05,
    name: str = CORPUS,
) -> Report:
    """Score predicted sequences of tags against gold ones: all measures of the task ``entities``.

    ``scheme`` is one of :data:`vostochny.eval.tags.SCHEMES`, whose module says how tags are read. On
    well-formed tags the strict measure is seqeval's with ``mode="strict"``; malformed ones do not vanish:
    predicted chunks that break the scheme are false positives, gold's are left out, and
    :attr:`Report.malformed` and the report's remarks tell how many there are. The other arguments are those
    of :func:`~vostochny.eval.score_spans`; intervals resample sequences.

    >>> report = score_tags([["B-PER", "O", "O", "O"]], [["B-PER", "O", "I-LOC", "I-LOC"]], n_boot=0)
    >>> report.totals("entities", "strict").precision, report.malformed["predicted"]["I after O"]
    (0.5, 1)

    Raises :class:`~vostochny.schema.errors.InputError` as :func:`~vostochny.eval.tags.decode` and
    :func:`~vostochny.eval.score_spans` do, and for sequences that differ in number or length
    (``different-lengths``).
    """
    options = span_options(overlap, n_boot, seed, alpha, block="sequence", source=f"tags-{scheme}")
    ours = decode(gold, scheme, what="gold")
    theirs = decode(predicted, scheme, what="predicted")
    _compare(ours, theirs)
    return spans_report(
        ours.spans,
        theirs.spans,
        measures=measures,
        options=options,
        sizes={name: len(ours.lengths)},
        unsound=theirs.unsound,
        malformed={"gold": ours.malformed, "predicted": theirs.malformed},
    )


def _compare(gold: Tags, predicted: Tags) -> None:
    """InputError (``different-lengths``) unless both sides have the same sequences."""
    n, found = len(gold.lengths), len(predicted.lengths)
    if n != found:
        message = f"gold has {n} sequences, the prediction {found}; give the same ones in the same order"
        raise InputError.of("different-lengths", message)
    odd = np.flatnonzero(gold.lengths != predicted.lengths)
    if odd.size:
        k = int(odd[0])
        message = f"sequence {k} has {gold.lengths[k]} tags in gold, {predicted.lengths[k]} in the prediction"
        raise InputError.of("different-lengths", f"{message}; tag each token once on both sides")
