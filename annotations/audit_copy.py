"""An audit's copy and its sealed key: written, read back, and undone.

The copy is a corpus folder like any other, with pages for people to read. It carries only the SHA-256 of the
key, so that nobody reads the key by accident and nobody exchanges it later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any

from vostochny.annotations.audit_ids import Ids, derived_reasons, number, restored, to_copy
from vostochny.annotations.audit_instruction import instruction
from vostochny.annotations.audit_render import article, links_page
from vostochny.annotations.audit_seed import choose
from vostochny.annotations.audit_state import (
    LINKS,
    Edit,
    Key,
    Place,
    Plant,
    State,
    item_from_json,
    item_json,
    refuse,
)
from vostochny.annotations.corpus import load_gold
from vostochny.annotations.differences import KINDS
from vostochny.annotations.history import load_history
from vostochny.annotations.lint import read_waivers
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import dump_json, dump_jsonl, read_bytes, read_json, read_jsonl
from vostochny.schema.guidelines import text as guidelines
from vostochny.schema.jsonio import Json, document_to_json, layer_to_json
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import SCHEMA_VERSION, Gold, Utterance
from vostochny.schema.values import check_plain

COPY_FILE = "copy.json"
"""What a copy says of itself: of which version of gold it is, and the digest of its key."""


@dataclass(frozen=True, slots=True)
class Planted:
    """An error of a key: its id, and what it is.

    ``targets`` are sets of ids in the copy, each of which names it, ``around`` ids of what is near it; ids of
    a document's items are written ``DOCUMENT.ID``. ``passage`` is where a reader sees it.
    """

    id: str
    kind: str
    document: str
    field: str
    rule: str
    has: str
    should: str
    targets: tuple[tuple[str, ...], ...]
    around: tuple[str, ...]
    passage: tuple[str, int, int] | None
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A key: its digest, what the audit is of, the errors, and the ids and reasons that the copy changed."""

    digest: str
    seed: int
    gold_version: str | None
    gold_sha256: str
    items: Mapping[str, int]
    ids: tuple[Ids, ...]
    reasons: tuple[Json, ...]
    planted: tuple[Planted, ...]

    def to_gold(self, document: str, id: str) -> str:
        """What an item of the copy is called in gold; the id itself where gold has no such item.

        Items of a document may be written ``DOCUMENT.ID``, differences ``UTTERANCE.dN``.
        """
        name, _, rest = id.partition(".")
        if rest and any(each.document == name for each in self.ids):
            return f"{name}.{self.to_gold(name, rest)}"
        if rest:
            return f"{self.to_gold(document, name)}.{rest}"
        for each in self.ids:
            if each.document == document and id in each.to_known:
                return each.to_known[id]
        return id


def count_items(state: State) -> dict[str, int]:
    """How many items a gold has, by part: what the errors left are a share of.

    Links count by registry entries, utterances, differences between their renderings, claim groups and
    relations between these.
    """
    counted = {kind: sum(len(state.items(name, kind)) for name in state.heads) for kind in KINDS}
    utterances = state.items(LINKS, "utterances")
    counted |= {
        "entities": len(state.items(LINKS, "entities")),
        "utterances": len(utterances),
        "differences": sum(len(each.differences) for each in utterances.values()),
        "claim_groups": len(state.items(LINKS, "claim_groups")),
        "claim_relations": len(state.items(LINKS, "claim_relations")),
    }
    return counted


def gold_digest(state: State) -> str:
    """The SHA-256 of all layers and links, in their documents' order."""
    value = [layer_to_json(state.layer(name)) for name in sorted(state.heads)]
    told = json.dumps([*value, links_to_json(state.links)], ensure_ascii=False, sort_keys=True)
    return sha256(told.encode()).hexdigest()


