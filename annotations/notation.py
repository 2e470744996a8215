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
start with ``#`` are remarks. Left out, ``medium`` is speech, ``polarity`` positive, ``status`` actual,
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


def write_notation(layer: Layer, document: Document) -> str:
    """The decision file that states a layer; the inverse of :func:`read_notation`.

    Mentions and marks stand under their sentences, then come quotes and claims. Parts of the layer
    that were not done are written like empty ones.
    """
    lines = [f"# {document.id}, annotated by {layer.annotator}"]
    here: dict[int, list[str]] = {}
    for mention in layer.mentions or ():
        first = _sentences(document, mention.span)[0]
        here.setdefault(first, []).append(mention_line(document, mention))
    for mark in layer.marks or ():
        first = _sentences(document, mark.span)[0]
        here.setdefault(first, []).append(mark_line(document, mark))
    for number in sorted(here):
        lines += ["", *([f"s{number}"] if number else []), *here[number]]
    for quote in layer.quotes or ():
        lines += ["", *quote_lines(document, quote)]
    for claim in layer.claims or ():
        lines += ["", *claim_lines(document, claim)]
    return "\n".join(lines) + "\n"


def item_lines(document: Document, item: Mention | Quote | Mark | Claim) -> list[str]:
    """One annotation as lines of notation."""
    if isinstance(item, Mention):
        return [mention_line(document, item)]
    if isinstance(item, Mark):
        return [mark_line(document, item)]
    return quote_lines(document, item) if isinstance(item, Quote) else claim_lines(document, item)


def mention_line(document: Document, mention: Mention) -> str:
    """A mention as one line of notation."""
    entity = f" | {mention.entity}" if mention.entity else ""
    metonym = f" > {mention.metonym_for}" if mention.metonym_for else ""
    return f"e {write_place(document, mention.span, inline=True)} | {mention.type}{entity}{metonym}"


def mark_line(document: Document, mark: Mark) -> str:
    """A mark as one line of notation."""
    return f"m {write_place(document, mark.span, inline=True)} | {mark.role}"


def quote_lines(document: Document, quote: Quote) -> list[str]:
    """A quote as lines of notation; what has its default value is left out."""
    lines = [f"q {quote.id}", *(f"  content: {write_place(document, s)}" for s in quote.content)]
    if quote.verbatim is None or quote.verbatim == quote.content:
        lines.append(f"  verbatim: {'all' if quote.verbatim else 'unknown'}")
    else:
        lines += [f"  verbatim: {write_place(document, s)}" for s in quote.verbatim or ()]
    if quote.source:
        lines.append(f"  source: {write_place(document, quote.source)}")
    lines += [f"  cue: {write_place(document, s)}" for s in quote.cue]
    defaults = {"medium": "speech", "polarity": "positive", "status": "actual"}
    for key in ("speaker", "within", "medium", "polarity", "status"):
        value = getattr(quote, key)
        if value is not None and value != defaults.get(key):
            lines.append(f"  {key}: {value}")
    return lines


def claim_lines(document: Document, claim: Claim) -> list[str]:
    """A claim as lines of notation; what has its default value is left out."""
    lines = [f"c {claim.id}", *(f"  span: {write_place(document, s)}" for s in claim.spans)]
    if claim.voice != ("attributed" if claim.quote else "author"):
        lines.append(f"  voice: {claim.voice}")
    if claim.claimer not in (None, AUTHOR) or (claim.claimer == AUTHOR and claim.voice != "author"):
        lines.append(f"  claimer: {claim.claimer}")
    if claim.quote:
        lines.append(f"  quote: {claim.quote}")
    lines.append(f"  type: {claim.type}")
    if claim.polarity != "positive":
        lines.append(f"  polarity: {claim.polarity}")
    if claim.certainty != "asserted":
        lines.append(f"  certainty: {claim.certainty}")
    if claim.proposition:
        lines.append(f"  says: {claim.proposition}")
    return lines


def _sentences(document: Document, span: Span) -> tuple[int, int]:
    """Numbers (from 1) of the first and last sentence that a span touches; 0, 0 if there is none."""
    touched = [n for n, (a, b) in enumerate(document.sentences, 1) if a < span.end and span.start < b]
    return (touched[0], touched[-1]) if touched else (0, 0)


def write_place(document: Document, span: Span, *, inline: bool = False) -> str:
    """A span as notation names it; ``inline`` leaves its own sentence's number out."""
    first, last = _sentences(document, span)
    surface = re.sub(r"\s", " ", document.slice(span))
    prefix = f"s{first} " if first == last else f"s{first}-s{last} "
    if first and " | " not in surface:
        for candidate in (surface, *(f"{surface}#{n}" for n in range(1, 100))):
            try:
                found = locate(document, first, last, candidate)
            except ValueError:
                if "#" in candidate and candidate != surface:
                    break
                continue
            if (found.start, found.end) == (span.start, span.end):
                return candidate if inline and first == last else prefix + candidate
    return f"@{span.start}-{span.end}"
