"""Layers and documents to and from JSON values.

The writers are the only place that decides key order and which defaults are left out, so that
one layer always gives the same bytes. The readers expect values that :mod:`vostochny.schema.validate`
has passed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vostochny.schema.model import (
    SCHEMA_VERSION,
    Claim,
    Document,
    Layer,
    Mark,
    Mention,
    Quote,
    Region,
    Span,
)

Json = dict[str, Any]


def span_to_json(span: Span) -> Json:
    """``{"start", "end", "text"}``; the surface text only where it is known."""
    out: Json = {"start": span.start, "end": span.end}
    if span.text is not None:
        out["text"] = span.text
    return out


def span_from_json(value: Mapping[str, Any]) -> Span:
    """The inverse of :func:`span_to_json`."""
    return Span(value["start"], value["end"], value.get("text"))


def _spans(values: Sequence[Mapping[str, Any]]) -> tuple[Span, ...]:
    return tuple(span_from_json(v) for v in values)


def layer_to_json(layer: Layer) -> Json:
    """A layer as the JSON value that ``layer.schema.json`` describes."""
    out: Json = {
        "schema_version": layer.schema_version,
        "document": layer.document,
        "text_sha256": layer.text_sha256,
        "annotator": layer.annotator,
    }
    if layer.text_sha256 is None:
        del out["text_sha256"]
    for part in ("mentions", "quotes", "marks", "claims"):
        items = getattr(layer, part)
        if items is not None:
            out[part] = [item_to_json(item) for item in items]
    return out


def item_to_json(item: Mention | Quote | Mark | Claim) -> Json:
    """One annotation as its layer's JSON holds it."""
    if isinstance(item, Quote):
        return _quote_to_json(item)
    if isinstance(item, Claim):
        return {
            "id": item.id,
            "spans": [span_to_json(s) for s in item.spans],
            "voice": item.voice,
            "claimer": item.claimer,
            "quote": item.quote,
            "type": item.type,
            "polarity": item.polarity,
            "certainty": item.certainty,
            "proposition": item.proposition,
        }
    if isinstance(item, Mark):
        return {"id": item.id, **span_to_json(item.span), "role": item.role}
    return {
        "id": item.id,
        **span_to_json(item.span),
        "type": item.type,
        "entity": item.entity,
        "metonym_for": item.metonym_for,
    }


def _quote_to_json(quote: Quote) -> Json:
    out: Json = {"id": quote.id, "content": [span_to_json(s) for s in quote.content]}
    if quote.verbatim is not None:
        out["verbatim"] = [span_to_json(s) for s in quote.verbatim]
    out |= {
        "source": None if quote.source is None else span_to_json(quote.source),
        "cue": [span_to_json(s) for s in quote.cue],
        "speaker": quote.speaker,
        "within": quote.within,
        "medium": quote.medium,
        "polarity": quote.polarity,
        "status": quote.status,
    }
    return out


def layer_from_json(value: Mapping[str, Any]) -> Layer:
    """A layer from its JSON value; ids that were left out are numbered (m1, q1, k1, c1, …)."""
    mentions = value.get("mentions")
    quotes = value.get("quotes")
    marks = value.get("marks")
    claims = value.get("claims")
    return Layer(
        document=value["document"],
        annotator=value.get("annotator", ""),
        text_sha256=value.get("text_sha256"),
        schema_version=value.get("schema_version", SCHEMA_VERSION),
        mentions=None
        if mentions is None
        else tuple(
            Mention(
                id=m.get("id") or f"m{n}",
                start=m["start"],
                end=m["end"],
                text=m.get("text"),
                type=m["type"],
                entity=m.get("entity"),
                metonym_for=m.get("metonym_for"),
            )
            for n, m in enumerate(mentions, 1)
        ),
        quotes=None if quotes is None else tuple(_quote_from_json(n, q) for n, q in enumerate(quotes, 1)),
        marks=None
        if marks is None
        else tuple(
            Mark(m.get("id") or f"k{n}", m["start"], m["end"], m.get("text"), m["role"])
            for n, m in enumerate(marks, 1)
        ),
        claims=None if claims is None else tuple(_claim_from_json(n, c) for n, c in enumerate(claims, 1)),
    )


def _quote_from_json(number: int, value: Mapping[str, Any]) -> Quote:
    source = value.get("source")
    verbatim = value.get("verbatim")
    return Quote(
        id=value.get("id") or f"q{number}",
        content=_spans(value["content"]),
        verbatim=None if verbatim is None else _spans(verbatim),
        source=None if source is None else span_from_json(source),
        cue=_spans(value.get("cue") or ()),
        speaker=value.get("speaker"),
        within=value.get("within"),
        medium=value.get("medium", "speech"),
        polarity=value.get("polarity", "positive"),
        status=value.get("status", "actual"),
    )


def _claim_from_json(number: int, value: Mapping[str, Any]) -> Claim:
    voice = value.get("voice", "author")
    return Claim(
        id=value.get("id") or f"c{number}",
        spans=_spans(value["spans"]),
        voice=voice,
        claimer=value.get("claimer", "author" if voice == "author" else None),
        quote=value.get("quote"),
        type=value.get("type", "fact"),
        polarity=value.get("polarity", "positive"),
        certainty=value.get("certainty", "asserted"),
        proposition=value.get("proposition"),
    )


def document_to_json(document: Document, *, with_text: bool = False) -> Json:
    """A document record; ``with_text`` embeds the text, as documents outside the checkout need."""
    out: Json = {
        "schema_version": SCHEMA_VERSION,
        "id": document.id,
        "title": document.title,
        "outlet": document.outlet,
        "agency": document.agency,
        "date": document.date,
        "language": document.language,
        "translated": document.translated,
        "origin": document.origin,
        "text_sha256": document.text_sha256,
        "length": len(document.text),
        "evidence": [dict(e) for e in document.evidence],
        "regions": [{"start": r.start, "end": r.end, "kind": r.kind} for r in document.regions],
        "sentences": [list(pair) for pair in document.sentences],
        "tokens": [list(pair) for pair in document.tokens],
    }
    if with_text:
        out["text"] = document.text
    return out


def document_from_json(value: Mapping[str, Any], text: str | None = None) -> Document:
    """A document from its record and, unless the record embeds it, its text."""
    return Document(
        id=value["id"],
        text=value["text"] if text is None else text,
        regions=tuple(Region(r["start"], r["end"], r["kind"]) for r in value["regions"]),
        sentences=tuple((a, b) for a, b in value["sentences"]),
        tokens=tuple((a, b) for a, b in value["tokens"]),
        text_sha256=value["text_sha256"],
        title=value.get("title"),
        outlet=value.get("outlet"),
        agency=value.get("agency"),
        date=value.get("date"),
        language=value.get("language"),
        translated=value.get("translated"),
        origin=value.get("origin"),
        evidence=tuple(value.get("evidence", ())),
    )
