"""Entities in arrays and in tags to strict F1 with all types."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmarks import generator
from benchmarks.measure import Call
from vostochny.eval import Report, Spans, score_spans, score_tags

ARRAYS, TAGS = "ours, arrays", "ours, tags"


def calls(n_tokens: int) -> Mapping[str, Call]:
    """Ours on arrays and on tags; seqeval on the same tags; numpy's sort of the same entities' keys."""
    from seqeval.metrics import classification_report, f1_score
    from seqeval.scheme import IOB2

    truth = generator.gold(n_tokens)
    found = generator.output(truth)
    gold, predicted = truth.tags(), found.tags()
    keys = np.concatenate((truth.keys, found.keys))

    def sort() -> None:
        np.sort(keys)

    return {
        ARRAYS: lambda: from_arrays(truth, found),
        TAGS: lambda: from_tags(gold, predicted),
        "sorting the keys": sort,
        "seqeval F1": lambda: float(f1_score(gold, predicted)),
        "seqeval strict F1": lambda: float(f1_score(gold, predicted, mode="strict", scheme=IOB2)),
        "seqeval report": lambda: float(
            classification_report(gold, predicted, output_dict=True)["micro avg"]["f1-score"]
        ),
    }


def from_arrays(truth: generator.Entities, found: generator.Entities) -> float | None:
    """Arrays to strict F1."""
    return _strict(score_spans(_spans(truth), _spans(found), measures=("strict", "by_type")))


def from_tags(gold: list[list[str]], predicted: list[list[str]]) -> float | None:
    """Tags to strict F1."""
    return _strict(score_tags(gold, predicted, measures=("strict", "by_type")))


def _strict(report: Report) -> float | None:
    return report.f1("entities", "strict")


def _spans(entities: generator.Entities) -> Spans:
    return Spans(
        document=entities.document,
        start=entities.start,
        end=entities.end,
        type=entities.type,
        types=generator.TYPES,
        n_documents=entities.n_documents,
    )
