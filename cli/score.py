"""``vostochny score``: predictions, or links across the documents, against gold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from vostochny.cli.options import matching_options
from vostochny.cli.printed import FORMS, write_report
from vostochny.cli.scored import (
    GoldPaths,
    gold_options,
    lenient_option,
    listed,
    read_gold,
    score_file,
    score_links_file,
)
from vostochny.eval import LINK_TASKS, TASKS, Report, score_mentions, seqeval_report
from vostochny.eval.render import percent
from vostochny.schema.columns import read_mentions


@click.command(name="score")
@click.argument("predictions", type=click.Path(path_type=Path, allow_dash=True), required=False)
@gold_options
@click.option(
    "--links",
    "links_path",
    type=click.Path(path_type=Path),
    help="A system's links file: its entity links, utterances and claim links are scored. They are on the "
    "gold layers, or on those of PREDICTIONS if these are given.",
)
@click.option(
    "--task",
    "task_names",
    help=f"Tasks, by commas: of {', '.join(TASKS)}; with --links of {', '.join(LINK_TASKS)}.  [default: all]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    default="table",
    show_default=True,
)
@click.option(
    "--seqeval", is_flag=True, help="Also seqeval's own report on the mentions as written (strict, IOB2)."
)
@lenient_option
@matching_options
@click.option(
    "--boot", type=click.IntRange(0), default=10_000, show_default=True, help="Resamples; 0: no intervals."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the resampling.")
def command(
    predictions: Path | None,
    gold_paths: GoldPaths,
    links_path: Path | None,
    task_names: str | None,
    form: str,
    seqeval: bool,
    lenient: bool,
    matching: dict[str, Any],
    boot: int,
    seed: int,
) -> None:
    """Score PREDICTIONS (JSONL, one layer a line; - is standard input), or --links, against gold.

    With --boundaries character --task entities and the gold in a file, but no --documents, no documents are
    needed: mentions are compared by their offsets, documents are resampled.
    """
    if predictions is None and links_path is None:
        raise click.UsageError("give PREDICTIONS, or --links LINKS.json, or both")
    if links_path is not None and (lenient or matching or seqeval):
        raise click.UsageError(
            "--lenient, --seqeval and the matching options (--trim, --boundaries, --discontinuous, --nested, "
            "--overlap) are about PREDICTIONS alone, not about --links"
        )
    known = TASKS if links_path is None else LINK_TASKS
    tasks = tuple(known) if task_names is None else listed(task_names)
    tags = None
    alone = matching.get("boundaries") == "character" and matching.keys() <= {"boundaries", "overlap"}
    if (
        (alone and tasks == ("entities",) and not (lenient or seqeval or links_path))
        and (predictions is not None and str(predictions) != "-")
        and (gold_paths.gold is not None and gold_paths.documents is None and not gold_paths.gold.is_dir())
    ):
        report = _score_characters(predictions, gold_paths.gold, matching, n_boot=boot, seed=seed)
        write_report(report.to_json(), form)
        return
    gold = read_gold(gold_paths)
    if links_path is not None:
        report = score_links_file(links_path, gold, predictions, tasks=tasks, n_boot=boot, seed=seed)
    elif predictions is not None:
        report, layers = score_file(
            predictions, gold, lenient=lenient, tasks=tasks, n_boot=boot, seed=seed, **matching
        )
        tags = seqeval_report(gold.layers, layers, gold.documents) if seqeval else None
    value = report.to_json()
    if form == "json" and tags is not None:
        value["seqeval"] = tags
    write_report(value, form)
    if form == "table" and tags is not None:
        _print_seqeval(tags)


def _score_characters(
    predictions: Path, gold: Path, matching: dict[str, Any], *, n_boot: int, seed: int
) -> Report:
    """The report on the mentions of two files by their characters: no documents, and fast."""
    overlap = matching.get("overlap", {}).get("entities", 0)
    return score_mentions(
        read_mentions(gold), read_mentions(predictions), overlap=overlap, n_boot=n_boot, seed=seed
    )


def _print_seqeval(report: dict[str, Any]) -> None:
    left_out = report["left_out"]
    table = Table(box=None, pad_edge=False, title="seqeval, mode=strict, scheme=IOB2", title_justify="left")
    for n, name in enumerate(("", "precision", "recall", "f1-score", "support")):
        table.add_column(name, justify="right" if n else "left")
    for name, row in report.items():
        if name != "left_out":
            scores = (percent(row[key]) for key in ("precision", "recall", "f1-score"))
            table.add_row(name, *scores, str(row["support"]))
    Console().print(table)
    click.echo(f"mentions that tags can't hold: gold {left_out['gold']}, predicted {left_out['predicted']}")
