"""The layers that annotators find in their documents when they begin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from vostochny.annotations.studio_record import NONE, studio_folder
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json, read_json, write_changed
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.model import Document, Layer
from vostochny.schema.values import check_layer

Prefills = Callable[[str, Sequence[Document]], Mapping[str, Layer]]
"""The layers, by document, of the prefill of that name: ``gold`` or an extractor."""


def kept_prefill(round: Path, documents: Mapping[str, Document]) -> dict[str, Layer]:
    """The layers that a round's documents were prefilled with, by document.

    Raises :class:`~vostochny.schema.errors.InputError` if one was changed so that it can't be read.
    """
    layers = {}
    for path in sorted((studio_folder(round) / "prefill").glob("*.json")):
        layer, problems = check_layer(read_json(path), documents, prediction=True, file=str(path))
        if layer is None or problems:
            raise InputError(problems)
        layers[layer.document] = layer
    return layers


def prefill_layers(
    round: Path, name: str, documents: Mapping[str, Document], prefills: Prefills
) -> dict[str, Layer]:
    """The layers to prefill ``documents`` with: those kept with the round, and the others made now.

    Raises :class:`~vostochny.schema.errors.InputError` if a document gets none.
    """
    if name == NONE:
        return {}
    layers = kept_prefill(round, documents)
    new = [document for document in documents.values() if document.id not in layers]
    made = prefills(name, new) if new else {}
    if lacking := [document.id for document in new if document.id not in made]:
        message = (
            f"the prefill {name} has no layer of {', '.join(lacking)}; choose other --documents or another "
            "--prefill"
        )
        raise InputError.of("no-prefill", message)
    return {**layers, **{document.id: made[document.id] for document in new}}


def keep_prefill(round: Path, layers: Mapping[str, Layer]) -> None:
    """Keep the layers with the round."""
    for name, layer in layers.items():
        path = studio_folder(round) / "prefill" / f"{name}.json"
        write_changed(path, dump_json(layer_to_json(layer)))


def parts_of(layers: Mapping[str, Layer]) -> tuple[str, ...]:
    """The parts that any of the layers has."""
    return tuple(
        part for part in LAYER_PARTS if any(getattr(layer, part) is not None for layer in layers.values())
    )
