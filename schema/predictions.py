"""Reading the predictions of a system."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from vostochny.schema.checks import UNREADABLE, Steps
from vostochny.schema.errors import InputError, Problem
from vostochny.schema.jsonio import Json, layer_from_json
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.model import Document, Layer
from vostochny.schema.readers import repeated_document, scan_values
from vostochny.schema.values import check_layer, prune

_ITEM = re.compile(rf"\$\.({'|'.join(LAYER_PARTS)})(?:\[(\d+)\])?")
_FATAL = {"unknown-document", "duplicate-document", "sha-mismatch"}


def read_predictions(
    path: str | Path, documents: Mapping[str, Document], lenient: bool = False
) -> tuple[list[Layer], list[Problem]]:
    """The layers of a predictions file (JSONL, one layer a line) in file order, and what was invalid.

    Strictly (the default), any problem raises :class:`InputError` with all problems of the file.
    With ``lenient``, an item with a problem is left out of its layer, a layer of an unknown or repeated
    document or of another text is left out as a whole, as is a line that is no JSON, and the
    problems are returned; :func:`invalid_items` counts them. An unreadable file always raises.
    """
    file = Path(path)
    values, problems = scan_values(file)
    if any(problem.line is None or problem.check in ("byte-order-mark", "not-utf8") for problem in problems):
        raise InputError(problems)
    layers: dict[str, Layer] = {}
    for line, value in values:
        layer, found = check_layer(value, documents, prediction=True, file=str(file), line=line)
        if layer is not None:
            found += repeated_document(layer.document, layers, file, line, "$.document")
            if not found:
                layers[layer.document] = layer
            elif not any(problem.check in _FATAL for problem in found):
                layers[layer.document] = _without(value, found)
        problems += found
    if problems and not lenient:
        raise InputError(sorted(problems, key=lambda problem: problem.line or 0))
    return list(layers.values()), problems


def _without(value: Json, problems: Iterable[Problem]) -> Layer:
    """A layer without the items that have problems and the references to them."""
    faults: list[Steps] = []
    for problem in problems:
        if match := _ITEM.match(problem.path or ""):
            faults.append((match[1],) if match[2] is None else (match[1], int(match[2])))
        elif problem.check == "wrong-version":
            faults.append(("schema_version",))
        elif problem.path:
            faults.append((problem.path.removeprefix("$."),))
    clean, _ = prune(value, faults)
    kept = {quote["id"] for quote in clean.get("quotes") or ()}
    for part, key in (("quotes", "within"), ("claims", "quote")):
        for item in clean.get(part) or ():
            if item.get(key) not in kept:
                item[key] = None
    return layer_from_json(clean)


def invalid_items(problems: Iterable[Problem]) -> Counter[str]:
    """How many items of each part (``mentions``, …) the problems concern; ``layers`` for whole lines.

    An item with two problems counts once.
    """
    places = set()
    for problem in problems:
        match = None if problem.check in UNREADABLE else _ITEM.match(problem.path or "")
        part, number = (match[1], match[2]) if match else ("layers", None)
        places.add((problem.file, problem.line, part, number))
    return Counter(part for _, _, part, _ in places)
