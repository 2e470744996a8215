"""Errors that can be planted in mentions (GUIDELINES.md, section 1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from vostochny.annotations.audit_state import LINKS, Edit, Plant
from vostochny.annotations.audit_view import View, Word, Words
from vostochny.schema.labels import VALUE_TYPES
from vostochny.schema.model import Entity, Mention, Span
from vostochny.schema.registry import TITLES, name_key

APPROXIMATE = frozenset("about around nearly almost approximately roughly over".split())
"""Words that belong to a value (1.1, 10)."""

_OUTSIDE_VALUES = frozenset("just only the on in for since of by until".split())
_OUTSIDE_NAMES = TITLES | {"the", "adm", "former", "deputy"}
_PART_OF_NAMES = frozenset(
    "region oblast province sea ocean city centre center peninsula island islands".split()
)
_GENERIC = frozenset(
    """
    rocket rockets region complex car cars bloc limousine leader president government army officials side
    media people state missile missiles warships factories ministry minister authorities spokesperson
    forces delegation diplomat weapons satellite satellites banquet scholar expert experts
    """.split()
)
_NO_VALUES = {
    "several": "CARDINAL",
    "many": "CARDINAL",
    "multiple": "CARDINAL",
    "both": "CARDINAL",
    "twice": "CARDINAL",
    "once": "CARDINAL",
    "recently": "DATE",
    "now": "DATE",
    "currently": "DATE",
    "pandemic": "DATE",
    "decades": "DATE",
    "later": "TIME",
    "hours": "TIME",
    "then": "TIME",
}
_NEIGHBOURS = {
    "GPE": ("NORP", "LOC"),
    "NORP": ("GPE", "LOC"),
    "LOC": ("GPE",),
    "FAC": ("LOC", "GPE"),
    "ORG": ("FAC", "GPE"),
    "PRODUCT": ("ORG",),
    "EVENT": ("ORG",),
    "DATE": ("TIME", "CARDINAL"),
    "TIME": ("DATE", "QUANTITY"),
    "CARDINAL": ("ORDINAL", "QUANTITY"),
    "ORDINAL": ("CARDINAL",),
    "PERCENT": ("CARDINAL",),
    "MONEY": ("CARDINAL",),
    "QUANTITY": ("CARDINAL",),
}


def mention_plants(view: View) -> Iterator[Plant]:
    """Every error that can be planted in a mention, each by itself."""
    everywhere = readings(view)
    for document, words in view.words.items():
        for mention in view.state.items(document, "mentions").values():
            yield _plant(
                document, "mention-removed", mention, None, "missing", "1.1", "nothing", _told(mention)
            )
            yield from _boundaries(document, words, mention)
            # Another reading of what is read in one way elsewhere shows at once.
            seen = everywhere[mention.text or ""]
            if len({m.type for m in seen}) > 1 or len(seen) == 1:
                yield from _types(document, mention)
            if len({m.entity for m in seen}) > 1 or len(seen) == 1:
                yield from _entities(view, document, mention)
            yield from _metonyms(view, document, mention)
        if (document, "mentions") in view.state.parts:
            yield from _spurious(view, document, words)


def readings(view: View) -> dict[str, list[Mention]]:
    """The mentions of every document by their surface."""
    found: dict[str, list[Mention]] = {}
    for document in view.words:
        for mention in view.state.items(document, "mentions").values():
            found.setdefault(mention.text or "", []).append(mention)
    return found


def _told(mention: Mention) -> str:
    entity = f", {mention.entity}" if mention.entity else ""
    metonym = f" for {mention.metonym_for}" if mention.metonym_for else ""
    return f"{mention.text!r}: {mention.type}{entity}{metonym}"


def _plant(
    document: str,
    kind: str,
    before: Mention | None,
    after: Mention | None,
    field: str,
    rule: str,
    has: str,
    should: str,
) -> Plant:
    item = before or after
    assert item is not None
    edits = (Edit(document, "mentions", before, after),)
    return Plant(kind, document, edits, field, rule, has, should, passage=(document, item.start, item.end))


def _boundaries(document: str, words: Words, mention: Mention) -> Iterator[Plant]:
    for span, rule in _shifted(words, mention):
        after = replace(mention, start=span.start, end=span.end, text=span.text)
        has, should = f"{span.text!r}", f"{mention.text!r}"
        yield _plant(document, "mention-boundary", mention, after, "span", rule, has, should)


def _shifted(words: Words, mention: Mention) -> Iterator[tuple[Span, str]]:
    inside = words.within(mention.span)
    before, after = words.before(mention.start, 2), words.after(mention.end, 2)
    if not inside:
        return
    value = mention.type in VALUE_TYPES
    if before:
        outside = _OUTSIDE_VALUES if value else _OUTSIDE_NAMES
        if before[-1].text.casefold() in outside:
            yield words.span(before[-1].start, mention.end), "1.1"
        elif not value and before[-1].text == "." and before[0].text.casefold() in _OUTSIDE_NAMES:
            yield words.span(before[0].start, mention.end), "1.1"
    if value and len(inside) > 1 and inside[0].text.casefold() in APPROXIMATE:
        yield words.span(inside[1].start, mention.end), "1.1"
    if value:
        return
    if len(after) == 2 and after[0].text in "’'" and after[1].text == "s" and after[0].start == mention.end:
        yield words.span(mention.start, after[1].end), "1.1"
    elif after and after[0].text in _GENERIC and after[0].start == mention.end + 1:
        yield words.span(mention.start, after[0].end), "1.1"
    if len(inside) > 1 and inside[-1].text in _PART_OF_NAMES and inside[0].text[0].isupper():
        yield words.span(mention.start, inside[-2].end), "1.1"


def _types(document: str, mention: Mention) -> Iterator[Plant]:
    for wrong in _NEIGHBOURS.get(mention.type, ()):
        after = replace(mention, type=wrong)
        yield _plant(document, "mention-type", mention, after, "type", "1.2", wrong, mention.type)


def _entities(view: View, document: str, mention: Mention) -> Iterator[Plant]:
    """The wrong entity with the name most like the right one's, of those of its type in the article."""
    right = view.names.get(mention.entity or "")
    if right is None:
        return
    for wrong in _nearest(view, document, right)[:2]:
        after = replace(mention, entity=wrong.id)
        if wrong.id != mention.metonym_for:
            yield _plant(document, "mention-entity", mention, after, "entity", "1.3", wrong.id, right.id)


