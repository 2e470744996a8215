"""Inconsistencies across finished layers: what a careful reader would want to look at again.

A hit is a question, not an error: it is mended, or waived with a reason. Each has a stable key, made
of the check, the document and what it is about, by which ``lint-waivers.jsonl`` names it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vostochny.annotations.differences import spans_of
from vostochny.schema.errors import InputError
from vostochny.schema.files import read_jsonl
from vostochny.schema.model import AUTHOR, Document, Entity, Layer, Mention, Span
from vostochny.schema.quotation import quotation_marks
from vostochny.schema.registry import TITLES
from vostochny.schema.text import TextIndex
from vostochny.schema.values import check_waiver

# Verbs that report speech, with their forms; not the extractors' lists, so that gold is looked at
# with other eyes than they have.
REPORTING = frozenset(
    """
    say says said saying stated stating tell tells told telling claim claims claimed claiming
    note notes noted  noting add adds added adding stress stresses stressed stressing
    emphasize emphasizes emphasized emphasizing underline underlined underlines underlining
    report reported announce announced announces announcing declare declared declares
    suggest suggested suggests suggesting explain explained explains recall recalled recalls
    promise promised promises pledge pledged pledges pledging vow vowed vows warn warned warns warning
    accuse accused accuses accusing deny denied denies denying confirm confirmed confirms
    ask asked asks asking answer answered answering reply replied urge urged urges call called calls calling
    describe described describes praise praised praises thank thanked thanks express expressed expresses
    offer offers offered offering invite invited invites quote quoted quotes write wrote writing written
    reaffirm reaffirmed list listed point pointed signaled signaling signalled cite citing cited
    conclude concluded concludes hail hailed acknowledge acknowledged according
    """.split()
)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something to look at: the check's id, where, a stable key and what was found."""

    check: str
    document: str
    key: str
    message: str


Check = Callable[[Mapping[str, Document], Mapping[str, Layer], tuple[Entity, ...]], Iterator[Hit]]


def lint(
    documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
) -> list[Hit]:
    """All hits of all checks, in the checks' order."""
    return [hit for check in CHECKS for hit in check(documents, layers, entities)]


def _mentions(layers: Mapping[str, Layer]) -> Iterator[tuple[str, Mention]]:
    for name, layer in layers.items():
        for mention in layer.mentions or ():
            yield name, mention


def _around(document: Document, span: Span, reach: int = 35) -> str:
    low, high = max(0, span.start - reach), min(len(document.text), span.end + reach)
    before, after = document.text[low : span.start], document.text[span.end : high]
    return f"…{before}[{document.slice(span)}]{after}…".replace("\n", " ")


def unmarked_name(
    documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
) -> Iterator[Hit]:
    """A string that is a mention somewhere stands somewhere else outside any mention."""
    surfaces = {documents[name].slice(m.span) for name, m in _mentions(layers)}
    for name, layer in layers.items():
        document = documents[name]
        taken = [m.span for m in layer.mentions or ()]
        index = TextIndex(document)
        for surface in sorted(surfaces):
            for match in re.finditer(re.escape(surface), document.text):
                span = Span(match.start(), match.end())
                if index.aligned(span) and not any(span.overlaps(other) for other in taken):
                    yield Hit(
                        "unmarked-name",
                        name,
                        f"{span.start}-{span.end}",
                        f"{surface!r} is a mention elsewhere, not in {_around(document, span)!r}",
                    )


def _variants(
    check: str, field: Callable[[Mention], str | None]
) -> Callable[[Mapping[str, Document], Mapping[str, Layer], tuple[Entity, ...]], Iterator[Hit]]:
    def found(
        documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
    ) -> Iterator[Hit]:
        by_surface: dict[str, dict[str | None, list[str]]] = defaultdict(lambda: defaultdict(list))
        for name, mention in _mentions(layers):
            surface = documents[name].slice(mention.span)
            by_surface[surface][field(mention)].append(f"{name} at {mention.start}")
        for surface, values in sorted(by_surface.items()):
            if len(values) > 1:
                listed = "; ".join(f"{v}: {', '.join(places[:4])}" for v, places in values.items())
                yield Hit(check, "*", surface, f"{surface!r} has {len(values)} readings: {listed}")

    return found


