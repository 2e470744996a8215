"""What the planting of errors needs to know of a gold: its words, who speaks where, what is alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from vostochny.annotations.audit_state import LINKS, Edit, Key, State
from vostochny.schema.model import (
    Claim,
    ClaimGroup,
    ClaimRelation,
    Document,
    Entity,
    Quote,
    Ref,
    Span,
    Utterance,
)
from vostochny.schema.text import TextIndex

_STOP = frozenset(
    """
    the a an and or but of in on at to for with from by as is are was were be been has have had will would
    that which who whom whose this these those it its he she they them his her their not no also there
    """.split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A token with its place."""

    start: int
    end: int
    text: str


class Words:
    """A document's tokens with their neighbours."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.index = TextIndex(document)
        self.tokens = [Word(a, b, document.text[a:b]) for a, b in document.tokens]
        self._starts = {word.start: n for n, word in enumerate(self.tokens)}
        self._ends = {word.end: n for n, word in enumerate(self.tokens)}

    def span(self, start: int, end: int) -> Span:
        """A span with its text."""
        return Span(start, end, self.document.text[start:end])

    def within(self, span: Span) -> list[Word]:
        """The tokens of a span that starts and ends with one; none if it does not."""
        if span.start not in self._starts or span.end not in self._ends:
            return []
        return self.tokens[self._starts[span.start] : self._ends[span.end] + 1]

    def before(self, position: int, count: int = 1) -> list[Word]:
        """Up to ``count`` tokens of the same region that stand before the one that starts here."""
        place = self._starts.get(position)
        if place is None:
            return []
        found = self.tokens[max(0, place - count) : place]
        return [word for word in found if self._same_region(word.start, position)]

    def after(self, position: int, count: int = 1) -> list[Word]:
        """Up to ``count`` tokens of the same region that follow the one that ends here."""
        place = self._ends.get(position)
        if place is None:
            return []
        found = self.tokens[place + 1 : place + 1 + count]
        return [word for word in found if self._same_region(word.start, position - 1)]

    def _same_region(self, a: int, b: int) -> bool:
        return self.index.region_of(a) == self.index.region_of(b)


class View:
    """A gold's items, looked up in the ways that planting needs."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.words = {name: Words(document) for name, document in state.documents.items()}
        self.names: Mapping[str, Entity] = state.items(LINKS, "entities")

    @cached_property
    def utterance_of(self) -> dict[Ref, Utterance]:
        """The utterance that a quote renders."""
        found: Mapping[str, Utterance] = self.state.items(LINKS, "utterances")
        return {member: each for each in found.values() for member in each.members}

    @cached_property
    def group_of(self) -> dict[Ref, ClaimGroup]:
        """The group that a claim is in."""
        found: Mapping[str, ClaimGroup] = self.state.items(LINKS, "claim_groups")
        return {member: each for each in found.values() for member in each.members}

    @cached_property
    def relations(self) -> Mapping[str, ClaimRelation]:
        """The relations between claim groups."""
        return self.state.items(LINKS, "claim_relations")

    def relations_of(self, group: str) -> list[ClaimRelation]:
        """The relations that a group is part of."""
        return [each for each in self.relations.values() if group in (each.source, each.target)]

    def quote(self, ref: Ref) -> Quote:
        """A quote."""
        found: Quote = self.state.items(ref.document, "quotes")[ref.id]
        return found

    def claim(self, ref: Ref) -> Claim:
        """A claim."""
        found: Claim = self.state.items(ref.document, "claims")[ref.id]
        return found

    def claims_in(self, document: str, quote: str) -> list[Claim]:
        """The claims that name a quote as theirs."""
        return [c for c in self.state.items(document, "claims").values() if c.quote == quote]

    def quotes_in(self, document: str, quote: str) -> list[Quote]:
        """The quotes right inside a quote."""
        return [q for q in self.state.items(document, "quotes").values() if q.within == quote]

    def around(self, document: str, quote: Quote) -> frozenset[Key]:
        """A quote's claims, the quotes right inside it and the one around it."""
        found: set[Key] = {(document, "claims", c.id) for c in self.claims_in(document, quote.id)}
        found |= {(document, "quotes", q.id) for q in self.quotes_in(document, quote.id)}
        found |= {(document, "quotes", quote.within)} if quote.within else set()
        return frozenset(found)

    def speakers(self, document: str) -> list[str]:
        """Who speaks in a document by name, by first quote."""
        quotes = self.state.items(document, "quotes").values()
        return [name for name in dict.fromkeys(q.speaker for q in quotes) if name in self.names]

    def mentioned(self, document: str) -> list[str]:
        """The registry ids that a document's mentions name, by first mention."""
        mentions = self.state.items(document, "mentions").values()
        return [name for name in dict.fromkeys(m.entity for m in mentions) if name in self.names]

    @cached_property
    def _actors(self) -> frozenset[str]:
        found: set[str | None] = set()
        for name in self.words:
            found |= {mention.metonym_for for mention in self.state.items(name, "mentions").values()}
            found |= {quote.speaker for quote in self.state.items(name, "quotes").values()}
        return frozenset(id for id in found if id is not None)

    def is_actor(self, entity: str) -> bool:
        """Whether an entity speaks, or something stands for it: a country rather than any city."""
        return entity in self._actors

    def likeness(self, first: str, second: str) -> float:
        """The Jaccard index of the content words of two sentences, by their first five letters."""
        a, b = content_words(first), content_words(second)
        return len(a & b) / len(a | b) if a | b else 0.0

    def without_quote(self, ref: Ref) -> Iterator[Edit]:
        """The edits of links that go with a quote's removal."""
        utterance = self.utterance_of.get(ref)
        if utterance is not None:
            yield Edit(LINKS, "utterances", utterance, utterance_without(utterance, ref))

    def without_claim(self, ref: Ref) -> Iterator[Edit]:
        """The edits of links that go with a claim's removal."""
        group = self.group_of.get(ref)
        if group is None:
            return
        left = tuple(member for member in group.members if member != ref)
        related = self.relations_of(group.id)
        if left and (len(left) > 1 or related):
            yield Edit(LINKS, "claim_groups", group, ClaimGroup(group.id, left))
            return
        yield Edit(LINKS, "claim_groups", group, None)
        for relation in related:
            yield Edit(LINKS, "claim_relations", relation, None)


def utterance_without(utterance: Utterance, ref: Ref) -> Utterance | None:
    """An utterance without one of its members; None if only one is left."""
    members = tuple(member for member in utterance.members if member != ref)
    if len(members) < 2:
        return None
    kept = tuple(d for d in utterance.differences if ref not in d.members)
    return Utterance(utterance.id, members, utterance.speaker, kept)


def content_words(sentence: str) -> frozenset[str]:
    """The first five letters of a sentence's words, function words left out."""
    return frozenset(w[:5] for w in re.findall(r"\w+", sentence.casefold()) if w not in _STOP)
