"""What layers are called in Label Studio: controls, roles, arrows, and the ids of regions.

One item of a layer is one region, or several joined by arrows (relations): a quote is the regions of
its content, source, cue and verbatim parts. A region's id is ``ITEM__role__number``, so that items keep
their ids on the way there and back; a region drawn by hand has an id of Label Studio's making. The
editor uses the id as a CSS class, unescaped: only letters, digits, ``-`` and ``_`` may stand in it, and
everything else in an item's id becomes ``_HEX_``.
"""

from __future__ import annotations

import re
from typing import Any

from vostochny.schema.labels import CERTAINTIES, CLAIM_TYPES, MEDIA, POLARITIES, STATUSES

Result = dict[str, Any]
"""An element of a Label Studio result list: one control's value for one region, or an arrow."""

TEXT = "text"
"""Name of the text object, and of its field in a task's data."""

MENTION, QUOTE, MARK, CLAIM = "mention", "quote", "mark", "claim"
"""Names of the label controls."""

QUOTE_ROLES: dict[str, str] = {
    "content": "what was said or written",
    "source": "who is named as saying it",
    "cue": "the words of saying",
    "verbatim": "the source's own words, only where the quotation marks do not show them",
}
"""Labels of a quote's regions."""

WORDS: dict[str, str] = {
    "marks": "what stands in quotation marks (the default)",
    "all": "all of the content",
    "none": "none of it",
}
"""Choices for which words of a quote are verbatim; drawn verbatim regions say it exactly."""

ARROWS: dict[str, str] = {
    "source": "content → source",
    "cue": "content → cue",
    "verbatim": "content → verbatim",
    "part": "content → content, claim → claim: parts of one item",
    "within": "inner content → outer content",
    "inside": "claim → content, where the claim lies in a quote that does not cover it",
}
"""Labels of relations."""

DEFAULTS: dict[str, str] = {
    "medium": next(iter(MEDIA)),
    "polarity": next(iter(POLARITIES)),
    "status": next(iter(STATUSES)),
    "claim_type": next(iter(CLAIM_TYPES)),
    "claim_polarity": next(iter(POLARITIES)),
    "certainty": next(iter(CERTAINTIES)),
}
"""What an attribute is where the annotator chose nothing: the commonest value, named first in its list."""

ENTITY_CONTROLS: dict[str, str] = {
    "entity": MENTION,
    "metonym_for": MENTION,
    "speaker": QUOTE,
    "claimer": CLAIM,
}
"""Controls that name an entity, and the label control of their regions.

Beside each stands a text field, named by :func:`other`, for who is not in the registry.
"""

VERDICTS: dict[str, str] = {"keep": "belongs into gold", "drop": "does not belong into gold"}
"""What an adjudicator says of a candidate."""

_REGION_ID = re.compile(r"(?P<item>.+)__(?P<role>[a-z]+)__\d+")


def other(control: str) -> str:
    """Name of the text field beside an entity control."""
    return f"{control}_other"


def region_id(item: str, role: str, number: int = 0) -> str:
    """The id of an item's region in Label Studio."""
    escaped = re.sub(r"[^A-Za-z0-9-]", lambda match: f"_{ord(match[0]):x}_", item)
    return f"{escaped}__{role}__{number}"


def item_id(region: str, role: str) -> str | None:
    """The item that a region id of ours names, or None for a region drawn by hand or relabelled."""
    match = _REGION_ID.fullmatch(region)
    if match is None or match["role"] != role:
        return None
    return re.sub(r"_([0-9a-f]{1,5})_", lambda code: chr(int(code[1], 16)), match["item"])
