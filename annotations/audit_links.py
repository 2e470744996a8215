"""Errors that can be planted in links (GUIDELINES.md, section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from vostochny.annotations.audit_mentions import entity_plants
from vostochny.annotations.audit_state import LINKS, Edit, Key, Plant
from vostochny.annotations.audit_view import View, content_words
from vostochny.schema.closure import follows
from vostochny.schema.model import (
    Claim,
    ClaimGroup,
    ClaimRelation,
    Difference,
    Passage,
    Quote,
    Ref,
    Utterance,
)

_CLOSE, _FAR = 0.6, 0.12
# Likenesses between which two propositions or contents are on a like matter, but not the same.
_MODAL = re.compile(
    r"\b(?:will|would|can|could|may|might|must|should|not|plan\w*|hope\w*|ready|expect\w*)\b", re.IGNORECASE
)
_FIGURE = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|first|second|several)\b")


def link_plants(view: View) -> Iterator[Plant]:
    """Every error that can be planted in the links, each by itself; parts that were not done have none."""
    yield from entity_plants(view)
    utterances: Mapping[str, Utterance] = view.state.items(LINKS, "utterances")
    groups: Mapping[str, ClaimGroup] = view.state.items(LINKS, "claim_groups")
    for utterance in utterances.values():
        yield from _without_member(utterance)
        yield from _with_member(view, utterance)
        yield from _split(utterance)
        yield from _differences(utterance)
    for first, second in combinations(utterances.values(), 2):
        if first.speaker == second.speaker:
            yield from _merged(view, first, second)
    for group in groups.values():
        yield from _dropped(view, group)
    yield from _moved(view, groups.values())
    yield from _related(view, groups.values())
    named = _named(view)
    for relation in view.relations.values():
        # That something still follows from it would tell what it was.
        if frozenset((relation.source, relation.target)) not in named:
            yield from _relation(view, relation)


def _plant(
    kind: str, edits: Sequence[Edit], field: str, rule: str, told: tuple[str, str], *near: Key
) -> Plant:
    return Plant(kind, LINKS, tuple(edits), field, rule, *told, near=frozenset(near))


def _members(members: Iterable[Ref]) -> str:
    return ", ".join(map(str, members))


def _quotes(members: Iterable[Ref]) -> list[Key]:
    return [(ref.document, "quotes", ref.id) for ref in members]


def _utterance(
    kind: str, before: Utterance, after: Utterance | None, field: str, *near: Key, more: Sequence[Edit] = ()
) -> Plant:
    has = "nothing" if after is None else _members(after.members)
    edits = [Edit(LINKS, "utterances", before, after), *more]
    return _plant(kind, edits, field, "4.2", (has, _members(before.members)), *near)


def _without(utterance: Utterance, ref: Ref) -> tuple[Difference, ...]:
    return tuple(d for d in utterance.differences if ref not in d.members)


def _without_member(utterance: Utterance) -> Iterator[Plant]:
    if len(utterance.members) == 2:
        yield _utterance("utterance-member-removed", utterance, None, "members", *_quotes(utterance.members))
        return
    for ref in utterance.members[1:]:
        members = tuple(member for member in utterance.members if member != ref)
        after = replace(utterance, members=members, differences=_without(utterance, ref))
        yield _utterance("utterance-member-removed", utterance, after, "members", *_quotes([ref]))


def _content(quote: Quote) -> str:
    return " ".join(span.text or "" for span in quote.content)


def _with_member(view: View, utterance: Utterance) -> Iterator[Plant]:
    first = utterance.members[0]
    for document in view.words:
        for quote in view.state.items(document, "quotes").values():
            ref = Ref(document, quote.id)
            if ref in view.utterance_of or quote.speaker != utterance.speaker or quote.speaker is None:
                continue
            if _alike(view, _content(view.quote(first)), _content(quote), low=0.04):
                differences = (*utterance.differences, _difference(view, first, ref))
                after = replace(utterance, members=(*utterance.members, ref), differences=differences)
                yield _utterance("utterance-member-added", utterance, after, "members", *_quotes([ref]))


def _alike(view: View, first: str, second: str, low: float = _FAR) -> bool:
    return low <= view.likeness(first, second) <= _CLOSE


def _difference(view: View, first: Ref, second: Ref) -> Difference:
    """A difference in wording such as two renderings would have: their last few words."""
    spans = []
    for ref in (first, second):
        last = view.quote(ref).content[-1]
        inside = [w for w in view.words[ref.document].within(last) if w.text.isalnum()]
        start, end = (inside[-3:][0].start, inside[-1].end) if inside else (last.start, last.end)
        spans.append(Passage(ref.document, start, end, view.words[ref.document].document.text[start:end]))
    return Difference("wording", (first, second), (spans[0], spans[1]))


def _split(utterance: Utterance) -> Iterator[Plant]:
    members = utterance.members
    for cut in range(2, len(members) - 1):
        head, tail = members[:cut], members[cut:]
        kept = tuple(d for d in utterance.differences if set(d.members) <= set(head))
        moved = tuple(d for d in utterance.differences if set(d.members) <= set(tail))
        after = replace(utterance, members=head, differences=kept)
        new = Utterance(f"{utterance.id}-new", tail, utterance.speaker, moved)
        more = [Edit(LINKS, "utterances", None, new)]
        yield _utterance("utterance-split", utterance, after, "members", more=more)


def _merged(view: View, first: Utterance, second: Utterance) -> Iterator[Plant]:
    here, there = first.members[0], second.members[0]
    if first.speaker is None or not _alike(
        view, _content(view.quote(here)), _content(view.quote(there)), low=0.04
    ):
        return
    between = _difference(view, here, there)
    members = (*first.members, *second.members)
    differences = (*first.differences, between, *second.differences)
    after = replace(first, members=members, differences=differences)
    more = [Edit(LINKS, "utterances", second, None)]
    told = _members(members), f"{_members(first.members)}; {_members(second.members)}"
    edits = [Edit(LINKS, "utterances", first, after), *more]
    yield _plant("utterance-merged", edits, "members", "4.2", told)


def _differences(utterance: Utterance) -> Iterator[Plant]:
    for number, difference in enumerate(utterance.differences):
        rest = utterance.differences[:number], utterance.differences[number + 1 :]
        where = " / ".join(repr(span.text) for span in difference.spans)
        after = replace(utterance, differences=(*rest[0], *rest[1]))
        edits = [Edit(LINKS, "utterances", utterance, after)]
        told = "nothing", f"{difference.type}: {where}"
        yield _plant("difference-removed", edits, "differences", "4.2", told)
        if wrong := _other_type(difference):
            retyped = replace(difference, type=wrong)
            after = replace(utterance, differences=(*rest[0], retyped, *rest[1]))
            edits = [Edit(LINKS, "utterances", utterance, after)]
            told = f"{wrong}: {where}", difference.type
            yield _plant("difference-type", edits, "differences", "4.2", told)


def _other_type(difference: Difference) -> str | None:
    """A neighbouring type that the guidelines can't mean; None where any could be meant."""
    said = " ".join(span.text for span in difference.spans)
    if difference.type in ("omission", "addition"):
        return "addition" if difference.type == "omission" else "omission"
    if difference.type in ("number", "attribution", "modality"):
        return "wording"
    if not _MODAL.search(said):
        return "modality"
    return None if _FIGURE.search(said) else "number"


