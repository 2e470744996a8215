"""``vostochny labelstudio``: a Label Studio server of one's own, started and stopped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from vostochny.annotations.studio_install import Progress
from vostochny.cli.studio import stages

_NEW = """\
password  {password}
{token}This is shown once and stored nowhere; 'vostochny labelstudio up{name} --new-token' makes new ones."""

name_option = click.option("--name", default="default", show_default=True, help="Which server.")


@click.group(name="labelstudio")
def command() -> None:
    """A Label Studio server of your own, on this machine: start it, stop it, invite annotators.

    VOSTOCHNY_CACHE names another folder for the installed server, VOSTOCHNY_DATA for its data.
    """


@command.command()
@name_option
@click.option("--port", type=click.IntRange(1, 65535), help="By default the first that is free, from 8080.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for its database, by default one in your data folder.",
)
@click.option("--new-token", is_flag=True, help="Replace a lost token and password.")
def up(name: str, port: int | None, data: Path | None, new_token: bool) -> None:
    """Start Label Studio, installing it the first time (about 1 GB, in an environment of its own).

    It listens on this machine only and reaches nothing outside. The first start prints a password and an
    access token; LABEL_STUDIO_API_KEY, where it is set, becomes the token and is not printed.
    """
    from vostochny.annotations import studio_server
    from vostochny.annotations.studio_account import ACCOUNT
    from vostochny.annotations.studio_client import DEFAULT_URL

    with _progress() as progress:
        server = studio_server.up(name, port=port, data=data, new_token=new_token, progress=progress)
    runs = "runs" if server.started else "already runs"
    click.echo(f"Label Studio {server.version} {runs} at {server.url} (server {name})")
    click.echo(f"account   {ACCOUNT}")
    if server.url != DEFAULT_URL:
        click.echo(f"export LABEL_STUDIO_URL={server.url}")
    option = "" if name == "default" else f" --name {name}"
    if server.password:
        token = f"export LABEL_STUDIO_API_KEY={server.token}\n" if server.token else ""
        click.echo(_NEW.format(password=server.password, token=token, name=option))
    else:
        click.echo(f"Password or token lost: vostochny labelstudio up{option} --new-token")


@command.command()
@name_option
def down(name: str) -> None:
    """Stop Label Studio; its data stays."""
    from vostochny.annotations import studio_server

    server = studio_server.down(name)
    if server is None:
        click.echo(f"no server {name} runs; nothing was stopped")
    else:
        click.echo(f"stopped server {name}; its data stays in {server.data}")


@command.command()
@click.option("--name", help="Which server; by default the one named default.")
@click.option("--url", envvar="LABEL_STUDIO_URL", help="Address of a server that was not started here.")
def invite(name: str | None, url: str | None) -> None:
    """Print the link at which annotators sign up; it needs the token in LABEL_STUDIO_API_KEY.

    Whoever has the link can make an account and see everything on that server.
    """
    from vostochny.annotations import studio_server
    from vostochny.annotations.studio_client import Studio
    from vostochny.annotations.studio_errors import TOKEN

    where = url if url and not name else studio_server.running(name or "default").url
    click.echo(Studio.connect(where, os.environ.get(TOKEN)).invite_link())


@command.command()
def status() -> None:
    """List the servers that were started here."""
    from vostochny.annotations import studio_server

    servers = studio_server.instances()
    if not servers:
        click.echo("no server was started here yet; start one: vostochny labelstudio up")
        return
    table = Table("name", "state", "address", "version", "data", box=None)
    for server in servers:
        state = "stopped" if server.pid is None else f"runs (process {server.pid})"
        table.add_row(server.name, state, server.url, server.version, str(server.data))
    Console(width=max(200, Console().width)).print(table)


@contextmanager
def _progress() -> Iterator[Progress]:
    """What goes on: on a terminal in one line that changes, else a line for each new stage."""
    console = Console(stderr=True)
    if console.is_terminal:
        with console.status("starting") as line:
            yield line.update
        return
    yield stages()
