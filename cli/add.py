"""``vostochny add``: record a text of one's own as a document."""

from __future__ import annotations

from pathlib import Path

import click

from vostochny.annotations.add import add_document, document_id, make_document
from vostochny.schema.files import read_bytes


@click.command(name="add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--corpus",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("corpus"),
    envvar="VOSTOCHNY_CORPUS",
    show_default=True,
    show_envvar=True,
    help="Folder that gets articles/ID.txt and documents/ID.json; name it to the other commands, too.",
)
@click.option("--id", "name", help="Document id (one FILE only); by default made from the file name.")
@click.option("--title", help="By default a first line that looks like a headline.")
@click.option("--outlet", help="Who published it, if the text shows it.")
@click.option("--agency", help="The agency it is from, if the text shows it.")
@click.option("--date", help="Date of publication, YYYY-MM-DD, if the text shows it.")
@click.option("--language", default="en", show_default=True, help="ISO 639-1 code, for sentence splitting.")
@click.option("--translated/--original", default=None, help="Whether it is a translation, if known.")
def command(
    files: tuple[Path, ...],
    corpus: Path,
    name: str | None,
    title: str | None,
    outlet: str | None,
    agency: str | None,
    date: str | None,
    language: str,
    translated: bool | None,
) -> None:
    """Record each FILE (UTF-8 text) as a document, copied byte for byte.

    Regions, sentences and tokens are found by rule; read them over and correct the record where they err.
    """
    if name and len(files) > 1:
        raise click.UsageError("--id goes with a single FILE")
    for path in files:
        data = read_bytes(path)
        document = make_document(
            data,
            file=str(path),
            id=name or document_id(path),
            title=title,
            outlet=outlet,
            agency=agency,
            date=date,
            language=language,
            translated=translated,
        )
        text, record = add_document(path, corpus, document)
        click.echo(
            f"{document.id}: {len(document.text)} code points, {len(document.regions)} regions, "
            f"{len(document.sentences)} sentences, {len(document.tokens)} tokens -> {text}, {record}"
        )
