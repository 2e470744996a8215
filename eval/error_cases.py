"""The errors of one document, with the items that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from vostochny.eval.alignment import Pair
from vostochny.eval.claim_alignment import claim_pairs
from vostochny.eval.entity_errors import error_pairs
from vostochny.eval.error_attributes import AttributeCase, claim_errors, quote_errors
from vostochny.eval.error_spans import SpanCase, rest_pairs, span_cases
from vostochny.eval.error_speakers import Attributions
from vostochny.eval.items import Case, ClaimItem, ItemReader, MentionItem, QuoteItem, Tokens
from vostochny.eval.matching import iou
from vostochny.eval.options import Options
from vostochny.eval.quote_alignment import close_pairs, loose_pairs
from vostochny.eval.units import UnitReader
from vostochny.schema.model import Document, Layer, Span
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """A gold or predicted item: its id, where it is, and its labels, all as they were compared.

    ``spans`` are a mention's, a quote's content's or a claim's, of whole tokens unless boundaries are those
    of characters. ``labels`` has names resolved, cue and source as text, and a quote's outer quote by id.
    """

    id: str
    spans: tuple[Span, ...]
    labels: Mapping[str, str | None]

    def to_json(self) -> Json:
        """Id, spans with their text, and labels."""
        spans = [{"start": s.start, "end": s.end, "text": s.text} for s in self.spans]
        return {"id": self.id, "spans": spans, "labels": dict(self.labels)}


@dataclass(frozen=True, slots=True)
class ErrorCase:
    """One error, or one hit, with its items.

    ``category`` is one of :data:`~vostochny.eval.error_spans.SPAN_CATEGORIES`, or an attribute of
    :data:`~vostochny.eval.error_attributes.ATTRIBUTE_KINDS`, with its kind if it has kinds
    (``speaker/chain``); ``also`` are other kinds that hold as well. ``overlap`` is the IoU of all gold and
    all predicted tokens of the case, 0 where one side has none.
    """

    task: str
    category: str
    document: str
    gold: tuple[ErrorItem, ...]
    predicted: tuple[ErrorItem, ...]
    overlap: Fraction
    also: tuple[str, ...] = ()

    def is_of(self, category: str) -> bool:
        """Whether this is the case's category, or the attribute that its category is a kind of."""
        return self.category == category or self.category.startswith(f"{category}/")

    @property
    def gold_spans(self) -> list[Span]:
        """The spans of all gold items."""
        return [span for item in self.gold for span in item.spans]

    @property
    def predicted_spans(self) -> list[Span]:
        """The spans of all predicted items."""
        return [span for item in self.predicted for span in item.spans]

    @property
    def place(self) -> tuple[int, int]:
        """Where the case begins and ends in its document."""
        spans = [*self.gold_spans, *self.predicted_spans]
        return min(span.start for span in spans), max(span.end for span in spans)


