"""Value expressions: dates, times, percentages, money, quantities, ordinals, cardinals.

Knowledge: patterns over English numerals, calendar words, units and currencies as OntoNotes 5
describes these types; hand-written from general knowledge. Nothing was taken from the annotated
articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth "
    "hundredth thousandth"
).split()
_DIGITS = r"(?<![\w.,-])\d{1,3}(?:[,\u00a0 ]\d{3})+(?:\.\d+)?(?!\d)|(?<![\w.-])\d+(?:[.,]\d+)?"
_WORD = rf"(?:{'|'.join(_SMALL)})(?:-(?:{'|'.join(_SMALL[:9])}))?"
_SCALE = r"(?:hundreds?|thousands?|millions?|billions?|trillions?|dozens?|[mb]n)"
_NUMBER = rf"(?:(?:(?:{_DIGITS}|{_WORD}|half|an?)[ -]{_SCALE}(?: (?:and )?{_WORD})?)|{_DIGITS}|{_WORD})"
_ABOUT = (
    r"(?:(?:about|around|nearly|almost|over|approximately|roughly|some|more than|less than|fewer than|"
    r"at least|at most|up to|close to|under) )?"
)
_RANGE = rf"{_NUMBER}(?:(?: ?[-–—] ?| to | or | and ){_NUMBER})?"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?(?=[ \d]))"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
_YEAR = r"(?:1[0-9]|20)\d\d"
_SPAN = r"(?:seconds?|minutes?|hours?)"
_LONG = (
    r"(?:days?|weeks?|months?|years?|decades?|century|centuries|fortnights?|quarters?|"
    r"weekends?|summers?|winters?)"
)
_SOME = (
    r"(?:several|a few|few|many|a couple of|dozens of|hundreds of|recent|some|a|an|"
    r"the (?:past|last|next|coming|first)(?: (?:few|several))?)"
)
_DAYPART = r"(?:morning|afternoon|evening|night|noon|midnight)"
_CURRENCY_WORD = (
    r"(?:(?:US |U\.S\. )?dollars?|euros?|pounds?(?: sterling)?|"
    r"rubles?|roubles?|yen|won|yuan|rupees?|francs?|cents?|pesos?|kopecks?)"
)
_UNIT = (
    r"(?:kilomet(?:er|re)s?|met(?:er|re)s?|centimet(?:er|re)s?|millimet(?:er|re)s?|miles?|feet|foot|inch(?:es)?|yards?|"
    r"km|cm|mm|kg|kilograms?|kilos?|grams?|tons?|tonnes?|pounds|lbs?|lit(?:er|re)s?|gallons?|barrels?|acres?|"
    r"hectares?|square (?:kilomet(?:er|re)s?|met(?:er|re)s?|miles?|feet)|cubic (?:met(?:er|re)s?|feet)|"
    r"degrees(?: (?:Celsius|Fahrenheit))?|megawatts?|gigawatts?|kilotons?|megatons?|knots|mph|km/h|kph)"
)
_TH = r"(?:st|nd|rd|th)?"
_ZONE = r"(?: (?:GMT|UTC|MSK|EST|EDT|local time))?"
_DATE_PARTS = [
    rf"(?:{_WEEKDAY},? )?(?:{_MONTH} \d{{1,2}}{_TH}(?: ?[-–] ?\d{{1,2}}{_TH})?(?!\d)|"
    rf"\d{{1,2}}{_TH}(?: of)? {_MONTH}\b)(?:,? {_YEAR}\b)?",
    rf"(?:(?:early|late|mid)[ -])?{_MONTH}(?:,? (?:of )?{_YEAR})?\b",
    rf"{_YEAR}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./](?:{_YEAR}|\d\d)\b",
    rf"(?:(?:last|next|this|late|early) )?{_WEEKDAY}\b",
    r"(?:(?:early|late|mid)[ -]|the )?(?:1[0-9]|20)\d0s\b",
    rf"(?:{_ABOUT}{_RANGE}|{_SOME})[ -]{_LONG}[ -]olds?\b",
    rf"{_ABOUT}{_RANGE}[ -](?:more )?{_LONG}(?: ago| earlier| later)?\b",
    rf"(?:{_SOME}) {_LONG}(?: ago| earlier| later)?\b",
    rf"(?:last|next|this|every|each|the same|the following|the previous|(?:later |earlier )(?:this|that)|"
    rf"the past) (?:day|week|month|year|decade|century|weekend|summer|winter|spring|autumn|fall|{_MONTH})\b",
    r"\b(?:today|yesterday|tomorrow|tonight|the day (?:before|after)(?: (?:yesterday|tomorrow))?)\b",
    r"\b(?:daily|weekly|monthly|annual|annually|yearly)\b",
    rf"\bthe (?:{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)) century\b",
    rf"(?<![\w.,-]){_YEAR}(?:[-–](?:{_YEAR}|\d\d))?(?![\w,]\d|\w|-\w)",
]
_TIME_PARTS = [
    rf"\b\d{{1,2}}[:.]\d\d(?: ?[ap]\.?m\b\.?)?{_ZONE}|\b\d{{1,2}} ?[ap]\.?m\b\.?{_ZONE}|"
    r"\b\d{4} GMT\b",
    rf"{_ABOUT}(?:{_RANGE}|half an|an|a few|several|a couple of)"
    rf"(?:[ -]and[ -]a[ -]half)?[ -](?:more )?{_SPAN}\b",
    rf"\b(?:(?:early|late|this|that|the|last|next) )*{_DAYPART}\b",
]
_PATTERNS: list[tuple[str, re.Pattern[str]]] = [
    (label, re.compile(pattern, flags))
    for label, pattern, flags in (
        ("DATE", "|".join(rf"(?:{p})" for p in _DATE_PARTS), 0),
        ("TIME", "|".join(rf"(?:{p})" for p in _TIME_PARTS), re.IGNORECASE),
        ("PERCENT", rf"{_ABOUT}{_RANGE}(?: ?%| per ?cent\b| percentage points?\b)", re.IGNORECASE),
        (
            "MONEY",
            rf"{_ABOUT}(?:(?:US|A|C|HK)?[$€£¥₽] ?{_RANGE}(?: ?{_SCALE}\b)?|{_RANGE} {_CURRENCY_WORD}\b)",
            re.IGNORECASE,
        ),
        ("QUANTITY", rf"{_ABOUT}{_RANGE}(?:[ -]){_UNIT}\b", re.IGNORECASE),
        ("ORDINAL", rf"\b(?:{'|'.join(_ORDINALS)})\b|\b\d+(?:st|nd|rd|th)\b", re.IGNORECASE),
        (
            "CARDINAL",
            rf"{_ABOUT}(?:{_RANGE})(?![\w%]|-\w)|"
            r"\b(?:dozens|hundreds|thousands|millions|billions|tens of thousands)\b",
            re.IGNORECASE,
        ),
    )
]
_NEVER = re.compile(r"(?:an?|may|some|one|the)", re.IGNORECASE)
"""Matches that are more often an article, a modal, a pronoun or a noun than a value when they stand alone."""
_NOT_ALONE = {
    "May": re.compile(r"(?:in|last|next|this|since|until|by|of|early|late|from|to) $", re.IGNORECASE)
}


def values(text: str) -> Iterator[tuple[int, int, str]]:
    """Value expressions in a stretch of text: ``(start, end, type)`` in code points, no overlaps.

    Types that say more (DATE before CARDINAL) are looked for first and keep what they cover; a
    determiner that opens a match ("the past", "a few" excepted) is left out of a DATE's span only
    where the pattern does not need it.
    """
    taken: list[tuple[int, int]] = []
    found = []
    for label, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            start += len(match[0]) - len(match[0].lstrip())
            if start > 0 and text[start].isalnum() and text[start - 1].isalnum():
                continue
            if end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
                continue
            if any(start < b and a < end for a, b in taken) or _lone(text, start, end):
                continue
            taken.append((start, end))
            found.append((start, end, label))
    yield from sorted(found)


def _lone(text: str, start: int, end: int) -> bool:
    surface = text[start:end]
    if surface in _NOT_ALONE:
        return _NOT_ALONE[surface].search(text[:start]) is None
    return _NEVER.fullmatch(surface) is not None
