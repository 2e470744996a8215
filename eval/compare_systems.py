"""Systems against a baseline: differences, whether chance explains them, and what this corpus could show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from vostochny.eval.compare_bootstrap import Resampled, paired_bootstrap
from vostochny.eval.compare_holm import detectable, holm
from vostochny.eval.compare_measure import Measure, headline, measure_of, shared_tasks
from vostochny.eval.compare_randomization import Randomized, approximate_randomization
from vostochny.eval.compare_result import Compared, Comparison, Difference, PairedTest
from vostochny.eval.compare_spread import spread
from vostochny.eval.counts import Counts, Floats
from vostochny.eval.options import MOST_DRAWS
from vostochny.eval.report import Report
from vostochny.eval.signature import signature
from vostochny.schema.errors import InputError, shown


def compare(
    baseline: Report,
    *others: Report,
    names: Sequence[str] | None = None,
    measures: Iterable[str] | None = None,
    n_boot: int = 10_000,
    seed: int = 1,
    alpha: float = 0.05,
    power: float = 0.8,
) -> Comparison:
    """Compare systems with a baseline, all scored on the same gold with the same options.

    ``names`` are the systems' in that order (default: A, B, …). ``measures`` are given as ``TASK/PATH``
    (:func:`vostochny.eval.compare_measure.measure_of`); by default the headline of every task that all
    reports share, that any of them attempted and that has gold. Each difference is tested by the paired
    bootstrap (:mod:`vostochny.eval.compare_bootstrap`) and by approximate randomization
    (:mod:`vostochny.eval.compare_randomization`), ``n_boot`` draws each, from ``seed``. In each measure and
    by each test the others make up one family, whose p-values Holm's method corrects
    (:mod:`vostochny.eval.compare_holm`); measures are not corrected for one another. Intervals are of level
    ``1 - alpha`` each, uncorrected; ``power`` is that of the minimum detectable difference.

    Resamples are of paragraphs of the articles there are. What holds for them holds for other paragraphs of
    such articles; it does not follow for other articles, let alone other events.

    Raises :class:`~vostochny.schema.errors.InputError` for reports on different gold or with different
    options (both signatures are named; resampling and what could not be read may differ), nothing to compare
    with, unknown measures, and numbers out of range.
    """
    reports = (baseline, *others)
    _check(reports, n_boot, seed, alpha, power)
    named = _names(names, len(reports))
    _check_alike(reports, named)
    if measures is None:
        chosen = [headline(task, reports) for task in shared_tasks(reports) if _done(task, reports)]
        if not chosen:
            message = "none of the systems did any task that has gold; there is nothing to compare"
            raise InputError.of("nothing-found", message)
    else:
        chosen = list(dict.fromkeys(measure_of(name, reports) for name in measures))
        if not chosen:
            raise InputError.of("unknown-measure", "no measure is named; name one, or leave measures out")
    found = tuple(
        _compared(measure, reports, named, n_boot=n_boot, seed=seed, alpha=alpha, power=power)
        for measure in chosen
    )
    tasks = tuple(dict.fromkeys(each.task for each in chosen))
    options = replace(baseline.options, tasks=tasks, n_boot=n_boot, seed=seed, alpha=alpha)
    made = signature(options, baseline.gold, baseline.registry, None, baseline.links)
    return Comparison(
        signature=f"{made}|tests:bootstrap-t+randomization|correction:holm|power:{power:g}",
        names=named,
        n_boot=n_boot,
        seed=seed,
        alpha=alpha,
        power=power,
        compared=found,
        remarks=tuple(_remarks(reports, named, found, n_boot, alpha)),
    )


def _check(reports: tuple[Report, ...], n_boot: int, seed: int, alpha: float, power: float) -> None:
    for report in reports:
        if not isinstance(report, Report):
            message = f"compare: found {shown(report)}, expected Report objects, as score() returns them"
            raise InputError.of("wrong-type", message)
    if len(reports) < 2:
        raise InputError.of("nothing-found", "there is no system to compare with the baseline; give one")
    if not 1 <= n_boot <= MOST_DRAWS or seed < 0 or not 0 < alpha < 1 or not 0 < power < 1:
        raise InputError.of(
            "bad-option",
            f"n_boot={n_boot}, seed={seed}, alpha={alpha}, power={power}; expected n_boot from 1 to "
            f"{MOST_DRAWS:,}, seed of at least 0, and alpha and power between 0 and 1",
        )


def _names(names: Sequence[str] | None, n: int) -> tuple[str, ...]:
    if names is None:
        return tuple(chr(ord("A") + k) if k < 26 else f"system {k + 1}" for k in range(n))
    if len(names) != n or len(set(names)) != n:
        message = f"names {', '.join(map(repr, names))}; expected {n} different ones, the baseline's first"
        raise InputError.of("bad-option", message)
    return tuple(names)


def _check_alike(reports: tuple[Report, ...], names: tuple[str, ...]) -> None:
    """InputError (``different-signatures``) unless all counts were made alike, on the same gold."""
    made = [_counting(report) for report in reports]
    for name, report, other in zip(names[1:], reports[1:], made[1:], strict=True):
        if other != made[0]:
            message = (
                f"{name} and {names[0]} were not scored alike, so their scores can't be compared; score "
                f"both on the same gold with the same options\n  {names[0]}: {reports[0].signature}\n"
                f"  {name}: {report.signature}"
            )
            raise InputError.of("different-signatures", message)


def _counting(report: Report) -> str:
    """What counts depend on: the signature without tasks, resampling, and what could not be read."""
    options = replace(report.options, tasks=(), n_boot=0, seed=0, alpha=0.5)
    return signature(options, report.gold, report.registry, None, report.links)


def _done(task: str, reports: tuple[Report, ...]) -> bool:
    return task not in reports[0].without_gold and any(report.attempted[task] for report in reports)


def _compared(
    measure: Measure,
    reports: tuple[Report, ...],
    names: tuple[str, ...],
    *,
    n_boot: int,
    seed: int,
    alpha: float,
    power: float,
) -> Compared:
    documents, sizes = sorted(reports[0].per_document[measure.task]), reports[0].sizes(measure.task)
    counts = [_counts(report, measure, sum(sizes)) for report in reports]
    scores = [_score(report, measure) for report in reports]
    defined = [n for n in range(1, len(reports)) if scores[0] is not None and scores[n] is not None]
    # What could not be read comes last, in no article: it is never drawn more or less than once.
    strata = reports[0].strata(measure.task)[: sum(sizes)]
    strata = np.append(strata, strata.max(initial=-1) + 1)
    ours, theirs = counts[0], [counts[n] for n in defined]
    resampled: list[Resampled] = []
    randomized: list[Randomized] = []
    if defined:
        resampled = paired_bootstrap(measure, ours, theirs, strata, n_boot=n_boot, seed=seed)
        randomized = approximate_randomization(measure, ours, theirs, n_boot=n_boot, seed=seed)
    adjusted = [holm([each.p for each in tests]) for tests in (resampled, randomized)]
    several = len(documents) > 1
    found = []
    for n, name in enumerate(names[1:], start=1):
        if n not in defined:
            found.append(_undefined(name, scores[n]))
            continue
        k = defined.index(n)
        error = resampled[k].standard_error or None
        found.append(
            Difference(
                system=name,
                score=scores[n],
                difference=resampled[k].difference,
                interval=resampled[k].interval(alpha),
                standard_error=error,
                bootstrap=_test(resampled[k], adjusted[0][k]),
                randomization=_test(randomized[k], adjusted[1][k]),
                detectable=detectable(error, alpha, power) if error else None,
                detectable_holm=detectable(error, alpha / len(defined), power) if error else None,
                spread=spread(measure, documents, sizes, ours, counts[n]) if several else None,
            )
        )
    return Compared(measure, scores[0], tuple(found))


def _test(found: Resampled | Randomized, p_holm: float | None) -> PairedTest:
    return PairedTest(found.p, found.p if p_holm is None else p_holm, found.undefined)


def _undefined(name: str, score: float | None) -> Difference:
    """A system whose difference is undefined, for its score or the baseline's is."""
    return Difference(name, score, None, None, None, None, None, None, None, None)


