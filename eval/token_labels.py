"""What an annotator says of each token, and the sections of tokens that an annotator marks.

Tokens are those of the document's own record. A span stands for the tokens that it overlaps, as everywhere.

Of each token: the type of the mention that it is in (of several types, all of them as one label, so nothing
is chosen where mentions nest), whether it is in the content of a quote, of one in a quote whether it is the
source's own word (verbatim), and whether it is in a claim. Labels of position (the B and I of IOB) are not
used: κ and α would count a shifted boundary twice.

A unit is a run of neighbouring tokens of one item, so an item in fragments gives several. Its category is a
mention's type; how deep a quote is nested, by ``within``; and of all claims the same. Sections are units in
which what of one category overlaps is taken together, since α_u knows no overlap; neighbours stay apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from vostochny.eval.alpha_u import Section
from vostochny.schema.model import Layer, Quote, Span
from vostochny.schema.text import TextIndex

OUTSIDE = "none"
"""The label of a token in no item."""

Labels = Sequence[str | None]
"""A label for each token; None where nothing is said."""


def mention_labels(layer: Layer, index: TextIndex) -> Labels:
    """The type of the mention that a token is in; of several types, all of them, joined by ``+``."""
    types: dict[int, set[str]] = defaultdict(set)
    for mention in layer.mentions or ():
        for token in index.tokens_of((mention.span,)):
            types[token].add(mention.type)
    return ["+".join(sorted(types[n])) if n in types else OUTSIDE for n in _tokens(index)]


def content_labels(layer: Layer, index: TextIndex) -> Labels:
    """Whether a token is in the content of a quote."""
    inside = index.tokens_of(span for quote in layer.quotes or () for span in quote.content)
    return ["quote" if n in inside else OUTSIDE for n in _tokens(index)]


def verbatim_labels(layer: Layer, index: TextIndex) -> Labels:
    """Whether a token in the content of a quote is the source's own word; None outside quotes.

    None, too, in a quote of which nobody said which words these are, unless another one says that it is.
    """
    out: list[str | None] = [None] * len(index.document.tokens)
    unknown: set[int] = set()
    for quote in layer.quotes or ():
        content = index.tokens_of(quote.content)
        if quote.verbatim is None:
            unknown |= content
        for n in content if quote.verbatim is not None else ():
            out[n] = out[n] or "reported"
    for n in unknown:
        out[n] = None
    for n in index.tokens_of(span for quote in layer.quotes or () for span in quote.verbatim or ()):
        out[n] = "verbatim"
    return out


def claim_labels(layer: Layer, index: TextIndex) -> Labels:
    """Whether a token is in a claim."""
    inside = index.tokens_of(span for claim in layer.claims or () for span in claim.spans)
    return ["claim" if n in inside else OUTSIDE for n in _tokens(index)]


LABELLINGS: Mapping[str, tuple[str, Callable[[Layer, TextIndex], Labels]]] = {
    "mention_type": ("mentions", mention_labels),
    "quote_content": ("quotes", content_labels),
    "quote_verbatim": ("quotes", verbatim_labels),
    "claim": ("claims", claim_labels),
}
"""What is said of tokens: the layer part that says it, and how it is read."""


def units(layer: Layer, part: str, index: TextIndex) -> list[Section]:
    """The units that a layer marks in a part: mentions, quotes or claims; by category, then in text order."""
    runs: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for category, spans in _items(layer, part):
        runs[category] += _runs(index.tokens_of(spans))
    return [(start, end, category) for category in sorted(runs) for start, end in sorted(runs[category])]


def sections(layer: Layer, part: str, index: TextIndex) -> list[Section]:
    """The sections that a layer marks in a part: units, those of one category that overlap taken together."""
    out: list[Section] = []
    for start, end, category in units(layer, part, index):
        if out and out[-1][2] == category and start < out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end), category)
        else:
            out.append((start, end, category))
    return out


def _items(layer: Layer, part: str) -> Iterable[tuple[str, Iterable[Span]]]:
    """Each item's category and spans."""
    if part == "mentions":
        return [(mention.type, (mention.span,)) for mention in layer.mentions or ()]
    if part == "claims":
        return [("claim", claim.spans) for claim in layer.claims or ()]
    outer = {quote.id: quote.within for quote in layer.quotes or ()}
    return [(f"level {_depth(quote, outer)}", quote.content) for quote in layer.quotes or ()]


def _depth(quote: Quote, outer: Mapping[str, str | None]) -> int:
    """In how many quotes a quote is; quotes in a circle are each in all others."""
    chain = {quote.id}
    name = quote.within
    while name is not None and name in outer and name not in chain:
        chain.add(name)
        name = outer[name]
    return len(chain) - 1


def _runs(tokens: Iterable[int]) -> list[tuple[int, int]]:
    """Runs of neighbouring tokens, half-open."""
    out: list[tuple[int, int]] = []
    for n in sorted(tokens):
        if out and out[-1][1] == n:
            out[-1] = (out[-1][0], n + 1)
        else:
            out.append((n, n + 1))
    return out


def _tokens(index: TextIndex) -> range:
    return range(len(index.document.tokens))
