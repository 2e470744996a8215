"""Scoring links across the documents against gold's.

All documents are one meta-document: a cluster that reaches over five articles is one cluster, and what a
system keeps apart by article it misses. (Scoring article by article and averaging would forgive just that;
see Cattan et al., "Realistic evaluation principles for cross-document coreference resolution", *SEM 2021. So
``within_document`` stands apart and never leads. Singletons count, for telling that a thing is named once is
part of the task; ``without_singletons`` is the CoNLL-2012 manner.)

Intervals: each item earns its share of a measure where it stands (:mod:`vostochny.eval.contingency`), so
counts add up over paragraphs, and paragraphs are resampled as in all tasks. The shares are those in the whole
clustering; a resample does not cluster anew. The intervals thus tell what other paragraphs of the same
articles would change, not what other articles would.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vostochny.eval.counts import Counts
from vostochny.eval.items import ItemReader
from vostochny.eval.link_checks import RELATIONS, id_problems, link_problems
from vostochny.eval.link_items import (
    CLAIM_LINKS,
    ENTITY_LINKS,
    ITEM_PARTS,
    Clusters,
    link_clusters,
    names_mentions,
)
from vostochny.eval.link_tasks import LINK_TASKS, Edges, LinkCase
from vostochny.eval.link_universe import Universe, universe
from vostochny.eval.options import Options, check_options
from vostochny.eval.report import Report
from vostochny.eval.scoring import Documents, Layers, known_tasks, prepare
from vostochny.eval.signature import gold_digest, links_digest, registry_digest
from vostochny.eval.task_counts import TaskCounts
from vostochny.schema.errors import InputError, shown
from vostochny.schema.model import Gold, Links
from vostochny.schema.registry import Resolver


def score_links(
    gold: Layers,
    links: Links,
    layers: Layers | None = None,
    *,
    gold_links: Links | None = None,
    documents: Documents | None = None,
    tasks: Sequence[str] = tuple(LINK_TASKS),
    n_boot: int = 10_000,
    seed: int = 1,
    alpha: float = 0.05,
) -> Report:
    """Score a system's links against gold's.

    Without ``layers``, ``links`` are on the gold layers and refer to their items. With ``layers``, they are
    on these, a system's own, whose items are aligned with gold's (:mod:`vostochny.eval.link_universe`).
    ``gold_links`` and ``documents`` may be left out where ``gold`` is what ``load_gold()`` returns. ``tasks``
    are some of ``entity-links``, ``utterances``, ``claim-links``; the other arguments are those of
    :func:`~vostochny.eval.score`. Links are taken as they are: what would follow from claim links counts only
    if it is there (:func:`vostochny.schema.closure.closed` adds it).

    What is left out is settled so: items that the links do not name are singletons. A part of ``links`` that
    is None was not attempted and has null scores, except that claim groups without claim relations, or the
    reverse, are claim links in which the others are missed. Entities without ``mentions`` are those that the
    scored layers' mentions name, which the report's remarks say; on gold layers links without any entity did
    not attempt ``entity-links``. A task that gold has no links for has null scores. Documents without gold
    are left out.

    Raises :class:`~vostochny.schema.errors.InputError` with all problems of the layers and documents, as
    :func:`~vostochny.eval.score` does, and of the links (:mod:`vostochny.eval.link_checks`): items or
    documents that do not exist, an item in two clusters, groups that do not exist.
    """
    options = Options(
        known_tasks(tasks, LINK_TASKS), n_boot, seed, alpha, links_on="gold" if layers is None else "system"
    )
    check_options(options)
    if isinstance(gold, Gold):
        documents = gold.documents if documents is None else documents
        gold_links = gold.links if gold_links is None else gold_links
    if documents is None or gold_links is None:
        message = (
            "this gold does not bring its documents and links, as load_gold()'s does; give documents= and "
        )
        raise InputError.of("no-documents" if documents is None else "no-links", message + "gold_links=")
    for value, what in ((links, "links"), (gold_links, "gold_links")):
        if not isinstance(value, Links):
            message = f"{what}: found {shown(value)}, expected a Links object; from a file: "
            raise InputError.of("wrong-type", f"{message}vostochny.schema.readers.read_links(path)")
    known, ours, theirs = prepare(gold, () if layers is None else layers, documents)
    on = ours if layers is None else theirs
    parts = [ITEM_PARTS[task] for task in options.tasks]
    problems = [
        *id_problems(ours, parts, "gold"),
        *(id_problems(theirs, parts, "prediction") if layers is not None else ()),
        *link_problems(gold_links, ours, known, "gold links"),
        *link_problems(links, on, known, "links"),
    ]
    if problems:
        raise InputError(problems)
    resolver = Resolver(gold_links.entities)
    readers = {name: ItemReader(known[name], resolver) for name in ours}
    own = layers is None and not links.entities
    found = {
        task: None if own and task == ENTITY_LINKS else link_clusters(task, links, on)
        for task in options.tasks
    }
    per_document: dict[str, Mapping[str, TaskCounts]] = {}
    for task in options.tasks:
        clusters = link_clusters(task, gold_links, ours) if has_gold(task, gold_links) else None
        if clusters is None:
            per_document[task] = {}
            continue
        case = universe(task, readers, ours, on)
        per_document[task] = _counts(task, case, clusters, found[task] or (), gold_links, links)
    done = tuple(task for task in options.tasks if found[task] is not None)
    notes = {}
    if found.get(ENTITY_LINKS) is not None and not names_mentions(links):
        whose = "gold layers'" if layers is None else "system's layers'"
        notes[ENTITY_LINKS] = (
            f"the links name no mentions, so the clusters are those of the {whose} own entities"
        )
    return Report(
        options=options,
        gold={name: gold_digest(layer, known[name]) for name, layer in ours.items()},
        registry=registry_digest(gold_links.entities),
        per_document=per_document,
        predicted=dict.fromkeys(sorted(on), done),
        invalid={},
        links=links_digest(gold_links),
        notes=notes,
    )


def has_gold(task: str, links: Links) -> bool:
    """Whether gold's links say anything of a task: of claim links both groups and relations."""
    if task == CLAIM_LINKS:
        return links.claim_groups is not None and links.claim_relations is not None
    return task == ENTITY_LINKS or links.utterances is not None


def _counts(
    task: str, case: Universe, gold: Clusters, other: Clusters, gold_links: Links, links: Links
) -> dict[str, TaskCounts]:
    """A task's counts by document."""
    table = case.table(gold, other)
    items = LINK_TASKS[task].count(LinkCase(table, case.document, _edges(gold_links), _edges(links)))
    spread = {path: case.spread(counts).values for path, counts in items.items()}
    out, start = {}, 0
    for name, size in case.sizes:
        part = {path: Counts(values[start : start + size]) for path, values in spread.items()}
        out[name] = TaskCounts(size, measures=part, means=LINK_TASKS[task].means)
        start += size
    return out


def _edges(links: Links) -> Edges:
    number = {group.id: n for n, group in enumerate(links.claim_groups or ())}
    return {
        kind: frozenset(
            (number[relation.source], number[relation.target])
            for relation in links.claim_relations or ()
            if relation.type == kind
        )
        for kind in RELATIONS
    }
