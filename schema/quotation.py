r"""Quotation marks: which there are, which belong together, what they make verbatim.

**Which characters are quotation marks.** ``“ ” „ « » ‹ › "`` always. ``‘ ’ ' ‚`` only in pairs inside
one region, because they are apostrophes as well: ``‘``, ``‚`` or ``'`` *opens* where no word character
stands before it and neither white space nor an elision (``'n``, ``'em``, ``'tis``, ``'90s``) after it;
its *close* is ``’``, ``'`` (or ``‘`` after ``‚``) after a non-space and before a non-word character. Of
the closes up to the next opening single mark the first is taken that is no possible possessive; a
plural possessive (``leaders’ summit``: after an *s*, before a space and a letter) is taken only if there
is no other. A single mark without partner is an apostrophe. So ``North Korea's 'First Priority'`` has
one pair, ``the countries' interests`` has none.

**Which are accounted for.** A mark is *accounted for* by a content, verbatim or ``marks`` span if it
is the first or last code point of the span, or if only punctuation and white space stand between it
and that edge of the span, on either side:

- inside, always: in ``…a rocket.’”`` both closing marks are accounted for by a span that ends after ``”``;
- outside, only if the edge itself is a quotation mark and the outer one follows without line break or
  ordinary space: a span that ends at ``’`` accounts for ``”`` in ``’”``, but not for the opening mark
  of the next quote in ``” “``.

**Which are pairs.** Inside a region, marks are matched by their form and by the white space around
them, because real text mixes forms (``“…"``) and breaks lines after opening marks. A closing mark
without opening one pairs with nothing. An opening mark without closing one reaches to the end of
its region if the next region starts with an opening mark (the convention of quotes over several
paragraphs), else it pairs with nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from vostochny.schema.model import Document, Layer, Quote, Region, Span
from vostochny.schema.text import TextIndex, is_word

DOUBLE_MARKS = '“”„«»‹›"'
"""Characters that always are quotation marks."""

SINGLE_MARKS = "‘’'‚"
"""Characters that are quotation marks only in pairs."""

ALL_MARKS = DOUBLE_MARKS + SINGLE_MARKS

_DOUBLE = re.compile(f"[{DOUBLE_MARKS}]")
_ELISION = r"(?:n|em|tis|twas|til|cause|\d\ds)\b"
_SINGLE_OPEN = re.compile(rf"(?<!\w)[‘‚'](?!\s|$|{_ELISION})")
_SINGLE_CLOSE = re.compile(r"(?<!\s)(?<!^)[’'‘](?!\w)")
_POSSESSIVE = re.compile(r"(?<=s)[’'](?=\s+[^\W\d_])")
_GAP = re.compile(r"[^\w \t\r\n]*")


def quotation_marks(document: Document) -> tuple[int, ...]:
    """The code points of all quotation marks of a document, in text order."""
    positions = {match.start() for match in _DOUBLE.finditer(document.text)}
    for region in document.regions:
        for pair in _single_pairs(document.text, region):
            positions.update(pair)
    return tuple(sorted(positions))


def quotation_pairs(document: Document) -> tuple[tuple[int, int], ...]:
    """What stands in quotation marks, marks included, as ``(start, end)``; pairs may be nested."""
    return _pairs(document.text, document.regions)


@lru_cache(maxsize=64)
def _pairs(text: str, regions: tuple[Region, ...]) -> tuple[tuple[int, int], ...]:
    found: set[tuple[int, int]] = set()
    for number, region in enumerate(regions):
        following = regions[number + 1] if number + 1 < len(regions) else None
        goes_on = following is not None and _opens(text, following.start, following)
        found.update(_double_pairs(text, region, goes_on))
        found.update((a, b + 1) for a, b in _single_pairs(text, region))
    return tuple(sorted(found))


def _single_pairs(text: str, region: Region) -> Iterator[tuple[int, int]]:
    # Searched in the region's own text, so that its first and last character count as edges.
    part = text[region.start : region.end]
    opens = [match.start() for match in _SINGLE_OPEN.finditer(part)]
    for number, start in enumerate(opens):
        limit = opens[number + 1] if number + 1 < len(opens) else len(part)
        closers = [
            match.start()
            for match in _SINGLE_CLOSE.finditer(part, start + 1, limit)
            if (part[match.start()] == "‘") <= (part[start] == "‚") and match.start() > start + 1
        ]
        if closers:
            clear = [c for c in closers if not _POSSESSIVE.match(part, c)]
            yield region.start + start, region.start + (clear or closers)[0]


def _opens(text: str, position: int, region: Region) -> bool:
    """Whether a double mark has the white space of an opening one."""
    if position >= region.end or text[position] not in DOUBLE_MARKS:
        return False
    before = text[position - 1] if position > region.start else " "
    after = text[position + 1] if position + 1 < region.end else " "
    return not after.isspace() and (before.isspace() or before in "([{—–-“„«‹‘‚\"'")


def _double_pairs(text: str, region: Region, goes_on: bool) -> Iterator[tuple[int, int]]:
    waiting: list[int] = []
    for match in _DOUBLE.finditer(text, region.start, region.end):
        position, mark = match.start(), match[0]
        top = text[waiting[-1]] if waiting else ""
        spaced_open = _opens(text, position, region)
        if mark == "„":
            opens = True
        elif mark == "“":
            opens = top != "„"
        elif mark in "«‹":
            opens = top not in ("»", "›") or spaced_open
        elif mark == '"':
            opens = not waiting or spaced_open
        else:
            opens = not waiting and spaced_open
        if opens:
            waiting.append(position)
        elif waiting:
            yield waiting.pop(), position + 1
    if waiting and goes_on:
        yield waiting[0], region.end


def derive_verbatim(document: Document, content: Iterable[Span]) -> tuple[Span, ...]:
    """The parts of a content that stand in quotation marks, marks included, in text order.

    Parts without a word are left out; parts that touch or overlap are one. This is what ``verbatim``
    means where a system leaves it out.
    """
    parts: list[list[int]] = []
    pairs = quotation_pairs(document)
    clipped = (
        (max(a, span.start), min(b, span.end))
        for span in content
        for a, b in pairs
        if a < span.end and b > span.start
    )
    for start, end in sorted(clipped):
        if not is_word(document.text[start:end]):
            continue
        if parts and start <= parts[-1][1]:
            parts[-1][1] = max(parts[-1][1], end)
        else:
            parts.append([start, end])
    return tuple(Span(a, b, document.text[a:b]) for a, b in parts)


def verbatim_of(document: Document, quote: Quote) -> tuple[Span, ...]:
    """A quote's verbatim spans, derived from the quotation marks if the quote does not say."""
    return derive_verbatim(document, quote.content) if quote.verbatim is None else quote.verbatim


