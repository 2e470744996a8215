"""Options that several sub-commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from vostochny.annotations.corpus import ROOT
from vostochny.eval.options import BOUNDARIES, DISCONTINUOUS, NESTED, Overlap
from vostochny.schema.errors import InputError

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


def matching_options(command: Callable[..., None]) -> Callable[..., None]:
    """``--trim``, ``--boundaries``, ``--discontinuous``, ``--nested``, ``--overlap`` for a command.

    They are handed over as ``matching``: a dictionary of those that are not the defaults, by the names that
    :func:`vostochny.eval.score` has for them, to be passed on as ``score(…, **matching)``.
    """

    @click.option(
        "--trim", is_flag=True, help="Ignore articles and 's at the edges of mentions and quotes' sources."
    )
    @click.option(
        "--boundaries",
        type=click.Choice(BOUNDARIES),
        default=BOUNDARIES[0],
        show_default=True,
        help="What spans are compared in: tokens that they touch, or characters.",
    )
    @click.option(
        "--discontinuous",
        type=click.Choice(DISCONTINUOUS),
        default=DISCONTINUOUS[0],
        show_default=True,
        help="Quotes and claims in several spans: as one item without what lies between, with it (hull), "
        "or an item for each part.",
    )
    @click.option(
        "--nested",
        type=click.Choice(NESTED),
        default=NESTED[0],
        show_default=True,
        help="Which items count of those that lie in one another.",
    )
    @click.option(
        "--overlap",
        metavar="TASK=IOU",
        multiple=True,
        callback=_overlap,
        help="Two items may match if their intersection over union is more than this; for several tasks "
        "repeat it.  [default: entities=0, quotes=0.5, claims=0.5]",
    )
    @wraps(command)
    def with_matching(
        *args: Any,
        trim: bool,
        boundaries: str,
        discontinuous: str,
        nested: str,
        overlap: dict[str, str],
        **others: Any,
    ) -> None:
        chosen: dict[str, tuple[Any, Any]] = {
            "trim": (trim, False),
            "boundaries": (boundaries, BOUNDARIES[0]),
            "discontinuous": (discontinuous, DISCONTINUOUS[0]),
            "nested": (nested, NESTED[0]),
            "overlap": (overlap, {}),
        }
        matching = {name: value for name, (value, default) in chosen.items() if value != default}
        command(*args, matching=matching, **others)

    return with_matching


def _overlap(_ctx: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """The thresholds by task, as written."""
    out: dict[str, str] = {}
    for each in given:
        task, equals, value = each.partition("=")
        if not equals or task in out:
            found = f"{task} twice" if equals else repr(each)
            raise click.BadParameter(f"found {found}, expected TASK=IOU once for a task")
        out[task] = value
    try:
        Overlap.of(out)
    except InputError as error:
        raise click.BadParameter(error.problems[0].message) from None
    return out
