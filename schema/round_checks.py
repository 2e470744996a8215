"""Checks of a round's folder: ``round.json``, and what lies in the folders beside it.

These are ANNOTATOR/DOCUMENT.json, an annotator's layers; adjudicated/ and replaced/DOCUMENT.json, layers
of gold after and before the round; adjudication/ and provenance/DOCUMENT.jsonl; and studio/, what is kept
of Label Studio. In a round of links these are ANNOTATOR/links.json, adjudicated/ and replaced/links.json,
adjudication/links.jsonl and differences.jsonl, similar.jsonl and provenance/links.jsonl.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from vostochny.schema.errors import Problem
from vostochny.schema.jsonio import Json
from vostochny.schema.labels import LINK_PARTS
from vostochny.schema.model import Layer, Links

GOLD_FOLDERS = ("adjudicated", "replaced")
"""Folders of a round whose layers are gold's: what the round made of it, and what it was before."""

REPLACED = "replaced"
"""The one of them that keeps gold as it was, by whomever it was."""

GOLD = "gold"
"""Whom the layers of gold are by."""


@dataclass(frozen=True, slots=True)
class RoundLayer:
    """A layer that lies in a folder of a round: an annotator's, or one of :data:`GOLD_FOLDERS`."""

    file: Path
    layer: Layer

    @property
    def annotator(self) -> str:
        """Whose layer lies in such a folder."""
        return GOLD if self.of_gold else self.file.parent.resolve().name

    @property
    def of_gold(self) -> bool:
        """Whether it is no annotator's."""
        return self.file.parent.resolve().name in GOLD_FOLDERS

    @property
    def document(self) -> str:
        """Which document its file is named after."""
        return self.file.stem

    @property
    def round(self) -> Path:
        """The round's folder."""
        return self.file.parent.resolve().parent


@dataclass(frozen=True, slots=True)
class RoundLinks:
    """Links that lie in a folder of a round: an annotator's, or one of :data:`GOLD_FOLDERS`."""

    file: Path
    links: Links

    @property
    def annotator(self) -> str:
        """Whose links lie in such a folder."""
        folder = self.file.parent.resolve().name
        return GOLD if folder in GOLD_FOLDERS else folder

    @property
    def round(self) -> Path:
        """The round's folder."""
        return self.file.parent.resolve().parent


def linked_layers(
    file: Path, manifests: Mapping[Path, Json], gold: Mapping[str, Layer]
) -> Mapping[str, Layer] | None:
    """The layers whose items the links in a round's folder refer to; None if they are not known.

    An open round is about gold as it is. One that is closed is about the gold of its time, whose items may
    be gone since, as is what it replaced.
    """
    folder = file.parent.resolve()
    manifest = manifests.get(folder.parent)
    return gold if manifest is not None and is_open(manifest) and folder.name != REPLACED else None


def in_round(file: Path) -> bool:
    """Whether a file is in the place of a layer of a round."""
    folder = file.parent.resolve()
    return file.suffix == ".json" and folder.name != "studio" and (folder.parent / "round.json").is_file()


def studio_part(file: Path) -> str | None:
    """What a file is that lies in a round's ``studio`` folder: its path in there; None if it does not."""
    # The file itself may be a link that leads nowhere, or to itself.
    place = file.parent.resolve() / file.name
    for folder in place.parents:
        if folder.name == "studio" and (folder.parent / "round.json").is_file():
            return place.relative_to(folder).as_posix()
    return None


def manifest_problems(manifest: Json, file: Path) -> Iterator[Problem]:
    """What is wrong between a ``round.json`` that passed its schema and the folder it lies in."""
    folder = file.parent.resolve()
    if manifest["id"] != folder.name:
        message = f"found {manifest['id']!r} in the folder {folder.name!r}; name one after the other"
        yield Problem("round-id", message, str(file), None, "$.id")
    if is_open(manifest):
        return
    if is_of_links(manifest):
        for number, annotator in enumerate(manifest["annotators"]):
            if not (folder / annotator["id"] / "links.json").is_file():
                message = f"there is no {annotator['id']}/links.json; add it, or name the annotator no longer"
                yield Problem("missing-links", message, str(file), None, f"$.annotators[{number}]")
        return
    for number, annotator in enumerate(manifest["annotators"]):
        for document in manifest["documents"]:
            if not (folder / annotator["id"] / f"{document}.json").is_file():
                message = f"there is no layer {annotator['id']}/{document}.json; add it, or name it no longer"
                yield Problem("missing-layer", message, str(file), None, f"$.annotators[{number}]")


def is_open(manifest: Json) -> bool:
    """Whether a round still goes on, so that layers may be missing."""
    return bool(manifest.get("state") == "open")


def is_of_links(manifest: Json) -> bool:
    """Whether a round is about links, so that its annotators have no layers but links."""
    return any(part in LINK_PARTS for part in manifest.get("parts", ()))


