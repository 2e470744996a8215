"""Layers written down in the decision notation of :mod:`vostochny.annotations.notation`."""

from __future__ import annotations

import re

from vostochny.annotations.notation import locate
from vostochny.schema.model import AUTHOR, Claim, Document, Layer, Mark, Mention, Quote, Span


def write_notation(layer: Layer, document: Document) -> str:
    """The decision file that states a layer; the inverse of :func:`read_notation`.

    Mentions and marks stand under their sentences, then come quotes and claims. Parts of the layer
    that were not done are written like empty ones.
    """
    lines = [f"# {document.id}, annotated by {layer.annotator}"]
    here: dict[int, list[str]] = {}
    for mention in layer.mentions or ():
        first = _sentences(document, mention.span)[0]
        here.setdefault(first, []).append(mention_line(document, mention))
    for mark in layer.marks or ():
        first = _sentences(document, mark.span)[0]
        here.setdefault(first, []).append(mark_line(document, mark))
    for number in sorted(here):
        lines += ["", *([f"s{number}"] if number else []), *here[number]]
    for quote in layer.quotes or ():
        lines += ["", *quote_lines(document, quote)]
    for claim in layer.claims or ():
        lines += ["", *claim_lines(document, claim)]
    return "\n".join(lines) + "\n"


def item_lines(document: Document, item: Mention | Quote | Mark | Claim) -> list[str]:
    """One annotation as lines of notation."""
    if isinstance(item, Mention):
        return [mention_line(document, item)]
    if isinstance(item, Mark):
        return [mark_line(document, item)]
    return quote_lines(document, item) if isinstance(item, Quote) else claim_lines(document, item)


def mention_line(document: Document, mention: Mention) -> str:
    """A mention as one line of notation."""
    entity = f" | {mention.entity}" if mention.entity else ""
    metonym = f" > {mention.metonym_for}" if mention.metonym_for else ""
    return f"e {write_place(document, mention.span, inline=True)} | {mention.type}{entity}{metonym}"


def mark_line(document: Document, mark: Mark) -> str:
    """A mark as one line of notation."""
    return f"m {write_place(document, mark.span, inline=True)} | {mark.role}"


def quote_lines(document: Document, quote: Quote) -> list[str]:
    """A quote as lines of notation; what has its default value is left out."""
    lines = [f"q {quote.id}", *(f"  content: {write_place(document, s)}" for s in quote.content)]
    if quote.verbatim is None or quote.verbatim == quote.content:
        lines.append(f"  verbatim: {'all' if quote.verbatim else 'unknown'}")
    else:
        lines += [f"  verbatim: {write_place(document, s)}" for s in quote.verbatim or ()]
    if quote.source:
        lines.append(f"  source: {write_place(document, quote.source)}")
    lines += [f"  cue: {write_place(document, s)}" for s in quote.cue]
    defaults = {"medium": "speech", "polarity": "positive", "status": "actual"}
    for key in ("speaker", "within", "medium", "polarity", "status"):
        value = getattr(quote, key)
        if value is not None and value != defaults.get(key):
            lines.append(f"  {key}: {value}")
    return lines


def claim_lines(document: Document, claim: Claim) -> list[str]:
    """A claim as lines of notation; what has its default value is left out."""
    lines = [f"c {claim.id}", *(f"  span: {write_place(document, s)}" for s in claim.spans)]
    if claim.voice != ("attributed" if claim.quote else "author"):
        lines.append(f"  voice: {claim.voice}")
    if claim.claimer not in (None, AUTHOR) or (claim.claimer == AUTHOR and claim.voice != "author"):
        lines.append(f"  claimer: {claim.claimer}")
    if claim.quote:
        lines.append(f"  quote: {claim.quote}")
    lines.append(f"  type: {claim.type}")
    if claim.polarity != "positive":
        lines.append(f"  polarity: {claim.polarity}")
    if claim.certainty != "asserted":
        lines.append(f"  certainty: {claim.certainty}")
    if claim.proposition:
        lines.append(f"  says: {claim.proposition}")
    return lines


def _sentences(document: Document, span: Span) -> tuple[int, int]:
    """Numbers (from 1) of the first and last sentence that a span touches; 0, 0 if there is none."""
    touched = [n for n, (a, b) in enumerate(document.sentences, 1) if a < span.end and span.start < b]
    return (touched[0], touched[-1]) if touched else (0, 0)


def write_place(document: Document, span: Span, *, inline: bool = False) -> str:
    """A span as notation names it; ``inline`` leaves its own sentence's number out."""
    first, last = _sentences(document, span)
    surface = re.sub(r"\s", " ", document.slice(span))
    prefix = f"s{first} " if first == last else f"s{first}-s{last} "
    # A bar at an edge would be read as one that parts fields.
    if first and " | " not in f" {surface} ":
        for candidate in (surface, *(f"{surface}#{n}" for n in range(1, 100))):
            try:
                found = locate(document, first, last, candidate)
            except ValueError:
                if "#" in candidate and candidate != surface:
                    break
                continue
            if (found.start, found.end) == (span.start, span.end):
                return candidate if inline and first == last else prefix + candidate
    return f"@{span.start}-{span.end}"
