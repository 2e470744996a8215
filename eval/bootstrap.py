"""Confidence intervals by the bootstrap over paragraphs, stratified by article.

Sentences of one paragraph and paragraphs of one article are not independent, so whole paragraphs are
drawn, with replacement, and each article keeps its own number of them: per article the number of times
each of its B paragraphs is drawn follows a multinomial distribution with B trials and equal chances.
Summed counts of each resample give its F1; the interval is the percentile interval of those (Efron &
Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13; stratified resampling: Davison & Hinkley,
Bootstrap Methods and their Application, 1997, ch. 3). All measures are resampled with the same draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from vostochny.eval.counts import Floats

_CHUNK = 2_000
"""Resamples drawn at a time, which bounds the memory."""


def resample(values: Floats, strata: Sequence[int], *, n_boot: int, seed: int) -> Floats:
    """Summed counts of ``n_boot`` resamples.

    ``values`` is ``[n_blocks, …]``, ``strata`` the number of blocks of each document in the same order (their
    sum is ``n_blocks``). Returns ``[n_boot, …]``. The same seed, 0 included, gives the same draws.
    """
    rng = np.random.default_rng(seed)
    flat = values.reshape(values.shape[0], prod(values.shape[1:]))
    out = np.zeros((n_boot, flat.shape[1]), dtype=np.float64)
    start = 0
    for size in strata:
        part = flat[start : start + size]
        start += size
        if not size:
            continue
        for low in range(0, n_boot, _CHUNK):
            draws = rng.multinomial(size, np.full(size, 1 / size), size=min(_CHUNK, n_boot - low))
            out[low : low + len(draws)] += draws.astype(np.float64) @ part
    return out.reshape(n_boot, *values.shape[1:])


def interval(samples: Floats, alpha: float) -> tuple[float, float] | None:
    """The percentile interval of level ``1 - alpha`` of resampled scores ``[n_boot]``.

    A resample in which the score is undefined (NaN: neither gold nor prediction was drawn) tells
    nothing and is left out; None if no sample is left.
    """
    defined = samples[~np.isnan(samples)]
    if not defined.size:
        return None
    low, high = np.quantile(defined, [alpha / 2, 1 - alpha / 2])
    return float(low), float(high)
