"""``vostochny round``: agreement within a round, and from several readings to one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from typing import Any

import click

from vostochny.annotations.adjudication import draft, log_entries, read_reasons
from vostochny.annotations.consistency import (
    Figure,
    agreement_rows,
    mean_figures,
    missing_layers,
    pair_rows,
    round_agreement,
    round_agreement_of_all,
    round_gamma,
)
from vostochny.annotations.corpus import load_document, load_documents, load_gold, load_registry
from vostochny.annotations.prefill_change import Bias, Change, prefill_bias, prefill_changes
from vostochny.annotations.rounds import Round, load_round, round_folder
from vostochny.annotations.studio_prefill import kept_prefill
from vostochny.cli.options import corpus_option
from vostochny.cli.round_gold import adjudicate, merge
from vostochny.cli.round_links import is_links_round, links_tables, only_for_layers, print_links_log, similar
from vostochny.cli.round_studio import pull, review, start, status
from vostochny.cli.round_tables import TitledTable, print_tables
from vostochny.eval.render import fraction
from vostochny.schema.errors import InputError
from vostochny.schema.files import decode, dump_jsonl, read_bytes, write_atomic
from vostochny.schema.model import Document, Entity, Layer
from vostochny.schema.readers import read_layer
from vostochny.schema.registry import Resolver


@click.group(name="round")
def command() -> None:
    """Annotation rounds: annotate in Label Studio, agree, adjudicate, merge into gold.

    A round may be about links across documents instead: status, agree, similar and merge are for it, too.
    """


for _each in (start, status, pull, review, adjudicate, merge, similar):
    command.add_command(_each)


@command.command(short_help="agreement, by the scores that systems get")
@click.argument("id")
@click.option("--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table")
@click.option("--gamma", "with_gamma", is_flag=True, help="Also γ; needs the extra gamma, takes a minute.")
@corpus_option
def agree(id: str, form: str, with_gamma: bool, corpus: Path) -> None:
    """Print the agreement of round ID's annotators, by the scores that systems get and beyond chance.

    F1; Cohen's κ and Krippendorff's α on tokens; α_u on the sections that were marked. Of more than two
    annotators, each pair and the mean, and α and α_u of all at once. In an open round it is over the
    documents that all have. Where the documents were prefilled, also what each annotator changed, and the
    agreement on what was prefilled beside that on the rest: if the first is much higher, the prefill swayed
    them.

    In a round of links it is over the pairs and clusters of gold's items.
    """
    found, documents, entities = load_round(id, corpus), load_documents(corpus), load_registry(corpus)
    if found.of_links:
        if with_gamma:
            raise click.UsageError("γ is of annotations in a text; a round about links has none")
        _print(*links_tables(found, load_gold(corpus)), form)
        return
    prefill = kept_prefill(round_folder(id, corpus), documents)
    pairs = list(combinations(found.annotators, 2))
    if not pairs and prefill:
        value: dict[str, Any] = {"round": id}
        tables: list[TitledTable] = []
    else:
        # First, since it is refused without its extra.
        gammas = round_gamma(found, documents) if with_gamma else None
        value, tables = _agreement(found, pairs, documents, entities)
        if gammas:
            figures, value["gamma"] = gammas
            tables.append(_of_all("γ of all annotators", figures))
    if prefill:
        changes = prefill_changes(found, prefill, documents, entities)
        bias = prefill_bias(found, prefill, documents, entities)
        value["prefill"] = {"changes": [asdict(c) for c in changes], "bias": [asdict(b) for b in bias]}
        tables += _prefill_tables(changes, bias if pairs else [])
    _print(value, tables, form)
    if form != "json" and found.missing:
        click.echo(f"not there yet: {missing_layers(found)}")


def _print(value: Mapping[str, Any], tables: Sequence[TitledTable], form: str) -> None:
    if form == "json":
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
    else:
        print_tables(tables, form == "markdown")


def _agreement(
    found: Round,
    pairs: Sequence[tuple[str, str]],
    documents: Mapping[str, Document],
    entities: tuple[Entity, ...],
) -> tuple[dict[str, Any], list[TitledTable]]:
    """The agreement as JSON and as a table, with what is to be said below it."""
    name = "self-consistency" if found.self_consistency else "agreement"
    asked: list[tuple[str, str] | None] = [*pairs] or [None]
    reports = {pair: round_agreement(found, documents, entities, pair) for pair in asked}
    figures, value = next(iter(reports.values()))
    at_once: list[TitledTable] = []
    if len(pairs) == 1:
        columns, rows = agreement_rows(figures)
        out: dict[str, Any] = {"round": found.id, "measure": name, **value}
    else:
        by_pair = {pair: listed for pair, (listed, _) in reports.items() if pair is not None}
        figures = mean_figures(list(by_pair.values()))
        columns, rows = pair_rows(by_pair)
        each = [{"annotators": list(pair or ()), **report} for pair, (_, report) in reports.items()]
        alphas, together = round_agreement_of_all(found, documents, entities)
        out = {"round": found.id, "measure": name, "pairs": each, "all": together}
        at_once.append(_of_all("α of all annotators at once", alphas))
    who = " and ".join([", ".join(found.annotators[:-1]), found.annotators[-1]])
    notes = [f"{f.part}, {f.name}: below {f.bar}; a guideline is unclear there" for f in figures if f.low]
    if found.self_consistency:
        notes.insert(0, "All annotators are language models: this is self-consistency, not validity.")
    title = f"Round {found.id}: {name} of {who} on {len(found.complete)} document(s)"
    return out, [TitledTable(title, columns, rows, tuple(notes)), *at_once]


def _of_all(title: str, figures: Sequence[Figure]) -> TitledTable:
    rows: list[tuple[str, ...]] = [(f.part, f.name, fraction(f.value), f"{f.n:,} {f.unit}s") for f in figures]
    return TitledTable(title, ("part", "measure", "value", "over"), rows)


def _prefill_tables(changes: Sequence[Change], bias: Sequence[Bias]) -> list[TitledTable]:
    rows = [(c.annotator, c.kind, *map(str, (c.kept, c.changed, c.removed, c.added))) for c in changes]
    head = ("annotator", "part", "kept", "changed", "removed", "added")
    tables = [TitledTable("Change against the prefill, in items", head, rows)]
    if bias:
        rows = [
            (b.kind, fraction(b.inside), str(b.items_inside), fraction(b.outside), str(b.items_outside))
            for b in bias
        ]
        head_ = ("part", "prefilled", "items", "others", "items")
        title = "Agreement on what was prefilled and on the rest, F1 over items alike in every decision"
        tables.append(TitledTable(title, head_, rows))
    return tables


_NOTATE = (
    "see with 'vostochny round log ID' where the annotators differ, write the links with "
    "'vostochny notate' into adjudicated/links.json and the decisions into adjudication/links.jsonl"
)


def _readings(id: str, document: str, corpus: Path) -> list[Layer]:
    """What the round's annotators say of a document."""
    only_for_layers(id, corpus, _NOTATE)
    found = load_round(id, corpus)
    if document not in found.complete or len(found.annotators) < 2:
        known = ", ".join(found.complete) or "nothing"
        message = f"round {id} has all readings of {known}, but not several of {document!r}"
        raise InputError.of("unknown-document", message)
    return list(found.readings(document).values())


