"""Annotation rounds: who read which documents, and the layers that came of it.

A round is a folder ``rounds/ID`` with ``round.json`` (see ``round.schema.json``), a folder of raw
layers for each annotator, and, once adjudicated, ``adjudication.jsonl``. Raw layers are never
changed afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vostochny.annotations.corpus import ROOT, load_documents
from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Layer
from vostochny.schema.readers import read_layer, read_round


@dataclass(frozen=True, slots=True)
class Round:
    """A round's manifest and its annotators' layers, by annotator and document."""

    id: str
    manifest: Mapping[str, Any]
    layers: Mapping[str, Mapping[str, Layer]]

    @property
    def annotators(self) -> tuple[str, ...]:
        """The annotators' ids, in the manifest's order."""
        return tuple(annotator["id"] for annotator in self.manifest["annotators"])

    @property
    def self_consistency(self) -> bool:
        """Whether all annotators are language models: their agreement is one kind's with itself."""
        return all(annotator["kind"] == "language-model" for annotator in self.manifest["annotators"])


def round_ids(root: Path = ROOT) -> list[str]:
    """The ids of a corpus's rounds."""
    return sorted(path.parent.name for path in (root / "rounds").glob("*/round.json"))


def round_folder(id: str, root: Path = ROOT) -> Path:
    """A round's folder; raises :class:`~vostochny.schema.errors.InputError` if there is none."""
    folder = root / "rounds" / id
    if not (folder / "round.json").is_file():
        known = ", ".join(round_ids(root)) or "none"
        message = f"no such round under {root / 'rounds'}; known are {known}"
        raise InputError.of("unknown-round", message, file=id)
    return folder


def load_round(id: str, root: Path = ROOT) -> Round:
    """A round with all its layers.

    Raises :class:`~vostochny.schema.errors.InputError` if the manifest or a layer breaks a rule, a
    document is missing for an annotator, or a layer is another annotator's or another document's.
    """
    folder = round_folder(id, root)
    manifest = read_round(folder / "round.json")
    documents = load_documents(root)
    layers: dict[str, dict[str, Layer]] = {}
    for annotator in manifest["annotators"]:
        name = annotator["id"]
        layers[name] = {
            document: _raw_layer(folder / name / f"{document}.json", name, document, documents)
            for document in manifest["documents"]
        }
    return Round(id, manifest, layers)


def _raw_layer(path: Path, annotator: str, document: str, documents: Mapping[str, Document]) -> Layer:
    layer = read_layer(path, documents)
    for key, found, expected in (
        ("annotator", layer.annotator, annotator),
        ("document", layer.document, document),
    ):
        if found != expected:
            message = f"found {found!r}, expected {expected!r} as the path says; put the layer in its place"
            raise InputError.of(f"{key}-mismatch", message, file=str(path), path=f"$.{key}")
    return layer
