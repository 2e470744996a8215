"""The decision notation: how a reader writes down annotations without counting characters.

A decision names its place by sentence number and surface text; this module turns it into code
point offsets and refuses whatever is not in the text or is ambiguous. One decision a block::

    s4
    e Korean Central News Agency | ORG | korean-central-news-agency
    e Pyongyang | GPE | pyongyang > north-korea
    m “historic” | scare

    q q1
      content: s4 held a “historic meeting ... on Wednesday
      verbatim: s4 “historic meeting and talks”
      source: s4 Korean Central News Agency
      cue: s4 said
      speaker: korean-central-news-agency

    c c1
      span: s4 held a “historic meeting ... on Wednesday
      voice: attributed
      claimer: korean-central-news-agency
      quote: q1
      type: fact
      says: Kim Jong Un held a historic meeting and talks with Vladimir Putin on 13 September 2023.

``X ... Y`` (three dots between spaces) is the stretch from X to Y, ``X#2`` the second occurrence of
X in the sentence, ``s9-s10 X ... Y`` a stretch over several sentences, ``@120-134`` plain code point
offsets where no surface would do. Line breaks in the text are written as spaces; ``verbatim: all``
says that all of the content is, ``verbatim: unknown`` that it was not said which part. Lines that
start with ``#`` are remarks. Left out, ``verbatim`` is none of the content (quotation marks do not change
that), ``medium`` is speech, ``polarity`` positive, ``status`` actual,
``certainty`` asserted, ``voice`` author (attributed where ``quote`` is given).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from vostochny.schema.errors import InputError, Problem
from vostochny.schema.model import AUTHOR, Claim, Document, Layer, Mark, Mention, Quote, Span

_QUOTE_KEYS = {
    "content",
    "verbatim",
    "source",
    "cue",
    "speaker",
    "within",
    "medium",
    "polarity",
    "status",
}
_CLAIM_KEYS = {"span", "voice", "claimer", "quote", "type", "polarity", "certainty", "says"}
_PLACE = re.compile(r"s(\d+)(?:-s?(\d+))?\s+(.*)")
_OFFSETS = re.compile(r"@(\d+)-(\d+)")
_FIELD = re.compile(r"([a-z]+):\s*(.*)")
_OCCURRENCE = re.compile(r"(.*)#(\d+)")


@dataclass(slots=True)
class _Block:
    line: int
    id: str
    fields: list[tuple[int, str, str]] = field(default_factory=list)

    def one(self, key: str) -> str | None:
        values = [v for _, k, v in self.fields if k == key]
        if len(values) > 1:
            raise ValueError(f"'{key}' is given {len(values)} times for {self.id}; give it once")
        return None if not values or values[0] in ("", "-") else values[0]

    def many(self, key: str) -> Iterator[tuple[int, str]]:
        return ((n, v) for n, k, v in self.fields if k == key)


def locate(document: Document, first: int, last: int, surface: str) -> Span:
    """The span that ``surface`` names in sentences ``first`` to ``last`` (counted from 1).

    Raises ``ValueError`` if the sentence does not exist, or the surface is not found, stands there
    more than once without ``#n``, or does not begin and end at token boundaries.
    """
    _check_sentences(document, first, last)
    low, high = document.sentences[first - 1][0], document.sentences[last - 1][1]
    starts = {a for a, b in document.tokens if low <= a < high}
    ends = {b for a, b in document.tokens if low < b <= high}
    wanted = 0
    if match := _OCCURRENCE.fullmatch(surface):
        surface, wanted = match[1].rstrip(), int(match[2])
    head, dots, tail = surface.partition(" ... ")
    found: list[tuple[int, int]] = []
    for start in _occurrences(document.text, head, low, high):
        if start not in starts:
            continue
        end = start + len(head)
        if dots:
            tails = [
                t + len(tail) for t in _occurrences(document.text, tail, end, high) if t + len(tail) in ends
            ]
            if len(tails) > 1:
                raise ValueError(f"the end {tail!r} stands {len(tails)} times after {head!r}; write more")
            if not tails:
                continue
            end = tails[0]
        if end in ends:
            found.append((start, end))
    if not found:
        raise ValueError(
            f"{surface!r} is not in {_named(first, last)} at token boundaries: {document.text[low:high]!r}"
        )
    if wanted > len(found) or (len(found) > 1 and not wanted):
        times = "once" if len(found) == 1 else f"{len(found)} times; add #1 to #{len(found)}"
        raise ValueError(f"{surface!r} stands in {_named(first, last)} {times}")
    start, end = found[(wanted or 1) - 1]
    return Span(start, end, document.text[start:end])


def _check_sentences(document: Document, first: int, last: int) -> None:
    count = len(document.sentences)
    if not 1 <= first <= last <= count:
        raise ValueError(f"no sentence {_named(first, last)}; {document.id} has s1 to s{count}")


def _named(first: int, last: int) -> str:
    return f"s{first}" if first == last else f"s{first}-s{last}"


def _occurrences(text: str, surface: str, low: int, high: int) -> Iterator[int]:
    if not surface:
        return
    pattern = r"\s".join(re.escape(part) for part in re.split(r"\s", surface))
    for match in re.compile(f"(?={pattern})").finditer(text, low, high):
        if match.start() + len(surface) <= high:
            yield match.start()


def read_notation(source: str, document: Document, annotator: str, file: str | None = None) -> Layer:
    """The layer that a decision file states.

    Raises :class:`~vostochny.schema.errors.InputError` (``bad-notation``) with every line that could not
    be understood; ``file`` is named in it.
    """
    return read_decisions(source, document, annotator, file)[0]


def read_decisions(
    source: str, document: Document, annotator: str, file: str | None = None
) -> tuple[Layer, dict[str, int]]:
    """The layer that a decision file states, and the line on which each item (by its id) begins.

    Errors as of :func:`read_notation`.
    """
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    mentions: list[Mention] = []
    marks: list[Mark] = []
    quotes: list[Quote] = []
    claims: list[Claim] = []
    blocks: list[tuple[str, _Block]] = []

    def report(line: int, message: str) -> None:
        problems.append(Problem("bad-notation", message, file, line))

    current: int | None = None
    block: _Block | None = None
    for number, raw in enumerate(source.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            if match := re.fullmatch(r"s(\d+)", line):
                current, block = int(match[1]), None
                _check_sentences(document, current, current)
            elif line.startswith("e ") and not _FIELD.fullmatch(line):
                mentions.append(_mention(document, current, line[2:], len(mentions) + 1))
                lines[mentions[-1].id] = number
                block = None
            elif line.startswith("m "):
                marks.append(_mark(document, current, line[2:], len(marks) + 1))
                lines[marks[-1].id] = number
                block = None
            elif match := re.fullmatch(r"([qc]) (\S+)", line):
                block = _Block(number, match[2])
                blocks.append((match[1], block))
                lines[block.id] = number
            elif (match := _FIELD.fullmatch(line)) and block is not None:
                keys = _QUOTE_KEYS if blocks[-1][0] == "q" else _CLAIM_KEYS
                if match[1] not in keys:
                    raise ValueError(f"unknown field {match[1]!r}; expected one of {', '.join(sorted(keys))}")
                block.fields.append((number, match[1], match[2].strip()))
            else:
                raise ValueError(f"not a decision: {line!r}; 'vostochny notate --help' shows the notation")
        except ValueError as error:
            report(number, str(error))

    def spans(block: _Block, key: str) -> tuple[Span, ...]:
        out = []
        for number, value in block.many(key):
            if value in ("", "-"):
                continue
            try:
                out.append(_place(document, value))
            except ValueError as error:
                report(number, str(error))
        return tuple(out)

    def build(block: _Block, make: Callable[[], None]) -> None:
        try:
            make()
        except ValueError as error:
            report(block.line, str(error))

    for kind, each in blocks:
        if kind == "q":
            build(each, lambda b=each: quotes.append(_quote(b, spans)))  # type: ignore[misc]
        else:
            build(each, lambda b=each: claims.append(_claim(b, spans)))  # type: ignore[misc]
    for name, ids in (("quote", [q.id for q in quotes]), ("claim", [c.id for c in claims])):
        for twice in sorted({i for i in ids if ids.count(i) > 1}):
            report(lines[twice], f"the {name} id {twice!r} is used twice; give each its own")
    if problems:
        raise InputError(sorted(problems, key=lambda p: p.line or 0))
    layer = Layer(
        document=document.id,
        annotator=annotator,
        text_sha256=document.text_sha256,
        mentions=tuple(sorted(mentions, key=lambda m: (m.start, m.end))),
        quotes=tuple(quotes),
        marks=tuple(sorted(marks, key=lambda m: (m.start, m.end))),
        claims=tuple(claims),
    )
    return layer, lines


def _place(document: Document, value: str) -> Span:
    if match := _OFFSETS.fullmatch(value):
        start, end = int(match[1]), int(match[2])
        if not 0 <= start < end <= len(document.text):
            raise ValueError(f"{value} is not in the text of {len(document.text)} code points")
        return Span(start, end, document.text[start:end])
    match = _PLACE.fullmatch(value)
    if match is None:
        raise ValueError(f"expected 's4 surface text', found {value!r}")
    first = int(match[1])
    return locate(document, first, int(match[2] or first), match[3].strip())


def _here(document: Document, current: int | None, surface: str) -> Span:
    if _PLACE.fullmatch(surface) or _OFFSETS.fullmatch(surface):
        return _place(document, surface)
    if current is None:
        raise ValueError("no sentence yet; put a line such as 's4' before it")
    return locate(document, current, current, surface)


def _mention(document: Document, current: int | None, line: str, number: int) -> Mention:
    parts = [p.strip() for p in line.rsplit(" | ")]
    if len(parts) not in (2, 3):
        raise ValueError(
            f"expected 'e surface | TYPE | entity' (values: no entity; spaces around bars), found {line!r}"
        )
    span = _here(document, current, parts[0])
    entity, metonym = (parts[2] if len(parts) == 3 else None), None
    if entity and ">" in entity:
        entity, metonym = (p.strip() for p in entity.split(">", 1))
    return Mention(f"m{number}", span.start, span.end, span.text, parts[1], entity or None, metonym or None)


def _mark(document: Document, current: int | None, line: str, number: int) -> Mark:
    surface, bar, role = line.rpartition(" | ")
    if not bar:
        raise ValueError(f"expected 'm surface | role', found {line!r}")
    span = _here(document, current, surface.strip())
    return Mark(f"k{number}", span.start, span.end, span.text, role.strip())


def _quote(block: _Block, spans: Callable[[_Block, str], tuple[Span, ...]]) -> Quote:
    content = spans(block, "content")
    if not list(block.many("content")):
        raise ValueError(f"quote {block.id} has no content")
    sources = spans(block, "source")
    block.one("source")
    return Quote(
        id=block.id,
        content=content,
        verbatim=_verbatim(block, content, spans),
        source=sources[0] if sources else None,
        cue=spans(block, "cue"),
        speaker=block.one("speaker"),
        within=block.one("within"),
        medium=block.one("medium") or "speech",
        polarity=block.one("polarity") or "positive",
        status=block.one("status") or "actual",
    )


def _verbatim(
    block: _Block, content: tuple[Span, ...], spans: Callable[[_Block, str], tuple[Span, ...]]
) -> tuple[Span, ...] | None:
    given = [value for _, value in block.many("verbatim")]
    if given == ["unknown"]:
        return None
    return content if given == ["all"] else spans(block, "verbatim")


def _claim(block: _Block, spans: Callable[[_Block, str], tuple[Span, ...]]) -> Claim:
    if not list(block.many("span")):
        raise ValueError(f"claim {block.id} has no span")
    quote = block.one("quote")
    voice = block.one("voice") or ("attributed" if quote else "author")
    kind = block.one("type")
    if kind is None:
        raise ValueError(f"claim {block.id} needs a 'type'")
    return Claim(
        id=block.id,
        spans=spans(block, "span"),
        voice=voice,
        claimer=block.one("claimer") or (AUTHOR if voice == "author" else None),
        quote=quote,
        type=kind,
        polarity=block.one("polarity") or "positive",
        certainty=block.one("certainty") or "asserted",
        proposition=block.one("says"),
    )
