"""Semantic checks of a layer. Those that are not ``strict`` hold for predictions as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TypeVar

from vostochny.schema.checks import Finding, Rules, Steps
from vostochny.schema.document_checks import text_digest
from vostochny.schema.errors import shown
from vostochny.schema.labels import NAME_TYPES, VALUE_TYPES
from vostochny.schema.layer_context import LayerContext
from vostochny.schema.model import AUTHOR, UNNAMED, Claim, Mark, Mention, Quote, Span
from vostochny.schema.quotation import ALL_MARKS, unaccounted_marks

LAYER_RULES: Rules[LayerContext] = Rules()

Stretch = TypeVar("Stretch", Span, Mention)

_LISTED = 5
"""Quotes that a message lists of a circle."""


@LAYER_RULES.add("sha-mismatch", strict=False)
def sha_mismatch(context: LayerContext) -> Iterator[Finding]:
    """A digest is that of the document's text."""
    stated, actual = context.layer.text_sha256, text_digest(context.document.text)
    if stated is not None and stated != actual:
        message = f"found {stated}, {context.document.id} has {actual}; the layer is of another text"
        yield ("text_sha256",), message


@LAYER_RULES.add("offset-range", strict=False)
def offset_range(context: LayerContext) -> Iterator[Finding]:
    """Offsets lie inside the text."""
    length = len(context.document.text)
    for steps, span in context.spans():
        if span.start > length or span.end > length:
            message = f"found [{span.start}, {span.end}), {context.document.id} has {length} code points; "
            yield steps, message + "count code points, not bytes or UTF-16 units"


@LAYER_RULES.add("empty-span", strict=False)
def empty_span(context: LayerContext) -> Iterator[Finding]:
    """Spans end after they start."""
    for steps, span in context.spans():
        if span.start >= span.end:
            yield (
                steps,
                f"found [{span.start}, {span.end}), expected an end after the start; mend the offsets",
            )


@LAYER_RULES.add("text-mismatch", strict=False)
def text_mismatch(context: LayerContext) -> Iterator[Finding]:
    """A span's text is the document's text at its offsets."""
    for steps, span in context.spans():
        if span.text is not None and context.usable(span) and span.text != context.document.slice(span):
            actual = shown(context.document.slice(span))
            message = f"found {shown(span.text)}, the text has {actual} at [{span.start}, {span.end}); "
            yield (*steps, "text"), message + "mend offsets or text"


@LAYER_RULES.add("touches-no-token", strict=False)
def touches_no_token(context: LayerContext) -> Iterator[Finding]:
    """A span shares something with a token."""
    for steps, span in context.spans():
        if context.usable(span) and not context.index.touches(span):
            yield steps, f"{shown(context.document.slice(span))} is only white space; mend or remove the span"


@LAYER_RULES.add("crossing-token")
def crossing_token(context: LayerContext) -> Iterator[Finding]:
    """A span starts where a token starts and ends where a token ends."""
    for steps, span in context.spans():
        if context.usable(span) and context.index.touches(span) and not context.index.aligned(span):
            found = context.index.spans_of(context.tokens(span))
            whole = context.document.text[found[0].start : found[-1].end]
            message = f"{shown(context.document.slice(span))} cuts a token or takes in white space; "
            message += f"the tokens are {shown(whole)} at [{found[0].start}, {found[-1].end}): move the span"
            yield steps, message


@LAYER_RULES.add("duplicate-id", strict=False)
def duplicate_id(context: LayerContext) -> Iterator[Finding]:
    """An id is used once."""
    seen: dict[str, Steps] = {}
    for steps, item in context.items():
        if item.id in seen:
            first = "[".join(map(str, seen[item.id])) + "]"
            yield (*steps, "id"), f"{shown(item.id)} is the id of {first} as well; give each item its own"
        seen.setdefault(item.id, steps)


@LAYER_RULES.add("unresolved-reference", strict=False)
def unresolved_quote(context: LayerContext) -> Iterator[Finding]:
    """What is referred to by id exists."""
    known = {*context.quotes_by_id, *context.broken}
    references = [((*steps, "within"), quote.within) for steps, quote in context.quotes()]
    references += [((*steps, "quote"), claim.quote) for steps, claim in context.claims()]
    for steps, name in references:
        if name is not None and name not in known:
            yield steps, f"there is no quote {shown(name)} in this layer; name an existing one or use null"


