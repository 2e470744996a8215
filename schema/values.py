"""From one JSON value to what it means, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from vostochny.schema.checks import Rules, Steps
from vostochny.schema.document_checks import DOCUMENT_RULES, DocumentContext
from vostochny.schema.errors import Problem, shown
from vostochny.schema.jsonio import Json, document_from_json, layer_from_json
from vostochny.schema.labels import LAYER_PARTS
from vostochny.schema.layer_checks import LAYER_RULES
from vostochny.schema.layer_context import LayerContext
from vostochny.schema.link_log_checks import LINK_LOG_RULES
from vostochny.schema.links_checks import (
    ADJUDICATION_RULES,
    HISTORY_RULES,
    LINKS_RULES,
    ROUND_RULES,
    WAIVER_RULES,
    ValueContext,
    near_document,
    unknown_document_message,
)
from vostochny.schema.links_json import links_from_json
from vostochny.schema.model import Document, Entity, Layer, Links
from vostochny.schema.schemas import schema_problems
from vostochny.schema.text import TextIndex


def check_document(
    value: Any, text: str | None = None, *, file: str | None = None, line: int | None = None
) -> tuple[Document | None, list[Problem]]:
    """A document from its record, and its problems; None if the schema is broken or a text missing.

    ``text`` is the article's text where the record does not embed it.
    """
    problems = [problem for _, problem in schema_problems("document", value, file, line)]
    if problems:
        return None, problems
    if text is None and "text" not in value:
        message = "the record has no text and no file articles/ID.txt beside it; add either"
        return None, [Problem("missing-text", message, file, line, "$.text")]
    document = document_from_json(value, text)
    context = DocumentContext(document, value)
    return document, list(DOCUMENT_RULES.problems(context, strict=True, file=file, line=line))


def check_layer(
    value: Any,
    documents: Mapping[str, Document],
    entities: Mapping[str, Entity] | None = None,
    *,
    prediction: bool = False,
    file: str | None = None,
    line: int | None = None,
) -> tuple[Layer | None, list[Problem]]:
    """A layer from its JSON value, and its problems.

    A ``prediction`` may leave out ids, texts and attributes, name people as it likes, cut tokens and
    overlap; what can't be scored is a problem. Items that break the schema are not in the layer. The
    layer is None if it is of no known document. ``entities`` None leaves registry ids unchecked.
    """
    kind = "predictions" if prediction else "layer"
    found = schema_problems(kind, value, file, line)
    problems = [problem for _, problem in found]
    name = value.get("document") if isinstance(value, dict) else None
    if not isinstance(name, str):
        return None, problems
    if any(steps == ("document",) for steps, _ in found):
        meant = near_document(name, documents)
        hint = f"; did you mean {shown(meant)}?" if meant else ""
        at = "$.document"
        return None, [replace(p, message=p.message + hint) if p.path == at else p for p in problems]
    document = documents.get(name)
    if document is None:
        message = unknown_document_message(name, documents)
        return None, [*problems, Problem("unknown-document", message, file, line, "$.document")]
    faults = [steps for steps, _ in found]
    clean, positions = prune(value, faults)
    context = LayerContext(
        layer=layer_from_json(clean),
        index=TextIndex(document),
        entities=entities,
        positions=positions,
        broken=_broken_ids(value, faults),
        broken_parts=frozenset(str(steps[0]) for steps in faults if steps and steps[0] in LAYER_PARTS),
    )
    problems += LAYER_RULES.problems(context, strict=not prediction, file=file, line=line)
    return context.layer, problems


def prune(value: Mapping[str, Any], faults: Iterable[Steps]) -> tuple[Json, dict[str, list[int]]]:
    """A layer's JSON value without what the places ``faults`` lie in, and the places of what is left.

    An item with a fault goes as a whole, as does a part that is itself at fault. Ids that were left
    out are numbered by the places in ``value``.
    """
    hit = {steps[:2] for steps in faults}
    clean = {k: v for k, v in value.items() if (k,) not in hit}
    positions: dict[str, list[int]] = {}
    for part, letter in zip(LAYER_PARTS, "mqkc", strict=True):
        items = clean.get(part) or []
        positions[part] = [n for n in range(len(items)) if (part, n) not in hit]
        if part in clean and clean[part] is not None:
            clean[part] = [{"id": f"{letter}{n + 1}", **items[n]} for n in positions[part]]
    return clean, positions


def _broken_ids(value: Mapping[str, Any], faults: Iterable[Steps]) -> frozenset[str]:
    ids = set()
    for steps in faults:
        if len(steps) > 1 and steps[0] in LAYER_PARTS and isinstance(steps[1], int):
            item = value[str(steps[0])][steps[1]]
            ids.add(str(item.get("id")) if isinstance(item, dict) else "")
    return frozenset(ids)


def check_links(
    value: Any,
    documents: Mapping[str, Document] | None = None,
    layers: Mapping[str, Layer] | None = None,
    *,
    file: str | None = None,
    line: int | None = None,
) -> tuple[Links | None, list[Problem]]:
    """Links from their JSON value, and their problems; None if the schema is broken.

    References into documents and layers are checked as far as these are given.
    """
    problems = [problem for _, problem in schema_problems("links", value, file, line)]
    if problems:
        return None, problems
    context = ValueContext(value, documents, layers)
    found = LINKS_RULES.problems(context, strict=True, file=file, line=line)
    return links_from_json(value), list(found)


def check_round(
    value: Any,
    documents: Mapping[str, Document] | None = None,
    *,
    file: str | None = None,
    line: int | None = None,
) -> list[Problem]:
    """The problems of a round's JSON value."""
    return _check("round", ROUND_RULES, value, documents, file, line)


def check_waiver(
    value: Any,
    documents: Mapping[str, Document] | None = None,
    *,
    file: str | None = None,
    line: int | None = None,
) -> list[Problem]:
    """The problems of a lint waiver's JSON value."""
    return _check("waiver", WAIVER_RULES, value, documents, file, line)


def check_adjudication(value: Any, *, file: str | None = None, line: int | None = None) -> list[Problem]:
    """The problems of an adjudication entry's JSON value."""
    return _check("adjudication", ADJUDICATION_RULES, value, None, file, line)


def check_link_log(
    kind: str,
    value: Any,
    documents: Mapping[str, Document] | None = None,
    *,
    file: str | None = None,
    line: int | None = None,
) -> list[Problem]:
    """The problems of a line of one of :data:`~vostochny.schema.link_log_checks.LINK_LOGS`."""
    return _check(kind, LINK_LOG_RULES, value, documents, file, line)


def check_history(value: Any, *, file: str | None = None, line: int | None = None) -> list[Problem]:
    """The problems of the versions of gold, as ``gold/history.json`` has them."""
    return _check("history", HISTORY_RULES, value, None, file, line)


def check_plain(kind: str, value: Any, *, file: str | None = None, line: int | None = None) -> list[Problem]:
    """The problems of a value of a kind that has no rules beyond its schema."""
    return [problem for _, problem in schema_problems(kind, value, file, line)]


def _check(
    kind: str,
    rules: Rules[ValueContext],
    value: Any,
    documents: Mapping[str, Document] | None,
    file: str | None,
    line: int | None,
) -> list[Problem]:
    if problems := [problem for _, problem in schema_problems(kind, value, file, line)]:
        return problems
    context = ValueContext(value, documents, None)
    return list(rules.problems(context, strict=True, file=file, line=line))
