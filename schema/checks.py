"""The catalogue of checks: every stable id with its meaning, and the rules that semantic checks are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from vostochny.schema.errors import Problem, json_path

Steps = tuple[str | int, ...]
"""A place in a JSON value: keys and indices from the root."""

Finding = tuple[Steps, str]
"""What a rule reports: the place, and what was found, was expected and is to be done."""

Context = TypeVar("Context")

CHECKS: dict[str, str] = {
    # reading
    "unreadable-file": "The file exists and can be read",
    "not-utf8": "Files are UTF-8",
    "byte-order-mark": "Files start without a byte order mark",
    "bad-json": "Files are JSON, or JSONL with one value a line",
    "duplicate-key": "An object has each key once",
    "not-finite-number": "Numbers are finite",
    "huge-number": "Integers do not exceed 2^53 - 1",
    "deep-nesting": "Arrays and objects are not nested beyond reason",
    "lone-surrogate": "Strings hold characters only, no halves of surrogate pairs",
    "nothing-found": "A path holds something to validate",
    "unknown-kind": "A value is of one of the kinds that have a schema",
    # JSON Schema
    "wrong-version": "The schema version is the one this program knows",
    "missing-property": "Required properties are there",
    "unknown-property": "Only properties of the schema are there",
    "wrong-type": "Values are of the type the schema says",
    "unknown-label": "Labels are of the label set",
    "bad-format": "Ids, digests, dates and numbers are written as the schema says",
    "too-few": "Arrays and strings are not empty where the schema asks for something",
    "too-many": "Arrays hold no more than the schema allows",
    "repeated-value": "Arrays that are sets hold each value once",
    # what belongs together
    "missing-text": "A document has its text embedded or in a file articles/ID.txt",
    "duplicate-document": "A document is recorded, annotated or predicted once",
    "missing-registry": "A corpus whose layers name entities has a registry, gold/links.json",
    "unused-registry-entry": "Every registry entry is used by a layer or an utterance",
    "round-id": "A round's folder is named after its id",
    "missing-layer": "A round has a layer of every document by every annotator",
    "missing-links": "A round of links has links by every annotator",
    "unlisted-layer": "A round's layers are by annotators and of documents that round.json names",
    "unlisted-links": "A round's links are by annotators that round.json names, and it names parts of links",
    "annotator-mismatch": "A round's layer, or its links, are by the annotator their folder is named after",
    "document-mismatch": "A round's layer is of the document its file is named after",
    "copied-layer": "No annotator's layer or links in a round are a copy of another's",
}
"""Every check id with what it demands; the rules of the semantic checks add theirs."""

UNREADABLE = frozenset(
    {
        "bad-json",
        "duplicate-key",
        "not-finite-number",
        "huge-number",
        "deep-nesting",
        "lone-surrogate",
    }
)
"""The checks that a JSON value must pass to be read at all: it is left out as a whole, wherever the fault."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[Context]):
    """A semantic check; ``strict`` ones are not demanded of predictions."""

    check: str
    strict: bool
    run: Callable[[Context], Iterable[Finding]]


class Rules(Generic[Context]):
    """The semantic checks of one kind of value, in the order in which they run."""

    def __init__(self) -> None:
        self.rules: list[Rule[Context]] = []

    def add(
        self, check: str, *, strict: bool = True
    ) -> Callable[[Callable[[Context], Iterable[Finding]]], Callable[[Context], Iterable[Finding]]]:
        """Register a function as the check of that id; its docstring's first line is the meaning."""

        def register(
            function: Callable[[Context], Iterable[Finding]],
        ) -> Callable[[Context], Iterable[Finding]]:
            CHECKS.setdefault(check, (function.__doc__ or "").partition("\n")[0].rstrip("."))
            self.rules.append(Rule(check, strict, function))
            return function

        return register

    def problems(
        self, context: Context, *, strict: bool, file: str | None, line: int | None
    ) -> Iterator[Problem]:
        """All that the rules find in a value; without ``strict`` only what predictions must keep."""
        for rule in self.rules:
            if strict or not rule.strict:
                for steps, message in rule.run(context):
                    yield Problem(rule.check, message, file, line, json_path(steps))
