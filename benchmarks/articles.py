"""Synthetic articles with the statistics of the five real ones, as a stream: gold and perturbed predictions.

A synthetic article is as long as one of the real five, in regions, and is made of regions drawn from all of
them with replacement. A region brings its sentences, the lengths of its words and the quotes, claims and
mentions that lie in it, with their spans, labels and nesting; its words are drawn anew. So numbers of items,
lengths and overlaps of spans are those of the real articles. What reaches over the end of a region is cut
off there.

The predictions are gold in which about one item in five is lost, cut short or stretched, split, doubled, or
given other labels. Everything follows from the seed and the article's number, and nothing is kept: a
corpus of any size can be streamed.

``python benchmarks/articles.py FOLDER --documents 1000`` writes ``documents.jsonl``, ``gold.jsonl`` and
``predictions.jsonl``.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from vostochny.annotations import load_gold
from vostochny.schema.document_checks import text_digest
from vostochny.schema.jsonio import document_to_json, layer_to_json
from vostochny.schema.labels import CLAIM_TYPES, ENTITY_TYPES, MEDIA, VOICES
from vostochny.schema.model import Claim, Document, Layer, Mention, Quote, Region, Span
from vostochny.schema.text import TextIndex

SHARE = 0.2
"""Share of gold items that a prediction has otherwise."""

Tokens = tuple[int, int]
"""First and last token of a span, counted from the region's first."""


