"""``vostochny report``: the corpus as a page to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from vostochny.annotations.corpus import load_documents, load_gold, load_registry
from vostochny.cli.bench import RESULTS
from vostochny.cli.options import corpus_option, is_checkouts_own
from vostochny.cli.report_across import Across, across, cross_rows
from vostochny.cli.report_agreement import audits, rounds
from vostochny.cli.report_anchors import Anchors
from vostochny.cli.report_articles import System, articles
from vostochny.cli.report_board_checks import board_faults
from vostochny.cli.report_errors import system_errors
from vostochny.cli.report_leaderboard import boards, given_rows
from vostochny.cli.report_page import Page, render
from vostochny.schema.errors import InputError
from vostochny.schema.files import read_json, write_changed
from vostochny.schema.model import Gold, Links
from vostochny.schema.predictions import read_predictions
from vostochny.schema.readers import read_links


@click.command(name="report")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default="report.html",
    show_default=True,
    help="File to write.",
)
@click.option(
    "--predictions",
    "files",
    multiple=True,
    metavar="[NAME=]FILE",
    help="A system's predictions (JSONL, one layer a line) to stand beside gold; can be repeated.",
)
@click.option(
    "--links",
    "links_path",
    type=click.Path(path_type=Path),
    help="Links between the gold layers to show; by default the corpus's own.",
)
@click.option(
    "--leaderboard",
    "board_path",
    type=click.Path(path_type=Path),
    help="Leaderboard to show, as 'vostochny bench' writes it; by default eval/results/leaderboard.json of "
    "the checkout you are in, if the corpus is its own.",
)
@corpus_option
def command(
    output: Path, files: Sequence[str], links_path: Path | None, board_path: Path | None, corpus: Path
) -> None:
    """Write the corpus as one HTML page that needs no network: the articles with all that is annotated,
    what they say alike and against each other, the leaderboard, and the annotators' agreement.
    """
    gold = _gold(corpus)
    if links_path is not None:
        # Names are the corpus's: what a linker returns has clusters of mentions in their place.
        gold.links = replace(read_links(links_path), entities=gold.entities)
    systems = _systems(files, gold)
    anchors = Anchors()
    listed, details = articles(gold, systems, anchors)
    found = across(gold, anchors)
    for anchor, rows in cross_rows(found).items():
        details[anchor] = replace(details[anchor], rows=(*details[anchor].rows, *rows))
    board = _leaderboard(board_path, corpus)
    totals: dict[str, int] = {}
    for article in listed:
        for name, n in article.counts:
            totals[name] = totals.get(name, 0) + n
    page = Page(
        title="Vostochny",
        summary=[("articles", len(listed)), *totals.items(), *_linked(found)],
        articles=listed,
        systems=systems,
        details=details,
        across=found,
        boards=boards({**board, "systems": [*board["systems"], *given_rows(gold, systems)]}),
        board_notes=board.get("notes", ()),
        errors=system_errors(gold, systems, anchors),
        rounds=rounds(corpus, gold),
        audits=audits(corpus),
    )
    data = render(page).encode()
    written = write_changed(output, data)
    click.echo(f"-> {output} ({len(data) / 1e6:.2f} MB)" if written else f"{output} (unchanged)")


def _gold(corpus: Path) -> Gold:
    """The corpus's gold; where there is none yet, its documents alone."""
    if (corpus / "gold").is_dir():
        return load_gold(corpus)
    return Gold({}, load_documents(corpus), Links("gold", load_registry(corpus)))


def _linked(found: Across) -> list[tuple[str, int]]:
    """How many links there are, of those that were drawn."""
    out = [] if found.utterances is None else [("utterances told again", len(found.utterances))]
    return out if found.claims is None else [*out, ("contradictions", len(found.claims.collisions))]


def _leaderboard(path: Path | None, corpus: Path) -> dict[str, Any]:
    """The leaderboard's JSON value; without systems where there is none."""
    if path is None and is_checkouts_own(corpus) and (RESULTS / "leaderboard.json").is_file():
        path = RESULTS / "leaderboard.json"
    if path is None:
        return {"systems": []}
    value = read_json(path)
    if fault := next(board_faults(value), None):
        message = f"{fault}; give the leaderboard.json that 'vostochny bench -o FOLDER' writes"
        raise InputError.of("no-leaderboard", message, file=str(path))
    found: dict[str, Any] = value
    return found


def _systems(files: Sequence[str], gold: Gold) -> list[System]:
    """The systems, named as asked, else by what their layers say, else by their file."""
    out: list[System] = []
    for number, given in enumerate(files, 1):
        # A file's name may have an equals sign, too.
        name, _, path = ("", "", given) if Path(given).exists() or "=" not in given else given.partition("=")
        layers, _ = read_predictions(path, gold.documents)
        said = {layer.annotator for layer in layers}
        wanted = name or (said.pop() if len(said) == 1 else "") or Path(path).stem
        taken = {system.name for system in out}
        unique = wanted if wanted not in taken else f"{wanted} ({number})"
        out.append(System(number, unique, {layer.document: layer for layer in layers}))
    return out
