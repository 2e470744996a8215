"""Entities by rules: gazetteer, value patterns, capitalisation, titles and generic nouns.

Knowledge: pycountry and the hand-written general lists of :mod:`~vostochny.baselines.places`,
:mod:`~vostochny.baselines.namewords` and :mod:`~vostochny.baselines.values`; the span conventions
(no article, title or possessive; parts of hyphenated names; demonyms on their own) are those of
schema/GUIDELINES.md. Never tuned on the annotated articles.
"""

from __future__ import annotations

import re
from collections import Counter

from vostochny.baselines.namewords import (
    CALENDAR,
    FIRST_NAME_PLACES,
    HEADS,
    LANGUAGES,
    LOWER_PLACES,
    NO_NAMES,
    ORG_HEADS,
    ORGS,
    PORTFOLIO,
    TITLE_HEADS,
    TITLE_MODIFIERS,
)
from vostochny.baselines.places import gazetteer, longest_name
from vostochny.baselines.runs import FUNCTION_WORDS, capital, runs, title_case
from vostochny.baselines.sentence import Sentence, sentences
from vostochny.baselines.speech import REPORTING
from vostochny.baselines.values import values
from vostochny.baselines.verbs import PAST, THIRD
from vostochny.schema.model import Document, Layer, Mention

Found = tuple[int, int, str]
"""First token, token after the last, type."""

_MODEL = re.compile(r"(?<![\w-])(?:[A-Z][A-Za-z]{0,11}-\d{1,4}[A-Z]{0,3}|[A-Z]{1,3}\d{1,4}[A-Z]?)(?![\w-])")
_NO_MODEL = re.compile(r"(?:[GgQ]-?\d+|COVID-\d+|Covid-\d+|H\d|A\d)")
_TITLES = TITLE_HEADS | TITLE_MODIFIERS


class EntitiesRules:
    """Finds names and values without training."""

    def extract(self, document: Document) -> Layer:
        """Mentions with types; entities are not resolved."""
        found = mentions(document)
        items = [
            Mention(f"m{n}", span.start, span.end, span.text, label)
            for n, (span, label) in enumerate(
                ((s.span(first, last), label) for s, parts in found for first, last, label in parts), 1
            )
        ]
        return Layer(document.id, "entities-rules", mentions=tuple(items), text_sha256=document.text_sha256)


def mentions(document: Document) -> list[tuple[Sentence, list[Found]]]:
    """Every sentence with its mentions, in text order.

    Names are first read where capitals tell something; what is learnt there (full names, kinds of
    single words) then decides single surnames, sentence starts and headlines in title case.
    """
    listed = sentences(document)
    plain = [s for s in listed if not title_case(s)]
    known = _Known()
    for sentence in plain:
        known.learn(sentence, _names(sentence, _values(sentence), known))
    out = []
    for sentence in listed:
        fixed = _values(sentence)
        names = _looked_up(sentence, fixed, known) if title_case(sentence) else _names(sentence, fixed, known)
        out.append((sentence, sorted(fixed + names)))
    return out


class _Known:
    """What a document's own names tell of each other."""

    def __init__(self) -> None:
        self.types: dict[tuple[str, ...], Counter[str]] = {}
        self.people: set[str] = set()
        self.capitals: set[str] = set()
        self.lower: set[str] = set()

    def learn(self, sentence: Sentence, found: list[Found]) -> None:
        for first, last, label in found:
            self.types.setdefault(sentence.lower[first:last], Counter())[label] += 1
            if label == "PERSON":
                self.people.update(w for w in sentence.lower[first:last] if len(w) > 1)
        for at, word in enumerate(sentence.words):
            if at and capital(word) and sentence.words[at - 1] not in {"“", '"', ":", "."}:
                self.capitals.add(word.lower())
            elif word[0].islower():
                self.lower.add(word)

    def type(self, words: tuple[str, ...]) -> str | None:
        counts = self.types.get(words)
        return counts.most_common(1)[0][0] if counts else None


def _values(sentence: Sentence) -> list[Found]:
    """Product numbers and value expressions, widened to whole tokens."""
    text = sentence.document.text[sentence.start : sentence.end]
    out: list[Found] = []
    models = [(m.start(), m.end(), "PRODUCT") for m in _MODEL.finditer(text) if not _NO_MODEL.fullmatch(m[0])]
    for start, end, label in [*models, *values(text)]:
        first, last = sentence.at(sentence.start + start), sentence.at(sentence.start + end - 1) + 1
        if all(last <= a or b <= first for a, b, _ in out):
            out.append((first, last, label))
    return out


