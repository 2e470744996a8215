"""``vostochny export``: the corpus in other formats."""

from __future__ import annotations

from pathlib import Path

import click

from vostochny.annotations import hf
from vostochny.annotations.corpus import load_documents, load_gold, load_links
from vostochny.annotations.format_losses import loss_lines, losses
from vostochny.annotations.formats import TITLES, load_format
from vostochny.cli.options import corpus_option, is_checkouts_own
from vostochny.cli.written import force_option, write_files
from vostochny.schema.errors import InputError
from vostochny.schema.model import Document, Layer
from vostochny.schema.predictions import read_predictions
from vostochny.schema.readers import read_layers


@click.group(name="export")
def command() -> None:
    """Write the corpus, or other layers, in the formats of other tools.

    What a format can't hold of the layers is said on standard error; docs/formats.md compares them.
    """


@command.command(name="hf")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for data/ and README.md; default: the checkout you are in.",
)
@corpus_option
@click.option("--check", is_flag=True, help="Write nothing; fail if the files do not match the gold.")
def export_hf(output: Path | None, corpus: Path, check: bool) -> None:
    """Write the Hugging Face data set: Parquet files and the front matter of README.md."""
    if output is None:
        if not is_checkouts_own(corpus):
            message = f"{corpus} is not the corpus of a checkout you are in; name a folder with -o"
            raise InputError.of("no-checkout", message, file=str(Path.cwd()))
        output = Path()
    documents, links = load_documents(corpus), load_links(corpus)
    gold = load_gold(corpus)
    if check:
        problems = hf.check_export(output, documents, gold, links)
        if problems:
            raise InputError(problems)
        click.echo(f"{output / hf.CARD} and the Parquet files match the gold.")
        return
    for path in hf.export(output, documents, gold, links):
        click.echo(path)


def _exporter(name: str) -> click.Command:
    """The sub-command of a format."""

    @click.command(name=name, help=f"Write layers as {TITLES[name]}.", short_help=TITLES[name])
    @click.option(
        "-o",
        "--output",
        required=True,
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder for the files.",
    )
    @click.option(
        "--layers",
        "paths",
        multiple=True,
        type=click.Path(path_type=Path),
        help="Layers: a folder, such as an annotator's in a round, a JSON file, or predictions (JSONL); may "
        "be repeated.  [default: the corpus's gold]",
    )
    @corpus_option
    @force_option
    def export(output: Path, paths: tuple[Path, ...], corpus: Path, force: bool) -> None:
        form = load_format(name)
        documents = load_documents(corpus)
        found = _layers(paths, documents) if paths else list(load_gold(corpus).values())
        pairs = [(documents[layer.document], layer) for layer in found]
        files = form.write(pairs)
        write_files({output / file: data for file, data in files.items()}, force)
        for line in loss_lines(losses(pairs, form)):
            click.echo(f"{name} can't hold: {line}", err=True)

    return export


def _layers(paths: tuple[Path, ...], documents: dict[str, Document]) -> list[Layer]:
    """The layers of some paths, one a document."""
    layers: dict[str, Layer] = {}
    for path in paths:
        predictions = path.suffix == ".jsonl" and not path.is_dir()
        found = read_predictions(path, documents)[0] if predictions else read_layers(path, documents).values()
        for layer in found:
            if layer.document in layers:
                message = f"there is a layer of {layer.document!r} before; export one annotator at a time"
                raise InputError.of("duplicate-document", message, file=str(path))
            layers[layer.document] = layer
    return list(layers.values())


for _name in TITLES:
    command.add_command(_exporter(_name))
