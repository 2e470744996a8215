"""What is compared: mentions, quotes and claims as sets of units, with their block.

By default scores see tokens, not characters: a span stands for the tokens (of the document's own record)
that it overlaps, so a stray space or a cut-off letter costs nothing and a shifted word does.
:mod:`vostochny.eval.options` says what else units, and items, may be; wherever these modules speak of an
item's tokens, its units are meant. The block of an item is the region of its first token. Items are put into
one canonical order, so no score can depend on the order in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Generic, NamedTuple, Protocol, TypeVar, cast

import numpy as np

from vostochny.eval.options import DEFAULTS, Options
from vostochny.eval.overlaps import Ints, Overlaps, overlaps
from vostochny.eval.quote_order import nesting_order
from vostochny.eval.units import Content, UnitReader, Units, kept
from vostochny.schema.model import Claim, Document, Mention, Quote
from vostochny.schema.quotation import quote_kind
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex

Tokens = Units
Key = tuple[list[list[int]], list[str]]


class Item(Protocol):
    """Anything with tokens that lies in a block."""

    @property
    def id(self) -> str:
        """The annotation's id in its layer, by which an alignment is told; never scored or compared."""

    @property
    def tokens(self) -> Tokens:
        """Indices of the document's tokens, or code points where boundaries are those of characters."""

    @property
    def block(self) -> int:
        """Index of the region that holds the first token."""

    @property
    def key(self) -> Key:
        """All that is scored of the item: what it is sorted by."""


ItemT = TypeVar("ItemT", bound=Item)


@dataclass(frozen=True)
class Side(Generic[ItemT]):
    """The items of one side of a case, document after document.

    ``first_item`` and ``first_block`` say where each document begins (``[n_documents]``).
    """

    items: tuple[ItemT, ...]
    first_item: Ints
    first_block: Ints

    @cached_property
    def document(self) -> Ints:
        """The number of each item's document (``[n_items]``)."""
        return np.searchsorted(self.first_item, np.arange(len(self.items)), side="right") - 1

    @cached_property
    def block(self) -> Ints:
        """Each item's block, counted through all documents (``[n_items]``)."""
        return self.whole(item.block for item in self.items) + self.first_block[self.document]

    @cached_property
    def size(self) -> Ints:
        """Number of each item's tokens (``[n_items]``)."""
        return self.whole(len(item.tokens) for item in self.items)

    def whole(self, values: Iterable[int]) -> Ints:
        """One whole number an item, as an array."""
        return np.fromiter(values, np.int64, len(self.items))

    def keyed(self, key: Callable[[ItemT], Hashable]) -> list[tuple[int, Hashable]]:
        """A key of each item that is equal only within its document."""
        return list(zip(self.document.tolist(), map(key, self.items), strict=True))


@dataclass(frozen=True)
class Case(Generic[ItemT]):
    """Gold and predicted items of one kind: those of a document in canonical order, or of several documents.

    ``sentence_blocks`` gives each sentence's block. ``firsts`` says, for each document, which gold item,
    predicted item, block and sentence are its first ones; an item's own numbers count from there.
    """

    n_blocks: int
    gold: tuple[ItemT, ...]
    predicted: tuple[ItemT, ...]
    sentence_blocks: tuple[int, ...] = ()
    firsts: tuple[tuple[int, int, int, int], ...] = ((0, 0, 0, 0),)

    @classmethod
    def joined(cls, cases: Iterable[Case[ItemT]]) -> Case[ItemT]:
        """The cases of several documents as one, in which items still meet only those of their document."""
        gold: list[ItemT] = []
        predicted: list[ItemT] = []
        sentences: list[int] = []
        firsts: list[tuple[int, int, int, int]] = []
        n_blocks = 0
        for case in cases:
            a, b, c, d = len(gold), len(predicted), n_blocks, len(sentences)
            firsts += ((a + i, b + j, c + k, d + n) for i, j, k, n in case.firsts)
            gold += case.gold
            predicted += case.predicted
            sentences += (n_blocks + block for block in case.sentence_blocks)
            n_blocks += case.n_blocks
        return cls(n_blocks, tuple(gold), tuple(predicted), tuple(sentences), tuple(firsts))

    @cached_property
    def ours(self) -> Side[ItemT]:
        """Gold's side."""
        return Side(self.gold, self._firsts[:, 0], self._firsts[:, 2])

    @cached_property
    def theirs(self) -> Side[ItemT]:
        """The prediction's side."""
        return Side(self.predicted, self._firsts[:, 1], self._firsts[:, 2])

    @cached_property
    def first_sentence(self) -> Ints:
        """The first sentence of each document (``[n_documents]``)."""
        return self._firsts[:, 3]

    @cached_property
    def overlaps(self) -> Overlaps:
        """The pairs of items that share a token."""
        ours, theirs = ([item.tokens for item in items] for items in (self.gold, self.predicted))
        return overlaps(ours, theirs, self.ours.document, self.theirs.document)

    @cached_property
    def _firsts(self) -> Ints:
        return np.array(self.firsts, dtype=np.int64).reshape(-1, 4)