def _place(sentence: Sentence, first: int, last: int) -> tuple[int, str] | None:
    """The longest gazetteer name that begins at a token: its number of tokens and type."""
    for length in range(min(longest_name(), last - first), 0, -1):
        words = sentence.lower[first : first + length]
        label = gazetteer().get(words)
        if label is None or not all(
            capital(w) for w in sentence.words[first : first + length : max(1, length - 1)]
        ):
            continue
        if len(words[0]) <= 3 and length == 1 and not sentence.words[first].isupper():
            continue
        if words == ("west",) and (first == 0 or sentence.lower[first - 1] != "the"):
            continue
        return length, label
    return None


def _initial(sentence: Sentence, index: int) -> bool:
    """Whether a capital may only be there because something begins."""
    return index == 0 or sentence.words[index - 1] in {"“", "‘", '"', "'", ":", "(", "[", "—", "»"}


def _names(sentence: Sentence, fixed: list[Found], known: _Known) -> list[Found]:
    taken = {n for first, last, _ in fixed for n in range(first, last)}
    out: list[Found] = []
    for first, last in runs(sentence, taken):
        while first < last and _initial(sentence, first) and _only_capitalised(sentence, first, last, known):
            first += 1
        while first < last and _plain(sentence, first):
            first += 1
        if first < last and not capital(sentence.words[first]):
            continue
        out += _read(sentence, first, last, known)
    return [_with_place_noun(sentence, item, taken) for item in out]


def _plain(sentence: Sentence, index: int) -> bool:
    """Whether a capitalised token is a function or calendar word; "US" is no "us"."""
    surface = sentence.words[index]
    return surface.lower() in FUNCTION_WORDS | CALENDAR and not (surface.isupper() and len(surface) > 1)


def _only_capitalised(sentence: Sentence, first: int, last: int, known: _Known) -> bool:
    word = sentence.lower[first]
    if (
        _place(sentence, first, last)
        or word in ORGS
        or word in known.people
        or sentence.words[first].isupper()
    ):
        return _plain(sentence, first)
    if word in FUNCTION_WORDS or word in known.lower:
        return word not in known.capitals and word not in _TITLES
    return last - first == 1 and word not in known.capitals and word not in TITLE_HEADS


def _title(sentence: Sentence, first: int, last: int) -> int:
    """Number of tokens of the title that begins there, 0 if there is none."""
    at = first
    head = -1
    while at < last and (sentence.lower[at] in _TITLES or sentence.words[at] in ".-"):
        if sentence.lower[at] in TITLE_HEADS:
            head = at
        at += 1
    if head < 0:
        return 0
    at = head + 1
    if at < last and sentence.words[at] == ".":
        at += 1
    if at < last and sentence.lower[at] in {"of", "for"}:
        while at < last and sentence.lower[at] in PORTFOLIO:
            at += 1
    return at - first


def _read(sentence: Sentence, first: int, last: int, known: _Known) -> list[Found]:
    """The mentions in one capitalised stretch."""
    out: list[Found] = []
    person = first > 0 and sentence.lower[first - 1] in TITLE_HEADS
    while first < last:
        if not capital(sentence.words[first]):
            first += 1
            continue
        label = _type(sentence, first, last, known)
        length = _title(sentence, first, last)
        if length and label not in {"ORG", "LAW", "FAC"}:
            first, person = first + length, True
            continue
        place = _place(sentence, first, last)
        rest = first + place[0] if place else first
        if (
            place
            and sentence.words[rest - 2 : rest - 1] == (".",)
            and rest < last
            and sentence.words[rest] == "."
        ):
            rest += 1
        if place and (rest == last or _splits(sentence, place[1], rest, last, label)):
            spoken = place[1] == "NORP" and _spoken(sentence, first)
            out.append((first, rest, "LANGUAGE" if spoken else place[1]))
            first, person = rest, False
            continue
        whole = last - first > 1 and label in {"ORG", "FAC", "EVENT", "LAW"}
        if person and not whole and sentence.lower[first] not in ORGS:
            label = "PERSON"
        if label and not _TITLES.issuperset(sentence.lower[first:last]):
            out.append((first, last, label))
        break
    return out


