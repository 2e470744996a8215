"""Errors that can be planted in claims (GUIDELINES.md, section 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from vostochny.annotations.audit_state import Edit, Key, Plant
from vostochny.annotations.audit_view import View, Words
from vostochny.schema.model import AUTHOR, UNNAMED, Claim, Quote, Ref, Span, bounds

_PREPOSITIONS = frozenset("in on at for with from during after before about against through".split())
_CONJUNCTIONS = frozenset("and but that while as because since although".split())
_NEGATION = re.compile(r"\b(?:not|no|never|without|neither|nor|nobody|none|cannot)\b|n['’]t\b", re.IGNORECASE)
_HEDGE = re.compile(
    r"\b(?:may|might|could|can|potentially|possibl[ye]|perhaps|likely|appear\w*|seem\w*|suggest\w*|"
    r"expect\w*|plan\w*|think|hope\w*|alleged\w*|reported\w*|would|should|apparent\w*|probabl[ye])\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|would|shall|plan\w*|promis\w*|hope\w*|expect\w*|intend\w*|ready|to come|could|may|might|can|"
    r"going to|seek\w*|aim\w*|want\w*|must|should|future|need\w*)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:was|were|had|did|has|have|\w{3,}ed|took|met|gave|held|came|went|left)\b")
_JUDGEMENT = re.compile(
    r"\b(?:proud|glad|important|priority|troubling|great|greatest|good|best|better|right|should|must|worr\w+|"
    r"glory|strong\w*|sincere\w*|significan\w+|violat\w+|historic|immortal|support\w*|top|low|bad|worst|"
    r"pariah|destabili[sz]ing|indicative|premature|happy|welcome\w*|danger\w*|threat\w*|friend\w*)\b",
    re.IGNORECASE,
)


def claim_plants(view: View) -> Iterator[Plant]:
    """Every error that can be planted in a claim, each by itself."""
    for document, words in view.words.items():
        for claim in view.state.items(document, "claims").values():
            yield _removed(view, document, claim)
            yield from _spans(document, words, claim)
            yield from _claimers(view, document, claim)
            yield from _flips(document, claim)
            if claim.proposition:
                for wrong in dict.fromkeys(altered(view, document, claim)):
                    told = (wrong, claim.proposition)
                    yield _plant(
                        document, "claim-proposition", claim, "proposition", "3.5", told, proposition=wrong
                    )


def _plant(
    document: str,
    kind: str,
    claim: Claim,
    field: str,
    rule: str,
    told: tuple[object, object],
    *,
    near: Iterable[Key] = (),
    **changes: Any,
) -> Plant:
    has, should = (str(each) for each in told)
    edits = (Edit(document, "claims", claim, replace(claim, **changes)),)
    passage = (document, *bounds(claim.spans))
    return Plant(kind, document, edits, field, rule, has, should, frozenset(near), passage)


def _shown(spans: Iterable[Span]) -> str:
    return " … ".join(repr(span.text) for span in spans)


def _removed(view: View, document: str, claim: Claim) -> Plant:
    edits = (Edit(document, "claims", claim, None), *view.without_claim(Ref(document, claim.id)))
    should = f"a {claim.type} of {claim.claimer}: {_shown(claim.spans)}"
    passage = (document, *bounds(claim.spans))
    return Plant("claim-removed", document, edits, "missing", "3.1", "nothing", should, passage=passage)


def _spans(document: str, words: Words, claim: Claim) -> Iterator[Plant]:
    for spans in _shifted(words, claim):
        told = (_shown(spans), _shown(claim.spans))
        yield _plant(document, "claim-boundary", claim, "spans", "3.2", told, spans=spans)


def _shifted(words: Words, claim: Claim) -> Iterator[tuple[Span, ...]]:
    first, last = claim.spans[0], claim.spans[-1]
    before, inside, tail = words.before(first.start), words.within(first), words.within(last)
    if before and before[0].text in _CONJUNCTIONS:
        yield (words.span(before[0].start, first.end), *claim.spans[1:])
    if len(inside) > 2 and inside[0].text in ("which", "who", "whom"):
        yield (words.span(inside[1].start, first.end), *claim.spans[1:])
    for place in range(max(3, len(tail) - 6), len(tail) - 1):
        if tail[place].text in _PREPOSITIONS and all(w.text.isalnum() for w in tail[place - 1 :]):
            yield (*claim.spans[:-1], words.span(last.start, tail[place - 1].end))
            break


def _claimers(view: View, document: str, claim: Claim) -> Iterator[Plant]:
    quotes: dict[str, Quote] = dict(view.state.items(document, "quotes"))

    def plant(wrong: str, quote: str | None) -> Plant:
        told = (wrong, claim.claimer)
        changes: dict[str, Any] = {"voice": "attributed", "claimer": wrong, "quote": quote}
        return _plant(document, "claim-claimer", claim, "claimer", "3.3", told, **changes)

    own = quotes.get(claim.quote or "")
    outer = quotes.get(own.within or "") if own else None
    if outer is not None and (outer.speaker or UNNAMED) != claim.claimer:
        yield plant(outer.speaker or UNNAMED, outer.id)
    if claim.claimer == AUTHOR:
        # Taken for a part of what somebody says in the same paragraph.
        index = view.words[document].index
        region = index.region_of(claim.spans[0].start)
        for quote in quotes.values():
            near = index.region_of(quote.content[0].start) == region
            if near and quote.speaker in view.names:
                yield plant(str(quote.speaker), None)
                return


def _flips(document: str, claim: Claim) -> Iterator[Plant]:
    said = f"{' '.join(span.text or '' for span in claim.spans)} {claim.proposition or ''}"

    def flip(field: str, wrong: str) -> Plant:
        told = (wrong, getattr(claim, field))
        changes: dict[str, Any] = {field: wrong}
        return _plant(document, f"claim-{field}", claim, field, "3.4", told, **changes)

    if claim.type == "fact" and _PAST.search(said) and not _FUTURE.search(said):
        if not _JUDGEMENT.search(said):
            yield flip("type", "opinion")
        yield flip("type", "prediction")
    elif claim.type == "prediction" and re.search(r"\bwill\b", said) and not _JUDGEMENT.search(said):
        yield flip("type", "opinion")
        yield flip("type", "fact")
    elif claim.type == "opinion" and _JUDGEMENT.search(said):
        yield flip("type", "fact")
    if claim.polarity == "negative":
        yield flip("polarity", "positive")
    elif not _NEGATION.search(said):
        yield flip("polarity", "negative")
    if claim.certainty == "hedged" and _HEDGE.search(said):
        yield flip("certainty", "asserted")
    elif claim.certainty == "asserted" and not _HEDGE.search(said):
        yield flip("certainty", "hedged")


_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_AUXILIARY = re.compile(r"\b(is|are|was|were|will|has|have|had|can|could|may|might|should|would)\b")


def altered(view: View, document: str, claim: Claim) -> Iterator[str]:
    """The claim's proposition with one name, number or date replaced, or one negation put in or taken out."""
    said = claim.proposition or ""
    yield from _other_number(said)
    yield from _other_date(said)
    yield from _other_name(view, document, said)
    if " not " in said:
        yield said.replace(" not ", " ", 1)
    elif not _NEGATION.search(said) and (found := _AUXILIARY.search(said)):
        yield f"{said[: found.end()]} not{said[found.end() :]}"


