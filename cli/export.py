"""``vostochny export``: the corpus in other formats."""

from __future__ import annotations

from pathlib import Path

import click

from vostochny.annotations import corpus, hf
from vostochny.schema.errors import InputError
from vostochny.schema.readers import read_documents, read_layers, read_links


@click.group(name="export")
def command() -> None:
    """Write the corpus in other formats."""


@command.command(name="hf")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for data/ and README.md; default: the checkout you are in.",
)
@click.option(
    "--corpus",
    "source",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with articles/, documents/ and gold/; default: annotations/ of the checkout you are in, "
    "else the installed corpus.",
)
@click.option("--check", is_flag=True, help="Write nothing; fail if the files do not match the gold.")
def export_hf(output: Path | None, source: Path | None, check: bool) -> None:
    """Write the Hugging Face data set: Parquet files and the front matter of README.md."""
    here = Path("annotations")
    in_checkout = (here / "documents").is_dir()
    if output is None:
        if not in_checkout:
            message = (
                "found no annotations/documents in the current folder, expected a checkout; "
                "change to one or name a folder with -o"
            )
            raise InputError.of("no-checkout", message, file=str(Path.cwd()))
        output = Path()
    if source is None:
        source = here if in_checkout else corpus.ROOT
    documents = read_documents(source / "documents")
    links = read_links(source / "gold" / "links.json")
    gold = read_layers(source / "gold", documents, {entity.id: entity for entity in links.entities})
    if check:
        problems = hf.check_export(output, documents, gold, links)
        if problems:
            raise InputError(problems)
        click.echo(f"{output / hf.CARD} and the Parquet files match the gold.")
        return
    for path in hf.export(output, documents, gold, links):
        click.echo(path)