class ErrorReader:
    """Sorts out one document's errors, under the matching ``options``; ``resolver`` knows the names."""

    def __init__(
        self, document: Document, gold: Layer, predicted: Layer, resolver: Resolver, options: Options
    ) -> None:
        self._index = TextIndex(document)
        self._gold, self._predicted = gold, predicted
        self._items = ItemReader(document, resolver, options)
        self._options = options
        self._attributions = Attributions(
            document, gold, predicted, resolver, UnitReader(self._index, options)
        )

    def cases(self, task: str) -> tuple[list[ErrorCase], int]:
        """A task's cases, and of how many pairs the attributes were compared."""
        if task == "entities":
            return self._entities(), 0
        return self._quotes() if task == "quotes" else self._claims()

    def _entities(self) -> list[ErrorCase]:
        ours, theirs = (self._items.mentions(y.mentions or ()) for y in (self._gold, self._predicted))
        case = Case(self._items.n_blocks, ours, theirs)
        hits: list[Pair] = []
        near: list[Pair] = []
        for pair in error_pairs(case, self._options.overlap.entities):
            gold, other = ours[pair[0]], theirs[pair[1]]
            (hits if gold.key == other.key else near).append(pair)
        spans = span_cases(case, hits, near, lambda mention: mention.type)
        told = [[self._item(m, {"type": m.type}) for m in side] for side in (ours, theirs)]
        return list(self._told("entities", case, spans, (), *told))

    def _quotes(self) -> tuple[list[ErrorCase], int]:
        ours, theirs = (self._items.quotes(y.quotes or ()) for y in (self._gold, self._predicted))
        case = Case(self._items.n_blocks, ours, theirs)
        hits: list[Pair] = []
        near: list[Pair] = []
        for pair in loose_pairs(case):
            same = ours[pair[0]].tokens == theirs[pair[1]].tokens
            (hits if same else near).append(pair)
        close = close_pairs(case, self._options.overlap.quotes)
        wrong = quote_errors(case, close, self._attributions)
        told = [[self._item(q, self._of_quote(q, side)) for q in side] for side in (ours, theirs)]
        return list(self._told("quotes", case, span_cases(case, hits, near), wrong, *told)), len(close)

    def _claims(self) -> tuple[list[ErrorCase], int]:
        ours, theirs = (self._items.claims(y.claims or ()) for y in (self._gold, self._predicted))
        case = Case(self._items.n_blocks, ours, theirs)
        pairs: list[Pair] = claim_pairs(case, self._options.overlap.claims)
        spans = span_cases(case, pairs, rest_pairs(case, pairs))
        wrong = claim_errors(case, pairs, self._attributions)
        told = [[self._item(c, _of_claim(c)) for c in side] for side in (ours, theirs)]
        return list(self._told("claims", case, spans, wrong, *told)), len(pairs)

    def _told(
        self,
        task: str,
        case: Case[Any],
        spans: Iterable[SpanCase],
        wrong: Iterable[AttributeCase],
        ours: list[ErrorItem],
        theirs: list[ErrorItem],
    ) -> Iterator[ErrorCase]:
        name = self._index.document.id
        for each in spans:
            left, right = (
                frozenset[int]().union(*(side[n].tokens for n in places))
                for side, places in ((case.gold, each.gold), (case.predicted, each.predicted))
            )
            gold, predicted = (
                tuple(sorted((side[n] for n in places), key=lambda item: (item.spans, item.id)))
                for side, places in ((ours, each.gold), (theirs, each.predicted))
            )
            yield ErrorCase(task, each.category, name, gold, predicted, iou(left, right))
        for found in wrong:
            i, j = found.gold, found.predicted
            category = "/".join((found.attribute, *found.kinds[:1]))
            overlap = iou(case.gold[i].tokens, case.predicted[j].tokens)
            yield ErrorCase(task, category, name, (ours[i],), (theirs[j],), overlap, found.kinds[1:])

    def _item(self, item: MentionItem | QuoteItem | ClaimItem, labels: Mapping[str, str | None]) -> ErrorItem:
        return ErrorItem(item.id, self._spans(item.tokens), labels)

    def _of_quote(self, quote: QuoteItem, all: tuple[QuoteItem, ...]) -> dict[str, str | None]:
        return {
            "speaker": quote.speaker,
            "source": self._text(quote.source),
            "cue": self._text(quote.cue),
            "kind": quote.kind,
            "medium": quote.medium,
            "polarity": quote.polarity,
            "status": quote.status,
            "within": None if quote.parent is None else all[quote.parent].id,
        }

    def _text(self, tokens: Tokens) -> str | None:
        return " … ".join(" ".join((span.text or "").split()) for span in self._spans(tokens)) or None

    def _spans(self, tokens: Tokens) -> tuple[Span, ...]:
        if self._options.boundaries == "token":
            return self._index.spans_of(tokens)
        runs: list[list[int]] = []
        for n in sorted(tokens):
            if runs and n == runs[-1][1]:
                runs[-1][1] = n + 1
            else:
                runs.append([n, n + 1])
        text = self._index.document.text
        return tuple(Span(start, end, text[start:end]) for start, end in runs)


def _of_claim(claim: ClaimItem) -> dict[str, str | None]:
    return {
        "claimer": claim.claimer,
        "voice": claim.voice,
        "type": claim.type,
        "polarity": claim.polarity,
        "certainty": claim.certainty,
    }
