"""A round of links becomes the next version of gold.

As for layers (:mod:`vostochny.annotations.merge`), everything is worked out and checked first; then the files
are written, each whole, in an order that lets an interrupted merge be run again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from vostochny.annotations.changelog import with_entry
from vostochny.annotations.corpus import load_documents
from vostochny.annotations.history import (
    Version,
    begun_version,
    history_bytes,
    history_path,
    load_history,
    next_version,
)
from vostochny.annotations.link_changes import link_counts
from vostochny.annotations.link_pairs import link_pairs, pair_from_json
from vostochny.annotations.link_provenance import link_provenance
from vostochny.annotations.merge import Merge
from vostochny.annotations.merge_checks import gold_problems, refuse
from vostochny.annotations.rounds import Round, linked_gold, load_round, read_round_links, round_folder
from vostochny.schema.closure import CONTRADICTS, closed_relations
from vostochny.schema.errors import InputError, Problem, shown
from vostochny.schema.files import dump_json, dump_jsonl, read_bytes, read_jsonl
from vostochny.schema.labels import LINK_PARTS
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import ClaimRelation, Layer, Links
from vostochny.schema.readers import read_links
from vostochny.schema.registry_checks import named_entities
from vostochny.schema.validate import validate_paths


def plan_link_merge(id: str, root: Path, date: str, changelog: Path, version: str | None = None) -> Merge:
    """What merging an open round of links would write; nothing is written yet.

    Gold's links get the parts that the round is about; the registry stays gold's unless ``entities`` is one
    of them. The arguments are those of :func:`~vostochny.annotations.merge.plan_merge`. Raises
    :class:`~vostochny.schema.errors.InputError` with what stands in the way, each with what to do: links that
    are missing, not adjudicated, invalid or not closed, or that are not what the log says.
    """
    folder, documents = round_folder(id, root), load_documents(root)
    refuse(validate_paths([folder], documents).problems)
    found = load_round(id, root)
    history = load_history(root)
    begun = begun_version(history, id, root, version)
    number = begun.version if begun else next_version(history, version)
    layers = linked_gold(root, documents)
    refuse(_absent(found, folder))
    source = _source(found, folder)
    adjudicated = read_round_links(
        source, "gold" if len(found.annotators) > 1 else found.annotators[0], documents, layers
    )
    refuse(_not_closed(adjudicated, source))
    refuse(_against_the_log(adjudicated, folder))
    path = root / "gold" / "links.json"
    kept = folder / "replaced" / "links.json"
    old = kept if begun else path
    before = read_links(old) if old.is_file() else Links("gold")
    links = _gold_links(before, adjudicated, found.manifest["parts"], layers)
    sources = {name: root / "gold" / f"{name}.json" for name in layers}
    refuse([*_told_mentions(links, source), *gold_problems(layers, sources, documents, links, source)])
    new = Version(number, id, begun.date if begun else date, found.documents, *link_counts(before, links))
    versions = [new if each is begun else each for each in history] + [new] * (begun is None)
    manifest = dict(found.manifest)
    earlier = [each.version for each in history if each is not begun]
    if earlier:
        manifest.setdefault("gold_version", earlier[-1])
    writes = [
        *([(kept, read_bytes(path))] if begun is None and path.is_file() else []),
        (history_path(root), history_bytes(versions)),
        (path, dump_json(links_to_json(links))),
        (folder / "provenance" / "links.jsonl", dump_jsonl(link_provenance(links, found))),
        (changelog, with_entry(changelog, new, found)),
        (folder / "round.json", dump_json({**manifest, "state": "merged"})),
    ]
    names, was = ({entity.id for entity in each.entities} for each in (links, before))
    return Merge(
        new,
        folder / "replaced",
        path.parent,
        tuple(sorted(names - was)),
        tuple(sorted(was - names)),
        tuple(writes),
    )


def _gold_links(before: Links, adjudicated: Links, done: Sequence[str], layers: Mapping[str, Layer]) -> Links:
    """Gold's links with the parts that were done.

    A speaker whom gold's registry lacks comes with the entry that the links have; an entry that only speakers
    of replaced utterances needed goes.
    """
    parts: dict[str, Any] = {part: getattr(adjudicated, part) for part in LINK_PARTS if part in done}
    links = replace(before, **parts)
    if "entities" in done:
        return links
    speakers = {utterance.speaker for utterance in links.utterances or ()}
    was = {utterance.speaker for utterance in before.utterances or ()}
    gone = was - speakers - set().union(*(named_entities(layer) for layer in layers.values()))
    known = {entity.id for entity in before.entities}
    added = [e for e in adjudicated.entities if e.id in speakers and e.id not in known]
    kept = [*(entity for entity in before.entities if entity.id not in gone), *added]
    return replace(links, entities=tuple(sorted(kept, key=lambda e: e.id) if added else kept))


def _source(found: Round, folder: Path) -> Path:
    """The links that the round came to: the adjudicated ones, or those of the only annotator."""
    name = "adjudicated" if len(found.annotators) > 1 else found.annotators[0]
    return folder / name / "links.json"


def _absent(found: Round, folder: Path) -> Iterator[Problem]:
    for name in found.missing_links:
        message = f"{name} has no links yet; have them annotated, and convert them with 'vostochny notate'"
        yield Problem("missing-links", message, str(folder / name / "links.json"))
    source = _source(found, folder)
    if not found.missing_links and not source.is_file():
        message = f"the links are not adjudicated; decide where {', '.join(found.annotators)} differ, and "
        message += "put the result here with 'vostochny notate --annotator gold'"
        yield Problem("not-adjudicated", message, str(source))
    if len(found.annotators) > 1 and found.manifest.get("adjudicator") is None:
        message = 'names no adjudicator; add "adjudicator": who made the decisions'
        yield Problem("no-adjudicator", message, str(folder / "round.json"))


def _not_closed(links: Links, file: Path) -> Iterator[Problem]:
    """What follows from the claim relations, but is not among them."""
    have = {_key(relation) for relation in links.claim_relations or ()}
    try:
        lacking = [each for each in closed_relations(links) if _key(each) not in have]
    except InputError as error:
        yield from (problem.at(str(file)) for problem in error.problems)
        return
    for each in lacking:
        message = (
            f"{each.source} {each.type} {each.target} is missing, which {each.reason}; write the links with "
            "'vostochny notate', which adds what follows"
        )
        yield Problem("not-closed", message, str(file), None, "$.claim_relations")


def _key(relation: ClaimRelation) -> tuple[str, frozenset[str] | tuple[str, str]]:
    pair = (relation.source, relation.target)
    return relation.type, frozenset(pair) if relation.type == CONTRADICTS else pair


def _against_the_log(links: Links, folder: Path) -> Iterator[Problem]:
    """Decisions in the logs that the adjudicated links do not follow."""
    said = link_pairs(links)
    for path in (folder / "adjudication" / "links.jsonl", folder / "similar.jsonl"):
        for line, value in read_jsonl(path) if path.is_file() else ():
            pair = pair_from_json(value)
            if value["reason"] is not None and said.get(pair) != value["gold"]:
                message = (
                    f"says {shown(value['gold'])} of {pair.first} and {pair.second}, the links say "
                    f"{shown(said.get(pair))}; mend either"
                )
                yield Problem("stale-adjudication", message, str(path), line, "$.gold")


def _told_mentions(links: Links, file: Path) -> Iterator[Problem]:
    for number, entity in enumerate(links.entities):
        if entity.mentions is not None:
            message = (
                f"{entity.id} names its mentions, which gold's layers do; correct them there, and leave "
            )
            yield Problem(
                "mentions-in-gold",
                message + "'mentions' out",
                str(file),
                None,
                f"$.entities[{number}].mentions",
            )
