"""Claims across the articles: who makes them, what supports what, what contradicts what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from vostochny.cli.report_anchors import Anchors
from vostochny.cli.report_articles import outlet_of
from vostochny.cli.report_clips import Clip, paragraph
from vostochny.schema.model import Claim, ClaimRelation, Gold, Ref

SAYS, ENTAILS, DENIES = "says", "entails", "denies"


@dataclass(frozen=True, slots=True)
class Member:
    """A claim of a group: outlet, item, element id, words, claimer."""

    document: str
    outlet: str
    item: str
    anchor: str | None
    text: str
    claimer: str


@dataclass(frozen=True, slots=True)
class Proposition:
    """What one claim or several with the same truth conditions say.

    ``supports``, ``supported`` and ``contradicts`` are places of other propositions in the list; the first
    two without what follows from others. ``cells`` say, for each document, what its claims do with the
    proposition, with the element id of one that does: say it, say more (entail it), deny it.
    """

    anchor: str | None
    text: str
    members: Sequence[Member]
    supports: Sequence[int]
    supported: Sequence[int]
    contradicts: Sequence[int]
    cells: Mapping[str, Sequence[tuple[str, str | None]]]

    @property
    def reporters(self) -> list[str]:
        """The documents that say it or entail it."""
        return [d for d, found in self.cells.items() if any(kind != DENIES for kind, _ in found)]

    @property
    def kinds(self) -> str:
        """``shared`` or ``alone``, and ``disputed`` if somebody denies it."""
        shared = "shared" if len(self.reporters) > 1 else "alone"
        return f"{shared} disputed" if self.contradicts else shared


@dataclass(frozen=True, slots=True)
class Collision:
    """A contradiction: its two sides, each the places of a proposition with a passage, and the reason."""

    left: int
    right: int
    clips: tuple[Clip, Clip]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """All propositions, the contradictions that follow from no other, and the others as pairs of places."""

    propositions: Sequence[Proposition]
    collisions: Sequence[Collision]
    following: Sequence[tuple[int, int]]


def compared(gold: Gold, who: Callable[[str | None], str], anchors: Anchors) -> Compared:
    """The claims of all articles by what they say; those that most articles report come first."""
    claims = {Ref(d, c.id): c for d, layer in gold.items() for c in layer.claims or ()}
    groups: list[tuple[str | None, tuple[Ref, ...]]] = [
        (group.id, group.members) for group in gold.links.claim_groups or ()
    ]
    grouped = {ref for _, members in groups for ref in members}
    groups += [(None, (ref,)) for ref in claims if ref not in grouped]
    relations = gold.links.claim_relations or ()
    cells = _cells(groups, relations, anchors, list(gold))
    # By the number of articles, then in the order of the texts.
    text_order = {ref: n for n, ref in enumerate(claims)}
    order = sorted(
        range(len(groups)),
        key=lambda n: (
            -sum(any(kind != DENIES for kind, _ in found) for found in cells[n].values()),
            min(text_order[ref] for ref in groups[n][1]),
        ),
    )
    place = {id: new for new, old in enumerate(order) if (id := groups[old][0]) is not None}
    supports = {(place[r.source], place[r.target]) for r in relations if r.type == "supports"}
    against: dict[tuple[int, int], ClaimRelation] = {}
    for relation in relations:
        if relation.type == "contradicts":
            a, b = sorted((place[relation.source], place[relation.target]))
            against.setdefault((a, b), relation)
    direct = {(a, c) for a, c in supports if not _implied(a, c, supports)}
    propositions = []
    for number, old in enumerate(order):
        id, members = groups[old]
        propositions.append(
            Proposition(
                anchor=None if id is None else anchors.of(id),
                text=_proposition(gold, claims, members[0]),
                members=[_member(gold, claims, ref, who, anchors) for ref in members],
                supports=sorted(b for a, b in direct if a == number),
                supported=sorted(a for a, b in direct if b == number),
                contradicts=sorted({a + b - number for a, b in against if number in (a, b)}),
                cells=cells[old],
            )
        )
    following = {pair for pair in against if _inherited(*pair, supports, set(against))}
    collisions = [
        Collision(
            left,
            right,
            (
                _clip(gold, claims, groups[order[left]][1][0], anchors),
                _clip(gold, claims, groups[order[right]][1][0], anchors),
            ),
            relation.reason,
        )
        for (left, right), relation in sorted(against.items())
        if (left, right) not in following
    ]
    return Compared(propositions, collisions, sorted(following))


def _implied(a: int, c: int, supports: set[tuple[int, int]]) -> bool:
    return any((a, b) in supports and (b, c) in supports for b in {y for x, y in supports if x == a} - {a, c})


def _inherited(a: int, b: int, supports: set[tuple[int, int]], against: set[tuple[int, int]]) -> bool:
    """Whether one side entails something that contradicts the other side already."""

    def collide(x: int, y: int) -> bool:
        return (min(x, y), max(x, y)) in against

    return any(
        (x == a and y != b and collide(y, b)) or (x == b and y != a and collide(y, a)) for x, y in supports
    )


def _cells(
    groups: Sequence[tuple[str | None, tuple[Ref, ...]]],
    relations: Sequence[ClaimRelation],
    anchors: Anchors,
    documents: Sequence[str],
) -> list[dict[str, list[tuple[str, str | None]]]]:
    members = {id: refs for id, refs in groups if id is not None}
    entailing: dict[str, list[Ref]] = {}
    denying: dict[str, list[Ref]] = {}
    for relation in relations:
        if relation.type == "supports":
            entailing.setdefault(relation.target, []).extend(members[relation.source])
        else:
            denying.setdefault(relation.target, []).extend(members[relation.source])
            denying.setdefault(relation.source, []).extend(members[relation.target])
    out = []
    for id, own in groups:
        row: dict[str, list[tuple[str, str | None]]] = {}
        for document in documents:
            found: list[tuple[str, str | None]] = []
            for kind, refs in (
                (SAYS, own),
                (ENTAILS, entailing.get(id or "", ())),
                (DENIES, denying.get(id or "", ())),
            ):
                here = next((ref for ref in refs if ref.document == document), None)
                if here is not None and not (kind == ENTAILS and found):
                    found.append((kind, anchors.known(here)))
            row[document] = found
        out.append(row)
    return out


def _proposition(gold: Gold, claims: Mapping[Ref, Claim], ref: Ref) -> str:
    return claims[ref].proposition or _words(gold, claims, ref)


def _words(gold: Gold, claims: Mapping[Ref, Claim], ref: Ref) -> str:
    document = gold.documents[ref.document]
    return " … ".join(" ".join(document.slice(span).split()) for span in claims[ref].spans)


def _member(
    gold: Gold,
    claims: Mapping[Ref, Claim],
    ref: Ref,
    who: Callable[[str | None], str],
    anchors: Anchors,
) -> Member:
    return Member(
        document=ref.document,
        outlet=outlet_of(gold.documents[ref.document]),
        item=ref.id,
        anchor=anchors.known(ref),
        text=_words(gold, claims, ref),
        claimer=who(claims[ref].claimer),
    )


def _clip(gold: Gold, claims: Mapping[Ref, Claim], ref: Ref, anchors: Anchors) -> Clip:
    return paragraph(gold.documents[ref.document], ref, claims[ref].spans, anchors)
