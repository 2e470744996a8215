"""Annotation rounds: who read which documents, and the layers that came of it.

A round is a folder ``rounds/ID`` with ``round.json`` (see ``round.schema.json``), a folder of raw
layers for each annotator, and, once adjudicated, the adjudicator's layers in ``adjudicated`` with a log
in ``adjudication``. While a round is open, layers may be missing; once it is merged into gold, nothing in
it is changed any more. A round of links has a ``links.json`` instead of layers in each folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vostochny.annotations.corpus import ROOT, load_documents
from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Layer, Links
from vostochny.schema.readers import read_layer, read_layers, read_links, read_round
from vostochny.schema.round_checks import is_of_links, is_open


@dataclass(frozen=True, slots=True)
class Round:
    """A round's manifest and its annotators' layers, by annotator and document, or links, by annotator."""

    id: str
    manifest: Mapping[str, Any]
    layers: Mapping[str, Mapping[str, Layer]]
    links: Mapping[str, Links] = field(default_factory=dict)

    @property
    def annotators(self) -> tuple[str, ...]:
        """The annotators' ids, in the manifest's order."""
        return tuple(annotator["id"] for annotator in self.manifest["annotators"])

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents' ids, in the manifest's order."""
        return tuple(self.manifest["documents"])

    @property
    def open(self) -> bool:
        """Whether the round still goes on, so that layers may be missing."""
        return is_open(dict(self.manifest))

    @property
    def of_links(self) -> bool:
        """Whether the round is about links: then it has no layers."""
        return is_of_links(dict(self.manifest))

    @property
    def complete(self) -> tuple[str, ...]:
        """The documents that all annotators have a layer of; none in a round of links."""
        if self.of_links:
            return ()
        return tuple(d for d in self.documents if all(d in self.layers[name] for name in self.annotators))

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """Whose layer of which document is not there yet: annotators and documents."""
        if self.of_links:
            return ()
        return tuple((n, d) for n in self.annotators for d in self.documents if d not in self.layers[n])

    @property
    def missing_links(self) -> tuple[str, ...]:
        """The annotators of a round of links whose links are not there yet."""
        return tuple(name for name in self.annotators if name not in self.links) if self.of_links else ()

    @property
    def self_consistency(self) -> bool:
        """Whether all annotators are language models: their agreement is one kind's with itself."""
        return all(annotator["kind"] == "language-model" for annotator in self.manifest["annotators"])

    def readings(self, document: str) -> dict[str, Layer]:
        """What the annotators say of a document, in the manifest's order, of those who have a layer of it."""
        return {n: self.layers[n][document] for n in self.annotators if document in self.layers[n]}


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
    """A round with all its layers or links; of an open one, those that are there.

    The items of links are looked up in gold while their round is open. One that is closed is about the
    version of gold that its manifest names, and gold may have been mended since.

    Raises :class:`~vostochny.schema.errors.InputError` if the manifest or a layer breaks a rule, a
    document is missing for an annotator of a round that is not open, or a layer is another annotator's or
    another document's.
    """
    folder = round_folder(id, root)
    manifest = read_round(folder / "round.json")
    documents = load_documents(root)
    if is_of_links(manifest):
        return Round(id, manifest, {}, _links(folder, manifest, root, documents))
    layers: dict[str, dict[str, Layer]] = {}
    for annotator in manifest["annotators"]:
        name = annotator["id"]
        paths = {document: folder / name / f"{document}.json" for document in manifest["documents"]}
        layers[name] = {
            document: read_round_layer(path, name, document, documents)
            for document, path in paths.items()
            if path.is_file() or not is_open(manifest)
        }
    return Round(id, manifest, layers)


def _links(
    folder: Path, manifest: Mapping[str, Any], root: Path, documents: Mapping[str, Document]
) -> dict[str, Links]:
    open_ = is_open(dict(manifest))
    gold = linked_gold(root, documents) if open_ else None
    paths = {each["id"]: folder / each["id"] / "links.json" for each in manifest["annotators"]}
    return {
        name: read_round_links(path, name, documents, gold)
        for name, path in paths.items()
        if path.is_file() or not open_
    }


def linked_gold(root: Path, documents: Mapping[str, Document]) -> dict[str, Layer]:
    """The gold layers that links of an open round refer to.

    Raises :class:`~vostochny.schema.errors.InputError` if there are none or they break a rule.
    """
    folder = root / "gold"
    if not folder.is_dir():
        message = "there is no gold yet, and links are links between its items; annotate layers first"
        raise InputError.of("no-gold", message, file=str(folder))
    return read_layers(folder, documents)


def read_round_links(
    path: Path, annotator: str, documents: Mapping[str, Document], gold: Mapping[str, Layer] | None
) -> Links:
    """The links in a round's folder, which are to be by ``annotator``; ``gold`` None leaves items unchecked.

    Raises :class:`~vostochny.schema.errors.InputError` if they are not, or break a rule.
    """
    links = read_links(path, documents, gold)
    if links.annotator != annotator:
        message = (
            f"found {links.annotator!r}, expected {annotator!r} as the path says; put the links in place"
        )
        raise InputError.of("annotator-mismatch", message, file=str(path), path="$.annotator")
    return links


def read_round_layer(path: Path, annotator: str, document: str, documents: Mapping[str, Document]) -> Layer:
    """A layer of a round's folder, which is to be by ``annotator`` and of ``document``.

    Raises :class:`~vostochny.schema.errors.InputError` if it is not, or breaks a rule.
    """
    layer = read_layer(path, documents)
    for key, found, expected in (
        ("annotator", layer.annotator, annotator),
        ("document", layer.document, document),
    ):
        if found != expected:
            message = f"found {found!r}, expected {expected!r} as the path says; put the layer in its place"
            raise InputError.of(f"{key}-mismatch", message, file=str(path), path=f"$.{key}")
    return layer
