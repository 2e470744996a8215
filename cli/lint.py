"""``vostochny lint``: look for inconsistent annotations."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vostochny.annotations.corpus import load_gold
from vostochny.annotations.lint import lint, read_waivers
from vostochny.cli.options import corpus_option


@click.command(name="lint")
@corpus_option
@click.option("--waived", is_flag=True, help="Also list what was waived, with the reasons.")
def command(corpus: Path, waived: bool) -> None:
    """Look for inconsistencies across the gold; exit 1 if one is neither mended nor waived.

    Waivers stand in lint-waivers.jsonl: {"check", "document", "key", "reason"}.
    """
    gold = load_gold(corpus)
    hits = lint(gold.documents, gold, gold.entities)
    waivers = read_waivers(corpus / "lint-waivers.jsonl")
    keys = {(hit.check, hit.document, hit.key) for hit in hits}
    open_hits = [hit for hit in hits if (hit.check, hit.document, hit.key) not in waivers]
    idle = sorted(waivers.keys() - keys)
    for hit in open_hits:
        click.echo(
            f"{hit.document}: [{hit.check}] {hit.message}; mend it, or waive {hit.key!r} with a reason"
        )
    for check, document, key in idle:
        click.echo(
            f"{document}: [idle-waiver] nothing is found for {check} {key!r} any more; remove the waiver"
        )
    if waived:
        for hit in hits:
            if reason := waivers.get((hit.check, hit.document, hit.key)):
                click.echo(f"{hit.document}: waived [{hit.check}] {hit.message}: {reason}")
    click.echo(f"{len(hits)} hits, {len(hits) - len(open_hits)} waived, {len(open_hits)} open", err=True)
    sys.exit(1 if open_hits or idle else 0)
