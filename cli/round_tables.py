"""Tables as the commands of ``vostochny round`` print them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click
from rich.console import Console
from rich.table import Table

from vostochny.eval.render import markdown_table


@dataclass(frozen=True, slots=True)
class TitledTable:
    """A table with its title and what is to be said below it."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    notes: tuple[str, ...] = ()


def print_tables(tables: Sequence[TitledTable], markdown: bool) -> None:
    """Print tables one below the other."""
    for number, table in enumerate(tables):
        if markdown:
            click.echo(("\n" if number else "") + f"{table.title}\n\n", nl=False)
            click.echo(markdown_table(table.columns, table.rows, 2), nl=False)
        else:
            shown = Table(*table.columns)
            for row in table.rows:
                shown.add_row(*row)
            console = Console(width=max(100, Console().width))
            # Not the table's own title, which would be broken to the width of a narrow table.
            console.print(table.title, style="italic", highlight=False, markup=False)
            console.print(shown)
        for note in table.notes:
            click.echo(note)
