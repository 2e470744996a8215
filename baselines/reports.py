"""Reports in one sentence: cue, source and content by verbs, commas and word order.

Knowledge: the ways in which English reports speech, as any grammar gives them (subject + verb + that-clause;
inversion; a comment clause after or between the parts of the content; "according to"; participles and
coordinated verbs that share a subject; "was quoted as saying"); verb lists of
:mod:`~vostochny.baselines.speech`. What belongs to a content follows schema/GUIDELINES.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from vostochny.baselines.sentence import Sentence
from vostochny.baselines.speech import (
    LIGHT,
    LIGHT_FORMS,
    LISTENER,
    NEEDS_THAT,
    REPORTING,
    REPORTING_OBJECT,
    REPORTING_TO,
)
from vostochny.baselines.verbs import (
    BE,
    COORDINATORS,
    DETERMINERS,
    NEGATIONS,
    PAST,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    THIRD,
    before,
    is_adverb,
    is_auxiliary,
    is_finite,
)

Range = tuple[int, int]
"""First token, token after the last."""

_STOPS = frozenset(',;:()[]“”"«»—–')


@dataclass(slots=True)
class Report:
    """One report: token ranges in its sentence. ``frame`` is where source and cue begin."""

    cue: list[Range]
    source: Range | None
    content: list[Range]
    frame: int
    negative: bool = False
    hypothetical: bool = False
    cue_base: str = ""
    contained: bool = False


def reports(sentence: Sentence, quoted: frozenset[int]) -> list[Report]:
    """The reports of a sentence in text order; ``quoted`` are the tokens in quotation marks."""
    found: list[Report] = []
    at = 0
    while at < len(sentence):
        if at in quoted and (at + 1 in quoted or at + 1 == len(sentence)):
            at += 1
            continue
        report = (
            _according(sentence, at)
            or _quoted_as_saying(sentence, at, found)
            or _verbal(sentence, at, quoted, found)
        )
        if report is not None:
            _cut_earlier(sentence, found, report)
            found.append(report)
            at = max(at, report.cue[-1][1] - 1)
        at += 1
    return [r for r in found if r.content]


def _cut_earlier(sentence: Sentence, found: list[Report], report: Report) -> None:
    """Ends earlier contents where a report begins that is coordinated with them."""
    start = report.frame
    joined = start > 0 and (
        sentence.lower[start - 1] in COORDINATORS | {",", ";", "—", "–"} or sentence.words[start] == ","
    )
    if report.contained or not joined:
        return
    while start > 0 and sentence.lower[start - 1] in COORDINATORS | {",", ";"}:
        start -= 1
    for earlier in found:
        earlier.content = [(a, min(b, start)) for a, b in earlier.content if a < start]


def _end(sentence: Sentence) -> int:
    """Token after the last one that can belong to a content outside marks."""
    last = len(sentence)
    for n in range(1, last):
        # What follows names the report's own source.
        if sentence.lower[n] == "citing" and sentence.words[n - 1] == ",":
            last = n
            break
    while last > 0 and sentence.words[last - 1] in ".,;:?!…":
        last -= 1
    return last


def _clause_in(sentence: Sentence, first: int, last: int) -> bool:
    return any(is_finite(sentence, n) for n in range(first + 1, min(last, len(sentence))))


def _according(sentence: Sentence, at: int) -> Report | None:
    if sentence.lower[at : at + 2] != ("according", "to") or at + 2 >= len(sentence):
        return None
    first = at + 2
    last = first
    while last < len(sentence) and sentence.words[last] not in _STOPS | {"."}:
        last += 1
    last = max(last, first + 1)
    if at == 0 or sentence.words[at - 1] in {";", "—"} or sentence.lower[at - 1] in COORDINATORS:
        rest = last
        if rest < len(sentence) and sentence.words[rest] == "," and _apposition(sentence, rest):
            rest = next(n for n in range(rest + 1, len(sentence)) if sentence.words[n] == ",")
        content = [(rest + 1, _end(sentence))] if rest + 1 < _end(sentence) else []
    else:
        stop = at
        while stop > 0 and sentence.words[stop - 1] == ",":
            stop -= 1
        content = [(0, stop)] if stop else []
    return Report([(at, at + 2)], (first, last), content, at)


def _apposition(sentence: Sentence, comma: int) -> bool:
    """Whether commas enclose a stretch without a verb, and a clause follows."""
    closing = next((n for n in range(comma + 1, len(sentence)) if sentence.words[n] == ","), None)
    return (
        closing is not None
        and closing - comma < 14
        and not _clause_in(sentence, comma, closing)
        and _clause_in(sentence, closing, len(sentence))
    )


def _quoted_as_saying(sentence: Sentence, at: int, found: list[Report]) -> Report | None:
    if sentence.lower[at] not in {"quoted", "cited"} or before(sentence, at) < 0:
        return None
    auxiliary = before(sentence, at)
    saying = next(
        (n for n in range(at + 1, min(at + 14, len(sentence) - 1)) if sentence.lower[n] == "saying"), None
    )
    if sentence.lower[auxiliary] not in BE or saying is None or sentence.lower[saying - 1] != "as":
        return None
    while auxiliary > 0 and is_auxiliary(sentence, auxiliary - 1):
        auxiliary -= 1
    subject = subject_before(sentence, auxiliary)
    first = saying + 2 if sentence.lower[saying + 1] == "that" else saying + 1
    inner = Report([(saying, saying + 1)], subject, [(first, _end(sentence))], auxiliary, cue_base="say")
    by = next((n for n in range(at + 1, saying - 1) if sentence.lower[n] == "by"), None)
    if by is None or subject is None:
        return inner
    outer = Report(
        [(auxiliary, at + 1), (saying - 1, saying)],
        (by + 1, saying - 1),
        [subject, (saying, _end(sentence))],
        subject[0],
    )
    _cut_earlier(sentence, found, outer)
    found.append(outer)
    inner.contained = True
    return inner


def _verb_group(sentence: Sentence, at: int) -> int:
    """First token of the verb group that ends with the verb at ``at``."""
    first = at
    n = at - 1
    while n >= 0 and (
        is_adverb(sentence.lower[n])
        or is_auxiliary(sentence, n)
        or sentence.lower[n] in BE | {"t", "'", "’", "have"}
    ):
        if is_auxiliary(sentence, n):
            first = n
        n -= 1
    return first


def _verbal(sentence: Sentence, at: int, quoted: frozenset[int], found: list[Report]) -> Report | None:
    word = sentence.lower[at]
    base = (
        REPORTING.get(word) or REPORTING_TO.get(word) or REPORTING_OBJECT.get(word) or LIGHT_FORMS.get(word)
    )
    if base is None or not _is_cue(sentence, at, base):
        return None
    first = _verb_group(sentence, at)
    group = set(sentence.lower[first:at])
    if group & BE and not word.endswith("ing"):
        return None
    last = at + 1
    for n in range(last, min(last + 3, len(sentence))):
        if (base, sentence.lower[n]) in LIGHT and sentence.lower[n - 1] in {
            word,
            "the",
            "his",
            "her",
            "its",
            "their",
        }:
            last = n + 1
    if last == at + 1 and word not in REPORTING and word not in REPORTING_TO and word not in REPORTING_OBJECT:
        return None
    participle = word.endswith("ing") and first == at
    inverted = _inverted(sentence, first, last, quoted)
    if inverted:
        source: Range | None = (last, _noun_phrase_end(sentence, last))
        frame, after = first, source[1] if source else last
    else:
        source = None if participle else subject_before(sentence, first)
        frame, after = (source[0] if source else first), last
        if source is None:
            source = found[-1].source if found else _main_subject(sentence, first)
    content = [] if inverted else _right(sentence, at, after, quoted)
    left = _left(sentence, frame, quoted, found) if not participle else None
    if left is not None and content and frame - 1 in quoted:
        content = [left, *content]
    elif left is not None and (inverted or not content or _comment(sentence, after)):
        content = [left, *_goes_on(sentence, after, quoted)]
    if not content:
        return None
    return Report(
        [(first, last)],
        source,
        content,
        frame,
        negative=bool(group & NEGATIONS),
        hypothetical=bool(group & {"could", "may", "might", "would", "will", "should", "can"}),
        cue_base=base,
    )


def _main_subject(sentence: Sentence, verb: int) -> Range | None:
    """The subject of the first finite verb before a verb that has none of its own."""
    main = next((n for n in range(1, verb) if is_finite(sentence, n)), None)
    return None if main is None else subject_before(sentence, main)


def _is_cue(sentence: Sentence, at: int, base: str) -> bool:
    """Whether a form of a reporting verb is used as a finite verb, in a group, or as a participle."""
    word = sentence.lower[at]
    previous = sentence.lower[at - 1] if at else ""
    if at and (sentence.words[at - 1] == "-" or previous in DETERMINERS | {"of", "by", "to", "from"}):
        return False
    if word.endswith("ing") and word != base:
        return previous in {",", "while", "”", '"', "by"} or (at > 0 and _verb_group(sentence, at) < at)
    after_mark = at > 0 and (sentence.words[at - 1] in {",", "”", '"', "’"} or previous in COORDINATORS)
    if (word in THIRD or word in PAST) and after_mark:
        return True
    return _verb_group(sentence, at) < at or is_finite(sentence, at)


def _inverted(sentence: Sentence, first: int, last: int, quoted: frozenset[int]) -> bool:
    """``…, said the minister``: a comma or closing mark before, a noun phrase after the verb."""
    if first == 0 or sentence.words[first - 1] not in {",", "”", '"', "’", "'"} or last >= len(sentence):
        return False
    if (
        sentence.words[first - 1] == ","
        and not (first >= 2 and first - 2 in quoted)
        and not _clause_in(sentence, 0, first - 1)
    ):
        return False
    word = sentence.words[last]
    starts = word[0].isupper() or word.lower() in DETERMINERS
    if not starts:
        return False
    # An apposition before the verb ("Smith, the minister, said Rome …") is no inversion: a clause follows.
    return not _clause_in(sentence, last, _noun_phrase_end(sentence, last) + 2)


def _noun_phrase_end(sentence: Sentence, first: int) -> int:
    at = first
    while at < len(sentence) and sentence.words[at] not in _STOPS | {"."}:
        word = sentence.lower[at]
        if at > first and (
            word in (PREPOSITIONS - {"of", "for"}) or word in SUBORDINATORS or is_finite(sentence, at)
        ):
            break
        at += 1
    if (
        at < len(sentence)
        and sentence.words[at] == "."
        and at + 1 < len(sentence)
        and sentence.words[at + 1][0].isupper()
    ):
        return _noun_phrase_end(sentence, at + 1)
    return max(at, first + 1)


def subject_before(sentence: Sentence, verb: int) -> Range | None:
    """The noun phrase that is the subject of the verb group beginning at ``verb``; None if elided."""
    last = verb
    while last > 0 and is_adverb(sentence.lower[last - 1]):
        last -= 1
    if last > 0 and sentence.lower[last - 1] in {"who", "which", "that"}:
        last -= 1
        if last > 0 and sentence.words[last - 1] == ",":
            last -= 1
        return _antecedent(sentence, last)
    if last > 0 and sentence.words[last - 1] == ",":
        opening = next((n for n in range(last - 2, -1, -1) if sentence.words[n] == ","), None)
        if opening is None or opening == 0:
            return None
        last = opening
    first = last
    while first > 0 and last - first < 16 and not _closes_subject(sentence, first - 1, last):
        first -= 1
    if first == last or sentence.lower[last - 1] in COORDINATORS:
        return None
    return _trimmed(sentence, first, last)


def _antecedent(sentence: Sentence, last: int) -> Range | None:
    """The noun phrase that ends before a relative pronoun."""
    first = last
    while first > 0 and last - first < 8 and not _closes_subject(sentence, first - 1, last):
        if sentence.lower[first - 1] in PREPOSITIONS - {"of", "for"}:
            break
        first -= 1
    return (first, last) if first < last else None


def _closes_subject(sentence: Sentence, at: int, last: int) -> bool:
    word = sentence.lower[at]
    if sentence.words[at] in _STOPS:
        return True
    if word == "and":
        return not (
            at > 0
            and at + 1 < last
            and sentence.words[at - 1][0].isupper()
            and sentence.words[at + 1][0].isupper()
        )
    if sentence.words[at] == "." and not (len(sentence.words[at - 1]) <= 3 and at > 0):
        return True
    closing = (SUBORDINATORS - {"before", "after", "since", "until", "once", "so"}) | COORDINATORS
    return word in closing or is_finite(sentence, at)


def _trimmed(sentence: Sentence, first: int, last: int) -> Range | None:
    """A subject without the adverbial before it ("On Monday the ministry" is "the ministry")."""
    while first < last and (is_adverb(sentence.lower[first]) or not sentence.words[first][0].isalnum()):
        first += 1
    if first < last and sentence.lower[first] in PREPOSITIONS:
        at = last - 1
        while at > first and not (
            sentence.lower[at] in DETERMINERS | PRONOUNS
            or (
                sentence.words[at][0].isupper()
                and not sentence.words[at - 1][0].isupper()
                and sentence.words[at - 1] not in ".-"
            )
        ):
            at -= 1
        first = at if at > first else last
    return (first, last) if first < last else None


def _right(sentence: Sentence, verb: int, after: int, quoted: frozenset[int]) -> list[Range]:
    """The content to the right of a cue, if there is one."""
    word, end = sentence.lower[verb], _end(sentence)
    at = after
    while at < end and is_adverb(sentence.lower[at]):
        at += 1
    if at >= len(sentence):
        return []
    listener = _listener(sentence, at, end) if word in LISTENER else at
    that = _that(sentence, listener, end)
    if that is not None:
        return [(that + 1, _close(sentence, end, quoted))] if that + 1 < end else []
    at = listener
    if at >= len(sentence):
        return []
    if (
        sentence.words[at] in {":", ","}
        and at + 1 < len(sentence)
        and (sentence.words[at] == ":" or at + 1 in quoted)
    ):
        return [(at + 1, _close(sentence, end, quoted))]
    if at in quoted:
        return [(at, _close(sentence, end, quoted))]
    if at >= end:
        return []
    infinitive = _infinitive(sentence, at, end) if word in REPORTING_TO else None
    if infinitive is not None and (infinitive == at or word in LISTENER):
        return [(infinitive, _close(sentence, end, quoted))]
    if word in REPORTING_OBJECT and word not in REPORTING and sentence.lower[at] not in PREPOSITIONS:
        marked = any(n in quoted for n in range(at, end))
        judged = REPORTING_OBJECT[word] in {"call", "describe", "accuse", "brand", "dub", "hail"}
        return [(at, _close(sentence, end, quoted))] if marked or (judged and end - at > 2) else []
    if word in REPORTING and word not in NEEDS_THAT and _opens_clause(sentence, at, end):
        return [(at, _close(sentence, end, quoted))]
    return []


def _opens_clause(sentence: Sentence, at: int, end: int) -> bool:
    word = sentence.lower[at]
    if word in {"whether", "if", "what", "how", "why", "when", "where", "there"}:
        return True
    if word in {"by", "of", "for", "with", "to", "about"} or sentence.words[at] in _STOPS | {"."}:
        return False
    stop = next(
        (n for n in range(at, end) if sentence.words[n] in ",;" and not _apposition(sentence, n)), end
    )
    return _clause_in(sentence, at, stop) or (word in PREPOSITIONS and _clause_in(sentence, at, end))


def _that(sentence: Sentence, at: int, end: int) -> int | None:
    """The "that" of the cue, also after an adverbial of the report ("said on Monday that")."""
    for n in range(at, min(at + 16, end)):
        if sentence.lower[n] == "that":
            return n if sentence.words[at] != "," or sentence.words[n - 1] == "," else None
        if n > at and (is_finite(sentence, n) or sentence.words[n] in _STOPS - {","}):
            return None
        if (
            n == at
            and sentence.lower[n] not in PREPOSITIONS
            and not sentence.lower[n].endswith("day")
            and sentence.words[n] != ","
        ):
            return None
    return None


def _infinitive(sentence: Sentence, at: int, end: int) -> int | None:
    """The "to" of an infinitive after at most a short noun phrase."""
    for n in range(at, min(at + 6, end - 1)):
        if sentence.lower[n] == "to":
            return n if sentence.lower[n + 1] not in DETERMINERS else None
        if sentence.words[n] in _STOPS or is_finite(sentence, n):
            return None
    return None


def _listener(sentence: Sentence, at: int, end: int) -> int:
    """Token after whom is spoken to."""
    word = sentence.lower[at]
    if word in {"him", "her", "them", "us", "me", "you", "it", "reporters", "journalists"}:
        # "warned it may fail": a pronoun before a finite verb is a subject.
        at += at + 1 >= end or not is_finite(sentence, at + 1)
    elif sentence.words[at][0].isupper() or word in DETERMINERS - {"that"}:
        n = at + 1
        while (
            n < end
            and (sentence.words[n][0].isupper() or (word in DETERMINERS and n - at < 4))
            and sentence.lower[n] not in SUBORDINATORS | {"to", "in", "on", "of"} | PRONOUNS
        ):
            if is_finite(sentence, n):
                return at
            n += 1
        if n < end and is_finite(sentence, n):
            return at
        at = n
    while at < end and sentence.lower[at] in {"on", "at", "in"} and _that(sentence, at, end) is None:
        skip = next(
            (
                n
                for n in range(at + 1, min(at + 6, end))
                if sentence.lower[n] in PRONOUNS | DETERMINERS and n > at + 1
            ),
            None,
        )
        if skip is None:
            break
        at = skip
    return at


def _close(sentence: Sentence, end: int, quoted: frozenset[int]) -> int:
    """The end of a content that reaches the end of its sentence: with the stop if that is in marks."""
    return len(sentence) if len(sentence) - 1 in quoted else end


def _left(sentence: Sentence, frame: int, quoted: frozenset[int], found: list[Report]) -> Range | None:
    """The content before ``…, X said``: from the start of the sentence, or after an earlier frame."""
    if frame == 0 or not (
        sentence.words[frame - 1] == "," or frame - 1 in quoted or sentence.words[frame - 1] in "—–"
    ):
        return None
    last = frame
    while last > 0 and sentence.words[last - 1] in ",—–" and last - 1 not in quoted:
        last -= 1
    if last == 0 or not (_clause_in(sentence, -1, last) or any(n in quoted for n in range(last))):
        return None
    first = 0
    while first < last and sentence.lower[first] in COORDINATORS and first not in quoted:
        first += 1
    if (
        found
        and found[-1].cue
        and not any(a < found[-1].cue[0][0] for a, _ in found[-1].content)
        and found[-1].source is None
    ):
        first = max(first, found[-1].cue[-1][1])
    return (first, last) if first < last else None


def _comment(sentence: Sentence, after: int) -> bool:
    """Whether the frame is only inserted: nothing or a comma follows the cue."""
    return after >= _end(sentence) or sentence.words[after] in {",", ";", "."}


def _goes_on(sentence: Sentence, after: int, quoted: frozenset[int]) -> list[Range]:
    """The second part of a content that the frame interrupts."""
    end = _end(sentence)
    at = after
    while at < end and sentence.words[at] not in _STOPS and at not in quoted:
        at += 1
    if at >= end or not (sentence.words[at] in {",", ":"} or at in quoted):
        return []
    at += sentence.words[at] in {",", ":"}
    if at >= end:
        return []
    if at in quoted:
        return [(at, _close(sentence, end, quoted))]
    word = sentence.lower[at]
    if word.endswith("ing") or word in SUBORDINATORS | COORDINATORS or word in PREPOSITIONS:
        return []
    direct = word in DETERMINERS | PRONOUNS or sentence.words[at][0].isupper()
    return [(at, end)] if direct and at == after + 1 and _clause_in(sentence, at, end) else []
