"""Across the articles: utterances, contradictions, who reports what; and what an item's details say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vostochny.cli.report_anchors import Anchors
from vostochny.cli.report_articles import outlet_of
from vostochny.cli.report_claims import SAYS, Compared, compared
from vostochny.cli.report_details import Row, shown_name
from vostochny.cli.report_utterances import Told, told
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.model import Gold, Ref
from vostochny.schema.registry import Resolver


@dataclass(frozen=True, slots=True)
class Outlet:
    """A column of the matrix: how many propositions the article makes, and of how many kinds.

    ``with_others`` counts, for each article in the matrix's order, the propositions that both report (say or
    entail); with itself, all that it reports.
    """

    document: str
    anchor: str
    name: str
    says: int
    shared: int
    alone: int
    disputed: int
    with_others: Sequence[int]


@dataclass(frozen=True, slots=True)
class Across:
    """The section's contents; a part that nobody linked is None."""

    utterances: Sequence[Told] | None
    claims: Compared | None
    outlets: Sequence[Outlet]

    @property
    def most_shared(self) -> int:
        """The greatest number of propositions that two articles both report."""
        pairs = (n for i, o in enumerate(self.outlets) for j, n in enumerate(o.with_others) if i != j)
        return max(pairs, default=0)

    @property
    def row_kinds(self) -> list[tuple[str, str, int]]:
        """The kinds of the matrix's rows: key, name, number of rows."""
        kinds = [p.kinds.split() for p in self.claims.propositions] if self.claims else []
        names = {"shared": "in several articles", "disputed": "disputed", "alone": "in one alone"}
        counted = [(kind, name, sum(kind in each for each in kinds)) for kind, name in names.items()]
        return [*counted, ("", "all", len(kinds))]


def across(gold: Gold, anchors: Anchors) -> Across:
    """The links of a corpus, ready to be shown.

    Raises :class:`~vostochny.schema.errors.InputError` (``unresolved-reference``) if they name an item that
    the layers do not have.
    """
    _check(gold)
    names = {entity.id: entity for entity in gold.entities}
    resolver = Resolver(gold.entities)

    def who(name: str | None) -> str:
        return shown_name(name, names, resolver)

    links = gold.links
    claims = None if links.claim_groups is None else compared(gold, who, anchors)
    return Across(
        utterances=None if links.utterances is None else told(gold, who, anchors),
        claims=claims,
        outlets=[] if claims is None else _outlets(gold, claims, anchors),
    )


def _check(gold: Gold) -> None:
    known = {
        (kind, Ref(document, item.id))
        for document, layer in gold.items()
        for kind, items in (("quote", layer.quotes), ("claim", layer.claims))
        for item in items or ()
    }
    asked = [("quote", ref, u.id) for u in gold.links.utterances or () for ref in u.members]
    asked += [("claim", ref, g.id) for g in gold.links.claim_groups or () for ref in g.members]
    if lost := [(kind, ref, id) for kind, ref, id in asked if (kind, ref) not in known]:
        raise InputError(
            Problem(
                "unresolved-reference",
                f"{id} names the {kind} {ref}, which no layer has; give the links of these layers",
            )
            for kind, ref, id in lost
        )
    groups = {group.id for group in gold.links.claim_groups or ()}
    ends = {end for r in gold.links.claim_relations or () for end in (r.source, r.target)}
    if missing := sorted(ends - groups):
        message = f"relations name the claim groups {', '.join(missing)}, which there are not; mend the links"
        raise InputError.of("unresolved-reference", message)


def _outlets(gold: Gold, claims: Compared, anchors: Anchors) -> list[Outlet]:
    out = []
    for document in gold:
        own = [p for p in claims.propositions if any(kind == SAYS for kind, _ in p.cells[document])]
        reported = [p for p in claims.propositions if document in p.reporters]
        out.append(
            Outlet(
                document=document,
                anchor=anchors.of(document),
                name=outlet_of(gold.documents[document]),
                says=len(own),
                shared=sum("shared" in p.kinds for p in own),
                alone=sum("alone" in p.kinds for p in own),
                disputed=sum("disputed" in p.kinds for p in own),
                with_others=[sum(other in p.reporters for p in reported) for other in gold],
            )
        )
    return out


def cross_rows(found: Across) -> dict[str, list[Row]]:
    """What the links say of quotes and claims, as lines of their details, by element id."""
    out: dict[str, list[Row]] = {}
    for utterance in found.utterances or ():
        for one in utterance.renderings:
            if one.clip.anchor is None:
                continue
            rows = out.setdefault(one.clip.anchor, [])
            rows.append(
                Row("utterance", f"{utterance.id}, {len(utterance.renderings)} renderings", utterance.anchor)
            )
            rows += [
                Row("also in", f"{other.clip.outlet} {other.clip.item}", other.clip.anchor)
                for other in utterance.renderings
                if other is not one
            ]
    for proposition in found.claims.propositions if found.claims else ():
        if proposition.anchor is None:
            continue
        relations = [
            f"{word} {len(places)}"
            for word, places in (
                ("supports", proposition.supports),
                ("supported by", proposition.supported),
                ("contradicts", proposition.contradicts),
            )
            if places
        ]
        for member in proposition.members:
            if member.anchor is None:
                continue
            rows = out.setdefault(member.anchor, [])
            rows += [
                Row("same as", f"{other.outlet} {other.item}", other.anchor)
                for other in proposition.members
                if other is not member
            ]
            rows.append(Row("across", ", ".join(relations) or "compare", proposition.anchor))
    return out
