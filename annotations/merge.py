"""A round becomes the next version of gold.

Everything is worked out and checked first; then the files are written, each whole, in an order that
lets an interrupted merge be run again: what gold was before, the history (from then on that copy is the
old gold, not what stands in ``gold``), the new gold, provenance, the changelog, and last that the round
is merged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vostochny.annotations.changelog import with_entry
from vostochny.annotations.corpus import load_documents
from vostochny.annotations.differences import Comparison, differences, part_of, spans_of
from vostochny.annotations.gold_registry import GoldRegistry, registry_for, typed_entities
from vostochny.annotations.history import (
    Version,
    begun_version,
    history_bytes,
    history_path,
    load_history,
    next_version,
)
from vostochny.annotations.item_ids import renamed, stable_ids
from vostochny.annotations.merge_checks import (
    absent_layers,
    changed_texts,
    gold_problems,
    refuse,
    undecided_documents,
)
from vostochny.annotations.provenance import provenance, unexplained
from vostochny.annotations.rounds import Round, load_round, read_round_layer, round_folder
from vostochny.schema.errors import InputError, Problem, shown
from vostochny.schema.files import dump_json, dump_jsonl, read_bytes, read_jsonl, write_changed
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import Document, Layer
from vostochny.schema.readers import read_layer, read_round
from vostochny.schema.registry import Resolver
from vostochny.schema.text import TextIndex
from vostochny.schema.validate import validate_paths


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that may be done: the new version, and the files to write, in this order.

    ``old`` and ``new`` are the folders with gold's layers before and after it; ``added`` and ``dropped``
    are registry ids.
    """

    version: Version
    old: Path
    new: Path
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    writes: tuple[tuple[Path, bytes], ...]


def merged_version(id: str, root: Path) -> Version | None:
    """The version of gold that a closed round became; None if the round is open.

    Raises :class:`~vostochny.schema.errors.InputError` if the round is closed, but no version came of it.
    """
    folder = round_folder(id, root)
    if read_round(folder / "round.json").get("state") == "open":
        return None
    for version in load_history(root):
        if version.round == id:
            return version
    message = 'the round is closed and no version of gold came of it; to merge it, add "state": "open"'
    raise InputError.of("round-closed", message, file=str(folder / "round.json"))


def plan_merge(id: str, root: Path, date: str, changelog: Path, version: str | None = None) -> Merge:
    """What merging an open round would write; nothing is written yet.

    ``date`` is the day of the merge (ISO 8601), ``version`` the one that gold is to have, by default the
    next. Raises :class:`~vostochny.schema.errors.InputError` with what stands in the way, each with what
    to do: layers that are missing, skipped or not adjudicated, changed texts, broken checks.
    """
    folder, documents = round_folder(id, root), load_documents(root)
    manifest = read_round(folder / "round.json")
    refuse(changed_texts(folder, documents))
    refuse([*absent_layers(folder, manifest), *undecided_documents(folder, manifest)])
    refuse(validate_paths([folder], documents).problems)
    history = load_history(root)
    begun = begun_version(history, id, root, version)
    number = begun.version if begun else next_version(history, version)
    work = _Work(load_round(id, root), root, folder, documents, begun is not None)
    registry = work.registry()
    provenances = work.provenance(registry)
    gold = root / "gold"
    refuse(
        [
            *work.problems,
            *gold_problems(work.gold, work.sources, documents, registry.links, gold / "links.json"),
        ]
    )
    new = Version(number, id, begun.date if begun else date, work.found.documents, *work.counts(registry))
    versions = [new if each is begun else each for each in history] + [new] * (begun is None)
    links = [(gold / "links.json", dump_json(links_to_json(registry.links)))]
    writes = [
        *work.replaced(),
        (history_path(root), history_bytes(versions)),
        *(links if registry.links.entities or links[0][0].is_file() else []),
        *((gold / f"{name}.json", dump_json(layer_to_json(work.gold[name]))) for name in new.documents),
        *((folder / "provenance" / f"{name}.jsonl", dump_jsonl(each)) for name, each in provenances.items()),
        (changelog, with_entry(changelog, new, work.found)),
        (folder / "round.json", dump_json({**manifest, "state": "merged"})),
    ]
    return Merge(new, folder / "replaced", gold, registry.added, registry.dropped, tuple(writes))


def write_merge(merge: Merge) -> None:
    """Write a merge's files in their order; those that hold the same already are left alone.

    Raises :class:`~vostochny.schema.errors.InputError` if one can't be written; then the merge is to be run
    again.
    """
    for path, data in merge.writes:
        write_changed(path, data)


