"""``vostochny errors``: what a system does wrong, how often, and where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vostochny.cli.options import matching_options
from vostochny.cli.scored import (
    GoldPaths,
    gold_options,
    lenient_option,
    listed,
    read_gold,
    read_predicted,
)
from vostochny.eval import TASKS, ErrorAnalysis, errors
from vostochny.eval.error_cases import ErrorCase
from vostochny.eval.error_context import GOLD_MARKS, PREDICTED_MARKS
from vostochny.eval.error_render import (
    ATTRIBUTE_HEAD,
    KEY,
    SPAN_HEAD,
    Example,
    error_tables,
    errors_markdown,
    examples,
)
from vostochny.eval.render import to_json
from vostochny.schema.predictions import invalid_items

_GOLD, _PREDICTED = "bold green", "bold magenta"


@click.command(name="errors")
@click.argument("predictions", type=click.Path(path_type=Path, allow_dash=True))
@gold_options
@click.option("--task", "task_names", help=f"Tasks, by commas: of {', '.join(TASKS)}.  [default: all]")
@click.option(
    "--category",
    help="Only errors of this category, such as split, speaker (all its kinds) or speaker/chain, are shown, "
    "and stand in the JSON value; type is a mention's type and a claim's (--task parts them).",
)
@click.option(
    "--examples",
    "most",
    type=click.IntRange(0),
    default=3,
    show_default=True,
    help="Examples of each category; the JSON value always has all errors.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
)
@lenient_option
@matching_options
def command(
    predictions: Path,
    gold_paths: GoldPaths,
    task_names: str | None,
    category: str | None,
    most: int,
    form: str,
    lenient: bool,
    matching: dict[str, Any],
) -> None:
    """Sort out the errors of PREDICTIONS (JSONL, one layer a line; - is standard input) against gold.

    Each gold and each predicted item is in one category: correct, boundary, type, split, merged, missed,
    spurious. What is wrong with quotes and claims that were found (speaker, claimer, voice …) is counted by
    itself. Examples stand in their sentences.
    """
    gold = read_gold(gold_paths)
    layers, problems = read_predicted(predictions, gold.documents, lenient=lenient)
    analysis = errors(
        gold.layers,
        layers,
        documents=gold.documents,
        entities=gold.links.entities,
        tasks=tuple(TASKS) if task_names is None else listed(task_names),
        invalid=invalid_items(problems),
        **matching,
    )
    found = analysis.errors(category=category)
    if form == "json":
        click.echo(to_json(analysis.to_json(found)), nl=False)
    elif form == "markdown":
        click.echo(errors_markdown(analysis, found, most), nl=False)
    else:
        _print(analysis, found, most)


def _print(analysis: ErrorAnalysis, found: Sequence[ErrorCase], most: int) -> None:
    # Cut numbers would be wrong numbers: in a narrow window or a pipe the lines are longer instead.
    console = Console(width=max(110, Console().width))
    rows = error_tables(analysis)
    for head, body in ((SPAN_HEAD, rows.spans), (ATTRIBUTE_HEAD, rows.attributes)):
        if not body:
            continue
        table = Table(box=None, pad_edge=False)
        for n, name in enumerate(head):
            table.add_column(name, justify="left" if n < 3 else "right", no_wrap=True)
        last = ""
        for task, *cells in body:
            table.add_row(task if task != last else "", *cells)
            last = task
        console.print(table)
        console.print()
    if most and found:
        console.print(_coloured(f"Examples: {KEY}"), soft_wrap=True)
        for task, category, n, shown in examples(analysis, found, most):
            console.print()
            console.print(f"{task}: {category}, {len(shown)} of {n}", style="bold", markup=False)
            for example in shown:
                _print_example(console, example)
        console.print()
    for remark in rows.remarks:
        click.echo(remark)


def _print_example(console: Console, example: Example) -> None:
    also = f" (also {example.also})" if example.also else ""
    words = f"  {example.place}  gold {example.gold}, predicted {example.predicted}{also}"
    console.print(words, style="dim", soft_wrap=True, markup=False, highlight=False)
    console.print(Text("    ") + _coloured(example.context), soft_wrap=True)


def _coloured(text: str) -> Text:
    out = Text(text)
    for marks, style in ((GOLD_MARKS, _GOLD), (PREDICTED_MARKS, _PREDICTED)):
        out.highlight_words(marks, style)
    return out
