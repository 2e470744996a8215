"""What the corpus holds, counted: the figures of the README and the datasheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from vostochny.schema.closure import follows
from vostochny.schema.labels import (
    CERTAINTIES,
    CLAIM_TYPES,
    DIFFERENCES,
    ENTITY_TYPES,
    MARK_ROLES,
    MEDIA,
    POLARITIES,
    QUOTE_KINDS,
    REGION_KINDS,
    RELATIONS,
    STATUSES,
    VOICES,
)
from vostochny.schema.model import Document, Layer, Links
from vostochny.schema.quotation import quote_kind
from vostochny.schema.text import TextIndex

Row = tuple[str, ...]

COLUMNS = (
    "article",
    "outlet or agency",
    "code points",
    "sentences",
    "tokens",
    "mentions",
    "entities",
    "quotes",
    "nested",
    "marks",
    "claims",
    "attributed",
)
"""Columns of :func:`article_rows`."""


def article_rows(documents: Mapping[str, Document], gold: Mapping[str, Layer]) -> list[Row]:
    """A row an article with gold and one of sums; ``entities`` counts distinct registry entries mentioned."""
    rows: list[tuple[str, str, Sequence[int]]] = []
    everybody: set[str] = set()
    for name, layer in gold.items():
        document = documents[name]
        mentions, quotes, claims = layer.mentions or (), layer.quotes or (), layer.claims or ()
        named = {m.entity for m in mentions if m.entity}
        everybody |= named
        counts = (
            len(document.text),
            len(document.sentences),
            len(document.tokens),
            len(mentions),
            len(named),
            len(quotes),
            sum(q.within is not None for q in quotes),
            len(layer.marks or ()),
            len(claims),
            sum(c.voice == "attributed" for c in claims),
        )
        rows.append((name, document.outlet or document.agency or "unknown", counts))
    sums = [sum(column) for column in zip(*(counts for _, _, counts in rows), strict=True)]
    sums[4] = len(everybody)
    return [(n, o, *map(_thousands, c)) for n, o, c in [*rows, ("all", "", sums)]]


def label_rows(documents: Mapping[str, Document], gold: Mapping[str, Layer]) -> list[Row]:
    """A row a label set: its name and how often each label occurs, labels in guideline order."""
    regions = [r.kind for d in documents.values() for r in d.regions]
    mentions = [m for layer in gold.values() for m in layer.mentions or ()]
    marks = [m for layer in gold.values() for m in layer.marks or ()]
    claims = [c for layer in gold.values() for c in layer.claims or ()]
    quotes = [q for layer in gold.values() for q in layer.quotes or ()]
    kinds = [
        quote_kind(TextIndex(documents[name]), q) for name, layer in gold.items() for q in layer.quotes or ()
    ]
    return [
        ("regions", _counted(REGION_KINDS, regions)),
        ("mention types", _counted(ENTITY_TYPES, (m.type for m in mentions))),
        ("quote kinds", _counted(QUOTE_KINDS, kinds)),
        ("quote media", _counted(MEDIA, (q.medium for q in quotes))),
        ("quote polarity", _counted(POLARITIES, (q.polarity for q in quotes))),
        ("quote status", _counted(STATUSES, (q.status for q in quotes))),
        ("mark roles", _counted(MARK_ROLES, (m.role for m in marks))),
        ("claim voice", _counted(VOICES, (c.voice for c in claims))),
        ("claim types", _counted(CLAIM_TYPES, (c.type for c in claims))),
        ("claim polarity", _counted(POLARITIES, (c.polarity for c in claims))),
        ("claim certainty", _counted(CERTAINTIES, (c.certainty for c in claims))),
    ]


def link_rows(links: Links) -> list[Row]:
    """A row for each kind of link across the documents: what there is of it, in words."""
    utterances, groups = links.utterances or (), links.claim_groups or ()
    relations, same = links.claim_relations or (), [group for group in groups if len(group.members) > 1]
    members = [len({ref.document for ref in utterance.members}) for utterance in utterances]
    found = sum(entity.wikidata is not None for entity in links.entities)
    drawn = Counter(r.type for r in relations if not follows(r))
    following = Counter(r.type for r in relations if follows(r))
    kinds = (f"{kind} {drawn[kind]} drawn, {following[kind]} that follow" for kind in RELATIONS)
    return [
        ("entities", f"{len(links.entities)}, of them {found} with a Wikidata item"),
        (
            "utterances",
            f"{len(utterances)} of {sum(len(u.members) for u in utterances)} quotes; rendered by "
            + ", ".join(
                f"{n} article{'s' if n > 1 else ''} {members.count(n)}" for n in sorted(set(members))
            ),
        ),
        ("differences", _counted(DIFFERENCES, (d.type for u in utterances for d in u.differences))),
        (
            "claims with the same truth conditions",
            f"{len(same)} groups of {sum(len(g.members) for g in same)}",
        ),
        ("relations between groups", "; ".join(kinds)),
    ]


def _counted(labels: Iterable[str], values: Iterable[str]) -> str:
    counts = Counter(values)
    return ", ".join(f"{label} {counts[label]}" for label in labels)


def _thousands(number: int) -> str:
    return f"{number:,}"
