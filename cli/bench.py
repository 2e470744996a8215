"""``vostochny bench``: every baseline on the corpus, and the leaderboard."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from vostochny.annotations.corpus import load_gold
from vostochny.annotations.rounds import load_round, round_ids
from vostochny.baselines import BASELINES, predict
from vostochny.cli.leaderboard import System, cells, head, leaderboard, markdown
from vostochny.cli.options import corpus_option, is_checkouts_own
from vostochny.eval import TASKS
from vostochny.schema.files import dump_json, write_atomic
from vostochny.schema.model import Document, Layer

ROUND = "r1"
"""The round whose annotators' layers are scored as the ceiling if none is named."""

RESULTS = Path("eval/results")
"""Where a checkout keeps the leaderboard of its own corpus."""


@click.command(name="bench")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for leaderboard.json and .md; by default eval/results of the checkout you are in, if the "
    "corpus and the round are its own, else nothing is written.",
)
@click.option(
    "--round",
    "round_id",
    metavar="ID",
    help=f"Round whose annotators are the ceiling; by default {ROUND} if the corpus has it.",
)
@corpus_option
def command(output: Path | None, round_id: str | None, corpus: Path) -> None:
    """Run every baseline on the corpus, trained ones leave-one-article-out, and print the leaderboard.

    The annotators' own layers, scored like systems, are the ceiling.
    """
    if output is None and is_checkouts_own(corpus) and round_id in (None, ROUND):
        output = RESULTS
    gold = load_gold(corpus)
    documents = {name: gold.documents[name] for name in gold}
    notes = []
    if without := sorted(gold.documents.keys() - gold.keys()):
        notes.append(f"Without gold, so left out: {', '.join(without)}.")
    ceiling, partial = _ceiling(round_id, corpus, documents)
    systems, skipped = _baselines(documents, gold)
    value = leaderboard([*ceiling, *systems], gold, documents, gold.entities, [*notes, *partial, *skipped])
    table = Table(*head(), title=f"Leaderboard on {len(gold)} articles: F1 in %, 95% interval")
    for row in value["systems"]:
        table.add_row(*cells(row))
    Console(width=max(120, Console().width)).print(table)
    for note in value.get("notes", ()):
        click.echo(note)
    legend = {
        "ceiling": f"the annotators of round {round_id or ROUND} scored against gold",
        "trained": "leave one article out",
    }
    kinds = {row["kind"] for row in value["systems"]}
    if lines := [f"{kind}: {meaning}" for kind, meaning in legend.items() if kind in kinds]:
        click.echo("; ".join(lines))
    if output is None:
        click.echo("written nowhere: this is not the checkout's own leaderboard; -o FOLDER writes it")
        return
    write_atomic(output / "leaderboard.json", dump_json(value))
    write_atomic(output / "leaderboard.md", markdown(value).encode())
    click.echo(f"-> {output / 'leaderboard.json'}, {output / 'leaderboard.md'}")


def _ceiling(
    round_id: str | None, corpus: Path, documents: Mapping[str, Document]
) -> tuple[list[System], list[str]]:
    """A round's annotators as systems on those of the documents that they read, and notes."""
    if round_id is None and ROUND not in round_ids(corpus):
        return [], [f"No ceiling: the corpus has no round {ROUND}; --round names another one."]
    found = load_round(round_id or ROUND, corpus)
    both = frozenset(found.manifest["documents"]) & documents.keys()
    if not both:
        return [], [f"No ceiling: no document of round {found.id} has gold."]
    summary, notes = "", []
    if len(both) < len(documents):
        summary = f"on {len(both)} of {len(documents)} documents: {', '.join(sorted(both))}"
        notes.append(f"The ceiling is scored {summary}; these are all that round {found.id} and gold share.")
    systems = [
        System(
            name=f"annotator {name}",
            kind="ceiling",
            summary=summary,
            tasks=tuple(TASKS),
            layers=tuple(layer for n, layer in found.layers[name].items() if n in both),
            documents=both,
        )
        for name in found.annotators
    ]
    return systems, notes


def _baselines(
    documents: Mapping[str, Document], gold: Mapping[str, Layer]
) -> tuple[list[System], list[str]]:
    """Every baseline that can be run on the documents, all of which have gold, and notes."""
    trainable = len({document.text_sha256 for document in documents.values()}) > 1
    chosen = {name: b for name, b in BASELINES.items() if trainable or not b.trained}
    systems, notes = [], []
    if skipped := [name for name in BASELINES if name not in chosen]:
        notes.append(f"Skipped, for want of another article with gold to train on: {', '.join(skipped)}.")
    columns = (TextColumn("{task.description:20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bars = {name: progress.add_task(name, total=len(documents), start=False) for name in chosen}
        for name, baseline in chosen.items():
            progress.start_task(bars[name])
            layers = predict(
                baseline.factory(),
                documents.values(),
                gold if baseline.trained else None,
                lambda _, bar=bars[name]: progress.advance(bar),  # type: ignore[misc]
            )
            kind = "trained" if baseline.trained else "rules"
            systems.append(System(name, kind, baseline.summary, (baseline.task,), tuple(layers)))
    return systems, notes
