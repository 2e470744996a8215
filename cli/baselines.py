"""``vostochny baselines``: list the baseline extractors and linkers."""

from __future__ import annotations

import click

from vostochny.baselines.link_registry import LINKERS
from vostochny.baselines.registry import BASELINES


@click.command("baselines")
def command() -> None:
    """List the baselines: extractors, which 'vostochny predict' runs, and linkers, for 'vostochny link'.

    NEEDS says whether a system is trained, on all articles but the one it reads, or which optional extra
    it needs.
    """
    rows = [("NAME", "TASK", "NEEDS", "SUMMARY")]
    rows += [(b.name, b.task, "leave-one-out" if b.trained else "", b.summary) for b in BASELINES.values()]
    rows += [(k.name, "links", f"[{k.extra}]" if k.extra else "", k.summary) for k in LINKERS.values()]
    widths = [max(len(row[n]) for row in rows) for n in range(3)]
    for row in rows:
        click.echo(
            "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        )
