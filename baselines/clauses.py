"""Sentences cut into clauses, each with the quote in whose content it lies.

Knowledge: English clause structure (relative pronouns after a comma, subordinating and coordinating
conjunctions before a finite verb, participles after a comma), by the verb heuristics of
:mod:`~vostochny.baselines.verbs`. Hand-written; never tuned on the annotated articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vostochny.baselines.sentence import Sentence, sentences
from vostochny.baselines.verbs import (
    COORDINATORS,
    PREPOSITIONS,
    is_adverb,
    is_finite,
    is_gerund,
)
from vostochny.schema.model import Document, Quote, Span

_RELATIVES = frozenset("who which whose whom where".split())
_CONJUNCTIONS = frozenset("because although though while whereas when since after before as until so".split())
_WITH_PARTICIPLE = frozenset("while after before since when".split())
_EDGES = frozenset(",;:.—–-\"“”‘’'«»()[]!…")


@dataclass(frozen=True, slots=True)
class Clause:
    """Token indices of one clause in its sentence; ``kind`` is main, relative, adverbial or participle."""

    sentence: Sentence
    tokens: tuple[int, ...]
    kind: str
    quote: Quote | None

    @property
    def finite(self) -> bool:
        """Whether one of its tokens is a finite verb."""
        return any(is_finite(self.sentence, n) for n in self.tokens)

    @property
    def words(self) -> tuple[str, ...]:
        """Its tokens in lower case."""
        return tuple(self.sentence.lower[n] for n in self.tokens)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Its stretches of text; a gap of commas alone does not cut it."""
        out: list[list[int]] = []
        for n in self.tokens:
            if (
                out
                and all(self.sentence.words[k] in _EDGES for k in range(out[-1][1], n))
                and n - out[-1][1] <= 1
            ):
                out[-1][1] = n + 1
            else:
                out.append([n, n + 1])
        for run in out:
            while run[1] - run[0] > 1 and self.sentence.words[run[1] - 1] in ",;:":
                run[1] -= 1
        return tuple(self.sentence.span(a, b) for a, b in out)


def clauses(document: Document, quotes: Sequence[Quote]) -> list[Clause]:
    """All clauses of a document in text order; cues and sources of the quotes are in none of them."""
    out: list[Clause] = []
    for sentence in sentences(document):
        owners: dict[str | None, list[int]] = {}
        holders = {q.id: q for q in quotes}
        sizes = {q.id: sum(s.end - s.start for s in q.content) for q in quotes}
        for n, (start, _) in enumerate(sentence.pairs):
            inside = [q for q in quotes if any(s.start <= start < s.end for s in q.content)]
            owner = min(inside, key=lambda q: sizes[q.id]).id if inside else None
            if any(_frames(document.text, q, start) and not _holds(q, start) for q in quotes):
                continue
            owners.setdefault(owner, []).append(n)
        found = [
            Clause(sentence, tokens, kind, holders[owner] if owner is not None else None)
            for owner, group in owners.items()
            for tokens, kind in _split(sentence, group)
        ]
        out += sorted(found, key=lambda c: c.tokens)
    return out


def _holds(quote: Quote, offset: int) -> bool:
    return any(s.start <= offset < s.end for s in quote.content)


def _frames(text: str, quote: Quote, offset: int) -> bool:
    """Whether a code point lies in a cue, or in a source that belongs to nothing else than the cue."""
    parts = list(quote.cue)
    if quote.source is not None and (not parts or _adjacent(text, quote.source, parts)):
        parts.append(quote.source)
    return any(s.start <= offset < s.end for s in parts)


def _adjacent(text: str, source: Span, cue: Sequence[Span]) -> bool:
    # A source further away is the subject of another clause as well; an adverb fits between.
    gaps = [text[min(s.end, source.end) : max(s.start, source.start)] for s in cue]
    return any(len(gap) <= 12 and "," not in gap for gap in gaps)


