"""Agreement of two annotators, by the scores that systems get.

With one annotator as reference, F1 is the same whichever of the two that is, and for spans it is the
measure of agreement to which κ tends when the number of non-items grows (Hripcsak & Rothschild,
"Agreement, the F-measure, and reliability in information retrieval", JAMIA 12, 2005). Where both
labelled the same thing, Cohen's κ is given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from vostochny.eval.report import Report
from vostochny.eval.scoring import Documents, Layers, score, values_of
from vostochny.eval.tasks import TASKS
from vostochny.schema.model import Entity, Layer

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
    quotes and claims with IoU > 0.5. Speakers and claimers count where ``a`` has one. The errors are
    those of :func:`~vostochny.eval.score`.
    """
    return agreement_json(agreement_report(a, b, documents, entities, n_boot=n_boot, seed=seed))


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


def _shared(layer: Layer, others: list[Layer]) -> Layer:
    """The layer without the parts that no other layer of its document has."""
    same = [other for other in others if other.document == layer.document]
    missing: dict[str, Any] = {
        t.part: None for t in TASKS.values() if all(getattr(other, t.part) is None for other in same)
    }
    return replace(layer, **missing)
