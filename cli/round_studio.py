"""``vostochny round start|status|pull|review``: a round on Label Studio."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from vostochny.annotations.corpus import load_documents, load_gold
from vostochny.annotations.studio_export import Submission
from vostochny.annotations.studio_manifest import Wish
from vostochny.annotations.studio_pull import NEW, Pull, plan_pull, pull_round
from vostochny.annotations.studio_record import ADJUDICATION, GOLD, NONE
from vostochny.annotations.studio_start import StartReport
from vostochny.annotations.studio_start import start as start_round
from vostochny.cli.options import corpus_option
from vostochny.cli.round_links import is_links_round, only_for_layers, print_links_status
from vostochny.cli.studio import bars, connections, url_option
from vostochny.schema.errors import InputError
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.model import Document, Layer

REVIEW = "A person checks the existing gold."
"""The purpose of a round that ``review`` starts."""

config_option = click.option(
    "--update-config",
    is_flag=True,
    help="Set projects whose labelling configuration was changed to this corpus's.",
)
documents_option = click.option(
    "--documents", help="Ids of documents, separated by commas.  [default: all of the corpus]"
)


def _ids(given: str | None) -> list[str] | None:
    return None if given is None else [name.strip() for name in given.split(",") if name.strip()]


@click.command(short_help="start the round on Label Studio")
@click.argument("id")
@click.option("--annotators", help="Who annotates: ids, separated by commas, such as ana,ben.")
@documents_option
@click.option(
    "--prefill",
    help="What annotators find there: none, gold, or an extractor as 'vostochny predict' knows it.  "
    "[default: none]",
)
@click.option(
    "--server-per-annotator", is_flag=True, help="A server of their own for each, so nobody sees others."
)
@click.option("--purpose", help="What the round is for, in a sentence.")
@config_option
@url_option
@corpus_option
def start(
    id: str,
    annotators: str | None,
    documents: str | None,
    prefill: str | None,
    server_per_annotator: bool,
    purpose: str | None,
    update_config: bool,
    url: str | None,
    corpus: Path,
) -> None:
    """Start round ID on Label Studio: a project for each annotator, a task for each document.

    Run it again after any failure: what is there is not sent twice. An open round grows by naming more
    annotators or documents.
    """
    wish = Wish(_ids(annotators) or (), _ids(documents), prefill, server_per_annotator, purpose)
    _start(id, wish, update_config, url, corpus)


@click.command(short_help="start a round in which one person checks gold")
@click.argument("id")
@click.option("--annotator", help="Who checks the gold.")
@documents_option
@config_option
@url_option
@corpus_option
def review(
    id: str, annotator: str | None, documents: str | None, update_config: bool, url: str | None, corpus: Path
) -> None:
    """Start round ID in which one person checks existing gold; then status, pull and merge as usual."""
    wish = Wish([annotator] if annotator else (), _ids(documents), GOLD, False, REVIEW)
    _start(id, wish, update_config, url, corpus)


def _start(id: str, wish: Wish, update_config: bool, url: str | None, corpus: Path) -> None:
    only_for_layers(
        id, corpus, "its annotators write links with 'vostochny notate' into ANNOTATOR/links.json"
    )
    studios = connections(id, corpus, url, server_per_annotator=wish.server_per_annotator)

    def prefills(name: str, documents: Sequence[Document]) -> Mapping[str, Layer]:
        return load_gold(corpus) if name == GOLD else _extracted(name, documents, corpus)

    with bars("sending to") as progress:
        report = start_round(
            id, wish, corpus, studios, prefills, update_config=update_config, progress=progress
        )
    _say_started(id, report)


def _extracted(name: str, documents: Sequence[Document], corpus: Path) -> dict[str, Layer]:
    """What an extractor finds; one that is trained learns from the gold of other documents."""
    from vostochny.baselines.base import Trainable
    from vostochny.baselines.plugins import load_extractor
    from vostochny.baselines.run import predict

    with redirect_stdout(sys.stderr):
        extractor = load_extractor(name)
        gold = load_gold(corpus) if isinstance(extractor, Trainable) else None
        layers = predict(extractor, documents, gold, None, load_documents(corpus))
    return {layer.document: layer for layer in layers}


def _listed(names: Sequence[str], most: int = 12) -> str:
    """Names as a message lists them: all, or how many they are."""
    return ", ".join(names) if len(names) <= most else f"{len(names)} documents"


def _say_started(id: str, report: StartReport) -> None:
    record = report.record
    for started in report.started:
        click.echo(f"{started.annotator}: {started.project.page}")
        pushed = started.pushed
        for what, names in (
            ("sent", pushed.created),
            ("sent anew", pushed.replaced),
            ("prefill mended", pushed.repaired),
            ("double removed", pushed.removed),
        ):
            if names:
                click.echo(f"  {what}: {_listed([name.rpartition('/')[2] for name in names])}")
    if record.prefill != NONE:
        lacking = [part for part in LAYER_PARTS if part not in record.prefill_parts]
        less = f"; nothing for {', '.join(lacking)}" if lacking else ""
        click.echo(f"prefilled by {record.prefill}: {', '.join(record.prefill_parts)}{less}")
    for remark in report.remarks:
        click.echo(remark)
    if not report.changed:
        click.echo(f"round {id} was started before; nothing changed")
        return
    click.echo("Annotators sign up with the link of 'vostochny labelstudio invite', then open their project.")
    if record.server_per_annotator:
        click.echo(f"Each has a server of their own: vostochny labelstudio invite --name {id}-ANNOTATOR")


@click.command(short_help="who is how far")
@click.argument("id")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@url_option
@corpus_option
def status(id: str, form: str, url: str | None, corpus: Path) -> None:
    """Print how far the annotators of round ID are, and what 'vostochny round pull' would change.

    Of a round of links: who has put which links into the round's folder, and what is adjudicated.
    """
    if is_links_round(id, corpus):
        print_links_status(id, corpus, form == "json")
        return
    with bars("reading") as progress:
        pull = plan_pull(id, corpus, connections(id, corpus, url), progress)
    if form == "json":
        click.echo(json.dumps(_status_value(id, pull), ensure_ascii=False, indent=1))
    else:
        _print_status(id, pull)
    if pull.problems:
        raise InputError(pull.problems)


def _columns(pull: Pull) -> dict[str, Mapping[str, Submission]]:
    columns = {name: reading.submissions for name, reading in pull.readings.items()}
    return columns if pull.adjudication is None else {**columns, ADJUDICATION: pull.adjudication}


def _status_value(id: str, pull: Pull) -> dict[str, object]:
    documents = {
        document: {
            name: {
                "state": column[document].state,
                "draft": column[document].draft,
                "pull": pull.standing.get(name, {}).get(document),
                "task": column[document].where or None,
            }
            for name, column in _columns(pull).items()
        }
        for document in pull.manifest["documents"]
    }
    return {"round": id, "documents": documents, "remarks": pull.remarks}


def _print_status(id: str, pull: Pull) -> None:
    columns = _columns(pull)
    if not columns:
        return
    table = Table("document", *columns, title=f"Round {id}", title_justify="left")
    for document in pull.manifest["documents"]:
        cells = []
        for name, column in columns.items():
            standing = pull.standing.get(name, {}).get(document)
            shown = column[document].shown if column[document].where else "no task"
            cells.append(shown + (f", {standing}" if standing else ""))
        table.add_row(document, *cells)
    Console(width=max(100, Console().width)).print(table)
    for remark in pull.remarks:
        click.echo(remark)


@click.command(short_help="what annotators submitted becomes layers")
@click.argument("id")
@url_option
@corpus_option
def pull(id: str, url: str | None, corpus: Path) -> None:
    """Pull what the annotators of round ID submitted into the round's folder, and keep the exports.

    Of what somebody submitted more than once the latest counts. Documents that can't be read are named
    with their task, region and remedy; the others are pulled all the same.
    """
    only_for_layers(id, corpus, "put the annotators' links there with 'vostochny notate'")
    with bars("pulling") as progress:
        done = pull_round(id, corpus, connections(id, corpus, url), progress)
    for name, standing in done.standing.items():
        new = [document for document, how in standing.items() if how == NEW]
        changed = [document for document, how in standing.items() if how is not None and how != NEW]
        _say_pulled(name, new, changed, done)
    for remark in done.remarks:
        click.echo(remark)
    if not done.writes:
        click.echo(f"round {id}: nothing changed")
    if done.problems:
        raise InputError(done.problems)


def _say_pulled(name: str, new: Sequence[str], others: Sequence[str], done: Pull) -> None:
    by_state: dict[str, list[str]] = {}
    for document in [*new, *others]:
        by_state.setdefault(str(done.standing[name][document]), []).append(document)
    words = {NEW: "pulled", "changed": "pulled anew", "pulled": "as before"}
    parts = [f"{words.get(how, how)}: {_listed(names)}" for how, names in by_state.items()]
    open_ = [document for document, how in done.standing[name].items() if how is None]
    if open_:
        shown = [f"{document} ({done.readings[name].submissions[document].shown})" for document in open_]
        parts.append(f"not submitted: {_listed(shown)}")
    click.echo(f"{name}: {'; '.join(parts)}")
