"""Error analysis: which errors a system makes, how often, and each of them in its place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vostochny.eval.error_attributes import ATTRIBUTE_KINDS
from vostochny.eval.error_cases import ErrorCase, ErrorReader
from vostochny.eval.error_context import Stretch, marked, stretches
from vostochny.eval.error_spans import CORRECT, SPAN_CATEGORIES
from vostochny.eval.options import BOUNDARIES, DISCONTINUOUS, NESTED, Threshold
from vostochny.eval.report import Report
from vostochny.eval.scoring import Documents, Layers, score, values_of
from vostochny.eval.tasks import TASKS
from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Entity, Gold, Layer
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """Number of cases of a category, and of the gold and the predicted items that are in them."""

    cases: int
    gold: int
    predicted: int

    @classmethod
    def of(cls, cases: Iterable[ErrorCase]) -> ErrorCount:
        """Count cases and their items."""
        listed = list(cases)
        return cls(len(listed), sum(len(c.gold) for c in listed), sum(len(c.predicted) for c in listed))


@dataclass(frozen=True)
class ErrorAnalysis:
    """What :func:`errors` found.

    ``cases`` has, by task, every gold and predicted item in exactly one case of a span category, hits
    included, and the wrong attributes of aligned pairs, of which there are ``pairs``. Tasks that were not
    attempted or have no gold are left out, as ``report`` says in its remarks; it has the scores that the
    cases add up to.
    """

    report: Report
    documents: Mapping[str, Document]
    cases: Mapping[str, tuple[ErrorCase, ...]]
    pairs: Mapping[str, int]

    def counts(self, task: str) -> dict[str, ErrorCount]:
        """A task's counts: all span categories, then the attributes that are ever wrong, and their kinds.

        An attribute that has kinds stands before them with their sum. Raises KeyError for a task that is not
        there.
        """
        found = self.cases[task]
        out = {}
        for name in category_names(task):
            count = ErrorCount.of(case for case in found if case.is_of(name))
            if count.cases or name in SPAN_CATEGORIES[task]:
                out[name] = count
        return out

    def errors(self, task: str | None = None, category: str | None = None) -> list[ErrorCase]:
        """The cases that are no hits, by task, category, document and place.

        ``category`` is a name of :func:`category_names`; an attribute stands for all its kinds. Raises
        :class:`~vostochny.schema.errors.InputError` (``unknown-category``) for one that none of the tasks
        has.
        """
        tasks = list(self.report.options.tasks) if task is None else [task]
        known = dict.fromkeys(name for each in tasks for name in category_names(each) if name != CORRECT)
        if category is not None and category not in known:
            message = f"found the category {category!r}, expected one of {', '.join(known)}"
            raise InputError.of("unknown-category", message)
        return [
            case
            for each in tasks
            for case in self.cases.get(each, ())
            if case.category != CORRECT and (category is None or case.is_of(category))
        ]

    def context(self, case: ErrorCase) -> str:
        """The sentences of a case in one line: ⟦gold⟧ and ⟪predicted⟫ spans are marked."""
        return marked(self._indices[case.document], case.gold_spans, case.predicted_spans)

    def stretches(self, case: ErrorCase) -> list[Stretch]:
        """The sentences of a case, cut up where a gold or predicted span begins or ends."""
        return stretches(self._indices[case.document], case.gold_spans, case.predicted_spans)

    def to_json(self, errors: Collection[ErrorCase] | None = None) -> Json:
        """The analysis as a JSON value: ``{"signature", …, "tasks": {task: {…}}, "errors": […]}``.

        ``errors`` are those to be listed, by default all.
        """
        value = self.report.to_json()
        head = ("signature", "documents", "invalid", "missing_documents", "unscored_documents", "remarks")
        return {
            **{name: value[name] for name in head},
            "tasks": {task: self._task_json(task) for task in self.cases},
            "errors": [self._case_json(case) for case in (self.errors() if errors is None else errors)],
        }

    def _task_json(self, task: str) -> Json:
        counts = self.counts(task)
        spans = {
            name: {"cases": n.cases, "gold": n.gold, "predicted": n.predicted}
            for name, n in counts.items()
            if name in SPAN_CATEGORIES[task]
        }
        if not ATTRIBUTE_KINDS[task]:
            return {"spans": spans}
        attributes = {name: n.cases for name, n in counts.items() if name not in spans}
        return {"spans": spans, "pairs": self.pairs[task], "attributes": attributes}

    def _case_json(self, case: ErrorCase) -> Json:
        return {
            "task": case.task,
            "category": case.category,
            **({"also": list(case.also)} if case.also else {}),
            "document": case.document,
            "gold": [item.to_json() for item in case.gold],
            "predicted": [item.to_json() for item in case.predicted],
            "overlap": float(case.overlap),
            "context": self.context(case),
        }

    @cached_property
    def _indices(self) -> dict[str, TextIndex]:
        names = {case.document for cases in self.cases.values() for case in cases}
        return {name: TextIndex(self.documents[name]) for name in sorted(names)}


def errors(
    gold: Layers,
    predictions: Layers,
    *,
    documents: Documents | None = None,
    entities: Iterable[Entity] | None = None,
    tasks: Sequence[str] = tuple(TASKS),
    trim: bool = False,
    boundaries: str = BOUNDARIES[0],
    discontinuous: str = DISCONTINUOUS[0],
    nested: str = NESTED[0],
    overlap: Mapping[str, Threshold] | None = None,
    invalid: Mapping[str, int] | None = None,
) -> ErrorAnalysis:
    """Sort out what a system does wrong.

    Arguments, what is left out, and the errors raised are those of :func:`~vostochny.eval.scoring.score`. The
    categories and what they add up to are defined in :mod:`~vostochny.eval.error_spans`,
    :mod:`~vostochny.eval.error_attributes` and :mod:`~vostochny.eval.error_speakers`.
    """
    ours, theirs = values_of(gold, Layer, "gold"), values_of(predictions, Layer, "predictions")
    if isinstance(gold, Gold):
        documents = gold.documents if documents is None else documents
        entities = gold.entities if entities is None else entities
    texts = None if documents is None else values_of(documents, Document, "documents")
    registry = tuple(entities or ())
    report = score(
        ours,
        theirs,
        documents=texts,
        entities=registry,
        tasks=tasks,
        n_boot=0,
        trim=trim,
        boundaries=boundaries,
        discontinuous=discontinuous,
        nested=nested,
        overlap=overlap,
        invalid=invalid,
    )
    known = {document.id: document for document in texts or ()}
    predicted = {layer.document: layer for layer in theirs}
    resolver = Resolver(registry)
    done = [t for t in report.options.tasks if report.attempted[t] and t not in report.without_gold]
    cases: dict[str, list[ErrorCase]] = {task: [] for task in done}
    pairs = dict.fromkeys(done, 0)
    for layer in ours:
        other = predicted.get(layer.document, Layer(layer.document, ""))
        reader = ErrorReader(known[layer.document], layer, other, resolver, report.options)
        for task in done:
            if getattr(layer, TASKS[task].part) is not None:
                found, n = reader.cases(task)
                cases[task] += found
                pairs[task] += n
    ordered = {task: tuple(sorted(found, key=_order(task))) for task, found in cases.items()}
    return ErrorAnalysis(report, known, ordered, pairs)


def category_names(task: str) -> list[str]:
    """A task's categories in order: of spans, then each attribute and its kinds."""
    out = list(SPAN_CATEGORIES[task])
    for attribute, kinds in ATTRIBUTE_KINDS[task].items():
        out += [attribute, *(f"{attribute}/{kind}" for kind in kinds)]
    return out


def _order(task: str) -> Any:
    rank = {name: n for n, name in enumerate(category_names(task))}

    def key(case: ErrorCase) -> tuple[Any, ...]:
        ids = [[item.id for item in side] for side in (case.gold, case.predicted)]
        return rank[case.category], case.document, case.place, ids

    return key
