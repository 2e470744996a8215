"""The corpus as flat tables, one for each configuration of the Hugging Face data set.

Tables are plain Arrow, so that pandas, polars or DuckDB read them as well as ``datasets``. Labels are
strings, except ``ner_tags``, which are class numbers as token classification expects them. Every
``start``/``end`` counts code points of the document's text; ``sentence`` indexes the ``sentences`` of the
document's row (from 0).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from vostochny.schema.errors import InputError, Problem, shown
from vostochny.schema.labels import ENTITY_TYPES
from vostochny.schema.model import Document, Layer, Links, Mention, Quote, Span, bounds
from vostochny.schema.quotation import quote_kind
from vostochny.schema.text import TextIndex

Row = dict[str, Any]

NER_TAGS: tuple[str, ...] = ("O", *(f"{prefix}-{label}" for label in ENTITY_TYPES for prefix in "BI"))
"""The IOB2 tags; a tag's position is its class number in ``ner_tags``."""

_TEXT = pa.string()
_INT = pa.int32()
_BOUNDS = pa.struct([("start", _INT), ("end", _INT)])
_SPAN = pa.struct([("start", _INT), ("end", _INT), ("text", _TEXT)])
_REGION = pa.struct([("start", _INT), ("end", _INT), ("kind", _TEXT)])
_MARK = pa.struct([("id", _TEXT), ("start", _INT), ("end", _INT), ("text", _TEXT), ("role", _TEXT)])
_EVIDENCE = pa.struct([("field", _TEXT), ("start", _INT), ("end", _INT), ("text", _TEXT)])
_PLACE: list[tuple[str, pa.DataType]] = [
    ("region", _TEXT),
    ("sentence", _INT),
    ("context_start", _INT),
    ("context", _TEXT),
]

TABLE_SCHEMAS: dict[str, pa.Schema] = {
    "documents": pa.schema(
        [
            ("id", _TEXT),
            ("title", _TEXT),
            ("outlet", _TEXT),
            ("agency", _TEXT),
            ("date", _TEXT),
            ("language", _TEXT),
            ("translated", pa.bool_()),
            ("origin", _TEXT),
            ("evidence", pa.list_(_EVIDENCE)),
            ("text_sha256", _TEXT),
            ("text", _TEXT),
            ("regions", pa.list_(_REGION)),
            ("sentences", pa.list_(_BOUNDS)),
            ("tokens", pa.list_(_BOUNDS)),
            ("schema_version", _TEXT),
            ("annotator", _TEXT),
            ("mention_count", _INT),
            ("quote_count", _INT),
            ("claim_count", _INT),
            ("marks", pa.list_(_MARK)),
        ]
    ),
    "entities": pa.schema(
        [
            ("id", _TEXT),
            ("document", _TEXT),
            ("sentence", _INT),
            ("region", _TEXT),
            ("tokens", pa.list_(_TEXT)),
            ("token_starts", pa.list_(_INT)),
            ("ner_tags", pa.list_(pa.int64())),
        ]
    ),
    "mentions": pa.schema(
        [
            ("document", _TEXT),
            ("id", _TEXT),
            ("start", _INT),
            ("end", _INT),
            ("text", _TEXT),
            ("type", _TEXT),
            ("entity", _TEXT),
            ("entity_name", _TEXT),
            ("wikidata", _TEXT),
            ("metonym_for", _TEXT),
            *_PLACE,
        ]
    ),
    "quotes": pa.schema(
        [
            ("document", _TEXT),
            ("id", _TEXT),
            ("kind", _TEXT),
            ("text", _TEXT),
            ("content", pa.list_(_SPAN)),
            ("verbatim", pa.list_(_SPAN)),
            ("source", _SPAN),
            ("cue", pa.list_(_SPAN)),
            ("speaker", _TEXT),
            ("speaker_name", _TEXT),
            ("within", _TEXT),
            ("medium", _TEXT),
            ("polarity", _TEXT),
            ("status", _TEXT),
            *_PLACE,
        ]
    ),
    "claims": pa.schema(
        [
            ("document", _TEXT),
            ("id", _TEXT),
            ("text", _TEXT),
            ("spans", pa.list_(_SPAN)),
            ("proposition", _TEXT),
            ("voice", _TEXT),
            ("claimer", _TEXT),
            ("claimer_name", _TEXT),
            ("quote", _TEXT),
            ("type", _TEXT),
            ("polarity", _TEXT),
            ("certainty", _TEXT),
            *_PLACE,
        ]
    ),
}
"""The columns of each configuration, the default one first."""

CLASS_LABELS: dict[tuple[str, str], tuple[str, ...]] = {("entities", "ner_tags"): NER_TAGS}
"""The (configuration, column) pairs that hold class numbers, with the names in order."""


