"""A score that systems are compared by: one measure's F1, or a mean of several, and how it reacts to counts.

Systems are compared by F1 as reports give it (:meth:`vostochny.eval.Report.f1`): a mean is over those of its
members that are defined, the macro mean over the types that gold has; in a resample over those that are so
in it. Undefined is NaN here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vostochny.eval.counts import N_GOLD, N_PRED, TP_GOLD, TP_PRED, Floats, f1_of
from vostochny.eval.report import Report
from vostochny.eval.task_counts import Path
from vostochny.eval.tasks import TASKS
from vostochny.schema.errors import InputError

Flags = NDArray[np.bool_]

MACRO: Path = ("macro",)
"""The macro mean's place in a report of a task that has one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The mean F1 of ``members`` of a task, which are one or more; where ``in_gold``, of those that gold has.

    Counts come as arrays ``[…, n_members, 4]`` in the columns of :mod:`vostochny.eval.counts`.
    """

    task: str
    path: Path
    members: tuple[Path, ...]
    in_gold: bool = False

    @property
    def name(self) -> str:
        """``task/path``, as :func:`measure_of` reads it."""
        return "/".join((self.task, *self.path))

    def score(self, totals: Floats) -> Floats:
        """Scores of summed counts: ``[…, n_members, 4]`` to ``[…]``, NaN where undefined."""
        chosen = self._chosen(totals)
        n = chosen.sum(axis=-1)
        total = np.where(chosen, f1_of(totals), 0.0).sum(axis=-1)
        out: Floats = np.divide(total, n, out=np.full_like(total, np.nan), where=n > 0)
        return out

    def slope(self, totals: Floats) -> Floats:
        """The score's partial derivatives by the summed counts: ``[…, n_members, 4]`` to the same shape.

        With P = a/b, R = c/d and F1 = 2PR/(P + R): ∂F1/∂P = 2R²/(P + R)², ∂F1/∂R = 2P²/(P + R)², and ∂P/∂a =
        1/b, ∂P/∂b = -P/b, likewise R. They are 0 where F1 is 0 or undefined.
        """
        a, b, c, d = (totals[..., k] for k in (TP_PRED, N_PRED, TP_GOLD, N_GOLD))
        hit = (a > 0) & (c > 0)
        precision, recall = _ratio(a, b, hit), _ratio(c, d, hit)
        square = np.square(precision + recall)
        by_precision, by_recall = _ratio(2 * recall**2, square, hit), _ratio(2 * precision**2, square, hit)
        out = np.empty_like(totals)
        out[..., TP_PRED] = _ratio(by_precision, b, hit)
        out[..., N_PRED] = _ratio(-by_precision * precision, b, hit)
        out[..., TP_GOLD] = _ratio(by_recall, d, hit)
        out[..., N_GOLD] = _ratio(-by_recall * recall, d, hit)
        chosen = self._chosen(totals)
        n = chosen.sum(axis=-1, keepdims=True)
        share = np.divide(chosen, n, out=np.zeros(chosen.shape), where=n > 0)
        out *= share[..., None]
        return out

    def _chosen(self, totals: Floats) -> Flags:
        gold = totals[..., N_GOLD] > 0
        chosen: Flags = gold if self.in_gold else gold | (totals[..., N_PRED] > 0)
        return chosen


def headline(task: str, reports: Iterable[Report]) -> Measure:
    """The measure, or mean of measures, that leads a task."""
    first, *_ = found = tuple(reports)
    return _measure(task, first.headline(task), found)


def measure_of(name: str, reports: Sequence[Report]) -> Measure:
    """The measure that ``TASK/PATH`` names, such as ``quotes/speaker``, ``entities/by_type/GPE``,
    ``entities/macro`` or ``entity-links/conll``; ``TASK`` alone is its headline.

    :class:`~vostochny.schema.errors.InputError` (``unknown-measure``), with those there are, for another.
    """
    task, *path = name.split("/")
    tasks = shared_tasks(reports)
    if task not in tasks:
        message = f"measure {name!r}: no task {task!r} in all the reports; they share {', '.join(tasks)}"
        raise InputError.of("unknown-measure", message)
    return _measure(task, tuple(path), tuple(reports)) if path else headline(task, reports)


def shared_tasks(reports: Sequence[Report]) -> tuple[str, ...]:
    """The tasks that all reports have, in the first one's order; InputError (``unknown-task``) for none."""
    first, *others = reports
    tasks = tuple(task for task in first.options.tasks if all(task in r.options.tasks for r in others))
    if not tasks:
        listed = "; ".join("+".join(report.options.tasks) for report in reports)
        raise InputError.of("unknown-task", f"the reports share no task; they have {listed}")
    return tasks


def _measure(task: str, path: Path, reports: tuple[Report, ...]) -> Measure:
    """The measure at a path of a task that all reports have."""
    counts = [report.counts(task) for report in reports]
    means = counts[0].means
    if path in means:
        return Measure(task, path, means[path])
    plain = tuple(dict.fromkeys(each for found in counts for each in found.measures))
    if path in plain:
        return Measure(task, path, (path,))
    group = TASKS[task].macro_over if task in TASKS else None
    if path == MACRO and group is not None:
        return Measure(task, path, tuple(each for each in plain if each[0] == group), in_gold=True)
    known = [*means, *([MACRO] if group is not None else []), *plain]
    listed = ", ".join("/".join(each) for each in known)
    message = f"no measure {'/'.join(path)!r} of {task} with an F1; there are {listed}"
    raise InputError.of("unknown-measure", message)


def _ratio(above: Floats, below: Floats, where: Flags) -> Floats:
    out: Floats = np.divide(above, below, out=np.zeros(np.shape(above)), where=where)
    return out
