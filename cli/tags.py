"""``vostochny tags``: tags of tokens, in columns, against gold."""

from __future__ import annotations

from pathlib import Path

import click

from vostochny.cli.printed import FORMS, write_report
from vostochny.eval import SCHEMES, score_tags
from vostochny.schema.conll import read_conll, same_tokens


@click.command(name="tags")
@click.argument("gold", type=click.Path(path_type=Path))
@click.argument("predictions", type=click.Path(path_type=Path))
@click.option(
    "--scheme",
    type=click.Choice(SCHEMES),
    default="IOB2",
    show_default=True,
    help="How the tags are to be read: IOB2, IOB1, BILOU and IOBES (BIOES) by the letter; BIO as conlleval "
    "reads them, whatever a chunk starts with.",
)
@click.option(
    "--column",
    type=click.IntRange(1),
    help="Column of the tags in both files, counted from 1.  [default: the last]",
)
@click.option("--format", "form", type=click.Choice(FORMS), default="table", show_default=True)
@click.option(
    "--boot", type=click.IntRange(0), default=10_000, show_default=True, help="Resamples; 0: no intervals."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the resampling.")
def command(
    gold: Path, predictions: Path, scheme: str, column: int | None, form: str, boot: int, seed: int
) -> None:
    """Score the tags of PREDICTIONS against those of GOLD: CoNLL files of the same tokens, any types.

    A line is a token, its columns parted by tabs or by spaces; the first column is the token, if there is
    more than one. Blank lines end sequences; lines that start with -DOCSTART- are skipped.
    """
    ours, theirs = read_conll(gold, column), read_conll(predictions, column)
    same_tokens(ours, theirs)
    report = score_tags(ours.tags, theirs.tags, scheme=scheme, n_boot=boot, seed=seed)
    write_report(report.to_json(), form)
