"""Words of reporting: verbs that give a content, nouns, hedges and judgements.

Knowledge: hand-written from general knowledge of news English (the reporting verbs that grammars and
journalism handbooks list; common hedges; common evaluative words). Nothing was taken from or adjusted to the
annotated articles.
"""

from __future__ import annotations

from vostochny.baselines.verbs import forms

_THAT = """
say state tell add note announce declare argue claim insist stress emphasize emphasise explain
acknowledge admit concede warn suggest assert affirm reaffirm reiterate remark observe comment report
reply respond confirm deny disclose reveal allege contend maintain recall point predict estimate testify
write tweet post believe conclude boast joke caution complain hint imply inform remind assure convince
promise pledge vow swear agree propose recommend demand request quip whisper shout mutter exclaim
specify clarify underline underscore highlight confess indicate elaborate cite speculate lament retort
continue counter tout
"""
_TO = (
    "promise pledge vow agree offer threaten refuse urge ask invite order tell call propose "
    "demand request warn beg advise encourage instruct"
)
_OBJECT = (
    "call describe brand dub hail praise denounce condemn slam criticize criticise label term "
    "blast blame accuse thank reject welcome characterize characterise urge emphasize emphasise "
    "stress highlight underline underscore"
)
_LISTENER = (
    "tell inform assure remind warn convince promise ask urge advise invite order beg encourage instruct"
)


def _all(bases: str) -> dict[str, str]:
    """Every inflected form of some verbs, with its base."""
    return {form: base for base in bases.split() for form in (base, *forms(base))}


REPORTING = _all(_THAT)
"""Forms of verbs whose content is a clause or speech in marks, to their base."""

REPORTING_TO = _all(_TO)
"""Forms of verbs whose content may be an infinitive."""

REPORTING_OBJECT = _all(_OBJECT)
"""Forms of verbs whose content may be a noun phrase that judges, mostly with marks."""

LISTENER = frozenset(_all(_LISTENER))
"""Forms of verbs that name whom is spoken to before the content."""

LIGHT = {
    ("express", "confidence"), ("express", "hope"), ("express", "belief"), ("express", "concern"),
    ("express", "fear"), ("express", "doubt"), ("voice", "hope"), ("voice", "concern"), ("make", "clear"),
    ("point", "out"), ("rule", "out"), ("spell", "out"), ("take", "note"), ("give", "assurances"),
}  # fmt: skip
"""Verb and particle or noun that report together."""

LIGHT_FORMS = {form: base for base, _ in LIGHT for form in (base, *forms(base))}
NEEDS_THAT = frozenset(
    _all(
        "believe agree conclude hint imply propose demand request recall indicate highlight cite deny "
        "maintain continue respond reply comment observe report estimate disclose reveal confirm "
        "acknowledge counter tout write post point"
    )
)
"""Forms that report only before "that", a colon or marks, or after a content: else they govern a thing."""

UNNAMED_NOUNS = frozenset(
    "official officials source sources analyst analysts expert experts observer observers media "
    "spokesperson spokesman spokeswoman diplomat diplomats witness witnesses researcher "
    "researchers scientist scientists resident residents critic critics commentator commentators "
    "authorities people lawmaker lawmakers report reports agency agencies newspaper newspapers "
    "scholar politician aide adviser translator interpreter some many others".split()
)
WRITTEN = frozenset(
    "letter message telegram note article book statement report dispatch tweet post email "
    "document communique wrote writes tweeted posted written".split()
)
MEDIA_WORDS = frozenset(
    "agency media news newspaper times post daily television tv radio reuters afp ap tass xinhua "
    "kcna kyodo yonhap interfax".split()
)
HEDGES = frozenset(
    "might may could possibly perhaps likely unlikely probably potentially apparently allegedly "
    "reportedly seemingly presumably supposedly appear appears appeared seem seems seemed suggest "
    "suggests suggested expected believed thought rumored rumoured hope hopes hoped estimated "
    "think believe".split()
)
FUTURE = frozenset("will won shall ll".split())
PLANS = frozenset(
    _all("plan intend pledge promise vow aim hope expect predict")
    | {"going": "go", "due": "due", "set": "set"}
)
"""Words before "to" that announce something to come."""

EVALUATIVE = frozenset(
    "good bad better best worse worst great greatest excellent terrible awful wonderful important "
    "crucial vital key essential critical significant serious dangerous alarming worrying "
    "deeply historic unprecedented remarkable extraordinary impressive "
    "disappointing shameful disgraceful outrageous unacceptable acceptable illegal unlawful "
    "legitimate illegitimate unfair fair right wrong necessary unnecessary useful useless "
    "effective ineffective successful unsuccessful difficult easy beautiful ugly strong stronger "
    "weak weaker powerful brilliant foolish wise unwise reckless irresponsible responsible proud "
    "honored honoured grateful glad happy sad sorry concerned worried afraid confident desperate "
    "hopeless promising positive negative constructive productive fruitful warm "
    "friendly hostile strategic interesting surprising shocking absurd ridiculous "
    "nonsense brutal cruel should must ought need needs mistake "
    "failure success disaster tragedy honor honour pleasure true false".split()
)