def make_audit(root: Path, errors: int, seed: int) -> tuple[dict[str, bytes], bytes]:
    """The files of a copy, by path within its folder, and its key.

    The same gold, number and seed give the same bytes. Raises :class:`~vostochny.schema.errors.InputError` if
    the corpus breaks a rule or has no room for so many errors.
    """
    gold = load_gold(root)
    state = State.of_gold(gold)
    planted, plants = choose(state, errors, seed)
    versions = load_history(root)
    ids = number(state, planted)
    head = {
        "schema_version": SCHEMA_VERSION,
        "seed": seed,
        "errors": len(plants),
        "gold_version": versions[-1].version if versions else None,
        "gold_sha256": gold_digest(state),
        "items": count_items(state),
        "ids": [each.to_json() for each in ids.values()],
        "reasons": derived_reasons(gold.links),
    }
    told = [_plant_json(f"p{n}", plant, state, ids) for n, plant in enumerate(plants, 1)]
    key = dump_jsonl([head, *told])
    copied = _copied(planted, ids)
    own = {
        "schema_version": SCHEMA_VERSION,
        "gold_version": head["gold_version"],
        "key_sha256": sha256(key).hexdigest(),
    }
    return {**_corpus(root, copied, ids), **_pages(copied), COPY_FILE: dump_json(own)}, key


def _copied(state: State, ids: Mapping[Place, Ids]) -> State:
    layers, links = to_copy(state, ids)
    return State.of(state.documents, layers, links)


