"""From what an annotator drew in Label Studio to a layer.

What the annotator need not say is derived: which claims lie in which quote, who claims them, which
words of a quote are verbatim by its marks, and everything that was left at its default.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vostochny.annotations import studio_labels as names
from vostochny.annotations.studio_encode import covering_quote
from vostochny.annotations.studio_groups import Groups, group_regions
from vostochny.annotations.studio_labels import Result
from vostochny.annotations.studio_regions import Region, read_regions
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.model import AUTHOR, UNNAMED, Claim, Document, Entity, Layer, Mark, Mention, Quote, Span
from vostochny.schema.quotation import derive_verbatim
from vostochny.schema.registry import Resolver

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PREFIXES = {names.MENTION: "m", names.QUOTE: "q", names.MARK: "k", names.CLAIM: "c"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What an adjudicator said of an item: its fate, and why; None where nothing was chosen."""

    verdict: str | None = None
    reason: str | None = None
    rule: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """A layer, the adjudicator's decisions by item id, and the entities that were typed in, by id.

    ``regions`` has the id of each item's first region.
    """

    layer: Layer
    decisions: Mapping[str, Decision]
    entities: Mapping[str, Entity]
    regions: Mapping[str, str] = field(default_factory=dict)


def results_to_layer(
    results: Sequence[Result],
    document: Document,
    annotator: str,
    *,
    where: str,
    entities: Sequence[Entity] = (),
    complete: bool = True,
) -> Decoded:
    """The layer that a result list says.

    Items keep the ids that their regions were sent with; others get the next free number in text
    order. Names typed into a text field are resolved against ``entities``; what is not found becomes
    an entity of its own. ``where`` is the task's address, named in every problem. A ``complete`` layer
    has a speaker for every source, and a proposition and a claimer for every claim.

    Raises :class:`~vostochny.schema.errors.InputError` with all that is wrong: offsets outside the
    text, labels and arrows that this corpus does not know, sources and cues that no quote points at,
    arrows that contradict each other, sources without a speaker, claims without a proposition.
    """
    problems: list[Problem] = []
    regions, arrows = read_regions(results, document, where, problems)
    groups = group_regions(regions, arrows, where, problems)
    reader = _Reader(document, where, entities, problems, complete)
    items = reader.items(groups)
    layer = Layer(
        document=document.id,
        annotator=annotator,
        mentions=tuple(reader.mention(id, region) for id, region in items[names.MENTION]),
        marks=tuple(reader.mark(id, region) for id, region in items[names.MARK]),
        quotes=reader.quotes(items[names.QUOTE], groups),
        text_sha256=document.text_sha256,
    )
    dropped = {id for id, decision in reader.decisions.items() if decision.verdict == "drop"}
    claims = reader.claims(items[names.CLAIM], groups, layer.quotes or (), dropped)
    reader.check_decisions()
    if problems:
        raise InputError(problems)
    layer = replace(layer, claims=claims)
    first = {id: parts[0].id for found in items.values() for id, parts in found}
    return Decoded(layer, reader.decisions, reader.typed_entities(layer), first)


Items = dict[str, list[tuple[str, tuple[Region, ...]]]]
"""The regions of each item, by label control, with the items' ids, in text order."""


