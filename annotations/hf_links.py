"""The links across the documents as flat tables: clusters with all that is known of their members.

Members are the very rows of the tables ``mentions``, ``quotes`` and ``claims``
(:mod:`vostochny.annotations.hf_tables`), so that a row is understood without the others. What stands in no
row of ``utterances`` or ``claim_groups`` stands alone. The pairs are in
:mod:`vostochny.annotations.hf_pairs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from vostochny.annotations.hf_tables import TABLE_SCHEMAS, Row
from vostochny.eval.link_items import ENTITY_LINKS, link_clusters, names_mentions
from vostochny.schema.closure import follows
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.links_json import links_to_json, passage_from_json, ref_from_json, ref_to_json
from vostochny.schema.model import (
    ClaimGroup,
    ClaimRelation,
    Difference,
    Document,
    Entity,
    Layer,
    Links,
    Ref,
    Utterance,
)
from vostochny.schema.values import check_links

BY_LAYERS, BY_LINKS = "layers", "links"
"""Who says which mentions name an entity: the layers' mentions (``entity``), or the links themselves."""

_TEXT = pa.string()
_TEXTS = pa.list_(_TEXT)
_INT = pa.int32()
_OF_THE_ENTITY = ("entity", "entity_name", "wikidata")
_MENTION = pa.struct([field for field in TABLE_SCHEMAS["mentions"] if field.name not in _OF_THE_ENTITY])
_QUOTE = pa.struct(list(TABLE_SCHEMAS["quotes"]))
_CLAIM = pa.struct(list(TABLE_SCHEMAS["claims"]))
_REF = pa.struct([("document", _TEXT), ("id", _TEXT)])
_SIDE = pa.struct([("document", _TEXT), ("id", _TEXT), ("start", _INT), ("end", _INT), ("text", _TEXT)])
_DIFFERENCE = pa.struct([("type", _TEXT), ("first", _SIDE), ("second", _SIDE), ("note", _TEXT)])

LINK_SCHEMAS: dict[str, pa.Schema] = {
    "links": pa.schema(
        [
            ("annotator", _TEXT),
            ("entity_count", _INT),
            ("utterance_count", _INT),
            ("claim_group_count", _INT),
            ("claim_relation_count", _INT),
            ("schema_version", _TEXT),
        ]
    ),
    "entity_links": pa.schema(
        [
            ("id", _TEXT),
            ("name", _TEXT),
            ("type", _TEXT),
            ("aliases", _TEXTS),
            ("wikidata", _TEXT),
            ("documents", _TEXTS),
            ("mentions", pa.list_(_MENTION)),
            ("mentions_by", _TEXT),
            ("metonyms", pa.list_(_MENTION)),
            ("quotes", pa.list_(_REF)),
            ("claims", pa.list_(_REF)),
        ]
    ),
    "utterances": pa.schema(
        [
            ("id", _TEXT),
            ("speaker", _TEXT),
            ("speaker_name", _TEXT),
            ("documents", _TEXTS),
            ("members", pa.list_(_QUOTE)),
            ("differences", pa.list_(_DIFFERENCE)),
        ]
    ),
    "claim_groups": pa.schema([("id", _TEXT), ("documents", _TEXTS), ("members", pa.list_(_CLAIM))]),
    "claim_relations": pa.schema(
        [
            ("source", _TEXT),
            ("target", _TEXT),
            ("type", _TEXT),
            ("reason", _TEXT),
            ("follows", pa.bool_()),
            ("source_claims", pa.list_(_CLAIM)),
            ("target_claims", pa.list_(_CLAIM)),
        ]
    ),
}
"""The columns of each configuration of links in cluster form."""


def build_link_tables(
    items: Mapping[str, pa.Table],
    documents: Mapping[str, Document],
    layers: Mapping[str, Layer],
    links: Links,
) -> dict[str, pa.Table]:
    """The tables of the links; ``items`` are the layers' tables ``mentions``, ``quotes`` and ``claims``.

    ``links`` has one row; a part of the links that was not done has a null count there and no rows.
    Raises :class:`InputError` with all that the schema room's checks find, and with every member that no
    layer has.
    """
    _, problems = check_links(links_to_json(links), documents, layers, file="gold/links.json")
    if problems:
        raise InputError(problems)
    rows = _Members(items)
    names = {entity.id: entity.name for entity in links.entities}
    groups = {group.id: rows.of("claims", group.members) for group in links.claim_groups or ()}
    made: dict[str, list[Row]] = {
        "links": [
            {
                "annotator": links.annotator,
                "entity_count": len(links.entities),
                "utterance_count": _count(links.utterances),
                "claim_group_count": _count(links.claim_groups),
                "claim_relation_count": _count(links.claim_relations),
                "schema_version": links.schema_version,
            }
        ],
        "entity_links": _entity_rows(rows, links, layers),
        "utterances": [_utterance_row(rows, each, names) for each in links.utterances or ()],
        "claim_groups": [
            {"id": name, "documents": _documents(members), "members": members}
            for name, members in groups.items()
        ],
        "claim_relations": [
            {
                "source": relation.source,
                "target": relation.target,
                "type": relation.type,
                "reason": relation.reason,
                "follows": follows(relation),
                "source_claims": groups[relation.source],
                "target_claims": groups[relation.target],
            }
            for relation in links.claim_relations or ()
        ],
    }
    if rows.problems:
        raise InputError(rows.problems)
    return {name: pa.Table.from_pylist(made[name], schema=schema) for name, schema in LINK_SCHEMAS.items()}


