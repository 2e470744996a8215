"""``vostochny import``: layers from the formats of other tools."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from vostochny.annotations.corpus import load_documents
from vostochny.annotations.format_support import PassedOver
from vostochny.annotations.formats import TITLES, Format, load_format
from vostochny.cli.options import corpus_option
from vostochny.cli.written import force_option, write_files
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import dump_json, dump_jsonl, read_bytes
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.model import Document, Layer
from vostochny.schema.values import check_layer

_FOLDER = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
_PREDICTIONS = "predictions.jsonl"


@click.command(
    name="import",
    epilog="\b\nThe formats:\n" + "\n".join(f"  {name:12} {title}" for name, title in TITLES.items()),
)
@click.argument("name", metavar="FORMAT", type=click.Choice(list(TITLES)))
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the layers, DOCUMENT.json (ANNOTATOR/DOCUMENT.json if there are several annotators).",
)
@click.option("--annotator", help="Who annotated; needed where the format does not say.")
@click.option(
    "--predictions",
    is_flag=True,
    help=f"Take them as predictions, which need not be complete, and write {_PREDICTIONS}.",
)
@corpus_option
@force_option
def command(
    name: str,
    paths: tuple[Path, ...],
    output: Path,
    annotator: str | None,
    predictions: bool,
    corpus: Path,
    force: bool,
) -> None:
    """Turn files of another tool, or folders with such, into layers of the corpus's documents.

    Nothing is written unless every layer is valid. What the files hold that has no place in a layer is said
    on standard error; docs/formats.md compares the formats.
    """
    form = load_format(name)
    documents = load_documents(corpus)
    files = {str(path): read_bytes(path) for path in _files(paths, form)}
    with warnings.catch_warnings(record=True) as met:
        warnings.simplefilter("always", PassedOver)
        layers = form.read(files, documents)
    for warning in met:
        click.echo(f"passed over: {warning.message}", err=True)
    layers = [_named(layer, annotator, form) for layer in layers]
    _refuse_repeated(layers)
    _validate(layers, documents, output, predictions)
    if predictions:
        data = dump_jsonl(layer_to_json(layer) for layer in layers)
        write_files({output / _PREDICTIONS: data}, force)
    else:
        places = _places(layers, output)
        write_files({p: dump_json(layer_to_json(layer)) for p, layer in places.items()}, force)
    click.echo(_summary(layers), err=True)


def _files(paths: Sequence[Path], form: Format) -> list[Path]:
    """The files named, and those of the format under folders named."""
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        inside = sorted(p for p in path.rglob("*") if p.suffix in form.suffixes and p.is_file())
        if not inside:
            message = (
                f"holds no file that ends in {', '.join(form.suffixes)}; give another folder or the files"
            )
            raise InputError.of("nothing-found", message, file=str(path))
        found |= dict.fromkeys(inside)
    return list(found)


def _named(layer: Layer, annotator: str | None, form: Format) -> Layer:
    if annotator is None and not layer.annotator:
        raise click.UsageError(f"--annotator is needed: these {form.name} files do not say who annotated")
    return layer if annotator is None else replace(layer, annotator=annotator)


def _refuse_repeated(layers: Sequence[Layer]) -> None:
    if not layers:
        raise InputError.of("nothing-found", "the files hold no layer; nothing was written")
    seen: set[tuple[str, str]] = set()
    for layer in layers:
        if (layer.document, layer.annotator) in seen:
            message = (
                f"there are two layers of {layer.document!r} by {layer.annotator!r}; import one at a time"
            )
            raise InputError.of("duplicate-document", message)
        seen.add((layer.document, layer.annotator))


def _places(layers: Sequence[Layer], output: Path) -> dict[Path, Layer]:
    """Where each layer goes; with several annotators, each has a folder."""
    names = {layer.annotator for layer in layers}
    if len(names) == 1:
        return {output / f"{layer.document}.json": layer for layer in layers}
    for name in sorted(names):
        if not _FOLDER.fullmatch(name):
            message = (
                f"the annotator {name!r} can't name a folder; import one annotator at a time, --annotator"
            )
            raise InputError.of("bad-format", message)
    return {output / layer.annotator / f"{layer.document}.json": layer for layer in layers}


def _summary(layers: Sequence[Layer]) -> str:
    """What came in: items by part, and the parts that no layer has."""
    counts = {part: [getattr(layer, part) for layer in layers] for part in LAYER_PARTS}
    there = [f"{sum(map(len, filter(None, c)))} {part}" for part, c in counts.items() if any(c)]
    absent = [part for part, c in counts.items() if all(items is None for items in c)]
    out = f"{len(layers)} layer{'s' if len(layers) > 1 else ''}: {', '.join(there) or 'no items'}"
    return out + (f"; not done: {', '.join(absent)}" if absent else "")


def _validate(
    layers: Sequence[Layer], documents: Mapping[str, Document], output: Path, predictions: bool
) -> None:
    problems: list[Problem] = []
    for layer in layers:
        file = str(output / (_PREDICTIONS if predictions else f"{layer.document}.json"))
        value = layer_to_json(layer)
        problems += check_layer(value, documents, prediction=predictions, file=file)[1]
    if problems and not predictions:
        message = (
            "nothing was written; mend this in the tool, or take the layers as predictions: --predictions"
        )
        problems.append(Problem("not-imported", message))
    if problems:
        raise InputError(problems)
