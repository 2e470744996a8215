"""Quotes by quotation marks alone: the floor that every quotation extractor should beat.

Rule: whatever stands in a pair of quotation marks and has at least three words is a quote, all of it
verbatim; shorter ones are taken for scare quotes and titles. No source, cue or speaker. Knowledge: the
pairing rules of :mod:`vostochny.schema.quotation`.
"""

from __future__ import annotations

from vostochny.baselines.quotes_rules import MIN_WORDS, outer_pairs, words_in
from vostochny.schema.model import Document, Layer, Quote, Span


class QuotesMarks:
    """Takes what stands in quotation marks for a quote."""

    def extract(self, document: Document) -> Layer:
        """Quotes whose content is verbatim and the marks included."""
        spans = [Span(a, b, document.text[a:b]) for a, b in outer_pairs(document)]
        long = [span for span in spans if words_in(document.slice(span)) >= MIN_WORDS]
        quotes = tuple(Quote(f"q{n}", (span,), (span,)) for n, span in enumerate(long, 1))
        return Layer(document.id, "quotes-marks", quotes=quotes, text_sha256=document.text_sha256)
