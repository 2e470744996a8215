"""``vostochny score``: predictions against gold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from vostochny.annotations import corpus
from vostochny.eval import TASKS, score
from vostochny.eval.render import LABEL_HEAD, tables, to_json, to_latex, to_markdown
from vostochny.schema.errors import InputError
from vostochny.schema.predictions import invalid_items, read_predictions
from vostochny.schema.readers import read_documents, read_layers, read_links


@click.command(name="score")
@click.argument("predictions", type=click.Path(path_type=Path))
@click.option(
    "--gold",
    "gold_path",
    type=click.Path(path_type=Path),
    help="Gold layers: a folder or JSONL file; default: the corpus.",
)
@click.option(
    "--documents",
    "documents_path",
    type=click.Path(path_type=Path),
    help="Documents: a JSONL file or folder; default: the corpus.",
)
@click.option(
    "--links",
    "links_path",
    type=click.Path(path_type=Path),
    help="Links file with the entity registry that names are resolved against; default: the corpus's; "
    "with --gold, none.",
)
@click.option("--task", "task_names", default=",".join(TASKS), show_default=True, help="Tasks, by commas.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown", "latex"]),
    default="table",
    show_default=True,
)
@click.option(
    "--lenient",
    is_flag=True,
    help="Score although items are invalid: they are reported and count as false positives.",
)
@click.option("--trim", is_flag=True, help="Ignore articles and 's at the edges of mentions.")
@click.option(
    "--boot", type=click.IntRange(0), default=10_000, show_default=True, help="Resamples; 0: no intervals."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the resampling.")
def command(
    predictions: Path,
    gold_path: Path | None,
    documents_path: Path | None,
    links_path: Path | None,
    task_names: str,
    form: str,
    lenient: bool,
    trim: bool,
    boot: int,
    seed: int,
) -> None:
    """Score PREDICTIONS (JSONL, one layer a line) against gold."""
    documents = corpus.load_documents() if documents_path is None else read_documents(documents_path)
    gold = corpus.load_gold() if gold_path is None else read_layers(gold_path, documents)
    if not gold:
        raise InputError.of("no-gold", "the installed corpus has no gold layers; name some with --gold")
    if links_path is not None:
        entities = read_links(links_path).entities
    else:
        entities = corpus.load_links().entities if gold_path is None else ()
    layers, problems = read_predictions(predictions, documents, lenient=lenient)
    for problem in problems:
        click.echo(str(problem), err=True)
    report = score(
        gold,
        layers,
        documents=documents,
        entities=entities,
        tasks=[name.strip() for name in task_names.split(",") if name.strip()],
        n_boot=boot,
        seed=seed,
        trim=trim,
        invalid=invalid_items(problems),
    )
    value = report.to_json()
    if form == "table":
        _print(value)
    else:
        write = {"json": to_json, "markdown": to_markdown, "latex": to_latex}[form]
        click.echo(write(value), nl=False)


def _print(value: dict[str, Any]) -> None:
    rows = tables(value)
    console = Console()
    for head, body in ((rows.score_head, rows.scores), (LABEL_HEAD, rows.labels)):
        if not body:
            continue
        table = Table(box=None, pad_edge=False)
        for n, name in enumerate(head):
            table.add_column(name, justify="left" if n < 2 else "right", no_wrap=True)
        last = ""
        for task, *cells in body:
            table.add_row(task if task != last else "", *cells)
            last = task
        console.print(table)
        console.print()
    for remark in rows.remarks:
        click.echo(remark)
