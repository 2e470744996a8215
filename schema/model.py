"""The data types of every room: documents, layers and links.

A *layer* is what one annotator says of one document; gold, a round's raw work and a system's
predictions are all layers. All offsets are half-open ``[start, end)`` in Unicode code points of
the untouched document text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SCHEMA_VERSION = "1.0.0"

AUTHOR = "author"
"""Claimer of what the article says in its own voice."""

UNNAMED = "unnamed"
"""Speaker or claimer who is in the text but has no registry entry."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text: ``[start, end)`` in code points, with its surface text if known."""

    start: int
    end: int
    text: str | None = None

    def overlaps(self, other: Span) -> bool:
        """Whether both share at least one code point (neighbours do not)."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or value expression; ``entity`` and ``metonym_for`` are registry ids."""

    id: str
    start: int
    end: int
    text: str | None
    type: str
    entity: str | None = None
    metonym_for: str | None = None

    @property
    def span(self) -> Span:
        """The mention's stretch of text."""
        return Span(self.start, self.end, self.text)


@dataclass(frozen=True, slots=True)
class Quote:
    """A content that a source said or wrote.

    ``verbatim`` is None where a system did not say which parts are the source's own words.
    """

    id: str
    content: tuple[Span, ...]
    verbatim: tuple[Span, ...] | None = ()
    source: Span | None = None
    cue: tuple[Span, ...] = ()
    speaker: str | None = None
    within: str | None = None
    medium: str = "speech"
    polarity: str = "positive"
    status: str = "actual"


@dataclass(frozen=True, slots=True)
class Mark:
    """Quotation marks, with what they enclose, that belong to no quote."""

    id: str
    start: int
    end: int
    text: str | None
    role: str

    @property
    def span(self) -> Span:
        """The mark's stretch of text."""
        return Span(self.start, self.end, self.text)


@dataclass(frozen=True, slots=True)
class Claim:
    """A verifiable proposition, a commitment or prediction, or an evaluation."""

    id: str
    spans: tuple[Span, ...]
    voice: str = AUTHOR
    claimer: str | None = AUTHOR
    quote: str | None = None
    type: str = "fact"
    polarity: str = "positive"
    certainty: str = "asserted"
    proposition: str | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """What one annotator says of one document.

    A part that is None was not done (a system that finds no claims leaves ``claims`` out); an
    empty tuple says that there is none.
    """

    document: str
    annotator: str
    mentions: tuple[Mention, ...] | None = None
    quotes: tuple[Quote, ...] | None = None
    marks: tuple[Mark, ...] | None = None
    claims: tuple[Claim, ...] | None = None
    text_sha256: str | None = None
    schema_version: str = SCHEMA_VERSION


class Gold(dict[str, Layer]):
    """Gold layers by document id, with the documents that they are about and the links across them."""

    def __init__(self, layers: Mapping[str, Layer], documents: Mapping[str, Document], links: Links) -> None:
        super().__init__(layers)
        self.documents = dict(documents)
        self.links = links

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entity registry."""
        return self.links.entities


@dataclass(frozen=True, slots=True)
class Region:
    """A paragraph and its kind (headline, body, caption, …): the block of every count."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Document:
    """An article: its text, what the text says of its origin, and its hand-checked structure.

    ``sentences`` and ``tokens`` are ``(start, end)`` pairs in code points, in text order.
    """

    id: str
    text: str
    regions: tuple[Region, ...]
    sentences: tuple[tuple[int, int], ...]
    tokens: tuple[tuple[int, int], ...]
    text_sha256: str
    title: str | None = None
    outlet: str | None = None
    agency: str | None = None
    date: str | None = None
    language: str | None = None
    translated: bool | None = None
    origin: str | None = None
    evidence: tuple[Mapping[str, Any], ...] = ()

    def slice(self, span: Span) -> str:
        """The text that a span covers."""
        return self.text[span.start : span.end]


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """An item of a document's layer, by the document's id and its own."""

    document: str
    id: str

    def __str__(self) -> str:
        return f"{self.document}.{self.id}"


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A stretch of a document: ``[start, end)`` in code points, with its text."""

    document: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A registry entry: what mentions name, quotes are spoken by and claims are made by.

    ``mentions`` are the mentions that name it, where links say so themselves; None: the layers say it, by
    :attr:`Mention.entity`.
    """

    id: str
    name: str
    type: str
    aliases: tuple[str, ...] = ()
    wikidata: str | None = None
    mentions: tuple[Ref, ...] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """How one rendering of an utterance differs from another.

    ``members`` are two quotes of the utterance, ``spans`` one passage of each: what differs, or, on the
    side that lacks something, the phrase to which it would belong.
    """

    type: str
    members: tuple[Ref, Ref]
    spans: tuple[Passage, Passage]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """One act of speech and the quotes that render it, the fullest rendering first."""

    id: str
    members: tuple[Ref, ...]
    speaker: str | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """Claims with the same truth conditions; one alone if it is related to others."""

    id: str
    members: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class ClaimRelation:
    """``source`` supports (entails) or contradicts ``target``; both are ids of claim groups."""

    source: str
    target: str
    type: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """What one annotator, or a system, says across the documents; the registry is its first part.

    A part that is None was not done; an empty tuple says that there is none.
    """

    annotator: str
    entities: tuple[Entity, ...] = ()
    utterances: tuple[Utterance, ...] | None = None
    claim_groups: tuple[ClaimGroup, ...] | None = None
    claim_relations: tuple[ClaimRelation, ...] | None = None
    schema_version: str = SCHEMA_VERSION


def bounds(spans: Iterable[Span]) -> tuple[int, int]:
    """First start and last end of some spans (at least one)."""
    listed = list(spans)
    return min(s.start for s in listed), max(s.end for s in listed)
