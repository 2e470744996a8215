"""``vostochny link``: run a linker and write its links."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

from vostochny.annotations.corpus import load_documents, load_gold
from vostochny.baselines.link_blind import without_answers
from vostochny.baselines.link_plugins import load_linker
from vostochny.baselines.link_run import link
from vostochny.cli.options import corpus_option
from vostochny.cli.plugin_options import told_in_full, traceback_option
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json, write_atomic
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import Links
from vostochny.schema.predictions import read_predictions
from vostochny.schema.readers import nothing_found


@click.command("link")
@click.argument("name")
@click.option(
    "-o",
    "--output",
    default="-",
    help="File to write, the links as JSON.  [default: -, standard output]",
)
@click.option(
    "--layers",
    type=click.Path(path_type=Path),
    help="Layers to link, as 'vostochny predict' writes them.  [default: the corpus's gold, blinded]",
)
@corpus_option
@traceback_option
def command(name: str, output: str, layers: Path | None, corpus: Path, traceback: bool) -> None:
    """Run the linker NAME on the layers of all documents and write which items are the same.

    NAME is a baseline (see 'vostochny baselines'), an entry point of the group vostochny.linkers,
    package.module:Class, package.module:function, file.py:Class or file.py:function.

    Of gold layers a linker sees everything but registry ids: no entity or metonym_for of a mention, and no
    named speaker or claimer. Layers given by --layers it sees as they are. What it prints goes to
    standard error. Nothing is written unless the links are valid.
    """
    with told_in_full(traceback), redirect_stdout(sys.stderr):
        found = _linked(name, layers, corpus)
    data = dump_json(links_to_json(found))
    if output == "-":
        click.echo(data, nl=False)
    else:
        write_atomic(output, data)


def _linked(name: str, layers: Path | None, corpus: Path) -> Links:
    linker = load_linker(name)
    if layers is None:
        gold = load_gold(corpus)
        return link(linker, gold.documents, map(without_answers, gold.values()))
    documents = load_documents(corpus)
    predicted, _ = read_predictions(layers, documents)
    if not predicted:
        raise InputError([nothing_found(layers)])
    return link(linker, documents, predicted)
