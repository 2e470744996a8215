"""Agreement of two annotators' links, by the scores that systems get, and by κ over pairs.

Cohen's κ is over all pairs of items, a pair being labelled by how the annotator relates its two items. Nearly
all pairs are unrelated, which κ, unlike accuracy, does not reward; pair F1 does not see them at all (Hripcsak
& Rothschild, "Agreement, the F-measure, and reliability in information retrieval", JAMIA 12, 2005), so the
two come close to each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from vostochny.eval.link_differences import difference_agreement
from vostochny.eval.link_items import (
    CLAIM_LINKS,
    ENTITY_LINKS,
    UTTERANCES,
    link_clusters,
    link_items,
    names_mentions,
)
from vostochny.eval.link_labels import pair_labels
from vostochny.eval.link_scoring import has_gold, score_links
from vostochny.eval.link_tasks import LINK_TASKS
from vostochny.eval.nominal import Contingency
from vostochny.eval.scoring import Documents, Layers, values_of
from vostochny.schema.errors import InputError
from vostochny.schema.model import Gold, Layer, Links, Ref

UNRELATED = "unrelated"


def agree_links(
    a: Links,
    b: Links,
    layers: Layers,
    documents: Documents | None = None,
    *,
    n_boot: int = 10_000,
    seed: int = 1,
) -> dict[str, Any]:
    """Agreement of two annotators' links on the same layers, with ``a`` as the reference.

    Tasks that only one of them did are left out; ``entity-links`` counts as done where links name mentions
    themselves. ``documents`` may be left out where ``layers`` is what ``load_gold()`` returns.

    Returns the JSON value of :func:`~vostochny.eval.score_links`'s report, and in it ``pairs``:
    ``{task: {"n", "accuracy", "kappa", "confusion"}}`` over all pairs of items, labelled ``same``,
    ``unrelated`` and, for claims, ``supports``, ``supported`` (the other way round) and ``contradicts``; and
    for utterances ``differences`` (:func:`~vostochny.eval.link_differences.difference_agreement`).

    The errors are those of :func:`~vostochny.eval.score_links`; InputError (``nothing-shared``), too, if
    there is no task that both did.
    """
    tasks = [task for task in LINK_TASKS if all(_did(task, links) for links in (a, b))]
    if not tasks:
        message = f"{a.annotator!r} and {b.annotator!r} did no part of the links both; give links to compare"
        raise InputError.of("nothing-shared", message)
    if documents is None and isinstance(layers, Gold):
        documents = layers.documents
    report = score_links(layers, b, gold_links=a, documents=documents, tasks=tasks, n_boot=n_boot, seed=seed)
    by_document = {layer.document: layer for layer in values_of(layers, Layer, "layers")}
    value = report.to_json()
    value["pairs"] = {task: _leaf(pair_table(task, a, b, by_document)) for task in tasks}
    if UTTERANCES in tasks:
        value["differences"] = difference_agreement(a, b)
    return value


def pair_table(task: str, a: Links, b: Links, layers: Mapping[str, Layer]) -> Contingency:
    """How often each pair of labels occurs over all unordered pairs of a task's items."""
    ours, theirs = (_labels(task, links, layers) for links in (a, b))
    related = ours.keys() | theirs.keys()
    cells = Counter((0, ours.get(pair, UNRELATED), theirs.get(pair, UNRELATED)) for pair in related)
    n = len(link_items(task, layers))
    if rest := n * (n - 1) // 2 - len(related):
        cells[0, UNRELATED, UNRELATED] = rest
    return Contingency(cells)


def _did(task: str, links: Links) -> bool:
    return names_mentions(links) if task == ENTITY_LINKS else has_gold(task, links)


def _labels(task: str, links: Links, layers: Mapping[str, Layer]) -> dict[tuple[Ref, Ref], str]:
    """The label of each pair of items (the lesser first) that the annotator relates, as given."""
    clusters = link_clusters(task, links, layers) or ()
    if task != CLAIM_LINKS:
        return pair_labels(clusters)
    groups = {group.id: refs for group, refs in zip(links.claim_groups or (), clusters, strict=False)}
    return pair_labels(clusters, links.claim_relations or (), groups)


def _leaf(table: Contingency) -> dict[str, Any]:
    return {
        "n": table.n,
        "accuracy": table.accuracy,
        "kappa": table.kappa,
        "confusion": table.nested(),
    }
