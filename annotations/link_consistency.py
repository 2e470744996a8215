"""Agreement of the annotators of a round of links, as a short table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from vostochny.annotations.consistency import Figure
from vostochny.annotations.rounds import Round
from vostochny.eval import agree_links
from vostochny.schema.errors import InputError
from vostochny.schema.model import Gold, Layer, Links, Ref

_MEASURES = [
    ("entities", "CoNLL F1", "entity-links", ("conll",)),
    ("entities", "LEA F1", "entity-links", ("lea",)),
    ("entities", "κ over pairs", "entity-links", None),
    ("utterances", "pair F1", "utterances", ("pairs",)),
    ("utterances", "CoNLL F1", "utterances", ("conll",)),
    ("utterances", "LEA F1", "utterances", ("lea",)),
    ("utterances", "κ over pairs", "utterances", None),
    ("claim_groups", "same, pair F1", "claim-links", ("same",)),
    ("claim_groups", "CoNLL F1", "claim-links", ("groups", "conll")),
    ("claim_groups", "LEA F1", "claim-links", ("groups", "lea")),
    ("claim_relations", "supports, pair F1", "claim-links", ("supports",)),
    ("claim_relations", "contradicts, pair F1", "claim-links", ("contradicts",)),
    ("claim_relations", "κ over pairs", "claim-links", None),
]


@dataclass(frozen=True, slots=True)
class LinksAgreement:
    """Two annotators' figures, the JSON value that they are from, and how many references were left out.

    ``left_out`` counts the members that gold has no longer.
    """

    figures: list[Figure]
    value: dict[str, Any]
    left_out: int


def links_agreement(
    found: Round, gold: Gold, pair: tuple[str, str], *, n_boot: int = 10_000
) -> LinksAgreement:
    """The agreement of two annotators of a round of links, over the items that gold has.

    Cohen's κ is over all pairs of items, labelled by how they are related. A part that one of the two left
    out has no values. Raises :class:`~vostochny.schema.errors.InputError` if one has no links yet, or both
    have no part in common.
    """
    for name in pair:
        if name not in found.links:
            message = f"round {found.id} has no links of {name} yet; put them into {name}/links.json"
            raise InputError.of("missing-links", message)
    layers = {name: layer for name, layer in gold.items() if name in found.documents}
    (a, lost), (b, also_lost) = (still_there(found.links[name], layers) for name in pair)
    value = agree_links(a, b, layers, gold.documents, n_boot=n_boot)
    # A registry alone clusters nothing: which mentions it names, the layers say.
    named = any(e.mentions is not None for links in found.links.values() for e in links.entities)
    figures = [
        Figure(part, name, *_leaf(value, task, path))
        for part, name, task, path in _MEASURES
        if part in found.manifest["parts"] and (part != "entities" or named)
    ]
    if "utterances" in found.manifest["parts"]:
        noted = value.get("differences", {"f1": None, "a": 0, "types": {"kappa": None, "n": 0}})
        figures.append(Figure("utterances", "differences F1", noted["f1"], noted["a"]))
        types = noted["types"]
        figures.append(Figure("utterances", "difference type κ", types["kappa"], types["n"]))
    order = [part for part, *_ in _MEASURES]
    figures.sort(key=lambda figure: order.index(figure.part))
    return LinksAgreement(figures, value, lost + also_lost)


def _leaf(
    value: Mapping[str, Any], task: str, path: tuple[str, ...] | None
) -> tuple[float | None, int, tuple[float, float] | None]:
    """A measure's value, over how many items or pairs, and its interval; of ``path`` None κ over pairs."""
    if task not in value["tasks"]:
        return None, 0, None
    if path is None:
        return value["pairs"][task]["kappa"], value["pairs"][task]["n"], None
    leaf = value["tasks"][task]
    counted = leaf["items"]
    for step in path:
        leaf = leaf[step]
    counted = leaf if "tp" in leaf else counted
    interval = None if leaf["ci95"] is None else (leaf["ci95"][0], leaf["ci95"][1])
    return leaf["f1"], round(counted["tp"] + counted["fn"]), interval


def still_there(links: Links, layers: Mapping[str, Layer]) -> tuple[Links, int]:
    """Links without the members that the layers do not have, and how many these are.

    The links of a closed round are about gold as it was; what was mended since may have gone.
    """
    known = {
        part: {Ref(name, item.id) for name, layer in layers.items() for item in getattr(layer, part) or ()}
        for part in ("mentions", "quotes", "claims")
    }
    lost = 0

    def kept(members: tuple[Ref, ...], part: str) -> tuple[Ref, ...]:
        nonlocal lost
        left = tuple(member for member in members if member in known[part])
        lost += len(members) - len(left)
        return left

    entities = tuple(
        entity if entity.mentions is None else replace(entity, mentions=kept(entity.mentions, "mentions"))
        for entity in links.entities
    )
    utterances = [replace(u, members=kept(u.members, "quotes")) for u in links.utterances or ()]
    utterances = [
        replace(u, differences=tuple(d for d in u.differences if set(d.members) <= set(u.members)))
        for u in utterances
        if len(u.members) > 1
    ]
    groups = [replace(group, members=kept(group.members, "claims")) for group in links.claim_groups or ()]
    groups = [group for group in groups if group.members]
    names = {group.id for group in groups}
    relations = [r for r in links.claim_relations or () if {r.source, r.target} <= names]
    return replace(
        links,
        entities=entities,
        utterances=None if links.utterances is None else tuple(utterances),
        claim_groups=None if links.claim_groups is None else tuple(groups),
        claim_relations=None if links.claim_relations is None else tuple(relations),
    ), lost
