"""How often the tests of ``vostochny compare`` err: ``python -m benchmarks.null``.

Corpora on which two systems are equally good (:mod:`benchmarks.null_corpora`) are drawn 5,000 times a
setting, and tested at level .05: the share of rejections should be 5 %. The same is done for true
differences, which should be found. Figures are written between the marks in ``docs/significance.md``; the
same seed gives the same.
"""

from __future__ import annotations

import argparse
import platform
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binomtest
from threadpoolctl import threadpool_limits

from benchmarks.null_corpora import Draw, Paragraphs, perturbed
from vostochny.annotations import load_gold
from vostochny.annotations.rounds import load_round
from vostochny.baselines import BASELINES, predict
from vostochny.baselines.link_blind import without_answers
from vostochny.baselines.link_registry import LINKERS
from vostochny.baselines.link_run import link
from vostochny.eval import LINK_TASKS, TASKS, Report, score, score_links
from vostochny.eval.compare_bootstrap import BLUR, Resampled, p_value, paired_bootstrap
from vostochny.eval.compare_holm import detectable, holm
from vostochny.eval.compare_randomization import approximate_randomization
from vostochny.eval.render import markdown_table
from vostochny.schema.files import write_atomic

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "significance.md"
ALPHA, POWER = 0.05, 0.8
DIFFERENCES = (0.05, 0.1)

EXCHANGED = (
    ("entities", "entities-rules", "entities-crf"),
    ("entities", "entities-rules", "annotator a1"),
    ("quotes", "quotes-rules", "quotes-crf"),
    ("quotes", "quotes-marks", "quotes-crf"),
    ("claims", "claims-rules", "claims-logreg"),
    ("claims", "claims-sentences", "claims-rules"),
    ("entity-links", "exact-string", "tfidf"),
    ("entity-links", "tfidf", "annotator a1"),
    ("utterances", "tfidf", "annotator a1"),
    ("claim-links", "annotator a1", "annotator a2"),
    ("claim-links", "tfidf", "annotator a2"),
)
FAMILY = ("quotes", ("quotes-rules", "quotes-crf", "quotes-marks"))
TRADED = (("entities", "entities-crf"), ("quotes", "quotes-rules"), ("claims", "claims-rules"))
BETTER = (
    ("entities", "entities-rules", "annotator a1"),
    ("quotes", "quotes-marks", "quotes-rules"),
    ("claims", "claims-sentences", "claims-rules"),
)


@dataclass(frozen=True)
class Tested:
    """Of each of many corpora: p-values by both tests, that without studentising, and the detectable
    difference.
    """

    bootstrap: list[float]
    randomization: list[float]
    plain: list[float]
    detectable: list[float]


def main() -> None:
    """Draw, test and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=int, default=5000, help="drawn corpora without a difference, a row")
    parser.add_argument("--boot", type=int, default=499, help="draws of each test")
    parser.add_argument("--seed", type=int, default=1, help="seed of everything")
    options = parser.parse_args()
    # Nothing here is large enough to gain from several threads.
    with threadpool_limits(1):
        figures = _figures(options.corpora, options.boot, options.seed)
    page = PAGE.read_text(encoding="utf-8")
    block = re.compile(r"(<!-- figures: null -->\n).*?(<!-- /figures -->)", re.DOTALL)
    write_atomic(PAGE, block.sub(lambda mark: mark[1] + figures + mark[2], page).encode())
    print(figures)


def _figures(corpora: int, n_boot: int, seed: int) -> str:
    """The tables, and what they were measured on."""
    reports = _reports()
    nulls = [_null_row(*each, corpora, n_boot) for each in _nulls(reports, seed)]
    power = list(_power(reports, corpora // 5, n_boot, seed))
    head = ("null", "task", "systems", "bootstrap", "95 %", "randomization", "95 %", "not studentised")
    known = ("task", "systems", "true difference", "bootstrap", "randomization", "detectable, on average")
    family = _family(reports, corpora, n_boot, seed)
    gold = _report(reports, "quotes-rules").signature.split("|")[1]
    made = (
        f"{corpora:,} corpora a row of the first table, {corpora // 5:,} of the second; {n_boot:,} draws a "
        f"test, seed {seed}; intervals are exact binomial ones. "
        f"Drawn from the five articles ({gold}) by vostochny {version('vostochny')}, numpy "
        f"{version('numpy')}, scipy {version('scipy')}, Python {platform.python_version()}."
    )
    return "\n".join(
        [
            f"Rejected at {ALPHA:g} although there is no difference, in %:\n",
            markdown_table(head, nulls, 3),
            f"One baseline against two systems, all three exchanged ({', '.join(FAMILY[1])}): any false "
            f"rejection in the family, in %, by the bootstrap {family[0]} and by randomization {family[1]} "
            f"with Holm's correction; {family[2]} and {family[3]} without it.\n",
            "Found at that level where there is a difference, in %; differences are in points:\n",
            markdown_table(known, power, 2),
            made + "\n",
        ]
    )


def _nulls(reports: dict[str, Report], seed: int) -> Iterator[tuple[str, str, Paragraphs, Draw, int]]:
    """Name, systems, paragraphs, how to draw, and a seed for each setting without a difference."""
    number = seed * 1000
    for task, first, second in EXCHANGED:
        found = Paragraphs.of(task, [_report(reports, first, task), _report(reports, second, task)])
        number += 1
        yield "exchanged", f"{first}, {second}", found, found.exchanged, number
    for task in TASKS:
        number += 1
        found = perturbed(load_gold(ROOT / "annotations"), task, number)
        yield "perturbed", "gold with errors, twice", found, found.versions, number
    for task, name in TRADED:
        found = Paragraphs.of(task, [_report(reports, name)])
        number += 1
        yield "traded", f"{name}, quieter and louder", found, found.traded, number


def _null_row(
    null: str, systems: str, found: Paragraphs, draw: Draw, seed: int, corpora: int, n_boot: int
) -> tuple[str, ...]:
    tested = _tested(found, draw, corpora, n_boot, seed)
    cells = []
    for values in (tested.bootstrap, tested.randomization):
        cells += [_share(values), _interval(values)]
    print(null, found.measure.name, systems, *cells, file=sys.stderr, flush=True)
    return (null, found.measure.name, systems, *cells, _share(tested.plain))


def _power(reports: dict[str, Report], corpora: int, n_boot: int, seed: int) -> Iterator[tuple[str, ...]]:
    number = seed * 1000 + 500
    for task, worse, better in BETTER:
        found = Paragraphs.of(task, [_report(reports, worse), _report(reports, better, task)])
        size = 0.0
        for chosen in (*DIFFERENCES, None):
            # The last difference is the one that should be found with the chance that was asked for.
            true = size if chosen is None else chosen
            share = brentq(lambda at, true=true, found=found: found.true_difference(at) - true, 0.5, 1)
            number += 1
            tested = _tested(found, found.better(share), corpora, n_boot, number)
            size = float(np.mean(tested.detectable))
            rejected = (_share(tested.bootstrap), _share(tested.randomization))
            systems = f"{worse}, {better}"
            yield (found.measure.name, systems, f"{100 * true:.1f}", *rejected, f"{100 * size:.1f}")


def _family(reports: dict[str, Report], corpora: int, n_boot: int, seed: int) -> list[str]:
    """Shares of corpora with any rejection: by both tests with Holm's correction, then without."""
    task, names = FAMILY
    found = Paragraphs.of(task, [_report(reports, name) for name in names])
    rng = np.random.default_rng(seed * 1000 + 900)
    smallest: list[list[float]] = [[], [], [], []]
    for n in range(corpora):
        baseline, *others = found.exchanged(rng)
        tests = (
            paired_bootstrap(found.measure, baseline, others, found.strata, n_boot=n_boot, seed=n),
            approximate_randomization(found.measure, baseline, others, n_boot=n_boot, seed=n),
        )
        for k, each in enumerate(tests):
            raw = [test.p for test in each]
            smallest[k].append(min(p for p in holm(raw) if p is not None))
            smallest[k + 2].append(min(raw))
    return [f"{_share(values)} ({_interval(values)})" for values in smallest]


