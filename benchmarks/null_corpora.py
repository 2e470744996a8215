"""Corpora on which systems are equally good, or differ by a known amount, drawn at random.

All start from the paragraphs of the corpus and what real systems, or perturbed gold, earn on them. A drawn
corpus has each article's number of paragraphs, drawn from that article's with replacement: the articles'
paragraphs are the population, so the scores of their summed counts are the true ones. Which system gets which
counts is then settled so that the truth is known:

* *exchanged*: each paragraph's counts of real systems are dealt out to the systems at random. They are
  equally good, share what is hard and easy, and have real systems' errors.
* *perturbed*: each system's counts on a paragraph are those of one of many perturbations of gold, all made
  alike: items are lost, shifted or relabelled, each with a chance of its own that all perturbations share
  (some items are hard), and others are invented. They are scored by the scorer itself.
* *traded*: one system says nothing on a share of the paragraphs, the other one says more that is wrong on
  another share: one F1, but other precision and recall. The systems are not exchangeable.
* *better*: as exchanged, but one of the systems gets the better one's counts more often; how much more
  settles the true difference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vostochny.eval import TASKS, Report, score
from vostochny.eval.compare_measure import Measure, headline
from vostochny.eval.counts import N_GOLD, N_PRED, Floats
from vostochny.schema.model import Claim, Document, Gold, Layer, Mention, Quote, Span

Draw = Callable[[np.random.Generator], list[Floats]]
"""The counts of all systems on one drawn corpus, the baseline's first."""

VERSIONS = 100
"""Perturbations of gold that a system's paragraphs are taken from."""

HARD, INVENTED, SILENT = 0.25, 0.3, 0.2
"""Mean chance of an error in an item, invented items a paragraph, share of paragraphs without output."""


@dataclass(frozen=True)
class Paragraphs:
    """Counts of systems on the same paragraphs (``[n_systems, n_paragraphs, n_members, 4]``), by article."""

    measure: Measure
    counts: Floats
    strata: NDArray[np.int64]

    @classmethod
    def of(cls, task: str, reports: Sequence[Report]) -> Paragraphs:
        """The counts of reports in the headline of a task."""
        measure = headline(task, reports)
        counts = [
            np.stack([report.counts(task).measures[each].values for each in measure.members], axis=1)
            for report in reports
        ]
        return cls(measure, np.stack(counts), reports[0].strata(task))

    def drawn(self, rng: np.random.Generator) -> Floats:
        """The counts of a drawn corpus."""
        start = np.searchsorted(self.strata, self.strata)
        size = np.bincount(self.strata)[self.strata]
        return self.counts[:, start + rng.integers(0, size)]

    def exchanged(self, rng: np.random.Generator) -> list[Floats]:
        """Systems that are equally good, since each paragraph's counts are dealt out at random."""
        return _dealt(self.drawn(rng), rng.permuted(self._numbers, axis=0))

    def better(self, share: float) -> Draw:
        """Two systems, the second of which gets the second's counts on this share of the paragraphs."""

        def draw(rng: np.random.Generator) -> list[Floats]:
            found = self.drawn(rng)
            second = (rng.random(found.shape[1]) < share).astype(np.int64)
            return _dealt(found, np.stack([1 - second, second]))

        return draw

    def true_difference(self, share: float) -> float:
        """How much better the second system of :meth:`better` is."""
        first, second = self.counts[:2].sum(axis=1)
        scores = self.measure.score(
            np.stack([share * first + (1 - share) * second, (1 - share) * first + share * second])
        )
        return float(scores[1] - scores[0])

    def traded(self, rng: np.random.Generator) -> list[Floats]:
        """Two systems made of the first one's counts: silent on some paragraphs; saying more on others.

        With hits t, predicted p and gold g: without the share q of its output, F1 is 2(1-q)t / ((1-q)p + g);
        with as many spurious units as gold has on the share r of the paragraphs, 2t / (p + rg + g). Both are
        equal for r = q / (1 - q).
        """
        counts = self.drawn(rng)[0]
        quiet, loud = counts.copy(), counts.copy()
        quiet[rng.random(len(counts)) < SILENT, :, :N_GOLD] = 0
        chosen = rng.random(len(counts)) < SILENT / (1 - SILENT)
        loud[chosen, :, N_PRED] += counts[chosen, :, N_GOLD]
        return [quiet, loud]

    def versions(self, rng: np.random.Generator) -> list[Floats]:
        """Two systems whose counts on each paragraph are those of any of the systems here."""
        found = self.drawn(rng)
        return _dealt(found, rng.integers(0, len(found), size=(2, found.shape[1])))

    @property
    def _numbers(self) -> NDArray[np.int64]:
        return np.tile(np.arange(len(self.counts))[:, None], self.counts.shape[1])


def _dealt(counts: Floats, numbers: NDArray[np.int64]) -> list[Floats]:
    """Per row of ``numbers`` (``[n, n_paragraphs]``): of each paragraph the counts of the system that is
    named.
    """
    return [counts[row, np.arange(counts.shape[1])] for row in numbers]


def perturbed(gold: Gold, task: str, seed: int) -> Paragraphs:
    """What many perturbations of gold earn: items that are hard for one are hard for all."""
    rng = np.random.default_rng(seed)
    chances = {
        name: rng.beta(0.5, 0.5 * (1 - HARD) / HARD, size=len(getattr(layer, TASKS[task].part)))
        for name, layer in gold.items()
    }
    reports = [
        score(
            gold,
            [_perturbed(gold.documents[name], gold[name], task, chances[name], rng) for name in sorted(gold)],
            tasks=(task,),
            n_boot=0,
        )
        for _ in range(VERSIONS)
    ]
    return Paragraphs.of(task, reports)


def _perturbed(
    document: Document, layer: Layer, task: str, chances: Floats, rng: np.random.Generator
) -> Layer:
    """A layer with errors: half of the items in error are lost, half are shifted or relabelled."""
    part = TASKS[task].part
    kept = []
    for item, chance in zip(getattr(layer, part), chances, strict=True):
        wrong, lost = rng.random(2) < (chance, 0.5)
        if not wrong:
            kept.append(item)
        elif not lost:
            kept.append(_shifted(document, item, rng))
    n = rng.poisson(INVENTED * len(document.regions))
    kept += [_invented(document, part, f"invented-{k}", rng) for k in range(n)]
    return Layer(document.id, "perturbed", **{part: tuple(kept)})


def _shifted(
    document: Document, item: Mention | Quote | Claim, rng: np.random.Generator
) -> Mention | Quote | Claim:
    """A mention with another type; a quote or claim of which only the first, random part is found."""
    if isinstance(item, Mention):
        return replace(
            item, type="PRODUCT" if item.type != "PRODUCT" else "EVENT", entity=None, metonym_for=None
        )
    first = (item.content if isinstance(item, Quote) else item.spans)[0]
    inside = [end for start, end in document.tokens if first.start <= start and end <= first.end]
    span = Span(first.start, int(rng.choice(inside))) if inside else first
    if isinstance(item, Quote):
        return replace(item, content=(span,), verbatim=())
    return replace(item, spans=(span,))


def _invented(document: Document, part: str, name: str, rng: np.random.Generator) -> Mention | Quote | Claim:
    """An item where there may be none: a token, or a sentence."""
    if part == "mentions":
        start, end = document.tokens[rng.integers(len(document.tokens))]
        return Mention(name, start, end, None, "PERSON")
    span = Span(*document.sentences[rng.integers(len(document.sentences))])
    return Quote(name, (span,)) if part == "quotes" else Claim(name, (span,))
