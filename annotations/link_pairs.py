"""Links as decisions on pairs of items: what is compared between annotators, and what a log lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vostochny.eval.link_labels import pair_labels
from vostochny.schema.closure import closed_relations
from vostochny.schema.jsonio import Json
from vostochny.schema.links_json import ref_from_json, ref_to_json
from vostochny.schema.model import Links, Ref

QUOTES, CLAIMS = "quotes", "claims"


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two different quotes or claims, in the order of their names; ``part`` is quotes or claims."""

    part: str
    first: Ref
    second: Ref


def pair_to_json(pair: Pair) -> Json:
    """A pair as lines of a round's logs name it: ``{"part", "first", "second"}``."""
    return {"part": pair.part, "first": ref_to_json(pair.first), "second": ref_to_json(pair.second)}


def pair_from_json(line: Mapping[str, Any]) -> Pair:
    """The pair that a line of a round's logs is about."""
    return Pair(line["part"], ref_from_json(line["first"]), ref_from_json(line["second"]))


def link_pairs(links: Links) -> dict[Pair, str]:
    """Every pair of items that some links relate, with its relation and with what follows.

    Quotes of one utterance are ``same``. Claims are ``same`` (one group), ``supports`` (the first entails
    the second), ``supported`` (the second entails the first) or ``contradicts``.

    Raises :class:`~vostochny.schema.errors.InputError` where the relations exclude each other
    (:func:`~vostochny.schema.closure.closed_relations`).
    """
    groups = {group.id: group.members for group in links.claim_groups or ()}
    quotes = pair_labels(utterance.members for utterance in links.utterances or ())
    claims = pair_labels(groups.values(), closed_relations(links), groups)
    return {
        Pair(part, *pair): label
        for part, labels in ((QUOTES, quotes), (CLAIMS, claims))
        for pair, label in labels.items()
    }


def pair_readings(links: Mapping[str, Links]) -> dict[Pair, dict[str, str | None]]:
    """What each annotator says of every pair that any of them relates; None: that nothing holds."""
    said = {name: link_pairs(each) for name, each in links.items()}
    pairs = sorted(set().union(*said.values()))
    return {pair: {name: each.get(pair) for name, each in said.items()} for pair in pairs}
