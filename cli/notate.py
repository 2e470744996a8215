"""``vostochny notate``: between the decision notation and layers, and between that for links and links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import click

from vostochny.annotations import link_notation, notation
from vostochny.annotations.corpus import load_document, load_gold, load_registry
from vostochny.annotations.link_lines import read_closed_links
from vostochny.annotations.link_notation import write_link_notation
from vostochny.annotations.notation_writer import write_notation
from vostochny.cli.options import corpus_option
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import decode, dump_json, read_bytes, read_json, write_atomic
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.kinds import kind_of
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import Document, Entity, Layer
from vostochny.schema.readers import read_layer, read_links
from vostochny.schema.values import check_layer

_ITEM = re.compile(r"\$\.(mentions|quotes|marks|claims)\[(\d+)\]\.?(\w*)")
_FIELDS = {"proposition": "says", "spans": "span"}
_NOTATION = (notation.__doc__ or "").partition("::")[2].partition("``X ... Y``")
_LINK_NOTATION = (link_notation.__doc__ or "").partition("::")[2].strip("\n")


def _kept(text: str) -> str:
    """Text for the help that keeps its lines: click wraps each block that is not marked."""
    blocks = re.split(r"\n\s*\n", text.strip("\n"))
    return "\n\n".join(f"\b\n{block}" for block in blocks if block.strip())


@click.command(
    name="notate",
    epilog="The notation:\n\n"
    + _kept(_NOTATION[0])
    + "\n\n"
    + "".join(_NOTATION[1:])
    + "\n\nThe notation for links:\n\n"
    + _kept(_LINK_NOTATION),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("document", required=False)
@click.option("--annotator", help="Who decided (needed for a decision file).")
@corpus_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Where to write; by default standard output."
)
def command(
    file: Path, document: str | None, annotator: str | None, corpus: Path, output: Path | None
) -> None:
    """Turn a decision FILE about DOCUMENT into a layer, or a layer (FILE.json) into a decision file.

    Without DOCUMENT: turn decisions on links between gold's items into links, or links (FILE.json) into
    decisions. Claim links are written with all that follows from them.

    Decisions name their place by sentence number and surface text; `vostochny show DOCUMENT --sentences`
    prints the numbers. A layer that would break a rule is not written; every problem is named with its
    line.
    """
    if document is None:
        data = _links(file, annotator, corpus)
    elif file.suffix == ".json":
        record = load_document(document, corpus)
        data = write_notation(read_layer(file, {document: record}), record).encode()
    else:
        if annotator is None:
            raise click.UsageError("--annotator is needed to turn decisions into a layer")
        record = load_document(document, corpus)
        source = decode(read_bytes(file), str(file))
        layer, lines = notation.read_decisions(source, record, annotator, str(file))
        registry = {entity.id: entity for entity in load_registry(corpus)}
        data = _checked(layer, record, registry, lines, file)
    if output:
        write_atomic(output, data)
    else:
        click.echo(data.decode(), nl=False)


def _links(file: Path, annotator: str | None, corpus: Path) -> bytes:
    """Links as JSON from their decisions, or the other way round."""
    gold = load_gold(corpus)
    if file.suffix != ".json":
        if annotator is None:
            raise click.UsageError("--annotator is needed to turn decisions into links")
        source = decode(read_bytes(file), str(file))
        return dump_json(links_to_json(read_closed_links(source, gold, annotator=annotator, file=str(file))))
    if kind_of(read_json(file)) == "layer":
        raise click.UsageError(f"{file} is a layer; give the DOCUMENT that it is of, too")
    return write_link_notation(read_links(file, gold.documents, gold), gold.documents, gold).encode()


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