class _Reader:
    def __init__(
        self,
        document: Document,
        where: str,
        entities: Sequence[Entity],
        problems: list[Problem],
        complete: bool,
    ) -> None:
        self.document = document
        self.where = where
        self.resolver = Resolver(entities)
        self.known = {entity.id for entity in entities} | {AUTHOR, UNNAMED}
        self.problems = problems
        self.complete = complete
        self.decisions: dict[str, Decision] = {}
        self.typed: dict[str, str] = {}

    def items(self, groups: Groups) -> Items:
        """The groups with their ids: those they were sent with, else the next free number."""
        listed = {
            control: sorted(found, key=lambda parts: parts[0].span.start)
            for control, found in groups.items.items()
        }
        taken: set[str] = set()
        given: dict[tuple[str, ...], str] = {}
        for control, found in listed.items():
            role = "content" if control == names.QUOTE else control
            for parts in found:
                ids = [id for part in parts if (id := names.item_id(part.id, role)) and id not in taken]
                if ids:
                    given[_key(parts)] = ids[0]
                    taken.add(ids[0])
        numbers: dict[str, int] = {}
        out: Items = {}
        for control, found in listed.items():
            out[control] = []
            for parts in found:
                id = given.get(_key(parts))
                while id is None:
                    numbers[control] = numbers.get(control, 0) + 1
                    fresh = f"{_PREFIXES[control]}{numbers[control]}"
                    id = None if fresh in taken else fresh
                self.decide(id, parts)
                out[control].append((id, parts))
        return out

    def problem(self, check: str, region: Region, message: str) -> None:
        self.problems.append(Problem(check, f"{region.shown}: {message}", self.where, None, region.id))

    def one(self, parts: Iterable[Region], control: str) -> str | None:
        """An attribute's value, or None where nothing was chosen."""
        listed = list(parts)
        values = {region.values[control] for region in listed if control in region.values}
        if len(values) > 1:
            message = f"its parts have different values of {control}: {', '.join(sorted(values))}; leave one"
            self.problem("two-values", listed[0], message)
        return min(values, default=None)

    def label(self, parts: Iterable[Region], control: str) -> str:
        return self.one(parts, control) or names.DEFAULTS[control]

    def entity(self, parts: Sequence[Region], control: str) -> str | None:
        """The id chosen from the list, or that of the name typed beside it."""
        chosen, typed = self.one(parts, control), self.one(parts, names.other(control))
        if typed is None:
            return chosen
        id = self.resolver.resolve(typed)
        if id not in self.known:
            id = typed if _ID.fullmatch(typed) else entity_id(typed)
            self.typed.setdefault(id, typed)
        if not id:
            self.problem("bad-name", parts[0], f"found {typed!r} as {control}; type a name, or choose one")
        if chosen is not None and chosen != id:
            message = f"{control} is {chosen} in the list but {typed!r} in the field beside it; empty one"
            self.problem("two-values", parts[0], message)
        return id or None

    def decide(self, id: str, parts: Sequence[Region]) -> None:
        """Keep what an adjudicator chose for an item."""
        decision = Decision(*(self.one(parts, control) for control in ("verdict", "reason", "rule", "note")))
        if decision != Decision():
            self.decisions[id] = decision

    def needs_all(self, id: str) -> bool:
        """Whether an item must have all its parts: those that an adjudicator drops need not."""
        return self.complete and self.decisions.get(id, Decision()).verdict != "drop"

    def check_decisions(self) -> None:
        """A verdict has a known value; reasons and rules come from lists, so that they are known, too."""
        for id, decision in self.decisions.items():
            if decision.verdict not in (None, *names.VERDICTS):
                message = (
                    f"found the verdict {decision.verdict!r} on {id}; choose {' or '.join(names.VERDICTS)}"
                )
                self.problems.append(Problem("bad-verdict", message, self.where, None, id))

    def mention(self, id: str, parts: tuple[Region, ...]) -> Mention:
        (region,) = parts
        span = region.span
        entity, metonym_for = self.entity(parts, "entity"), self.entity(parts, "metonym_for")
        return Mention(id, span.start, span.end, span.text, region.label, entity, metonym_for)

    def mark(self, id: str, parts: tuple[Region, ...]) -> Mark:
        (region,) = parts
        return Mark(id, region.span.start, region.span.end, region.span.text, region.label)

    def quotes(self, items: list[tuple[str, tuple[Region, ...]]], groups: Groups) -> tuple[Quote, ...]:
        ids = {_key(parts): id for id, parts in items}
        return tuple(self.quote(id, parts, groups, ids) for id, parts in items)

    def quote(
        self, id: str, parts: tuple[Region, ...], groups: Groups, ids: Mapping[tuple[str, ...], str]
    ) -> Quote:
        linked = {role: groups.linked(parts, role) for role in ("source", "cue", "verbatim")}
        if len(linked["source"]) > 1:
            shown = " and ".join(region.shown for region in linked["source"])
            self.problem("two-sources", parts[0], f"has arrows to the sources {shown}; leave one")
        outer = groups.outer(parts)
        if len(outer) > 1:
            shown = " and ".join(found[0].shown for found in outer)
            self.problem("two-outer-quotes", parts[0], f"has 'within' arrows to {shown}; leave the innermost")
        content = _spans(parts)
        speaker = self.entity(parts, "speaker")
        if linked["source"] and speaker is None and self.needs_all(id):
            message = f"has the {linked['source'][0].shown}, but no speaker; choose who speaks, or 'unnamed'"
            self.problem("source-without-speaker", parts[0], message)
        return Quote(
            id=id,
            content=content,
            verbatim=self.verbatim(parts, content, linked["verbatim"]),
            source=linked["source"][0].span if linked["source"] else None,
            cue=_spans(linked["cue"]),
            speaker=speaker,
            within=ids[_key(outer[0])] if outer else None,
            medium=self.label(parts, "medium"),
            polarity=self.label(parts, "polarity"),
            status=self.label(parts, "status"),
        )

    def verbatim(
        self, parts: tuple[Region, ...], content: tuple[Span, ...], drawn: Sequence[Region]
    ) -> tuple[Span, ...]:
        words = self.one(parts, "words")
        if drawn and words is not None:
            message = f"says {words!r} of its words, but has verbatim parts drawn; remove one or the other"
            self.problem("two-values", parts[0], message)
        if drawn:
            return _spans(drawn)
        if words == "none":
            return ()
        return content if words == "all" else derive_verbatim(self.document, content)

    def claims(
        self,
        items: list[tuple[str, tuple[Region, ...]]],
        groups: Groups,
        quotes: tuple[Quote, ...],
        dropped: set[str],
    ) -> tuple[Claim, ...]:
        by_region = {
            region.id: quote
            for quote, parts in zip(quotes, groups.sorted_quotes(), strict=True)
            for region in parts
        }
        kept = [quote for quote in quotes if quote.id not in dropped]
        return tuple(self.claim(id, parts, groups, by_region, kept) for id, parts in items)

    def claim(
        self,
        id: str,
        parts: tuple[Region, ...],
        groups: Groups,
        by_region: Mapping[str, Quote],
        quotes: Sequence[Quote],
    ) -> Claim:
        spans = _spans(parts)
        owners = {by_region[region.id].id: by_region[region.id] for region in groups.linked(parts, "inside")}
        if len(owners) > 1:
            shown = " and ".join(sorted(owners))
            self.problem("two-quotes", parts[0], f"has arrows to the quotes {shown}; leave the innermost")
        found = next(iter(owners.values()), None) or covering_quote(spans, quotes)
        claimer = self.entity(parts, "claimer") or (found.speaker if found else AUTHOR)
        proposition = self.one(parts, "proposition")
        if proposition is None and self.needs_all(id):
            self.problem(
                "no-proposition", parts[0], "this claim has no proposition; write it as one sentence"
            )
        # Where the quote has a source, the problem is the quote's and told there.
        if claimer is None and found is not None and found.source is None and self.needs_all(id):
            message = (
                "lies in a quote that nobody speaks, so nobody claims it; choose who claims it, or the "
                "quote's speaker ('unnamed' will do)"
            )
            self.problem("no-claimer", parts[0], message)
        own = claimer == AUTHOR
        return Claim(
            id=id,
            spans=spans,
            voice=AUTHOR if own else "attributed",
            claimer=claimer,
            quote=None if own or found is None else found.id,
            type=self.label(parts, "claim_type"),
            polarity=self.label(parts, "claim_polarity"),
            certainty=self.label(parts, "certainty"),
            proposition=proposition,
        )

    def typed_entities(self, layer: Layer) -> dict[str, Entity]:
        """The entities typed in; their first mention says their type, and their name if an id was typed."""
        first: dict[str | None, Mention] = {}
        for mention in layer.mentions or ():
            first.setdefault(mention.entity, mention)
        out = {}
        for id, typed in sorted(self.typed.items()):
            named = first.get(id)
            name = (named.text if named and typed == id else None) or typed
            out[id] = Entity(id=id, name=" ".join(name.split()), type=named.type if named else "PERSON")
        return out


def entity_id(name: str) -> str:
    """A registry id for a name: letters and digits without accents, in lower case, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(
        r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’.")
    )
    return "-".join(words)


def _key(parts: Iterable[Region]) -> tuple[str, ...]:
    return tuple(part.id for part in parts)


def _spans(regions: Iterable[Region]) -> tuple[Span, ...]:
    return tuple(sorted(region.span for region in regions))
