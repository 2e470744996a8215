"""``vostochny baselines``: list the baseline extractors."""

from __future__ import annotations

import click

from vostochny.baselines.registry import BASELINES


@click.command("baselines")
def command() -> None:
    """List the baseline extractors that 'vostochny predict' runs."""
    rows = [("NAME", "TASK", "TRAINED", "SUMMARY")]
    rows += [(b.name, b.task, "leave-one-out" if b.trained else "no", b.summary) for b in BASELINES.values()]
    widths = [max(len(row[n]) for row in rows) for n in range(3)]
    for row in rows:
        click.echo(
            "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        )
