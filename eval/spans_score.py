"""Scoring mentions in arrays: corpora of any size, any types, no documents needed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property

from vostochny.eval.options import Options, Overlap, Threshold, check_options
from vostochny.eval.report import Report
from vostochny.eval.spans import Spans
from vostochny.eval.spans_counts import MEASURES, count_spans
from vostochny.eval.task_counts import Parts
from vostochny.schema.errors import InputError, shown

ENTITIES = "entities"
"""The task under which mentions in arrays stand in a report."""

CORPUS = "corpus"
"""What a report calls the documents of one call."""


def score_spans(
    gold: Spans,
    predicted: Spans,
    *,
    measures: Collection[str] = MEASURES,
    overlap: Threshold = 0,
    n_boot: int = 10_000,
    seed: int = 1,
    alpha: float = 0.05,
    name: str = CORPUS,
) -> Report:
    """Score predicted mentions against gold ones: all measures of the task ``entities``.

    A mention is hit by one with the same document, start, end and type, and so on for the other measures
    (:mod:`vostochny.eval.spans_counts`): what tokens are elsewhere are units here. ``measures`` are
    some of ``strict``, ``exact``, ``partial``, ``type``, ``token``, ``conll4`` (only where all types are
    OntoNotes'), ``by_type`` (with the macro mean), ``attributes`` and ``errors``; strict F1 and F1 by
    type alone (``("strict", "by_type")``) take a fraction of the time. ``overlap`` is the intersection over
    union that mentions must exceed to be held against each other. Intervals resample documents, all of
    them together. Reports of parts of a corpus can be merged (:meth:`Report.merge`) if each has a ``name``
    of its own.

    >>> import numpy as np
    >>> first, types = np.array([0, 0]), np.array([0, 1])
    >>> gold = Spans(first, np.array([0, 5]), np.array([2, 6]), types, ("PER", "LOC"), 1)
    >>> found = Spans(first, np.array([0, 4]), np.array([2, 6]), types, ("PER", "LOC"), 1)
    >>> report = score_spans(gold, found, n_boot=0)
    >>> report.f1("entities", "strict"), report.f1("entities", "partial")
    (0.5, 0.75)

    Raises :class:`~vostochny.schema.errors.InputError` for something else than :class:`Spans`
    (``wrong-type``), sides with different numbers of documents (``different-documents``), unknown measures
    (``unknown-measure``) and numbers out of range (``bad-option``).
    """
    for value, what in ((gold, "gold"), (predicted, "predicted")):
        if not isinstance(value, Spans):
            raise InputError.of("wrong-type", f"{what}: found {shown(value)}, expected Spans")
    if gold.n_documents != predicted.n_documents:
        message = f"gold has {gold.n_documents} documents, the prediction {predicted.n_documents}"
        raise InputError.of("different-documents", f"{message}; number the same documents alike")
    return spans_report(
        gold,
        predicted,
        measures=measures,
        options=span_options(overlap, n_boot, seed, alpha, block="document", source="spans"),
        sizes={name: gold.n_documents},
    )


def span_options(
    overlap: Threshold, n_boot: int, seed: int, alpha: float, *, block: str, source: str
) -> Options:
    """The options of a score without documents; InputError (``bad-option``) for numbers out of range."""
    limits = Overlap.of({ENTITIES: overlap}) if overlap else Overlap()
    options = Options(
        tasks=(ENTITIES,), n_boot=n_boot, seed=seed, alpha=alpha, overlap=limits, block=block, source=source
    )
    check_options(options)
    return options


def spans_report(
    gold: Spans,
    predicted: Spans,
    *,
    measures: Collection[str],
    options: Options,
    sizes: Mapping[str, int],
    documents: tuple[str, ...] | None = None,
    predicted_parts: Mapping[str, tuple[str, ...]] | None = None,
    unsound: Spans | None = None,
    malformed: Mapping[str, Mapping[str, int]] | None = None,
) -> Report:
    """The report on mentions in arrays.

    ``sizes`` names the documents that the report tells apart, with their numbers of blocks; ``documents`` are
    gold's if there are others that are not scored, ``predicted_parts`` what each predicted one does (None:
    the same ones, all). ``unsound`` are predicted chunks that can't be right.
    """
    if unknown := [each for each in measures if each not in MEASURES]:
        message = f"measures: found {shown(unknown[0])}, expected some of {', '.join(MEASURES)}"
        raise InputError.of("unknown-measure", message)
    counts = count_spans(
        gold, predicted, unsound=unsound, overlap=options.overlap.entities, measures=measures
    )
    return Report(
        options=options,
        gold=_Digest(tuple(sizes) if documents is None else documents, gold.digest),
        registry="none",
        per_document={ENTITIES: Parts(counts, sizes)},
        predicted=dict.fromkeys(sizes, (ENTITIES,)) if predicted_parts is None else predicted_parts,
        invalid={},
        malformed=malformed,
    )


class _Digest(Mapping[str, str]):
    """A digest under some names, reckoned when it is asked for: that takes longer than the strict measure."""

    def __init__(self, names: tuple[str, ...], digest: Callable[[], str]) -> None:
        self._names = dict.fromkeys(names)
        self._reckon = digest

    def __getitem__(self, name: str) -> str:
        if name not in self._names:
            raise KeyError(name)
        return self._digest

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @cached_property
    def _digest(self) -> str:
        return self._reckon()
