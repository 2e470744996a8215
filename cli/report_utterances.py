"""Acts of speech and their renderings, side by side with what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vostochny.cli.report_anchors import Anchors
from vostochny.cli.report_clips import Clip, sentences
from vostochny.cli.report_segments import Stroke, Tag
from vostochny.schema.model import Difference, Gold, Quote, Ref, Span, Utterance
from vostochny.schema.quotation import ALL_MARKS


@dataclass(frozen=True, slots=True)
class Marked:
    """A difference: its label (B1), its type, what the fullest rendering has, what this one has."""

    label: str
    type: str
    first: str
    other: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Rendering:
    """A member of an utterance: its letter, its passage, and its differences from the first."""

    letter: str
    clip: Clip
    differences: Sequence[Marked]


@dataclass(frozen=True, slots=True)
class Told:
    """An utterance as the page shows it; ``types`` says how often each type of difference occurs."""

    anchor: str
    id: str
    speaker: str
    opening: str
    outlets: Sequence[str]
    renderings: Sequence[Rendering]
    types: Sequence[tuple[str, int]]


def told(gold: Gold, who: Callable[[str | None], str], anchors: Anchors) -> list[Told]:
    """The utterances, those that most articles render first."""
    quotes = {
        Ref(document, quote.id): quote for document, layer in gold.items() for quote in layer.quotes or ()
    }
    found = [_told(utterance, gold, quotes, who, anchors) for utterance in gold.links.utterances or ()]
    return sorted(found, key=lambda each: (-len(each.outlets), -len(each.renderings)))


def _told(
    utterance: Utterance,
    gold: Gold,
    quotes: dict[Ref, Quote],
    who: Callable[[str | None], str],
    anchors: Anchors,
) -> Told:
    letters = {member: _letter(n) for n, member in enumerate(utterance.members)}
    numbered = _numbered(utterance.differences, letters)
    renderings = []
    for member in utterance.members:
        document, quote = gold.documents[member.document], quotes[member]
        sides = [
            (label, d.type, Span(passage.start, passage.end))
            for label, d in numbered
            for ref, passage in zip(d.members, d.spans, strict=True)
            if ref == member and passage.document == member.document
        ]
        strokes = [Stroke(span, label, "df", f"df df-{type}") for label, type, span in sides]
        strokes += [Stroke(span, "", "say", "say") for span in quote.content]
        parts = [*quote.content, *quote.cue, *((quote.source,) if quote.source else ())]
        clip = sentences(
            document,
            member,
            [*parts, *(span for _, _, span in sides)],
            strokes,
            anchors,
            _tags(sides),
        )
        own = [(label, d) for label, d in numbered if d.members[-1] == member]
        renderings.append(Rendering(letters[member], clip, [_marked(label, d) for label, d in own]))
    first = utterance.members[0]
    opening = " ".join(gold.documents[first.document].slice(quotes[first].content[0]).split())
    opening = opening.strip("".join(ALL_MARKS))
    return Told(
        anchor=anchors.of(utterance.id),
        id=utterance.id,
        speaker=who(utterance.speaker),
        opening=opening if len(opening) <= 90 else f"{opening[:88].rsplit(' ', 1)[0]} …",
        outlets=list(dict.fromkeys(r.clip.outlet for r in renderings)),
        renderings=renderings,
        types=sorted(Counter(d.type for d in utterance.differences).items()),
    )


def _letter(number: int) -> str:
    return chr(ord("A") + number % 26) * (number // 26 + 1)


def _numbered(differences: Sequence[Difference], letters: dict[Ref, str]) -> list[tuple[str, Difference]]:
    """Each difference with the letter of the rendering that differs and its number there."""
    count: Counter[str] = Counter()
    out = []
    for difference in differences:
        letter = letters[difference.members[-1]]
        count[letter] += 1
        out.append((f"{letter}{count[letter]}", difference))
    return out


def _tags(sides: Sequence[tuple[str, str, Span]]) -> list[tuple[int, Tag]]:
    """A raised label where differences begin; those of one place stand together."""
    at: dict[int, list[str]] = {}
    for label, _, span in sides:
        at.setdefault(span.start, []).append(label)
    return [(start, Tag(" ".join(labels), raised=True)) for start, labels in at.items()]


def _marked(label: str, difference: Difference) -> Marked:
    first, other = (" ".join(passage.text.split()) for passage in difference.spans)
    return Marked(label, difference.type, first, other, difference.note)
