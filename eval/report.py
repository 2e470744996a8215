"""A report: counts per document and block, and the scores and intervals that they give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from vostochny.eval.bootstrap import Indices, interval, resample, strata_of
from vostochny.eval.counts import N_GOLD, Floats, Totals, f1_of, mean_defined
from vostochny.eval.link_tasks import LINK_TASKS
from vostochny.eval.nominal import Contingency
from vostochny.eval.options import Options
from vostochny.eval.signature import signature
from vostochny.eval.task_counts import Parts, Path, TaskCounts
from vostochny.eval.tasks import TASKS

Json = dict[str, Any]

_BLUR = 1e-9
_FEW = 30
"""Below so many blocks the percentile bootstrap's intervals are too narrow to go without a word."""

_LARGE = 2**24
"""Numbers from which on a table is resampled as a sparse one (128 MiB as a full one)."""


@dataclass(frozen=True)
class Report:
    """What :func:`vostochny.eval.score` or :func:`vostochny.eval.score_links` found.

    ``per_document`` holds each task's counts by document: enough to add reports up (:meth:`merge`), to
    draw resamples and to compare systems paragraph by paragraph. ``predicted`` names the tasks that each
    predicted document's layer does, scored or not; ``invalid`` says how many predicted items could not be
    read, by layer part (``mentions``, …; ``layers`` for whole ones). Where links are scored, ``links`` is the
    digest of gold's; ``notes`` are remarks on tasks that are scored. Where mentions were read from tags,
    ``malformed`` says how many chunks of ``gold`` and of ``predicted`` break the scheme, by kind.
    """

    options: Options
    gold: Mapping[str, str]
    registry: str
    per_document: Mapping[str, Mapping[str, TaskCounts]]
    predicted: Mapping[str, tuple[str, ...]]
    invalid: Mapping[str, int]
    links: str | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    malformed: Mapping[str, Mapping[str, int]] | None = None

    @property
    def signature(self) -> str:
        """How the scores came about, in one line."""
        return signature(self.options, self.gold, self.registry, self.invalid, self.links)

    @property
    def documents(self) -> tuple[str, ...]:
        """Ids of the gold documents, sorted: the order in which blocks are counted."""
        return tuple(sorted(self.gold))

    @property
    def attempted(self) -> Mapping[str, bool]:
        """Whether any prediction did the task; everything is attempted where nothing is predicted."""
        return {
            task: not self.predicted
            or self._unreadable(task) > 0
            or any(task in done for done in self.predicted.values())
            for task in self.options.tasks
        }

    @property
    def without_gold(self) -> tuple[str, ...]:
        """The tasks that no gold layer has, and that are therefore not scored."""
        return tuple(task for task in self.options.tasks if not self.per_document[task])

    @property
    def missing(self) -> tuple[str, ...]:
        """Ids of the scored documents without a prediction, which score as empty."""
        scored = {name for documents in self.per_document.values() for name in documents}
        return tuple(sorted(scored - self.predicted.keys()))

    @property
    def unscored(self) -> tuple[str, ...]:
        """Ids of the predicted documents without a gold layer."""
        return tuple(sorted(self.predicted.keys() - self.gold.keys()))

    def counts(self, task: str) -> TaskCounts:
        """A task's counts over all blocks: documents by id, then what could not be read.

        Raises KeyError for a task that the report does not have.
        """
        if task not in self._counts:
            raise KeyError(f"no task {task!r} in this report; it has {', '.join(self._counts)}")
        return self._counts[task]

    def totals(self, task: str, *path: str) -> Totals:
        """A measure's summed counts and scores, as in ``report.totals("quotes", "content_token").f1``.

        The scores are None for a task that was not attempted or has no gold. Raises KeyError, with those
        there are, for a task or measure that the report does not have.
        """
        measures = self.counts(task).measures
        if path not in measures:
            known = ", ".join("/".join(each) for each in measures)
            raise KeyError(f"no measure {'/'.join(path)!r} of {task} in this report; it has {known}")
        return replace(measures[path].totals, scored=self._scored(task))

    def f1(self, task: str, *path: str) -> float | None:
        """The F1 of a measure, or of a mean of measures, as in ``report.f1("entity-links", "conll")``.

        None where it is undefined or the task is not scored. Raises KeyError as :meth:`totals` does.
        """
        means = self.counts(task).means
        if path in means:
            return mean_defined([self.totals(task, *member).f1 for member in means[path]])
        return self.totals(task, *path).f1

    def headline(self, task: str) -> Path:
        """The measure of a task that leads, a mean of measures among them, as in ``("strict",)``."""
        return TASKS[task].headline if task in TASKS else LINK_TASKS[task].headline

    def strata(self, task: str) -> Indices:
        """Each block's stratum: blocks of one are resampled together
        (:func:`~vostochny.eval.bootstrap.strata_of`).

        Blocks of one document, or all where documents are themselves the blocks; items that could not be
        read are a stratum of their own. ``[n_blocks]``, the order that of :meth:`counts`.
        """
        strata = strata_of(self.sizes(task))
        return np.append(strata, -1) if len(strata) and self._unreadable(task) else strata

    def sizes(self, task: str) -> tuple[int, ...]:
        """Number of blocks of each scored document, by id; what could not be read is not among them."""
        documents = self.per_document[task]
        if isinstance(documents, Parts):
            return tuple(documents.sizes[name] for name in sorted(documents))
        return tuple(documents[name].n_blocks for name in sorted(documents))

    def merge(self, other: Report) -> Report:
        """The report over the documents of both, equal to scoring them at once.

        Raises ValueError if a document's gold is in both, the options or registries differ, or one report
        has a prediction that the other lacked for a document that it knows; and always for link tasks, whose
        clusters reach over the documents: what two halves say of themselves does not tell what the whole is.
        """
        if self.links is not None or other.links is not None:
            raise ValueError(
                "reports on links can't be merged, for clusters reach over documents; "
                "score all documents at once"
            )
        if (self.options, self.registry) != (other.options, other.registry):
            raise ValueError("reports with different options or registries can't be merged; score both alike")
        if twice := sorted(self.gold.keys() & other.gold.keys()):
            raise ValueError(
                f"documents in both reports: {', '.join(twice)}; merge reports of different documents"
            )
        both = (self.gold.keys() | self.predicted.keys()) & (other.gold.keys() | other.predicted.keys())
        if torn := sorted(d for d in both if self.predicted.get(d) != other.predicted.get(d)):
            raise ValueError(
                f"predictions of {', '.join(torn)} differ between the reports; score both with the same ones"
            )
        invalid = Counter(self.invalid) + Counter(other.invalid)
        malformed = {
            side: {
                kind: counted.get(kind, 0) + (other.malformed or {}).get(side, {}).get(kind, 0)
                for kind in counted
            }
            for side, counted in (self.malformed or {}).items()
        }
        return Report(
            options=self.options,
            gold={**self.gold, **other.gold},
            registry=self.registry,
            per_document={t: {**self.per_document[t], **other.per_document[t]} for t in self.options.tasks},
            predicted=dict(sorted({**self.predicted, **other.predicted}.items())),
            invalid=dict(sorted(invalid.items())),
            malformed=malformed or None,
        )

    def to_json(self) -> Json:
        """The report as a JSON value: ``{"signature", …, "tasks": {task: {measure: {…}}}}``.

        Scores are fractions (1.0 is perfect), undefined ones null. ``tp`` is credit on the gold side and
        ``fn`` = gold - ``tp``; ``fp`` = predicted - credit on the predicted side, which stands as ``tp_pred``
        where it differs from ``tp``. A task that nobody attempted or that has no gold has null scores, and
        ``remarks`` says so: ``{task: why it is not scored, or what else to know of it}``. A mean of measures
        has ``f1``, and ``of``: how many measures are defined and so in the mean.
        """
        return {
            "signature": self.signature,
            "documents": list(self.documents),
            "attempted": dict(self.attempted),
            "invalid": dict(self.invalid),
            **({} if self.malformed is None else {"malformed": _plain(self.malformed)}),
            "missing_documents": list(self.missing),
            "unscored_documents": list(self.unscored),
            "remarks": self._remarks(),
            "tasks": {task: self._task_json(task) for task in self.options.tasks},
        }

    @cached_property
    def _counts(self) -> dict[str, TaskCounts]:
        out = {}
        for task in self.options.tasks:
            documents = self.per_document[task]
            # What was scored without documents has the measures that were asked for, and no others.
            parts = [_empty(task)] if self.options.source == "layers" or not documents else []
            if isinstance(documents, Parts) and list(documents) == sorted(documents):
                parts.append(documents.whole)
            else:
                parts += [documents[name] for name in sorted(documents)]
            if documents and task in TASKS and (n := self._unreadable(task)):
                parts.append(TASKS[task].invalid(n))
            out[task] = TaskCounts.concatenate(parts)
        return out

    def _unreadable(self, task: str) -> int:
        return self.invalid.get(TASKS[task].part, 0) if task in TASKS else 0

    def _scored(self, task: str) -> bool:
        return self.attempted[task] and task not in self.without_gold

    def _remarks(self) -> dict[str, str]:
        out = dict(self.notes)
        if self.options.source == "mentions" and self.options.n_boot:
            n = len(self.documents)
            few = "; of so few they are rough" if n < _FEW else ""
            out["entities"] = (
                f"intervals resample the {n} documents: without their records there are no paragraphs{few}"
            )
        if self.malformed is not None:
            out["entities"] = malformed_remark(self.options.source, self.malformed)
        for task, attempted in self.attempted.items():
            if task in self.without_gold:
                out[task] = "no gold for this task, so not scored"
            elif not attempted:
                what = "every prediction leaves the part out" if task in TASKS else "the links leave it out"
                out[task] = f"not attempted ({what}), so not scored"
        return out

    def _task_json(self, task: str) -> Json:
        counts, scored = self._counts[task], self._scored(task)
        paths = list(counts.measures)
        samples = self._samples(task, paths) if scored and self.options.n_boot else None
        out: Json = {}
        sampled: dict[Path, Floats] = {}
        if samples is not None:
            sampled = {p: f1_of(samples[:, n]) for n, p in enumerate(paths)}
        for path in paths:
            for mean, members in counts.means.items():
                if members[0] == path:
                    _put(out, mean, self._mean_leaf(task, members, [sampled[m] for m in members if sampled]))
            _put(out, path, self._leaf(self.totals(task, *path), sampled.get(path)))
        group = TASKS[task].macro_over if task in TASKS else None
        # Of what was scored without documents only that is told which was asked for; without any mention
        # there is no type by which to see it.
        asked = self.options.source == "layers" or any(path[0] == group for path in paths)
        if group and (asked or not any(counts.measures[path].stored.any() for path in paths)):
            out.setdefault(group, {})
            present = [n for n, p in enumerate(paths) if p[0] == group and counts.measures[p].totals.n_gold]
            chosen = None if samples is None else samples[:, present]
            out["macro"] = self._macro([self.totals(task, *paths[n]) for n in present], chosen)
        for path, table in counts.attributes.items():
            _put(out, path, _attribute_leaf(table))
        for path, table in counts.matrices.items():
            _put(out, path, table.nested())
        return out

    def _samples(self, task: str, paths: list[Path]) -> Floats:
        tables = [self._counts[task].measures[path].stored for path in paths]
        n_boot, seed, strata = self.options.n_boot, self.options.seed, self.strata(task)
        if sum(table.size for table in tables) < _LARGE:
            flat: Floats | csr_array = np.concatenate(tables, axis=1, dtype=np.float64)
        else:
            # Of many blocks each has little of anything.
            flat = csr_array(hstack([csr_array(table.astype(np.float64)) for table in tables]))
        return resample(flat, strata, n_boot=n_boot, seed=seed).reshape(n_boot, len(paths), 4)

    def _leaf(self, totals: Totals, sampled: Floats | None) -> Json:
        leaf: Json = {
            "tp": _number(totals.tp_gold),
            "fp": _number(totals.n_pred - totals.tp_pred),
            "fn": _number(totals.n_gold - totals.tp_gold),
        }
        if totals.tp_pred != totals.tp_gold:
            leaf["tp_pred"] = _number(totals.tp_pred)
        leaf["precision"] = totals.precision
        leaf["recall"] = totals.recall
        leaf["f1"] = totals.f1
        leaf[self._interval_name] = None if leaf["f1"] is None else self._interval(sampled)
        return leaf

    def _mean_leaf(self, task: str, members: Sequence[Path], samples: Sequence[Floats]) -> Json:
        defined = [f1 for f1 in (self.totals(task, *member).f1 for member in members) if f1 is not None]
        sampled = None
        if defined and samples:
            # In a resample, too, the mean is over what is defined in it.
            stacked = np.stack(samples, axis=1)
            sampled = _means(stacked, ~np.isnan(stacked))
        return {"of": len(defined), "f1": mean_defined(defined), self._interval_name: self._interval(sampled)}

    def _macro(self, types: list[Totals], samples: Floats | None) -> Json:
        f1 = mean_defined([each.f1 for each in types])
        ci = None
        if f1 is not None and samples is not None:
            # In a resample, too, the mean is over the types that its gold has.
            ci = self._interval(_means(f1_of(samples), samples[..., N_GOLD] > 0))
        return {"types": len(types), "f1": f1, self._interval_name: ci}

    @property
    def _interval_name(self) -> str:
        return f"ci{100 * (1 - self.options.alpha):g}"

    def _interval(self, sampled: Floats | None) -> list[float] | None:
        ends = None if sampled is None else interval(sampled, self.options.alpha)
        return None if ends is None else list(ends)


