"""Tables on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> None:
    """Print rows under a head, and an empty line; nothing if there are none.

    The first ``left`` columns are aligned left, others right; what repeats the first cell of the row above is
    left out there.
    """
    if not rows:
        return
    # Cut numbers would be wrong numbers: in a narrow window or a pipe the lines are longer instead.
    console = Console(width=max(140, Console().width))
    table = Table(box=None, pad_edge=False)
    for n, name in enumerate(head):
        table.add_column(name, justify="left" if n < left else "right", no_wrap=True)
    last = ""
    for first, *cells in rows:
        table.add_row(first if first != last else "", *cells)
        last = first
    console.print(table)
    console.print()
