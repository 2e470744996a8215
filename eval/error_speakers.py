"""Why a quote has the wrong speaker, or a claim the wrong claimer.

The gold item names somebody and the system named somebody else, nobody, or somebody where gold names nobody.
The kind of the error is the first of these that holds:

* ``superfluous``: gold names nobody;
* ``author`` (claims): the system took for the article's own what a source claims;
* ``attributed`` (claims): the system gave a source what the article claims itself;
* ``chain``: the system named another link of the chain of quotes, that is the speaker (if one is named) of a
  quote that the gold quote lies in, or of one that lies in it: the agency instead of the man it quotes;
* ``pronoun``: gold's source is a pronoun or a description ("he", "the Korean scholar") that the system did
  not resolve, or not to the one who is meant;
* ``missing``: the system named nobody;
* ``nearest``: the system named the one whose name, of all names of persons, organisations and places outside
  the item, stands nearest to it in the text, or the person whose name does;
* ``other``: none of these.

A source is a description if no mention in it names the speaker, and as a whole it does not, either. Names are
those of gold's mentions, or of the prediction's where gold has none: the entity, what it stands for, or,
where neither is given, what its words are resolved to. Nearness is counted in tokens between mention and
content. A claim has the chain and the source of the quote that gold says it lies in.

The nearest name is the rule that systems of quote attribution are held against (O'Keefe et al., "A sequence
labelling approach to quote attribution", EMNLP-CoNLL 2012).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

from vostochny.eval.items import ClaimItem, QuoteItem, Tokens
from vostochny.eval.units import UnitReader
from vostochny.schema.model import AUTHOR, UNNAMED, Document, Layer, Mention, Quote
from vostochny.schema.registry import Resolver

SPEAKER_KINDS = ("nearest", "chain", "pronoun", "missing", "superfluous", "other")
CLAIMER_KINDS = ("author", "attributed", *SPEAKER_KINDS)

_NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC"})
"""The types of mentions that may be named as speakers: a nationality is part of somebody else's name."""


class Attributions:
    """Tells the kinds of wrong speakers and claimers in one document.

    ``resolver`` knows the names, ``units`` the matching options; ``predicted`` is only asked for its
    mentions, where gold has none.
    """

    def __init__(
        self, document: Document, gold: Layer, predicted: Layer, resolver: Resolver, units: UnitReader
    ) -> None:
        self._document, self._resolver, self._units = document, resolver, units
        self._mentions = (gold.mentions if gold.mentions is not None else predicted.mentions) or ()
        self._quotes = {quote.id: quote for quote in gold.quotes or ()}
        self._quote_of = {claim.id: claim.quote for claim in gold.claims or ()}

    def speaker(self, gold: QuoteItem, other: QuoteItem) -> tuple[str, ...]:
        """All kinds that hold of the wrong speaker of a pair; the first is its kind."""
        if gold.speaker is None:
            return ("superfluous",)
        return self._kinds(gold.speaker, other.speaker, self._quotes[gold.id], gold.tokens)

    def claimer(self, gold: ClaimItem, other: ClaimItem) -> tuple[str, ...]:
        """The same of the wrong claimer of a pair."""
        if gold.claimer is None:
            return ("superfluous",)
        quote = self._quotes.get(self._quote_of[gold.id] or "")
        found = self._kinds(gold.claimer, other.claimer, quote, gold.tokens)
        first = ""
        if other.claimer == AUTHOR:
            first = "author"
        elif gold.claimer == AUTHOR and other.claimer is not None:
            first = "attributed"
        return (first, *(kind for kind in found if kind != "other")) if first else found

    def _kinds(self, gold: str, named: str | None, quote: Quote | None, tokens: Tokens) -> tuple[str, ...]:
        holds = {
            "chain": quote is not None and named != UNNAMED and named in self._chain(quote),
            "pronoun": quote is not None and gold not in (AUTHOR, UNNAMED) and self._described(quote, gold),
            "missing": named is None,
            "nearest": named in self._nearest(tokens),
        }
        return tuple(kind for kind, there in holds.items() if there) or ("other",)

    def _chain(self, quote: Quote) -> set[str]:
        """The speakers of a quote, of those around it and of those in it."""
        chain: dict[str, Quote] = {}
        outer: Quote | None = quote
        while outer is not None and outer.id not in chain:
            chain[outer.id] = outer
            outer = self._quotes.get(outer.within or "")
        inner = [quote]
        while inner:
            above = inner.pop()
            found = [q for q in self._quotes.values() if q.within == above.id and q.id not in chain]
            chain |= {each.id: each for each in found}
            inner += found
        return {self._resolver.resolve(q.speaker) for q in chain.values() if q.speaker is not None}

    def _described(self, quote: Quote, speaker: str) -> bool:
        source = quote.source
        if source is None or self._resolver.resolve(self._document.slice(source)) == speaker:
            return False
        return not any(m.span.overlaps(source) and speaker in self._meant(m) for m in self._mentions)

    def _meant(self, mention: Mention) -> set[str]:
        """Whom a mention names or stands for."""
        named = {name for name in (mention.entity, mention.metonym_for) if name is not None}
        return set(map(self._resolver.resolve, named or {self._document.slice(mention.span)}))

    def _nearest(self, tokens: Tokens) -> set[str]:
        ordered = sorted(tokens)
        outside = [
            (away, mention)
            for mention, start, end in self._placed
            if (away := _distance(ordered, start, end)) is not None
        ]
        people = [(away, mention) for away, mention in outside if mention.type == "PERSON"]
        out: set[str] = set()
        for group in (outside, people):
            least = min((away for away, _ in group), default=0)
            out |= {name for away, mention in group if away == least for name in self._meant(mention)}
        return out

    @cached_property
    def _placed(self) -> list[tuple[Mention, int, int]]:
        """The mentions that may be named, each with where its units begin and end."""
        return [(m, *self._units.mention(m.span)) for m in self._mentions if m.type in _NAMES]


def _distance(ordered: Sequence[int], start: int, end: int) -> int | None:
    """How far units ``[start, end)`` are from the nearest of some; None if they share one."""
    n = bisect_left(ordered, start)
    if n < len(ordered) and ordered[n] < end:
        return None
    before = [start - ordered[n - 1]] if n else []
    behind = [ordered[n] - end + 1] if n < len(ordered) else []
    return min(before + behind)
