"""``vostochny export``: the corpus in other formats."""

from __future__ import annotations

from pathlib import Path

import click

from vostochny.annotations import hf
from vostochny.annotations.corpus import load_documents, load_gold, load_links
from vostochny.cli.options import corpus_option, is_checkouts_own
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
