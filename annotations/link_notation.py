"""The notation for links: how a reader writes down what belongs together across articles.

Items are named ``DOCUMENT.ID``, passages by their words. One decision a line, a difference indented below
its utterance::

    utterance kim-jong-un: sputnik.q2 japantimes.q13
      wording: sputnik.q2 "gave birth to" | japantimes.q13 "produced"
      omission: sputnik.q8 "has deep roots" | lenta.q2 "a top priority" // a note, if useful
    same: sputnik.c8 japantimes.c24
    supports: ist.c32 > ist.c7 // a reason, if useful
    contradicts: lenta.c3 x agencies.c9 // nearly four hours, about six hours

The first member of an utterance is its fullest rendering. The words of a passage stand in the quote's
content, or else in its sentences; ``"words"#2`` is their second occurrence there; line breaks in the text
are written as spaces or as ``⏎``. Supports and contradicts name any claim of a group. Lines that start
with ``#`` are remarks. The speaker of an utterance is a registry id, ``unnamed``, or ``-`` for none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vostochny.schema.closure import CONTRADICTS, FOLLOWS, SUPPORTS, follows
from vostochny.schema.errors import InputError, Problem, shown
from vostochny.schema.labels import DIFFERENCES
from vostochny.schema.model import (
    ClaimGroup,
    ClaimRelation,
    Difference,
    Document,
    Entity,
    Layer,
    Links,
    Passage,
    Quote,
    Ref,
    Utterance,
    bounds,
)

_UTTERANCE = re.compile(r"utterance\s+(\S+?)\s*:\s*(.*)")
_RELATION = re.compile(r"(same|supports|contradicts)\s*:\s*(.*)")
_DIFFERENCE = re.compile(r"\s+([a-z]+)\s*:\s*(.*)")
_SIDE = re.compile(r'(\S+)\s+"(.*)"(?:#(\d+))?')
_BETWEEN = {SUPPORTS: ">", CONTRADICTS: "x"}


@dataclass(slots=True)
class _Decisions:
    """What the lines said, in their order."""

    utterances: list[Utterance] = field(default_factory=list)
    same: list[tuple[Ref, ...]] = field(default_factory=list)
    relations: list[tuple[str, Ref, Ref, str | None]] = field(default_factory=list)


def read_link_notation(
    text: str,
    documents: Mapping[str, Document],
    layers: Mapping[str, Layer],
    *,
    annotator: str,
    entities: Iterable[Entity] = (),
    file: str | None = None,
) -> Links:
    """Links from their notation; relations as they were given, without what follows from them.

    Claim groups and utterances are numbered in the order of their first members in ``layers``.

    Raises :class:`~vostochny.schema.errors.InputError` with every line that cannot be read, names an item
    that does not exist, or words that are not where they should be or are there more than once.
    """
    decisions, problems = _Decisions(), []
    places = {
        Ref(name, id): (number, place)
        for number, (name, layer) in enumerate(layers.items())
        for ids in ([q.id for q in layer.quotes or ()], [c.id for c in layer.claims or ()])
        for place, id in enumerate(ids)
    }
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                _read(line.rstrip(), decisions, documents, layers)
            except ValueError as error:
                problems.append(Problem("bad-notation", str(error), file, number))
    if problems:
        raise InputError(problems)
    utterances = sorted(decisions.utterances, key=lambda u: min(places[m] for m in u.members))
    groups, relations = _grouped(decisions, places)
    return Links(
        annotator=annotator,
        entities=tuple(entities),
        utterances=tuple(replace(u, id=f"u{n}") for n, u in enumerate(utterances, 1)),
        claim_groups=groups,
        claim_relations=relations,
    )


def _read(
    line: str, decisions: _Decisions, documents: Mapping[str, Document], layers: Mapping[str, Layer]
) -> None:
    body, _, note = (part.strip() for part in line.partition(" // "))
    if match := _UTTERANCE.fullmatch(body):
        members = tuple(_ref(name, layers, "quotes") for name in match[2].split())
        if len(members) < 2 or len(set(members)) < len(members):
            raise ValueError("an utterance takes two or more different quotes")
        speaker = None if match[1] == "-" else match[1]
        decisions.utterances.append(Utterance("", members, speaker))
    elif match := _RELATION.fullmatch(body):
        _read_relation(match[1], match[2], note or None, decisions, layers)
    elif (match := _DIFFERENCE.fullmatch(line.partition(" // ")[0].rstrip())) and match[1] in DIFFERENCES:
        if not decisions.utterances:
            raise ValueError("a difference stands below its utterance; there is none before this line")
        utterance = decisions.utterances[-1]
        sides = [_side(each.strip(), utterance, documents, layers) for each in _halves(match[2])]
        (first, here), (second, there) = sides
        found = Difference(match[1], (first, second), (here, there), note or None)
        decisions.utterances[-1] = replace(utterance, differences=(*utterance.differences, found))
    else:
        raise ValueError(
            f"found {shown(line.strip())}, expected 'utterance SPEAKER: …', 'same: …', 'supports: … > …', "
            f"'contradicts: … x …', or, indented, one of {', '.join(DIFFERENCES)}"
        )


def _read_relation(
    kind: str, body: str, note: str | None, decisions: _Decisions, layers: Mapping[str, Layer]
) -> None:
    if kind == "same":
        members = tuple(_ref(name, layers, "claims") for name in body.split())
        if len(set(members)) < 2:
            raise ValueError("'same' takes two or more claims")
        decisions.same.append(members)
        return
    left, sign, right = body.partition(f" {_BETWEEN[kind]} ")
    if not sign:
        raise ValueError(f"found {shown(body)}, expected 'CLAIM {_BETWEEN[kind]} CLAIM'")
    if kind == CONTRADICTS and note is None:
        raise ValueError("a contradiction has its reason, after ' // '")
    if (note or "").startswith(FOLLOWS):
        raise ValueError(
            f"a reason that begins with {FOLLOWS.strip()!r} is for what is worked out; reword it"
        )
    source = _ref(left.strip(), layers, "claims")
    for target in right.replace(",", " ").split():
        decisions.relations.append((kind, source, _ref(target, layers, "claims"), note))


def _ref(name: str, layers: Mapping[str, Layer], part: str) -> Ref:
    document, dot, id = name.partition(".")
    layer = layers.get(document)
    if not dot or layer is None:
        raise ValueError(f"found {shown(name)}, expected DOCUMENT.ID with one of {', '.join(layers)}")
    if id not in {item.id for item in getattr(layer, part) or ()}:
        raise ValueError(f"{document} has no {part.rstrip('s')} {shown(id)}")
    return Ref(document, id)


def _halves(body: str) -> tuple[str, str]:
    left, sign, right = body.partition('" | ')
    if not sign:
        left, sign, right = body.partition(" | ")
        if not sign:
            raise ValueError(f"found {shown(body)}, expected two sides with ' | ' between them")
        return left, right
    return left + '"', right


def _side(
    written: str, utterance: Utterance, documents: Mapping[str, Document], layers: Mapping[str, Layer]
) -> tuple[Ref, Passage]:
    match = _SIDE.fullmatch(written)
    if not match:
        raise ValueError(f'found {shown(written)}, expected QUOTE "words"')
    ref = _ref(match[1], layers, "quotes")
    if ref not in utterance.members:
        raise ValueError(f"{ref} is no member of the utterance above")
    quote = next(quote for quote in layers[ref.document].quotes or () if quote.id == ref.id)
    return ref, _passage(documents[ref.document], quote, match[2], int(match[3] or 0))


def _passage(document: Document, quote: Quote, words: str, wanted: int) -> Passage:
    """Where some words stand in a quote's content or, if not there, in its sentences."""
    found, inside = _places(document, quote, words)
    if wanted > len(found) or not found:
        raise ValueError(f"{shown(words)} is not in {document.id} {quote.id}; copy the words from the text")
    if not wanted and (inside > 1 or (not inside and len(found) > 1)):
        times = inside or len(found)
        raise ValueError(f"{shown(words)} stands {times} times in {quote.id}; add #1, #2 … after it")
    start, end = found[max(wanted, 1) - 1]
    return Passage(document.id, start, end, document.text[start:end])


