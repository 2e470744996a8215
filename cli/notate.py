"""``vostochny notate``: between the decision notation and layers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import click

from vostochny.annotations import notation
from vostochny.annotations.corpus import load_document, load_registry
from vostochny.annotations.notation_writer import write_notation
from vostochny.cli.options import corpus_option
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import decode, dump_json, read_bytes, write_atomic
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.model import Document, Entity, Layer
from vostochny.schema.readers import read_layer
from vostochny.schema.values import check_layer

_ITEM = re.compile(r"\$\.(mentions|quotes|marks|claims)\[(\d+)\]\.?(\w*)")
_FIELDS = {"proposition": "says", "spans": "span"}
_NOTATION = (notation.__doc__ or "").partition("::")[2].partition("``X ... Y``")


@click.command(
    name="notate",
    # The sample keeps its lines: click wraps each block between blank lines that is not marked.
    epilog="The notation:\n\n"
    + "\n\n".join(f"\b\n{block}" for block in re.split(r"\n\s*\n", _NOTATION[0].strip("\n")) if block.strip())
    + "\n\n"
    + "".join(_NOTATION[1:]),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("document")
@click.option("--annotator", help="Who decided (needed for a decision file).")
@corpus_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Where to write; by default standard output."
)
def command(file: Path, document: str, annotator: str | None, corpus: Path, output: Path | None) -> None:
    """Turn a decision FILE about DOCUMENT into a layer, or a layer (FILE.json) into a decision file.

    Decisions name their place by sentence number and surface text; `vostochny show DOCUMENT --sentences`
    prints the numbers. A layer that would break a rule is not written; every problem is named with its
    line.
    """
    record = load_document(document, corpus)
    if file.suffix == ".json":
        data = write_notation(read_layer(file, {document: record}), record).encode()
    else:
        if annotator is None:
            raise click.UsageError("--annotator is needed to turn decisions into a layer")
        source = decode(read_bytes(file), str(file))
        layer, lines = notation.read_decisions(source, record, annotator, str(file))
        registry = {entity.id: entity for entity in load_registry(corpus)}
        data = _checked(layer, record, registry, lines, file)
    if output:
        write_atomic(output, data)
    else:
        click.echo(data.decode(), nl=False)


def _checked(
    layer: Layer, document: Document, registry: Mapping[str, Entity], lines: Mapping[str, int], file: Path
) -> bytes:
    """The layer's JSON, or its problems at the lines of the decisions that they come from."""
    value = layer_to_json(layer)
    _, problems = check_layer(value, {document.id: document}, registry or None, file=str(file))
    if problems:
        raise InputError(_at_line(problem, value, lines) for problem in problems)
    return dump_json(value)


def _at_line(
    problem: Problem, value: Mapping[str, list[Mapping[str, str]]], lines: Mapping[str, int]
) -> Problem:
    match = _ITEM.match(problem.path or "")
    if match is None:
        return problem
    item = value[match[1]][int(match[2])]
    field = _FIELDS.get(match[3], match[3])
    message = problem.message
    if field and item.get(match[3]) is None:
        message = f"{item['id']} has no '{field}'; add a line"
    elif match[1] in ("quotes", "claims"):
        message = f"{item['id']}{f', {field}' if field else ''}: {message}"
    return Problem(problem.check, message, problem.file, lines.get(item["id"]))
