"""``vostochny predict``: run an extractor and write its layers."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

from vostochny.annotations.corpus import load_documents, load_gold
from vostochny.baselines.base import Trainable
from vostochny.baselines.plugins import load_extractor
from vostochny.baselines.run import predict
from vostochny.cli.options import current_corpus
from vostochny.cli.plugin_options import told_in_full, traceback_option
from vostochny.schema.files import dump_jsonl, write_atomic
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.model import Document, Layer
from vostochny.schema.readers import read_documents, read_layers


@click.command("predict")
@click.argument("name")
@click.option(
    "-o",
    "--output",
    default="-",
    help="File to write, JSONL with a layer a line.  [default: -, standard output]",
)
@click.option(
    "--documents",
    type=click.Path(path_type=Path),
    help="Documents to run on: a JSONL file or a folder of records.  [default: the corpus's]",
)
@click.option(
    "--train",
    type=click.Path(path_type=Path),
    help="Layers that a trained extractor learns from.  [default: the corpus's gold]",
)
@traceback_option
def command(name: str, output: str, documents: Path | None, train: Path | None, traceback: bool) -> None:
    """Run the extractor NAME on documents and write what it finds.

    NAME is a baseline (see 'vostochny baselines'), an entry point of the group vostochny.extractors,
    package.module:Class, package.module:function, file.py:Class or file.py:function.

    An extractor with a method fit(documents, layers) is trained anew for each document, on the
    training layers of all others. What it prints goes to standard error. Nothing is written unless every
    layer is valid.
    """
    with told_in_full(traceback), redirect_stdout(sys.stderr):
        found = _predicted(name, documents, train)
    data = dump_jsonl(layer_to_json(layer) for layer in found)
    if output == "-":
        click.echo(data, nl=False)
    else:
        write_atomic(output, data)


def _predicted(name: str, documents: Path | None, train: Path | None) -> list[Layer]:
    extractor = load_extractor(name)
    corpus = current_corpus()
    own = load_documents(corpus)
    chosen = own if documents is None else read_documents(documents)
    known = {**own, **chosen}
    layers = None
    if isinstance(extractor, Trainable):
        layers = load_gold(corpus) if train is None else read_layers(train, known)
    with click.progressbar(length=len(chosen), label=name, file=sys.stderr) as bar:

        def advance(_: Document) -> None:
            bar.update(1)

        return predict(extractor, chosen.values(), layers, advance, known)
