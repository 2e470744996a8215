"""Hypothesis strategies for documents and layers that test what a format holds."""

from dataclasses import replace

from hypothesis import strategies as st

from vostochny.schema.document_checks import text_digest
from vostochny.schema.labels import (
    CERTAINTIES,
    CLAIM_TYPES,
    ENTITY_TYPES,
    MARK_ROLES,
    MEDIA,
    POLARITIES,
    STATUSES,
    VOICES,
)
from vostochny.schema.model import Claim, Document, Layer, Mark, Mention, Quote, Region, Span
from vostochny.schema.text import TextIndex, tokenize

# Emoji and astral letters, glued words, right-to-left, combining marks, and what formats reserve.
PIECES = [
    "Kim",
    "Путин",
    "SputnikThe",
    "🚀",
    "👩‍🚀",
    "𝔎𝔦𝔪",
    "e\u0301",
    "שלום",
    "“",
    "”",
    "'s",
    ".",
    "*",
    "_",
    "|",
    ";",
    "[1]",
    "->",
    "\\",
    "\\n",
    "#Text=",
    "1-1",
    "<a>&amp;",
    '"',
    "\u200b",
    "\x01",
]
GAPS = [" ", " ", "", "\n", "\n\n", "  ", "\t", "\u00a0", "\u2028", "\x85", "\x0c", "\n \n"]
NAMES = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    parts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GAPS)), min_size=1, max_size=12)
    text = draw(st.sampled_from(["", " ", "\n"])) + "".join(piece + gap for piece, gap in draw(parts))
    tokens = tokenize(text)
    first = sorted({0, *draw(st.sets(st.integers(0, len(tokens) - 1), max_size=3))})
    last = [n - 1 for n in first[1:]] + [len(tokens) - 1]
    sentences = tuple((tokens[a][0], tokens[b][1]) for a, b in zip(first, last, strict=True))
    return Document(
        id=draw(st.sampled_from(["ist", "my-doc", "a1"])),
        text=text,
        regions=tuple(Region(a, b, "body") for a, b in sentences),
        sentences=sentences,
        tokens=tokens,
        text_sha256=text_digest(text),
        language=draw(st.sampled_from([None, "en"])),
    )


@st.composite
def layers(draw: st.DrawFn, document: Document) -> Layer:
    size, index = len(document.text), TextIndex(document)
    ends = st.tuples(st.integers(0, size - 1), st.integers(1, size))
    spans = (
        ends.map(lambda pair: Span(min(pair[0], pair[1] - 1), max(pair[0] + 1, pair[1])))
        .filter(lambda span: bool(index.tokens_of([span])))
        .map(lambda span: replace(span, text=draw(st.sampled_from([None, document.slice(span)]))))
    )
    some = st.lists(spans, max_size=3).map(tuple)
    several = st.lists(spans, min_size=1, max_size=3).map(tuple)
    ids = draw(
        st.lists(st.from_regex("[A-Za-z0-9]{1,3}", fullmatch=True), min_size=12, max_size=12, unique=True)
    )
    quote_ids = ids[: draw(st.integers(0, 3))]
    references = st.sampled_from([None, *quote_ids])
    mentions = [
        Mention(
            name, s.start, s.end, s.text, draw(st.sampled_from([*ENTITY_TYPES])), draw(NAMES), draw(NAMES)
        )
        for name, s in zip(ids[3:6], draw(some), strict=False)
    ]
    marks = [
        Mark(name, s.start, s.end, s.text, draw(st.sampled_from([*MARK_ROLES])))
        for name, s in zip(ids[6:9], draw(some), strict=False)
    ]
    quotes = [
        Quote(
            id=name,
            content=draw(several),
            verbatim=draw(st.none() | some),
            source=draw(st.none() | spans),
            cue=draw(some),
            speaker=draw(NAMES),
            within=draw(references),
            medium=draw(st.sampled_from([*MEDIA])),
            polarity=draw(st.sampled_from([*POLARITIES])),
            status=draw(st.sampled_from([*STATUSES])),
        )
        for name in quote_ids
    ]
    claims = [
        Claim(
            id=name,
            spans=draw(several),
            voice=draw(st.sampled_from([*VOICES])),
            claimer=draw(NAMES),
            quote=draw(references),
            type=draw(st.sampled_from([*CLAIM_TYPES])),
            polarity=draw(st.sampled_from([*POLARITIES])),
            certainty=draw(st.sampled_from([*CERTAINTIES])),
            proposition=draw(NAMES),
        )
        for name in ids[9 : draw(st.integers(9, 12))]
    ]

    def part(items: list) -> tuple | None:
        return draw(st.just(tuple(items)) if items else st.sampled_from([None, ()]))

    return Layer(
        document=document.id,
        annotator=draw(NAMES) or "ana",
        mentions=part(mentions),
        quotes=part(quotes),
        marks=part(marks),
        claims=part(claims),
        text_sha256=draw(st.sampled_from([None, document.text_sha256])),
        schema_version=draw(st.sampled_from(["1.0.0", "0.9.0"])),
    )


@st.composite
def annotated(draw: st.DrawFn) -> tuple[Document, Layer]:
    """A document and a layer of it."""
    document = draw(documents())
    return document, draw(layers(document))


def make_document(text: str, name: str = "doc", sentences: tuple[tuple[int, int], ...] = ()) -> Document:
    """A document of one region and, unless told otherwise, one sentence."""
    return Document(
        id=name,
        text=text,
        regions=(Region(0, len(text), "body"),),
        sentences=sentences or ((0, len(text)),),
        tokens=tokenize(text),
        text_sha256=text_digest(text),
    )
