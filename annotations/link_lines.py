"""Checked links from their notation, each problem at the line it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from vostochny.annotations.link_notation import read_link_notation
from vostochny.schema.closure import closed_relations
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import Gold, Links, Ref
from vostochny.schema.values import check_links

_ITEM = re.compile(r"\$\.(utterances|claim_groups|claim_relations)\[(\d+)\](?:\.(\w+)\[(\d+)\])?")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[A-Za-z0-9][\w.-]*")

UTTERANCE, DIFFERENCE = "utterance", "difference"


def read_closed_links(text: str, gold: Gold, *, annotator: str, file: str) -> Links:
    """Links on gold's items from their notation, with gold's registry and all relations that follow.

    Raises :class:`~vostochny.schema.errors.InputError` with every problem at its line: what cannot be read, a
    rule that is broken, relations that exclude each other. Claims are named, not groups.
    """
    given = read_link_notation(
        text, gold.documents, gold, annotator=annotator, entities=gold.entities, file=file
    )
    _, problems = check_links(links_to_json(given), gold.documents, gold, file=file)
    if not problems:
        try:
            return replace(given, claim_relations=closed_relations(given))
        except InputError as error:
            problems = [*error.problems]
    lines = _Lines(text, given)
    raise InputError(lines.placed(problem, file) for problem in problems)


def _kind(line: str) -> str:
    return DIFFERENCE if line[0].isspace() else re.split(r"[\s:]", line, maxsplit=1)[0]


class _Lines:
    """Which line of a notation says what."""

    def __init__(self, text: str, links: Links) -> None:
        self.links = links
        self.named = [
            (number, _kind(line), set(_NAME.findall(line.partition(" // ")[0])))
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip() and not line.lstrip().startswith("#")
        ]
        self.groups = {group.id: group.members for group in links.claim_groups or ()}

    def placed(self, problem: Problem, file: str) -> Problem:
        """The problem at its line, with claims for groups."""
        message = re.sub(r"\bg\d+\b", self._claim, problem.message)
        return Problem(problem.check, message, file, next(self._lines(problem), None))

    def _claim(self, match: re.Match[str]) -> str:
        members = self.groups.get(match[0], ())
        return str(members[0]) if members else match[0]

    def _lines(self, problem: Problem) -> Iterator[int]:
        """The lines that a problem may come from, the likeliest first."""
        match = _ITEM.match(problem.path or "")
        if match is None:
            names = [self.groups[id] for id in re.findall(r"\bg\d+\b", problem.message) if id in self.groups]
            yield from self._relating(names)
        elif match[1] == "utterances":
            utterance = (self.links.utterances or ())[int(match[2])]
            members = {str(member) for member in utterance.members}
            start = next(n for n, kind, named in self.named if kind == UTTERANCE and members == named)
            if match[3] == "differences":
                below = [n for n, kind, _ in self.named if n > start and kind == DIFFERENCE]
                yield below[int(match[4])]
            yield start
        elif match[1] == "claim_relations":
            relation = (self.links.claim_relations or ())[int(match[2])]
            yield from self._relating([self.groups[relation.source], self.groups[relation.target]])

    def _relating(self, groups: list[tuple[Ref, ...]]) -> Iterator[int]:
        """Lines with a claim of as many of the groups as possible, relations last written first."""
        found: Mapping[int, int] = {
            number: sum(any(str(member) in named for member in group) for group in groups)
            for number, kind, named in self.named
            if kind in ("supports", "contradicts")
        }
        yield from sorted((n for n in found if found[n]), key=lambda n: (-found[n], -n))