two_types = _variants("two-types", lambda m: m.type)
two_entities = _variants("two-entities", lambda m: m.entity)


def entity_type(
    documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
) -> Iterator[Hit]:
    """A mention's type is another than its registry entry's (adjectives, NORP, excepted)."""
    types = {entity.id: entity.type for entity in entities}
    for name, mention in _mentions(layers):
        wanted = types.get(mention.entity or "")
        if wanted and mention.type not in (wanted, "NORP"):
            yield Hit(
                "entity-type",
                name,
                f"{mention.start}-{mention.end}",
                f"{mention.text!r} is {mention.type}, its entity {mention.entity} {wanted}",
            )


def unmarked_value(
    documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
) -> Iterator[Hit]:
    """A token with a digit stands outside any mention."""
    for name, layer in layers.items():
        document = documents[name]
        taken = [m.span for m in layer.mentions or ()]
        for start, end in document.tokens:
            span = Span(start, end)
            if any(c.isdigit() for c in document.slice(span)) and not any(span.overlaps(t) for t in taken):
                yield Hit("unmarked-value", name, f"{start}-{end}", f"number in {_around(document, span)!r}")


def capital_outside(
    documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
) -> Iterator[Hit]:
    """A capitalised word inside a sentence of body text belongs to no mention (titles and "I" excepted)."""
    for name, layer in layers.items():
        document = documents[name]
        taken = [m.span for m in layer.mentions or ()]
        body = [r for r in document.regions if r.kind in ("body", "pull_quote", "caption")]
        for start, end in document.tokens:
            word, span = document.text[start:end], Span(start, end)
            if word == "I" or word.casefold() in TITLES:
                continue
            inside = any(r.start <= start < r.end for r in body)
            opens = not re.search(r"\w", _sentence_before(document, start)) or re.search(
                r"[“\"‘.:]\W*$", document.text[max(0, start - 3) : start]
            )
            if inside and word[0].isupper() and not opens and not any(span.overlaps(t) for t in taken):
                yield Hit("capital-outside", name, f"{start}-{end}", f"in {_around(document, span)!r}")


def _sentence_before(document: Document, position: int) -> str:
    start = max((a for a, _ in document.sentences if a <= position), default=0)
    return document.text[start:position]


def verb_without_quote(
    documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
) -> Iterator[Hit]:
    """A reporting verb is part of no quote's cue."""
    for name, layer in layers.items():
        document = documents[name]
        cues = [span for quote in layer.quotes or () for span in quote.cue]
        for start, end in document.tokens:
            span = Span(start, end)
            if document.slice(span).casefold() in REPORTING and not any(span.overlaps(c) for c in cues):
                yield Hit(
                    "verb-without-quote", name, f"{start}-{end}", f"no cue in {_around(document, span)!r}"
                )


def quote_without_claim(
    documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
) -> Iterator[Hit]:
    """No claim lies in a quote: right for questions, thanks and requests only."""
    for name, layer in layers.items():
        claimed = [span for claim in layer.claims or () for span in claim.spans]
        for quote in layer.quotes or ():
            if not any(span.overlaps(part) for part in quote.content for span in claimed):
                shown = _around(documents[name], quote.content[0], 10)
                yield Hit("quote-without-claim", name, quote.id, f"{quote.id}: {shown!r}")


def marks_not_verbatim(
    documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
) -> Iterator[Hit]:
    """Quotation marks in a content are in no verbatim part, no quote inside it and no mark."""
    for name, layer in layers.items():
        positions = quotation_marks(documents[name])
        marks = [mark.span for mark in layer.marks or ()]
        for quote in layer.quotes or ():
            inner = [span for each in layer.quotes or () if each.within == quote.id for span in each.content]
            told = [*(quote.verbatim or ()), *inner, *marks]
            open_ = [
                position
                for position in positions
                if any(span.start <= position < span.end for span in quote.content)
                and not any(span.start <= position < span.end for span in told)
            ]
            if open_ and quote.verbatim is not None:
                shown = _around(documents[name], Span(open_[0], open_[-1] + 1), 10)
                yield Hit("marks-not-verbatim", name, quote.id, f"{quote.id}: {shown!r}")