def _plain(counted: Mapping[str, Mapping[str, int]]) -> Json:
    return {side: dict(kinds) for side, kinds in counted.items()}


def malformed_remark(source: str, malformed: Mapping[str, Mapping[str, int]]) -> str:
    """What to know of malformed tags, in a sentence."""
    told = []
    for side, kinds in malformed.items():
        found = ", ".join(f"{kind} {n}" for kind, n in kinds.items() if n)
        told.append(f"{side} {sum(kinds.values())}{f' ({found})' if found else ''}")
    scheme = source.removeprefix("tags-")
    what = f"malformed chunks under {scheme}: {'; '.join(told)}"
    if not any(any(kinds.values()) for kinds in malformed.values()):
        return what
    if scheme == "BIO":
        return f"{what}; they are read as chunks all the same"
    return f"{what}; each one predicted is a false positive, those of gold are left out"


def _attribute_leaf(table: Contingency) -> Json:
    return {
        "n": table.n,
        "correct": table.correct,
        "accuracy": table.accuracy,
        "macro_f1": table.macro_f1,
        "kappa": table.kappa,
        "confusion": table.nested(),
    }


def _means(values: Floats, chosen: NDArray[np.bool_]) -> Floats:
    """The mean of each row's chosen values, NaN where none is: ``[n, k]`` to ``[n]``."""
    total, n = np.where(chosen, values, 0.0).sum(axis=1), chosen.sum(axis=1)
    out: Floats = np.divide(total, n, out=np.full_like(total, np.nan), where=n > 0)
    return out


def _empty(task: str) -> TaskCounts:
    return TASKS[task].empty if task in TASKS else LINK_TASKS[task].empty


def _put(out: Json, path: Path, value: Json) -> None:
    for step in path[:-1]:
        out = out.setdefault(step, {})
    out[path[-1]] = value


def _number(value: float) -> int | float:
    """Whole numbers as such, also where they are sums of fractions that rounding has blurred."""
    nearest = round(value)
    return nearest if abs(value - nearest) < _BLUR else value
