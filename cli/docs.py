"""``vostochny docs``: the figures in the documents, from the data."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from vostochny.annotations.audit_keep import AUDIT_HEAD, audit_rows, kind_rows, load_audits
from vostochny.annotations.consistency import agreement_rows, round_agreement
from vostochny.annotations.corpus import load_gold
from vostochny.annotations.format_losses import loss_table
from vostochny.annotations.formats import TITLES, load_format
from vostochny.annotations.hf import all_tables
from vostochny.annotations.hf_card import overview
from vostochny.annotations.link_consistency import links_agreement
from vostochny.annotations.rounds import load_round, round_ids
from vostochny.annotations.statistics import COLUMNS, article_rows, label_rows, link_rows
from vostochny.cli.leaderboard import markdown
from vostochny.cli.options import CHECKOUT, in_checkout
from vostochny.cli.picture import COLUMNS as WIDTH
from vostochny.cli.picture import picture
from vostochny.eval.render import markdown_table
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.files import read_json, read_jsonl, write_atomic
from vostochny.schema.model import Gold

DOCUMENTS = ("README.md", "DATASHEET.md", "docs/formats.md")
PICTURE = ("docs/passage.svg", "japantimes", 4, 5)
"""The README's picture: file, document, first and last sentence."""

_BLOCK = re.compile(r"(<!-- figures: (\S+) -->\n).*?(<!-- /figures -->)", re.DOTALL)


@click.command(name="docs")
@click.option("--check", is_flag=True, help="Write nothing; fail if a document's figures are not the data's.")
def command(check: bool) -> None:
    """Bring the figures in README.md, DATASHEET.md and docs/, and the README's picture, up to date.

    They stand between lines `<!-- figures: NAME -->` and `<!-- /figures -->`: counts, labels, links,
    configurations, leaderboard, formats, losses, agreement-ROUND, adjudication-ROUND, similar-ROUND and,
    where audits are kept, audits and audit-kinds. Run it in a checkout, after `vostochny bench`.
    """
    if not in_checkout():
        message = "the current folder is no checkout of this project; change to one"
        raise InputError.of("no-checkout", message, file=str(Path.cwd()))
    gold = load_gold(CHECKOUT)
    figures = _figures(gold)
    stale = []

    def bring(name: str, new: str) -> None:
        path = Path(name)
        if not path.is_file() or path.read_bytes().decode() != new:
            stale.append(name)
            if not check:
                write_atomic(name, new.encode())
                click.echo(f"-> {name}")

    bring(PICTURE[0], _picture(gold))
    for name in DOCUMENTS:
        old = Path(name).read_bytes().decode()
        unknown = [m[2] for m in _BLOCK.finditer(old) if m[2] not in figures]
        if unknown:
            message = f"no figures are named {', '.join(unknown)}; known are {', '.join(figures)}"
            raise InputError.of("unknown-figures", message, file=name)
        bring(name, _BLOCK.sub(lambda m: f"{m[1]}{figures[m[2]]}{m[3]}", old))
    if check and stale:
        raise InputError(
            Problem("stale-figures", "the figures are not the data's; run 'vostochny docs'", name)
            for name in stale
        )
    if check:
        click.echo("The figures and the picture are those of the data.")


def _picture(gold: Gold) -> str:
    _, name, first, last = PICTURE
    names = {entity.id: entity.name for entity in gold.entities}
    return picture(gold.documents[name], gold[name], names, first, last, WIDTH)


def _figures(gold: Gold) -> dict[str, str]:
    figures = {
        "counts": markdown_table(COLUMNS, article_rows(gold.documents, gold), 2),
        "labels": markdown_table(("labels", "how often"), label_rows(gold.documents, gold), 2),
        "links": markdown_table(("links", "how many"), link_rows(gold.links), 2),
        "configurations": markdown_table(
            ("configuration", "a row is", "columns", "rows"),
            overview(all_tables(gold.documents, gold, gold.links)),
            3,
        ),
        "formats": _formats(gold),
        "losses": "".join(_losses(name) for name in TITLES),
        "leaderboard": markdown(read_json("eval/results/leaderboard.json")),
    }
    if audits := load_audits(CHECKOUT):
        figures["audits"] = markdown_table(AUDIT_HEAD, audit_rows(audits), 3)
        head = ("planted error", *(audit.id for audit in audits))
        figures["audit-kinds"] = markdown_table(head, kind_rows(audits), 1)
    for name in round_ids(CHECKOUT):
        found = load_round(name, CHECKOUT)
        if found.open or len(found.annotators) < 2:
            continue
        if found.of_links:
            rows = links_agreement(found, gold, (found.annotators[0], found.annotators[1])).figures
        else:
            rows, _ = round_agreement(found, gold.documents, gold.entities)
        head, lines = agreement_rows(rows)
        figures[f"agreement-{name}"] = markdown_table(head, lines, 2)
        logs = sorted((CHECKOUT / "rounds" / name / "adjudication").glob("*.jsonl"))
        if logs and found.of_links:
            figures[f"adjudication-{name}"] = _decided_links(logs)
            if (similar := CHECKOUT / "rounds" / name / "similar.jsonl").is_file():
                figures[f"similar-{name}"] = _similar(similar)
        elif logs:
            figures[f"adjudication-{name}"] = _adjudication(logs)
    return figures


def _formats(gold: Gold) -> str:
    """What is left of the gold in each format."""
    formats = [load_format(name) for name in TITLES]
    rows = loss_table(formats, [(gold.documents[name], layer) for name, layer in gold.items()])
    return markdown_table(("part", "field", *TITLES), [tuple(row) for row in rows], 2)


def _losses(name: str) -> str:
    lines = load_format(name).losses
    return f"- `{name}`{':' if lines else ' holds all.'}\n" + "".join(f"  - {line}\n" for line in lines)


def _decided_links(logs: Sequence[Path]) -> str:
    """What the adjudicator of links did, by kind of decision and whom it follows."""
    counts: Counter[tuple[str, str]] = Counter()
    for _, entry in (each for path in logs for each in read_jsonl(path)):
        follows = [name for name, reading in entry["readings"].items() if reading == entry["gold"]]
        counts[entry.get("part", "differences"), "+".join(follows) or "neither"] += 1
    columns = sorted({follows for _, follows in counts})
    rows = [(part, *(str(counts[part, c]) for c in columns)) for part in sorted({p for p, _ in counts})]
    return markdown_table(("decisions", *(f"gold follows {c}" for c in columns)), rows, 1)


def _similar(path: Path) -> str:
    """How many similar pairs that nobody had proposed were put before the adjudicator, and were added."""
    pairs = [pair for _, pair in read_jsonl(path)]
    rows = []
    for part in ("quotes", "claims"):
        own = [pair for pair in pairs if pair["part"] == part]
        rows.append((part, str(len(own)), str(sum(pair["gold"] is not None for pair in own))))
    return markdown_table(("pairs of", "looked at", "added"), rows, 1)


def _adjudication(logs: Sequence[Path]) -> str:
    """What the adjudicator did, by kind of item and whom the decision follows."""
    counts: Counter[tuple[str, str]] = Counter()
    decisions: set[str] = set()
    for path in logs:
        for line in path.read_bytes().decode().splitlines():
            entry = json.loads(line)
            counts[entry["kind"], entry["decision"]] += 1
            decisions.add(entry["decision"])
    columns = sorted(decisions)
    kinds = sorted({kind for kind, _ in counts})
    rows = [(kind, *(str(counts[kind, decision]) for decision in columns)) for kind in kinds]
    return markdown_table(("items", *(f"gold follows {c}" for c in columns)), rows, 1)
