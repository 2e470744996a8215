"""γ: agreement on finding items and labelling them, by the best alignment of all annotators' units.

γ = 1 - δ_o / δ_e, where δ_o is the disorder of that alignment of the annotators' units that has the least,
and δ_e the mean of the same over random annotations like theirs (Mathet, Widlöcher & Métivier, "The unified
and holistic method gamma (γ) for inter-annotator agreement measure and alignment", Computational Linguistics
41, 2015). Units may overlap and nest. 1 is perfect agreement, 0 is chance.

It is computed by pygamma-agreement (Titeux & Riad, JOSS 6, 2021), which the extra ``gamma`` brings, with the
paper's settings: units differ by position and by category, with equal weight (α = β = 1); to be aligned with
nothing costs 1; random annotations are real ones, cut and shifted (section 5.2).

A unit is a run of tokens (:func:`vostochny.eval.token_labels.units`). Those of different documents can't be
aligned, so each document is a continuum of its own, and disorders, which are one per unit, add up: with n_d
the mean number of units of an annotator in document d, γ = 1 - Σ_d n_d δ_o,d / Σ_d n_d δ_e,d.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np

from vostochny.eval.alpha_u import Section
from vostochny.eval.scoring import Documents, Layers, prepare
from vostochny.eval.tasks import TASKS
from vostochny.eval.token_labels import units
from vostochny.schema.errors import InputError
from vostochny.schema.extras import require
from vostochny.schema.text import TextIndex


def gamma(
    annotators: Mapping[str, Layers], documents: Documents, *, samples: int = 30, seed: int = 1
) -> dict[str, Any]:
    """γ of any number of annotators' layers, at least two, for each part of a layer.

    δ_e is the mean over ``samples`` random annotations of each document, drawn from ``seed``; the global
    random numbers of numpy and Python are left as they were. A document counts for a part that all did and
    where somebody found something. Time grows steeply with annotators and units: expect seconds a document
    for two annotators.

    Returns ``{part: {"n", "gamma", "observed", "expected", "documents", "samples", "seed"}}``: the number of
    all annotators' units; γ, None where nobody found anything; both disorders, per unit; γ of each document;
    and what it was drawn by.

    Raises :class:`~vostochny.schema.errors.InputError`: ``missing-extra`` without pygamma-agreement,
    ``one-annotator``, ``bad-option`` for less than one sample or a seed below 0, and those of
    :func:`~vostochny.eval.score` for the layers.
    """
    library = require("pygamma_agreement", "gamma")
    if len(annotators) < 2:
        raise InputError.of("one-annotator", f"layers of {len(annotators)} annotator; agreement needs two")
    if samples < 1 or not 0 <= seed < 2**32:
        message = f"samples={samples}, seed={seed}; expected a sample or more and a seed from 0 below 2^32"
        raise InputError.of("bad-option", message)
    (first, reference), *others = annotators.items()
    layers = {}
    for name, each in others:
        known, layers[first], layers[name] = prepare(reference, each, documents)
    out = {}
    for part in (task.part for task in TASKS.values()):
        found = {}
        for document in sorted(set.intersection(*(set(each) for each in layers.values()))):
            said = {name: each[document] for name, each in layers.items()}
            if any(getattr(layer, part) is None for layer in said.values()):
                continue
            index = TextIndex(known[document])
            there = {name: units(layer, part, index) for name, layer in said.items()}
            if any(there.values()):
                length = len(index.document.tokens)
                found[document] = _disorders(library, there, length, samples, seed)
        out[part] = {**_pooled(found), "samples": samples, "seed": seed}
    return out


def _disorders(
    library: ModuleType, annotators: Mapping[str, Sequence[Section]], length: int, samples: int, seed: int
) -> tuple[int, float, float]:
    """One document's number of units, observed and expected disorder."""
    segment = require("pyannote.core", "gamma").Segment
    continuum = library.Continuum()
    for name, listed in annotators.items():
        continuum.add_annotator(name)
        for start, end, category in listed:
            continuum.add(name, segment(float(start), float(end)), category)
    continuum.bound_inf, continuum.bound_sup = 0.0, float(length)
    with _contained(seed):
        result = continuum.compute_gamma(
            library.CombinedCategoricalDissimilarity(),
            n_samples=samples,
            sampler=library.ShuffleContinuumSampler(),
        )
    return continuum.num_units, float(result.observed_disorder), float(result.expected_disorder)


def _pooled(documents: Mapping[str, tuple[int, float, float]]) -> dict[str, Any]:
    n = sum(number for number, _, _ in documents.values())
    observed, expected = (sum(each[0] * each[k] for each in documents.values()) for k in (1, 2))
    return {
        "n": n,
        "gamma": 1 - observed / expected if expected else None,
        "observed": observed / n if n else None,
        "expected": expected / n if n else None,
        "documents": {
            name: 1 - observed / expected if expected else None
            for name, (_, observed, expected) in documents.items()
        },
    }


@contextmanager
def _contained(seed: int) -> Iterator[None]:
    """Global random numbers from ``seed``; afterwards they, the log and the solver are as they were.

    The library draws from numpy's global generator, checks itself with Python's, and warns on the root logger
    that it uses the solver it has, which would set up a handler there. That solver, in several threads,
    prints on standard output unless it is silent from the start.
    """
    solver = require("cvxopt.glpk", "gamma").options
    loudness = dict(solver)
    solver["msg_lev"] = "GLP_MSG_OFF"
    numbers, others, handlers = np.random.get_state(), random.getstate(), logging.root.handlers[:]
    muted = logging.NullHandler()
    logging.root.addHandler(muted)
    disabled = logging.root.manager.disable
    logging.disable(logging.WARNING)
    np.random.seed(seed)
    try:
        yield
    finally:
        solver.clear()
        solver.update(loudness)
        np.random.set_state(numbers)
        random.setstate(others)
        logging.disable(disabled)
        logging.root.handlers[:] = handlers