def _nearest(view: View, document: str, right: Entity) -> list[Entity]:
    return _likest(view, right, view.mentioned(document))


def _likest(view: View, right: Entity, ids: Iterable[str]) -> list[Entity]:
    """Of some entities those of the same type as another, the one with the most similar name first."""
    others = [view.names[id] for id in ids if view.names[id].type == right.type and id != right.id]

    def likeness(other: Entity) -> float:
        pairs = [(a, b) for a in (right.name, *right.aliases) for b in (other.name, *other.aliases)]
        return max(SequenceMatcher(None, name_key(a), name_key(b)).ratio() for a, b in pairs)

    return sorted(others, key=lambda other: (-likeness(other), other.id))


def _metonyms(view: View, document: str, mention: Mention) -> Iterator[Plant]:
    def plant(kind: str, wrong: str | None) -> Plant:
        after = replace(mention, metonym_for=wrong)
        has, should = wrong or "none", mention.metonym_for or "none"
        return _plant(document, kind, mention, after, "metonym_for", "1.3", has, should)

    if mention.metonym_for is not None:
        yield plant("metonym-removed", None)
        right = view.names.get(mention.metonym_for)
        if right is not None:
            actors = [id for id in view.names if view.is_actor(id) and id != mention.entity]
            for wrong in _likest(view, right, actors)[:2]:
                yield plant("metonym-changed", wrong.id)
        return
    if mention.type not in ("GPE", "FAC"):
        return
    for actor in dict.fromkeys([*_elsewhere(view, mention), *_beside(view, document, mention)]):
        if actor != mention.entity:
            yield plant("metonym-added", actor)


