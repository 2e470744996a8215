"""Quotes by rules: reporting verbs with subject and clause, quotation marks, speakers resolved.

Knowledge: the reports of :mod:`~vostochny.baselines.reports`, the quotation marks of
:mod:`vostochny.schema.quotation`, the reference rules of :mod:`~vostochny.baselines.speakers`. All of it
is general; never tuned on the annotated articles.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vostochny.baselines.reports import Range, Report, reports
from vostochny.baselines.sentence import Sentence, sentences
from vostochny.baselines.speakers import Speakers
from vostochny.baselines.speech import MEDIA_WORDS, WRITTEN
from vostochny.schema.model import UNNAMED, Document, Layer, Quote, Span
from vostochny.schema.quotation import quotation_pairs

MIN_WORDS = 3
"""Marks around fewer words are taken for scare quotes or titles if no cue governs them."""


class QuotesRules:
    """Direct, indirect and mixed quotes with source, cue and speaker."""

    def extract(self, document: Document) -> Layer:
        """Quotes; verbatim parts follow from the quotation marks."""
        return Layer(
            document.id, "quotes-rules", quotes=rule_quotes(document), text_sha256=document.text_sha256
        )


def outer_pairs(document: Document) -> list[tuple[int, int]]:
    """What stands in quotation marks, ``(start, end)`` in code points, without nested pairs."""
    out: list[tuple[int, int]] = []
    for start, end in quotation_pairs(document):
        if not out or start >= out[-1][1]:
            out.append((start, end))
    return out


def words_in(text: str) -> int:
    """Number of white-space separated pieces that hold a letter or digit."""
    return sum(any(c.isalnum() for c in piece) for piece in text.split())


def rule_quotes(document: Document) -> tuple[Quote, ...]:
    """All quotes that the rules find, in text order, numbered q1, q2, …"""
    pairs = outer_pairs(document)
    speakers = Speakers(document)
    found: list[Quote] = []
    covered: list[tuple[int, int]] = []
    for sentence in sentences(document):
        quoted = frozenset(
            n
            for n, (a, b) in enumerate(sentence.pairs)
            if any(start <= a and b <= end for start, end in pairs)
        )
        for report in reports(sentence, quoted):
            quote = _quote(document, sentence, report, pairs, speakers)
            if quote is not None:
                found.append(quote)
                covered += [(s.start, s.end) for s in quote.content]
    found += _free(document, pairs, covered, found)
    found.sort(key=lambda q: (q.content[0].start, -q.content[-1].end, q.cue))
    return nested(replace(quote, id=f"q{n}") for n, quote in enumerate(found, 1))


def _quote(
    document: Document,
    sentence: Sentence,
    report: Report,
    pairs: list[tuple[int, int]],
    speakers: Speakers,
) -> Quote | None:
    content = tuple(
        widened(document, sentence.span(a, b), pairs)
        for a, b in sorted(_stripped(sentence, report.content, pairs))
    )
    if not content:
        return None
    source = report.source
    speaker = speakers.resolve(sentence, *source) if source else None
    return Quote(
        id="",
        content=content,
        verbatim=None,
        source=sentence.span(*source) if source else None,
        cue=tuple(sentence.span(a, b) for a, b in report.cue),
        speaker=speaker,
        medium="writing" if _written(sentence, report) else "speech",
        polarity="negative" if report.negative else "positive",
        status="hypothetical" if report.hypothetical else "actual",
    )


def _stripped(sentence: Sentence, ranges: list[Range], pairs: list[tuple[int, int]]) -> list[Range]:
    """Contents without the commas, stops and conjunctions at their edges that stand outside marks."""
    out = []
    for first, last in ranges:
        while first < last and sentence.words[first] in ",;:.—–" and not _within(sentence, first, pairs):
            first += 1
        while (
            first < last and sentence.words[last - 1] in ",;:.—–" and not _within(sentence, last - 1, pairs)
        ):
            last -= 1
        if first < last:
            out.append((first, last))
    return out


def _within(sentence: Sentence, index: int, pairs: list[tuple[int, int]]) -> bool:
    return any(start <= sentence.pairs[index][0] < end for start, end in pairs)


def widened(document: Document, span: Span, pairs: list[tuple[int, int]]) -> Span:
    """A content that ends or begins inside marks reaches to the mark, also over a sentence's end."""
    start, end = span.start, span.end
    for a, b in pairs:
        if a < start < b:
            start = a
        if a < end < b:
            end = b
    return Span(start, end, document.text[start:end])


def _written(sentence: Sentence, report: Report) -> bool:
    if report.cue_base in {"write", "tweet", "post"}:
        return True
    if report.source and set(sentence.lower[slice(*report.source)]) & MEDIA_WORDS:
        return True
    frame = sentence.lower[report.cue[0][0] : report.cue[-1][1] + 6]
    return any(a == "in" and c in WRITTEN for a, c in zip(frame, frame[2:], strict=False))


def _free(
    document: Document,
    pairs: list[tuple[int, int]],
    covered: list[tuple[int, int]],
    found: list[Quote],
) -> list[Quote]:
    """Marks that no cue governs: a quote of its own if long enough, by the paragraph's latest speaker."""
    out = []
    for start, end in pairs:
        if any(a < end and start < b for a, b in covered):
            continue
        if words_in(document.text[start:end]) < MIN_WORDS or _in_title(document, start):
            continue
        region = next((n for n, r in enumerate(document.regions) if r.start <= start < r.end), 0)
        low = document.regions[max(0, region - 1)].start
        earlier = [q for q in found if low <= q.content[0].start < start and q.speaker and not q.within]
        speaker = earlier[-1].speaker if earlier else UNNAMED
        out.append(Quote("", (Span(start, end, document.text[start:end]),), None, speaker=speaker))
    return out


def _in_title(document: Document, offset: int) -> bool:
    return any(r.start <= offset < r.end and r.kind == "boilerplate" for r in document.regions)


def nested(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    """The quotes with ``within`` set to the smallest content that holds another's content and cue."""
    listed = list(quotes)
    out = []
    for quote in listed:
        parts = [*quote.content, *quote.cue]
        outer = [
            q
            for q in listed
            if q is not quote
            and all(any(c.covers(part) for c in q.content) for part in parts)
            and sum(c.end - c.start for c in q.content) > sum(c.end - c.start for c in quote.content)
        ]
        size = {q.id: sum(c.end - c.start for c in q.content) for q in outer}
        out.append(replace(quote, within=min(size, key=lambda k: (size[k], k)) if size else None))
    return tuple(out)
