"""Agreement of annotators, by the scores that systems get, and beyond chance.

With one annotator as reference, F1 is the same whichever of the two that is, and for spans it is the
measure of agreement to which κ tends when the number of non-items grows (Hripcsak & Rothschild,
"Agreement, the F-measure, and reliability in information retrieval", JAMIA 12, 2005). Where both
labelled the same thing, Cohen's κ is given. On tokens, there are κ and Krippendorff's α, on sections α_u
(:mod:`vostochny.eval.token_agree`).

Of more than two annotators, F1 is the mean over all pairs, as is κ; α and α_u are of all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

from vostochny.eval.report import Report
from vostochny.eval.scoring import Documents, Layers, score, values_of
from vostochny.eval.tasks import TASKS
from vostochny.eval.token_agree import mean_of_pairs, token_agreement
from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Entity, Layer

KAPPAS = {
    "mention_type": ("entities", "attributes", "type"),
    "quote_kind": ("quotes", "attributes", "kind"),
    "quote_speaker": ("quotes", "speaker_accuracy"),
    "claim_voice": ("claims", "attributes", "voice"),
    "claim_claimer": ("claims", "claimer_accuracy"),
    "claim_type": ("claims", "attributes", "type"),
    "claim_polarity": ("claims", "attributes", "polarity"),
    "claim_certainty": ("claims", "attributes", "certainty"),
}
"""Labels whose agreement is listed, and where they stand in the report."""


def agreement(
    a: Layers,
    b: Layers,
    documents: Documents,
    entities: Iterable[Entity] = (),
    *,
    n_boot: int = 10_000,
    seed: int = 1,
) -> dict[str, Any]:
    """Agreement of two annotators' layers, with ``a`` as the reference.

    A part of a document counts only if both did it. Returns the report's JSON value and in it
    ``labels``: ``{label: {"n", "accuracy", "kappa"}}`` over mentions with the same boundaries and over
    quotes and claims with IoU > 0.5; and ``tokens`` and ``unitizing``
    (:func:`~vostochny.eval.token_agree.token_agreement`). Speakers and claimers count where ``a`` has one.
    The errors are those of :func:`~vostochny.eval.score`.
    """
    ours, theirs, known = values_of(a, Layer, "layers"), values_of(b, Layer, "layers"), _known(documents)
    report = agreement_report(ours, theirs, known, entities, n_boot=n_boot, seed=seed)
    return agreement_json(report) | token_agreement([_by_document(ours), _by_document(theirs)], known)


def agreement_of_all(
    annotators: Mapping[str, Layers], documents: Documents, entities: Iterable[Entity] = ()
) -> dict[str, Any]:
    """Agreement of any number of annotators' layers, at least two.

    Returns ``annotators``, their names; ``f1``: ``{task: {measure: mean}}``, the means over all pairs of
    annotators of the F1 that :func:`agreement` gives them, None where it is undefined for one; and ``tokens``
    and ``unitizing`` of all of them (:func:`~vostochny.eval.token_agree.token_agreement`). The errors are
    those of :func:`~vostochny.eval.score`; InputError (``one-annotator``), too, for fewer than two.
    """
    layers = {name: values_of(each, Layer, "layers") for name, each in annotators.items()}
    if len(layers) < 2:
        raise InputError.of("one-annotator", f"layers of {len(layers)} annotator; agreement needs two")
    known, registry = _known(documents), tuple(entities)
    reports = [agreement_report(a, b, known, registry, n_boot=0) for a, b in combinations(layers.values(), 2)]
    f1: dict[str, dict[str, float | None]] = {
        task: {
            path[0]: mean_of_pairs([report.f1(task, *path) for report in reports])
            for path in found.empty.measures
            if len(path) == 1
        }
        for task, found in TASKS.items()
    }
    tokens = token_agreement([_by_document(each) for each in layers.values()], known)
    return {"annotators": list(layers), "f1": f1, **tokens}


def agreement_report(
    a: Layers,
    b: Layers,
    documents: Documents,
    entities: Iterable[Entity] = (),
    *,
    n_boot: int = 10_000,
    seed: int = 1,
) -> Report:
    """The report behind :func:`agreement`."""
    ours, theirs = values_of(a, Layer, "layers"), values_of(b, Layer, "layers")
    return score(
        [_shared(layer, theirs) for layer in ours],
        [_shared(layer, ours) for layer in theirs],
        documents=documents,
        entities=entities,
        n_boot=n_boot,
        seed=seed,
    )


def agreement_json(report: Report) -> dict[str, Any]:
    """A report's JSON value with the labels' agreement listed."""
    value = report.to_json()
    labels = {}
    for name, path in KAPPAS.items():
        leaf = value["tasks"]
        for step in path:
            leaf = leaf[step]
        labels[name] = {key: leaf[key] for key in ("n", "accuracy", "kappa")}
    return {**value, "labels": labels}


def _known(documents: Documents) -> dict[str, Document]:
    return {document.id: document for document in values_of(documents, Document, "documents")}


def _by_document(layers: Iterable[Layer]) -> dict[str, Layer]:
    return {layer.document: layer for layer in layers}


def _shared(layer: Layer, others: list[Layer]) -> Layer:
    """The layer without the parts that no other layer of its document has."""
    same = [other for other in others if other.document == layer.document]
    missing: dict[str, Any] = {
        t.part: None for t in TASKS.values() if all(getattr(other, t.part) is None for other in same)
    }
    return replace(layer, **missing)
