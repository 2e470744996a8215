"""Claims by rules: finite clauses, the quote they lie in, and attribute words.

Knowledge: the clauses of :mod:`~vostochny.baselines.clauses`, the quotes of
:mod:`~vostochny.baselines.quotes_rules` (who claims a clause), and the general lists of hedges, future
markers and evaluative words of :mod:`~vostochny.baselines.speech`. What is a claim (no questions, thanks
or bare fragments) follows schema/GUIDELINES.md. Never tuned on the annotated articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from vostochny.baselines.clauses import Clause, clauses
from vostochny.baselines.quotes_rules import rule_quotes
from vostochny.baselines.speech import EVALUATIVE, FUTURE, HEDGES, PLANS
from vostochny.baselines.verbs import BE, NEGATIONS
from vostochny.schema.model import AUTHOR, Claim, Document, Layer, Quote, Span, bounds

_POLITE = frozenset("thank thanks welcome congratulations please let hello dear".split())
_SUBORDINATE = frozenset("if unless because when while although whether who which".split())
_LINKS = BE | frozenset(
    "seem seems seemed appear appears appeared remain remains remained become became feel feels felt".split()
)
_DEEDS = frozenset(
    "urge urged urges urging ask asked asks asking invite invited invites inviting order ordered "
    "orders call called thank thanked thanks thanking".split()
)


class ClaimsRules:
    """Finite clauses as claims, with voice, claimer, type, polarity and certainty."""

    def extract(self, document: Document) -> Layer:
        """Claims; the quotes that decide on their claimers are not part of the layer."""
        quotes = rule_quotes(document)
        found = [c for c in clauses(document, quotes) if claimable(c)]
        claims = [
            Claim(
                id="",
                spans=c.spans,
                voice=AUTHOR if c.quote is None else "attributed",
                claimer=claimer(c),
                type=claim_type(c),
                polarity=polarity(c),
                certainty=certainty(c),
            )
            for c in found
        ]
        claims += [deed(document, quote, quotes) for quote in quotes if is_deed(quote)]
        claims.sort(key=lambda c: c.spans)
        numbered = tuple(replace(c, id=f"c{n}") for n, c in enumerate(claims, 1))
        return Layer(document.id, "claims-rules", claims=numbered, text_sha256=document.text_sha256)


def is_deed(quote: Quote) -> bool:
    """Whether a quote is an act (urged, invited, thanked) whose content is no proposition."""
    if not quote.cue or cue_word(quote) not in _DEEDS:
        return False
    first = (quote.content[0].text or "").lower().split()
    return first[:1] == ["to"] or cue_word(quote).startswith("thank")


def deed(document: Document, quote: Quote, quotes: Sequence[Quote]) -> Claim:
    """The claim that an act took place, by whoever reports it."""
    parts = [*quote.cue, *quote.content]
    if quote.source is not None and quote.source.end < quote.cue[0].start:
        between = document.text[quote.source.end : quote.cue[0].start]
        parts += [quote.source] if not between.strip() else []
    start, end = bounds(parts)
    outer = next((q for q in quotes if q.id == quote.within), None)
    words = {w.lower() for span in quote.cue for w in (span.text or "").split()}
    return Claim(
        id="",
        spans=(Span(start, end, document.text[start:end]),),
        voice=AUTHOR if outer is None else "attributed",
        claimer=AUTHOR if outer is None else outer.speaker,
        polarity="negative" if words & NEGATIONS else "positive",
    )


def claimable(clause: Clause) -> bool:
    """Whether a clause asserts something."""
    sentence, words = clause.sentence, clause.words
    last = clause.tokens[-1]
    if sentence.kind == "boilerplate" and not clause.finite:
        return False
    if words[-1] == "?" or (last + 1 < len(sentence) and sentence.words[last + 1] == "?"):
        return False
    if words[0] in _POLITE or words[0] in {"whether", "if"}:
        return False
    if clause.quote is not None and is_deed(clause.quote):
        return clause.kind == "relative" and clause.finite
    if clause.kind == "participle":
        return len(words) >= 2
    if clause.quote is not None and clause.quote.cue and _opens_content(clause) and len(words) >= 2:
        return True
    return clause.finite and len(words) >= 2


def _opens_content(clause: Clause) -> bool:
    """Whether a clause begins its quote's content (a nominal or infinitive content claims as such)."""
    content = clause.quote.content if clause.quote else ()
    return bool(content) and clause.spans[0].start <= content[0].start + 1


def cue_word(quote: Quote) -> str:
    """The last word of a quote's first cue, in lower case; empty without cue."""
    return ((quote.cue[0].text or "").lower().split() or [""])[-1] if quote.cue else ""


def claimer(clause: Clause) -> str | None:
    """The author, or who speaks the quote that holds the clause."""
    return AUTHOR if clause.quote is None else clause.quote.speaker


def polarity(clause: Clause) -> str:
    """Negative with a negation word or n't."""
    words: Sequence[str] = clause.words
    # The negation of a condition or of a reason is not the claim's.
    inner = next((n for n, word in enumerate(words) if n and word in _SUBORDINATE), len(words))
    return "negative" if NEGATIONS & set(words[:inner]) else "positive"


def certainty(clause: Clause) -> str:
    """Hedged with a hedge in the clause, or where its quote is only a hope."""
    frame = set((" ".join(s.text or "" for s in clause.quote.cue)).lower().split()) if clause.quote else set()
    hedges = {clause.sentence.lower[n] for n in clause.tokens if clause.sentence.words[n] != "May"} & HEDGES
    if not {"i", "we"} & set(clause.words):
        hedges -= {"think", "believe", "hope"}
    return "hedged" if hedges or frame & {"hope", "hopes", "hoped"} else "asserted"


def claim_type(clause: Clause) -> str:
    """Opinion with an evaluative predicate, prediction with a future marker, else fact."""
    words = clause.words
    linked = bool(_LINKS & set(words)) or (clause.quote is not None and not clause.finite)
    judged = bool(EVALUATIVE & set(words)) and linked
    modal = bool({"should", "must", "ought"} & set(words))
    if judged or modal:
        return "opinion"
    planned = any(a in PLANS and b == "to" for a, b in pairwise(words))
    later = bool(FUTURE & set(words)) or ("would" in words and clause.quote is not None)
    return "prediction" if planned or later or words[0] == "to" else "fact"