def reading_problems(value: Json, manifest: Json, file: Path, line: int | None) -> Iterator[Problem]:
    """Whose readings a log of links has that is no annotator of the round."""
    known = [annotator["id"] for annotator in manifest["annotators"]]
    for name in value["readings"]:
        if name not in known:
            message = f"round.json names {', '.join(known)} but not {name!r}; mend either"
            yield Problem("unresolved-reference", message, str(file), line, "$.readings")


def provenance_problems(value: Json, manifest: Json, file: Path, line: int | None) -> Iterator[Problem]:
    """Who stands for an item of gold but has no part in the round."""
    known = [*(annotator["id"] for annotator in manifest["annotators"]), manifest.get("adjudicator")]
    places = [(f"$.by[{number}]", name) for number, name in enumerate(value["by"])]
    for path, name in [*places, ("$.wording", value.get("wording"))]:
        if name is not None and name not in known:
            message = f"round.json names {', '.join(filter(None, known))} but not {name!r}; mend either"
            yield Problem("unresolved-reference", message, str(file), line, path)


def layer_problems(layers: Iterable[RoundLayer], manifests: Mapping[Path, Json]) -> Iterator[Problem]:
    """What is wrong with where raw layers lie, and copies among them.

    ``manifests`` are the rounds that passed their schema, by folder.
    """
    before: dict[tuple[Path, str], list[RoundLayer]] = {}
    for each in layers:
        yield from _misplaced(each, manifests.get(each.round))
        if each.of_gold or not manifests.get(each.round, {}).get("blind", True):
            # Who starts from the same prefilled layer may well end with the same.
            continue
        others = before.setdefault((each.round, each.layer.document), [])
        if original := next((other for other in others if _copied(each, other)), None):
            message = f"is the layer of {original.annotator}; put {each.annotator}'s own in its place"
            yield Problem("copied-layer", message, str(each.file), None, "$")
        others.append(each)


def _misplaced(each: RoundLayer, manifest: Json | None) -> Iterator[Problem]:
    file = str(each.file)
    for key, found, expected in (
        ("annotator", each.layer.annotator, each.annotator),
        ("document", each.layer.document, each.document),
    ):
        if found != expected and (key, each.file.parent.resolve().name) != ("annotator", REPLACED):
            message = f"found {found!r}, expected {expected!r} as the path says; put the layer in its place"
            yield Problem(f"{key}-mismatch", message, file, None, f"$.{key}")
    if manifest is None:
        return
    annotators = [annotator["id"] for annotator in manifest["annotators"]] + [GOLD] * each.of_gold
    for key, found, known in (
        ("annotator", each.annotator, annotators),
        ("document", each.document, manifest["documents"]),
    ):
        if found not in known:
            message = f"round.json names {', '.join(known)} but not the {key} {found!r}; name it there too, "
            yield Problem("unlisted-layer", message + "or remove the layer", file, None, f"$.{key}")


def _copied(each: RoundLayer, other: RoundLayer) -> bool:
    """Whether two annotators' layers say the same down to the words of their propositions.

    Without claims two readers may well agree in all; then only the annotator's name gives a copy away.
    """
    here, there = each.layer, other.layer
    if each.annotator == other.annotator:
        return False
    return here == there or (bool(here.claims) and replace(here, annotator=there.annotator) == there)


def links_problems(found: Iterable[RoundLinks], manifests: Mapping[Path, Json]) -> Iterator[Problem]:
    """What is wrong with where a round's links lie, and copies among them.

    ``manifests`` are the rounds that passed their schema, by folder.
    """
    before: dict[Path, list[RoundLinks]] = {}
    for each in found:
        file, manifest = str(each.file), manifests.get(each.round)
        if each.links.annotator != each.annotator and each.file.parent.resolve().name != REPLACED:
            message = f"found {each.links.annotator!r}, expected {each.annotator!r} as the path says; "
            message += "put the links in their place"
            yield Problem("annotator-mismatch", message, file, None, "$.annotator")
        if manifest is None:
            continue
        names = [annotator["id"] for annotator in manifest["annotators"]]
        if each.annotator not in (*names, GOLD):
            message = f"round.json names {', '.join(names)} but not {each.annotator!r}; name it there too, "
            yield Problem("unlisted-links", message + "or remove the links", file, None, "$.annotator")
        if not is_of_links(manifest):
            message = f"round.json names parts of layers, but not {', '.join(LINK_PARTS)}; remove the links"
            yield Problem("unlisted-links", message, file, None, "$")
        if each.annotator == GOLD or not manifest["blind"]:
            continue
        others = before.setdefault(each.round, [])
        if original := next((other for other in others if _same_links(each, other)), None):
            message = f"are the links of {original.annotator}; put {each.annotator}'s own in their place"
            yield Problem("copied-layer", message, file, None, "$")
        others.append(each)


def _same_links(each: RoundLinks, other: RoundLinks) -> bool:
    """Whether two annotators' links say the same down to the words of their reasons."""
    here, there = each.links, other.links
    if each.annotator == other.annotator:
        return False
    worded = any(relation.reason for relation in here.claim_relations or ())
    return here == there or (worded and replace(here, annotator=there.annotator) == there)