def _places(document: Document, quote: Quote, words: str) -> tuple[list[tuple[int, int]], int]:
    """Where some words stand in a quote's sentences, those in its content first, and how many these are."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in re.split(r"[\s⏎]+", words.strip("⏎ "))))
    low, high = bounds([*quote.content, *quote.cue, *([quote.source] if quote.source else ())])
    touched = [(a, b) for a, b in document.sentences if a < high and low < b]
    first, last = bounds(quote.content)
    inside = [match.span() for match in pattern.finditer(document.text, first, last)]
    everywhere = [match.span() for match in pattern.finditer(document.text, touched[0][0], touched[-1][1])]
    return [*inside, *(place for place in everywhere if place not in inside)], len(inside)


def _grouped(
    decisions: _Decisions, places: Mapping[Ref, tuple[int, int]]
) -> tuple[tuple[ClaimGroup, ...], tuple[ClaimRelation, ...]]:
    """Groups of the same claims and of those that are related, and the relations between groups."""
    group: dict[Ref, set[Ref]] = {}
    for members in (*decisions.same, *((a, b) for _, *pair, _ in decisions.relations for a, b in [pair])):
        for member in members:
            group.setdefault(member, {member})
    for members in decisions.same:
        joined = set().union(*(group[member] for member in members))
        for member in joined:
            group[member] = joined
    classes = {id(each): sorted(each, key=places.__getitem__) for each in group.values()}
    ordered = sorted(classes.values(), key=lambda members: places[members[0]])
    groups = tuple(ClaimGroup(f"g{n}", tuple(members)) for n, members in enumerate(ordered, 1))
    name = {member: each.id for each in groups for member in each.members}
    relations: dict[tuple[str, str, str], ClaimRelation] = {}
    for kind, a, b, reason in decisions.relations:
        source, target = name[a], name[b]
        if kind == CONTRADICTS:
            source, target = sorted((source, target), key=lambda each: int(each[1:]))
        relations.setdefault((kind, source, target), ClaimRelation(source, target, kind, reason))
    return groups, tuple(relations.values())


def write_link_notation(links: Links, documents: Mapping[str, Document], layers: Mapping[str, Layer]) -> str:
    """The notation of some links, without relations that follow from others.

    :func:`read_link_notation` gives them back, numbered anew, and without groups of one claim that nothing
    is related to: such a claim stands alone anyway.
    """
    return "\n".join(_lines(links, documents, layers)) + "\n"


def _lines(links: Links, documents: Mapping[str, Document], layers: Mapping[str, Layer]) -> Iterator[str]:
    for utterance in links.utterances or ():
        yield f"utterance {utterance.speaker or '-'}: {_listed(utterance.members)}"
        for each in utterance.differences:
            first, second = (
                _words(member, span, documents[member.document], layers[member.document])
                for member, span in zip(each.members, each.spans, strict=True)
            )
            yield f"  {each.type}: {first} | {second}" + _said(each.note)
    first_of = {group.id: group.members[0] for group in links.claim_groups or ()}
    for group in links.claim_groups or ():
        if len(group.members) > 1:
            yield f"same: {_listed(group.members)}"
    for relation in links.claim_relations or ():
        if not follows(relation):
            pair = f"{first_of[relation.source]} {_BETWEEN[relation.type]} {first_of[relation.target]}"
            yield f"{relation.type}: {pair}" + _said(relation.reason)


def _said(reason: str | None) -> str:
    """A note or reason behind its line, on one line itself."""
    return f" // {' '.join(reason.split())}" if reason and reason.strip() else ""


def _listed(members: Sequence[Ref]) -> str:
    return " ".join(str(member) for member in members)


def _words(member: Ref, span: Passage, document: Document, layer: Layer) -> str:
    quote = next(quote for quote in layer.quotes or () if quote.id == member.id)
    found, inside = _places(document, quote, span.text)
    number = found.index((span.start, span.end)) + 1 if (span.start, span.end) in found else 0
    unique = number == 1 and (inside or len(found)) == 1
    flat = span.text.replace("\n", "⏎")
    return f'{member} "{flat}"' + ("" if unique or not number else f"#{number}")
