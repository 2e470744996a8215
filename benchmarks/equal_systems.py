"""Paired tests, sacreBLEU's and ours, on systems that are equally good by construction.

A test set is 100 references of 25 words; both systems get each word right with the same chance,
independently, and put a random one in its place otherwise. So no system is better, and of many such test
sets a test at level .05 may call about 5 % significant.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks import generator
from vostochny.eval import compare, score_tags

SENTENCES, WORDS, VOCABULARY, WRONG = 100, 25, 200, 0.3


def made(seed: int) -> tuple[list[str], list[str], list[str]]:
    """References and the outputs of two equally good systems."""
    rng = np.random.default_rng(seed)
    words = rng.integers(0, VOCABULARY, (SENTENCES, WORDS))

    def output() -> NDArray[np.int64]:
        return np.where(rng.random(words.shape) < WRONG, rng.integers(0, VOCABULARY, words.shape), words)

    references, first, second = (
        [" ".join(f"w{n}" for n in row) for row in each.tolist()] for each in (words, output(), output())
    )
    return references, first, second


def paired(
    references: list[str], baseline: list[str], other: list[str], *, test: str = "bs", seed: int = 12345
) -> tuple[float, float | None]:
    """The p-value that sacreBLEU gives to the difference in BLEU, and its mean score over the resamples.

    ``test`` is ``bs`` (paired bootstrap) or ``ar`` (approximate randomization), with 1,000 samples.
    """
    from sacrebleu.metrics import BLEU
    from sacrebleu.significance import PairedTest

    logging.getLogger("sacrebleu").setLevel(logging.ERROR)
    with patch.dict(os.environ, {"SACREBLEU_SEED": str(seed)}):
        systems = [("baseline", baseline), ("other", other)]
        run = PairedTest(
            systems, {"BLEU": BLEU(tokenize="none")}, [references], test_type=test, n_samples=1000
        )
        found = run()[1]["BLEU"][1]
    return found.p_value, found.mean


def rejected(n: int) -> float:
    """How many of ``n`` test sets without a difference sacreBLEU's bootstrap rejects at .05, in per cent."""
    return _share(_peer_rejects, n)


def rejected_by_ours(n: int) -> float:
    """The same of ours: 100 sentences with entities, and two systems that err equally often."""
    return _share(_ours_rejects, n)


def our_p_values(seed: int = 1) -> tuple[float, float]:
    """The p-values, by bootstrap and by randomization, of a system against its own copy."""
    return _compared(seed, outputs=(2, 2))


def our_comparison(seed: int) -> dict[str, Any]:
    """What ours says of two different systems with a seed, as JSON."""
    gold, *systems = _tags(1, (2, 3))
    return compare(*(score_tags(gold, each) for each in systems), n_boot=1000, seed=seed).to_json()


def _share(rejects: Callable[[int], bool], n: int) -> float:
    with ProcessPoolExecutor(2) as pool:
        return 100 * sum(pool.map(rejects, range(n), chunksize=25)) / n


def _peer_rejects(seed: int) -> bool:
    return paired(*made(seed))[0] <= 0.05


def _ours_rejects(seed: int) -> bool:
    return _compared(seed, outputs=(2 * seed, 2 * seed + 1))[0] <= 0.05


def _compared(seed: int, outputs: tuple[int, int]) -> tuple[float, float]:
    gold, *systems = _tags(seed, outputs)
    found = compare(*(score_tags(gold, each) for each in systems), n_boot=1000).to_json()
    (tests,) = found["measures"][0]["systems"]
    return tests["bootstrap"]["p"], tests["randomization"]["p"]


def _tags(seed: int, outputs: tuple[int, int]) -> list[list[list[str]]]:
    truth = generator.gold(SENTENCES * generator.SENTENCE, seed=seed)
    return [each.tags() for each in (truth, *(generator.output(truth, seed=n) for n in outputs))]
