"""Quotes by CRFs trained on the other articles (leave-one-article-out).

Three taggers, for contents, cues and sources, learn from the quotes of the articles they are trained on;
features and fixed hyper-parameters as in :mod:`~vostochny.baselines.crf`, with quotation marks and
the general list of reporting verbs as further features. A cue and a source are attached to the nearest
content in their sentence; the speaker is resolved as in the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from vostochny.baselines.crf import Features, Tagger, bio, chunks, token_features
from vostochny.baselines.quotes_rules import nested, outer_pairs
from vostochny.baselines.sentence import Sentence, sentences
from vostochny.baselines.speakers import Speakers
from vostochny.baselines.speech import REPORTING, REPORTING_OBJECT, REPORTING_TO
from vostochny.schema.model import Document, Layer, Quote, Span


class QuotesCrf:
    """Contents, cues and sources, learnt from annotated documents."""

    def __init__(self) -> None:
        self._content, self._cue, self._source = Tagger(), Tagger(), Tagger()

    def fit(self, documents: Sequence[Document], layers: Sequence[Layer]) -> None:
        """Learn from the outermost quotes of the layers (BIO can't hold a quote in a quote)."""
        features: list[list[Features]] = []
        tags: tuple[list[list[str]], ...] = ([], [], [])
        for document, layer in zip(documents, layers, strict=True):
            quotes = [q for q in layer.quotes or () if q.within is None]
            for sentence, found in zip(sentences(document), _features(document), strict=True):
                features.append(found)
                tags[0].append(_content_tags(sentence, quotes))
                tags[1].append(_part_tags(sentence, quotes, lambda q: q.cue))
                tags[2].append(_part_tags(sentence, quotes, lambda q: (q.source,) if q.source else ()))
        for tagger, wanted in zip((self._content, self._cue, self._source), tags, strict=True):
            tagger.fit(features, wanted)

    def extract(self, document: Document) -> Layer:
        """Quotes; a content that goes on in the next sentence is one quote."""
        listed, features = sentences(document), _features(document)
        contents = self._content.tag(features)
        cues, sources = self._cue.tag(features), self._source.tag(features)
        speakers = Speakers(document)
        found: list[Quote] = []
        open_quote = False
        for n, sentence in enumerate(listed):
            groups = _groups(contents[n])
            for number, (continues, ranges) in enumerate(groups):
                spans = tuple(sentence.span(a, b) for a, b in ranges)
                if continues and open_quote and found and number == 0:
                    found[-1] = _grown(document, found[-1], spans)
                else:
                    found.append(Quote("", spans, None))
                middle = (ranges[0][0], ranges[-1][1])
                found[-1] = _attached(sentence, found[-1], middle, groups, cues[n], sources[n], speakers)
            open_quote = contents[n][-1] != "O" or (len(contents[n]) > 1 and contents[n][-2] != "O")
        quotes = nested(replace(q, id=f"q{n}") for n, q in enumerate(found, 1))
        return Layer(document.id, "quotes-crf", quotes=quotes, text_sha256=document.text_sha256)


def _features(document: Document) -> list[list[Features]]:
    pairs = outer_pairs(document)
    out = []
    for sentence in sentences(document):
        reporting = any(w in REPORTING for w in sentence.lower)
        extra = []
        for (start, _), word in zip(sentence.pairs, sentence.lower, strict=True):
            found = ["marked"] if any(a <= start < b for a, b in pairs) else []
            found += ["reporting"] if word in REPORTING else []
            found += ["report-to"] if word in REPORTING_TO or word in REPORTING_OBJECT else []
            found += ["report-near"] if reporting else []
            extra.append(found)
        seen = False
        for n, word in enumerate(sentence.lower):
            extra[n].append("after-report" if seen else "before-report")
            seen = seen or word in REPORTING
        out.append(token_features(sentence, extra))
    return out


def _content_tags(sentence: Sentence, quotes: Sequence[Quote]) -> list[str]:
    """B where a quote begins, I in the rest of it, also after a cue or at the start of a sentence."""
    tags = ["O"] * len(sentence)
    for quote in quotes:
        for number, span in enumerate(quote.content):
            inside = [n for n, (a, b) in enumerate(sentence.pairs) if a < span.end and span.start < b]
            for n in inside:
                if tags[n] == "O":
                    tags[n] = "I-C"
            if inside and number == 0 and span.start >= sentence.pairs[0][0]:
                tags[inside[0]] = "B-C"
    return tags


def _part_tags(
    sentence: Sentence, quotes: Sequence[Quote], parts: Callable[[Quote], Sequence[Span]]
) -> list[str]:
    spans = sorted({(s.start, s.end) for q in quotes for s in parts(q)})
    inside = [(a, b) for a, b in spans if sentence.pairs[0][0] <= a < sentence.pairs[-1][1]]
    return bio(
        len(sentence), [(sentence.at(a), min(sentence.at(b - 1) + 1, len(sentence)), "P") for a, b in inside]
    )


def _groups(tags: Sequence[str]) -> list[tuple[bool, list[tuple[int, int]]]]:
    """Contents of a sentence: whether one goes on from the sentence before, and its token ranges."""
    out: list[tuple[bool, list[tuple[int, int]]]] = []
    for first, last, _ in chunks(tags):
        begins = tags[first][0] == "B"
        if begins or not out:
            out.append((not begins, [(first, last)]))
        else:
            out[-1][1].append((first, last))
    return out


def _grown(document: Document, quote: Quote, spans: tuple[Span, ...]) -> Quote:
    """A content with the part that stands in the next sentence."""
    *before, last = quote.content
    joined = Span(last.start, spans[0].end, document.text[last.start : spans[0].end])
    return replace(quote, content=(*before, joined, *spans[1:]))


def _attached(
    sentence: Sentence,
    quote: Quote,
    place: tuple[int, int],
    groups: list[tuple[bool, list[tuple[int, int]]]],
    cues: Sequence[str],
    sources: Sequence[str],
    speakers: Speakers,
) -> Quote:
    """The quote with the cue and the source of its sentence that are nearer to it than to another."""

    def distance(at: tuple[int, int], other: tuple[int, int]) -> int:
        return max(at[0] - other[1], other[0] - at[1], 0)

    def nearest(tags: Sequence[str]) -> tuple[int, int] | None:
        options = []
        for first, last, _ in chunks(tags):
            rivals = [distance((r[0][0], r[-1][1]), (first, last)) for _, r in groups]
            gap = distance(place, (first, last))
            if gap == min(rivals):
                options.append((gap, first, last))
        return min(options)[1:] if options else None

    cue, source = nearest(cues), nearest(sources)
    return replace(
        quote,
        cue=(sentence.span(*cue),) if cue and not quote.cue else quote.cue,
        source=sentence.span(*source) if source and quote.source is None else quote.source,
        speaker=speakers.resolve(sentence, *source) if source and quote.speaker is None else quote.speaker,
    )
