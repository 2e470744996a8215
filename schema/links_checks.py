"""Semantic checks of a links file, a round, gold's history, and lines of waivers and adjudication logs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from vostochny.schema.checks import Finding, Rules, Steps
from vostochny.schema.errors import shown
from vostochny.schema.jsonio import Json
from vostochny.schema.labels import LAYER_PARTS, LINK_PARTS
from vostochny.schema.model import UNNAMED, Document, Layer, bounds
from vostochny.schema.registry import name_key


@dataclass(frozen=True, slots=True)
class ValueContext:
    """A value of one of these kinds that passed its schema, and what it may refer to.

    ``documents`` and ``layers`` are None where they are unknown; references into them then stay
    unchecked.
    """

    value: Any
    documents: Mapping[str, Document] | None
    layers: Mapping[str, Layer] | None

    def items(self, *parts: str) -> Iterator[tuple[Steps, Json]]:
        """The items of some arrays with their places."""
        for part in parts:
            for number, item in enumerate(self.value.get(part, ())):
                yield (part, number), item

    def members(self) -> Iterator[tuple[Steps, Json]]:
        """What entities, utterances and claim groups consist of, with its places."""
        for key, part in (("mentions", "entities"), ("members", "utterances"), ("members", "claim_groups")):
            for steps, item in self.items(part):
                for number, member in enumerate(item.get(key, ())):
                    yield (*steps, key, number), member

    def differences(self) -> Iterator[tuple[Steps, Json, Json]]:
        """The differences between renderings with their places, and the utterances they are of."""
        for steps, item in self.items("utterances"):
            for number, difference in enumerate(item.get("differences", ())):
                yield (*steps, "differences", number), difference, item


LINKS_RULES: Rules[ValueContext] = Rules()
ROUND_RULES: Rules[ValueContext] = Rules()
WAIVER_RULES: Rules[ValueContext] = Rules()
ADJUDICATION_RULES: Rules[ValueContext] = Rules()
HISTORY_RULES: Rules[ValueContext] = Rules()

NEITHER = "neither"
"""The decision of an adjudicator who follows none of the annotators."""


_MEMBERS = {"entities": "mentions", "utterances": "quotes", "claim_groups": "claims"}
"""Which part of a layer the members of each part of links are from."""


def _name(member: Json) -> str:
    return f"{member['document']}.{member['id']}"


def _repeated(context: ValueContext, *parts: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for steps, item in context.items(*parts):
        if item["id"] in seen:
            yield (*steps, "id"), f"{shown(item['id'])} is used before; give each its own id"
        seen.add(item["id"])


@LINKS_RULES.add("duplicate-id")
def duplicate_id(context: ValueContext) -> Iterator[Finding]:
    """An id is used once."""
    yield from _repeated(context, "entities")
    yield from _repeated(context, "utterances", "claim_groups")


@LINKS_RULES.add("ambiguous-alias")
def ambiguous_alias(context: ValueContext) -> Iterator[Finding]:
    """No name or alias means two entities, however it is written.

    An entity that says its mentions itself is found by them, and may be called like another.
    """
    owner: dict[str, str] = {}
    for steps, entity in context.items("entities"):
        if "mentions" in entity:
            continue
        names: list[tuple[Steps, str]] = [((*steps, "name"), entity["name"])]
        names += [((*steps, "aliases", n), alias) for n, alias in enumerate(entity.get("aliases", ()))]
        for place, name in names:
            first = owner.setdefault(name_key(name), entity["id"])
            if first != entity["id"]:
                yield place, f"{shown(name)} means {first} as well; drop it from one of the two"


@LINKS_RULES.add("repeated-alias")
def repeated_alias(context: ValueContext) -> Iterator[Finding]:
    """An alias differs from the name and the other aliases."""
    for steps, entity in context.items("entities"):
        seen = {entity["name"]}
        for number, alias in enumerate(entity.get("aliases", ())):
            if alias in seen:
                yield (*steps, "aliases", number), f"{shown(alias)} is given before; drop it"
            seen.add(alias)


@LINKS_RULES.add("unresolved-reference")
def unresolved_reference(context: ValueContext) -> Iterator[Finding]:
    """What is referred to by id exists."""
    speakers = {*(item["id"] for _, item in context.items("entities")), UNNAMED, None}
    groups = {item["id"] for _, item in context.items("claim_groups")}
    for steps, item in context.items("utterances"):
        if item.get("speaker") not in speakers:
            yield (*steps, "speaker"), f"there is no entity {shown(item['speaker'])}; add it or mend the id"
    for steps, item in context.items("claim_relations"):
        for key in ("from", "to"):
            if item[key] not in groups:
                yield (*steps, key), f"there is no claim group {shown(item[key])}; add it or mend the id"
    known: dict[tuple[str, str], set[str]] = {}
    for steps, member in context.members():
        layer = (context.layers or {}).get(member["document"])
        part = _MEMBERS[str(steps[0])]
        if layer is None or (items := getattr(layer, part)) is None:
            continue
        place = (member["document"], part)
        if place not in known:
            known[place] = {item.id for item in items}
        if member["id"] not in known[place]:
            message = f"{member['document']} has no {part.rstrip('s')} {shown(member['id'])}; mend the id"
            yield (*steps, "id"), message


@LINKS_RULES.add("unknown-document")
def unknown_document(context: ValueContext) -> Iterator[Finding]:
    """A document that is named is one of the documents."""
    places = [((*steps, "document"), member["document"]) for steps, member in context.members()]
    for steps, difference, _ in context.differences():
        for number, span in enumerate(difference["spans"]):
            places.append(((*steps, "spans", number, "document"), span["document"]))
    yield from _unknown(context, places)


def _unknown(context: ValueContext, places: list[tuple[Steps, str]]) -> Iterator[Finding]:
    for steps, name in places:
        if context.documents is not None and name not in context.documents:
            yield steps, unknown_document_message(name, context.documents)


def unknown_document_message(name: str, documents: Mapping[str, Document]) -> str:
    """What to say of a document id that is not among the documents."""
    if meant := near_document(name, documents):
        return f"there is no document {shown(name)}; did you mean {shown(meant)}?"
    known = ", ".join(sorted(documents)[:8]) + (", …" if len(documents) > 8 else "")
    return f"there is no document {shown(name)}; use one of {known or '(none)'}, or give its own documents"


def near_document(name: str, documents: Iterable[str]) -> str | None:
    """The document id that is written much like a name, whatever its case; None if there is none."""
    folded = {id.casefold(): id for id in documents}
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.7)
    return folded[near[0]] if near else None


@LINKS_RULES.add("text-mismatch")
def text_mismatch(context: ValueContext) -> Iterator[Finding]:
    """A span's text is the document's text at its offsets."""
    for steps, difference, _ in context.differences():
        for number, span in enumerate(difference["spans"]):
            document = (context.documents or {}).get(span["document"])
            if document and document.text[span["start"] : span["end"]] != span["text"]:
                actual = shown(document.text[span["start"] : span["end"]])
                message = f"found {shown(span['text'])}, the text has {actual} there; mend either"
                yield (*steps, "spans", number, "text"), message


@LINKS_RULES.add("repeated-member")
def repeated_member(context: ValueContext) -> Iterator[Finding]:
    """A mention is in one entity, a quote in one utterance and a claim in one group."""
    seen: set[tuple[object, ...]] = set()
    for steps, member in context.members():
        key = (steps[0], member["document"], member["id"])
        if key in seen:
            message = f"{member['document']} {member['id']} is a member before; keep it in one place"
            yield steps, message
        seen.add(key)


@LINKS_RULES.add("difference-elsewhere")
def difference_elsewhere(context: ValueContext) -> Iterator[Finding]:
    """A difference is one between two members of its utterance, and its spans lie in their documents."""
    members: dict[str | int, set[tuple[str, str]]] = {}
    for steps, difference, utterance in context.differences():
        if steps[1] not in members:
            members = {steps[1]: {(each["document"], each["id"]) for each in utterance["members"]}}
        first, second = difference["members"]
        if first == second:
            message = f"both are {_name(first)}; a difference is one between two renderings"
            yield (*steps, "members"), message
        for number, (member, span) in enumerate(zip(difference["members"], difference["spans"], strict=True)):
            if (member["document"], member["id"]) not in members[steps[1]]:
                message = f"{_name(member)} is no member of {utterance['id']}; name one that is"
                yield (*steps, "members", number), message
            if span["document"] != member["document"]:
                message = f"lies in {span['document']}, the quote in {member['document']}; mend either"
                yield (*steps, "spans", number, "document"), message
                continue
            low, high = _sentences(context, member) or (span["start"], span["end"])
            if not low <= span["start"] <= span["end"] <= high:
                message = f"lies outside the sentences of {_name(member)}; mend either"
                yield (*steps, "spans", number), message


def _sentences(context: ValueContext, member: Json) -> tuple[int, int] | None:
    """From where to where the sentences of a quote go; None where that is unknown."""
    document = (context.documents or {}).get(member["document"])
    layer = (context.layers or {}).get(member["document"])
    quotes = () if layer is None else layer.quotes or ()
    quote = next((quote for quote in quotes if quote.id == member["id"]), None)
    if document is None or quote is None:
        return None
    start, end = bounds([*quote.content, *quote.cue, *([quote.source] if quote.source else ())])
    touched = [(a, b) for a, b in document.sentences if a < end and start < b]
    return (touched[0][0], touched[-1][1]) if touched else None


@LINKS_RULES.add("repeated-relation")
def repeated_relation(context: ValueContext) -> Iterator[Finding]:
    """Two claim groups are related once: one supports the other, or they contradict each other.

    What supports each other has the same truth conditions and is one group.
    """
    seen: dict[frozenset[str], str] = {}
    for steps, item in context.items("claim_relations"):
        pair = frozenset((item["from"], item["to"]))
        here = f"{item['from']} {item['type']} {item['to']}"
        if pair in seen:
            yield steps, f"found {here} after {seen[pair]}; keep one (groups that entail each other are one)"
        seen.setdefault(pair, here)


@LINKS_RULES.add("relation-to-itself")
def relation_to_itself(context: ValueContext) -> Iterator[Finding]:
    """A claim group is related to others only."""
    for steps, item in context.items("claim_relations"):
        if item["from"] == item["to"]:
            yield (*steps, "to"), f"{shown(item['to'])} is related to itself; mend or drop the relation"


@ROUND_RULES.add("duplicate-id")
def duplicate_annotator(context: ValueContext) -> Iterator[Finding]:
    """An id is used once."""
    return _repeated(context, "annotators")


@ROUND_RULES.add("unknown-document")
def round_documents(context: ValueContext) -> Iterator[Finding]:
    """A document that is named is one of the documents."""
    return _unknown(context, [(("documents", n), name) for n, name in enumerate(context.value["documents"])])


@ROUND_RULES.add("mixed-parts")
def mixed_parts(context: ValueContext) -> Iterator[Finding]:
    """A round is about parts of layers or about parts of links, not both.

    Links refer to items by the ids that gold gives them, so they come after gold, in a round of their own.
    """
    parts = context.value["parts"]
    if any(part in LAYER_PARTS for part in parts):
        for number, part in enumerate(parts):
            if part in LINK_PARTS:
                message = f"{shown(part)} is a part of links, others are parts of layers; make two rounds"
                yield ("parts", number), message


@WAIVER_RULES.add("unknown-document")
def waiver_document(context: ValueContext) -> Iterator[Finding]:
    """A document that is named is one of the documents."""
    name = context.value["document"]
    return _unknown(context, [] if name == "*" else [(("document",), name)])


@ADJUDICATION_RULES.add("unresolved-reference")
def unresolved_decision(context: ValueContext) -> Iterator[Finding]:
    """What is referred to by id exists."""
    decision, readings = context.value["decision"], context.value["readings"]
    unknown = [name for name in decision.split("+") if name not in readings]
    if decision != NEITHER and unknown:
        message = f"there is no reading of {shown(unknown[0])}, only of {', '.join(readings) or 'nobody'}; "
        yield ("decision",), message + f"name one of these, or {NEITHER!r}"


@HISTORY_RULES.add("version-order")
def version_order(context: ValueContext) -> Iterator[Finding]:
    """The versions of gold rise."""
    for number, (before, here) in enumerate(pairwise(context.value), 1):
        if version_key(here["version"]) <= version_key(before["version"]):
            message = (
                f"found {here['version']} after {before['version']}, expected a higher one; sort or mend them"
            )
            yield (number, "version"), message


def version_key(version: str) -> tuple[int, ...]:
    """What versions are compared by: ``1.10.0`` comes after ``1.9.0``."""
    return tuple(int(part) for part in version.split("."))
