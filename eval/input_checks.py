"""What must be right with layers and documents before they can be scored.

The checks bear the ids of the schema's. They are those of its checks without which a score would be
wrong or impossible: layers read from files have passed them, layers made in Python have not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from vostochny.schema.errors import Problem, json_path, shown
from vostochny.schema.labels import (
    CERTAINTIES,
    CLAIM_TYPES,
    ENTITY_TYPES,
    MEDIA,
    POLARITIES,
    STATUSES,
    VOICES,
)
from vostochny.schema.model import Claim, Layer, Mention, Quote, Span
from vostochny.schema.text import TextIndex

_LABELS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "mentions": {"type": (*ENTITY_TYPES,)},
    "quotes": {"medium": (*MEDIA,), "polarity": (*POLARITIES,), "status": (*STATUSES,)},
    "claims": {
        "voice": (*VOICES,),
        "type": (*CLAIM_TYPES,),
        "polarity": (*POLARITIES,),
        "certainty": (*CERTAINTIES,),
    },
}
"""The label fields that are scored, by layer part, and their labels."""


def document_problems(index: TextIndex) -> Iterator[Problem]:
    """``regions-cover`` and ``sentences-cover``: the first token that lies in no region, or no sentence."""
    document = index.document
    for name, places in (("regions", index.token_regions), ("sentences", index.token_sentences)):
        if None in places:
            start, _ = document.tokens[places.index(None)]
            message = f"the token at {start} lies in none of the {name}; every token must lie in one"
            yield Problem(f"{name}-cover", f"document {document.id!r}: {message}")


def layer_problems(layer: Layer, index: TextIndex, what: str) -> Iterator[Problem]:
    """Problems of a layer on its document; ``what`` says whose layer it is.

    ``unknown-label``; ``duplicate-id`` for quotes, which refer to each other by id; ``too-few`` for
    items without a span; ``offset-range``, ``empty-span``, ``touches-no-token`` for spans.
    """
    quotes: dict[str, int] = {}
    for part, fields in _LABELS.items():
        for n, item in enumerate(getattr(layer, part) or ()):
            repeated = part == "quotes" and item.id in quotes
            if part == "quotes":
                quotes.setdefault(item.id, n)
            if not repeated and _right(item, fields, index):
                continue
            name = f"{what} for document {layer.document!r}, {part.removesuffix('s')} {item.id!r}: "
            for field, labels in fields.items():
                if (label := getattr(item, field)) not in labels:
                    message = f"found the {field} {shown(label)}, expected one of {', '.join(labels)}"
                    yield Problem("unknown-label", name + message, path=json_path((part, n, field)))
            for steps, spans in _spans(item):
                for m, span in enumerate(spans):
                    if fault := _fault(span, index):
                        path = json_path((part, n, *steps, *((m,) if len(spans) > 1 else ())))
                        yield Problem(fault[0], name + fault[1], path=path)
                if not spans:
                    message = f"has no {steps[0]}; give at least one span, or remove the item"
                    yield Problem("too-few", name + message, path=json_path((part, n, *steps)))
            if repeated:
                message = f"the id is that of quotes[{quotes[item.id]}] as well; give each its own"
                yield Problem("duplicate-id", name + message, path=json_path((part, n, "id")))


def _right(item: Mention | Quote | Claim, fields: Mapping[str, tuple[str, ...]], index: TextIndex) -> bool:
    """Whether nothing is wrong with an item by itself: as nearly always, and seen without looking closer."""
    for field, labels in fields.items():
        if getattr(item, field) not in labels:
            return False
    if isinstance(item, Mention):
        return _holds((item,), index)
    if isinstance(item, Claim):
        return bool(item.spans) and _holds(item.spans, index)
    rest = (
        (*(item.verbatim or ()), *item.cue)
        if item.source is None
        else (*(item.verbatim or ()), *item.cue, item.source)
    )
    return bool(item.content) and _holds(item.content, index) and _holds(rest, index)


def _holds(spans: Iterable[Span | Mention], index: TextIndex) -> bool:
    """Whether all spans lie in the text and hold a token."""
    length = len(index.document.text)
    return all(0 <= span.start < span.end <= length and index.touches(span) for span in spans)


def _spans(item: Mention | Quote | Claim) -> Iterator[tuple[tuple[str, ...], tuple[Span, ...]]]:
    """An item's spans and where they stand in it; lists that may be empty only if they are not."""
    if isinstance(item, Mention):
        yield (), (item.span,)
    elif isinstance(item, Claim):
        yield ("spans",), item.spans
    else:
        yield ("content",), item.content
        for name, spans in (("verbatim", item.verbatim), ("cue", item.cue)):
            if spans:
                yield (name,), spans
        if item.source is not None:
            yield ("source",), (item.source,)


def _fault(span: Span, index: TextIndex) -> tuple[str, str] | None:
    """The check that a span fails, and how."""
    found, length = f"[{span.start}, {span.end})", len(index.document.text)
    if span.start < 0 or span.end > length:
        return "offset-range", f"{found} leaves the text of {length} code points; mend the offsets"
    if span.start >= span.end:
        return "empty-span", f"{found} ends before it has begun; mend the offsets"
    if not index.touches(span):
        return "touches-no-token", f"{found} holds no token; mend or remove the span"
    return None
