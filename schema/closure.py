"""What follows from claim links: the closure under which gold stores them.

SAME is an equivalence, so groups are its classes. SUPPORTS is entailment, so it is transitive, and groups
that support each other are one. What entails one side of a contradiction contradicts the other side:
if ``a`` supports ``b`` and ``b`` contradicts ``c``, ``a`` and ``c`` cannot both be true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from vostochny.schema.errors import InputError, Problem
from vostochny.schema.model import ClaimRelation, Links

SUPPORTS, CONTRADICTS = "supports", "contradicts"

FOLLOWS = "follows: "
"""How the reason of a relation begins that was not given but follows from others."""


def follows(relation: ClaimRelation) -> bool:
    """Whether a relation was not given but follows from others, as its reason says."""
    return (relation.reason or "").startswith(FOLLOWS)


def closed_relations(links: Links) -> tuple[ClaimRelation, ...]:
    """The relations of some links with all that follow from them.

    Those that are given come first and stay as they are; those that follow are sorted by their groups, and
    their reason names what they follow from.

    Raises :class:`~vostochny.schema.errors.InputError` (``inconsistent-relations``) where two groups
    support each other, directly or by way of others, or one supports and contradicts the same, with all
    such pairs.
    """
    given = links.claim_relations or ()
    entailed = _reachable(given)
    problems = [
        _problem(f"{a} and {b} support each other; make them one group, or drop a relation between them")
        for a in sorted(entailed)
        for b in sorted(entailed[a])
        if a < b and a in entailed.get(b, {})
    ]
    contrary: dict[frozenset[str], str] = {}
    for relation in given:
        if relation.type != CONTRADICTS:
            continue
        for a in (relation.source, *_supporters(relation.source, entailed)):
            for b in (relation.target, *_supporters(relation.target, entailed)):
                ways = [
                    f"{x} supports {y}" for x, y in ((a, relation.source), (b, relation.target)) if x != y
                ]
                ways.append(f"{relation.source} contradicts {relation.target}")
                contrary.setdefault(frozenset((a, b)), " and ".join(ways))
    problems += [
        _problem(f"{', '.join(pair)} cannot be true, since {way}; mend one")
        for pair, way in contrary.items()
        if len(pair) == 1
    ]
    problems += [
        _problem(f"{a} supports {b}, but {contrary[frozenset((a, b))]}; mend one of them")
        for a in sorted(entailed)
        for b in sorted(entailed[a])
        if frozenset((a, b)) in contrary
    ]
    if problems:
        raise InputError(problems)
    known = {(r.source, r.target) for r in given if r.type == SUPPORTS}
    known_contrary = {frozenset((r.source, r.target)) for r in given if r.type == CONTRADICTS}
    following = [
        ClaimRelation(a, b, SUPPORTS, f"{FOLLOWS}{reason}")
        for a in sorted(entailed)
        for b, reason in sorted(entailed[a].items())
        if (a, b) not in known
    ]
    following += [
        ClaimRelation(min(pair), max(pair), CONTRADICTS, f"{FOLLOWS}{contrary[pair]}")
        for pair in sorted(contrary, key=sorted)
        if pair not in known_contrary
    ]
    return (*given, *following)


def _reachable(given: tuple[ClaimRelation, ...]) -> dict[str, dict[str, str]]:
    """What each group entails, with the way there in words."""
    direct: dict[str, list[str]] = defaultdict(list)
    for relation in given:
        if relation.type == SUPPORTS:
            direct[relation.source].append(relation.target)
    out: dict[str, dict[str, str]] = {}
    for start in direct:
        ways: dict[str, str] = {}
        queue = [(target, f"{start} supports {target}") for target in direct[start]]
        for target, way in queue:
            if target in ways or target == start:
                continue
            ways[target] = way
            queue += [(further, f"{way}, {target} supports {further}") for further in direct.get(target, ())]
        out[start] = ways
    return out


def _supporters(group: str, entailed: Mapping[str, Mapping[str, str]]) -> list[str]:
    return sorted(other for other in entailed if group in entailed[other])


def _problem(message: str) -> Problem:
    return Problem("inconsistent-relations", message)
