"""The links across the documents as pairs of items, each pair once, with what holds between the two.

All pairs are there, those within one document and those that nothing relates (label ``none``) included: links
are exhaustive, so that ``none`` says that the two were compared. The first item of a pair stands before the
second (documents by id, then the order of the layer) whatever the label is, so that the order gives nothing
away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from vostochny.annotations.hf_links import entity_clusters
from vostochny.annotations.hf_tables import TABLE_SCHEMAS, Row
from vostochny.eval.link_items import (
    CLAIM_LINKS,
    ENTITY_LINKS,
    ITEM_PARTS,
    UTTERANCES,
    link_clusters,
    link_items,
)
from vostochny.eval.link_labels import SAME, SUPPORTED
from vostochny.schema.closure import CONTRADICTS, closed_relations, follows
from vostochny.schema.model import Difference, Layer, Links, Passage, Ref, Utterance

NONE = "none"
"""The label of a pair between which nothing holds."""

SIDES = ("first", "second")
"""What the columns of a pair's two items begin with, before an underscore."""

Relate = Callable[[tuple[Ref, Ref], tuple[str | None, str | None]], Row]
"""What is told of two items, given the ids of their clusters (None: stands alone)."""

_TEXT = pa.string()
_SPAN = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("text", _TEXT)])
_DIFFERENCE = pa.struct([("type", _TEXT), ("first", _SPAN), ("second", _SPAN), ("note", _TEXT)])
_CONVERSE = {"omission": "addition", "addition": "omission"}


class _Form(NamedTuple):
    """What the pairs of one task consist of.

    ``columns`` are those of the layers' table that each item has, ``cluster`` the one for its cluster's id
    (null: it stands alone), ``told`` those of the pair.
    """

    task: str
    cluster: str
    columns: tuple[str, ...]
    told: tuple[tuple[str, pa.DataType], ...]

    @property
    def schema(self) -> pa.Schema:
        known = TABLE_SCHEMAS[ITEM_PARTS[self.task]]
        of_item = [*((name, known.field(name).type) for name in self.columns), (self.cluster, _TEXT)]
        return pa.schema(
            [*self.told, *((f"{side}_{name}", kind) for side in SIDES for name, kind in of_item)]
        )


_CONTEXT = ("context_start", "context")
_LABEL = ("label", _TEXT)
_FORMS = {
    "entity_link_pairs": _Form(
        ENTITY_LINKS,
        "entity",
        ("document", "id", "start", "end", "text", "type", *_CONTEXT),
        (_LABEL,),
    ),
    "utterance_pairs": _Form(
        UTTERANCES,
        "utterance",
        ("document", "id", "kind", "text", "content", "speaker", "speaker_name", *_CONTEXT),
        (_LABEL, ("differences", pa.list_(_DIFFERENCE))),
    ),
    "claim_pairs": _Form(
        CLAIM_LINKS,
        "group",
        (
            *("document", "id", "text", "spans", "proposition", "claimer", "claimer_name"),
            *("type", "polarity", "certainty", *_CONTEXT),
        ),
        (_LABEL, ("reason", _TEXT), ("follows", pa.bool_())),
    ),
}

PAIR_SCHEMAS: dict[str, pa.Schema] = {name: form.schema for name, form in _FORMS.items()}
"""The columns of each configuration of links in pair form."""


def build_pair_tables(
    items: Mapping[str, pa.Table], layers: Mapping[str, Layer], links: Links
) -> dict[str, pa.Table]:
    """All pairs of names, of quotes and of claims, with their labels.

    ``items`` are the layers' tables ``mentions``, ``quotes`` and ``claims``. Names and quotes are ``same`` or
    ``none``; claims also ``supports`` (the first entails the second), ``supported`` (the second entails the
    first) or ``contradicts``, with what follows from the links' relations. A table has no rows where the
    links were not done.

    Raises :class:`~vostochny.schema.errors.InputError` where relations exclude each other.
    """
    parts = {
        "entity_link_pairs": (entity_clusters(links, layers).items(), _relate_names),
        "utterance_pairs": (
            [(each.id, each.members) for each in links.utterances or ()],
            _quote_relations(links.utterances or ()),
        ),
        "claim_pairs": (
            [(each.id, each.members) for each in links.claim_groups or ()],
            _claim_relations(links),
        ),
    }
    out = {}
    for name, (clusters, relate) in parts.items():
        form = _FORMS[name]
        done = link_clusters(form.task, links, layers) is not None
        refs = link_items(form.task, layers) if done else ()
        own = {ref: cluster for cluster, members in clusters for ref in members}
        out[name] = _pairs(form, items[ITEM_PARTS[form.task]], refs, own, relate)
    return out


