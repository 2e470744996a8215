"""Where the links of gold come from: who stands for each utterance, claim group and claim relation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vostochny.annotations.rounds import Round
from vostochny.schema.closure import CONTRADICTS
from vostochny.schema.model import ClaimRelation, Links, Ref, Utterance

Said = tuple[str, object]


def link_provenance(gold: Links, found: Round) -> list[dict[str, Any]]:
    """The lines of ``provenance/links.jsonl``, one for each item of the parts that the round is about.

    What the only annotator linked is ``reviewed``. Of several, an item that all have is ``unanimous``: an
    utterance with the same members, speaker and differences apart from notes, a group with the same members,
    a relation of the same type between such groups. All else is ``adjudicated``.
    """
    names = list(found.annotators)
    readings = [{said for _, _, said in _items(links)} for links in found.links.values()]
    lines = []
    for part, id, said in _items(gold):
        if part not in found.manifest["parts"]:
            continue
        if len(names) == 1:
            status, by = "reviewed", names
        elif all(said in reading for reading in readings):
            status, by = "unanimous", names
        else:
            status, by = "adjudicated", [found.manifest["adjudicator"]]
        lines.append({"item": id, "kind": part, "status": status, "by": by})
    return lines


def _items(links: Links) -> Iterator[tuple[str, str, Said]]:
    """The items of links: part, id, and what is said with it, whatever the ids."""
    for utterance in links.utterances or ():
        yield "utterances", utterance.id, ("utterance", _rendered(utterance))
    members = {group.id: frozenset(group.members) for group in links.claim_groups or ()}
    for id, group in members.items():
        yield "claim_groups", id, ("group", group)
    for relation in links.claim_relations or ():
        id = f"{relation.source}.{relation.type}.{relation.target}"
        yield "claim_relations", id, (relation.type, _sides(relation, members))


def _rendered(utterance: Utterance) -> object:
    differences = frozenset((each.type, each.members, each.spans) for each in utterance.differences)
    return frozenset(utterance.members), utterance.speaker, differences


def _sides(relation: ClaimRelation, members: dict[str, frozenset[Ref]]) -> object:
    sides = (members[relation.source], members[relation.target])
    return frozenset(sides) if relation.type == CONTRADICTS else sides
