"""What each system beside gold does wrong: counts, and every error in its sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from vostochny.cli.report_anchors import Anchors
from vostochny.cli.report_articles import System, outlet_of, slug
from vostochny.cli.report_details import shown_name
from vostochny.eval import TASKS, ErrorAnalysis, errors
from vostochny.eval.error_cases import ErrorCase, ErrorItem
from vostochny.eval.error_context import Stretch
from vostochny.eval.error_render import meaning, shown_labels
from vostochny.eval.error_spans import CORRECT, SPAN_CATEGORIES
from vostochny.schema.model import Gold
from vostochny.schema.registry import Resolver

_NAMED = frozenset({"speaker", "claimer"})


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """A category in a table: its key (empty if it can't be chosen), name, meaning, and numbers."""

    key: str
    name: str
    meaning: str
    numbers: Sequence[int]


@dataclass(frozen=True, slots=True)
class TaskErrors:
    """A task's counts: of spans, and of what is wrong with ``pairs`` aligned items."""

    task: str
    spans: Sequence[ErrorRow]
    attributes: Sequence[ErrorRow]
    pairs: int


@dataclass(frozen=True, slots=True)
class ErrorSide:
    """Gold's or the system's item of an error: its id and element id, and what is to be known of it."""

    id: str
    anchor: str
    said: str


@dataclass(frozen=True, slots=True)
class ErrorShown:
    """All errors about the same items: the categories with their keys, the items, and the sentences."""

    task: str
    document: str
    outlet: str
    keys: str
    categories: Sequence[str]
    gold: Sequence[ErrorSide]
    predicted: Sequence[ErrorSide]
    stretches: Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class SystemErrors:
    """A system's tables and errors, in the order of the texts; ``remarks`` say which tasks it does not do."""

    number: int
    name: str
    tasks: Sequence[TaskErrors]
    listed: Sequence[ErrorShown]

    @property
    def outlets(self) -> Mapping[str, str]:
        """What the documents with errors are called, by id."""
        return {each.document: each.outlet for each in self.listed}


def system_errors(gold: Gold, systems: Sequence[System], anchors: Anchors) -> list[SystemErrors]:
    """The errors of the systems that do a task that gold has."""
    parts = [task.part for task in TASKS.values()]
    out = []
    for system in systems:
        if gold and any(getattr(y, part) is not None for y in system.layers.values() for part in parts):
            out.append(_system(errors(gold, system.layers), gold, system, anchors))
    return [each for each in out if each.tasks]


def _system(analysis: ErrorAnalysis, gold: Gold, system: System, anchors: Anchors) -> SystemErrors:
    entities = {entity.id: entity for entity in gold.entities}
    who = partial(shown_name, entities=entities, resolver=Resolver(gold.entities))
    about: dict[tuple[object, ...], list[ErrorCase]] = {}
    for case in analysis.errors():
        items = (tuple(item.id for item in case.gold), tuple(item.id for item in case.predicted))
        about.setdefault((case.task, case.document, *items), []).append(case)
    order = {name: n for n, name in enumerate(gold)}
    shown = sorted(about.values(), key=lambda cases: (order[cases[0].document], cases[0].place))

    def side(case: ErrorCase, item: ErrorItem, labels: Sequence[str], *key: str) -> ErrorSide:
        anchor = anchors.of(*key, case.document, item.id)
        return ErrorSide(item.id, anchor, _said(item, labels, who))

    listed = []
    for cases in shown:
        first = cases[0]
        labels = list(dict.fromkeys(name for case in cases for name in shown_labels(case)))
        keys = dict.fromkeys(key for case in cases for key in _keys(case))
        listed.append(
            ErrorShown(
                task=first.task,
                document=first.document,
                outlet=outlet_of(gold.documents[first.document]),
                keys=" ".join(keys),
                categories=[case.category for case in cases],
                gold=[side(first, item, labels) for item in first.gold],
                predicted=[side(first, item, labels, slug(system.name)) for item in first.predicted],
                stretches=analysis.stretches(first),
            )
        )
    return SystemErrors(
        system.number, system.name, [_task(analysis, task) for task in analysis.cases], listed
    )


def _task(analysis: ErrorAnalysis, task: str) -> TaskErrors:
    spans, attributes = [], []
    for name, n in analysis.counts(task).items():
        key = f"{task}:{name}" if n.cases and name != CORRECT else ""
        if name in SPAN_CATEGORIES[task]:
            spans.append(ErrorRow(key, name, meaning(name), (n.cases, n.gold, n.predicted)))
        else:
            attributes.append(ErrorRow(key, name, meaning(name), (n.cases,)))
    return TaskErrors(task, spans, attributes, analysis.pairs[task])


def _keys(case: ErrorCase) -> list[str]:
    """A case's category and, of a kind, also its attribute."""
    attribute = case.category.partition("/")[0]
    return [f"{case.task}:{name}" for name in dict.fromkeys((attribute, case.category))]


def _said(item: ErrorItem, labels: Sequence[str], who: Callable[[str | None], str]) -> str:
    words = []
    for name in labels:
        value = item.labels[name]
        if name in ("source", "cue", "within"):
            words.append(f"{name} {value}" if value else f"no {name}" if name != "within" else "not nested")
        else:
            words.append(who(value) if name in _NAMED else str(value))
    return ", ".join(words)