def links_from_rows(rows: Mapping[str, list[Row]]) -> Links:
    """The links of the rows of :func:`build_link_tables`' tables; the inverse."""
    (about,) = rows["links"]
    return Links(
        annotator=about["annotator"],
        entities=tuple(
            Entity(
                id=row["id"],
                name=row["name"],
                type=row["type"],
                aliases=tuple(row["aliases"]),
                wikidata=row["wikidata"],
                mentions=_refs(row["mentions"]) if row["mentions_by"] == BY_LINKS else None,
            )
            for row in rows["entity_links"]
        ),
        utterances=None
        if about["utterance_count"] is None
        else tuple(
            Utterance(
                row["id"],
                _refs(row["members"]),
                row["speaker"],
                tuple(_difference(each) for each in row["differences"]),
            )
            for row in rows["utterances"]
        ),
        claim_groups=None
        if about["claim_group_count"] is None
        else tuple(ClaimGroup(row["id"], _refs(row["members"])) for row in rows["claim_groups"]),
        claim_relations=None
        if about["claim_relation_count"] is None
        else tuple(
            ClaimRelation(row["source"], row["target"], row["type"], row["reason"])
            for row in rows["claim_relations"]
        ),
        schema_version=about["schema_version"],
    )


def entity_clusters(links: Links, layers: Mapping[str, Layer]) -> dict[str, tuple[Ref, ...]]:
    """The mentions of each entity, by its id, as :func:`vostochny.eval.link_items.link_clusters` decides."""
    clusters = link_clusters(ENTITY_LINKS, links, layers) or ()
    if names_mentions(links):
        return {entity.id: refs for entity, refs in zip(links.entities, clusters, strict=False)}
    named = {
        Ref(name, mention.id): mention.entity
        for name, layer in layers.items()
        for mention in layer.mentions or ()
    }
    owned = ((named[refs[0]], refs) for refs in clusters if refs)
    return {entity: refs for entity, refs in owned if entity is not None}


class _Members:
    """The rows of the items that links name."""

    def __init__(self, items: Mapping[str, pa.Table]) -> None:
        self.rows = {
            part: {ref_from_json(row): row for row in items[part].to_pylist()}
            for part in ("mentions", "quotes", "claims")
        }
        self.problems: list[Problem] = []

    def of(self, part: str, refs: Iterable[Ref]) -> list[Row]:
        """The rows of some items; those that no layer has become problems."""
        found = []
        for ref in refs:
            row = self.rows[part].get(ref)
            if row is None:
                message = f"found {ref}, expected one of the layers' {part}; mend or drop the member"
                self.problems.append(Problem("unresolved-reference", message, "gold/links.json"))
            else:
                found.append(row)
        return found

    def refs(self, part: str, column: str, value: str) -> list[Ref]:
        """The items with some value in a column."""
        return [ref for ref, row in self.rows[part].items() if row[column] == value]


def _entity_rows(rows: _Members, links: Links, layers: Mapping[str, Layer]) -> list[Row]:
    clusters = entity_clusters(links, layers)
    out = []
    for entity in links.entities:
        stated = entity.mentions is not None
        mentions = rows.of("mentions", (entity.mentions if stated else clusters.get(entity.id)) or ())
        out.append(
            {
                "id": entity.id,
                "name": entity.name,
                "type": entity.type,
                "aliases": list(entity.aliases),
                "wikidata": entity.wikidata,
                "documents": _documents(mentions),
                "mentions": mentions,
                "mentions_by": BY_LINKS if stated else BY_LAYERS,
                "metonyms": rows.of("mentions", rows.refs("mentions", "metonym_for", entity.id)),
                "quotes": [ref_to_json(ref) for ref in rows.refs("quotes", "speaker", entity.id)],
                "claims": [ref_to_json(ref) for ref in rows.refs("claims", "claimer", entity.id)],
            }
        )
    return out


def _utterance_row(rows: _Members, utterance: Utterance, names: Mapping[str, str]) -> Row:
    members = rows.of("quotes", utterance.members)
    return {
        "id": utterance.id,
        "speaker": utterance.speaker,
        "speaker_name": names.get(utterance.speaker or ""),
        "documents": _documents(members),
        "members": members,
        "differences": [
            {
                "type": each.type,
                **{
                    side: {
                        "document": passage.document,
                        "id": member.id,
                        "start": passage.start,
                        "end": passage.end,
                        "text": passage.text,
                    }
                    for side, member, passage in zip(
                        ("first", "second"), each.members, each.spans, strict=True
                    )
                },
                "note": each.note,
            }
            for each in utterance.differences
        ],
    }


def _difference(row: Mapping[str, Any]) -> Difference:
    first, second = row["first"], row["second"]
    return Difference(
        row["type"],
        (ref_from_json(first), ref_from_json(second)),
        (passage_from_json(first), passage_from_json(second)),
        row["note"],
    )


def _refs(rows: Iterable[Mapping[str, Any]]) -> tuple[Ref, ...]:
    return tuple(ref_from_json(row) for row in rows)


def _documents(members: Iterable[Row]) -> list[str]:
    return sorted({row["document"] for row in members})


def _count(items: tuple[object, ...] | None) -> int | None:
    return None if items is None else len(items)
