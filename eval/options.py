"""What a caller may choose, and what each choice means.

The *matching options* say what counts as the same or as an overlap, because corpora differ in it. Each is off
by default, works on gold and prediction alike, and is named in the signature where it is not the default.

``trim``
    Leading articles (*a*, *an*, *the*) and a final possessive ending (*'s*, or the bare apostrophe of a
    plural; straight or curly) do not count. Trimmed are mentions, and the sources of quotes, which are
    mentions as written; contents, cues and claims are not. Only whole tokens are cut off, and never all.

``boundaries``
    ``token``: a span stands for the tokens (of the document's own record) that it overlaps, so a cut-off
    letter or a stray space costs nothing. ``character``: it stands for its code points, exactly as written.
    White space inside a span and at its edges then counts like any other code point; what lies between
    two spans of a content does not. Mentions, contents, cues, sources and claims are all measured so: where
    a measure speaks of tokens (``content_token``, ``token``, IoU, Dice …), read code points. What is not
    measured in units stays as it is: an item's paragraph is that of its first token, the sentences that hold
    a claim are those of its tokens, and a quote's kind follows from its words. A span without any token is
    refused either way.

``discontinuous``
    For contents of quotes and for claims, which may have several spans. ``as-written``: one item, the union
    of its spans. ``hull``: one item, all from the first unit to the last; cues likewise. ``parts``: every
    fragment is an item of its own. A fragment is a run of spans whose tokens are neighbours, so a claim in
    two spans with nothing but white space between them has one. Each fragment keeps the id, cue, source,
    speaker, claimer, medium, voice and all other labels of the whole. What follows from a content follows
    from that which the option makes: paragraph, sentences, and the quote's kind (as a hull, a direct quote
    with "he said" in it is mixed; its parts are direct). Inside a quote in parts, an inner quote lies in
    the part with which it shares most units, the first of equals. Mentions have one span.

``nested``
    ``all``: every item counts. ``outermost``: items whose units all lie in a larger one of the same side and
    kind (mention, quote, claim; whatever the labels) are left out. ``innermost``: items that hold all units
    of a smaller one are left out. Items with the same units do not shut each other out, nor do items that
    overlap in part. Units are those that the options above make. A quote whose outer quote is left out
    is nested in that one's outer quote, and so on; if none of them is kept, it is nested in nothing.

``overlap``
    From which intersection over union (IoU) of units two items may be held against each other, by task;
    always *more than* the threshold, which is at least 0 and below 1. ``entities``, by default 0, any
    overlap: what earns credit in ``partial`` and ``type`` and is an overlap in the error tables.
    ``quotes``, 0.5: the pairs asked for speaker, nesting and labels; the loose pairs behind the content,
    cue and source measures stay those that share a unit. ``claims``, 0.5: what is found in ``span``,
    ``claimer`` and ``attributes``; ``dice`` and ``token`` know no threshold. Below 0.5 an item may fit
    several others, but is still held against one at most. Thresholds are exact: 0.7 is 7/10, not the
    nearest floating point number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from vostochny.schema.errors import InputError, shown

BOUNDARIES = ("token", "character")
"""The values of ``boundaries``, the default first."""

DISCONTINUOUS = ("as-written", "hull", "parts")
"""The values of ``discontinuous``, the default first."""

NESTED = ("all", "outermost", "innermost")
"""The values of ``nested``, the default first."""

Threshold = Fraction | Decimal | float | str
"""A threshold as a caller may give it; as text, a decimal number such as ``0.7``."""

MOST_DRAWS = 1_000_000
"""The most resamples: with more, memory would be the limit, and nothing would be more certain."""

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Overlap:
    """By task, the IoU above which two items may be held against each other."""

    entities: Fraction = Fraction(0)
    quotes: Fraction = HALF
    claims: Fraction = HALF

    @classmethod
    def of(cls, given: Mapping[str, Threshold] | None) -> Overlap:
        """The thresholds given, the others as by default.

        Raises :class:`~vostochny.schema.errors.InputError` (``bad-option``) for a name that is no task and
        for a value that is no number of at least 0 and below 1.

        >>> Overlap.of({"claims": 0.7}).claims
        Fraction(7, 10)
        """
        known = [each.name for each in fields(cls)]
        if not isinstance(given, Mapping | None):
            raise _bad("overlap", given, f"thresholds by task, such as {{'{known[-1]}': 0.7}}")
        for task in given or ():
            if task not in known:
                raise _bad("overlap", task, f"one of {', '.join(known)} and its threshold")
        return cls(**{task: _threshold(task, value) for task, value in (given or {}).items()})


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller chose.

    ``n_boot`` resamples (0: no intervals) drawn from ``seed`` give intervals of level ``1 - alpha``. The
    module's text says what the matching options from ``trim`` to ``overlap`` mean. ``links_on`` says, of
    link tasks, whose layers the links are on: ``gold`` or ``system``; matching options are not for them.
    ``block`` says what is resampled: a ``paragraph``, ``document`` or ``sequence``; ``source`` what mentions
    were read from: ``layers``, ``spans`` (arrays), or tags by the name of their scheme, as in ``tags-IOB2``.
    """

    tasks: tuple[str, ...] = ("entities", "quotes", "claims")
    n_boot: int = 10_000
    seed: int = 1
    alpha: float = 0.05
    trim: bool = False
    boundaries: str = BOUNDARIES[0]
    discontinuous: str = DISCONTINUOUS[0]
    nested: str = NESTED[0]
    overlap: Overlap = Overlap()
    links_on: str | None = None
    block: str = "paragraph"
    source: str = "layers"


