"""Label Studio JSON: tasks with annotations, and the labelling configuration that shows them.

What is written can be imported into a project that has ``config.xml`` as its labelling interface; what is
read is a project's JSON export (``JSON``, not ``JSON_MIN``, which drops relations), of this configuration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from vostochny.annotations.format_support import (
    Fields,
    document_for,
    done_parts,
    parts_of,
    pass_over,
)
from vostochny.annotations.formats import Files, Format
from vostochny.annotations.studio_config import labelling_config
from vostochny.annotations.studio_decode import results_to_layer
from vostochny.annotations.studio_encode import layer_to_results
from vostochny.schema.errors import InputError, json_path, shown
from vostochny.schema.files import decode, dump_json, parse_json
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.model import Document, Entity, Layer


def write(pairs: Sequence[tuple[Document, Layer]]) -> dict[str, bytes]:
    """``tasks.json`` with one annotated task a layer, and ``config.xml``."""
    entities = _entities(layer for _, layer in pairs)
    known = [entity.id for entity in entities]
    tasks = [
        {
            "data": {
                "text": document.text,
                "document": document.id,
                "text_sha256": document.text_sha256,
                "annotator": layer.annotator,
                "parts": parts_of(layer),
            },
            "annotations": [{"result": layer_to_results(layer, document, known), "ground_truth": False}],
        }
        for document, layer in pairs
    ]
    return {"config.xml": labelling_config(entities).encode(), "tasks.json": dump_json(tasks)}


def _entities(layers: Any) -> list[Entity]:
    """The ids that layers name, as entities to choose from; of several types the first stands."""
    found: dict[str, Entity] = {}
    for layer in layers:
        for mention in layer.mentions or ():
            if mention.entity is not None:
                found.setdefault(mention.entity, Entity(mention.entity, mention.entity, mention.type))
    return [found[id] for id in sorted(found)]


def read(files: Files, documents: Mapping[str, Document]) -> list[Layer]:
    """The latest submitted annotation of every task; tasks without one are no layers.

    Raises :class:`~vostochny.schema.errors.InputError` that names file and path of what can't be read, and
    whatever :func:`~vostochny.annotations.studio_decode.results_to_layer` finds.
    """
    layers: list[Layer] = []
    for name, data in files.items():
        tasks, problems = parse_json(decode(data, name), name)
        if problems:
            raise InputError(problems)
        for number, task in enumerate(tasks if isinstance(tasks, list) else [tasks]):
            layers += _layer(task, name, (number,), documents)
    return layers


def _layer(task: Any, file: str, steps: tuple[int, ...], documents: Mapping[str, Document]) -> list[Layer]:
    path = json_path(steps)
    found = task.get("data") if isinstance(task, dict) else None
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        message = (
            f"found {shown(task)}, expected a task with data.text; export the project as JSON, not JSON_MIN"
        )
        raise InputError.of("not-a-task", message, file=file, path=path)
    name = found.get("document")
    document = document_for(
        documents,
        name=name if isinstance(name, str) else None,
        text=found["text"],
        file=file,
        path=f"{path}.data.text",
    )
    latest = latest_annotation(Fields(task, file, None, steps))
    if latest is None:
        pass_over(f"{file}: {path}: the task of {document.id} has no submitted annotation; that is no layer")
        return []
    results = latest.value.get("result") or []
    if not isinstance(results, list):
        raise latest.error("wrong-type", f"found {shown(results)}, expected an array", "result")
    layer = results_to_layer(
        results,
        document,
        str(found.get("annotator") or ""),
        where=f"{file}: {path}",
        complete=False,
    ).layer
    done = done_parts(Fields(found, file, None, (*steps, "data")))
    if done is not None:
        layer = _only(layer, done)
    return [layer]


def latest_annotation(task: Fields) -> Fields | None:
    """The annotation of a task that was submitted last; None if there is none, or only skipped ones."""
    submitted = [each for each in task.objects("annotations") if not each.value.get("was_cancelled")]
    return max(submitted, key=_age, default=None)


def _age(annotation: Fields) -> tuple[str, int]:
    number = annotation.value.get("id")
    return str(annotation.value.get("updated_at") or ""), number if isinstance(number, int) else 0


def reduce(document: Document, layer: Layer) -> Layer:
    """The layer as Label Studio holds it: in text order, with what quotes and marks imply derived."""
    results = layer_to_results(layer, document, [entity.id for entity in _entities([layer])])
    held = results_to_layer(results, document, layer.annotator, where=document.id, complete=False).layer
    return _only(held, parts_of(layer))


def _only(layer: Layer, parts: Sequence[str]) -> Layer:
    """The layer with the other parts not done."""
    left_out: dict[str, Any] = dict.fromkeys(part for part in LAYER_PARTS if part not in parts)
    return replace(layer, **left_out)


FORMAT = Format(
    name="labelstudio",
    suffixes=(".json",),
    extra=None,
    losses=(
        "the order of items that is not text order",
        "`verbatim` that a system did not say: it is derived from the quotation marks",
        "`claimer` None where the claim's quote has a `speaker`",
        "`quote` None where a quote covers an attributed claim",
        "letters of a name that is no registry id: `Kim Jong Un` comes back as `kim-jong-un`",
    ),
    write=write,
    read=read,
    reduce=reduce,
)
