"""The reading page as HTML: one file that needs no network and runs no script but its own."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from vostochny.cli.report_across import Across
from vostochny.cli.report_agreement import AuditShown, RoundShown
from vostochny.cli.report_articles import Article, System
from vostochny.cli.report_details import Details
from vostochny.cli.report_errors import SystemErrors
from vostochny.cli.report_leaderboard import Board
from vostochny.schema.labels import DIFFERENCES

FOLDER = Path(__file__).parent
"""Where the templates, the style sheet and the script are."""

STYLES = ("report.css", "report_text.css", "report_across.css", "report_scores.css", "report_errors.css")
SCRIPTS = ("report.js", "report_text.js", "report_across.js", "report_errors.js")


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page shows."""

    title: str
    summary: Sequence[tuple[str, int]]
    articles: Sequence[Article]
    systems: Sequence[System]
    details: Mapping[str, Details]
    across: Across
    boards: Sequence[Board]
    board_notes: Sequence[str]
    errors: Sequence[SystemErrors]
    rounds: Sequence[RoundShown]
    audits: Sequence[AuditShown]

    @staticmethod
    def shade(value: float, most: float) -> int:
        """A step from 0 to 10 for a cell's background."""
        return round(10 * max(0.0, min(1.0, value / most))) if most else 0

    @staticmethod
    def named(number: int, plural: str) -> str:
        """What is counted, in the singular for one: its first plural loses the s."""
        return re.sub(r"s\b", "", plural, count=1) if number == 1 else plural

    @property
    def difference_types(self) -> list[str]:
        """The types of differences, for the legend."""
        return list(DIFFERENCES)

    @property
    def example(self) -> str:
        """The id of an item, a quote if there is one."""
        return next(
            (id for id, found in self.details.items() if found.layer == "q"), next(iter(self.details), "")
        )


def render(page: Page) -> str:
    """The page; the same page always gives the same text.

    Everything from the data is escaped; style and script are named by their digests in a content security
    policy that allows nothing else.
    """
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    style = "".join(_text(name) for name in STYLES)
    script = "".join(_text(name) for name in SCRIPTS)
    return environment.get_template("report.html.j2").render(
        page=page,
        style=Markup(style),
        script=Markup(script),
        policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'",
        details={
            anchor: [found.layer, found.kind, found.id, [[r.name, r.value, r.href] for r in found.rows]]
            for anchor, found in page.details.items()
        },
    )


def _text(name: str) -> str:
    return (FOLDER / name).read_bytes().decode()


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"
