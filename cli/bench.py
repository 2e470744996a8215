"""``vostochny bench``: every baseline on the corpus, and the leaderboard."""

from __future__ import annotations

import os

# Leave-one-out training of small models is quickest on one thread each.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from vostochny.annotations.corpus import load_documents, load_gold, load_registry
from vostochny.annotations.rounds import load_round
from vostochny.baselines import BASELINES, predict
from vostochny.cli.leaderboard import System, cells, head, leaderboard, markdown
from vostochny.cli.options import corpus_option
from vostochny.eval import TASKS
from vostochny.schema.files import dump_json, write_atomic

ROUND = "r1"
"""The round whose annotators' layers are scored as the ceiling."""


@click.command(name="bench")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for leaderboard.json and .md; by default eval/results of the checkout you are in.",
)
@corpus_option
def command(output: Path | None, corpus: Path) -> None:
    """Run every baseline on the corpus, trained ones leave-one-article-out, and print the leaderboard.

    The annotators' own layers, scored like systems, are the ceiling.
    """
    if output is None and Path("annotations/documents").is_dir():
        output = Path("eval/results")
    documents, gold, entities = load_documents(corpus), load_gold(corpus), load_registry(corpus)
    found = load_round(ROUND, corpus)
    systems = [
        System(f"annotator {name}", "ceiling", "", tuple(TASKS), tuple(found.layers[name].values()))
        for name in found.annotators
    ]
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bars = {name: progress.add_task(name, total=len(documents), start=False) for name in BASELINES}
        for name, baseline in BASELINES.items():
            progress.start_task(bars[name])
            layers = predict(
                baseline.factory(),
                documents.values(),
                gold if baseline.trained else None,
                lambda _, bar=bars[name]: progress.advance(bar),  # type: ignore[misc]
            )
            kind = "trained" if baseline.trained else "rules"
            systems.append(System(name, kind, baseline.summary, (baseline.task,), tuple(layers)))
        scoring = progress.add_task("scoring", total=1)
        value = leaderboard(systems, gold, documents, entities)
        progress.advance(scoring)
    table = Table(*head(), title=f"Leaderboard on {len(documents)} articles: F1 in %, 95% interval")
    for row in value["systems"]:
        table.add_row(*cells(row))
    Console(width=max(120, Console().width)).print(table)
    click.echo("ceiling: the annotators of round r1 scored against gold; trained: leave one article out")
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        write_atomic(output / "leaderboard.json", dump_json(value))
        write_atomic(output / "leaderboard.md", markdown(value).encode())
        click.echo(f"-> {output / 'leaderboard.json'}, {output / 'leaderboard.md'}")
