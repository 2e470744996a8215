"""Links to and from JSON values, as :mod:`vostochny.schema.jsonio` does it for layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vostochny.schema.jsonio import Json
from vostochny.schema.model import (
    SCHEMA_VERSION,
    ClaimGroup,
    ClaimRelation,
    Difference,
    Entity,
    Links,
    Passage,
    Ref,
    Utterance,
)


def links_to_json(links: Links) -> Json:
    """A links file as ``links.schema.json`` describes it."""
    out: Json = {
        "schema_version": links.schema_version,
        "annotator": links.annotator,
        "entities": [entity_to_json(entity) for entity in links.entities],
    }
    if links.utterances is not None:
        out["utterances"] = [utterance_to_json(utterance) for utterance in links.utterances]
    if links.claim_groups is not None:
        out["claim_groups"] = [{"id": g.id, "members": _refs(g.members)} for g in links.claim_groups]
    if links.claim_relations is not None:
        out["claim_relations"] = [
            {"from": r.source, "to": r.target, "type": r.type, "reason": r.reason}
            for r in links.claim_relations
        ]
    return out


def entity_to_json(entity: Entity) -> Json:
    """A registry entry; its mentions only where it names them."""
    out: Json = {
        "id": entity.id,
        "name": entity.name,
        "type": entity.type,
        "aliases": list(entity.aliases),
        "wikidata": entity.wikidata,
    }
    if entity.mentions is not None:
        out["mentions"] = _refs(entity.mentions)
    return out


def utterance_to_json(utterance: Utterance) -> Json:
    """An utterance with its members and differences."""
    return {
        "id": utterance.id,
        "speaker": utterance.speaker,
        "members": _refs(utterance.members),
        "differences": [
            {
                "type": difference.type,
                "members": _refs(difference.members),
                "spans": [
                    {"document": s.document, "start": s.start, "end": s.end, "text": s.text}
                    for s in difference.spans
                ],
                "note": difference.note,
            }
            for difference in utterance.differences
        ],
    }


def links_from_json(value: Mapping[str, Any]) -> Links:
    """The inverse of :func:`links_to_json`."""

    def part(key: str, make: Any) -> tuple[Any, ...] | None:
        return tuple(make(item) for item in value[key]) if key in value else None

    return Links(
        annotator=value["annotator"],
        schema_version=value.get("schema_version", SCHEMA_VERSION),
        entities=tuple(entity_from_json(item) for item in value["entities"]),
        utterances=part("utterances", utterance_from_json),
        claim_groups=part("claim_groups", lambda item: ClaimGroup(item["id"], _references(item["members"]))),
        claim_relations=part(
            "claim_relations",
            lambda item: ClaimRelation(item["from"], item["to"], item["type"], item.get("reason")),
        ),
    )


def entity_from_json(value: Mapping[str, Any]) -> Entity:
    """The inverse of :func:`entity_to_json`."""
    mentions = _references(value["mentions"]) if "mentions" in value else None
    aliases = tuple(value.get("aliases", ()))
    return Entity(value["id"], value["name"], value["type"], aliases, value.get("wikidata"), mentions)


def utterance_from_json(value: Mapping[str, Any]) -> Utterance:
    """The inverse of :func:`utterance_to_json`."""
    return Utterance(
        id=value["id"],
        members=_references(value["members"]),
        speaker=value.get("speaker"),
        differences=tuple(_difference(item) for item in value.get("differences", ())),
    )


def _difference(value: Mapping[str, Any]) -> Difference:
    first, second = _references(value["members"])
    here, there = (passage_from_json(span) for span in value["spans"])
    return Difference(value["type"], (first, second), (here, there), value.get("note"))


def ref_to_json(ref: Ref) -> Json:
    """An item of a document's layer: ``{"document", "id"}``."""
    return {"document": ref.document, "id": ref.id}


def ref_from_json(value: Mapping[str, Any]) -> Ref:
    """The inverse of :func:`ref_to_json`; what else the value has is passed over."""
    return Ref(value["document"], value["id"])


def passage_from_json(value: Mapping[str, Any]) -> Passage:
    """A passage from ``{"document", "start", "end", "text"}``; what else the value has is passed over."""
    return Passage(value["document"], value["start"], value["end"], value["text"])


def _refs(members: Sequence[Ref]) -> list[Json]:
    return [ref_to_json(member) for member in members]


def _references(values: Sequence[Mapping[str, Any]]) -> tuple[Ref, ...]:
    return tuple(ref_from_json(value) for value in values)