def _counts(report: Report, measure: Measure, n_blocks: int) -> Floats:
    """A system's counts ``[n_blocks + 1, n_members, 4]``; the last block is what could not be read."""
    found = report.counts(measure.task)
    empty = Counts.zeros(found.n_blocks)
    values = np.stack([found.measures.get(each, empty).values for each in measure.members], axis=1)
    out = np.zeros((n_blocks + 1, *values.shape[1:]))
    out[: len(values)] = values
    return out


def _score(report: Report, measure: Measure) -> float | None:
    """A system's score; None where it is undefined or the report does not score the task."""
    if not report.attempted[measure.task] or measure.task in report.without_gold:
        return None
    counts = report.counts(measure.task)
    score = float(measure.score(_counts(report, measure, counts.n_blocks).sum(axis=0)))
    return None if np.isnan(score) else score


def _remarks(
    reports: tuple[Report, ...],
    names: tuple[str, ...],
    compared: tuple[Compared, ...],
    n_boot: int,
    alpha: float,
) -> Iterable[str]:
    yield _reach(reports[0])
    family = max(each.family for each in compared)
    if 1 / (n_boot + 1) > alpha / max(1, family):
        yield (
            f"With {n_boot} draws no p-value is below {1 / (n_boot + 1):.3g}, so {family} tests can't reach "
            f"{alpha:g} after correction; draw more."
        )
    for name, report in zip(names, reports, strict=True):
        for each in compared:
            if each.measure.task in report.without_gold:
                yield f"{name}: no gold for {each.measure.task}, so not compared."
            elif not report.attempted[each.measure.task]:
                yield f"{name}: {each.measure.task} not attempted, so not compared."
        if any(report.invalid.values()):
            unread = ", ".join(f"{part} {k}" for part, k in sorted(report.invalid.items()))
            yield f"{name}: invalid, so false positives as in its own report: {unread}."
        if report.missing:
            yield f"{name}: not predicted, so scored as empty: {', '.join(report.missing)}."


def _reach(report: Report) -> str:
    """What the tests can and can't tell, by what is resampled."""
    if report.options.block != "paragraph":
        return (
            f"Whole {report.options.block}s are resampled: a difference that holds up here holds for others "
            "of the kind."
        )
    n = len(report.documents)
    same = "document" if n == 1 else f"{n} documents"
    return (
        f"Paragraphs of the same {same} are resampled: a difference that holds up here holds for other "
        "paragraphs of such documents; whether it does for other documents, or other events, this can't tell."
    )