@dataclass(frozen=True)
class Part:
    """A region of a real article: token lengths, gaps, sentences and items, all counted from its start.

    ``tokens`` are ``(gap before, length)`` in code points, ``sentences`` numbers of tokens. Items are
    templates whose spans hold token numbers instead of offsets.
    """

    kind: str
    tokens: tuple[tuple[int, int], ...]
    sentences: tuple[Tokens, ...]
    mentions: tuple[Mention, ...]
    quotes: tuple[Quote, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Article:
    """A synthetic document, its gold and a prediction."""

    document: Document
    gold: Layer
    predicted: Layer


def articles(n: int, *, seed: int = 1, share: float = SHARE, start: int = 0) -> Iterator[Article]:
    """``n`` articles from number ``start`` on, in order of their ids; ``share`` of the items is perturbed."""
    real = load_gold()
    parts = {name: _parts(real.documents[name], real[name]) for name in sorted(real)}
    pool = [part for each in parts.values() for part in each]
    sizes = [len(each) for each in parts.values()]
    for number in range(start, start + n):
        rng = random.Random(f"{seed} {number}")
        chosen = [rng.choice(pool) for _ in range(rng.choice(sizes))]
        document, gold = _assembled(f"article-{number:08}", chosen, rng)
        yield Article(document, gold, _perturbed(document, gold, share, rng))


def _parts(document: Document, layer: Layer) -> list[Part]:
    index = TextIndex(document)
    regions = [index.region_of(start) for start, _ in document.tokens]
    out = []
    for number, region in enumerate(document.regions):
        own = [n for n, place in enumerate(regions) if place == number]
        if not own:
            continue
        first, last = own[0], own[-1]
        ends = [region.start, *(document.tokens[n][1] for n in own)]
        inside = _Inside(index, first, last)
        out.append(
            Part(
                kind=region.kind,
                tokens=tuple(
                    (document.tokens[n][0] - before, document.tokens[n][1] - document.tokens[n][0])
                    for n, before in zip(own, ends, strict=False)
                ),
                sentences=tuple(
                    inside.tokens(Span(*s)) for s in document.sentences if inside.touches(Span(*s))
                ),
                mentions=tuple(
                    replace(m, start=at[0], end=at[1], text=None)
                    for m in layer.mentions or ()
                    if inside.begins(m.span) and (at := inside.tokens(m.span))
                ),
                quotes=tuple(inside.quote(q) for q in layer.quotes or () if inside.begins(q.content[0])),
                claims=tuple(
                    replace(c, spans=inside.spans(c.spans))
                    for c in layer.claims or ()
                    if inside.begins(c.spans[0])
                ),
            )
        )
    return out


class _Inside:
    """Spans of a document as tokens of one region."""

    def __init__(self, index: TextIndex, first: int, last: int) -> None:
        self._index, self._first, self._last = index, first, last

    def _all(self, span: Span) -> list[int]:
        return [n for n in sorted(self._index.tokens_of((span,))) if self._first <= n <= self._last]

    def touches(self, span: Span) -> bool:
        return bool(self._all(span))

    def begins(self, span: Span) -> bool:
        return min(self._index.tokens_of((span,))) in range(self._first, self._last + 1)

    def tokens(self, span: Span) -> Tokens:
        own = self._all(span)
        return own[0] - self._first, own[-1] - self._first

    def spans(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        return tuple(Span(*self.tokens(s)) for s in spans if self.touches(s))

    def quote(self, quote: Quote) -> Quote:
        source = self.spans(() if quote.source is None else (quote.source,))
        return replace(
            quote,
            content=self.spans(quote.content),
            verbatim=self.spans(quote.verbatim or ()),
            cue=self.spans(quote.cue),
            source=source[0] if source else None,
        )


def _assembled(name: str, parts: Iterable[Part], rng: random.Random) -> tuple[Document, Layer]:
    """A document of the parts, with new words, and its gold."""
    pieces: list[str] = []
    length = 0
    regions: list[Region] = []
    sentences: list[tuple[int, int]] = []
    tokens: list[tuple[int, int]] = []
    mentions: list[Mention] = []
    quotes: list[Quote] = []
    claims: list[Claim] = []
    for number, part in enumerate(parts):
        here: list[tuple[int, int]] = []
        if number:
            pieces.append("\n")
            length += 1
        for place, (gap, size) in enumerate(part.tokens):
            gap = gap if place else 0
            pieces.append(" " * gap + "".join(rng.choices(_LETTERS, k=size)))
            here.append((length + gap, length + gap + size))
            length += gap + size
        regions.append(Region(here[0][0], here[-1][1], part.kind))
        sentences += [(here[a][0], here[b][1]) for a, b in part.sentences]
        tokens += here

        def placed(span: Span, here: list[tuple[int, int]] = here) -> Span:
            return Span(here[span.start][0], here[span.end][1])

        ids = {quote.id: f"{quote.id}-{number}" for quote in part.quotes}
        for m in part.mentions:
            span = placed(m.span)
            mentions.append(replace(m, id=f"{m.id}-{number}", start=span.start, end=span.end))
        for q in part.quotes:
            quotes.append(
                replace(
                    q,
                    id=ids[q.id],
                    content=tuple(map(placed, q.content)),
                    verbatim=tuple(map(placed, q.verbatim or ())),
                    cue=tuple(map(placed, q.cue)),
                    source=None if q.source is None else placed(q.source),
                    within=ids.get(q.within or ""),
                )
            )
        for c in part.claims:
            claims.append(
                replace(
                    c,
                    id=f"{c.id}-{number}",
                    spans=tuple(map(placed, c.spans)),
                    quote=ids.get(c.quote or ""),
                    proposition=None,
                )
            )
    text = "".join(pieces)
    digest = text_digest(text)
    document = Document(name, text, tuple(regions), tuple(sentences), tuple(tokens), digest)
    gold = Layer(name, "gold", tuple(mentions), tuple(quotes), (), tuple(claims), digest)
    return document, gold


def _perturbed(document: Document, gold: Layer, share: float, rng: random.Random) -> Layer:
    index = TextIndex(document)
    names = sorted({q.speaker for q in gold.quotes or () if q.speaker is not None}) or ["unnamed"]

    def moved(span: Span) -> Span:
        """The span with its ends up to three tokens further in or out."""
        own = sorted(index.tokens_of((span,)))
        first = min(max(own[0] + rng.randint(-3, 3), 0), len(document.tokens) - 1)
        last = min(max(own[-1] + rng.randint(-3, 3), first), len(document.tokens) - 1)
        return Span(document.tokens[first][0], document.tokens[last][1])

    def halves(span: Span) -> tuple[Span, Span] | None:
        own = sorted(index.tokens_of((span,)))
        if len(own) < 2:
            return None
        cut = rng.randrange(1, len(own))
        ends = document.tokens[own[cut - 1]][1], document.tokens[own[cut]][0]
        return Span(span.start, ends[0]), Span(ends[1], span.end)

    def mention(m: Mention) -> list[Mention]:
        if rng.random() < 0.5:
            span = moved(m.span)
            return [replace(m, start=span.start, end=span.end)]
        return [replace(m, type=rng.choice([*ENTITY_TYPES]))]

    def quote(q: Quote) -> list[Quote]:
        how = rng.randrange(4)
        if how == 0:
            return [replace(q, content=(*map(moved, q.content[:1]), *q.content[1:]))]
        if how == 1 and (cut := halves(q.content[0])):
            first, second = cut
            return [replace(q, content=(first,)), replace(q, id=f"{q.id}b", content=(second, *q.content[1:]))]
        if how == 2:
            return [q, replace(q, id=f"{q.id}b", content=(*map(moved, q.content[:1]), *q.content[1:]))]
        return [replace(q, speaker=rng.choice(names), medium=rng.choice([*MEDIA]), cue=())]

    def claim(c: Claim) -> list[Claim]:
        how = rng.randrange(4)
        if how == 0:
            return [replace(c, spans=(*map(moved, c.spans[:1]), *c.spans[1:]))]
        if how == 1 and (cut := halves(c.spans[0])):
            first, second = cut
            return [replace(c, spans=(first,)), replace(c, id=f"{c.id}b", spans=(second, *c.spans[1:]))]
        if how == 2:
            return [c, replace(c, id=f"{c.id}b", spans=(*map(moved, c.spans[:1]), *c.spans[1:]))]
        return [replace(c, voice=rng.choice([*VOICES]), type=rng.choice([*CLAIM_TYPES]))]

    def each(items: Iterable[ItemT] | None, change: Callable[[ItemT], list[ItemT]]) -> tuple[ItemT, ...]:
        out: list[ItemT] = []
        for item in items or ():
            if rng.random() >= share:
                out.append(item)
            elif rng.random() < 0.75:
                out += change(item)
        return tuple(out)

    return replace(
        gold,
        annotator="system",
        mentions=each(gold.mentions, mention),
        quotes=each(gold.quotes, quote),
        claims=each(gold.claims, claim),
    )


ItemT = TypeVar("ItemT", Mention, Quote, Claim)

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    """Write a corpus to a folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with (
        (chosen.folder / "documents.jsonl").open("w", encoding="utf-8") as documents,
        (chosen.folder / "gold.jsonl").open("w", encoding="utf-8") as gold,
        (chosen.folder / "predictions.jsonl").open("w", encoding="utf-8") as predictions,
    ):
        for article in articles(chosen.documents, seed=chosen.seed):
            documents.write(json.dumps(document_to_json(article.document)) + "\n")
            gold.write(json.dumps(layer_to_json(article.gold)) + "\n")
            predictions.write(json.dumps(layer_to_json(article.predicted)) + "\n")


if __name__ == "__main__":
    main()
