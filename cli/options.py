"""Options that several sub-commands share."""

from __future__ import annotations

from pathlib import Path

import click

from vostochny.annotations.corpus import ROOT

CHECKOUT = Path("annotations")
"""The corpus of a checkout, seen from its root."""


def in_checkout() -> bool:
    """Whether the working folder is the root of a checkout of this project."""
    return (CHECKOUT / "documents").is_dir() and Path("schema/GUIDELINES.md").is_file()


def current_corpus() -> Path:
    """``annotations/`` of the checkout one is in, else the installed corpus."""
    return CHECKOUT if in_checkout() else ROOT


def is_checkouts_own(corpus: Path) -> bool:
    """Whether a corpus is that of the checkout one is in, so that its derived files may be rewritten."""
    return in_checkout() and corpus.resolve() == CHECKOUT.resolve()


corpus_option = click.option(
    "--corpus",
    type=click.Path(path_type=Path, file_okay=False),
    default=current_corpus,
    envvar="VOSTOCHNY_CORPUS",
    show_envvar=True,
    help="Folder with articles/, documents/, gold/ and rounds/; by default annotations/ of the checkout "
    "you are in, else the installed corpus.",
)
"""``--corpus DIR``, handed to the command as ``corpus``."""
