"""``vostochny compare``: systems against a baseline, and whether chance explains the differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from vostochny.cli.options import matching_options
from vostochny.cli.printed import print_table
from vostochny.cli.scored import (
    GoldPaths,
    gold_options,
    lenient_option,
    listed,
    read_gold,
    score_file,
    score_links_file,
)
from vostochny.eval import LINK_TASKS, TASKS, compare
from vostochny.eval.compare_render import tables, to_latex, to_markdown
from vostochny.eval.render import to_json


@click.command(name="compare")
@click.argument("baseline", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("others", type=click.Path(path_type=Path, allow_dash=True), nargs=-1, required=True)
@gold_options
@click.option("--links", is_flag=True, help="BASELINE and OTHERS are links files, on the gold layers.")
@click.option(
    "--task",
    "task_names",
    help=f"Tasks, by commas: of {', '.join(TASKS)}; with --links of {', '.join(LINK_TASKS)}.  [default: all]",
)
@click.option(
    "--measure",
    "measures",
    metavar="TASK/MEASURE",
    multiple=True,
    help="Measure to compare, such as quotes/speaker, entities/by_type/GPE or entities/macro; repeat it for "
    "several.  [default: each task's headline]",
)
@lenient_option
@matching_options
@click.option(
    "--boot", type=click.IntRange(1), default=10_000, show_default=True, help="Draws for each test."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the draws.")
@click.option(
    "--alpha",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.05,
    show_default=True,
    help="Level of the tests; intervals are of 1 less this.",
)
@click.option(
    "--power",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.8,
    show_default=True,
    help="Chance with which the minimum detectable difference would be found.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown", "latex"]),
    default="table",
    show_default=True,
)
def command(
    baseline: Path,
    others: tuple[Path, ...],
    gold_paths: GoldPaths,
    links: bool,
    task_names: str | None,
    measures: tuple[str, ...],
    lenient: bool,
    matching: dict[str, Any],
    boot: int,
    seed: int,
    alpha: float,
    power: float,
    form: str,
) -> None:
    """Compare OTHERS with BASELINE: predictions (JSONL, one layer a line), scored against gold.

    Paired bootstrap and approximate randomization over the paragraphs, corrected for the number of OTHERS by
    Holm's method; the minimum detectable difference; and how differences are spread over the documents.
    """
    paths = (baseline, *others)
    if links and (lenient or matching):
        raise click.UsageError("--lenient and the matching options are about predictions, not about --links")
    if sum(str(path) == "-" for path in paths) > 1:
        raise click.UsageError("standard input (-) can be read once; name files")
    gold = read_gold(gold_paths)
    tasks = _tasks(task_names, measures, tuple(LINK_TASKS if links else TASKS))
    if links:
        reports = [score_links_file(path, gold, None, tasks=tasks, n_boot=0) for path in paths]
    else:
        reports = [
            score_file(path, gold, lenient=lenient, tasks=tasks, n_boot=0, **matching)[0] for path in paths
        ]
    found = compare(
        *reports,
        names=_names(paths),
        measures=measures or None,
        n_boot=boot,
        seed=seed,
        alpha=alpha,
        power=power,
    )
    value = found.to_json()
    if form == "table":
        rows = tables(value)
        print_table(rows.head, rows.rows, left=3)
        print_table(rows.spread_head, rows.spread, left=3)
        for remark in rows.remarks:
            click.echo(remark)
    else:
        write = {"json": to_json, "markdown": to_markdown, "latex": to_latex}[form]
        click.echo(write(value), nl=False)


def _tasks(names: str | None, measures: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The tasks to score: those named, else those of the measures, else all."""
    if names is not None:
        return listed(names)
    return tuple(dict.fromkeys(name.split("/")[0] for name in measures)) or tuple(known)


def _names(paths: Sequence[Path]) -> list[str]:
    """A name for each file: without folder and suffix, or as given where that isn't enough, or numbered."""
    for names in ([path.stem for path in paths], [str(path) for path in paths]):
        if len(set(names)) == len(names):
            return names
    total, seen, out = Counter(map(str, paths)), Counter[str](), []
    for name in map(str, paths):
        seen[name] += 1
        out.append(f"{name} ({seen[name]})" if total[name] > 1 else name)
    return out