def build_tables(
    documents: Mapping[str, Document], gold: Mapping[str, Layer], links: Links
) -> dict[str, pa.Table]:
    """The table of each configuration.

    A document without a layer has a row in ``documents`` and no others; its ``annotator`` and counts are
    null. A part of a layer that was not done has a null count (``marks``: null) and no rows. Where a span
    states no surface text, the row takes it from the document.

    Raises :class:`InputError` if there is no document, else with every layer of an unknown document,
    unknown entity type, item without a span, span outside its text or with another surface, and token
    that two mentions claim (IOB2 tags one name a token).
    """
    if not documents:
        raise InputError.of("no-document", "found no documents, expected at least one; name another corpus")
    problems = [
        Problem(
            "unknown-document",
            f"found a layer of {shown(name)}, expected one of {', '.join(documents) or 'no documents'}; "
            "add the document or remove the layer",
            _file(name),
            path="$.document",
        )
        for name in gold
        if name not in documents
    ]
    rows: dict[str, list[Row]] = {name: [] for name in TABLE_SCHEMAS}
    for document in documents.values():
        layer = gold.get(document.id)
        found = [] if layer is None else _layer_problems(document, layer)
        problems += found
        if not found:
            _Rows(document, layer, links, problems).add_to(rows)
    if problems:
        raise InputError(problems)
    return {name: pa.Table.from_pylist(rows[name], schema=schema) for name, schema in TABLE_SCHEMAS.items()}


class _Rows:
    """The rows of one document."""

    def __init__(
        self, document: Document, layer: Layer | None, links: Links, problems: list[Problem]
    ) -> None:
        self.document = document
        self.index = TextIndex(document)
        self.layer = layer
        self.entities = {entity.id: entity for entity in links.entities}
        self.problems = problems
        self.sentence_starts = [start for start, _ in document.sentences]

    def add_to(self, rows: dict[str, list[Row]]) -> None:
        rows["documents"].append(self._document())
        if self.layer is None:
            return
        if self.layer.mentions is not None:
            rows["entities"] += self._sentences(self.layer.mentions)
            rows["mentions"] += [self._mention(mention) for mention in self.layer.mentions]
        rows["quotes"] += [self._quote(quote) for quote in self.layer.quotes or ()]
        for claim in self.layer.claims or ():
            rows["claims"].append(
                {
                    "document": self.document.id,
                    "id": claim.id,
                    "text": self._joined(claim.spans),
                    "spans": self._spans(claim.spans),
                    "proposition": claim.proposition,
                    "voice": claim.voice,
                    "claimer": claim.claimer,
                    "claimer_name": self._name(claim.claimer),
                    "quote": claim.quote,
                    "type": claim.type,
                    "polarity": claim.polarity,
                    "certainty": claim.certainty,
                    **self._place(claim.spans, claim.spans),
                }
            )

    def _document(self) -> Row:
        document, layer = self.document, self.layer
        marks = None if layer is None else layer.marks
        return {
            "id": document.id,
            "title": document.title,
            "outlet": document.outlet,
            "agency": document.agency,
            "date": document.date,
            "language": document.language,
            "translated": document.translated,
            "origin": document.origin,
            "evidence": [dict(item) for item in document.evidence],
            "text_sha256": document.text_sha256,
            "text": document.text,
            "regions": [{"start": r.start, "end": r.end, "kind": r.kind} for r in document.regions],
            "sentences": [{"start": start, "end": end} for start, end in document.sentences],
            "tokens": [{"start": start, "end": end} for start, end in document.tokens],
            "schema_version": None if layer is None else layer.schema_version,
            "annotator": None if layer is None else layer.annotator,
            "mention_count": None if layer is None else _count(layer.mentions),
            "quote_count": None if layer is None else _count(layer.quotes),
            "claim_count": None if layer is None else _count(layer.claims),
            "marks": None
            if marks is None
            else [{"id": m.id, **self._span(m.span), "role": m.role} for m in marks],
        }

    def _sentences(self, mentions: Sequence[Mention]) -> list[Row]:
        tokens = self.document.tokens
        owner: list[int | None] = [None] * len(tokens)
        for number, mention in enumerate(mentions):
            for token in sorted(self.index.tokens_of([mention.span])):
                other = owner[token]
                if other is not None:
                    start, end = tokens[token]
                    surface = shown(self.document.text[start:end])
                    message = (
                        f"found {mentions[other].id} and {mention.id} both on {surface} at {start}, expected "
                        "at most one name a token; shorten or remove one of them"
                    )
                    where = f"$.mentions[{number}]"
                    self.problems.append(
                        Problem("overlapping-mentions", message, _file(self.document.id), path=where)
                    )
                owner[token] = number
        starts = [start for start, _ in tokens]
        rows = []
        for index, (low, high) in enumerate(self.document.sentences):
            inside = range(bisect_left(starts, low), bisect_left(starts, high))
            tags = []
            for token in inside:
                number_here = owner[token]
                if number_here is None:
                    tags.append("O")
                else:
                    goes_on = token > inside.start and owner[token - 1] == number_here
                    tags.append(("I-" if goes_on else "B-") + mentions[number_here].type)
            rows.append(
                {
                    "id": f"{self.document.id}-{index}",
                    "document": self.document.id,
                    "sentence": index,
                    "region": self._region(low),
                    "tokens": [self.document.text[slice(*tokens[token])] for token in inside],
                    "token_starts": [starts[token] for token in inside],
                    "ner_tags": [NER_TAGS.index(tag) for tag in tags],
                }
            )
        return rows

    def _mention(self, mention: Mention) -> Row:
        entity = self.entities.get(mention.entity or "")
        return {
            "document": self.document.id,
            "id": mention.id,
            **self._span(mention.span),
            "type": mention.type,
            "entity": mention.entity,
            "entity_name": self._name(mention.entity),
            "wikidata": None if entity is None else entity.wikidata,
            "metonym_for": mention.metonym_for,
            **self._place([mention.span], [mention.span]),
        }

    def _quote(self, quote: Quote) -> Row:
        source = [] if quote.source is None else [quote.source]
        return {
            "document": self.document.id,
            "id": quote.id,
            "kind": quote_kind(self.index, quote),
            "text": self._joined(quote.content),
            "content": self._spans(quote.content),
            "verbatim": None if quote.verbatim is None else self._spans(quote.verbatim),
            "source": None if quote.source is None else self._span(quote.source),
            "cue": self._spans(quote.cue),
            "speaker": quote.speaker,
            "speaker_name": self._name(quote.speaker),
            "within": quote.within,
            "medium": quote.medium,
            "polarity": quote.polarity,
            "status": quote.status,
            **self._place(quote.content, [*quote.content, *source, *quote.cue]),
        }

    def _name(self, entity: str | None) -> str | None:
        known = self.entities.get(entity or "")
        return None if known is None else known.name

    def _span(self, span: Span) -> Row:
        return {"start": span.start, "end": span.end, "text": self.document.slice(span)}

    def _spans(self, spans: Iterable[Span]) -> list[Row]:
        return [self._span(span) for span in spans]

    def _joined(self, spans: Iterable[Span]) -> str:
        return " ".join(self.document.slice(span) for span in spans)

    def _region(self, offset: int) -> str | None:
        index = self.index.region_of(offset)
        return None if index is None else self.document.regions[index].kind

    def _place(self, core: Sequence[Span], parts: Sequence[Span]) -> Row:
        """Region and sentence where ``core`` starts, and the sentences that ``parts`` lie in."""
        start = bounds(core)[0]
        low, high = bounds(parts)
        first = max(bisect_right(self.sentence_starts, low) - 1, 0)
        last = max(bisect_left(self.sentence_starts, high) - 1, first)
        # A span may reach past its sentence (a part between two sentences): the context always holds it.
        low = min(low, self.document.sentences[first][0])
        high = max(high, self.document.sentences[last][1])
        return {
            "region": self._region(start),
            "sentence": max(bisect_right(self.sentence_starts, start) - 1, 0),
            "context_start": low,
            "context": self.document.text[low:high],
        }


