"""The three tasks across the articles: which measures each has, and where they stand in a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from vostochny.eval.contingency import ClusterTable, Ints
from vostochny.eval.counts import Counts, Floats
from vostochny.eval.link_b_cubed import b_cubed
from vostochny.eval.link_ceaf import ceaf_e, ceaf_m
from vostochny.eval.link_checks import RELATIONS
from vostochny.eval.link_items import CLAIM_LINKS, ENTITY_LINKS, UTTERANCES
from vostochny.eval.link_lea import lea
from vostochny.eval.link_muc import muc
from vostochny.eval.link_pairs import apart, pairs
from vostochny.eval.link_relations import Edge, relation_pairs
from vostochny.eval.task_counts import Path, TaskCounts

Measures = dict[Path, Floats]
"""Counts by item (``[n_items, 4]``) of each measure."""

Edges = Mapping[str, frozenset[Edge]]
"""Pairs of cluster numbers by relation."""


@dataclass(frozen=True, slots=True)
class LinkCase:
    """What a link task is counted on: the clusters, each item's document, and both sides' relations."""

    table: ClusterTable
    document: Ints
    gold: Edges
    other: Edges


@dataclass(frozen=True, slots=True)
class LinkTask:
    """A link task: how it is counted, the means of its measures' F1, and which measure or mean leads.

    A mean is over those of its members that are defined. Its members are never left out because a system
    did not do them: what gold has and the system lacks has F1 0.
    """

    count: Callable[[LinkCase], Measures]
    means: Mapping[Path, tuple[Path, ...]]
    headline: Path

    @property
    def empty(self) -> TaskCounts:
        """The counts of no items in no blocks."""
        none = np.zeros(0, dtype=np.int64)
        edges = dict.fromkeys(RELATIONS, frozenset[Edge]())
        measures = self.count(LinkCase(ClusterTable(none, none), none, edges, edges))
        return TaskCounts(0, {path: Counts(counts) for path, counts in measures.items()}, means=self.means)


def clusters(table: ClusterTable) -> Measures:
    """All measures of two clusterings."""
    return {
        ("muc",): muc(table),
        ("b3",): b_cubed(table),
        ("ceafe",): ceaf_e(table),
        ("ceafm",): ceaf_m(table),
        ("lea",): lea(table),
        ("pairs",): pairs(table),
        ("apart",): apart(table),
    }


def items(table: ClusterTable) -> Floats:
    """Counts by item (``[n_items, 4]``) of the items themselves: how many both sides have."""
    found = table.common.astype(np.float64)
    return table.counts((found, found), (np.sign(table.gold_size), np.sign(table.other_size)))


def _under(group: str, measures: Measures, names: tuple[str, ...]) -> Measures:
    return {(group, name): measures[(name,)] for name in names}


_PARTS_OF_CONLL = ("muc", "b3", "ceafe")
_CONLL_AND_LEA = (*_PARTS_OF_CONLL, "lea")


def _mean_under(group: str) -> dict[Path, tuple[Path, ...]]:
    return {(group, "conll"): tuple((group, name) for name in _PARTS_OF_CONLL)}


_MEANS: dict[Path, tuple[Path, ...]] = {
    ("conll",): tuple((name,) for name in _PARTS_OF_CONLL),
    ("blanc",): (("apart",), ("pairs",)),
}


def _entities(case: LinkCase) -> Measures:
    table = case.table
    return {
        **clusters(table),
        ("items",): items(table),
        **_under("within_document", clusters(table.within(case.document)), _CONLL_AND_LEA),
        **_under("without_singletons", clusters(table.without_singletons()), _CONLL_AND_LEA),
    }


def _utterances(case: LinkCase) -> Measures:
    measures = clusters(case.table)
    return {("pairs",): measures.pop(("pairs",)), **measures, ("items",): items(case.table)}


def _claims(case: LinkCase) -> Measures:
    table = case.table
    related: Measures = {
        (name,): relation_pairs(table, case.gold[name], case.other[name], directed=name == "supports")
        for name in ("supports", "contradicts")
    }
    groups: Measures = {("groups", name): each for (name, *_), each in clusters(table).items()}
    same = groups.pop(("groups", "pairs"))
    return {("same",): same, **related, ("items",): items(table), **groups}


LINK_TASKS: Mapping[str, LinkTask] = {
    ENTITY_LINKS: LinkTask(
        count=_entities,
        means={**_MEANS, **_mean_under("within_document"), **_mean_under("without_singletons")},
        headline=("conll",),
    ),
    UTTERANCES: LinkTask(count=_utterances, means=_MEANS, headline=("pairs",)),
    CLAIM_LINKS: LinkTask(
        count=_claims,
        means={
            ("macro",): (("same",), ("supports",), ("contradicts",)),
            **_mean_under("groups"),
            ("groups", "blanc"): (("groups", "apart"), ("same",)),
        },
        headline=("macro",),
    ),
}
"""The link tasks by name, in the order in which they are reported."""