@LAYER_RULES.add("unresolved-reference")
def unresolved_entity(context: LayerContext) -> Iterator[Finding]:
    """What is referred to by id exists."""
    if context.entities is None:
        return
    references: list[tuple[Steps, str | None]] = []
    for steps, mention in context.mentions():
        references += [((*steps, "entity"), mention.entity), ((*steps, "metonym_for"), mention.metonym_for)]
    for steps, quote in context.quotes():
        references += [((*steps, "speaker"), quote.speaker if quote.speaker != UNNAMED else None)]
    for steps, claim in context.claims():
        special = claim.claimer in (AUTHOR, UNNAMED)
        references += [((*steps, "claimer"), None if special else claim.claimer)]
    for steps, name in references:
        if name is not None and name not in context.entities:
            yield steps, f"there is no entity {shown(name)} in the registry; add it there or mend the id"


@LAYER_RULES.add("within-cycle", strict=False)
def within_cycle(context: LayerContext) -> Iterator[Finding]:
    """No quote lies within itself, directly or through others."""
    circles: dict[str, tuple[list[str], int]] = {}
    walks: dict[str, str] = {}
    for start in context.quotes_by_id:
        chain: list[str] = []
        name: str | None = start
        while name is not None and name in context.quotes_by_id and name not in walks:
            walks[name] = start
            chain.append(name)
            name = context.quotes_by_id[name].within
        if name is not None and walks.get(name) == start:
            circle = chain[chain.index(name) :]
            circles |= {each: (circle, n) for n, each in enumerate(circle)}
    for steps, quote in context.quotes():
        if quote.id in circles:
            circle, n = circles[quote.id]
            names = [circle[(n + k) % len(circle)] for k in range(min(len(circle), _LISTED))]
            names += ["…"] if len(circle) > _LISTED else []
            told = " within ".join([*names, quote.id])
            yield (*steps, "within"), f"{told} is a circle; set the outermost to null"


@LAYER_RULES.add("nested-outside-outer")
def nested_outside_outer(context: LayerContext) -> Iterator[Finding]:
    """A quote within another shares words with the other's content."""
    for steps, quote in context.quotes():
        outer = context.quotes_by_id.get(quote.within or "")
        if outer and not context.tokens(*quote.content) & context.tokens(*outer.content):
            message = f"the content lies wholly outside that of {outer.id}; mend 'within' or the contents"
            yield (*steps, "within"), message


@LAYER_RULES.add("span-order")
def span_order(context: LayerContext) -> Iterator[Finding]:
    """The spans of one list are in text order."""
    for steps, spans in context.lists():
        for number, (before, here) in enumerate(pairwise(spans), 1):
            if here.start < before.start:
                message = f"[{here.start}, {here.end}) follows [{before.start}, {before.end}); sort the spans"
                yield (*steps, number), message


@LAYER_RULES.add("overlapping-spans")
def overlapping_spans(context: LayerContext) -> Iterator[Finding]:
    """The spans of one list do not overlap."""
    for list_steps, spans in context.lists():
        for steps, here, other in _overlaps(((*list_steps, n), span) for n, span in enumerate(spans)):
            yield steps, f"[{here.start}, {here.end}) overlaps [{other.start}, {other.end}); make them one"


@LAYER_RULES.add("overlapping-mentions")
def overlapping_mentions(context: LayerContext) -> Iterator[Finding]:
    """Mentions do not overlap: entities are flat."""
    for steps, mention, before in _overlaps(context.mentions()):
        yield steps, f"{shown(mention.text)} overlaps {shown(before.text)} at {before.start}; keep one"


def _overlaps(placed: Iterable[tuple[Steps, Stretch]]) -> Iterator[tuple[Steps, Stretch, Stretch]]:
    """Each that overlaps one before it in text order, with its place and the one before."""
    before: Stretch | None = None
    for steps, here in sorted(placed, key=lambda item: (item[1].start, item[1].end)):
        if before is not None and here.start < before.end and here.start < here.end:
            yield steps, here, before
        if before is None or here.end > before.end:
            before = here


@LAYER_RULES.add("value-with-entity")
def value_with_entity(context: LayerContext) -> Iterator[Finding]:
    """Values (dates, numbers, …) have no entity and stand for nobody."""
    for steps, mention in context.mentions():
        if mention.type in VALUE_TYPES:
            for key in ("entity", "metonym_for"):
                if (found := getattr(mention, key)) is not None:
                    message = (
                        f"found {shown(found)} for the {mention.type} {shown(mention.text)}; set it to null"
                    )
                    yield (*steps, key), message