@dataclass(frozen=True, slots=True)
class MentionItem:
    """A mention: the units ``[start, end)``, without gap whatever the options."""

    start: int
    end: int
    block: int
    type: str
    id: str = field(default="", compare=False)

    @property
    def tokens(self) -> Tokens:
        """All units, as a set."""
        return frozenset(range(self.start, self.end))

    @property
    def key(self) -> Key:
        """Start and end, which sort like the tokens between them, and type."""
        return [[self.start, self.end]], [self.type]


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


class _Draft(NamedTuple):
    """A quote that is being read: a content of it and the content's units."""

    quote: Quote
    content: Content
    tokens: Tokens


class ItemReader:
    """Turns one document's annotations into items, as the matching ``options`` say.

    ``resolver`` maps speakers' and claimers' names to registry ids; ``index`` is the document's, where there
    is one already. Document and layers must have passed :mod:`vostochny.eval.input_checks`.
    """

    def __init__(
        self,
        document: Document,
        resolver: Resolver,
        options: Options = DEFAULTS,
        *,
        index: TextIndex | None = None,
    ) -> None:
        self.document = document
        self.options = options
        self._index = TextIndex(document) if index is None else index
        self._units = UnitReader(self._index, options)
        self._resolver = resolver

    @cached_property
    def _blocks(self) -> list[int]:
        """The region of each token; the document passed the checks, so there is one."""
        return cast(list[int], self._index.token_regions)

    @cached_property
    def _sentences(self) -> list[int]:
        """The sentence of each token; likewise."""
        return cast(list[int], self._index.token_sentences)

    @property
    def n_blocks(self) -> int:
        """Number of the document's regions."""
        return len(self.document.regions)

    @property
    def sentence_blocks(self) -> tuple[int, ...]:
        """Each sentence's block; a sentence without tokens, which holds no claim either, has the first."""
        sentences = self._sentences
        # Backwards, so that the first token of each is what stays.
        first = dict(zip(reversed(sentences), reversed(range(len(sentences))), strict=True))
        return tuple(self._blocks[first[n]] if n in first else 0 for n in range(len(self.document.sentences)))

    def mentions(self, mentions: Iterable[Mention]) -> tuple[MentionItem, ...]:
        """Mentions as items."""
        items = []
        for mention in mentions:
            start, end = self._units.mention(mention.span)
            block = self._blocks[self._units.first_token(start, end)]
            items.append(MentionItem(start, end, block, mention.type, mention.id))
        return tuple(sorted(self._kept(items), key=lambda item: item.key))

    def quotes(self, quotes: Iterable[Quote]) -> tuple[QuoteItem, ...]:
        """Quotes as items."""
        drafts: list[_Draft] = []
        places: dict[str, list[int]] = {}
        for quote in quotes:
            contents = self._units.contents(quote.content)
            places[quote.id] = list(range(len(drafts), len(drafts) + len(contents)))
            drafts += [_Draft(quote, each, self._units.units(each)) for each in contents]
        parents = [
            None if draft.quote.within is None else _nearest(drafts, n, places.get(draft.quote.within, []))
            for n, draft in enumerate(drafts)
        ]
        items, parents = self._unnested(drafts, parents)
        order = nesting_order([item.key for item in items], parents)
        place = {n: new for new, n in enumerate(order)}
        return tuple(
            items[n] if (parent := parents[n]) is None else replace(items[n], parent=place[parent])
            for n in order
        )

    def claims(self, claims: Iterable[Claim]) -> tuple[ClaimItem, ...]:
        """Claims as items."""
        items = [self._claim(claim, spans) for claim in claims for spans in self._units.contents(claim.spans)]
        return tuple(sorted(self._kept(items), key=lambda item: item.key))

    def _claim(self, claim: Claim, spans: Content) -> ClaimItem:
        ranges = [self._index.range_of(span) for span in spans]
        sentences = [self._sentences[each.start : each.stop] for each in ranges]
        return ClaimItem(
            tokens=self._units.units(spans),
            block=self._blocks[min(each.start for each in ranges)],
            sentences=frozenset(sentences[0] if len(sentences) == 1 else chain.from_iterable(sentences)),
            claimer=self._resolved(claim.claimer),
            voice=claim.voice,
            type=claim.type,
            polarity=claim.polarity,
            certainty=claim.certainty,
            id=claim.id,
        )

    def _quote(self, draft: _Draft, *, nested: bool, inside: Tokens) -> QuoteItem:
        """A quote with this content, without the place of the outer one."""
        quote = draft.quote
        source = (0, 0) if quote.source is None else self._units.mention(quote.source)
        whole = quote if draft.content is quote.content else replace(quote, content=draft.content)
        return QuoteItem(
            tokens=draft.tokens,
            block=self._blocks[min(self._index.range_of(span).start for span in draft.content)],
            cue=self._units.units(self._units.whole(quote.cue)),
            source=frozenset(range(*source)),
            speaker=self._resolved(quote.speaker),
            kind=quote_kind(self._index, whole),
            medium=quote.medium,
            polarity=quote.polarity,
            status=quote.status,
            nested=nested,
            parent_tokens=inside,
            id=quote.id,
        )

    def _unnested(
        self, drafts: Sequence[_Draft], parents: Sequence[int | None]
    ) -> tuple[list[QuoteItem], list[int | None]]:
        """The quotes that are kept, each with the nearest outer quote that is kept, and its place."""
        places = kept([draft.tokens for draft in drafts], self.options.nested)
        new = {old: n for n, old in enumerate(places)}
        out: list[QuoteItem] = []
        outer: list[int | None] = []
        for place in places:
            last, seen = place, {place}
            while (parent := parents[last]) is not None and parent not in new and parent not in seen:
                seen.add(parent)
                last = parent
            nested = drafts[last].quote.within is not None
            if parent is not None and parent not in new:  # a circle of quotes that are left out
                parent, nested = None, False
            inside = frozenset() if parent is None else drafts[parent].tokens
            out.append(self._quote(drafts[place], nested=nested, inside=inside))
            outer.append(None if parent is None else new[parent])
        return out, outer

    def _kept(self, items: Sequence[ItemT]) -> list[ItemT]:
        if self.options.nested == "all":
            return list(items)
        return [items[n] for n in kept([item.tokens for item in items], self.options.nested)]

    def _resolved(self, name: str | None) -> str | None:
        return None if name is None else self._resolver.resolve(name)


def _nearest(drafts: Sequence[_Draft], inner: int, outer: Sequence[int]) -> int | None:
    """The part of an outer quote in which an inner quote lies; None if there is no outer quote."""
    return max(outer, key=lambda n: (len(drafts[n].tokens & drafts[inner].tokens), -n), default=None)