def claimer_not_speaker(
    documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
) -> Iterator[Hit]:
    """A claim in a quote is claimed by another than the quote's speaker."""
    for name, layer in layers.items():
        speakers = {quote.id: quote.speaker for quote in layer.quotes or ()}
        for claim in layer.claims or ():
            if claim.quote in speakers and claim.claimer != speakers[claim.quote]:
                message = (
                    f"claimed by {claim.claimer}, but {claim.quote} is spoken by {speakers[claim.quote]}"
                )
                yield Hit("claimer-not-speaker", name, claim.id, f"{claim.id} is {message}")


def claim_astride_quote(
    documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
) -> Iterator[Hit]:
    """A claim of the author lies wholly in a quote, or an attributed one not in its quote."""
    for name, layer in layers.items():
        index = TextIndex(documents[name])
        contents = {quote.id: index.words_of(quote.content) for quote in layer.quotes or ()}
        for claim in layer.claims or ():
            words = index.words_of(claim.spans)
            if claim.claimer == AUTHOR:
                holders = [id for id, content in contents.items() if words <= content]
                if holders:
                    message = f"{claim.id} is the author's, but lies in {', '.join(holders)}"
                    yield Hit("claim-astride-quote", name, claim.id, message)
            elif claim.quote in contents and not words <= contents[claim.quote]:
                message = f"{claim.id} is not inside its quote {claim.quote}"
                yield Hit("claim-astride-quote", name, claim.id, message)


def sentence_without_claim(
    documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
) -> Iterator[Hit]:
    """A sentence outside boilerplate has no claim: right for questions, credits and headless titles."""
    for name, layer in layers.items():
        document = documents[name]
        idle = [r for r in document.regions if r.kind == "boilerplate"]
        spans = [span for claim in layer.claims or () for span in spans_of(claim)]
        for number, (start, end) in enumerate(document.sentences, 1):
            sentence = Span(start, end)
            if any(r.start <= start < r.end for r in idle) or any(sentence.overlaps(s) for s in spans):
                continue
            shown = document.slice(sentence)[:80]
            yield Hit("sentence-without-claim", name, f"s{number}", f"s{number}: {shown!r}")


def metonym_varies(
    documents: Mapping[str, Document], layers: Mapping[str, Layer], entities: tuple[Entity, ...]
) -> Iterator[Hit]:
    """A place that elsewhere stands for somebody does so after "in", "to", "at", "from", or not elsewhere."""
    actors = {mention.entity for _, mention in _mentions(layers) if mention.metonym_for}
    for name, mention in _mentions(layers):
        document = documents[name]
        dateline = document.slice(mention.span).isupper()
        if mention.entity not in actors or dateline:
            continue
        local = re.search(r"\b(in|to|at|from)\s$", document.text[: mention.start])
        if bool(local) == bool(mention.metonym_for):
            reading = f"stands for {mention.metonym_for}" if mention.metonym_for else "is the place"
            message = f"{reading} in {_around(document, mention.span)!r}"
            yield Hit("metonym-varies", name, f"{mention.start}-{mention.end}", message)


MENTION_CHECKS: tuple[Check, ...] = (
    unmarked_name,
    unmarked_value,
    capital_outside,
    two_types,
    two_entities,
    entity_type,
    metonym_varies,
)
"""The checks that look at mentions alone."""

CHECKS: tuple[Check, ...] = (
    *MENTION_CHECKS,
    verb_without_quote,
    quote_without_claim,
    marks_not_verbatim,
    claimer_not_speaker,
    claim_astride_quote,
    sentence_without_claim,
)
"""The checks, in the order in which they report."""


def read_waivers(path: Path) -> dict[tuple[str, str, str], str]:
    """Reasons by check, document and key from a JSONL file; none if there is no such file.

    Raises :class:`~vostochny.schema.errors.InputError` with all problems of the file.
    """
    if not path.is_file():
        return {}
    values = read_jsonl(path)
    problems = [p for line, value in values for p in check_waiver(value, file=str(path), line=line)]
    if problems:
        raise InputError(problems)
    return {(v["check"], v["document"], v["key"]): v["reason"] for _, v in values}
