"""The sections of GUIDELINES.md: what a rule is cited by."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

HEADING = re.compile(r"^#{2,3} (\d+(?:\.\d+)?)\.? (.+)$", re.MULTILINE)
"""A numbered heading: the section's number and its title."""


@cache
def text() -> str:
    """The guidelines as they come with this version, in Markdown."""
    return files("vostochny.schema").joinpath("GUIDELINES.md").read_text(encoding="utf-8")


@cache
def sections() -> dict[str, str]:
    """The titles of the guidelines' numbered sections by their numbers, in the order of the text.

    >>> sections()["2.5"]
    'Speaker'
    """
    return {number: title.replace("`", "") for number, title in HEADING.findall(text())}
