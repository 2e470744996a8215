"""Semantic checks of the lines that say how links were decided: logs of pairs, differences, similar pairs."""

from __future__ import annotations

from collections.abc import Iterator

from vostochny.schema.checks import Finding, Rules, Steps
from vostochny.schema.errors import shown
from vostochny.schema.jsonio import Json
from vostochny.schema.links_checks import ValueContext, unknown_document_message

LINK_LOG_RULES: Rules[ValueContext] = Rules()

LINK_LOGS = ("link-decision", "difference-decision", "similar-pair")
"""The kinds of values that these checks are for."""

SAME = "same"


def _items(value: Json) -> Iterator[tuple[Steps, Json]]:
    for key in ("first", "second"):
        if key in value:
            yield (key,), value[key]
    for number, member in enumerate(value.get("members", ())):
        yield ("members", number), member


@LINK_LOG_RULES.add("unknown-document")
def unknown_document(context: ValueContext) -> Iterator[Finding]:
    """A document that is named is one of the documents."""
    for steps, item in _items(context.value):
        if context.documents is not None and item["document"] not in context.documents:
            yield (*steps, "document"), unknown_document_message(item["document"], context.documents)


@LINK_LOG_RULES.add("pair-order")
def pair_order(context: ValueContext) -> Iterator[Finding]:
    """The two items of a pair differ, and stand in the order of their documents and ids."""
    if "first" not in context.value:
        return
    first, second = ((item["document"], item["id"]) for _, item in _items(context.value))
    if first >= second:
        found = f"found {'.'.join(second)} after {'.'.join(first)}"
        yield ("second",), f"{found}; name two items, the lesser by document and id first"


@LINK_LOG_RULES.add("relation-of-quotes")
def relation_of_quotes(context: ValueContext) -> Iterator[Finding]:
    """Two quotes are the same utterance, or nothing holds between them."""
    value = context.value
    if value.get("part") != "quotes":
        return
    said: list[tuple[Steps, str | None]] = [(("gold",), value["gold"])]
    said += [(("readings", name), reading) for name, reading in value.get("readings", {}).items()]
    for steps, relation in said:
        if relation not in (None, SAME):
            yield (
                steps,
                f"found {shown(relation)} between quotes; only claims are so related: use same or null",
            )
