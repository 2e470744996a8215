"""What is compared: mentions, quotes and claims as sets of token indices, with their block.

Scores see tokens, not characters: a span stands for the tokens (of the document's own record) that it
overlaps, so a stray space or a cut-off letter costs nothing and a shifted word does. The block of an
item is the region of its first token. Items are put into one canonical order, so no score can depend on
the order in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

from vostochny.eval.quote_order import nesting_order
from vostochny.schema.model import Claim, Document, Mention, Quote, Span
from vostochny.schema.quotation import quote_kind
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex

Tokens = frozenset[int]
Key = tuple[list[list[int]], list[str]]


class Item(Protocol):
    """Anything with tokens that lies in a block."""

    @property
    def id(self) -> str:
        """The annotation's id in its layer, by which an alignment is told; never scored or compared."""

    @property
    def tokens(self) -> Tokens:
        """Indices of the document's tokens."""

    @property
    def block(self) -> int:
        """Index of the region that holds the first token."""

    @property
    def key(self) -> Key:
        """All that is scored of the item: what it is sorted by."""


ItemT = TypeVar("ItemT", bound=Item)


@dataclass(frozen=True, slots=True)
class Case(Generic[ItemT]):
    """One document's gold and predicted items of one kind, in canonical order.

    ``sentence_blocks`` gives each sentence's block.
    """

    n_blocks: int
    gold: tuple[ItemT, ...]
    predicted: tuple[ItemT, ...]
    sentence_blocks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MentionItem:
    """A mention."""

    tokens: Tokens
    block: int
    type: str
    id: str = field(default="", compare=False)

    @property
    def key(self) -> Key:
        """Tokens and type."""
        return [sorted(self.tokens)], [self.type]


@dataclass(frozen=True, slots=True)
class QuoteItem:
    """A quote; ``tokens`` are its content's, ``speaker`` is resolved.

    ``nested`` says that the quote names an outer quote; ``parent`` is that quote's place among the document's
    quotes (None if there is no quote of that id), ``parent_tokens`` its content.
    """

    tokens: Tokens
    block: int
    cue: Tokens
    source: Tokens
    speaker: str | None
    kind: str
    medium: str
    polarity: str
    status: str
    nested: bool = False
    parent: int | None = None
    parent_tokens: Tokens = frozenset()
    id: str = field(default="", compare=False)

    @property
    def key(self) -> Key:
        """Content, cue, source, outer content; then the labels."""
        sets = (self.tokens, self.cue, self.source, self.parent_tokens)
        words = [self.speaker or "", self.kind, self.medium, self.polarity, self.status, str(self.nested)]
        return [sorted(each) for each in sets], words


@dataclass(frozen=True, slots=True)
class ClaimItem:
    """A claim; ``claimer`` is resolved, ``sentences`` are those that hold at least one of its tokens."""

    tokens: Tokens
    block: int
    sentences: frozenset[int]
    claimer: str | None
    voice: str
    type: str
    polarity: str
    certainty: str
    id: str = field(default="", compare=False)

    @property
    def key(self) -> Key:
        """Tokens; then the labels."""
        words = [self.claimer or "", self.voice, self.type, self.polarity, self.certainty]
        return [sorted(self.tokens)], words


