"""The linkers' part of ``vostochny bench``: every linker on the gold layers and on extractors' own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from vostochny.annotations.rounds import Round
from vostochny.baselines import LINKERS, LinkBaseline, Linker, link, without_answers
from vostochny.cli.leaderboard import System
from vostochny.cli.leaderboard_links import EXTRACTED, GOLD_LAYERS, LinkSystem, link_row
from vostochny.eval.link_items import CLAIM_LINKS, ENTITY_LINKS, ITEM_PARTS, UTTERANCES, names_mentions
from vostochny.schema.errors import InputError
from vostochny.schema.files import read_json
from vostochny.schema.model import Gold, Layer, Links, Ref

BEFORE = {
    "entities": ("entities-crf", "entities-rules"),
    "quotes": ("quotes-rules",),
    "claims": ("claims-logreg", "claims-rules"),
}
"""The extractors whose layers are linked, end to end: of each task the first that was run."""


def ready_linkers(require_all: bool) -> dict[str, Linker | None]:
    """The baseline linkers by name, None for those whose optional extra is not installed.

    With ``require_all``, these raise :class:`~vostochny.schema.errors.InputError` (``missing-extra``).
    """
    return {name: _made(baseline, require_all) for name, baseline in LINKERS.items()}


def _made(baseline: LinkBaseline, required: bool) -> Linker | None:
    try:
        return baseline.factory()
    except InputError as error:
        if required or [problem.check for problem in error.problems] != ["missing-extra"]:
            raise
        return None


def link_ceiling(
    gold: Gold, layers: Round | None, linked: Round | None
) -> tuple[list[LinkSystem], list[str]]:
    """The annotators as linkers, and notes.

    Of a round of layers: which entities their own mentions name. Of a round of links: their utterances and
    claim links on the gold layers, as far as these still have the items.
    """
    out, notes = [], []
    if layers is not None:
        for name in layers.annotators:
            own = {n: y for n, y in layers.layers[name].items() if n in gold}
            links = Links(name, gold.entities)
            out.append(_annotator(name, f"own ({layers.id})", links, own, frozenset(own), (ENTITY_LINKS,)))
    if linked is not None:
        both = frozenset(linked.documents) & gold.keys()
        for name, links in linked.links.items():
            kept, gone = standing(links, gold)
            if gone:
                what = f"links of round {linked.id} to {gone} items that are no longer in gold"
                notes.append(f"Of annotator {name}, {what} are left out.")
            named = (ENTITY_LINKS,) if names_mentions(kept) else ()
            tasks = (*named, UTTERANCES, CLAIM_LINKS)
            out.append(_annotator(name, GOLD_LAYERS, kept, None, both, tasks))
    return [system for system in out if system.documents], notes


def standing(links: Links, gold: Gold) -> tuple[Links, int]:
    """Links without the items that gold does not have, and how many these are.

    A round is about the gold of its day; what was mended since may have taken an item away.
    """
    known = {
        (part, Ref(name, item.id))
        for part in ITEM_PARTS.values()
        for name, layer in gold.items()
        for item in getattr(layer, part) or ()
    }
    gone: set[tuple[str, Ref]] = set()

    def kept(part: str, members: tuple[Ref, ...]) -> tuple[Ref, ...]:
        gone.update((part, ref) for ref in members if ref.document in gold and (part, ref) not in known)
        return tuple(ref for ref in members if (part, ref) not in gone)

    entities = [replace(e, mentions=e.mentions and kept("mentions", e.mentions)) for e in links.entities]
    utterances = [replace(u, members=kept("quotes", u.members)) for u in links.utterances or ()]
    groups = [replace(g, members=kept("claims", g.members)) for g in links.claim_groups or ()]
    if not gone:
        return links, 0
    left = {group.id for group in groups if group.members}
    return (
        replace(
            links,
            entities=tuple(entities),
            utterances=tuple(u for u in utterances if u.members),
            claim_groups=tuple(group for group in groups if group.id in left),
            claim_relations=tuple(r for r in links.claim_relations or () if {r.source, r.target} <= left),
        ),
        len(gone),
    )


def _annotator(
    name: str,
    layers: str,
    links: Links,
    on: Mapping[str, Layer] | None,
    documents: frozenset[str],
    tasks: tuple[str, ...],
) -> LinkSystem:
    return LinkSystem(f"annotator {name}", "ceiling", "", layers, links, on, documents, tasks)


def linker_rows(
    linkers: Mapping[str, Linker | None],
    gold: Gold,
    extracted: Sequence[System],
    previous: Iterable[Mapping[str, Any]],
) -> tuple[list[Mapping[str, Any]], list[str]]:
    """The rows of all linkers, and the names of those that could not be run and have no row.

    A linker that could not be run keeps its row of the ``previous`` leaderboard if that was measured as the
    others are now: on layers of the same extractors, with the same signature, which tells gold and options.
    """
    before = {(row["system"], row["layers"], *row["extractors"]): row for row in previous}
    rows: list[Mapping[str, Any]] = []
    without = []
    by, own = _extracted(extracted, gold)
    for layers, on, extractors in ((GOLD_LAYERS, None, ()), (EXTRACTED, own, by)):
        signature = None
        for name, linker in linkers.items():
            if linker is None:
                row = before.get((name, layers, *extractors))
                if row is None or row["signature"] != signature:
                    without.append(name)
                    continue
            else:
                given = map(without_answers, gold.values()) if on is None else on.values()
                links = link(linker, gold.documents, given)
                baseline = LINKERS[name]
                kind = "pretrained" if baseline.extra else "rules"
                system = LinkSystem(name, kind, baseline.summary, layers, links, on, extractors=extractors)
                row = link_row(system, gold)
                signature = row["signature"]
            rows.append(row)
    return rows, list(dict.fromkeys(without))


def _extracted(extracted: Sequence[System], gold: Gold) -> tuple[tuple[str, ...], dict[str, Layer]]:
    """Extractors, one for each task, and layers made up of their parts, by document."""
    ran = {system.name: system for system in extracted}
    chosen = [next(ran[name] for name in names if name in ran) for names in BEFORE.values()]
    named, said, claimed = ({y.document: y for y in system.layers} for system in chosen)
    layers = {
        name: Layer(
            document=name,
            annotator="extractors",
            mentions=named[name].mentions,
            quotes=said[name].quotes,
            # The quotes that an extractor of claims has in mind are others.
            claims=tuple(replace(claim, quote=None) for claim in claimed[name].claims or ()),
            text_sha256=gold.documents[name].text_sha256,
        )
        for name in gold
    }
    return tuple(system.name for system in chosen), layers


def rows_before(file: Path) -> list[Mapping[str, Any]]:
    """The linkers' rows of a leaderboard file; none if it is not there or is no leaderboard."""
    try:
        value = read_json(file) if file.is_file() else None
    except InputError:
        return []
    rows = value.get("linkers") if isinstance(value, dict) else None
    known = {"system", "layers", "extractors", "signature"}
    listed = rows if isinstance(rows, list) else []
    return [row for row in listed if isinstance(row, dict) and known <= row.keys()]
