"""What a linker returned, made valid links of plain values, or refused with every problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from vostochny.baselines.result_values import Fault, fault_problems, members, plain
from vostochny.schema.checks import Steps
from vostochny.schema.errors import Problem
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import (
    ClaimGroup,
    ClaimRelation,
    Difference,
    Document,
    Entity,
    Layer,
    Links,
    Passage,
    Ref,
    Utterance,
)
from vostochny.schema.values import check_links

_MEMBERS: Mapping[type, Mapping[str, type]] = {
    Links: {
        "entities": Entity,
        "utterances": Utterance,
        "claim_groups": ClaimGroup,
        "claim_relations": ClaimRelation,
    },
    Entity: {"aliases": str, "mentions": Ref},
    Utterance: {"members": Ref, "differences": Difference},
    Difference: {"members": Ref, "spans": Passage},
    ClaimGroup: {"members": Ref},
}
"""The fields that hold several values, and of which class."""

_OPTIONAL = {
    (Links, "utterances"),
    (Links, "claim_groups"),
    (Links, "claim_relations"),
    (Entity, "mentions"),
}
"""The fields that may be None: not done."""


def checked_links(
    found: object, documents: Iterable[Document], layers: Sequence[Layer]
) -> tuple[Links | None, list[Problem]]:
    """The links that a linker returned for some layers, and what is wrong with them.

    Parts may be any iterable, numbers anything with ``__index__``, strings any kind of ``str``: the links
    that come back hold tuples, int and str. The rules are those of links files, and all that is referred to
    must be an item of the layers (:func:`vostochny.schema.check_links`). None if nothing can be read.
    """
    if not isinstance(found, Links):
        message = (
            f"the linker returned {type(found).__name__!r}, expected Links "
            "(vostochny.schema.links_from_json makes them of a dict); return vostochny.schema.Links"
        )
        return None, [Problem("linker-result", message)]
    faults: list[Fault] = []
    shaped = _shaped(found, (), faults)
    value = None if faults else plain(links_to_json(shaped), (), faults)
    if faults:
        return None, fault_problems(faults, "linker", "the linker returned links: ")
    known = {document.id: document for document in documents}
    # A part that a layer leaves out has no items that could be referred to.
    whole = {
        layer.document: replace(
            layer, mentions=layer.mentions or (), quotes=layer.quotes or (), claims=layer.claims or ()
        )
        for layer in layers
    }
    links, problems = check_links(value, known, whole)
    return links, [replace(p, message=f"the linker returned links: {p.message}") for p in problems]


def _shaped(item: Any, steps: Steps, faults: list[Fault]) -> Any:
    """A value with tuples of the right classes in its fields; whatever else is there is a fault."""
    fields: dict[str, Any] = {}
    for name, kind in _MEMBERS.get(type(item), {}).items():
        values = getattr(item, name)
        if values is None and (type(item), name) in _OPTIONAL:
            continue
        listed = members(values, kind, (*steps, name), faults)
        fields[name] = tuple(_shaped(value, (*steps, name, n), faults) for n, value in listed)
        if isinstance(item, Difference) and len(listed) != 2 and not faults:
            faults.append(((*steps, name), values, f"two {kind.__name__}s"))
    return replace(item, **fields) if fields else item