def _claim_texts(view: View, group: ClaimGroup) -> str:
    claim: Claim = view.claim(group.members[0])
    return claim.proposition or " ".join(span.text or "" for span in claim.spans)


def _dropped(view: View, group: ClaimGroup) -> Iterator[Plant]:
    if len(group.members) < 2:
        return
    for ref in group.members:
        left = tuple(member for member in group.members if member != ref)
        gone = len(left) == 1 and not view.relations_of(group.id)
        after = None if gone else replace(group, members=left)
        told = "nothing" if gone else _members(left), _members(group.members)
        edits = [Edit(LINKS, "claim_groups", group, after)]
        yield _plant("group-member-dropped", edits, "members", "4.3", told, (ref.document, "claims", ref.id))


def _moved(view: View, groups: Iterable[ClaimGroup]) -> Iterator[Plant]:
    listed = list(groups)
    for group in listed:
        if len(group.members) < 3:
            continue
        ref = group.members[-1]
        claim = view.claim(ref)
        for other in listed:
            if other is group or not _alike(view, claim.proposition or "", _claim_texts(view, other)):
                continue
            edits = [
                Edit(LINKS, "claim_groups", group, replace(group, members=group.members[:-1])),
                Edit(
                    LINKS,
                    "claim_groups",
                    other,
                    replace(other, members=_in_order(view, (*other.members, ref))),
                ),
            ]
            told = f"{ref} in {other.id}", f"{ref} in {group.id}"
            yield _plant(
                "group-member-moved", edits, "members", "4.3", told, (ref.document, "claims", ref.id)
            )


