"""Checks of a round's folder: ``round.json`` and the layers ANNOTATOR/DOCUMENT.json beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from vostochny.schema.errors import Problem
from vostochny.schema.jsonio import Json
from vostochny.schema.model import Layer


@dataclass(frozen=True, slots=True)
class RoundLayer:
    """A layer that lies in the folder of an annotator of a round."""

    file: Path
    layer: Layer

    @property
    def annotator(self) -> str:
        """Whose folder it lies in."""
        return self.file.parent.resolve().name

    @property
    def document(self) -> str:
        """Which document its file is named after."""
        return self.file.stem

    @property
    def round(self) -> Path:
        """The round's folder."""
        return self.file.parent.resolve().parent


def in_round(file: Path) -> bool:
    """Whether a file is in the place of a round's raw layer."""
    return file.suffix == ".json" and (file.parent.resolve().parent / "round.json").is_file()


def manifest_problems(manifest: Json, file: Path) -> Iterator[Problem]:
    """What is wrong between a ``round.json`` that passed its schema and the folder it lies in."""
    folder = file.parent.resolve()
    if manifest["id"] != folder.name:
        message = f"found {manifest['id']!r} in the folder {folder.name!r}; name one after the other"
        yield Problem("round-id", message, str(file), None, "$.id")
    for number, annotator in enumerate(manifest["annotators"]):
        for document in manifest["documents"]:
            if not (folder / annotator["id"] / f"{document}.json").is_file():
                message = f"there is no layer {annotator['id']}/{document}.json; add it, or name it no longer"
                yield Problem("missing-layer", message, str(file), None, f"$.annotators[{number}]")


def layer_problems(layers: Iterable[RoundLayer], manifests: Mapping[Path, Json]) -> Iterator[Problem]:
    """What is wrong with where raw layers lie, and copies among them.

    ``manifests`` are the rounds that passed their schema, by folder.
    """
    before: dict[tuple[Path, str], list[RoundLayer]] = {}
    for each in layers:
        yield from _misplaced(each, manifests.get(each.round))
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
        if found != expected:
            message = f"found {found!r}, expected {expected!r} as the path says; put the layer in its place"
            yield Problem(f"{key}-mismatch", message, file, None, f"$.{key}")
    if manifest is None:
        return
    annotators = [annotator["id"] for annotator in manifest["annotators"]]
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
