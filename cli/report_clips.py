"""Passages of articles, cut out with what is to be seen in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vostochny.cli.report_anchors import Anchors
from vostochny.cli.report_articles import outlet_of
from vostochny.cli.report_segments import Piece, Stroke, Tag, cut
from vostochny.eval.error_context import passages
from vostochny.schema.model import Document, Ref, Span
from vostochny.schema.text import TextIndex


@dataclass(frozen=True, slots=True)
class Clip:
    """A passage: the outlet, the item that it is about with its element id, and its pieces."""

    outlet: str
    item: str
    anchor: str | None
    pieces: Sequence[Piece]


def sentences(
    document: Document,
    ref: Ref,
    shown: Sequence[Span],
    strokes: Sequence[Stroke],
    anchors: Anchors,
    tags: Iterable[tuple[int, Tag]] = (),
) -> Clip:
    """The sentences that the spans touch, with the strokes and tags; an ellipsis where some are left out."""
    pieces: list[Piece] = []
    listed = list(tags)
    for start, end in passages(TextIndex(document), shown):
        pieces += [Tag(" … ")] if pieces else []
        pieces += cut(document.text, start, end, strokes, listed)
    return Clip(outlet_of(document), ref.id, anchors.known(ref), pieces)


def paragraph(document: Document, ref: Ref, spans: Sequence[Span], anchors: Anchors) -> Clip:
    """The paragraphs in which the spans lie, the spans marked."""
    strokes = [Stroke(span, "", "say", "say") for span in spans]
    pieces: list[Piece] = []
    for region in document.regions:
        if any(span.start < region.end and region.start < span.end for span in spans):
            pieces += [Tag(" … ")] if pieces else []
            pieces += cut(document.text, region.start, region.end, strokes)
    return Clip(outlet_of(document), ref.id, anchors.known(ref), pieces)