class ItemReader:
    """Turns one document's annotations into items.

    ``resolver`` maps speakers' and claimers' names to registry ids. With ``trim``, leading articles and final
    possessive endings are cut off mentions (where something is left). Document and layers must have passed
    :mod:`vostochny.eval.input_checks`.
    """

    def __init__(self, document: Document, resolver: Resolver, *, trim: bool = False) -> None:
        self.document = document
        self._index = TextIndex(document)
        self._resolver = resolver
        self._trim = trim
        self._block = _places(self._index.region_of, document)
        self._sentence = _places(self._index.sentence_of, document)

    @property
    def n_blocks(self) -> int:
        """Number of the document's regions."""
        return len(self.document.regions)

    @property
    def sentence_blocks(self) -> tuple[int, ...]:
        """Each sentence's block; a sentence without tokens, which holds no claim either, has the first."""
        first: dict[int, int] = {}
        for token, sentence in enumerate(self._sentence):
            first.setdefault(sentence, self._block[token])
        return tuple(first.get(n, 0) for n in range(len(self.document.sentences)))

    def mentions(self, mentions: Iterable[Mention]) -> tuple[MentionItem, ...]:
        """Mentions as items."""
        items = []
        for mention in mentions:
            tokens = self._index.tokens_of((mention.span,))
            if self._trim:
                tokens = self._trimmed(tokens)
            items.append(MentionItem(tokens, self._block_of(tokens), mention.type, mention.id))
        return tuple(sorted(items, key=lambda item: item.key))

    def quotes(self, quotes: Iterable[Quote]) -> tuple[QuoteItem, ...]:
        """Quotes as items."""
        listed = list(quotes)
        by_id = {quote.id: quote for quote in listed}
        items = [self._quote(quote, by_id) for quote in listed]
        there = {quote.id: n for n, quote in enumerate(listed)}
        parents = [there.get(quote.within or "") for quote in listed]
        order = nesting_order([item.key for item in items], parents)
        place = {n: new for new, n in enumerate(order)}
        return tuple(
            replace(items[n], parent=None if (parent := parents[n]) is None else place[parent]) for n in order
        )

    def claims(self, claims: Iterable[Claim]) -> tuple[ClaimItem, ...]:
        """Claims as items."""
        items = []
        for claim in claims:
            tokens = self._index.tokens_of(claim.spans)
            items.append(
                ClaimItem(
                    tokens=tokens,
                    block=self._block_of(tokens),
                    sentences=frozenset(self._sentence[token] for token in tokens),
                    claimer=self._resolved(claim.claimer),
                    voice=claim.voice,
                    type=claim.type,
                    polarity=claim.polarity,
                    certainty=claim.certainty,
                    id=claim.id,
                )
            )
        return tuple(sorted(items, key=lambda item: item.key))

    def _quote(self, quote: Quote, by_id: dict[str, Quote]) -> QuoteItem:
        tokens = self._index.tokens_of(quote.content)
        outer = by_id.get(quote.within) if quote.within is not None else None
        return QuoteItem(
            tokens=tokens,
            block=self._block_of(tokens),
            cue=self._index.tokens_of(quote.cue),
            source=self._index.tokens_of((quote.source,) if quote.source else ()),
            speaker=self._resolved(quote.speaker),
            kind=quote_kind(self._index, quote),
            medium=quote.medium,
            polarity=quote.polarity,
            status=quote.status,
            nested=quote.within is not None,
            parent_tokens=frozenset() if outer is None else self._index.tokens_of(outer.content),
            id=quote.id,
        )

    def _resolved(self, name: str | None) -> str | None:
        return None if name is None else self._resolver.resolve(name)

    def _trimmed(self, tokens: Tokens) -> Tokens:
        surface = {n: self.document.slice(Span(*self.document.tokens[n])).casefold() for n in tokens}
        kept = sorted(tokens)
        while len(kept) > 1 and surface[kept[0]] in _ARTICLES:
            kept = kept[1:]
        if len(kept) > 2 and surface[kept[-1]] == "s" and surface[kept[-2]] in _APOSTROPHES:
            kept = kept[:-2]
        elif len(kept) > 1 and surface[kept[-1]] in _APOSTROPHES:
            kept = kept[:-1]
        return frozenset(kept)

    def _block_of(self, tokens: Tokens) -> int:
        return self._block[min(tokens)]


def _places(find: Callable[[int], int | None], document: Document) -> list[int]:
    """The region, or sentence, of each token."""
    out = []
    for start, _ in document.tokens:
        place = find(start)
        assert place is not None  # the document passed input_checks
        out.append(place)
    return out


_ARTICLES = frozenset({"a", "an", "the"})
_APOSTROPHES = frozenset({"'", "’"})