def _layer_problems(document: Document, layer: Layer) -> list[Problem]:
    """What keeps a layer out of the tables; the semantic checks of the schema room say more."""
    problems: list[Problem] = []
    places: list[tuple[str, Span]] = []

    def report(path: str, check: str, found: str, expected: str) -> None:
        message = f"found {found}, expected {expected}; run 'vostochny validate' on the layer and mend it"
        problems.append(Problem(check, message, _file(document.id), path=path))

    def collect(path: str, spans: Sequence[Span], at_least: int = 0) -> None:
        if len(spans) < at_least:
            report(path, "too-few", "no span", "at least one")
        places.extend((f"{path}[{k}]", span) for k, span in enumerate(spans))

    for n, mention in enumerate(layer.mentions or ()):
        if mention.type not in ENTITY_TYPES:
            report(
                f"$.mentions[{n}].type",
                "unknown-label",
                shown(mention.type),
                f"one of {', '.join(ENTITY_TYPES)}",
            )
        places.append((f"$.mentions[{n}]", mention.span))
    for n, quote in enumerate(layer.quotes or ()):
        collect(f"$.quotes[{n}].content", quote.content, 1)
        collect(f"$.quotes[{n}].verbatim", quote.verbatim or ())
        collect(f"$.quotes[{n}].cue", quote.cue)
        if quote.source is not None:
            places.append((f"$.quotes[{n}].source", quote.source))
    places += [(f"$.marks[{n}]", mark.span) for n, mark in enumerate(layer.marks or ())]
    for n, claim in enumerate(layer.claims or ()):
        collect(f"$.claims[{n}].spans", claim.spans, 1)
    length = len(document.text)
    for path, span in places:
        if not 0 <= span.start < span.end <= length:
            report(path, "offset-range", f"[{span.start}, {span.end})", f"0 <= start < end <= {length}")
        elif span.text is not None and span.text != document.slice(span):
            report(path, "text-mismatch", shown(span.text), shown(document.slice(span)))
    return problems


def _file(document: str) -> str:
    return f"gold/{document}.json"


def _count(items: Sequence[Any] | None) -> int | None:
    return None if items is None else len(items)
