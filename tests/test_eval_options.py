"""The matching options: each by hand on passages of the five articles, and what must hold of all of them."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from click.testing import CliRunner
from eval_strategies import DOCUMENTS, ONE, shuffled, totals
from hypothesis import given, settings
from hypothesis import strategies as st

from vostochny.annotations import load_gold
from vostochny.cli.main import cli
from vostochny.eval import Report, agreement_report, score
from vostochny.eval.options import BOUNDARIES, DISCONTINUOUS, NESTED
from vostochny.schema.errors import InputError
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.model import Claim, Layer, Mention, Quote, Span

GOLD = load_gold()


def item(name: str, part: str, number: str) -> Any:
    """An item of the gold."""
    return next(each for each in getattr(GOLD[name], part) if each.id == number)


def layer(name: str, *items: Any) -> Layer:
    """A layer of these items alone."""
    return Layer(
        name,
        "x",
        mentions=tuple(i for i in items if isinstance(i, Mention)),
        quotes=tuple(i for i in items if isinstance(i, Quote)),
        claims=tuple(i for i in items if isinstance(i, Claim)),
    )


def scored(name: str, gold: list[Any], predicted: list[Any], **options: Any) -> Report:
    return score(
        [layer(name, *gold)], [layer(name, *predicted)], documents=GOLD.documents, n_boot=0, **options
    )


def tally(report: Report, *path: str) -> tuple[float, float, float]:
    """Hits in gold, gold, predicted."""
    t = report.totals(*path)
    return t.tp_gold, t.n_gold, t.n_pred


def found(name: str, text: str, nth: int = 0) -> Span:
    """The span of a text in an article."""
    start = -1
    for _ in range(nth + 1):
        start = GOLD.documents[name].text.index(text, start + 1)
    return Span(start, start + len(text), text)


def widened(mention: Mention, before: int, after: int) -> Mention:
    return replace(mention, start=mention.start - before, end=mention.end + after, text=None)


# trim


@pytest.mark.parametrize("boundaries", BOUNDARIES)
@pytest.mark.parametrize(
    ("name", "number", "before", "after", "surface"),
    [
        ("lenta", "m38", 4, 2, "the DPRK’s"),
        ("ist", "m6", 0, 2, "Russia’s"),
        ("sputnik", "m3", 0, 2, "North Korea's"),
    ],
)
def test_articles_and_either_apostrophe_are_trimmed(
    name: str, number: str, before: int, after: int, surface: str, boundaries: str
) -> None:
    gold = item(name, "mentions", number)
    wide = widened(gold, before, after)
    assert GOLD.documents[name].slice(wide.span) == surface
    for ours, theirs in ((gold, wide), (wide, gold)):
        plain = scored(name, [ours], [theirs], boundaries=boundaries)
        assert tally(plain, "entities", "strict") == (0, 1, 1)
        trimmed = scored(name, [ours], [theirs], boundaries=boundaries, trim=True)
        assert tally(trimmed, "entities", "strict") == (1, 1, 1)


def test_a_source_is_trimmed_and_a_content_is_not() -> None:
    quote = item("agencies", "quotes", "q3")
    assert quote.source.text == "The North Korean leader"
    content = found("agencies", "the current challenging geopolitical environment")
    gold = replace(quote, content=(content,))
    bare = replace(
        gold,
        source=replace(quote.source, start=quote.source.start + len("The "), text=None),
        content=(replace(content, start=content.start + len("the "), text=None),),
    )
    # The source has 4 tokens with its article, 3 without; the content 5 and 4.
    plain, trimmed = (scored("agencies", [gold], [bare], trim=trim) for trim in (False, True))
    assert tally(plain, "quotes", "source") == (3, 4, 3)
    assert tally(trimmed, "quotes", "source") == (3, 3, 3)
    assert tally(trimmed, "quotes", "content_token") == (4, 5, 4)
    assert tally(trimmed, "quotes", "content_strict") == (0, 1, 1)


def test_a_claim_is_not_trimmed() -> None:
    claim = item("sputnik", "claims", "c7")
    first, second = claim.spans
    assert first.text == "The glory of Russia"
    bare = replace(claim, spans=(Span(first.start + 4, first.end), second))
    assert tally(scored("sputnik", [claim], [bare], trim=True), "claims", "strict") == (0, 1, 1)


def test_trimming_leaves_a_token() -> None:
    # "the" and "’s" alone, from "of the DPRK’s partners": something of each is left, and they do not meet.
    dprk = item("lenta", "mentions", "m38")
    article = replace(dprk, id="a", start=dprk.start - 4, end=dprk.start - 1, text=None)
    ending = replace(dprk, id="b", start=dprk.end, end=dprk.end + 2, text=None)
    for boundaries in BOUNDARIES:
        report = scored("lenta", [article, ending], [article, ending], trim=True, boundaries=boundaries)
        assert tally(report, "entities", "strict") == (2, 2, 2)
        assert tally(report, "entities", "token")[0] == (5 if boundaries == "character" else 3)


def test_by_characters_only_whole_tokens_are_trimmed() -> None:
    # "he DPRK" has no article: by tokens the span touches "the" and is trimmed, by characters it is not.
    dprk = item("lenta", "mentions", "m38")
    cut = widened(dprk, len("he "), 0)
    for boundaries, hits in (("token", 1), ("character", 0)):
        report = scored("lenta", [dprk], [cut], trim=True, boundaries=boundaries)
        assert tally(report, "entities", "strict") == (hits, 1, 1)


# boundaries


def test_by_characters_a_cut_off_letter_costs() -> None:
    gold = item("ist", "mentions", "m6")
    cut = replace(gold, start=gold.start + 1, text=None)  # "ussia": the same token
    tokens, characters = (scored("ist", [gold], [cut], boundaries=each) for each in BOUNDARIES)
    assert [tally(tokens, "entities", m)[0] for m in ("strict", "partial", "token")] == [1, 1, 1]
    assert [tally(characters, "entities", m) for m in ("strict", "exact")] == [(0, 1, 1)] * 2
    assert tally(characters, "entities", "partial") == (0.5, 1, 1)
    assert tally(characters, "entities", "type") == (1, 1, 1)
    # "Russia" has six code points, "ussia" five.
    assert tally(characters, "entities", "token") == (5, 6, 5)
    assert "|boundaries:character|" in characters.signature
    assert "boundaries" not in tokens.signature


def test_by_characters_white_space_inside_counts_and_what_lies_between_spans_does_not() -> None:
    claim, quote = item("ist", "claims", "c50"), item("ist", "quotes", "q27")
    first, second = quote.content
    assert (first.text, first.end + len(" of "), len(second.text)) == ("North Korea", second.start, 100)
    cut = (first, Span(second.start + 2, second.end))  # "oviding Russia with arms …"
    # 11 code points in "North Korea" and 100 in the rest, 2 of which are cut off.
    report = scored(
        "ist",
        [claim, quote],
        [replace(claim, spans=cut), replace(quote, content=cut)],
        boundaries="character",
    )
    assert tally(report, "quotes", "content_token") == (109, 111, 109)
    assert tally(report, "quotes", "content_strict") == (0, 1, 1)
    assert tally(report, "quotes", "content_partial")[0] == pytest.approx(109 / 111)
    # Cue and source are measured in code points, too: "has accused", "The United States".
    assert tally(report, "quotes", "cue") == (11, 11, 11)
    assert tally(report, "quotes", "source") == (17, 17, 17)
    assert tally(report, "claims", "token") == (109, 111, 109)
    assert tally(report, "claims", "dice")[0] == pytest.approx(2 * 109 / (111 + 109))
    assert tally(report, "claims", "strict") == (0, 1, 1)
    # Sentences, paragraphs and the quote's kind are what they were.
    assert tally(report, "claims", "sentence") == (1, 1, 1)
    assert tally(report, "quotes", "by_kind", "indirect") == (109, 111, 109)


def test_by_characters_an_item_may_begin_between_the_paragraphs() -> None:
    document = GOLD.documents["ist"]
    ends = next((a.end, b.start) for a, b in pairwise(document.regions) if a.end < b.start)
    claim = Claim("c1", (Span(ends[0], ends[1] + 3),))
    report = scored("ist", [claim], [claim], boundaries="character")
    assert tally(report, "claims", "token")[1] == ends[1] + 3 - ends[0]
    values = report.counts("claims").measures[("span",)].values
    block = [region.start for region in document.regions].index(ends[1])
    assert values[block].tolist() == [1, 1, 1, 1]


# discontinuous

LOOK = item("lenta", "quotes", "q9")
"""“Perhaps this (Kim Jong-un’s words – approx. “Tapes.ru”) part of etiquette, …” he said: 3 and 17 tokens."""


def test_hull_takes_what_lies_between() -> None:
    whole = replace(LOOK, content=(Span(LOOK.content[0].start, LOOK.content[1].end),))
    # Between: ( Kim Jong - un ’ s words – approx . “ Tapes . ru ” ) are 17 tokens.
    plain = scored("lenta", [LOOK], [whole])
    assert tally(plain, "quotes", "content_token") == (20, 20, 37)
    assert tally(plain, "quotes", "by_kind", "direct") == (0, 20, 0)
    hull = scored("lenta", [LOOK], [whole], discontinuous="hull")
    assert tally(hull, "quotes", "content_token") == (37, 37, 37)
    assert tally(hull, "quotes", "triple") == (1, 1, 1)
    # The words between are not the speaker's, so as a hull the quote is mixed on both sides.
    assert tally(hull, "quotes", "by_kind", "mixed") == (37, 37, 37)
    assert "|discontinuous:hull|" in hull.signature


def test_the_hull_of_a_cue() -> None:
    quote = item("ist", "quotes", "q13")
    first, last = quote.cue
    assert (first.text, last.text) == ("was quoted", "as")
    whole = replace(quote, cue=(Span(first.start, last.end),))
    size = len(GOLD.documents["ist"].text[first.start : last.end].split())
    assert tally(scored("ist", [quote], [whole]), "quotes", "cue") == (3, 3, size)
    assert tally(scored("ist", [quote], [whole], discontinuous="hull"), "quotes", "cue") == (size,) * 3


def test_in_parts_fragments_and_quotes_of_their_own_score_alike() -> None:
    apart = [
        replace(LOOK, id=f"p{n}", content=(span,), verbatim=(span,)) for n, span in enumerate(LOOK.content)
    ]
    plain = scored("lenta", [LOOK], apart)
    assert tally(plain, "quotes", "content_strict") == (0, 1, 2)
    # 17 of 20 tokens are in the second part: IoU .85, with one speaker too many.
    assert tally(plain, "quotes", "speaker") == (1, 1, 2)
    parts = scored("lenta", [LOOK], apart, discontinuous="parts")
    for measure in ("content_strict", "triple", "speaker"):
        assert tally(parts, "quotes", measure) == (2, 2, 2)
    assert tally(parts, "quotes", "by_kind", "direct") == (20, 20, 20)
    # Each part has the cue "said" and the source "he".
    assert tally(parts, "quotes", "cue") == tally(parts, "quotes", "source") == (2, 2, 2)
    assert "|discontinuous:parts|" in parts.signature


def test_the_parts_of_a_mixed_quote_have_kinds_of_their_own() -> None:
    quote = item("japantimes", "quotes", "q2")
    # "The isolated Kim", 3 tokens, has no verbatim part; the rest has one: held a “historic meeting …” with …
    parts = scored("japantimes", [quote], [quote], discontinuous="parts")
    assert tally(parts, "quotes", "by_kind", "indirect") == (3, 3, 3)
    assert tally(parts, "quotes", "by_kind", "mixed") == (12, 12, 12)


def test_spans_with_nothing_but_white_space_between_them_are_one_part() -> None:
    quote = item("sputnik", "quotes", "q25")
    (content,) = quote.content
    gap = content.start + content.text.index("\n")
    torn = replace(quote, content=(Span(content.start, gap), Span(gap + 1, content.end)))
    parts = scored("sputnik", [quote], [torn], discontinuous="parts")
    assert tally(parts, "quotes", "content_strict") == (1, 1, 1)
    # By characters the line break is one of 114 code points, and lies in no span of the prediction.
    characters = scored("sputnik", [quote], [torn], discontinuous="parts", boundaries="character")
    assert tally(characters, "quotes", "content_token") == (113, 114, 113)


def test_a_claim_in_parts() -> None:
    claim = item("agencies", "claims", "c10")
    first, last = claim.spans
    ours, theirs = [claim], [replace(claim, id="a", spans=(first,)), replace(claim, id="b", spans=(last,))]
    assert tally(scored("agencies", ours, theirs), "claims", "span") == (1, 1, 2)  # 11 of 20 tokens
    parts = scored("agencies", ours, theirs, discontinuous="parts")
    for measure in (("span",), ("strict",), ("attributes", "joint")):
        assert tally(parts, "claims", *measure) == (2, 2, 2)


def test_an_inner_quote_lies_in_the_part_that_holds_it() -> None:
    outer, inner = item("ist", "quotes", "q13"), item("ist", "quotes", "q14")
    assert inner.within == "q13"
    # Of q13 ("Mr. Putin" … "saying “that’s why …”") the second span holds all of q14.
    apart = [replace(outer, id=f"p{n}", content=(span,)) for n, span in enumerate(outer.content)]
    for place, hits in (("p1", 1), ("p0", 0)):
        predicted = [*apart, replace(inner, within=place)]
        report = scored("ist", [outer, inner], predicted, discontinuous="parts")
        assert tally(report, "quotes", "nesting") == (hits, 1, 1)


# nested


@pytest.mark.parametrize(
    ("name", "part", "measure", "sizes"),
    [
        # ist: q14 in q13, q22 in q21, q24 in q23; q7 and q8 cover the same words and are both kept.
        ("ist", "quotes", "content_strict", (28, 25, 25)),
        # lenta: 12 inner quotes and claims … of quotes 6 lie in others, two of them in q31.
        ("lenta", "quotes", "content_strict", (46, 40, 41)),
        # Of claims c21, 24, 30, 56, 57, 61, 65, 66, 67, 72, 83, 84 lie in c20, 23, 29, 55, 60, 64, 71, 82.
        ("lenta", "claims", "strict", (103, 91, 95)),
        # No mention lies in another.
        ("lenta", "entities", "strict", (182, 182, 182)),
    ],
)
def test_how_many_items_are_kept(name: str, part: str, measure: str, sizes: tuple[int, int, int]) -> None:
    for nested, size in zip(NESTED, sizes, strict=True):
        report = score([GOLD[name]], [GOLD[name]], documents=GOLD.documents, n_boot=0, nested=nested)
        assert tally(report, part, measure) == (size, size, size)
        assert (f"|nested:{nested}|" in report.signature) == (nested != "all")


def test_nested_mentions_are_left_out_whatever_their_type() -> None:
    korea = item("sputnik", "mentions", "m3")
    inner = replace(korea, id="i", start=korea.start + len("North "), text=None, type="LOC")
    plain = scored("sputnik", [korea], [korea, inner])
    assert tally(plain, "entities", "strict") == (1, 1, 2)
    assert tally(scored("sputnik", [korea], [korea, inner], nested="outermost"), "entities", "strict") == (
        1, 1, 1,
    )  # fmt: skip
    assert tally(scored("sputnik", [korea], [korea, inner], nested="innermost"), "entities", "strict") == (
        0, 1, 1,
    )  # fmt: skip
    # What lies in it of the same units shuts nothing out, nor does an overlap in part.
    twin = replace(korea, id="t", type="LOC")
    beside = widened(replace(korea, id="b"), -len("North "), 2)
    for nested in NESTED:
        report = scored("sputnik", [korea], [korea, twin, beside], nested=nested)
        assert tally(report, "entities", "strict") == (1, 1, 3)


def test_what_contains_what_is_told_by_units() -> None:
    # "North Korea's" holds "North Korea", unless the ending is trimmed: then both are the same.
    korea = item("sputnik", "mentions", "m3")
    wide = replace(widened(korea, 0, 2), id="w")
    for trim, size in ((False, 1), (True, 2)):
        report = scored("sputnik", [korea], [korea, wide], nested="outermost", trim=trim)
        assert report.totals("entities", "strict").n_pred == size


def words(name: str, first: int, last: int) -> tuple[Span]:
    """The span over some tokens of an article, the last included."""
    tokens = GOLD.documents[name].tokens
    return (Span(tokens[first][0], tokens[last][1]),)


def test_a_quote_is_nested_in_the_next_outer_quote_that_is_kept() -> None:
    outer = Quote("a", words("ist", 50, 59), speaker="x")
    middle = Quote("b", words("ist", 52, 57), speaker="x", within="a")
    # The third reaches beyond the first and so lies in neither by its units, though it names the second.
    third = Quote("c", words("ist", 54, 62), speaker="x", within="b")
    report = scored("ist", [outer, middle, third], [outer, replace(third, within="a")], nested="outermost")
    assert tally(report, "quotes", "content_strict") == (2, 2, 2)
    assert tally(report, "quotes", "nesting") == (1, 1, 1)
    assert tally(scored("ist", [outer, middle, third], [outer, middle, third]), "quotes", "nesting") == (
        2, 2, 2,
    )  # fmt: skip
    # Innermost: a is left out for b, so b is nested in nothing and c still in b.
    inner = scored("ist", [outer, middle, third], [middle, third], nested="innermost")
    assert tally(inner, "quotes", "content_strict") == (2, 2, 2)
    assert inner.totals("quotes", "nesting").n_gold == 1


# overlap

LIMOUSINE = item("ist", "claims", "c29")
"""Its first span, "Mr. Putin welcomed Mr. Kim's limousine", has 10 tokens; the last 7 begin at "welcomed"."""


def test_a_threshold_is_exact_and_must_be_exceeded() -> None:
    (first, _) = LIMOUSINE.spans
    gold = replace(LIMOUSINE, spans=(first,))
    predicted = replace(gold, spans=(Span(first.start + len("Mr. Putin "), first.end),))
    # IoU = 7/10, which is more than the floating point number 0.7.
    assert Fraction(0.7) < Fraction(7, 10)
    for limit, hits in (
        (0.5, 1),
        (0.69, 1),
        (0.7, 0),
        ("0.7", 0),
        (Decimal("0.7"), 0),
        (Fraction(7, 10), 0),
        (Fraction(0.7), 1),
        ("0.6999999", 1),
    ):
        report = scored("ist", [gold], [predicted], overlap={"claims": limit})
        for measure in (("span",), ("claimer",), ("attributes", "joint")):
            assert tally(report, "claims", *measure) == (hits, 1, 1), limit
        assert tally(report, "claims", "token") == (7, 10, 7)
    assert (
        "|claims:iou>0.7|attributes:quotes-iou>0.5+claims-iou>0.7|"
        in scored("ist", [gold], [predicted], overlap={"claims": 0.7}).signature
    )


def test_below_one_half_an_item_still_answers_once() -> None:
    (first, _) = LIMOUSINE.spans
    cut = first.start + len("Mr. Putin ")
    gold = replace(LIMOUSINE, spans=(first,))
    halves = [
        replace(gold, id="a", spans=(Span(first.start, cut),)),
        replace(gold, id="b", spans=(Span(cut, first.end),)),
    ]
    # 3 and 7 of 10 tokens: both are over .2, one is held against the claim.
    assert tally(scored("ist", [gold], halves, overlap={"claims": 0.2}), "claims", "span") == (1, 1, 2)
    assert tally(scored("ist", [gold], halves[:1], overlap={"claims": 0.2}), "claims", "span") == (1, 1, 1)
    assert tally(scored("ist", [gold], halves[:1], overlap={"claims": 0.3}), "claims", "span") == (0, 1, 1)


def test_the_threshold_of_entities_decides_what_an_overlap_is() -> None:
    gold = item("sputnik", "mentions", "m3")
    half = replace(gold, start=gold.start + len("North "), text=None)
    for limit, partial, type_, missed in ((0, 0.5, 1, 0), (0.49, 0.5, 1, 0), (0.5, 0, 0, 1)):
        report = scored("sputnik", [gold], [half], overlap={"entities": limit})
        assert tally(report, "entities", "partial") == (partial, 1, 1)
        assert tally(report, "entities", "type") == (type_, 1, 1)
        errors = report.counts("entities").matrices[("errors", "boundary")].table
        assert errors.get(("none", "missed"), 0) == errors.get(("none", "spurious"), 0) == missed
    assert "|align:hungarian|entities:iou>0.5|" in report.signature
    same = scored("sputnik", [gold], [gold], overlap={"entities": 0.99})
    assert tally(same, "entities", "partial") == tally(same, "entities", "type") == (1, 1, 1)


def test_the_threshold_of_quotes_is_that_of_whole_quotes() -> None:
    gold = item("agencies", "quotes", "q3")
    (content,) = gold.content
    predicted = replace(gold, content=(Span(content.start + len("Moscow can rely "), content.end),))
    for limit, hits in ((0.79, 1), (0.8, 0)):  # 12 of 15 tokens
        report = scored("agencies", [gold], [predicted], overlap={"quotes": limit})
        assert tally(report, "quotes", "speaker") == (hits, 1, 1)
        assert report.counts("quotes").attributes[("attributes", "kind")].n == hits
        assert tally(report, "quotes", "content_token") == (12, 15, 12)


# what is refused


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"trim": "no"}, "trim: found 'no', expected True or False"),
        ({"boundaries": "letter"}, "boundaries: found 'letter', expected one of token, character"),
        ({"discontinuous": None}, "discontinuous: found null, expected one of as-written, hull, parts"),
        ({"nested": "inner"}, "nested: found 'inner', expected one of all, outermost, innermost"),
        ({"overlap": 0.5}, "overlap: found 0.5, expected thresholds by task"),
        ({"overlap": {"mentions": 0.5}}, "expected one of entities, quotes, claims"),
        ({"overlap": {"claims": 1}}, "overlap of claims: found 1, expected a decimal number of at least 0"),
        ({"overlap": {"claims": -0.1}}, "overlap of claims: found -0.1"),
        ({"overlap": {"claims": float("nan")}}, "overlap of claims"),
        ({"overlap": {"claims": float("inf")}}, "overlap of claims"),
        ({"overlap": {"claims": True}}, "overlap of claims"),
        ({"overlap": {"claims": "1e-999999999"}}, "overlap of claims"),
        ({"overlap": {"claims": Decimal("1e-999999999")}}, "overlap of claims"),
        ({"overlap": {"claims": "half"}}, "overlap of claims: found 'half'"),
    ],
)  # fmt: skip
def test_bad_values_name_what_is_allowed(options: dict[str, Any], expected: str) -> None:
    with pytest.raises(InputError) as caught:
        scored("ist", [], [], **options)
    (problem,) = caught.value.problems
    assert problem.check == "bad-option"
    assert expected in problem.message


# signatures

CHOICES: list[dict[str, Any]] = [
    {"trim": True},
    {"boundaries": "character"},
    {"discontinuous": "hull"},
    {"discontinuous": "parts"},
    {"nested": "outermost"},
    {"nested": "innermost"},
    {"overlap": {"entities": 0.5}},
    {"overlap": {"quotes": 0.7}},
    {"overlap": {"claims": 0.7}},
    {"overlap": {"quotes": 0.7, "claims": 0.7}},
    {"overlap": {"claims": Fraction(1, 3)}},
]


def test_every_option_is_in_the_signature_and_the_defaults_change_nothing() -> None:
    base = scored("ist", [], [])
    spelt = scored(
        "ist", [], [], trim=False, boundaries="token", discontinuous="as-written", nested="all",
        overlap={"entities": 0, "quotes": 0.5, "claims": Decimal("0.50")},
    )  # fmt: skip
    assert spelt.signature == base.signature
    assert spelt.options == base.options
    assert (
        "|mentions:as-written|align:hungarian|quotes:iou>0|claims:iou>0.5|attributes:iou>0.5|boot:0|"
        in base.signature
    )
    reports = [scored("ist", [], [], **choice) for choice in CHOICES]
    assert len({base.signature, *(report.signature for report in reports)}) == len(CHOICES) + 1
    assert len({hash(report.options) for report in reports}) == len(CHOICES)
    elsewhere = scored("lenta", [], [])
    for report in reports:
        with pytest.raises(ValueError, match="different options"):
            report.merge(elsewhere)
        other = replace(elsewhere, options=report.options)
        assert report.merge(other).signature.split("|")[3:] == report.signature.split("|")[3:]


def test_agreement_keeps_the_defaults() -> None:
    report = agreement_report([GOLD["ist"]], [GOLD["ist"]], GOLD.documents, n_boot=0)
    assert report.options == scored("ist", [], []).options


# whatever is scored

OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "trim": st.just(True),
        "boundaries": st.sampled_from(BOUNDARIES),
        "discontinuous": st.sampled_from(DISCONTINUOUS),
        "nested": st.sampled_from(NESTED),
        "overlap": st.dictionaries(
            st.sampled_from(["entities", "quotes", "claims"]), st.sampled_from([0, 0.25, 1 / 3, 0.5, 0.9])
        ),
    },
)


def sound(layer: Layer) -> Layer:
    """The layer without edges to quotes that do not exist, which are never right."""
    ids = {quote.id for quote in layer.quotes or ()}
    kept = tuple(replace(q, within=q.within if q.within in ids else None) for q in layer.quotes or ())
    return replace(layer, quotes=kept)


def of_one(gold: Layer, predicted: Layer, **options: Any) -> Report:
    return score([gold], [predicted], documents=DOCUMENTS, n_boot=0, **options)


@given(ONE.map(sound), OPTIONS)
def test_gold_against_itself_is_perfect_under_any_options(gold: Layer, options: dict[str, Any]) -> None:
    report = of_one(gold, gold, **options)
    for path, each in totals(report).items():
        assert each.f1 == (pytest.approx(1.0) if each.n_gold else None), path


@given(ONE, ONE, OPTIONS)
def test_both_sides_are_treated_alike(gold: Layer, predicted: Layer, options: dict[str, Any]) -> None:
    there, back = (totals(of_one(a, b, **options)) for a, b in ((gold, predicted), (predicted, gold)))
    for path, each in there.items():
        other = back[path]
        assert (each.tp_gold, each.n_gold) == pytest.approx((other.tp_pred, other.n_pred)), path


@given(ONE, ONE, OPTIONS, st.data())
@settings(max_examples=50)
def test_order_does_not_matter_under_any_options(
    gold: Layer, predicted: Layer, options: dict[str, Any], data: st.DataObject
) -> None:
    there = of_one(gold, predicted, **options)
    back = of_one(shuffled(data.draw, gold), shuffled(data.draw, predicted), **options)
    assert there.to_json() == back.to_json()


@given(ONE, ONE, st.sampled_from(["entities", "quotes", "claims"]))
def test_a_higher_threshold_never_finds_more(gold: Layer, predicted: Layer, task: str) -> None:
    limits = (0, 0.25, 0.5, 0.75)
    found = [totals(of_one(gold, predicted, overlap={task: limit})) for limit in limits]
    path = {"entities": ("entities", "type"), "quotes": ("quotes", "nesting"), "claims": ("claims", "span")}
    if task != "quotes":
        hits = [each[path[task]].tp_gold for each in found]
        assert hits == sorted(hits, reverse=True)
    assert len({each["quotes", "content_token"].tp_gold for each in found}) == 1


@given(ONE)
def test_by_characters_tokens_are_their_code_points(gold: Layer) -> None:
    # A span over k of these documents' tokens, of two letters with a space between, has 3k - 1 code points.
    by_token, by_character = (totals(of_one(gold, gold, boundaries=each)) for each in BOUNDARIES)
    sources = [q.source for q in gold.quotes or () if q.source is not None]
    assert by_character["quotes", "source"].n_gold == 3 * by_token["quotes", "source"].n_gold - len(sources)


# the command


def call(*arguments: object) -> Any:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.fixture
def predictions(tmp_path: Any) -> Any:
    """The gold, each mention with what stands before it up to the article."""
    text = {name: document.text for name, document in GOLD.documents.items()}
    path = tmp_path / "p.jsonl"
    lines = []
    for name, each in GOLD.items():
        mentions = tuple(
            widened(m, 4, 0) if text[name][: m.start].lower().endswith(" the ") else m
            for m in each.mentions or ()
        )
        lines.append(json.dumps(layer_to_json(replace(each, mentions=mentions))))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_command_hands_the_options_over(predictions: Any) -> None:
    base = ("score", predictions, "--format", "json", "--boot", 0)
    plain = json.loads(call(*base).output)
    assert plain["tasks"]["entities"]["strict"]["f1"] < 1
    assert "|mentions:as-written|align" in plain["signature"]
    trimmed = json.loads(call(*base, "--trim").output)
    assert trimmed["tasks"]["entities"]["strict"]["f1"] == 1
    result = call(
        *base, "--trim", "--boundaries", "character", "--discontinuous", "parts", "--nested", "outermost",
        "--overlap", "claims=0.7", "--overlap", "entities=.25",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    value = json.loads(result.output)
    assert (
        "|mentions:trimmed|boundaries:character|discontinuous:parts|nested:outermost|align:hungarian|"
        "entities:iou>0.25|quotes:iou>0|claims:iou>0.7|attributes:quotes-iou>0.5+claims-iou>0.7|"
        in value["signature"]
    )
    assert value["tasks"]["claims"]["strict"]["f1"] == 1


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (("--overlap", "claims"), "found 'claims', expected TASK=IOU"),
        (("--overlap", "claims=1.5"), "overlap of claims: found '1.5', expected a decimal number"),
        (("--overlap", "tokens=0.5"), "expected one of entities, quotes, claims"),
        (("--overlap", "claims=0.5", "--overlap", "claims=0.6"), "found claims twice"),
        (("--nested", "inner"), "'all', 'outermost', 'innermost'"),
    ],
)  # fmt: skip
def test_the_command_says_what_is_allowed(predictions: Any, given_: tuple[str, ...], expected: str) -> None:
    result = call("score", predictions, *given_)
    assert result.exit_code == 2
    assert expected in " ".join(result.output.replace("│", " ").split())


def test_matching_options_are_not_for_links(tmp_path: Any) -> None:
    result = call("score", "--links", tmp_path / "links.json", "--boundaries", "character")
    assert result.exit_code == 2
    assert "not about --links" in " ".join(result.output.split())
