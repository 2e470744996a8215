"""What a new version of gold's links changes: how many utterances, groups and relations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from vostochny.schema.closure import SUPPORTS
from vostochny.schema.model import ClaimGroup, ClaimRelation, Links, Utterance


def link_counts(old: Links, new: Links) -> tuple[int, int, int]:
    """How many utterances, claim groups and claim relations are added, changed and removed.

    Clusters are the same if they share members; of several, those that share most. Ids do not count, the
    wording of notes and reasons does. Two groups are related once; how, and which way, is what may change.
    """
    utterances = _paired(old.utterances or (), new.utterances or ())
    groups = _paired(old.claim_groups or (), new.claim_groups or ())
    by_id = {each.id: each for each in new.utterances or ()}
    pairs = [(each, by_id[utterances[each.id]]) for each in old.utterances or () if each.id in utterances]
    changed = sum(replace(one, id=other.id) != other for one, other in pairs)
    members = {each.id: set(each.members) for each in new.claim_groups or ()}
    changed += sum(
        set(each.members) != members[groups[each.id]] for each in old.claim_groups or () if each.id in groups
    )
    # A group that is gone has no new name; the mark makes it equal none.
    names = {each.id: groups.get(each.id, f"-{each.id}") for each in old.claim_groups or ()}
    before = {_between(r, names): r for r in old.claim_relations or ()}
    own = {id: id for id in members}
    after = {_between(r, own): r for r in new.claim_relations or ()}
    changed += sum(
        _said(before[key], names) != _said(relation, own) for key, relation in after.items() if key in before
    )
    added = len(new.utterances or ()) - len(utterances) + len(new.claim_groups or ()) - len(groups)
    removed = len(old.utterances or ()) - len(utterances) + len(old.claim_groups or ()) - len(groups)
    added += len(after.keys() - before.keys())
    removed += len(before.keys() - after.keys())
    return added, changed, removed


def _paired(old: Sequence[Utterance | ClaimGroup], new: Sequence[Utterance | ClaimGroup]) -> dict[str, str]:
    """Old ids to new ones, one-to-one, those with most members in common first."""
    home = {member: cluster.id for cluster in new for member in cluster.members}
    shared: dict[tuple[str, str], int] = {}
    for cluster in old:
        for member in cluster.members:
            if member in home:
                key = (cluster.id, home[member])
                shared[key] = shared.get(key, 0) + 1
    out: dict[str, str] = {}
    for before, after in sorted(shared, key=lambda key: (-shared[key], key)):
        if before not in out and after not in out.values():
            out[before] = after
    return out


def _between(relation: ClaimRelation, names: Mapping[str, str]) -> frozenset[str]:
    # Two groups are related once, so what holds between them, and which way, may change.
    return frozenset((names[relation.source], names[relation.target]))


def _said(relation: ClaimRelation, names: Mapping[str, str]) -> tuple[object, ...]:
    first = names[relation.source] if relation.type == SUPPORTS else None
    return relation.type, relation.reason, first
