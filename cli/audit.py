"""``vostochny audit``: how many errors a gold still holds, told by planted ones."""

from __future__ import annotations

from pathlib import Path

import click

from vostochny.annotations.audit_copy import make_audit
from vostochny.cli.options import corpus_option
from vostochny.schema.errors import InputError
from vostochny.schema.files import write_atomic


@click.group(name="audit")
def command() -> None:
    """Audit gold with planted errors: how many an auditor finds of these tells how many real ones are left.

    First `seed`: a copy of the gold with planted errors, and a sealed key. Auditors read the copy (its
    README.md says how) and write their findings. Then `score`: it matches findings with the key.
    """


@command.command()
@click.option("--errors", type=click.IntRange(1), default=60, show_default=True, help="Errors to plant.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="What they are drawn by.")
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the copy; it must not be there yet, or be empty.",
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File for the key (JSONL), outside the copy: keep it from the auditors.",
)
@corpus_option
def seed(errors: int, seed: int, folder: Path, key: Path, corpus: Path) -> None:
    """Make a copy of the gold with planted errors, and a sealed key.

    The kinds of errors take turns, and each document gets its share. None breaks a check, and `vostochny
    lint` finds the same in the copy as in the gold. The copy carries the SHA-256 of the key and nothing else
    of it.
    """
    if key.resolve().is_relative_to(folder.resolve()):
        message = (
            f"lies in the copy's folder {folder}, where the auditor would read it; give a file elsewhere"
        )
        raise InputError.of("key-in-copy", message, file=str(key))
    if folder.is_dir() and any(folder.iterdir()):
        message = (
            "is not empty; give another folder for the copy, so that nothing of another audit stays in it"
        )
        raise InputError.of("file-exists", message, file=str(folder))
    if key.exists():
        message = "is there already, and may be the key of another audit; give another file"
        raise InputError.of("file-exists", message, file=str(key))
    files, sealed = make_audit(corpus, errors, seed)
    write_atomic(key, sealed)
    for name, data in files.items():
        write_atomic(folder / name, data)
    click.echo(f"{folder}: the copy, {len(files)} files; auditors begin with {folder / 'README.md'}")
    click.echo(f"{key}: the key; keep it from the auditors until they are done")