def _tested(found: Paragraphs, draw: Draw, corpora: int, n_boot: int, seed: int) -> Tested:
    """Both tests on drawn corpora; the seed of the n-th one's tests is n, 0 included."""
    rng = np.random.default_rng(seed)
    out = Tested([], [], [], [])
    for n in range(corpora):
        baseline, other = draw(rng)
        resampled = paired_bootstrap(found.measure, baseline, [other], found.strata, n_boot=n_boot, seed=n)[0]
        randomized = approximate_randomization(found.measure, baseline, [other], n_boot=n_boot, seed=n)[0]
        out.bootstrap.append(resampled.p)
        out.randomization.append(randomized.p)
        out.plain.append(_plain(resampled))
        out.detectable.append(detectable(resampled.standard_error or 0.0, ALPHA, POWER))
    return out


def _plain(found: Resampled) -> float:
    """What the p-value would be if δ* - δ were held against δ as they are."""
    smaller = np.abs(found.differences - found.difference) < abs(found.difference) - BLUR
    return p_value(int((~smaller).sum()), len(smaller))


def _share(p_values: Sequence[float]) -> str:
    return f"{100 * sum(p <= ALPHA for p in p_values) / len(p_values):.1f}"


def _interval(p_values: Sequence[float]) -> str:
    ends = binomtest(sum(p <= ALPHA for p in p_values), len(p_values)).proportion_ci(method="exact")
    return f"{100 * ends.low:.1f}–{100 * ends.high:.1f}"


def _report(reports: dict[str, Report], name: str, task: str | None = None) -> Report:
    """A system's report; annotators have one on layers and one on links."""
    return reports[f"{name} (links)" if task in LINK_TASKS and name.startswith("annotator") else name]


def _reports() -> dict[str, Report]:
    """Reports on all baselines, trained ones leave-one-article-out, and on the annotators of the rounds."""
    corpus = ROOT / "annotations"
    gold = load_gold(corpus)
    out = {}
    for name, baseline in BASELINES.items():
        layers = predict(baseline.factory(), gold.documents.values(), gold if baseline.trained else None)
        out[name] = score(gold, layers, tasks=(baseline.task,), n_boot=0)
    for name in ("exact-string", "tfidf"):
        links = link(LINKERS[name].factory(), gold.documents, map(without_answers, gold.values()))
        out[name] = score_links(gold, links, n_boot=0)
    read, linked = load_round("r1", corpus).layers, load_round("r2", corpus).links
    for name in ("a1", "a2"):
        out[f"annotator {name}"] = score(gold, read[name].values(), n_boot=0)
        out[f"annotator {name} (links)"] = score_links(gold, linked[name], n_boot=0)
    return out


if __name__ == "__main__":
    main()
