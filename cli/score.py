"""``vostochny score``: predictions, or links across the documents, against gold."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from vostochny.annotations import corpus
from vostochny.cli.options import current_corpus, matching_options
from vostochny.eval import LINK_TASKS, TASKS, score, score_links, seqeval_report
from vostochny.eval.render import LABEL_HEAD, percent, tables, to_json, to_latex, to_markdown
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.model import Document, Layer, Links
from vostochny.schema.predictions import invalid_items, read_predictions
from vostochny.schema.readers import nothing_found, read_documents, read_layers, read_links


@click.command(name="score")
@click.argument("predictions", type=click.Path(path_type=Path, allow_dash=True), required=False)
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
    help="Documents: a JSONL file or folder; default: the folder documents beside that of the gold, else the "
    "corpus.",
)
@click.option(
    "--links",
    "links_path",
    type=click.Path(path_type=Path),
    help="A system's links file: its entity links, utterances and claim links are scored. They are on the "
    "gold layers, or on those of PREDICTIONS if these are given.",
)
@click.option(
    "--gold-links",
    "gold_links_path",
    type=click.Path(path_type=Path),
    help="Links file of the gold: the entity registry that names are resolved against, and what --links is "
    "scored against; default: links.json in the folder of the gold.",
)
@click.option(
    "--task",
    "task_names",
    help=f"Tasks, by commas: of {', '.join(TASKS)}; with --links of {', '.join(LINK_TASKS)}.  [default: all]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown", "latex"]),
    default="table",
    show_default=True,
)
@click.option(
    "--seqeval", is_flag=True, help="Also seqeval's own report on the mentions as written (strict, IOB2)."
)
@click.option(
    "--lenient",
    is_flag=True,
    help="Score although items are invalid: they are reported and count as false positives; lines that can't "
    "be used at all (unknown or repeated documents) are reported, and score nothing.",
)
@matching_options
@click.option(
    "--boot", type=click.IntRange(0), default=10_000, show_default=True, help="Resamples; 0: no intervals."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the resampling.")
def command(
    predictions: Path | None,
    gold_path: Path | None,
    documents_path: Path | None,
    links_path: Path | None,
    gold_links_path: Path | None,
    task_names: str | None,
    form: str,
    seqeval: bool,
    lenient: bool,
    matching: dict[str, Any],
    boot: int,
    seed: int,
) -> None:
    """Score PREDICTIONS (JSONL, one layer a line; - is standard input), or --links, against gold."""
    if predictions is None and links_path is None:
        raise click.UsageError("give PREDICTIONS, or --links LINKS.json, or both")
    if links_path is not None and (lenient or matching or seqeval):
        raise click.UsageError(
            "--lenient, --seqeval and the matching options (--trim, --boundaries, --discontinuous, --nested, "
            "--overlap) are about PREDICTIONS alone, not about --links"
        )
    root = current_corpus()
    if documents_path is None and gold_path is not None and gold_path.is_dir():
        beside = gold_path.resolve().parent / "documents"
        documents_path = beside if beside.is_dir() else None
    documents = corpus.load_documents(root) if documents_path is None else read_documents(documents_path)
    gold = read_layers(gold_path, documents) if gold_path is not None else corpus.load_gold(root)
    if gold_path is None and documents_path is not None:
        gold = _gold_of(gold, documents, documents_path)
    if gold_links_path is None and (folder := gold_path or root / "gold").is_dir():
        gold_links_path = folder / "links.json" if (folder / "links.json").is_file() else None
    gold_links = Links("gold") if gold_links_path is None else read_links(gold_links_path)
    layers, problems = ([], []) if predictions is None else _predicted(predictions, documents, lenient)
    for problem in problems:
        click.echo(str(problem), err=True)
    known = TASKS if links_path is None else LINK_TASKS
    tasks = tuple(known) if task_names is None else _listed(task_names)
    if links_path is not None:
        report = score_links(
            gold,
            read_links(
                links_path, documents, gold if predictions is None else {y.document: y for y in layers}
            ),
            None if predictions is None else layers,
            gold_links=gold_links,
            documents=documents,
            tasks=tasks,
            n_boot=boot,
            seed=seed,
        )
    else:
        report = score(
            gold,
            layers,
            documents=documents,
            entities=gold_links.entities,
            tasks=tasks,
            n_boot=boot,
            seed=seed,
            invalid=invalid_items(problems),
            **matching,
        )
    value = report.to_json()
    tags = seqeval_report(gold, layers, documents) if seqeval else None
    if form == "json" and tags is not None:
        value["seqeval"] = tags
    if form == "table":
        _print(value)
        if tags is not None:
            _print_seqeval(tags)
    else:
        write = {"json": to_json, "markdown": to_markdown, "latex": to_latex}[form]
        click.echo(write(value), nl=False)


def _gold_of(gold: Mapping[str, Layer], documents: Mapping[str, Document], path: Path) -> dict[str, Layer]:
    """The corpus's gold of the documents given with ``--documents``, if they are the corpus's."""
    found = {name: layer for name, layer in gold.items() if name in documents}
    if not found or any(layer.text_sha256 != documents[name].text_sha256 for name, layer in found.items()):
        message = "the documents are not the corpus's, whose gold is the default; give --gold, too"
        raise InputError.of("no-gold", message, file=str(path))
    return found


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


def _predicted(
    path: Path, documents: Mapping[str, Document], lenient: bool
) -> tuple[list[Layer], list[Problem]]:
    """The predictions, at least one, and what was wrong with others."""
    layers, problems = _read(path, documents, lenient)
    if not layers:
        message = "holds no prediction that can be read; mend the problems above"
        nothing = Problem("nothing-found", message, str(path))
        raise InputError([*problems, nothing if problems else nothing_found(path)])
    return layers, problems


def _read(path: Path, documents: Mapping[str, Document], lenient: bool) -> tuple[list[Layer], list[Problem]]:
    """The predictions of a file or, for ``-``, of standard input."""
    if str(path) != "-":
        return read_predictions(path, documents, lenient=lenient)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "stdin.jsonl"
        copy.write_bytes(sys.stdin.buffer.read())
        try:
            layers, problems = read_predictions(copy, documents, lenient=lenient)
        except InputError as error:
            raise InputError(replace(problem, file="-") for problem in error.problems) from None
    return layers, [replace(problem, file="-") for problem in problems]


def _print(value: dict[str, Any]) -> None:
    rows = tables(value)
    # Cut numbers would be wrong numbers: in a narrow window or a pipe the lines are longer instead.
    console = Console(width=max(140, Console().width))
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
