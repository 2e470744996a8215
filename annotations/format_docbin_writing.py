"""Documents with a layer as spaCy's ``Doc``: tokens whose text is the article's, entities and span groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vostochny.annotations.format_texts import checked
from vostochny.schema.extras import require
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.model import Document, Layer, Mention, Quote, Span
from vostochny.schema.text import TextIndex

USER_DATA = "vostochny"
"""The key of ``Doc.user_data`` under which stands what spans can't hold."""

ENTS, MENTIONS, QUOTES, MARKS, CLAIMS = "ents", "mentions", "quotes", "marks", "claims"
"""``Doc.ents`` and the span groups; mentions that overlap another are in a group, as entities can't."""

ROLES = ("content", "verbatim", "source", "cue")
"""The labels of the group of quotes; the pieces of one quote have its id."""

UNKNOWN = "unknown"
"""What stands for the verbatim words of a quote where they were not looked for."""


def doc_of(document: Document, layer: Layer, vocab: Any) -> Any:
    """A document with a layer as a ``spacy.tokens.Doc``, whose text is exactly the document's.

    Raises :class:`InputError` if a span of the layer lies outside the text or touches no token.
    """
    return _Doc(document, checked(document, layer), vocab).doc


def quote_pieces(quote: Quote) -> Iterator[tuple[str, Span]]:
    """A quote's spans with their roles."""
    yield from (("content", span) for span in quote.content)
    yield from (("verbatim", span) for span in quote.verbatim or ())
    if quote.source is not None:
        yield "source", quote.source
    yield from (("cue", span) for span in quote.cue)


class _Doc:
    def __init__(self, document: Document, layer: Layer, vocab: Any) -> None:
        self.document, self.layer = document, layer
        self.index = TextIndex(document)
        self.exact: dict[tuple[str, str, str, int, int], list[tuple[int, int]]] = {}
        tokens = require("spacy.tokens", "spacy")
        self.make_span = tokens.Span
        words, spaces, self.place = _words(document)
        begins = {self.place[min(self.index.tokens_of([Span(*pair)]))] for pair in document.sentences}
        starts = [n == 0 or n in begins for n in range(len(words))]
        self.doc = tokens.Doc(vocab, words=words, spaces=spaces, sent_starts=starts)
        self._add_mentions(layer.mentions or ())
        quotes = [(q.id, role, s) for q in layer.quotes or () for role, s in quote_pieces(q)]
        self.doc.spans[QUOTES] = [self._span(QUOTES, *piece) for piece in quotes]
        self.doc.spans[MARKS] = [self._span(MARKS, m.id, m.role, m.span) for m in layer.marks or ()]
        claims = [(c.id, c.type, s) for c in layer.claims or () for s in c.spans]
        self.doc.spans[CLAIMS] = [self._span(CLAIMS, *piece) for piece in claims]
        self.doc.user_data[USER_DATA] = self._rest()

    def _add_mentions(self, mentions: tuple[Mention, ...]) -> None:
        ents: list[Any] = []
        others: list[Any] = []
        taken: set[int] = set()
        for mention in mentions:
            tokens = self.index.tokens_of([mention.span])
            group, spans = (MENTIONS, others) if taken & tokens else (ENTS, ents)
            taken |= tokens
            spans.append(self._span(group, mention.id, mention.type, mention.span, mention.entity or ""))
        self.doc.ents = ents
        self.doc.spans[MENTIONS] = others

    def _span(self, group: str, name: str, label: str, span: Span, entity: str = "") -> Any:
        under = self.index.tokens_of([span])
        first, last = min(under), max(under)
        start, end = self.document.tokens[first][0], self.document.tokens[last][1]
        self.exact.setdefault((group, label, name, start, end), []).append((span.start, span.end))
        places = self.place[first], self.place[last] + 1
        return self.make_span(self.doc, *places, label, kb_id=entity, span_id=name)

    def _rest(self) -> dict[str, Any]:
        layer = self.layer
        items: dict[str, Mapping[str, Mapping[str, str | None]]] = {
            "mentions": {m.id: {"metonym_for": m.metonym_for} for m in layer.mentions or ()},
            "quotes": {
                q.id: {
                    "speaker": q.speaker,
                    "within": q.within,
                    "medium": q.medium,
                    "polarity": q.polarity,
                    "status": q.status,
                    "verbatim": UNKNOWN if q.verbatim is None else None,
                }
                for q in layer.quotes or ()
            },
            "marks": {m.id: {} for m in layer.marks or ()},
            "claims": {
                c.id: {
                    "voice": c.voice,
                    "claimer": c.claimer,
                    "quote": c.quote,
                    "polarity": c.polarity,
                    "certainty": c.certainty,
                    "proposition": c.proposition,
                }
                for c in layer.claims or ()
            },
        }
        return {
            "document": self.document.id,
            "annotator": layer.annotator,
            "schema_version": layer.schema_version,
            "items": {part: items[part] for part in LAYER_PARTS if getattr(layer, part) is not None},
            "cuts": [
                [*key, *pair]
                for key, pairs in self.exact.items()
                if any(pair != key[3:] for pair in pairs)
                for pair in pairs
            ],
        }


def _words(document: Document) -> tuple[list[str], list[bool], list[int]]:
    """Words, whether a blank follows each, and the place of each of the document's tokens among them.

    All white space but a single blank is a word of its own, as spaCy's tokenizers have it.
    """
    words: list[str] = []
    spaces: list[bool] = []
    place: list[int] = []
    end = 0

    def add_gap(gap: str) -> None:
        if words and gap.startswith(" "):
            spaces[-1], gap = True, gap[1:]
        if gap:
            words.append(gap)
            spaces.append(False)

    for start, stop in document.tokens:
        add_gap(document.text[end:start])
        place.append(len(words))
        words.append(document.text[start:stop])
        spaces.append(False)
        end = stop
    add_gap(document.text[end:])
    return words, spaces, place
