"""The sections of GUIDELINES.md: what a rule is cited by."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_HEADING = re.compile(r"^#{2,3} (\d+(?:\.\d+)?)\.? (.+)$", re.MULTILINE)


@cache
def sections() -> dict[str, str]:
    """The titles of the guidelines' numbered sections by their numbers, in the order of the text.

    >>> sections()["2.5"]
    'Speaker'
    """
    text = files("vostochny.schema").joinpath("GUIDELINES.md").read_text(encoding="utf-8")
    return {number: title.replace("`", "") for number, title in _HEADING.findall(text)}
