"""What is said of a mention, quote, mark or claim when one points at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vostochny.schema.labels import CLAIM_TYPES, ENTITY_TYPES, MARK_ROLES
from vostochny.schema.model import AUTHOR, UNNAMED, Claim, Document, Entity, Mark, Mention, Quote, Span
from vostochny.schema.quotation import quote_kind
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex


@dataclass(frozen=True, slots=True)
class Row:
    """A line of an item's details; ``href`` is the id that the value leads to, if any."""

    name: str
    value: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """An item's kind, id and lines; ``layer`` is the letter of its layer, ``label`` says it in one line."""

    layer: str
    kind: str
    id: str
    label: str
    rows: tuple[Row, ...]


def shown_name(name: str | None, entities: Mapping[str, Entity], resolver: Resolver) -> str:
    """The name of a speaker or claimer, who may be given by id, by name or not at all."""
    if name is None:
        return "nobody named"
    if name in (AUTHOR, UNNAMED):
        return {AUTHOR: "the article itself", UNNAMED: "somebody unnamed"}[name]
    entity = entities.get(resolver.resolve(name))
    return entity.name if entity else name


class Describer:
    """Describes the items of one layer of a document.

    ``anchor`` gives the element id of an item of the layer by its id.
    """

    def __init__(
        self,
        document: Document,
        entities: Mapping[str, Entity],
        resolver: Resolver,
        anchor: Callable[[str], str],
    ) -> None:
        self._document = document
        self._entities = entities
        self._resolver = resolver
        self._anchor = anchor
        self._index = TextIndex(document)

    def who(self, name: str | None) -> str:
        """A speaker's or claimer's name as it is shown."""
        return shown_name(name, self._entities, self._resolver)

    def mention(self, mention: Mention) -> Details:
        """A mention: its type, entity and whom it stands for."""
        rows = [Row("type", f"{mention.type}: {ENTITY_TYPES[mention.type]}")]
        label = f"{mention.type} {mention.id}"
        if mention.entity is not None:
            entity = self._entities.get(mention.entity)
            name = entity.name if entity else mention.entity
            rows.append(Row("entity", name))
            if entity and entity.wikidata:
                rows.append(Row("Wikidata", entity.wikidata))
            label += f": {name}"
        if mention.metonym_for is not None:
            rows.append(Row("stands for", self.who(mention.metonym_for)))
        return Details("m", "entity", mention.id, label, tuple(rows))

    def quote(self, quote: Quote) -> Details:
        """A quote: who said it, how, and how it is introduced."""
        kind = quote_kind(self._index, quote)
        rows = [Row("speaker", self.who(quote.speaker)), Row("kind", kind)]
        if quote.source is not None:
            rows.append(Row("source", self._text(quote.source)))
        if quote.cue:
            rows.append(Row("cue", " … ".join(self._text(span) for span in quote.cue)))
        if quote.within is not None:
            rows.append(Row("within", f"quote {quote.within}", self._anchor(quote.within)))
        rows.append(Row("medium", quote.medium))
        rows += [Row("polarity", quote.polarity), Row("status", quote.status)]
        return Details(
            "q", "quote", quote.id, f"{kind} quote {quote.id}: {self.who(quote.speaker)}", tuple(rows)
        )

    def mark(self, mark: Mark) -> Details:
        """Quotation marks that quote nobody."""
        rows = (Row("role", f"{mark.role}: {MARK_ROLES.get(mark.role, '')}"),)
        return Details("k", "quotation marks", mark.id, f"{mark.role} marks {mark.id}", rows)

    def claim(self, claim: Claim) -> Details:
        """A claim: what is claimed, by whom, and how firmly."""
        rows = [Row("proposition", claim.proposition)] if claim.proposition else []
        rows += [
            Row("claimer", self.who(claim.claimer)),
            Row("voice", claim.voice),
            Row("type", f"{claim.type}: {CLAIM_TYPES[claim.type]}"),
            Row("certainty", claim.certainty),
            Row("polarity", claim.polarity),
        ]
        if claim.quote is not None:
            rows.append(Row("in", f"quote {claim.quote}", self._anchor(claim.quote)))
        return Details(
            "c", "claim", claim.id, f"{claim.type} {claim.id}: {self.who(claim.claimer)}", tuple(rows)
        )

    def _text(self, span: Span) -> str:
        return " ".join(self._document.slice(span).split())
