"""Capitalised stretches of a sentence: where a name may be.

Knowledge: English capitalisation, and the connectors inside names ("Bank of England", "Ludwig van
Beethoven", "Kim Jong-un", "Marks & Spencer"). Hand-written.
"""

from __future__ import annotations

from collections.abc import Iterator

from vostochny.baselines.namewords import ABBREVIATIONS, HEADS, ORG_HEADS, PARTICLES, PORTFOLIO
from vostochny.baselines.places import gazetteer, key
from vostochny.baselines.sentence import Sentence
from vostochny.baselines.verbs import (
    ADVERBS,
    COORDINATORS,
    DETERMINERS,
    FINITE_AUXILIARIES,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
)

FUNCTION_WORDS = (
    ADVERBS | COORDINATORS | DETERMINERS | FINITE_AUXILIARIES | PREPOSITIONS | PRONOUNS | SUBORDINATORS
    | frozenset(
        "according earlier later here how why him me us them however yet so if asked "
        "speaking among additionally moreover furthermore following amid today yesterday tomorrow "
        "please yes no let perhaps maybe because given photo read more share source video image file "
        "see also own one two three four five six seven eight nine ten".split()
    )
)  # fmt: skip
"""Words whose capital at the start of a sentence says nothing."""

_COMPOUNDS = frozenset("made led run born like era wide held".split())
_OFFICES = frozenset("secretary minister ministers director head chief chairman president general".split())
_HEADS = frozenset().union(*(words for _, words in HEADS))


def capital(word: str) -> bool:
    """Whether a token begins with a capital letter."""
    return word[0].isupper()


def title_case(sentence: Sentence) -> bool:
    """Whether all but function words have a capital, as in headlines, so that capitals tell no names."""
    if sentence.words[-1] in {".", "”", '"'}:
        return False
    content = [w for w in sentence.words if w[0].isalpha() and len(w) > 1 and w.lower() not in FUNCTION_WORDS]
    return len(content) >= 4 and all(map(capital, content))


def runs(sentence: Sentence, taken: set[int]) -> Iterator[tuple[int, int]]:
    """Maximal capitalised stretches ``[first, last)`` of tokens that are not taken."""
    at = 0
    while at < len(sentence):
        if at in taken or not capital(sentence.words[at]):
            at += 1
            continue
        end = at + 1
        while (step := _joined(sentence, at, end, taken)) > 0:
            end += step
        yield at, end
        at = end


def _joined(sentence: Sentence, first: int, end: int, taken: set[int]) -> int:
    """By how many tokens the stretch ``[first, end)`` goes on."""

    def free(index: int) -> bool:
        return index < len(sentence) and index not in taken

    def name(index: int) -> bool:
        return free(index) and capital(sentence.words[index])

    if not free(end):
        return 0
    word, before = sentence.lower[end], sentence.lower[end - 1]
    if name(end):
        return 1
    if word == "." and (before in ABBREVIATIONS or len(before) == 1) and name(end + 1):
        return 2
    if (
        word == "."
        and len(before) == 1
        and sentence.glued(end)
        and end - first >= 3
        and sentence.words[end - 2] == "."
    ):
        return 1
    if (
        word in {"'", "’"}
        and before in {"o", "d", "l"}
        and sentence.glued(end + 1 if free(end + 1) else end)
        and name(end + 1)
    ):
        return 2
    if word == "&" and name(end + 1):
        return 2
    if word == "-" and sentence.glued(end) and free(end + 1) and sentence.glued(end + 1):
        return _hyphen(sentence, first, end)
    if word in PARTICLES and end > first and name(end + 1) and before not in FUNCTION_WORDS:
        return 2
    if word in {"of", "for"} and before in _HEADS:
        skip = 2 if free(end + 1) and sentence.lower[end + 1] == "the" else 1
        if name(end + skip) and not _own_name(sentence, end + skip):
            return skip + 1
    if (
        word in {"of", "for"}
        and before in _OFFICES
        and name(end + 1)
        and sentence.lower[end + 1] in PORTFOLIO
    ):
        return 2
    inside = {"of", "for"} & set(sentence.lower[first:end])
    if (
        word == "and"
        and inside
        and name(end + 1)
        and (before in PORTFOLIO or _HEADS & set(sentence.lower[first:end]))
    ):
        # "Institute of Art and Design" goes on, "Bank of England and Lloyds" does not: a place or an
        # organisation before "and" closes the name.
        return 2 if key(before) not in gazetteer() else 0
    return 0


def _hyphen(sentence: Sentence, first: int, end: int) -> int:
    """Kim Jong-un and Jean-Claude Juncker go on over the hyphen, Russia-China and US-made do not."""
    after = sentence.words[end + 1]
    if after[0].islower():
        follows = end + 2 < len(sentence) and sentence.words[end + 2] == "-"
        if follows and end + 3 < len(sentence) and capital(sentence.words[end + 3]):
            return 4
        return 2 if end - first >= 2 and len(after) <= 4 and after not in _COMPOUNDS else 0
    if not capital(after) or {key(sentence.words[end - 1]), key(after)} & set(gazetteer()):
        return 0
    given = end + 2 < len(sentence) and capital(sentence.words[end + 2])
    return 2 if given or end - first >= 2 else 0


def _own_name(sentence: Sentence, index: int) -> bool:
    """Whether an organisation's full name begins there ("... of the Russian Academy of Sciences")."""
    at = index
    while at < len(sentence) and capital(sentence.words[at]):
        if sentence.lower[at] in ORG_HEADS and at > index:
            return True
        at += 1
    return False
