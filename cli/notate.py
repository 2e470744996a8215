"""``vostochny notate``: between the decision notation and layers."""

from __future__ import annotations

from pathlib import Path

import click

from vostochny.annotations.corpus import load_document
from vostochny.annotations.notation import NotationError, read_notation, write_notation
from vostochny.cli.options import corpus_option
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import decode, dump_json, read_bytes, read_json, write_atomic
from vostochny.schema.jsonio import layer_from_json, layer_to_json
from vostochny.schema.values import check_layer


@click.command(name="notate")
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
    prints the numbers.
    """
    record = load_document(document, corpus)
    if file.suffix == ".json":
        data = write_notation(layer_from_json(read_json(file)), record).encode()
    else:
        if annotator is None:
            raise click.UsageError("--annotator is needed to turn decisions into a layer")
        try:
            layer = read_notation(decode(read_bytes(file), str(file)), record, annotator)
        except NotationError as error:
            raise InputError(
                Problem("bad-notation", p.message, str(file), p.line or None) for p in error.problems
            ) from None
        value = layer_to_json(layer)
        _, problems = check_layer(value, {document: record}, file=str(output or file))
        for problem in problems:
            click.echo(str(problem), err=True)
        data = dump_json(value)
    if output:
        write_atomic(output, data)
    else:
        click.echo(data.decode(), nl=False)
