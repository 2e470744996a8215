"""From the names that systems give speakers and claimers to registry ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from vostochny.schema.model import AUTHOR, UNNAMED, Entity

TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "professor",
        "sir",
        "lady",
        "president",
        "premier",
        "chancellor",
        "chairman",
        "chairwoman",
        "minister",
        "secretary",
        "general",
        "marshal",
        "comrade",
        "leader",
        "spokesman",
        "spokeswoman",
        "spokesperson",
    ]
)
"""Titles that may stand before a name and are not part of it."""

_JOINING = frozenset(
    """
    of for to by with and or from at in on about
    against after as before between but like near nor not over than under versus vs
    who whose which that
    """.split()
)
"""Words that say that what stands before a title is somebody else ("the wife of President Putin")."""

_MOST = 10_000
"""So many names are remembered."""

_ARTICLES = frozenset(["a", "an", "the"])
_POSSESSIVE = re.compile(r"\w(?:['’]s|s['’])(?!\w)", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,;:&/+|()\[\]–—]")
_GAP = re.compile(r"[\s\u2010\u2011-]+")


def name_key(name: str) -> str:
    """What two writings of one name have in common.

    Compatibility forms and case are folded, hyphens become spaces, other punctuation and symbols and
    the word "the" are dropped.

    >>> name_key("The Kim Jong-un") == name_key("kim-jong-un") == name_key("KIM JONG UN")
    True
    >>> name_key("U.S.") == name_key("US")
    True
    """
    key = _folded(name)
    # Dropping a mark between a letter and its accent lets the two combine: once more, then.
    while (again := _folded(key)) != key:
        key = again
    return key


def _folded(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    kept = []
    for character in folded:
        kind = unicodedata.category(character)
        if kind == "Pd" or character.isspace():
            kept.append(" ")
        elif kind[0] not in "PSC":
            kept.append(character)
    return " ".join(word for word in "".join(kept).split() if word != "the")


class Resolver:
    """Finds the entity that a name means: by its id first, then its name, then its aliases.

    A name that fits no entity, or several of the same rank, stays as it is, and so equals only
    the same string.
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        listed = list(entities)
        self._ids = {entity.id for entity in listed}
        self._known: dict[str, str] = {}
        self._ranks = [
            _by_key((name_key(e.id), e.id) for e in listed),
            _by_key((name_key(e.name), e.id) for e in listed),
            _by_key((name_key(alias), e.id) for e in listed for alias in e.aliases),
        ]

    def resolve(self, name: str) -> str:
        """The id of the entity a name means, or the name itself; "author" and "unnamed" stay.

        If the whole name fits nothing, a title and what stands before it ("Russian President Vladimir
        Putin") is dropped, unless that shows that somebody else is meant ("the wife of President
        Putin", "Kim and President Putin", "Kim's aide, Secretary Lee").
        """
        if name in self._ids or name in (AUTHOR, UNNAMED):
            return name
        if name not in self._known:
            # A stream of documents may have any number of names.
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[name] = self._found(name)
        return self._known[name]

    def _found(self, name: str) -> str:
        for rest in (name, *_behind_titles(name)):
            key = name_key(rest)
            for rank in self._ranks:
                if len(found := rank.get(key, set())) == 1:
                    return next(iter(found))
        return name


def _behind_titles(name: str) -> Iterator[str]:
    """What stands behind each title of a name, as long as what stands before belongs to the title."""
    name = name.strip()
    for gap in _GAP.finditer(name):
        before = name[: gap.start()].removesuffix(",")
        words = _GAP.split(before.casefold())
        if _SEPARATOR.search(before) or _POSSESSIVE.search(before):
            return
        if _JOINING.intersection(words) or _ARTICLES.intersection(words[1:]):
            return
        if name_key(words[-1]) in TITLES:
            yield name[gap.end() :]


def _by_key(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    for key, entity in pairs:
        if key:
            out.setdefault(key, set()).add(entity)
    return out