class _Work:
    """Gold as it was and as it will be. ``gold`` has the layers of all documents, ``before`` the old ones
    of the round's documents, ``sources`` the files that they come from; ``logs`` are the adjudicator's.
    """

    def __init__(
        self, found: Round, root: Path, folder: Path, documents: Mapping[str, Document], begun: bool
    ) -> None:
        self.found = found
        self.root = root
        self.folder = folder
        self.documents = documents
        self.begun = begun
        self.problems: list[Problem] = []
        self.before = {
            name: read_layer(path, documents)
            for name in found.documents
            if (path := self._old(name)).is_file()
        }
        self.sources: dict[str, Path] = {}
        self.gold: dict[str, Layer] = {}
        self.logs: dict[str, list[dict[str, Any]]] = {}
        for name in documents:
            if name in found.documents:
                self.gold[name] = self._new(name)
            elif (path := root / "gold" / f"{name}.json").is_file():
                self.sources[name] = path
                self.gold[name] = read_layer(path, documents)

    def _old(self, document: str) -> Path:
        return (self.folder / "replaced" if self.begun else self.root / "gold") / f"{document}.json"

    def replaced(self) -> list[tuple[Path, bytes]]:
        """Copies of the old gold; once made, they stay."""
        if self.begun:
            return []
        return [
            (self.folder / "replaced" / f"{name}.json", read_bytes(self._old(name))) for name in self.before
        ]

    def _new(self, document: str) -> Layer:
        """A document's new gold: the only or the adjudicated reading, and parts that the round left out."""
        old = self.before.get(document)
        if len(self.found.annotators) == 1:
            (name,) = self.found.annotators
            self.sources[document] = self.folder / name / f"{document}.json"
            layer = replace(self.found.layers[name][document], annotator="gold")
        else:
            self.sources[document] = self.folder / "adjudicated" / f"{document}.json"
            layer = read_round_layer(self.sources[document], "gold", document, self.documents)
            log = self.folder / "adjudication" / f"{document}.jsonl"
            self.logs[document] = [entry for _, entry in read_jsonl(log)] if log.is_file() else []
        if old is not None:
            if document not in self.logs:
                layer = renamed(layer, stable_ids(layer, old, TextIndex(self.documents[document])))
            left = {part: getattr(old, part) for part in LAYER_PARTS if getattr(layer, part) is None}
            layer = replace(layer, **left)
        return layer

    def registry(self) -> GoldRegistry:
        """The registry for all of the new gold."""
        complete = self.documents.keys() <= self.gold.keys()
        typed = typed_entities(self.folder)
        return registry_for(self.root, self.gold, self.before.values(), typed, complete)

    def _comparison(self, document: str, registry: GoldRegistry) -> Comparison:
        return Comparison(self.documents[document], Resolver(registry.links.entities))

    def provenance(self, registry: GoldRegistry) -> dict[str, list[dict[str, Any]]]:
        """Where the new gold comes from, by document; what the log does not account for is a problem."""
        adjudicator = self.found.manifest.get("adjudicator")
        out: dict[str, list[dict[str, Any]]] = {}
        for name in self.found.documents:
            readings, log = self.found.readings(name), self.logs.get(name, [])
            comparison = self._comparison(name, registry)
            # What the round left out stays as it was, and so does where that came from.
            left_out: dict[str, Any] = {
                part: None for part in LAYER_PARTS if part not in self.found.manifest["parts"]
            }
            layer = replace(self.gold[name], **left_out)
            out[name] = provenance(layer, readings, log, adjudicator, comparison)
            if name not in self.logs:
                continue
            if log and adjudicator is None:
                message = f'names no adjudicator, but {name} has decisions; add "adjudicator": who made them'
                self.problems.append(Problem("no-adjudicator", message, str(self.folder / "round.json")))
            self.problems += self._stale(name, layer, log, comparison)
        return out

    def _stale(
        self, document: str, layer: Layer, log: list[dict[str, Any]], comparison: Comparison
    ) -> Iterator[Problem]:
        """A problem for each layer that holds what neither all agree on nor the log explains."""
        by_owner: dict[str, list[str]] = {}
        for owner, key, item in unexplained(layer, self.found.readings(document), log, comparison):
            surface = " … ".join(comparison.document.slice(span) for span in spans_of(item))
            by_owner.setdefault(owner, []).append(f"{key} {shown(surface)}")
        for owner, found in by_owner.items():
            listed = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
            message = (
                f"{document}: {owner} has {listed}, which neither all agree on nor the log explains: a layer "
                f"was changed after adjudication; run 'vostochny round adjudicate {self.found.id}' again"
            )
            yield Problem("stale-adjudication", message, str(self.sources[document]))

    def counts(self, registry: GoldRegistry) -> tuple[int, int, int]:
        """How many items are added, changed and removed; the wording of propositions counts."""
        added = changed = removed = 0
        for name in self.found.documents:
            old, new = self.before.get(name), self.gold[name]
            if old is None:
                added += sum(len(part_of(new, part)) for part in LAYER_PARTS)
                continue
            comparison = self._comparison(name, registry)
            found = differences(old, new, comparison.document, comparison.resolver)
            added += sum(each.left is None for each in found)
            removed += sum(each.right is None for each in found)
            unequal = {each.right.id for each in found if each.left is not None and each.right is not None}
            said = {claim.id: claim.proposition for claim in old.claims or ()}
            reworded = {c.id for c in new.claims or () if c.id in said and said[c.id] != c.proposition}
            changed += len(unequal | reworded)
        return added, changed, removed
