"""An audit's copy for people to read: each article sentence by sentence, and the links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from vostochny.annotations.audit_state import LINKS, State
from vostochny.schema.model import Claim, Document, Layer, Mention, Quote, Ref, Span
from vostochny.schema.quotation import quote_kind
from vostochny.schema.text import TextIndex


def flat(text: str) -> str:
    """A text on one line: every line break and tabulator is a space."""
    return "".join(" " if c in "\n\r\t\x0b\x0c\u2028\u2029\x85" else c for c in text)


def _span(document: Document, span: Span) -> str:
    return f"⟦{flat(document.slice(span))}⟧"


def _spans(document: Document, spans: Iterable[Span]) -> str:
    return " … ".join(_span(document, span) for span in spans) or "–"


def article(document: Document, layer: Layer) -> str:
    """An article in Markdown: under each sentence what begins in it."""
    index = TextIndex(document)
    lines = [f"# {document.id}: {document.title or 'without title'}", ""]
    lines += ["Spans stand between ⟦ and ⟧, exactly as they are marked; … joins the parts of one item.", ""]
    begun: dict[int, list[str]] = {}
    for position, told in _items(document, layer, index):
        begun.setdefault(_sentence(document, position), []).append(told)
    region = None
    for number, (start, end) in enumerate(document.sentences):
        here = index.region_of(start)
        if here != region and here is not None:
            region = here
            lines += [f"## {document.regions[here].kind}", ""]
        inside = [m for m in layer.mentions or () if start <= m.start < end]
        lines += [f"**s{number + 1}** {flat(document.text[start:end])}", ""]
        if inside:
            lines += [f"*Mentions:* {_bracketed(document, Span(start, end), inside)}", ""]
        here_begun = begun.get(number, [])
        lines += [f"- {each}" for each in here_begun]
        lines += [""] if here_begun else []
    return "\n".join(lines).rstrip() + "\n"


def _sentence(document: Document, position: int) -> int:
    """The sentence that a code point lies in, or the last one before it."""
    starts = [number for number, (start, _) in enumerate(document.sentences) if start <= position]
    return starts[-1] if starts else 0


def _bracketed(document: Document, sentence: Span, mentions: Iterable[Mention]) -> str:
    out, position = "", sentence.start
    for mention in sorted(mentions, key=lambda m: m.start):
        if mention.start >= position:
            out += f"{document.text[position : mention.start]}[{document.slice(mention.span)}]{mention.id}"
            position = mention.end
    return flat(out + document.text[position : max(position, sentence.end)])


def _items(document: Document, layer: Layer, index: TextIndex) -> Iterator[tuple[int, str]]:
    for mention in layer.mentions or ():
        yield mention.start, _mention(document, mention)
    for mark in layer.marks or ():
        yield mark.start, f"**{mark.id}** mark {_span(document, mark.span)} role {mark.role}"
    for quote in layer.quotes or ():
        yield quote.content[0].start, _quote(document, quote, index)
    for claim in layer.claims or ():
        yield claim.spans[0].start, _claim(document, claim)


def _mention(document: Document, mention: Mention) -> str:
    entity = f" {mention.entity}" if mention.entity else ""
    metonym = f", stands for {mention.metonym_for}" if mention.metonym_for else ""
    return f"**{mention.id}** {_span(document, mention.span)} {mention.type}{entity}{metonym}"


def _quote(document: Document, quote: Quote, index: TextIndex) -> str:
    source = "–" if quote.source is None else _span(document, quote.source)
    parts = [
        f"**{quote.id}** quote ({quote_kind(index, quote)}) {_spans(document, quote.content)}",
        f"speaker {quote.speaker or '–'}, source {source}, cue {_spans(document, quote.cue)}",
        f"within {quote.within or '–'}, medium {quote.medium}, polarity {quote.polarity}, "
        f"status {quote.status}",
        f"verbatim {'unknown' if quote.verbatim is None else _spans(document, quote.verbatim)}",
    ]
    return "\n  - ".join(parts)


def _claim(document: Document, claim: Claim) -> str:
    parts = [
        f"**{claim.id}** claim {_spans(document, claim.spans)}",
        f"claimer {claim.claimer or '–'}, voice {claim.voice}, quote {claim.quote or '–'}, "
        f"type {claim.type}, polarity {claim.polarity}, certainty {claim.certainty}",
        f"says: {claim.proposition or '–'}",
    ]
    return "\n  - ".join(parts)


def links_page(state: State) -> str:
    """The links in Markdown: registry, utterances, claim groups, relations, and what is in none."""
    lines = [
        "# Links",
        "",
        "## Registry",
        "",
        "| id | name | type | aliases | Wikidata |",
        "|---|---|---|---|---|",
    ]
    for entity in state.links.entities:
        aliases = "; ".join(entity.aliases)
        lines.append(
            f"| {entity.id} | {entity.name} | {entity.type} | {aliases} | {entity.wikidata or '–'} |"
        )
    lines += ["", *_utterances(state), *_groups(state)]
    return "\n".join(lines).rstrip() + "\n"


def _quote_line(state: State, ref: Ref) -> str:
    quote: Quote = state.items(ref.document, "quotes")[ref.id]
    document = state.documents[ref.document]
    source = f", source {_span(document, quote.source)}" if quote.source else ""
    return f"**{ref}** ({quote.speaker or '–'}{source}) {_spans(document, quote.content)}"


def _utterances(state: State) -> Iterator[str]:
    if (LINKS, "utterances") not in state.parts:
        return
    yield from ("## Utterances", "")
    linked: set[Ref] = set()
    for utterance in state.links.utterances or ():
        linked.update(utterance.members)
        yield f"### {utterance.id}, speaker {utterance.speaker or '–'}"
        yield ""
        yield from (f"- {_quote_line(state, ref)}" for ref in utterance.members)
        for number, each in enumerate(utterance.differences, 1):
            here, there = (f"{ref} ⟦{flat(s.text)}⟧" for ref, s in zip(each.members, each.spans, strict=True))
            note = f" ({each.note})" if each.note else ""
            yield f"- {utterance.id}.d{number} {each.type}: {here} / {there}{note}"
        yield ""
    yield from ("### Quotes in no utterance", "")
    yield from (f"- {_quote_line(state, ref)}" for ref in _all(state, "quotes") if ref not in linked)
    yield ""


def _all(state: State, part: str) -> list[Ref]:
    return [Ref(name, id) for name in state.heads for id in state.items(name, part)]


def _claim_line(state: State, ref: Ref) -> str:
    claim: Claim = state.items(ref.document, "claims")[ref.id]
    said = claim.proposition or _spans(state.documents[ref.document], claim.spans)
    return f"**{ref}** ({claim.claimer or '–'}) {said}"


def _groups(state: State) -> Iterator[str]:
    if (LINKS, "claim_groups") not in state.parts:
        return
    groups: Mapping[str, tuple[Ref, ...]] = {g.id: g.members for g in state.links.claim_groups or ()}
    yield from ("## Claim groups", "")
    for id, members in groups.items():
        yield f"### {id}"
        yield ""
        yield from (f"- {_claim_line(state, ref)}" for ref in members)
        yield ""
    grouped = {ref for members in groups.values() for ref in members}
    yield from ("### Claims in no group", "")
    yield from (f"- {_claim_line(state, ref)}" for ref in _all(state, "claims") if ref not in grouped)
    yield ""
    if (LINKS, "claim_relations") not in state.parts:
        return
    yield from ("## Relations between claim groups", "")
    for number, relation in enumerate(state.links.claim_relations or (), 1):
        yield f"### r{number}: {relation.source} {relation.type} {relation.target}"
        yield ""
        yield from (f"- {relation.source}: {_claim_line(state, ref)}" for ref in groups[relation.source][:1])
        yield from (f"- {relation.target}: {_claim_line(state, ref)}" for ref in groups[relation.target][:1])
        if relation.reason:
            yield f"- reason: {relation.reason}"
        yield ""