def _in_order(view: View, members: Iterable[Ref]) -> tuple[Ref, ...]:
    return tuple(sorted(members, key=lambda ref: (ref.document, view.claim(ref).spans[0].start)))


def _reason(view: View, source: ClaimGroup, target: ClaimGroup) -> str:
    """A reason as contradictions have it: the words in which the two passages differ."""
    here, there = (_claim_texts(view, group) for group in (source, target))
    shared = content_words(here) & content_words(there)

    def own(said: str) -> str:
        words = [w for w in re.findall(r"[\w-]+", said) if not content_words(w) <= shared]
        return " ".join(words[-4:]) or said

    return f"{own(here)} against {own(there)}"


def _related(view: View, groups: Iterable[ClaimGroup]) -> Iterator[Plant]:
    """A relation between two groups on a like matter that gold does not relate."""
    related = {frozenset((r.source, r.target)) for r in view.relations.values()}
    for first, second in combinations(groups, 2):
        if frozenset((first.id, second.id)) in related:
            continue
        here, there = _claim_texts(view, first), _claim_texts(view, second)
        if not _alike(view, here, there, low=0.2):
            continue
        longer, shorter = (first, second) if len(here) >= len(there) else (second, first)
        for relation in (
            ClaimRelation(shorter.id, longer.id, "supports"),
            ClaimRelation(longer.id, shorter.id, "contradicts", _reason(view, longer, shorter)),
        ):
            edits = [Edit(LINKS, "claim_relations", None, relation)]
            told = f"{relation.source} {relation.type} {relation.target}", "nothing"
            yield _plant("relation-added", edits, "spurious", "4.3", told)


def _named(view: View) -> set[frozenset[str]]:
    """The pairs of groups from whose relation another one follows, as the reasons of those say."""
    told = " ".join(r.reason or "" for r in view.relations.values() if follows(r))
    return {frozenset(pair) for pair in re.findall(r"(\S+) (?:supports|contradicts) ([^\s,]+)", told)}


def _relation(view: View, relation: ClaimRelation) -> Iterator[Plant]:
    groups: Mapping[str, ClaimGroup] = view.state.items(LINKS, "claim_groups")
    right = f"{relation.source} {relation.type} {relation.target}"

    def plant(kind: str, after: ClaimRelation | None, field: str) -> Plant:
        has = "nothing" if after is None else f"{after.source} {after.type} {after.target}"
        return _plant(kind, [Edit(LINKS, "claim_relations", relation, after)], field, "4.3", (has, right))

    yield plant("relation-removed", None, "missing")
    if relation.type == "supports":
        turned = replace(relation, source=relation.target, target=relation.source)
        yield plant("relation-direction", turned, "direction")
        reason = _reason(view, groups[relation.source], groups[relation.target])
        yield plant("relation-type", replace(relation, type="contradicts", reason=reason), "type")
    else:
        yield plant("relation-type", replace(relation, type="supports", reason=None), "type")
