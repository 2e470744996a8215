"""Who a source is: pronouns, surnames and descriptions to a name that the article gives.

Knowledge: general rules of reference in news prose, written by hand: a surname means the longest full
name that holds it, "he" the latest person that was a subject, "the French president" the person
introduced with that title. Never tuned on the annotated articles.
"""

from __future__ import annotations

from dataclasses import dataclass

from vostochny.baselines.entities_rules import mentions
from vostochny.baselines.namewords import TITLE_HEADS
from vostochny.baselines.sentence import Sentence
from vostochny.baselines.speech import UNNAMED_NOUNS
from vostochny.baselines.verbs import is_adverb, is_finite
from vostochny.schema.model import UNNAMED, Document

_PERSONAL = frozenset("he she".split())
_MOUTHPIECES = frozenset("translator interpreter".split())
_COMMON = frozenset("the a an of and his her its their 's s former".split())


@dataclass(frozen=True, slots=True)
class _Named:
    start: int
    end: int
    text: str
    words: frozenset[str]
    type: str
    subject: bool
    described: frozenset[str]


class Speakers:
    """The people and organisations of one document, to resolve sources against."""

    def __init__(self, document: Document) -> None:
        self._named = [
            _Named(
                span.start,
                span.end,
                " ".join((span.text or "").split()),
                frozenset(sentence.lower[first:last]) - {"-", "."},
                label,
                _is_subject(sentence, last),
                _description(sentence, first, last),
            )
            for sentence, found in mentions(document)
            for first, last, label in found
            for span in (sentence.span(first, last),)
            if label in {"PERSON", "ORG", "GPE", "LOC", "FAC"}
        ]

    def resolve(self, sentence: Sentence, first: int, last: int) -> str | None:
        """The name of the source ``[first, last)``, "unnamed", or None where nobody can be told."""
        start, end = sentence.pairs[first][0], sentence.pairs[last - 1][1]
        words = sentence.lower[first:last]
        if last - first == 1 and words[0] in _PERSONAL:
            return self._latest(start)
        if words[0] in {"i", "we", "you"} and len(words) == 1:
            return None
        if len(words) == 1 and words[0] in {"it", "they", "this", "that", "which", "who"}:
            return self._organisation(start) if words[0] == "it" else None
        inside = [n for n in self._named if start <= n.start and n.end <= end]
        people = [n for n in inside if n.type == "PERSON"]
        if people and not _possessive(sentence, people[-1].end):
            return self._full(people[-1])
        if people and _MOUTHPIECES & set(words):
            return self._full(people[-1])
        if inside and inside[-1].end == end:
            return self._body(sentence, inside)
        named = self._described(words, start)
        if (
            named is None
            and sentence.words[last - 1][0].isupper()
            and (last - first == 1 or words[-2] not in _COMMON)
        ):
            return sentence.words[last - 1] if words[-1] not in TITLE_HEADS | UNNAMED_NOUNS else UNNAMED
        return named or UNNAMED

    def _full(self, named: _Named) -> str:
        fitting = [n for n in self._named if n.type == "PERSON" and named.words <= n.words]
        longest = max((len(n.words) for n in fitting), default=0)
        listed = [n for n in fitting if len(n.words) == longest]
        earlier = [n for n in listed if n.start <= named.start]
        if not listed:
            return named.text
        return (earlier[-1] if earlier else listed[0]).text

    def _body(self, sentence: Sentence, inside: list[_Named]) -> str:
        # "France's Foreign Ministry": a body that every country has is named with its country.
        last = inside[-1]
        if len(inside) > 1 and inside[-2].type == "GPE" and _possessive(sentence, inside[-2].end):
            return f"{inside[-2].text} {last.text}"
        return last.text

    def _latest(self, before: int) -> str | None:
        people = [n for n in self._named if n.type == "PERSON" and n.end <= before]
        subjects = [n for n in people if n.subject]
        chosen = subjects or people
        return self._full(chosen[-1]) if chosen else None

    def _organisation(self, before: int) -> str | None:
        bodies = [n for n in self._named if n.type in {"ORG", "GPE"} and n.end <= before and n.subject]
        return bodies[-1].text if bodies else None

    def _described(self, words: tuple[str, ...], before: int) -> str | None:
        heads = set(words) & TITLE_HEADS
        if not heads or words[0] in {"a", "an", "some", "one", "two", "another"}:
            return None
        if set(words) & UNNAMED_NOUNS and words[0] != "the":
            return None
        rest = {w for w in words if w not in _COMMON and w not in heads}
        fitting = [
            n
            for n in self._named
            if n.type == "PERSON" and heads <= n.described and all(_shares(w, n.described) for w in rest)
        ]
        earlier = [n for n in fitting if n.end <= before]
        chosen = earlier[-1] if earlier else fitting[0] if fitting else None
        return None if chosen is None else self._full(chosen)


def _possessive(sentence: Sentence, offset: int) -> bool:
    return sentence.document.text[offset : offset + 2] in {"'s", "’s", "' ", "’ "}


def _is_subject(sentence: Sentence, after: int) -> bool:
    at = after
    while at < len(sentence) and is_adverb(sentence.lower[at]):
        at += 1
    return at < len(sentence) and is_finite(sentence, at)


def _description(sentence: Sentence, first: int, last: int) -> frozenset[str]:
    """The words of a title before, or of an apposition after, a name."""
    at = first
    while (
        at > 0 and first - at < 7 and (sentence.words[at - 1][0].isalnum() or sentence.words[at - 1] in "-'’")
    ):
        if is_finite(sentence, at - 1) or sentence.lower[at - 1] in {
            "that",
            "and",
            "with",
            "by",
            "to",
            "on",
            "in",
        }:
            break
        at -= 1
    words = set(sentence.lower[at:first])
    if last < len(sentence) and sentence.words[last] == ",":
        end = last + 1
        while end < len(sentence) and end - last < 9 and sentence.words[end] not in ",.;:":
            end += 1
        if end < len(sentence) and not any(is_finite(sentence, n) for n in range(last + 1, end)):
            words.update(sentence.lower[last + 1 : end])
    return frozenset(words)


def _shares(word: str, described: frozenset[str]) -> bool:
    """Russia and Russian, France and French: one place if the first four letters agree."""
    return any(word == other or (len(word) > 3 and word[:4] == other[:4]) for other in described)
