"""Confidence intervals by the bootstrap over paragraphs, stratified by article.

Sentences of one paragraph and paragraphs of one article are not independent, so whole paragraphs are
drawn, with replacement, and each article keeps its own number of them: per article the number of times
each of its B paragraphs is drawn follows a multinomial distribution with B trials and equal chances.
Summed counts of each resample give its F1; the interval is the percentile interval of those (Efron &
Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13; stratified resampling: Davison & Hinkley,
Bootstrap Methods and their Application, 1997, ch. 3). All measures are resampled with the same draws.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from vostochny.eval.counts import Floats

Indices = NDArray[np.int64]

_CHUNK = 1 << 16
"""Weights drawn at a time (resamples × blocks, 512 KiB), which bounds the memory and stays in the cache."""


def weights(strata: Sequence[int] | Indices, *, n_boot: int, seed: int) -> Iterator[Floats]:
    """How often each block is drawn in each of ``n_boot`` resamples, some resamples at a time.

    ``strata`` gives each block's stratum, any number that the blocks drawn from together share. Yields
    arrays ``[some, n_blocks]``, ``n_boot`` rows in all; in each row the weights of a stratum add up to its
    size, so that a stratum of one block always has weight 1. The same seed, 0 included, gives the same
    draws, whatever the number of resamples.

    Where only one stratum has several blocks, these have equal chances; else a block's number is the high
    half of a 32-bit random number times the stratum's size, and the chances of two blocks of a stratum of n
    differ by n / 2³² at most.
    """
    _, label, counted = np.unique(np.asarray(strata, dtype=np.int64), return_inverse=True, return_counts=True)
    # A block that is a stratum by itself has weight 1 in every resample and takes no random numbers.
    sizes = counted[counted > 1]
    order = np.argsort(label, kind="stable")
    order = order[counted[label[order]] > 1]
    place = slice(0, len(order)) if (order == np.arange(len(order))).all() else order
    size = np.repeat(sizes, sizes).astype(np.uint64)
    first = np.repeat(np.cumsum(sizes) - sizes, sizes).astype(np.uint64)
    rng = np.random.default_rng(seed)
    n_blocks = len(label)
    step = max(1, _CHUNK // max(1, n_blocks))
    for low in range(0, n_boot, step):
        rows = min(step, n_boot - low)
        if len(sizes) == 1:
            draws = rng.integers(0, len(order), size=(rows, len(order)))
        else:
            wide = rng.integers(0, 1 << 32, size=(rows, len(order)), dtype=np.uint32).astype(np.uint64)
            wide *= size
            wide >>= np.uint64(32)
            wide += first
            draws = wide.view(np.int64)
        out = np.ones((rows, n_blocks), dtype=np.float64)
        for row, drawn in zip(out, draws, strict=True):
            row[place] = np.bincount(drawn, minlength=len(order))
        yield out


def resample(
    values: Floats | csr_array, strata: Sequence[int] | Indices, *, n_boot: int, seed: int
) -> Floats:
    """Summed counts of ``n_boot`` resamples.

    ``values`` is ``[n_blocks, …]``, or a sparse matrix; ``strata`` gives each block's stratum. Returns
    ``[n_boot, …]``. The draws are those of :func:`weights`.
    """
    flat = values if isinstance(values, csr_array) else values.reshape(len(values), prod(values.shape[1:]))
    out = np.zeros((n_boot, flat.shape[1]), dtype=np.float64)
    low = 0
    for drawn in weights(strata, n_boot=n_boot, seed=seed):
        out[low : low + len(drawn)] = drawn @ flat
        low += len(drawn)
    return out.reshape(n_boot, *values.shape[1:])


def strata_of(sizes: Sequence[int]) -> Indices:
    """Each block's stratum, where ``sizes`` are the documents' numbers of blocks: its document.

    A document of one block, by itself, would be drawn again and again and never vary, so that intervals
    would shrink to nothing where all documents are short: such documents are one stratum (collapsed
    strata: Wolter, Introduction to Variance Estimation, 2nd ed. 2007, §2.5).

    >>> strata_of([2, 1, 3, 1])
    array([1, 1, 0, 3, 3, 3, 0])
    """
    counted = np.asarray(sizes, dtype=np.int64)
    return np.repeat(np.where(counted == 1, 0, np.arange(1, len(counted) + 1)), counted)


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