@LAYER_RULES.add("name-without-entity")
def name_without_entity(context: LayerContext) -> Iterator[Finding]:
    """Names have an entity."""
    for steps, mention in context.mentions():
        if mention.type in NAME_TYPES and mention.entity is None:
            message = f"the {mention.type} {shown(mention.text)} names nobody; give the registry id it names"
            yield (*steps, "entity"), message


@LAYER_RULES.add("metonym-of-itself")
def metonym_of_itself(context: LayerContext) -> Iterator[Finding]:
    """A name does not stand for the very entity that it names."""
    for steps, mention in context.mentions():
        if mention.metonym_for is not None and mention.metonym_for == mention.entity:
            yield (
                (*steps, "metonym_for"),
                f"{shown(mention.metonym_for)} is the entity itself; set it to null",
            )


@LAYER_RULES.add("metonym-type")
def metonym_type(context: LayerContext) -> Iterator[Finding]:
    """A metonym stands for a country or an organisation."""
    for steps, mention in context.mentions():
        entity = (context.entities or {}).get(mention.metonym_for or "")
        if entity and entity.type not in ("GPE", "ORG"):
            message = f"{shown(entity.id)} is a {entity.type}, expected GPE or ORG; name one of these"
            yield (*steps, "metonym_for"), message


@LAYER_RULES.add("verbatim-outside-content")
def verbatim_outside_content(context: LayerContext) -> Iterator[Finding]:
    """Verbatim spans lie inside the content."""
    for steps, quote in context.quotes():
        for number, span in enumerate(quote.verbatim or ()):
            if not any(content.covers(span) for content in quote.content):
                message = f"[{span.start}, {span.end}) is not inside one content span; cut or move it"
                yield (*steps, "verbatim", number), message


@LAYER_RULES.add("cue-inside-content")
def cue_inside_content(context: LayerContext) -> Iterator[Finding]:
    """Cue and source lie outside the content."""
    for steps, quote in context.quotes():
        content = context.tokens(*quote.content)
        if content & context.tokens(*quote.cue):
            yield (*steps, "cue"), f"the cue of {quote.id} lies in its content; cut it out of the content"
        if quote.source is not None and content & context.tokens(quote.source):
            yield (
                (*steps, "source"),
                f"the source of {quote.id} lies in its content; cut it out of the content",
            )


@LAYER_RULES.add("source-without-speaker")
def source_without_speaker(context: LayerContext) -> Iterator[Finding]:
    """A quote with a source has a speaker."""
    for steps, quote in context.quotes():
        if quote.source is not None and quote.speaker is None:
            message = f"the source {shown(quote.source.text)} is given; name the entity, or 'unnamed'"
            yield (*steps, "speaker"), message


@LAYER_RULES.add("duplicate-item")
def duplicate_item(context: LayerContext) -> Iterator[Finding]:
    """No two quotes, marks or claims say the same."""
    seen: dict[tuple[object, ...], str] = {}
    for steps, item in context.items():
        key: tuple[object, ...]
        if isinstance(item, Quote):
            key = ("quote", item.content, item.source, item.cue, item.within)
        elif isinstance(item, Mark):
            key = ("mark", item.span)
        elif isinstance(item, Claim):
            key = ("claim", item.spans, item.claimer, item.proposition)
        else:
            # Two mentions of one place are overlapping-mentions already.
            continue
        if key in seen:
            yield steps, f"{item.id} says the same as {seen[key]}; keep one"
        seen.setdefault(key, item.id)


@LAYER_RULES.add("claimer-voice")
def claimer_voice(context: LayerContext) -> Iterator[Finding]:
    """The claimer is "author" in the author's voice and only there."""
    for steps, claim in context.claims():
        if (claim.voice == AUTHOR) != (claim.claimer == AUTHOR):
            expected = "'author'" if claim.voice == AUTHOR else "the source's id, or 'unnamed'"
            message = f"found {shown(claim.claimer)}, voice {claim.voice!r}: expected {expected}; mend one"
            yield (*steps, "claimer"), message