def _splits(sentence: Sentence, label: str, rest: int, last: int, whole: str | None) -> bool:
    """Whether a place or people at the start of a stretch is a mention of its own."""
    if _title(sentence, rest, last):
        return True
    if label == "NORP":
        return whole not in {"ORG", "FAC", "EVENT", "LAW", "LOC", "GPE"}
    return whole == "PERSON" and sentence.lower[rest - 1] not in FIRST_NAME_PLACES


def _spoken(sentence: Sentence, index: int) -> bool:
    if sentence.lower[index] not in LANGUAGES or index == 0:
        return False
    closed = index + 1 == len(sentence) or not sentence.words[index + 1][0].isalpha()
    return closed and sentence.lower[index - 1] in {
        "in",
        "speak",
        "speaks",
        "spoke",
        "speaking",
        "into",
        "from",
        "fluent",
    }


def _type(sentence: Sentence, first: int, last: int, known: _Known) -> str | None:
    """The type of a stretch as a whole, or None if it is no name."""
    words = sentence.lower[first:last]
    for at in (len(words) - 1, *(n for n, w in enumerate(words) if w in {"of", "for", "and"})):
        head = words[at] if at == len(words) - 1 else words[at - 1]
        if len(words) > 1 and (label := next((name for name, heads in HEADS if head in heads), None)):
            return label
    if len(words) == 1:
        return _single(sentence, first, known)
    if set(words) & ORGS or (set(words[1:]) & ORG_HEADS and "." not in words):
        return "ORG"
    if any(w.isupper() and len(w) > 2 for w in sentence.words[first:last]):
        return "ORG"
    return "PERSON" if len(words) <= 6 else "ORG"


def _single(sentence: Sentence, index: int, known: _Known) -> str | None:
    word, surface = sentence.lower[index], sentence.words[index]
    if word in NO_NAMES or word in CALENDAR or len(word) == 1:
        return None
    if word in ORGS:
        return "ORG"
    if word in known.people and not surface.isupper():
        return "PERSON"
    if surface.isupper():
        return "ORG"
    if word in _TITLES:
        return None
    after = sentence.lower[index + 1] if index + 1 < len(sentence) else ""
    if after in REPORTING and (after in PAST or after in THIRD):
        return known.type((word,)) or "PERSON"
    if index and sentence.lower[index - 1] in {"in", "near", "from", "to"}:
        return "GPE"
    return known.type((word,)) or (None if word in known.lower else "ORG")


def _with_place_noun(sentence: Sentence, item: Found, taken: set[int]) -> Found:
    """Adds the lower-case noun that a place name needs (a region, sea or peninsula named by an adjective)."""
    first, last, label = item
    if last >= len(sentence) or last in taken or sentence.lower[last] not in LOWER_PLACES:
        return item
    if not sentence.words[last][0].islower() or label in {"PERSON", "LOC", "FAC"} or last - first > 1:
        return item
    if label == "GPE" and sentence.lower[first:last] in gazetteer():
        return item
    noun = sentence.lower[last]
    kind = "LOC" if noun in {"peninsula", "sea", "river", "island", "islands"} else "GPE"
    if label == "NORP" and kind == "GPE":
        return item
    return first, last + 1, kind


def _looked_up(sentence: Sentence, fixed: list[Found], known: _Known) -> list[Found]:
    """Mentions in a title-case line: only names from the gazetteer and from the rest of the text."""
    taken = {n for first, last, _ in fixed for n in range(first, last)}
    out: list[Found] = []
    at = 0
    while at < len(sentence):
        best = _place(sentence, at, len(sentence))
        for length in range(min(8, len(sentence) - at), 0, -1):
            words = sentence.lower[at : at + length]
            if (
                (label := known.type(words))
                and capital(sentence.words[at])
                and (best is None or length > best[0])
            ):
                best = length, label
                break
        if best is None and sentence.lower[at] in known.people | ORGS and capital(sentence.words[at]):
            best = 1, "PERSON" if sentence.lower[at] in known.people else "ORG"
        if best is None or taken & set(range(at, at + best[0])) or sentence.lower[at] in FUNCTION_WORDS:
            at += 1
            continue
        out.append((at, at + best[0], best[1]))
        at += best[0]
    return out
