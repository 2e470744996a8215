"""What the commands that speak to Label Studio share: the server's address, the connection, the bar."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from vostochny.annotations.studio_client import DEFAULT_URL, Studio
from vostochny.annotations.studio_errors import TOKEN
from vostochny.annotations.studio_record import Record, read_record
from vostochny.annotations.studio_start import RoundProgress, Studios
from vostochny.schema.errors import InputError

url_option = click.option(
    "--url",
    envvar="LABEL_STUDIO_URL",
    show_envvar=True,
    help=f"Address of the Label Studio server, by default where the round is, else {DEFAULT_URL}. The token "
    f"comes from {TOKEN}.",
)
"""``--url``, handed to the command as ``url``."""


def connections(id: str, corpus: Path, url: str | None, *, server_per_annotator: bool = False) -> Studios:
    """What connects to the servers of a round's annotators, each once.

    With a server per annotator, these are started where they do not run.
    """
    record = read_record(corpus / "rounds" / id)
    own = server_per_annotator or (record is not None and record.server_per_annotator)
    if own and url is not None:
        message = f"round {id} has a server per annotator, started here; leave out --url and LABEL_STUDIO_URL"
        raise InputError.of("labelstudio-url", message)
    made: dict[str, Studio] = {}

    def connect(annotator: str) -> Studio:
        where = _own_server(f"{id}-{annotator}") if own else url or _place(record, annotator)
        if where not in made:
            made[where] = Studio.connect(where, os.environ.get(TOKEN))
        return made[where]

    return connect


def _place(record: Record | None, annotator: str) -> str:
    """Where an annotator's project is, else where the others' are, else where a server listens."""
    place = record.place(annotator) if record else None
    others = [each.url for each in record.projects.values()] if record else []
    return place.url if place else next(iter(others), DEFAULT_URL)


def _own_server(name: str) -> str:
    """The address of a server of that name, started if it does not run."""
    from vostochny.annotations import studio_server

    if not os.environ.get(TOKEN):
        message = (
            f"choose one token for all servers first: 16 to 40 letters and digits in {TOKEN}; each new "
            "server takes it"
        )
        raise InputError.of("labelstudio-token", message)
    server = studio_server.up(name, progress=stages())
    if server.password:
        from vostochny.annotations.studio_account import ACCOUNT

        click.echo(f"server {name}: {server.url}, account {ACCOUNT}, password {server.password} (shown once)")
    return server.url


def stages() -> Callable[[str], None]:
    """Tells what goes on, a line on standard error for each new stage: counts do not make one."""
    told = set()

    def tell(text: str) -> None:
        stage = re.sub(r"\d+", "", text)
        if stage not in told:
            told.add(stage)
            click.echo(text, err=True)

    return tell


@contextmanager
def bars(what: str) -> Iterator[RoundProgress]:
    """A progress bar for each annotator on standard error, if that is a terminal."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        known: dict[str, TaskID] = {}

        def advance(annotator: str, done: int, total: int) -> None:
            if annotator not in known:
                known[annotator] = progress.add_task(f"{what} {annotator}", total=total)
            progress.update(known[annotator], completed=done, total=total)

        yield advance
