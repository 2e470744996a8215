"""Options that several sub-commands share."""

from __future__ import annotations

from pathlib import Path

import click

from vostochny.annotations.corpus import ROOT


def current_corpus() -> Path:
    """``annotations/`` of the checkout one is in, else the installed corpus."""
    here = Path("annotations")
    return here if (here / "documents").is_dir() else ROOT


corpus_option = click.option(
    "--corpus",
    type=click.Path(path_type=Path, file_okay=False),
    default=current_corpus,
    help="Folder with articles/, documents/, gold/ and rounds/; by default annotations/ of the checkout "
    "you are in, else the installed corpus.",
)
"""``--corpus DIR``, handed to the command as ``corpus``."""
