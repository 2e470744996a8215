"""A report: counts per document and block, and the scores and intervals that they give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from vostochny.eval.bootstrap import interval, resample
from vostochny.eval.counts import N_GOLD, Counts, Floats, Totals, f1_of, mean_defined
from vostochny.eval.nominal import Contingency
from vostochny.eval.signature import Options, signature
from vostochny.eval.task_counts import Path, TaskCounts
from vostochny.eval.tasks import TASKS

Json = dict[str, Any]


@dataclass(frozen=True)
class Report:
    """What :func:`vostochny.eval.score` found.

    ``per_document`` holds each task's counts by document: enough to add reports up (:meth:`merge`), to
    draw resamples and to compare systems paragraph by paragraph. ``attempted`` says for each task
    whether any prediction did it; ``invalid`` how many predicted items could not be read, by layer part
    (``mentions``, …; ``layers`` for whole ones); ``unscored`` names predicted documents without gold.
    """

    options: Options
    gold: Mapping[str, str]
    registry: str
    per_document: Mapping[str, Mapping[str, TaskCounts]]
    attempted: Mapping[str, bool]
    invalid: Mapping[str, int]
    unscored: tuple[str, ...] = ()

    @property
    def signature(self) -> str:
        """How the scores came about, in one line."""
        return signature(self.options, self.gold, self.registry, self.invalid)

    @property
    def documents(self) -> tuple[str, ...]:
        """Ids of the gold documents, sorted: the order in which blocks are counted."""
        return tuple(sorted(self.gold))

    def counts(self, task: str) -> TaskCounts:
        """A task's counts over all blocks: documents by id, then what could not be read."""
        return self._counts[task]

    def totals(self, task: str, *path: str) -> Totals:
        """A measure's summed counts and scores, as in ``report.totals("quotes", "content_token").f1``.

        Raises KeyError for a task or measure that the report does not have.
        """
        return self._counts[task].measures[path].totals

    def strata(self, task: str) -> tuple[int, ...]:
        """Numbers of blocks that are resampled together: each document's, then one for invalid items."""
        sizes = [self.per_document[task][name].n_blocks for name in sorted(self.per_document[task])]
        return (*sizes, 1) if self._unreadable(task) else tuple(sizes)

    def merge(self, other: Report) -> Report:
        """The report over the documents of both, equal to scoring them at once.

        Raises ValueError if a document is in both, or the options or registries differ.
        """
        if (self.options, self.registry) != (other.options, other.registry):
            raise ValueError("reports with different options or registries can't be merged; score both alike")
        if twice := sorted(self.gold.keys() & other.gold.keys()):
            raise ValueError(
                f"documents in both reports: {', '.join(twice)}; merge reports of different documents"
            )
        tasks = self.options.tasks
        gold = {**self.gold, **other.gold}
        return Report(
            options=self.options,
            gold=gold,
            registry=self.registry,
            per_document={t: {**self.per_document[t], **other.per_document[t]} for t in tasks},
            attempted={t: self.attempted[t] or other.attempted[t] for t in tasks},
            invalid=Counter(self.invalid) + Counter(other.invalid),
            unscored=tuple(sorted({*self.unscored, *other.unscored} - gold.keys())),
        )

    def to_json(self) -> Json:
        """The report as a JSON value: ``{"signature", …, "tasks": {task: {measure: {…}}}}``.

        Scores are fractions (1.0 is perfect), undefined ones null. ``tp`` is credit on the gold side
        and ``fn`` = gold - ``tp``; ``fp`` = predicted - credit on the predicted side, which stands as
        ``tp_pred`` where it differs from ``tp``. A task that nobody attempted has null scores.
        """
        return {
            "signature": self.signature,
            "documents": list(self.documents),
            "attempted": dict(self.attempted),
            "invalid": dict(self.invalid),
            "unscored_documents": list(self.unscored),
            "tasks": {task: self._task_json(task) for task in self.options.tasks},
        }

    @cached_property
    def _counts(self) -> dict[str, TaskCounts]:
        out = {}
        for task in self.options.tasks:
            documents = self.per_document[task]
            parts = [TASKS[task].empty, *(documents[name] for name in sorted(documents))]
            if n := self._unreadable(task):
                parts.append(TASKS[task].invalid(n))
            out[task] = TaskCounts.concatenate(parts)
        return out

    def _unreadable(self, task: str) -> int:
        return self.invalid.get(TASKS[task].part, 0)

    def _task_json(self, task: str) -> Json:
        counts, attempted = self._counts[task], self.attempted[task]
        paths = list(counts.measures)
        samples = self._samples(task, paths) if attempted and self.options.n_boot else None
        out: Json = {}
        for n, path in enumerate(paths):
            sampled = None if samples is None else f1_of(samples[:, n])
            _put(out, path, self._leaf(counts.measures[path], sampled, attempted))
        if group := TASKS[task].macro_over:
            out.setdefault(group, {})
            members = [n for n, p in enumerate(paths) if p[0] == group and counts.measures[p].totals.n_gold]
            chosen = None if samples is None else samples[:, members]
            out["macro"] = self._macro([counts.measures[paths[n]].totals for n in members], chosen, attempted)
        for path, table in counts.attributes.items():
            _put(out, path, _attribute_leaf(table))
        for path, table in counts.matrices.items():
            _put(out, path, table.nested())
        return out

    def _samples(self, task: str, paths: list[Path]) -> Floats:
        stacked = np.stack([self._counts[task].measures[path].values for path in paths], axis=1)
        return resample(stacked, self.strata(task), n_boot=self.options.n_boot, seed=self.options.seed)

    def _leaf(self, counts: Counts, sampled: Floats | None, attempted: bool) -> Json:
        totals = counts.totals
        leaf: Json = {
            "tp": _number(totals.tp_gold),
            "fp": _number(totals.n_pred - totals.tp_pred),
            "fn": _number(totals.n_gold - totals.tp_gold),
        }
        if totals.tp_pred != totals.tp_gold:
            leaf["tp_pred"] = _number(totals.tp_pred)
        leaf["precision"] = totals.precision if attempted else None
        leaf["recall"] = totals.recall if attempted else None
        leaf["f1"] = totals.f1 if attempted else None
        leaf[self._interval_name] = None if leaf["f1"] is None else self._interval(sampled)
        return leaf

    def _macro(self, types: list[Totals], samples: Floats | None, attempted: bool) -> Json:
        f1 = mean_defined([each.f1 for each in types]) if attempted else None
        ci = None
        if f1 is not None and samples is not None:
            # In a resample, too, the mean is over the types that its gold has.
            present = samples[..., N_GOLD] > 0
            total = np.where(present, f1_of(samples), 0.0).sum(axis=1)
            n = present.sum(axis=1)
            ci = self._interval(np.divide(total, n, out=np.full_like(total, np.nan), where=n > 0))
        return {"types": len(types), "f1": f1, self._interval_name: ci}

    @property
    def _interval_name(self) -> str:
        return f"ci{100 * (1 - self.options.alpha):g}"

    def _interval(self, sampled: Floats | None) -> list[float] | None:
        ends = None if sampled is None else interval(sampled, self.options.alpha)
        return None if ends is None else list(ends)


def _attribute_leaf(table: Contingency) -> Json:
    return {
        "n": table.n,
        "correct": table.correct,
        "accuracy": table.accuracy,
        "macro_f1": table.macro_f1,
        "kappa": table.kappa,
        "confusion": table.nested(),
    }


def _put(out: Json, path: Path, value: Json) -> None:
    for step in path[:-1]:
        out = out.setdefault(step, {})
    out[path[-1]] = value


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() else value
