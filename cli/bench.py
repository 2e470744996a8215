"""``vostochny bench``: every baseline on the corpus, and the leaderboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from vostochny.annotations.corpus import load_gold
from vostochny.annotations.rounds import Round, load_round, round_ids
from vostochny.baselines import BASELINES, predict
from vostochny.cli.bench_links import link_ceiling, linker_rows, ready_linkers, rows_before
from vostochny.cli.leaderboard import System, cells, head, leaderboard, markdown
from vostochny.cli.leaderboard_links import EXTRACTED, link_cells, link_head, link_row
from vostochny.cli.options import corpus_option, is_checkouts_own
from vostochny.eval import TASKS
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json, write_atomic
from vostochny.schema.model import Document, Layer

ROUND = "r1"
"""The round whose annotators' layers are scored as the ceiling if none is named."""

LINKS_ROUND = "r2"
"""The round whose annotators' links are scored as the ceiling if none is named."""

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
@click.option(
    "--links-round",
    "links_round_id",
    metavar="ID",
    help=f"Round whose annotators' links are the ceiling; by default {LINKS_ROUND} if the corpus has it.",
)
@click.option(
    "--require-all",
    is_flag=True,
    help="Fail if an optional extra is missing. Without it, what needs the extra keeps the row that the "
    "leaderboard to be written has of it, if that was measured on the same gold, or is left out.",
)
@corpus_option
def command(
    output: Path | None, round_id: str | None, links_round_id: str | None, require_all: bool, corpus: Path
) -> None:
    """Run every baseline on the corpus, trained ones leave-one-article-out, and print the leaderboard.

    Linkers are run on the gold layers, without what they are to find, and on extractors' layers. The
    annotators' own layers and links, scored like systems, are the ceiling.
    """
    linkers = ready_linkers(require_all)
    if (
        output is None
        and is_checkouts_own(corpus)
        and round_id in (None, ROUND)
        and links_round_id in (None, LINKS_ROUND)
    ):
        output = RESULTS
    gold = load_gold(corpus)
    documents = {name: gold.documents[name] for name in gold}
    notes = []
    if without := sorted(gold.documents.keys() - gold.keys()):
        notes.append(f"Without gold, so left out: {', '.join(without)}.")
    annotated, linked = (
        _round(round_id, ROUND, corpus, False),
        _round(links_round_id, LINKS_ROUND, corpus, True),
    )
    ceiling, partial = _ceiling(annotated, documents)
    systems, skipped = _baselines(documents, gold)
    before = rows_before(output / "leaderboard.json") if output is not None else []
    rows, without = linker_rows(linkers, gold, systems, before)
    if without:
        skipped.append(f"Left out, since their optional extras are not installed: {', '.join(without)}.")
    linking, mended = link_ceiling(gold, annotated, linked)
    rows = [*(link_row(system, gold) for system in linking), *rows]
    value = leaderboard([*ceiling, *systems], gold, rows, [*notes, *partial, *mended, *skipped])
    _print(value)
    if kept := [name for name, linker in linkers.items() if linker is None and name not in without]:
        click.echo(
            f"Not installed, so these rows are as they were, measured on the same gold: {', '.join(kept)}"
        )
    click.echo(_legend(value, [found.id for found in (annotated, linked) if found]))
    if output is None:
        click.echo("written nowhere: this is not the checkout's own leaderboard; -o FOLDER writes it")
        return
    write_atomic(output / "leaderboard.json", dump_json(value))
    write_atomic(output / "leaderboard.md", markdown(value).encode())
    click.echo(f"-> {output / 'leaderboard.json'}, {output / 'leaderboard.md'}")


def _print(value: Mapping[str, Any]) -> None:
    """Both tables, and the notes below them."""
    console = Console(width=max(140, Console().width))
    table = Table(*head(), title=f"Leaderboard on {len(value['documents'])} articles: F1 in %, 95% interval")
    for row in value["systems"]:
        table.add_row(*map(Text, cells(row)))
    console.print(table)
    table = Table(*link_head(), title="Links across the articles: F1 in %, 95% interval")
    for row in value["linkers"]:
        table.add_row(*map(Text, link_cells(row)))
    console.print(table)
    for note in value.get("notes", ()):
        click.echo(note)


def _legend(value: Mapping[str, Any], rounds: Sequence[str]) -> str:
    """What the words in the tables mean, as far as they are there."""
    rows = [*value["systems"], *value["linkers"]]
    words = {row["kind"] for row in rows} | {row.get("layers") for row in rows}
    named = f"round{'s' * (len(rounds) > 1)} {' and '.join(rounds)}"
    legend = {
        "ceiling": f"the annotators of {named} scored against gold",
        "trained": "leave one article out",
        "pretrained": "by a model that was trained on other texts",
        EXTRACTED: "layers by " + ", ".join(rows[-1]["extractors"]),
    }
    return "; ".join(f"{word}: {meaning}" for word, meaning in legend.items() if word in words)


def _round(named: str | None, usual: str, corpus: Path, of_links: bool) -> Round | None:
    """The round that is named, or the usual one, if the corpus has it and it is of that kind.

    Raises :class:`~vostochny.schema.errors.InputError` if the named one is not of that kind.
    """
    if named is None and usual not in round_ids(corpus):
        return None
    found = load_round(named or usual, corpus)
    if found.of_links != of_links and named is None:
        return None
    if found.of_links != of_links:
        kinds = ("layers", "links")
        message = (
            f"round {found.id} is about {kinds[found.of_links]}, expected one about {kinds[of_links]}; name "
            f"another with {'--links-round' if of_links else '--round'}"
        )
        raise InputError.of("unknown-round", message)
    return found


def _ceiling(found: Round | None, documents: Mapping[str, Document]) -> tuple[list[System], list[str]]:
    """A round's annotators as systems on those of the documents that they read, and notes."""
    if found is None:
        return [], [f"No ceiling: the corpus has no round {ROUND}; --round names another one."]
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
