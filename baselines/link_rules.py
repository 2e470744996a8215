"""Cheap relations between claims, by their words: figures and negation contradict, more words support.

Knowledge: English function words and number words, from general knowledge; nothing was taken from the corpus,
and no rule was tried on gold links.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from vostochny.baselines.link_clusters import Cluster, Relation
from vostochny.baselines.link_items import Item
from vostochny.schema.model import Claim, Ref

WORD = re.compile(r"\w+(?:['’]\w+)?")
"""A word, with what follows an apostrophe in it."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split(),
        2,
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80"}
"""Number words without "one", which is a pronoun as often."""

_FUNCTION_WORDS = frozenset(
    """
    a an the this that these those it its
    of to in on at by for with from as and or but which who whom whose
    am is are was were be been being has have had having do does did
    """.split()
)
_FEWEST = 3
"""A claim of fewer content words is contained in others too easily."""


def number(word: str) -> str | None:
    """The number that a lower-case word begins with or stands for, in figures; None if it is another word."""
    figure = _FIGURE.match(word)
    return figure[0] if figure else _NUMBERS.get(word)


@dataclass(frozen=True, slots=True)
class ClaimWords:
    """What the rules look at: a claim's content words, its numbers in figures, and its attributes."""

    words: frozenset[str]
    numbers: frozenset[str]
    negative: bool
    hedged: bool

    @classmethod
    def of(cls, item: Item[Claim]) -> ClaimWords:
        """A claim's words; numbers are words, too, always in figures."""
        words, numbers = set(), set()
        for word in WORD.findall(item.text.casefold()):
            if figure := number(word):
                numbers.add(figure)
            elif word not in _FUNCTION_WORDS:
                words.add(re.sub(r"['’]s$", "", word))
        negative, hedged = item.value.polarity == "negative", item.value.certainty == "hedged"
        return cls(frozenset(words | numbers), frozenset(numbers), negative, hedged)


def mismatch(first: ClaimWords, second: ClaimWords) -> str | None:
    """Why two claims that say much the same can't both be true; None if nothing speaks against it.

    One is negative and the other is not, or each has a number that the other lacks.
    """
    if first.negative != second.negative:
        return "one is negated"
    here, there = first.numbers - second.numbers, second.numbers - first.numbers
    if here and there:
        return f"{', '.join(sorted(here))} against {', '.join(sorted(there))}"
    return None


def supports(first: ClaimWords, second: ClaimWords) -> bool:
    """Whether the first has all content words of the second and more, and is no weaker."""
    return (
        len(second.words) >= _FEWEST
        and first.words > second.words
        and first.negative == second.negative
        and (second.hedged or not first.hedged)
    )


def relations(
    clusters: Sequence[Cluster[Claim]], contrary: dict[frozenset[Ref], str]
) -> tuple[Relation, ...]:
    """The relations between clusters: a pair of their members gives it to both.

    ``contrary`` holds the pairs of claims that contradict each other, with the reason; contradiction goes
    before support. Clusters that support each other are related by neither: they were held apart for being
    too unlike.
    """
    words = [[ClaimWords.of(item) for item in cluster] for cluster in clusters]
    out = []
    for a, b in combinations(range(len(clusters)), 2):
        if reason := _contrary(clusters[a], clusters[b], contrary):
            out.append(Relation(a, b, "contradicts", reason))
            continue
        forth, back = (any(supports(x, y) for x in words[m] for y in words[n]) for m, n in ((a, b), (b, a)))
        if forth != back:
            source, target = (a, b) if forth else (b, a)
            out.append(Relation(source, target, "supports", "has all words of the other, and more"))
    return tuple(out)


def _contrary(
    first: Cluster[Claim], second: Cluster[Claim], contrary: dict[frozenset[Ref], str]
) -> str | None:
    pairs = (frozenset((x.ref, y.ref)) for x in first for y in second)
    return next((contrary[pair] for pair in pairs if pair in contrary), None)
