"""Choosing the errors of an audit: evenly over the kinds, in proportion over the documents.

Errors are planted in gold so that an auditor's finding rate for them can be taken for that for the real ones:
error seeding (H. D. Mills, *On the statistical validation of computer programs*, IBM Federal Systems
Division, FSC-72-6015, 1972), which is capture and recapture with the planted errors as the marked ones. So
none may be found by a program that gold has passed: the copy is valid, and lint finds in it what it finds in
gold, no more and no less.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256

from vostochny.annotations.audit_claims import claim_plants
from vostochny.annotations.audit_links import link_plants
from vostochny.annotations.audit_mentions import mention_plants
from vostochny.annotations.audit_quotes import mark_plants, quote_plants
from vostochny.annotations.audit_state import LINKS, Key, Plant, State
from vostochny.annotations.audit_view import View
from vostochny.annotations.differences import KINDS
from vostochny.annotations.lint import CHECKS, MENTION_CHECKS, Check, capital_outside, unmarked_name
from vostochny.schema.closure import closed_relations
from vostochny.schema.errors import InputError
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import Layer, Links
from vostochny.schema.registry_checks import unused_entries
from vostochny.schema.values import check_layer, check_links

PLANT_KINDS = {
    "mention-removed": "a mention is missing",
    "mention-boundary": "a mention is too long or too short by a word",
    "mention-type": "a mention has a neighbouring type",
    "mention-entity": "a mention names another thing",
    "metonym-added": "a place stands for somebody that stands for itself",
    "metonym-removed": "a place that stands for somebody does not",
    "metonym-changed": "a place stands for somebody else",
    "mention-spurious": "what is no name and no value is a mention",
    "quote-removed": "a quote is missing; its claims are those of the quote around it, or the author's",
    "quote-content": "a content is too long or too short",
    "quote-speaker": "a quote, with its claims, is somebody else's of the same article",
    "quote-source-dropped": "a source is missing",
    "quote-source-shifted": "a source lacks its article or title",
    "quote-cue-dropped": "a cue is missing",
    "quote-cue-shifted": "a cue is too long or too short by a word",
    "quote-medium": "speech for writing or the other way round",
    "quote-polarity": "positive for negative or the other way round",
    "quote-status": "actual for hypothetical or the other way round",
    "mark-role": "a mark has a neighbouring role",
    "claim-removed": "a claim is missing",
    "claim-boundary": "a claim is too long or too short",
    "claim-claimer": "a claim is claimed by somebody else",
    "claim-type": "a claim has another type",
    "claim-polarity": "positive for negative or the other way round",
    "claim-certainty": "asserted for hedged or the other way round",
    "claim-proposition": "a proposition has another name, number, date or negation than its passage",
    "entity-type": "a registry entry, with its mentions, has a neighbouring type",
    "utterance-member-removed": "a rendering of an utterance is missing",
    "utterance-member-added": "a quote of the same speaker is taken for a rendering",
    "utterance-merged": "two utterances of one speaker are one",
    "utterance-split": "one utterance is two",
    "difference-type": "a difference has another type",
    "difference-removed": "a difference is missing",
    "group-member-dropped": "a claim is missing in its group",
    "group-member-moved": "a claim is in another group",
    "relation-removed": "a relation between claim groups is missing",
    "relation-added": "two groups on a like matter are related that are not",
    "relation-direction": "a relation is the wrong way round",
    "relation-type": "supports for contradicts or the other way round",
}
"""The kinds of errors that can be planted, and what is then wrong."""


def all_plants(view: View) -> list[Plant]:
    """Every error that can be thought of in a gold, by itself, whether or not a program would find it."""
    found = (mention_plants, quote_plants, mark_plants, claim_plants, link_plants)
    return [plant for plants in found for plant in plants(view)]


def lot(seed: int, plant: Plant) -> str:
    """What the plants of one kind and document are drawn by: the same on every machine."""
    told = (seed, plant.kind, plant.document, sorted(plant.touched), plant.has, plant.should)
    return sha256(repr(told).encode()).hexdigest()


class Soil:
    """What must not change by planting: what the checks and lint find in gold."""

    def __init__(self, gold: State) -> None:
        # What takes no time comes first: most plants that show do so there.
        checks = sorted(CHECKS, key=lambda check: check in (unmarked_name, capital_outside))
        self._lint = {check: _hits(check, gold, gold.layers) for check in checks}
        self._unused = _unused(gold, gold.layers)
        self._closed = is_closed(gold.links)

    def bears(self, state: State, plant: Plant) -> bool:
        """Whether a state with the plant passes the checks as gold does, and lint finds the same in it."""
        layers = state.layers
        touched = {edit.document for edit in plant.edits}
        changed = {edit.part for edit in plant.edits}
        for check, found in self._lint.items():
            if changed & _read_by(check) and _hits(check, state, layers) != found:
                return False
        entities = {entity.id: entity for entity in state.links.entities} or None
        for document in touched - {LINKS}:
            if check_layer(layer_to_json(layers[document]), state.documents, entities)[1]:
                return False
        if _unused(state, layers) != self._unused:
            return False
        if LINKS not in touched:
            return True
        if check_links(links_to_json(state.links), state.documents, layers)[1]:
            return False
        return not self._closed or is_closed(state.links)


def _read_by(check: Check) -> frozenset[str]:
    """The parts that a check of lint looks at; none reads links other than the registry."""
    return frozenset(["mentions", "entities"]) if check in MENTION_CHECKS else frozenset([*KINDS, "entities"])


def _hits(check: Check, state: State, layers: Mapping[str, Layer]) -> Counter[tuple[str, str, str]]:
    hits = check(state.documents, layers, state.links.entities)
    return Counter((hit.check, hit.document, hit.key) for hit in hits)


def _unused(state: State, layers: Mapping[str, Layer]) -> frozenset[str]:
    return frozenset(problem.message for problem in unused_entries(state.links, layers.values(), "", None))


def is_closed(links: Links) -> bool:
    """Whether nothing follows from the claim relations that is not among them, as in gold."""
    try:
        return len(closed_relations(links)) == len(links.claim_relations or ())
    except InputError:
        return False


def choose(gold: State, errors: int, seed: int) -> tuple[State, list[Plant]]:
    """Plant ``errors`` errors; the state that then is, and the errors in no telling order.

    The kinds take turns, in an order drawn by ``seed``; each time the document that has the least of its
    share, by its number of items, is tried first. Raises :class:`~vostochny.schema.errors.InputError` if
    there is no room for so many.
    """
    view, soil = View(gold), Soil(gold)
    waiting: dict[str, dict[str, list[Plant]]] = defaultdict(lambda: defaultdict(list))
    for plant in sorted(all_plants(view), key=lambda plant: lot(seed, plant)):
        waiting[plant.kind][plant.document].append(plant)
    shares = {name: sum(len(gold.items(name, kind)) for kind in KINDS) for name in gold.documents}
    planted: list[Plant] = []
    taken: set[Key] = set()
    state = gold
    kinds = sorted(waiting, key=lambda kind: sha256(f"{seed} {kind}".encode()).hexdigest())
    while kinds and len(planted) < errors:
        for kind in list(kinds):
            if len(planted) == errors:
                break
            found = _next(waiting[kind], planted, shares, state, taken, soil)
            if found is None:
                kinds.remove(kind)
                continue
            plant, state = found
            planted.append(plant)
            taken |= plant.touched
    if len(planted) < errors:
        message = (
            f"found room for {len(planted)} errors, expected {errors}; give --errors {len(planted)} or less"
        )
        raise InputError.of("too-few", message, file="--errors")
    return state, sorted(planted, key=lambda plant: sha256(lot(seed, plant).encode()).hexdigest())


def _next(
    waiting: dict[str, list[Plant]],
    planted: Sequence[Plant],
    shares: dict[str, int],
    state: State,
    taken: set[Key],
    soil: Soil,
) -> tuple[Plant, State] | None:
    """The next error of a kind that can be planted, and the state with it; it is used up."""
    done = Counter(plant.document for plant in planted)
    order = sorted(waiting, key=lambda name: ((done[name] + 0.5) / (shares.get(name, 0) or 1), name))
    for document in order:
        while waiting[document]:
            plant = waiting[document].pop(0)
            if plant.touched & taken or not state.allows(plant.edits):
                continue
            changed = state.edited(plant.edits)
            if soil.bears(changed, plant):
                return plant, changed
    return None