def _corpus(root: Path, copied: State, ids: Mapping[Place, Ids]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, document in copied.documents.items():
        files[f"articles/{name}.txt"] = document.text.encode()
        files[f"documents/{name}.json"] = dump_json(document_to_json(document))
        files[f"gold/{name}.json"] = dump_json(layer_to_json(copied.layer(name)))
    if (root / "gold" / "links.json").is_file():
        files["gold/links.json"] = dump_json(links_to_json(copied.links))
    waivers = [
        {"check": check, "document": document, "key": _waived(document, key, ids), "reason": reason}
        for (check, document, key), reason in read_waivers(root / "lint-waivers.jsonl").items()
    ]
    if waivers:
        files["lint-waivers.jsonl"] = dump_jsonl(waivers)
    return files


def _waived(document: str, key: str, ids: Mapping[Place, Ids]) -> str:
    """What a waiver is for in the copy: some are for a quote or claim."""
    for part in ("quotes", "claims"):
        if (document, part) in ids and key in ids[document, part].to_copy:
            return ids[document, part].to_copy[key]
    return key


def _pages(copied: State) -> dict[str, bytes]:
    pages = {"GUIDELINES.md": guidelines(), "README.md": instruction(copied)}
    for name, document in copied.documents.items():
        pages[f"read/{name}.md"] = article(document, copied.layer(name))
    if copied.links.entities or (LINKS, "utterances") in copied.parts:
        pages["read/links.md"] = links_page(copied)
    return {name: page.encode() for name, page in pages.items()}


def _plant_json(id: str, plant: Plant, gold: State, ids: Mapping[Place, Ids]) -> Json:
    passage = None
    if plant.passage is not None:
        document, start, end = plant.passage
        text = gold.documents[document].text[start:end]
        passage = {"document": document, "start": start, "end": end, "text": text}
    targets, around = _targets(plant, ids)
    return {
        "planted": id,
        "kind": plant.kind,
        "document": plant.document,
        "field": plant.field,
        "rule": plant.rule,
        "has": plant.has,
        "should": plant.should,
        "targets": [list(each) for each in targets],
        "around": around,
        "passage": passage,
        "edits": [
            {
                "document": edit.document,
                "part": edit.part,
                "gold": item_json(edit.before),
                "copy": item_json(edit.after),
            }
            for edit in plant.edits
        ],
    }


def _targets(plant: Plant, ids: Mapping[Place, Ids]) -> tuple[list[tuple[str, ...]], list[str]]:
    """The sets of ids in the copy that each name an error, and further ids that are near it."""
    changed = list(dict.fromkeys(key for edit in plant.edits for key in sorted(edit.keys)))
    own = [name for key in changed if (name := _name(key, ids))]
    near = [name for key in sorted(plant.near) if (name := _name(key, ids))]
    if plant.document != LINKS:
        return [(name,) for name in own if "." in name], [name for name in own if "." not in name]
    if plant.kind in ("utterance-member-removed", "utterance-member-added", *_GROUPED):
        return [(name,) for name in near], own
    if plant.kind.startswith("difference"):
        return _differing(plant, own[0], ids), own
    targets: list[tuple[str, ...]] = [(name,) for name in own]
    for _, part, id in changed:
        if part == "claim_relations":
            names = ids[LINKS, "claim_groups"].to_copy
            targets.append(tuple(names[side] for side in id.split(">")))
    return targets, near


_GROUPED = ("group-member-dropped", "group-member-moved")


def _name(key: Key, ids: Mapping[Place, Ids]) -> str | None:
    """What an item is called in findings; None if the copy has it no longer."""
    document, part, id = key
    found = ids[document, part].to_copy.get(id)
    return found if found is None or document == LINKS else f"{document}.{found}"


def _differing(plant: Plant, utterance: str, ids: Mapping[Place, Ids]) -> list[tuple[str, ...]]:
    """How a difference is named: by its number; one that is missing by the quote that it would be of."""
    before, after = plant.edits[0].before, plant.edits[0].after
    assert isinstance(before, Utterance)
    assert isinstance(after, Utterance)
    pairs = zip_longest(before.differences, after.differences)
    number = next(n for n, (here, there) in enumerate(pairs) if here != there)
    if plant.kind == "difference-type":
        return [(f"{utterance}.d{number + 1}",)]
    ref = before.differences[number].members[1]
    quote = _name((ref.document, "quotes", ref.id), ids)
    return [(utterance, quote)] if quote else [(utterance,)]


def read_key(path: Path) -> SealedKey:
    """A key from its file; raises :class:`~vostochny.schema.errors.InputError` with all problems."""
    values = read_jsonl(path)
    problems = [
        problem
        for number, (line, value) in enumerate(values)
        for problem in check_plain(
            "audit-key" if number == 0 else "audit-plant", value, file=str(path), line=line
        )
    ]
    if problems or not values:
        raise InputError(problems) if problems else refuse("holds no key; give the file of --key", str(path))
    head = values[0][1]
    planted = []
    for line, value in values[1:]:
        try:
            planted.append(_planted(value))
        except (KeyError, TypeError, ValueError, AttributeError):
            message = "the edits hold what is no item of their part; give the key as it was written"
            problems.append(Problem("audit-mismatch", message, str(path), line, "$.edits"))
    if problems:
        raise InputError(problems)
    return SealedKey(
        digest=sha256(read_bytes(path)).hexdigest(),
        seed=head["seed"],
        gold_version=head["gold_version"],
        gold_sha256=head["gold_sha256"],
        items=head["items"],
        ids=tuple(map(Ids.from_json, head["ids"])),
        reasons=tuple(head["reasons"]),
        planted=tuple(planted),
    )


def _planted(value: Mapping[str, Any]) -> Planted:
    where = value["passage"]
    return Planted(
        id=value["planted"],
        kind=value["kind"],
        document=value["document"],
        field=value["field"],
        rule=value["rule"],
        has=value["has"],
        should=value["should"],
        targets=tuple(tuple(each) for each in value["targets"]),
        around=tuple(value.get("around", ())),
        passage=None if where is None else (where["document"], where["start"], where["end"]),
        edits=tuple(
            Edit(
                e["document"],
                e["part"],
                item_from_json(e["part"], e["gold"]),
                item_from_json(e["part"], e["copy"]),
            )
            for e in value["edits"]
        ),
    )


def read_copy(folder: Path, key: SealedKey) -> State:
    """A copy's layers and links.

    Raises :class:`~vostochny.schema.errors.InputError` if the key is not the copy's own.
    """
    path = folder / COPY_FILE
    value = read_json(path)
    if problems := check_plain("audit-copy", value, file=str(path)):
        raise InputError(problems)
    if value["key_sha256"] != key.digest:
        message = f"is of the key with SHA-256 {value['key_sha256']}, the one given has {key.digest}; "
        message += "give the copy's own key"
        raise refuse(message, str(path))
    return State.of_gold(load_gold(folder))


def unseed(copy: State, key: SealedKey) -> Gold:
    """Gold as it was, from a copy and its key.

    Raises :class:`~vostochny.schema.errors.InputError` if the copy was changed since, so that it does not
    come out.
    """
    ids = {(each.document, each.part): each for each in key.ids}
    edits = [edit for planted in key.planted for edit in planted.edits]
    message = "the copy is not as it was written, so gold can't be had back from it; seed it anew"
    try:
        state = restored(copy, ids, edits, key.reasons)
    except KeyError:
        raise refuse(message) from None
    if gold_digest(state) != key.gold_sha256:
        raise refuse(message)
    return Gold(state.layers, state.documents, state.links)
