"""``vostochny export``: the corpus in other formats."""

from __future__ import annotations

from pathlib import Path

import click

from vostochny.annotations import corpus, hf
from vostochny.schema.errors import InputError


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
    if not list((source / "gold").glob("*.json")):
        message = (
            "found no gold layers, expected one JSON file a document and links.json; name another --corpus"
        )
        raise InputError.of("no-gold", message, file=str(source / "gold"))
    parts = corpus.load_documents(source), corpus.load_gold(source), corpus.load_links(source)
    if check:
        problems = hf.check_export(output, *parts)
        if problems:
            raise InputError(problems)
        click.echo(f"{output / hf.CARD} and the Parquet files match the gold.")
        return
    for path in hf.export(output, *parts):
        click.echo(path)
