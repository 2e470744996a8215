"""An annotated passage as a picture: SVG that needs no font, script or network of its own.

All text is set in a monospaced font and every run has its length written down, so that marks lie
under their words whatever font the viewer has.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from vostochny.schema.labels import VALUE_TYPES
from vostochny.schema.model import Document, Layer, Quote, Span
from vostochny.schema.quotation import quote_kind
from vostochny.schema.text import TextIndex

COLUMNS = 92
"""Characters in a line by default."""

_WIDTH, _LEADING, _SMALL, _MARGIN = 9.0, 46, 20, 24
_FILL = {"PERSON": "#d6e6ff", "GPE": "#d8f0dc", "LOC": "#d8f0dc", "NORP": "#e3f3d4", "ORG": "#ffe6cc"}
_OTHER, _VALUE = "#eee0f8", "#e8e8ee"
_QUOTE, _VERBATIM, _CUE, _CLAIM = "#d9b54a", "#a87b00", "#5a6b8c", "#2d6a3e"


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    y: float


class _Canvas:
    def __init__(self, document: Document, start: int, end: int, columns: int) -> None:
        self.document = document
        self.parts: list[str] = []
        self.lines: list[_Line] = []
        at, y = start, float(_MARGIN + 30)
        while at < end:
            cut = min(at + columns, end)
            if cut < end:
                space = max(document.text.rfind(gap, at, cut + 1) for gap in (" ", "\n"))
                cut = space + 1 if space > at else cut
            self.lines.append(_Line(at, cut, y))
            at, y = cut, y + _LEADING
        self.y = y

    def boxes(self, span: Span) -> Iterator[tuple[float, float, float]]:
        """``(x, baseline, width)`` of a span's piece on each line."""
        for line in self.lines:
            low, high = max(span.start, line.start), min(span.end, line.end)
            while high > low and self.document.text[high - 1].isspace():
                high -= 1
            if low < high:
                yield _MARGIN + (low - line.start) * _WIDTH, line.y, (high - low) * _WIDTH

    def text(self, x: float, y: float, text: str, size: float, colour: str, weight: str = "normal") -> None:
        length = len(text) * size * 0.6
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}" font-weight="{weight}" '
            f'textLength="{length:g}" xml:space="preserve">{escape(text)}</text>'
        )

    def rule(self, span: Span, below: float, colour: str, width: float, dashes: str = "") -> None:
        for x, y, length in self.boxes(span):
            dash = f' stroke-dasharray="{dashes}"' if dashes else ""
            self.parts.append(
                f'<line x1="{x:g}" x2="{x + length:g}" y1="{y + below:g}" y2="{y + below:g}" '
                f'stroke="{colour}" stroke-width="{width:g}"{dash}/>'
            )


def picture(
    document: Document, layer: Layer, names: Mapping[str, str], first: int, last: int, columns: int
) -> str:
    """Sentences ``first`` to ``last`` (from 1) of a document with a layer's annotations, as SVG.

    ``names`` gives entities' names by id; ``columns`` is the number of characters in a line.
    """
    start, end = document.sentences[first - 1][0], document.sentences[last - 1][1]
    canvas = _Canvas(document, start, end, columns)
    here = Span(start, end)
    for mention in layer.mentions or ():
        fill = _VALUE if mention.type in VALUE_TYPES else _FILL.get(mention.type, _OTHER)
        for n, (x, y, length) in enumerate(canvas.boxes(mention.span)):
            place = f'x="{x - 2:g}" y="{y - 15:g}" width="{length + 4:g}" height="20"'
            canvas.parts.append(f'<rect {place} rx="4" fill="{fill}"/>')
            if n == 0:
                canvas.text(x, y - 18, mention.type, 8.5, "#667085")
    quotes = {quote.id: quote for quote in layer.quotes or ()}
    for quote in quotes.values():
        below = 9 + 5 * _depth(quote, quotes)
        for span in quote.content:
            canvas.rule(span, below, _QUOTE, 1.5)
        for span in quote.verbatim or ():
            canvas.rule(span, below, _VERBATIM, 3.5)
        for span in quote.cue:
            canvas.rule(span, 6, _CUE, 1.5, "2 2")
    for line in canvas.lines:
        canvas.text(
            _MARGIN, line.y, document.text[line.start : line.end].rstrip().replace("\n", " "), 15, "#1d2433"
        )
    index = TextIndex(document)
    for quote in quotes.values():
        if here.covers(quote.content[0]):
            nested = f", within {quote.within}" if quote.within else ""
            who = names.get(quote.speaker or "", quote.speaker or "nobody")
            _note(
                canvas,
                columns,
                f"“ {quote.id}: {who}, {quote_kind(index, quote)} {quote.medium}{nested}",
                _VERBATIM,
            )
    for claim in layer.claims or ():
        if here.covers(claim.spans[0]):
            who = names.get(claim.claimer or "", claim.claimer or "nobody")
            hedged = ", hedged" if claim.certainty == "hedged" else ""
            _note(canvas, columns, f"→ {claim.id}: {who}, {claim.type}{hedged}: {claim.proposition}", _CLAIM)
    width, height = columns * _WIDTH + 2 * _MARGIN, canvas.y + 4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace">\n'
        f'<rect width="{width:g}" height="{height:g}" rx="10" fill="#ffffff" stroke="#d0d5dd"/>\n'
        + "\n".join(canvas.parts)
        + "\n</svg>\n"
    )


def _note(canvas: _Canvas, columns: int, text: str, colour: str) -> None:
    """A remark under the passage, wrapped."""
    for n, line in enumerate(textwrap.wrap(text, int(columns * 15 / 13), subsequent_indent="      ")):
        canvas.text(
            _MARGIN, canvas.y, line, 13, colour, "bold" if not n and colour == _VERBATIM else "normal"
        )
        canvas.y += _SMALL


def _depth(quote: Quote, quotes: Mapping[str, Quote]) -> int:
    depth, outer = 0, quotes.get(quote.within or "")
    while outer is not None and depth < len(quotes):
        depth, outer = depth + 1, quotes.get(outer.within or "")
    return depth
