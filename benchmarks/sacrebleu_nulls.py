"""sacreBLEU's paired tests on systems that are equally good by construction.

A test set is 100 references of 25 words; both systems get each word right with the same chance,
independently, and put a random one in its place otherwise. So no system is better, and of many such test
sets a test at level .05 may call about 5 % significant.
"""

from __future__ import annotations

import logging
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

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


def rejected(n: int, test: str = "bs") -> str:
    """How many of ``n`` test sets without a difference the test calls significant at .05, in per cent."""
    with ProcessPoolExecutor(2) as pool:
        found = sum(pool.map(partial(_rejects, test=test), range(n), chunksize=25))
    return f"{100 * found / n:.1f} %"


def _rejects(seed: int, test: str) -> bool:
    return paired(*made(seed), test=test)[0] < 0.05
