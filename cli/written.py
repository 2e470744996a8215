"""Writing files without destroying what somebody has changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import read_bytes, write_atomic

force_option = click.option("--force", is_flag=True, help="Write over files that have other contents.")
"""``--force``, handed to the command as ``force``."""


def write_files(files: Mapping[Path, bytes], force: bool) -> None:
    """Write files and print their paths, those that are there already with a word.

    Raises :class:`InputError` (``file-exists``), and writes nothing, if a file has other contents; not with
    ``force``.
    """
    same = {path for path, data in files.items() if path.exists() and read_bytes(path) == data}
    other = [path for path in files if path.exists() and path not in same]
    if other and not force:
        message = "is there with other contents; give another folder with -o, or --force to write over it"
        raise InputError(Problem("file-exists", message, str(path)) for path in other)
    for path, data in files.items():
        if path not in same:
            write_atomic(path, data)
        click.echo(f"{path} (unchanged)" if path in same else path)