def quote_kind(index: TextIndex, quote: Quote) -> str:
    """``direct`` if all content tokens are verbatim, ``indirect`` if none is, else ``mixed``.

    Tokens that are only punctuation do not count, unless the content has no others.
    """
    verbatim = index.tokens_of(verbatim_of(index.document, quote))
    tokens = index.tokens_of(quote.content)
    said = tokens & verbatim
    if len(said) == len(tokens):
        return "direct" if tokens else "indirect"
    if not said:
        return "indirect"
    tokens = index.words_of(quote.content) or tokens
    said = tokens & verbatim
    if not said:
        return "indirect"
    return "direct" if said == tokens else "mixed"


def unaccounted_marks(document: Document, layer: Layer) -> tuple[int, ...]:
    """The code points of the quotation marks that no quote and no mark of a layer accounts for.

    The module's description says when a mark is accounted for.
    """
    spans = [mark.span for mark in layer.marks or ()]
    for quote in layer.quotes or ():
        spans += [*quote.content, *(quote.verbatim or ())]
    edges: set[int] = set()
    text = document.text
    for span in spans:
        if not 0 <= span.start < span.end <= len(text):
            continue
        edges.update(_inside(text, span))
        edges.update(_outside(text, span))
    return tuple(position for position in quotation_marks(document) if position not in edges)


def _inside(text: str, span: Span) -> Iterator[int]:
    for positions in (range(span.start, span.end), range(span.end - 1, span.start - 1, -1)):
        for position in positions:
            if text[position].isalnum() or text[position] == "_":
                break
            yield position


def _outside(text: str, span: Span) -> Iterator[int]:
    if text[span.end - 1] in ALL_MARKS and (match := _GAP.match(text, span.end)):
        yield from range(span.end, match.end())
    if text[span.start] in ALL_MARKS:
        position = span.start - 1
        while position >= 0 and _GAP.fullmatch(text[position]):
            yield position
            position -= 1
