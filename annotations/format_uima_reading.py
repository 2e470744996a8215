"""From UIMA annotations, our own or those that people drew in INCEpTION, to the items of a layer.

What was not set takes the model's defaults; items without an id are numbered. A verbatim piece without a
relation belongs to the shortest quote whose content covers it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from vostochny.annotations.format_support import completed, without_empty_parts
from vostochny.annotations.format_uima import (
    ABOUT,
    CLAIM,
    CLAIM_RELATION,
    MARK,
    MENTION,
    NAMED_ENTITY,
    QUOTE,
    QUOTE_RELATION,
    UNKNOWN,
    Arrow,
    Graph,
    Node,
    in_text_order,
)
from vostochny.schema.errors import InputError, shown
from vostochny.schema.model import AUTHOR, SCHEMA_VERSION, Claim, Document, Layer, Mark, Mention, Quote, Span

_ROLES = ("content", "source", "cue", "verbatim")


def layer_of(graph: Graph, document: Document, *, file: str) -> Layer:
    """The layer that the annotations make, in text order.

    Raises :class:`InputError` that names file and line of an annotation that belongs to nothing or lacks
    what can't be guessed.
    """
    marks = _Ids("k", graph.of(MARK))
    about = {name: value for node in graph.of(ABOUT) for name, value in node.features.items()}
    layer = Layer(
        document=document.id,
        annotator=about.get("annotator", ""),
        schema_version=about.get("schema_version", SCHEMA_VERSION),
        mentions=_mentions(graph, file),
        quotes=_Quotes(graph, file).items(),
        marks=tuple(
            Mark(
                marks.of(node), node.start, node.end, None, _value(node, "scare, title, term or stray", file)
            )
            for node in graph.of(MARK)
        ),
        claims=_claims(graph, file),
    )
    layer = _done(layer, about.get("parts", "").split()) if about else without_empty_parts(layer)
    return completed(in_text_order(layer), document)


def _done(layer: Layer, parts: Collection[str]) -> Layer:
    """The layer without the parts that are empty and were not done."""
    return replace(
        layer,
        mentions=layer.mentions if layer.mentions or "mentions" in parts else None,
        quotes=layer.quotes if layer.quotes or "quotes" in parts else None,
        marks=layer.marks if layer.marks or "marks" in parts else None,
        claims=layer.claims if layer.claims or "claims" in parts else None,
    )


class _Ids:
    """The ids of some annotations: their own, or the next free number."""

    def __init__(self, letter: str, nodes: Iterable[Node]) -> None:
        taken = {node.features.get("id") for node in nodes}
        self._free = (name for n in range(1, 1 << 62) if (name := f"{letter}{n}") not in taken)

    def of(self, node: Node) -> str:
        return node.features.get("id") or next(self._free)


def _value(node: Node, expected: str, file: str) -> str:
    if value := node.features.get("value"):
        return value
    message = (
        f"{_shown(node)} has no value, expected {expected}; choose one in INCEpTION or delete the annotation"
    )
    raise InputError.of("missing-value", message, file=file, line=node.line)


def _shown(node: Node) -> str:
    return f"the {node.type.rpartition('.')[2]} at [{node.start}, {node.end})"


def _mentions(graph: Graph, file: str) -> tuple[Mention, ...]:
    extras: dict[tuple[int, int], list[Node]] = {}
    for node in graph.of(MENTION):
        extras.setdefault((node.start, node.end), []).append(node)
    paired: list[tuple[Node, Node]] = []
    for node in graph.of(NAMED_ENTITY):
        same = extras.get((node.start, node.end))
        paired.append((node, same.pop(0) if same else Node(MENTION, node.start, node.end, {}, node.line)))
    ids = _Ids("m", [extra for _, extra in paired])
    return tuple(
        Mention(
            ids.of(extra),
            node.start,
            node.end,
            None,
            _value(node, "an entity type", file),
            node.features.get("identifier"),
            extra.features.get("metonym_for"),
        )
        for node, extra in paired
    )


def _claims(graph: Graph, file: str) -> tuple[Claim, ...]:
    nodes = graph.of(CLAIM)
    for arrow in graph.arrows:
        if arrow.type == CLAIM_RELATION and arrow.value not in (None, "next"):
            raise _bad_relation(arrow, "'next'", file)
    chains = _chains(nodes, [a for a in graph.arrows if a.type == CLAIM_RELATION], file)
    ids = _Ids("c", nodes)
    claims = []
    for chain in chains:
        head = chain[0]
        given = {name: value for node in reversed(chain) for name, value in node.features.items()}
        claimer, voice = given.get("claimer"), given.get("voice")
        if voice is None:
            voice = "author" if claimer in (None, AUTHOR) else "attributed"
            claimer = claimer or AUTHOR
        claims.append(
            Claim(
                id=ids.of(head),
                spans=_spans(chain),
                voice=voice,
                claimer=claimer,
                quote=given.get("quote"),
                type=given.get("value", "fact"),
                polarity=given.get("polarity", "positive"),
                certainty=given.get("certainty", "asserted"),
                proposition=given.get("proposition"),
            )
        )
    return tuple(claims)


def _spans(chain: Iterable[Node]) -> tuple[Span, ...]:
    return tuple(Span(node.start, node.end) for node in chain)


def _chains(nodes: Sequence[Node], arrows: Iterable[Arrow], file: str) -> list[list[Node]]:
    """The annotations in chains of ``next`` relations, in the order of their first ones."""
    following: dict[Node, Node] = {}
    before: dict[Node, Node] = {}
    for arrow in arrows:
        if arrow.governor in following or arrow.dependent in before:
            message = (
                f"a second 'next' relation from {_shown(arrow.governor)} to {_shown(arrow.dependent)}; "
                "pieces make one chain: delete one relation"
            )
            raise InputError.of("forked-chain", message, file=file, line=arrow.line)
        following[arrow.governor] = arrow.dependent
        before[arrow.dependent] = arrow.governor
    chains = []
    for node in nodes:
        if node not in before:
            chain = [node]
            while chain[-1] in following:
                chain.append(following[chain[-1]])
            chains.append(chain)
    seen = {node for chain in chains for node in chain}
    if left := [node for node in nodes if node not in seen]:
        message = f"{_shown(left[0])} follows itself by 'next' relations; delete one of them"
        raise InputError.of("circular-chain", message, file=file, line=left[0].line)
    return chains


def _bad_relation(arrow: Arrow, expected: str, file: str) -> InputError:
    found = "no value" if arrow.value is None else shown(arrow.value)
    message = (
        f"found {found} on the relation from {_shown(arrow.governor)} to {_shown(arrow.dependent)}, "
        f"expected {expected}; mend its value or delete it"
    )
    return InputError.of("bad-relation", message, file=file, line=arrow.line)


@dataclass(frozen=True)
class _Link:
    """A relation with its value and direction made certain."""

    value: str
    governor: Node
    dependent: Node
    arrow: Arrow


class _Quotes:
    """The quotes that the pieces and their relations make."""

    def __init__(self, graph: Graph, file: str) -> None:
        self.file = file
        self.nodes = graph.of(QUOTE)
        arrows = [arrow for arrow in graph.arrows if arrow.type == QUOTE_RELATION]
        self.roles = {node: self._role(node, arrows) for node in self.nodes}
        self.links = [self._link(arrow) for arrow in arrows]
        following = [link.arrow for link in self.links if link.value == "next"]
        self.chains = {chain[0]: chain for chain in _chains(self.nodes, following, file)}
        self.head = {node: first for first, chain in self.chains.items() for node in chain}

    def _role(self, node: Node, arrows: Collection[Arrow]) -> str:
        role = node.features.get("value")
        if role is None:
            values = (arrow.value for arrow in arrows if arrow.dependent is node)
            role = next((value for value in values if value in _ROLES), "content")
        if role not in _ROLES:
            message = (
                f"found {shown(role)} on {_shown(node)}, expected one of {', '.join(_ROLES)}; mend its value"
            )
            raise InputError.of("bad-role", message, file=self.file, line=node.line)
        return role

    def _link(self, arrow: Arrow) -> _Link:
        governor, dependent, value = arrow.governor, arrow.dependent, arrow.value
        here, there = self.roles[governor], self.roles[dependent]
        if here == there:
            expected = "'next' or 'within'" if here == "content" else "'next'"
            if value == "next" or (value is None and here != "content"):
                return _Link("next", governor, dependent, arrow)
            if value == "within" and here == "content":
                return _Link("within", governor, dependent, arrow)
        elif "content" in (here, there):
            role = there if here == "content" else here
            expected = repr(role)
            if value in (None, role):
                pair = (governor, dependent) if here == "content" else (dependent, governor)
                return _Link(role, *pair, arrow)
        else:
            expected = "a quote's content at one end"
        raise _bad_relation(arrow, expected, self.file)

    def items(self) -> tuple[Quote, ...]:
        heads = [first for first in self.chains if self.roles[first] == "content"]
        ids = _Ids("q", self.nodes)
        names = {head: ids.of(head) for head in heads}
        parts = self._parts(heads)
        within = {self.head[k.governor]: names[self.head[k.dependent]] for k in self._within()}
        quotes = []
        for head in heads:
            chain = self.chains[head]
            given = {name: value for node in reversed(chain) for name, value in node.features.items()}
            verbatim = parts[head, "verbatim"]
            quotes.append(
                Quote(
                    id=names[head],
                    content=_spans(chain),
                    verbatim=None if given.get("verbatim") == UNKNOWN and not verbatim else _spans(verbatim),
                    source=self._source(parts[head, "source"]),
                    cue=_spans(parts[head, "cue"]),
                    speaker=given.get("speaker"),
                    within=within.get(head),
                    medium=given.get("medium", "speech"),
                    polarity=given.get("polarity", "positive"),
                    status=given.get("status", "actual"),
                )
            )
        return tuple(quotes)

    def _source(self, nodes: Sequence[Node]) -> Span | None:
        if len(nodes) > 1:
            message = f"{_shown(nodes[1])} is a second source of one quote; keep one"
            raise InputError.of("two-sources", message, file=self.file, line=nodes[1].line)
        return Span(nodes[0].start, nodes[0].end) if nodes else None

    def _within(self) -> list[_Link]:
        found: dict[Node, _Link] = {}
        for link in self.links:
            if link.value == "within" and found.setdefault(self.head[link.governor], link) is not link:
                message = f"{_shown(link.governor)} is within two quotes; name the innermost only"
                raise InputError.of("two-outer-quotes", message, file=self.file, line=link.arrow.line)
        return list(found.values())

    def _parts(self, heads: Sequence[Node]) -> dict[tuple[Node, str], list[Node]]:
        """The pieces of source, cue and verbatim words of each quote."""
        owners: dict[Node, list[Node]] = {}
        for link in self.links:
            if link.value in _ROLES:
                owners.setdefault(self.head[link.dependent], []).append(self.head[link.governor])
        parts: dict[tuple[Node, str], list[Node]] = {(head, role): [] for head in heads for role in _ROLES}
        for first, chain in sorted(self.chains.items(), key=lambda c: c[0].start):
            role = self.roles[first]
            if role != "content":
                for head in dict.fromkeys(owners.get(first) or self._guess(first, role, heads)):
                    parts[head, role] += chain
        return parts

    def _guess(self, node: Node, role: str, heads: Sequence[Node]) -> list[Node]:
        covering = [
            head
            for head in heads
            if any(piece.start <= node.start and node.end <= piece.end for piece in self.chains[head])
        ]
        if role == "verbatim" and covering:
            return [min(covering, key=lambda head: sum(p.end - p.start for p in self.chains[head]))]
        message = (
            f"{_shown(node)} is a piece ({role}) of no quote; draw a relation to it from the content, or "
        )
        message += "delete it"
        raise InputError.of("loose-piece", message, file=self.file, line=node.line)
