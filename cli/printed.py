"""Tables and reports on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vostochny.eval.render import LABEL_HEAD, tables, to_json, to_latex, to_markdown


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> None:
    """Print rows under a head, and an empty line; nothing if there are none.

    The first ``left`` columns are aligned left, others right; what repeats the first cell of the row above is
    left out there.
    """
    if not rows:
        return
    table = Table(box=None, pad_edge=False)
    for n, name in enumerate(head):
        table.add_column(name, justify="left" if n < left else "right", no_wrap=True)
    last = ""
    for first, *cells in rows:
        # As they are: in a type or in a file's name, brackets are no markup.
        table.add_row(*map(Text, (first if first != last else "", *cells)))
        last = first
    console = Console()
    # Cut numbers would be wrong numbers: in a narrow window or a pipe the lines are longer instead.
    needed = console.measure(table, options=console.options.update(width=_ANY_WIDTH)).maximum
    console = Console(width=max(needed, console.width))
    console.print(table)
    console.print()


_ANY_WIDTH = 1_000_000
"""Columns that every table fits into."""


FORMS = ("table", "json", "markdown", "latex")
"""The forms in which a report is written."""


def write_report(value: dict[str, Any], form: str) -> None:
    """Write a report's JSON value to standard output in one of the :data:`FORMS`."""
    if form != "table":
        write = {"json": to_json, "markdown": to_markdown, "latex": to_latex}[form]
        click.echo(write(value), nl=False)
        return
    rows = tables(value)
    print_table(rows.score_head, rows.scores, left=2)
    print_table(LABEL_HEAD, rows.labels, left=2)
    for remark in rows.remarks:
        click.echo(remark)