DEFAULTS = Options()


def check_options(options: Options) -> None:
    """InputError (``bad-option``) for numbers out of range and unknown values, naming what is allowed."""
    if not 0 <= options.n_boot <= MOST_DRAWS or options.seed < 0 or not 0 < options.alpha < 1:
        raise InputError.of(
            "bad-option",
            f"n_boot={options.n_boot}, seed={options.seed}, alpha={options.alpha}; expected n_boot from 0 to "
            f"{MOST_DRAWS:,}, seed of at least 0 and alpha between 0 and 1",
        )
    if not isinstance(options.trim, bool):
        raise _bad("trim", options.trim, "True or False")
    for name, allowed in (
        ("boundaries", BOUNDARIES),
        ("discontinuous", DISCONTINUOUS),
        ("nested", NESTED),
    ):
        if (value := getattr(options, name)) not in allowed:
            raise _bad(name, value, f"one of {', '.join(allowed)}")


_DECIMAL = re.compile(r"[0-9]{0,20}\.?[0-9]{1,20}")


def _threshold(task: str, value: object) -> Fraction:
    exact: Fraction | None = None
    if isinstance(value, float):
        # The decimal number that was written, not the binary one that is nearest to it.
        value = Decimal(str(float(value)))
    if isinstance(value, str):
        exact = Fraction(value) if _DECIMAL.fullmatch(value) else None
    elif isinstance(value, Decimal):
        # Compared before the conversion: 1e-999999999 would be a very long fraction.
        exact = Fraction(value) if value.is_finite() and value.adjusted() > -400 and 0 <= value < 1 else None
        exact = Fraction(0) if value.is_zero() else exact
    elif isinstance(value, Fraction | int) and not isinstance(value, bool):
        exact = Fraction(value)
    if exact is None or not 0 <= exact < 1:
        raise _bad(f"overlap of {task}", value, "a decimal number of at least 0 and below 1, such as 0.7")
    return exact


def _bad(name: str, found: object, expected: str) -> InputError:
    text = str(found) if isinstance(found, Decimal) else shown(found)
    return InputError.of("bad-option", f"{name}: found {text}, expected {expected}")
