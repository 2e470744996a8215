"""What is scored and what against: options, reading and scoring that several sub-commands share."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from vostochny.annotations import corpus
from vostochny.cli.options import current_corpus
from vostochny.eval import Report, score, score_links
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.model import Document, Layer, Links
from vostochny.schema.predictions import invalid_items, read_predictions
from vostochny.schema.readers import nothing_found, read_documents, read_layers, read_links


@dataclass(frozen=True, slots=True)
class GoldPaths:
    """Where gold is: None where the caller did not say."""

    gold: Path | None
    documents: Path | None
    links: Path | None


@dataclass(frozen=True, slots=True)
class GoldSide:
    """What is scored against: documents, gold layers by document, and gold's links with the registry."""

    documents: Mapping[str, Document]
    layers: Mapping[str, Layer]
    links: Links


def gold_options(command: Callable[..., None]) -> Callable[..., None]:
    """``--gold``, ``--documents``, ``--gold-links``, handed over as ``gold_paths`` (:class:`GoldPaths`)."""

    @click.option(
        "--gold",
        type=click.Path(path_type=Path),
        help="Gold layers: a folder or JSONL file; default: the corpus.",
    )
    @click.option(
        "--documents",
        type=click.Path(path_type=Path),
        help="Documents: a JSONL file or folder; default: the folder documents beside that of the gold, "
        "else the corpus.",
    )
    @click.option(
        "--gold-links",
        type=click.Path(path_type=Path),
        help="Links file of the gold: the entity registry that names are resolved against, and what links "
        "are scored against; default: links.json in the folder of the gold.",
    )
    @wraps(command)
    def with_gold(
        *args: Any, gold: Path | None, documents: Path | None, gold_links: Path | None, **others: Any
    ) -> None:
        command(*args, gold_paths=GoldPaths(gold, documents, gold_links), **others)

    return with_gold


lenient_option = click.option(
    "--lenient",
    is_flag=True,
    help="Go on although items are invalid: they are reported and count as false positives; lines that can't "
    "be used at all (unknown or repeated documents) are reported, and score nothing.",
)
"""``--lenient``, handed over as ``lenient``."""


def listed(names: str) -> tuple[str, ...]:
    """Names given by commas."""
    return tuple(name.strip() for name in names.split(",") if name.strip())


def read_gold(paths: GoldPaths) -> GoldSide:
    """Gold from where the caller says it is, else the corpus's.

    :class:`~vostochny.schema.errors.InputError` for what can't be used.
    """
    root = current_corpus()
    documents_path, links_path = paths.documents, paths.links
    if documents_path is None and paths.gold is not None and paths.gold.is_dir():
        beside = paths.gold.resolve().parent / "documents"
        documents_path = beside if beside.is_dir() else None
    documents = corpus.load_documents(root) if documents_path is None else read_documents(documents_path)
    gold: Mapping[str, Layer]
    gold = read_layers(paths.gold, documents) if paths.gold is not None else corpus.load_gold(root)
    if paths.gold is None and documents_path is not None:
        gold = _gold_of(gold, documents, documents_path)
    if links_path is None and (folder := paths.gold or root / "gold").is_dir():
        links_path = folder / "links.json" if (folder / "links.json").is_file() else None
    return GoldSide(documents, gold, Links("gold") if links_path is None else read_links(links_path))


def read_predicted(
    path: Path, documents: Mapping[str, Document], *, lenient: bool
) -> tuple[list[Layer], list[Problem]]:
    """The predictions of a file or, for ``-``, of standard input: at least one.

    With ``lenient``, what is wrong with others is printed to standard error and returned;
    :class:`~vostochny.schema.errors.InputError` otherwise.
    """
    layers, problems = _read(path, documents, lenient)
    if not layers:
        message = "holds no prediction that can be read; mend the problems above"
        nothing = Problem("nothing-found", message, str(path))
        raise InputError([*problems, nothing if problems else nothing_found(path)])
    for problem in problems:
        click.echo(str(problem), err=True)
    return layers, problems


def score_file(path: Path, gold: GoldSide, *, lenient: bool, **options: Any) -> tuple[Report, list[Layer]]:
    """The report on a file of predictions, and its layers; ``options`` are :func:`vostochny.eval.score`'s."""
    layers, problems = read_predicted(path, gold.documents, lenient=lenient)
    report = score(
        gold.layers,
        layers,
        documents=gold.documents,
        entities=gold.links.entities,
        invalid=invalid_items(problems),
        **options,
    )
    return report, layers


def score_links_file(path: Path, gold: GoldSide, predictions: Path | None, **options: Any) -> Report:
    """The report on a file of links, on gold's layers or those of the predictions.

    ``options`` are those of :func:`vostochny.eval.score_links`.
    """
    layers = None if predictions is None else read_predicted(predictions, gold.documents, lenient=False)[0]
    on = gold.layers if layers is None else {layer.document: layer for layer in layers}
    return score_links(
        gold.layers,
        read_links(path, gold.documents, on),
        layers,
        gold_links=gold.links,
        documents=gold.documents,
        **options,
    )


def _gold_of(gold: Mapping[str, Layer], documents: Mapping[str, Document], path: Path) -> dict[str, Layer]:
    """The corpus's gold of the documents given with ``--documents``, if they are the corpus's."""
    found = {name: layer for name, layer in gold.items() if name in documents}
    if not found or any(layer.text_sha256 != documents[name].text_sha256 for name, layer in found.items()):
        message = "the documents are not the corpus's, whose gold is the default; give --gold, too"
        raise InputError.of("no-gold", message, file=str(path))
    return found


def _read(path: Path, documents: Mapping[str, Document], lenient: bool) -> tuple[list[Layer], list[Problem]]:
    if str(path) != "-":
        return read_predictions(path, documents, lenient=lenient)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "stdin.jsonl"
        copy.write_bytes(sys.stdin.buffer.read())
        try:
            layers, problems = read_predictions(copy, documents, lenient=lenient)
        except InputError as error:
            raise InputError(replace(problem, file="-") for problem in error.problems) from None
    return layers, [replace(problem, file="-") for problem in problems]
