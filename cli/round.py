"""``vostochny round``: agreement within a round, and from two readings to one."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from vostochny.annotations.adjudication import draft, log_entries, read_reasons
from vostochny.annotations.consistency import agreement_rows, round_agreement
from vostochny.annotations.corpus import load_document, load_documents, load_gold, load_registry
from vostochny.annotations.rounds import load_round, round_folder
from vostochny.cli import round_studio
from vostochny.cli.options import corpus_option
from vostochny.eval.render import markdown_table
from vostochny.schema.errors import InputError
from vostochny.schema.files import decode, dump_jsonl, read_bytes, write_atomic
from vostochny.schema.model import Layer
from vostochny.schema.registry import Resolver


@click.group(name="round")
def command() -> None:
    """Annotation rounds: agreement and adjudication."""


command.add_command(round_studio.start)
command.add_command(round_studio.status)
command.add_command(round_studio.pull)
command.add_command(round_studio.review)


@command.command()
@click.argument("id")
@click.option("--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table")
@corpus_option
def agree(id: str, form: str, corpus: Path) -> None:
    """Print the agreement of round ID's annotators, by the scores that systems get."""
    found = load_round(id, corpus)
    figures, value = round_agreement(found, load_documents(corpus), load_registry(corpus))
    name = "self-consistency" if found.self_consistency else "agreement"
    first, second = found.annotators[:2]
    head = f"Round {id}: {name} of {first} and {second} on {len(found.manifest['documents'])} document(s)"
    if form == "json":
        click.echo(json.dumps({"round": id, "measure": name, **value}, ensure_ascii=False, indent=1))
        return
    columns, rows = agreement_rows(figures)
    if form == "markdown":
        click.echo(f"{head}\n\n{markdown_table(columns, rows, 2)}", nl=False)
    else:
        table = Table(*columns, title=head, title_justify="left")
        for row in rows:
            table.add_row(*row)
        Console(width=max(100, Console().width)).print(table)
    if found.self_consistency:
        click.echo("All annotators are language models: this is self-consistency, not validity.")
    for figure in figures:
        if figure.low:
            click.echo(f"{figure.part}, {figure.name}: below {figure.bar}; a guideline is unclear there")


def _readings(id: str, document: str, corpus: Path) -> tuple[Layer, Layer]:
    """What the round's first two annotators say of a document."""
    found = load_round(id, corpus)
    known = found.manifest["documents"]
    if document not in known or len(found.annotators) < 2:
        message = f"round {id} has two readings of {', '.join(known)}, but not of {document!r}"
        raise InputError.of("unknown-document", message)
    first, second = found.annotators[:2]
    return found.layers[first][document], found.layers[second][document]


@command.command("draft")
@click.argument("id")
@click.argument("document")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Where to write; by default standard output."
)
@corpus_option
def draft_(id: str, document: str, output: Path | None, corpus: Path) -> None:
    """Write the adjudicator's draft of DOCUMENT: both readings as one decision file, differences remarked."""
    first, second = _readings(id, document, corpus)
    text = draft([first, second], load_document(document, corpus), Resolver(load_registry(corpus)))
    if output:
        write_atomic(output, text.encode())
    else:
        click.echo(text, nl=False)


@command.command()
@click.argument("id")
@click.argument("document")
@click.argument("reasons", type=click.Path(path_type=Path), required=False)
@corpus_option
def log(id: str, document: str, reasons: Path | None, corpus: Path) -> None:
    """Write the adjudication log of DOCUMENT from gold, the two readings and the adjudicator's REASONS.

    REASONS is a text file with a line `key | rule | reason` for each place where gold and the two
    readings are not all the same. Without it, print the places as such lines to fill in.
    """
    readings = _readings(id, document, corpus)
    gold = load_gold(corpus)
    if document not in gold:
        message = (
            f"no gold of {document!r} yet; adjudicate the draft, then 'vostochny notate' it into this folder"
        )
        raise InputError.of("no-gold", message, file=str(corpus / "gold"))
    entries = log_entries(gold[document], readings, gold.documents[document], Resolver(gold.entities))
    if reasons is None:
        for entry in entries:
            click.echo(f"# {', '.join(entry['fields'])}; gold follows {entry['decision']}")
            click.echo(f"{entry['key']} | | ")
        return
    logged = read_reasons(decode(read_bytes(reasons), str(reasons)), entries, str(reasons))
    path = round_folder(id, corpus) / "adjudication" / f"{document}.jsonl"
    write_atomic(path, dump_jsonl(logged))
    click.echo(f"{len(logged)} entries -> {path}")
