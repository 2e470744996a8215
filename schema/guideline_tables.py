"""What the guidelines' tables say of each label: its meaning, examples and counter-examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from vostochny.schema.guidelines import HEADING, text

_LABEL_COLUMNS = ("type", "region", "role", "value", "relation")


@dataclass(frozen=True, slots=True)
class Guidance:
    """A label's row in the guidelines, as plain text."""

    means: str
    examples: str
    counter_examples: str

    def hint(self) -> str:
        """All of it as one line."""
        parts = [self.means, f"For example: {self.examples}", f"Not: {self.counter_examples.lstrip('✗ ')}"]
        return ". ".join(part.rstrip(".") for part in parts) + "."


@cache
def label_guidance() -> dict[tuple[str, str], Guidance]:
    """The guidance on each label, by the section's number and the label: ``("1.2", "PERSON")``."""
    return dict(_rows(text().splitlines()))


def _rows(lines: Iterable[str]) -> Iterator[tuple[tuple[str, str], Guidance]]:
    section, columns = "", None
    for line in lines:
        if heading := HEADING.match(line):
            section, columns = heading[1], None
        elif not line.startswith("|"):
            columns = None
        elif columns is None:
            columns = _cells(line)
        elif "means" in columns and not line.startswith("|---"):
            cells = dict(zip(columns, _cells(line), strict=True))
            label = next(cells[name] for name in _LABEL_COLUMNS if name in cells)
            counter = next(cells[name] for name in cells if name.startswith("counter"))
            yield (section, label), Guidance(cells["means"], cells["examples"], counter)


def _cells(row: str) -> list[str]:
    return [re.sub(r"[`*]", "", cell).strip() for cell in row.strip().strip("|").split("|")]