def _pairs(
    form: _Form, table: pa.Table, refs: Sequence[Ref], clusters: Mapping[Ref, str], relate: Relate
) -> pa.Table:
    """The table of all pairs of some items, from the table of the items."""
    keys = zip(table["document"].to_pylist(), table["id"].to_pylist(), strict=True)
    rows = {Ref(*key): number for number, key in enumerate(keys)}
    own = [clusters.get(ref) for ref in refs]
    told = [relate((refs[a], refs[b]), (own[a], own[b])) for a, b in combinations(range(len(refs)), 2)]
    items = table.take(pa.array([rows[ref] for ref in refs], pa.int64()))
    of_item = {**{name: items[name] for name in form.columns}, form.cluster: pa.array(own, _TEXT)}
    columns = {name: pa.array([row[name] for row in told], kind) for name, kind in form.told}
    for side, numbers in zip(SIDES, np.triu_indices(len(refs), 1), strict=True):
        chosen = pa.array(numbers)
        columns |= {f"{side}_{name}": column.take(chosen) for name, column in of_item.items()}
    return pa.table(columns, schema=form.schema)


def _relate_names(refs: tuple[Ref, Ref], own: tuple[str | None, str | None]) -> Row:
    return {"label": SAME if _together(own) else NONE}


def _quote_relations(utterances: Iterable[Utterance]) -> Relate:
    by_id = {each.id: each for each in utterances}

    def relate(refs: tuple[Ref, Ref], own: tuple[str | None, str | None]) -> Row:
        if not _together(own):
            return {"label": NONE, "differences": None}
        return {"label": SAME, "differences": _differences(by_id[str(own[0])], refs)}

    return relate


def _claim_relations(links: Links) -> Relate:
    related: dict[tuple[str | None, str | None], Row] = {}
    for relation in closed_relations(links):
        told = {"reason": relation.reason, "follows": follows(relation)}
        back = CONTRADICTS if relation.type == CONTRADICTS else SUPPORTED
        related[relation.source, relation.target] = {"label": relation.type, **told}
        related[relation.target, relation.source] = {"label": back, **told}
    nothing: Row = {"label": NONE, "reason": None, "follows": None}
    same: Row = {**nothing, "label": SAME}

    def relate(refs: tuple[Ref, Ref], own: tuple[str | None, str | None]) -> Row:
        return same if _together(own) else related.get(own, nothing)

    return relate


def _together(own: tuple[str | None, str | None]) -> bool:
    return own[0] is not None and own[0] == own[1]


def _differences(utterance: Utterance, refs: tuple[Ref, Ref]) -> list[Row] | None:
    """How the second quote differs from the first; None if the two were not compared in detail."""
    found = [each for each in utterance.differences if set(each.members) == set(refs)]
    if not found and utterance.members[0] not in refs:
        return None
    return [_difference(each, turned=each.members != refs) for each in found]


def _difference(difference: Difference, turned: bool) -> Row:
    """A difference seen from the pair's first item: an omission one way is an addition the other."""
    here, there = reversed(difference.spans) if turned else difference.spans
    kind = _CONVERSE.get(difference.type, difference.type) if turned else difference.type
    return {"type": kind, "first": _span(here), "second": _span(there), "note": difference.note}


def _span(passage: Passage) -> Row:
    return {"start": passage.start, "end": passage.end, "text": passage.text}
