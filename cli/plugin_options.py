"""What the commands that run plug-ins share: where their exceptions are shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from traceback import format_exception

import click

from vostochny.schema.errors import InputError

traceback_option = click.option(
    "--traceback", is_flag=True, help="If the plug-in fails, print its whole traceback."
)
"""``--traceback``, handed to the command as ``traceback``."""


@contextmanager
def told_in_full(traceback: bool) -> Iterator[None]:
    """If asked for, print the traceback of the exception that is an :class:`InputError`'s cause."""
    try:
        yield
    except InputError as error:
        if traceback and error.__cause__ is not None:
            click.echo("".join(format_exception(error.__cause__)), err=True, nl=False)
        raise