def _split(sentence: Sentence, group: list[int]) -> list[tuple[tuple[int, ...], str]]:
    """The clauses in some tokens of a sentence: token indices and kind."""
    pieces: list[tuple[list[int], str]] = [([], "main")]
    open_at = 0
    for place, n in enumerate(group):
        following = group[place:]
        kind = _opens(sentence, n, following, bool(pieces[open_at][0]))
        if kind is not None:
            skip = kind != "relative" and not is_gerund(sentence.lower[n]) and kind != "joined"
            pieces.append(
                (
                    [] if skip or sentence.lower[n] in COORDINATORS else [n],
                    "main" if kind == "joined" else kind,
                )
            )
            open_at = len(pieces) - 1
            continue
        inserted = pieces[open_at][1] in {"relative", "participle"} or not pieces[0][0]
        if open_at and sentence.words[n] == "," and inserted and pieces[open_at][1] != "main":
            matrix = _matrix(sentence, pieces, open_at, group[place + 1 :])
            if matrix is not None:
                open_at = matrix
                continue
        if place and n - group[place - 1] > 2:
            pieces.append(([], "main"))
            open_at = len(pieces) - 1
        if sentence.words[n] in ";—–" or (sentence.words[n] == ":" and n + 1 < len(sentence)):
            pieces.append(([], "main"))
            open_at = len(pieces) - 1
            continue
        pieces[open_at][0].append(n)
    return _tidied(sentence, pieces)


def _opens(sentence: Sentence, n: int, following: list[int], started: bool) -> str | None:
    """The kind of the clause that begins at a token, or None if none does."""
    word = sentence.lower[n]
    previous = sentence.lower[n - 1] if n else ""
    if not started and word not in _CONJUNCTIONS:
        return None
    if (
        word in _RELATIVES
        and (previous == "," or previous in PREPOSITIONS or word == "who")
        and previous not in COORDINATORS
    ):
        return "relative" if _verb_soon(sentence, following[1:]) is not None else None
    if previous == "," and is_gerund(word) and word != "including":
        return "participle"
    if word in COORDINATORS and len(following) > 1:
        at = _verb_soon(sentence, following[1:])
        if at is None:
            return None
        lead = following[1 : 1 + at]
        subject = [k for k in lead if not is_adverb(sentence.lower[k])]
        # "the army and navy are": without comma, a noun between "and" and the verb is one subject of two.
        return "joined" if not subject or previous in {",", ";"} or word == "but" else None
    if word in _CONJUNCTIONS and len(following) > 1:
        after = sentence.lower[following[1]]
        if is_gerund(after) and word in _WITH_PARTICIPLE:
            return "participle"
        if (
            word in {"as", "so"}
            and previous not in {",", ""}
            and after in {"a", "an", "well", "the", "far", "that", "many", "much"}
        ):
            return None
        return "adverbial" if _verb_soon(sentence, following[1:]) is not None else None
    return None


def _verb_soon(sentence: Sentence, group: list[int]) -> int | None:
    """Place of the first finite verb before the next comma or conjunction, or None."""
    for place, n in enumerate(group[:24]):
        if is_finite(sentence, n):
            return place
        if place and (sentence.words[n] in ",;:—" or sentence.lower[n] in _RELATIVES):
            return None
    return None


def _matrix(
    sentence: Sentence, pieces: list[tuple[list[int], str]], open_at: int, rest: list[int]
) -> int | None:
    """The clause that goes on after an inserted one, if it does at this comma."""
    if not rest:
        return None
    if not pieces[0][0]:
        return 0
    at = open_at - 1
    while at > 0 and pieces[at][1] in {"relative", "participle"}:
        at -= 1
    complete = any(is_finite(sentence, n) for n in pieces[at][0])
    nearest = next((k for k in rest if not is_adverb(sentence.lower[k])), rest[0])
    if is_finite(sentence, nearest) and sentence.lower[rest[0]] not in COORDINATORS:
        return at
    return at if not complete and pieces[at][0] else None


def _tidied(sentence: Sentence, pieces: list[tuple[list[int], str]]) -> list[tuple[tuple[int, ...], str]]:
    out = []
    for tokens, kind in pieces:
        while tokens and (sentence.words[tokens[0]] in _EDGES or sentence.lower[tokens[0]] in COORDINATORS):
            tokens = tokens[1:]
        while tokens and (
            sentence.words[tokens[-1]] in _EDGES or sentence.lower[tokens[-1]] in COORDINATORS | _RELATIVES
        ):
            tokens = tokens[:-1]
        if tokens:
            out.append((tuple(tokens), kind))
    return out
