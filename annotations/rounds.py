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

from vostochny.annotations.corpus import ROOT
from vostochny.schema.errors import InputError
from vostochny.schema.files import read_json
from vostochny.schema.jsonio import layer_from_json
from vostochny.schema.model import Layer


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

    Raises :class:`~vostochny.schema.errors.InputError` if a document is missing for an annotator.
    """
    folder = round_folder(id, root)
    manifest = read_json(folder / "round.json")
    layers: dict[str, dict[str, Layer]] = {}
    for annotator in manifest["annotators"]:
        name = annotator["id"]
        layers[name] = {
            document: layer_from_json(read_json(folder / name / f"{document}.json"))
            for document in manifest["documents"]
        }
    return Round(id, manifest, layers)
