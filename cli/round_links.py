"""``vostochny round`` on links across documents: agreement, status and similar pairs."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import click

from vostochny.annotations.consistency import agreement_rows, mean_figures, pair_rows
from vostochny.annotations.corpus import load_documents, load_gold
from vostochny.annotations.link_consistency import links_agreement
from vostochny.annotations.link_pairs import link_pairs, pair_from_json, pair_readings, pair_to_json
from vostochny.annotations.link_similar import similar_pairs, similar_path
from vostochny.annotations.rounds import Round, linked_gold, load_round, read_round_links, round_folder
from vostochny.cli.options import corpus_option
from vostochny.cli.round_tables import TitledTable, print_tables
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_jsonl, read_jsonl, write_changed
from vostochny.schema.model import Gold, Links
from vostochny.schema.readers import read_round
from vostochny.schema.round_checks import is_of_links

_COUNTED = ("utterances", "claim_groups", "claim_relations")


def is_links_round(id: str, corpus: Path) -> bool:
    """Whether there is a round of that id and it is about links."""
    path = corpus / "rounds" / id / "round.json"
    return path.is_file() and is_of_links(read_round(path))


def only_for_layers(id: str, corpus: Path, instead: str) -> None:
    """Refuse a round of links, with what to do instead.

    Raises :class:`~vostochny.schema.errors.InputError` (``round-of-links``).
    """
    if is_links_round(id, corpus):
        message = f"round {id} is about links, not layers, so this command is not for it; {instead}"
        raise InputError.of("round-of-links", message)


def links_tables(found: Round, gold: Gold) -> tuple[dict[str, Any], list[TitledTable]]:
    """The agreement of a round of links as JSON and as tables.

    Raises :class:`~vostochny.schema.errors.InputError` for fewer than two annotators with links.
    """
    name = "self-consistency" if found.self_consistency else "agreement"
    there = [each for each in found.annotators if each in found.links]
    if len(there) < 2:
        message = f"round {found.id} has links of {', '.join(there) or 'nobody'}; agreement needs two"
        raise InputError.of("missing-links", message)
    pairs = list(combinations(there, 2))
    reports = {pair: links_agreement(found, gold, pair) for pair in pairs}
    lost = sum(report.left_out for report in reports.values())
    if len(pairs) == 1:
        (report,) = reports.values()
        figures, (columns, rows) = report.figures, agreement_rows(report.figures)
        value: dict[str, Any] = {"round": found.id, "measure": name, **report.value}
    else:
        by_pair = {pair: report.figures for pair, report in reports.items()}
        figures, (columns, rows) = mean_figures(list(by_pair.values())), pair_rows(by_pair)
        each = [{"annotators": list(pair), **report.value} for pair, report in reports.items()]
        value = {"round": found.id, "measure": name, "pairs": each}
    notes = []
    if found.self_consistency:
        notes.append("All annotators are language models: this is self-consistency, not validity.")
    notes += [f"{f.part}, {f.name}: below {f.bar}; a guideline is unclear there" for f in figures if f.low]
    if lost:
        notes.append(f"{lost} members that gold has no longer are left out")
    if found.missing_links:
        notes.append(f"not there yet: {', '.join(found.missing_links)}")
    who = " and ".join([", ".join(there[:-1]), there[-1]])
    title = f"Round {found.id}: {name} of {who} on links across {len(found.documents)} document(s)"
    tables = [TitledTable(title, columns, rows, tuple(notes))]
    for (first, second), report in reports.items():
        tables += _types(first, second, report.value)
    return value, tables


def _types(first: str, second: str, value: dict[str, Any]) -> list[TitledTable]:
    """How two annotators typed the differences that both saw."""
    confusion = value.get("differences", {"types": {"confusion": {}}})["types"]["confusion"]
    if not confusion:
        return []
    columns = sorted({label for row in confusion.values() for label in row})
    rows = [
        (label, *(str(row.get(column, 0)) for column in columns)) for label, row in sorted(confusion.items())
    ]
    title = f"Differences that both saw, by type: {first} down, {second} across"
    return [TitledTable(title, ("type", *columns), rows)]


def print_links_status(id: str, corpus: Path, as_json: bool) -> None:
    """Print whose links a round of links has, how many, and whether they are adjudicated and merged."""
    found, folder = load_round(id, corpus), round_folder(id, corpus)
    links: dict[str, Links | None] = {name: found.links.get(name) for name in found.annotators}
    path = folder / "adjudicated" / "links.json"
    if path.is_file():
        documents = load_documents(corpus)
        gold = linked_gold(corpus, documents) if found.open else None
        links["adjudicated"] = read_round_links(path, "gold", documents, gold)
    counts = {name: _counts(each) for name, each in links.items()}
    state = "open" if found.open else "merged"
    logs = {
        name: len(read_jsonl(path)) if path.is_file() else 0
        for name, path in (
            ("decided pairs", folder / "adjudication" / "links.jsonl"),
            ("decided differences", folder / "adjudication" / "differences.jsonl"),
            ("similar pairs", similar_path(folder)),
        )
    }
    if as_json:
        value = {"round": id, "state": state, "links": counts, "logs": logs}
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
        return
    rows = [
        (name, "not there yet", "", "")
        if each is None
        else (name, *("–" if number is None else str(number) for number in each.values()))
        for name, each in counts.items()
    ]
    title = f"Round {id}: links across {len(found.documents)} document(s), {state}"
    print_tables([TitledTable(title, ("links of", *_COUNTED), rows)], markdown=False)
    click.echo(", ".join(f"{name}: {number}" for name, number in logs.items()))
    if told := undecided(id, corpus):
        click.echo(told)
    if found.open and not found.missing_links and len(found.annotators) > 1:
        done = path.is_file()
        click.echo(f"next: vostochny round {'merge' if done else 'agree'} {id}")


def print_links_log(id: str, corpus: Path) -> None:
    """Print the pairs of which a round's annotators say different things, and which its log lacks.

    Raises :class:`~vostochny.schema.errors.InputError` (``missing-links``) while some links are not there.
    """
    found, folder = load_round(id, corpus), round_folder(id, corpus)
    if found.missing_links or len(found.annotators) < 2:
        lacking = ", ".join(found.missing_links) or "a second annotator"
        raise InputError.of("missing-links", f"round {id} lacks the links of {lacking}")
    for line in _not_logged(found, folder, corpus):
        click.echo(json.dumps(line, ensure_ascii=False))


def undecided(id: str, corpus: Path) -> str | None:
    """What of a round of links its logs leave open, in words; None if they leave nothing open."""
    found, folder = load_round(id, corpus), round_folder(id, corpus)
    pairs, path = len(_not_logged(found, folder, corpus)), similar_path(folder)
    similar = sum(line["reason"] is None for _, line in read_jsonl(path)) if path.is_file() else 0
    told = [
        *(
            [f"{pairs} pairs of which the annotators say different things (vostochny round log {id})"]
            * (pairs > 0)
        ),
        *([f"{similar} similar pairs (similar.jsonl)"] * (similar > 0)),
    ]
    return f"without a reason in the logs: {', '.join(told)}" if told else None


def _not_logged(found: Round, folder: Path, corpus: Path) -> list[dict[str, Any]]:
    """Lines for the log of the pairs of which annotators say different things, as far as it lacks them."""
    if found.missing_links:
        return []
    path, log = folder / "adjudicated" / "links.json", folder / "adjudication" / "links.jsonl"
    documents = load_documents(corpus)
    gold = linked_gold(corpus, documents) if found.open else None
    decided = link_pairs(read_round_links(path, "gold", documents, gold)) if path.is_file() else {}
    logged = {pair_from_json(line) for _, line in read_jsonl(log)} if log.is_file() else set()
    return [
        {**pair_to_json(pair), "readings": readings, "gold": decided.get(pair), "rule": "", "reason": ""}
        for pair, readings in pair_readings(found.links).items()
        if len(set(readings.values())) > 1 and pair not in logged
    ]


def _counts(links: Links | None) -> dict[str, int | None] | None:
    """How many items each part has; None for a part that was not done, or for no links."""
    if links is None:
        return None
    parts = {part: getattr(links, part) for part in _COUNTED}
    return {part: None if items is None else len(items) for part, items in parts.items()}


@click.command(short_help="similar pairs that no annotator related")
@click.argument("id")
@click.option("--top", default=50, show_default=True, type=click.IntRange(1), help="Pairs of each kind.")
@corpus_option
def similar(id: str, top: int, corpus: Path) -> None:
    """Write the pairs of round ID's items that are alike by their words but that nobody related.

    Quotes are ranked by the cosine of TF-IDF vectors of their contents, claims by that of their propositions.
    They go to rounds/ID/similar.jsonl for the adjudicator, who fills in "gold" and "reason". What is decided
    there stays.
    """
    found, folder = load_round(id, corpus), round_folder(id, corpus)
    if not found.of_links:
        raise InputError.of("round-of-layers", f"round {id} is about layers; this is for one about links")
    if not found.open:
        raise InputError.of("round-closed", f"round {id} is merged; what was looked at stays as it is")
    if found.missing_links:
        message = f"round {id} has no links of {', '.join(found.missing_links)} yet; run this once it has"
        raise InputError.of("missing-links", message)
    path = similar_path(folder)
    before = [value for _, value in read_jsonl(path)] if path.is_file() else []
    lines = similar_pairs(found, load_gold(corpus), top, before)
    changed = write_changed(path, dump_jsonl(lines))
    waiting = sum(line["reason"] is None for line in lines)
    done = "" if changed else ", nothing changed"
    click.echo(f"{len(lines)} similar pairs, {waiting} to decide -> {path}{done}")