@LAYER_RULES.add("quote-voice")
def quote_voice(context: LayerContext) -> Iterator[Finding]:
    """A claim that lies in a quote is attributed."""
    for steps, claim in context.claims():
        if claim.quote is not None and claim.voice == AUTHOR:
            message = f"lies in {claim.quote} with the voice 'author'; make it attributed or drop the quote"
            yield (*steps, "voice"), message


@LAYER_RULES.add("claim-outside-quote")
def claim_outside_quote(context: LayerContext) -> Iterator[Finding]:
    """A claim shares words with the content of its quote."""
    for steps, claim in context.claims():
        quote = context.quotes_by_id.get(claim.quote or "")
        if quote and not context.tokens(*claim.spans) & context.tokens(*quote.content):
            yield (
                (*steps, "quote"),
                f"the claim lies wholly outside the content of {quote.id}; name the right quote",
            )


@LAYER_RULES.add("claimer-speaker")
def claimer_speaker(context: LayerContext) -> Iterator[Finding]:
    """The claimer of a claim in a quote speaks in it, around it or inside it."""
    for steps, claim in context.claims():
        quote = context.quotes_by_id.get(claim.quote or "")
        if quote is None or claim.claimer in (AUTHOR, None):
            continue
        if all((q.speaker or UNNAMED) != claim.claimer for q in _chain(context, quote)):
            message = f"found {shown(claim.claimer)}, the speaker of {quote.id} is {shown(quote.speaker)}; "
            yield (*steps, "claimer"), message + "make them agree, or name another quote"


def _chain(context: LayerContext, quote: Quote) -> Iterator[Quote]:
    """A quote, those inside it, and the quotes around it; none of these twice, circles included."""
    inside, met = [quote], {quote.id}
    for found in inside:
        yield found
        new = [inner for inner in context.quotes_inside.get(found.id, ()) if inner.id not in met]
        inside += new
        met |= {inner.id for inner in new}
    outer = context.quotes_by_id.get(quote.within or "")
    while outer and outer.id not in met:
        yield outer
        met.add(outer.id)
        outer = context.quotes_by_id.get(outer.within or "")


@LAYER_RULES.add("proposition-form")
def proposition_form(context: LayerContext) -> Iterator[Finding]:
    """A proposition is one line that ends as a sentence does."""
    for steps, claim in context.claims():
        said = claim.proposition
        if said is not None and (
            said != " ".join(said.split()) or not said.rstrip("”\"’')").endswith((".", "!", "?"))
        ):
            message = (
                f"found {shown(said)}, expected one sentence with its full stop, single spaces; rewrite it"
            )
            yield (*steps, "proposition"), message


@LAYER_RULES.add("mark-without-quotation-mark")
def mark_without_quotation_mark(context: LayerContext) -> Iterator[Finding]:
    """A mark starts or ends with a quotation mark."""
    for steps, mark in context.marks():
        surface = context.document.slice(mark.span)
        if context.usable(mark.span) and not {surface[0], surface[-1]} & set(ALL_MARKS):
            yield (
                steps,
                f"{shown(surface)} has no quotation mark at either end; take the marks in, or remove it",
            )


@LAYER_RULES.add("missing-part")
def missing_part(context: LayerContext) -> Iterator[Finding]:
    """Quotes and marks are annotated together, for together they account for all quotation marks."""
    done = [part for part in ("quotes", "marks") if getattr(context.layer, part) is not None]
    if len(done) == 1 and not context.broken_parts:
        other = "marks" if done == ["quotes"] else "quotes"
        yield (), f"{done[0]!r} is given without {other!r}; add {other!r} (an empty list says there is none)"


@LAYER_RULES.add("unaccounted-quotation-mark")
def unaccounted_quotation_mark(context: LayerContext) -> Iterator[Finding]:
    """Every quotation mark of the text belongs to a quote or a mark."""
    if (
        context.layer.quotes is None
        or context.layer.marks is None
        or context.broken_parts & {"quotes", "marks"}
    ):
        return
    text = context.document.text
    for position in unaccounted_marks(context.document, context.layer):
        around = shown(text[max(0, position - 15) : position + 16])
        number = context.index.sentence_of(position)
        place = f"code point {position}" + ("" if number is None else f" in s{number + 1}")
        message = f"{text[position]} at {place} ({around}) belongs to no quote and no mark; "
        yield ("marks",), message + "put it at the edge of a content, verbatim or mark span"