def _other_number(said: str) -> Iterator[str]:
    for match in re.finditer(r"\b\w+\b", said):
        word = match[0]
        other = None
        if word in _NUMBERS[1:]:
            other = _NUMBERS[(_NUMBERS.index(word) + 2) % len(_NUMBERS)]
        elif re.fullmatch(r"\d\d|\d\d(?:th)", word) and not re.match(
            r" (?:September|of)", said[match.end() :]
        ):
            other = f"{int(word[:2]) - 5}{word[2:]}" if int(word[:2]) > 14 else None
        if other:
            yield said[: match.start()] + other + said[match.end() :]


def _other_date(said: str) -> Iterator[str]:
    for match in re.finditer(r"\b(\d{1,2}) (September|October|November|July|August)\b", said):
        day = int(match[1])
        wrong = day + 1 if day < 28 else day - 1
        changed = f"{said[: match.start()]}{wrong} {match[2]}{said[match.end() :]}"
        for here, there in pairwise([*_DAYS, _DAYS[0]]):
            if f"{here}, {match[0]}" in said:
                changed = changed.replace(f"{here}, ", f"{there if wrong > day else here}, ", 1)
                break
        yield changed


def _other_name(view: View, document: str, said: str) -> Iterator[str]:
    """One name replaced by another of its kind that the article has and the proposition has not."""
    known = [view.names[id] for id in view.mentioned(document)]
    for entity in known:
        if entity.type not in ("PERSON", "GPE", "ORG") or said.count(entity.name) != 1:
            continue
        found = re.search(rf"(?<!\w){re.escape(entity.name)}(?![\w-])", said)
        others = [o for o in known if o.type == entity.type and o.id != entity.id and o.name not in said]
        if entity.type == "GPE":
            others = [o for o in others if view.is_actor(o.id) == view.is_actor(entity.id)]
        if found and others:
            other = others[len(said) % len(others)]
            yield said[: found.start()] + other.name + said[found.end() :]