@command.command("draft", short_help="all readings of a document as one decision file")
@click.argument("id")
@click.argument("document")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Where to write; by default standard output."
)
@corpus_option
def draft_(id: str, document: str, output: Path | None, corpus: Path) -> None:
    """Write the adjudicator's draft of DOCUMENT: all readings as one decision file, differences remarked."""
    text = draft(
        _readings(id, document, corpus), load_document(document, corpus), Resolver(load_registry(corpus))
    )
    if output:
        write_atomic(output, text.encode())
    else:
        click.echo(text, nl=False)


@command.command(short_help="the log of an adjudication without a server")
@click.argument("id")
@click.argument("document", required=False)
@click.argument("reasons", type=click.Path(path_type=Path), required=False)
@corpus_option
def log(id: str, document: str | None, reasons: Path | None, corpus: Path) -> None:
    """Write the adjudication log of DOCUMENT from gold, all readings and the adjudicator's REASONS.

    For gold stands the round's own adjudicated layer where it has one. REASONS is a text file with a line
    `key | rule | reason` for each place where gold and the readings are not all the same. Without it, print
    the places as such lines to fill in.

    Of a round about links, and without DOCUMENT: print the pairs of which the annotators say different
    things and which are not in adjudication/links.jsonl yet, as lines for that file, with rule and reason to
    fill in. "gold" is what the adjudicated links say, where they are there.
    """
    if document is None:
        if not is_links_round(id, corpus):
            raise click.UsageError("give the DOCUMENT; only a round about links has one log for all")
        print_links_log(id, corpus)
        return
    readings = _readings(id, document, corpus)
    gold = load_gold(corpus)
    adjudicated = round_folder(id, corpus) / "adjudicated" / f"{document}.json"
    if adjudicated.is_file():
        # What came of the round; gold may have been mended since.
        gold[document] = read_layer(adjudicated, gold.documents)
    if document not in gold:
        message = (
            f"no gold of {document!r} yet; adjudicate the draft, then 'vostochny notate' it into this folder"
        )
        raise InputError.of("no-gold", message, file=str(corpus / "gold"))
    entries = log_entries(gold[document], readings, gold.documents[document], Resolver(gold.entities))
    if reasons is None:
        for entry in entries:
            click.echo(f"# {', '.join(entry['fields'])}; gold follows {entry['decision']}")
            click.echo(f"{entry['key']} | | ")
        return
    logged = read_reasons(decode(read_bytes(reasons), str(reasons)), entries, str(reasons))
    path = round_folder(id, corpus) / "adjudication" / f"{document}.jsonl"
    write_atomic(path, dump_jsonl(logged))
    click.echo(f"{len(logged)} entries -> {path}")