def _beside(view: View, document: str, mention: Mention) -> list[str]:
    """The acting country that is named nearest to a mention, in its paragraph."""
    index = view.words[document].index
    region = index.region_of(mention.start)
    found = [
        (abs(other.start - mention.start), other.entity)
        for other in view.state.items(document, "mentions").values()
        if index.region_of(other.start) == region and other.entity in view.names
    ]
    near = [id for _, id in sorted(found) if view.is_actor(id) and view.names[id].type == "GPE"]
    return [id for id in near if id != mention.entity][:1]


def _elsewhere(view: View, mention: Mention) -> list[str]:
    """What other mentions of the same place stand for."""
    everyone = [m for name in view.words for m in view.state.items(name, "mentions").values()]
    return [m.metonym_for for m in everyone if m.entity == mention.entity and m.metonym_for in view.names]


def _spurious(view: View, document: str, words: Words) -> Iterator[Plant]:
    taken = [m.span for m in view.state.items(document, "mentions").values()]
    for place, word in enumerate(words.tokens):
        if any(word.start < other.end and other.start < word.end for other in taken):
            continue
        if word.text in _NO_VALUES:
            yield _new(document, words, word.start, word.end, _NO_VALUES[word.text], None)
            continue
        for entity in _generic_for(view, document, word):
            yield _new(document, words, word.start, word.end, entity.type, entity.id)
            first = words.tokens[place - 1] if place else None
            if first and first.text.islower() and len(first.text) > 3 and first.end + 1 == word.start:
                yield _new(document, words, first.start, word.end, entity.type, entity.id)


def _generic_for(view: View, document: str, word: Word) -> Iterator[Entity]:
    """The entities of the article whose name ends with a lower-case word of the text (1.1, 4)."""
    if not word.text.islower() or len(word.text) < 4:
        return
    for id in view.mentioned(document):
        entity = view.names[id]
        names = [name_key(name).split() for name in (entity.name, *entity.aliases)]
        if any(len(name) > 1 and name[-1] == word.text for name in names):
            yield entity
            return


def _new(document: str, words: Words, start: int, end: int, type: str, entity: str | None) -> Plant:
    span = words.span(start, end)
    mention = Mention(f"new-{start}", start, end, span.text, type, entity)
    rule = "1.1"
    return _plant(document, "mention-spurious", None, mention, "spurious", rule, _told(mention), "nothing")


_ENTITY_NEIGHBOURS = {"GPE": "LOC", "LOC": "GPE", "FAC": "GPE", "PRODUCT": "ORG"}
_HOUSES = re.compile(r"\b(?:University|Institute|Cent(?:er|re)|Academy|School|Museum|Theatre)\b")


def entity_plants(view: View) -> Iterator[Plant]:
    """A registry entry of a wrong type, with the mentions that have it, where these are few."""
    for entity in view.names.values():
        wrong = _ENTITY_NEIGHBOURS.get(entity.type)
        if entity.type == "ORG" and _HOUSES.search(entity.name):
            wrong = "FAC"
        if wrong is None or view.is_actor(entity.id):
            continue
        edits = [Edit(LINKS, "entities", entity, replace(entity, type=wrong))]
        for document in view.words:
            for mention in view.state.items(document, "mentions").values():
                if mention.entity == entity.id and mention.type == entity.type:
                    edits.append(Edit(document, "mentions", mention, replace(mention, type=wrong)))
        # The type of what is only implied, such as Korea in "Korean", no rule tells.
        if 1 < len(edits) <= 4:
            has, should = f"{entity.id}: {wrong}", entity.type
            yield Plant("entity-type", LINKS, tuple(edits), "type", "1.2", has, should)
