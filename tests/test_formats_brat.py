"""brat standoff as brat writes it, and as nobody should."""

import re
import warnings
from dataclasses import replace
from itertools import pairwise

import pytest

from vostochny.annotations import load_gold
from vostochny.annotations.add import make_document
from vostochny.annotations.format_brat import FORMAT
from vostochny.annotations.format_support import PassedOver
from vostochny.schema.errors import InputError
from vostochny.schema.labels import CLAIM_TYPES, ENTITY_TYPES, MARK_ROLES
from vostochny.schema.model import Claim, Layer, Mark, Mention, Quote, Span

TEXT = "Kim 😀 said\nhe was “glad” to see Putin.\nHe left.\n"
DOCUMENT = make_document(TEXT.encode(), file="x.txt", id="x")
GOLD = load_gold()


def read(source, documents=None, **files):
    known = {"x": DOCUMENT} if documents is None else documents
    return FORMAT.read({"x.ann": source.encode(), **files}, known)


def layer(source):
    (found,) = read(source)
    return found


def problems(source):
    with pytest.raises(InputError) as caught:
        read(source)
    return [(p.file, p.line, p.check) for p in caught.value.problems]


def span(surface, after=0):
    start = TEXT.index(surface, after)
    return Span(start, start + len(surface), surface)


def test_a_file_drawn_in_brat_is_read():
    """Ids in the order of drawing, lines in any order, a blank line, a DOS line end, trailing tabs."""
    kim, putin = span("Kim"), span("Putin")
    source = "\n".join(
        [
            f"T3\tQuote 11 {putin.end}\the was “glad” to see Putin",
            "A1\tNegated T3",
            "",
            "T1\tPERSON 0 3\tKim",
            "N1\tReference T1 entity:kim-jong-un\tKim Jong Un",
            "T2\tSource 0 3\tKim",
            "T7\tCue 6 10\tsaid\r",
            "R1\tsource Arg1:T3 Arg2:T2\t",
            "R3\tcue Arg1:T3 Arg2:T7",
            "N4\tReference T3 speaker:kim-jong-un\tKim Jong Un",
            "R2\tverbatim Arg1:T3 Arg2:T4",
            "T4\tVerbatim 18 24\t“glad”",
            f"T12\tClaim 11 17;25 {putin.end}\the was to see Putin",
            "A2\tKind T12 opinion",
            "A3\tHedged T12",
            "#1\tAnnotatorNotes T12\tKim was glad to see Putin.",
            "R4\tquote Arg1:T12 Arg2:T3",
            "",
        ]
    )
    whole = Span(11, putin.end, TEXT[11 : putin.end])
    assert layer(source) == Layer(
        "x",
        "",
        mentions=(Mention("m1", 0, 3, "Kim", "PERSON", "kim-jong-un"),),
        quotes=(
            Quote(
                "q1",
                (whole,),
                (span("“glad”"),),
                kim,
                (span("said"),),
                "kim-jong-un",
                polarity="negative",
            ),
        ),
        marks=(),
        claims=(
            Claim(
                "c1",
                (Span(11, 17, "he was"), Span(25, putin.end, "to see Putin")),
                "attributed",
                "kim-jong-un",
                "q1",
                "opinion",
                certainty="hedged",
                proposition="Kim was glad to see Putin.",
            ),
        ),
        text_sha256=DOCUMENT.text_sha256,
    )


def test_offsets_are_code_points():
    assert TEXT.encode("utf-16-le").index("said".encode("utf-16-le")) // 2 == 7  # behind an emoji
    assert span("said") == Span(6, 10, "said")
    assert layer("T1\tPERSON 6 10\tsaid").mentions[0].text == "said"


def test_a_stretch_across_a_line_break_is_cut_as_brat_cuts_it():
    quote = Quote("q1", (Span(6, 17),), (), cue=(Span(0, 3),))
    source = FORMAT.write([(DOCUMENT, Layer("x", "a", quotes=(quote,)))])["x.ann"].decode()
    assert source.splitlines()[0] == "T1\tQuote 6 10;11 17\tsaid he was"
    assert layer(source).quotes[0].content == (Span(6, 17, "said\nhe was"),)


def test_a_line_break_in_the_gold_is_there_again():
    numbers = []
    for name, gold in GOLD.items():
        broken = [q for q in gold.quotes if any("\n" in s.text for s in q.content)]
        files = FORMAT.write([(GOLD.documents[name], gold)])
        (back,) = FORMAT.read({f"{name}.ann": files[f"{name}.ann"]}, GOLD.documents)
        assert [q for q in back.quotes if q in broken] == broken
        numbers.append(len(broken))
    assert sum(numbers) == 2


def test_several_cues_drawn_apart_are_one_cue_in_text_order():
    source = "T1\tQuote 11 17\the was\nT2\tCue 6 10\tsaid\nT3\tCue 0 3\tKim\n"
    source += "R1\tcue Arg1:T1 Arg2:T2\nR2\tcue Arg1:T1 Arg2:T3\n"
    assert layer(source).quotes[0].cue == (span("Kim"), span("said"))


def test_an_authors_claim_needs_no_attributes():
    (claim,) = layer("T1\tClaim 39 46\tHe left").claims
    assert (claim.voice, claim.claimer, claim.type, claim.polarity) == (
        "author",
        "author",
        "fact",
        "positive",
    )


def test_the_old_way_of_writing_fragments_is_understood():
    assert layer("T1\tClaim 0 3;6 10\tKimsaid").claims[0].spans == (span("Kim"), span("said"))


def test_a_missing_text_is_filled_in():
    assert layer("T1\tPERSON 0 3").mentions[0].text == "Kim"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("*\tEquiv T1 T1", "an equivalence"),
        ("N1\tReference T1 Wikipedia:534366\tBarack Obama", "'Wikipedia'"),
        ("#1\tAnnotatorNotes T1\tis that so?", "'is that so?'"),
        ("#2\tAnnotatorNotes #1\ta note on a note\n#1\tId T1\tm1", "#2 at #1"),
    ],
)
def test_what_has_no_place_is_passed_over_with_a_word(line, said):
    with pytest.warns(PassedOver, match=re.escape(said)) as met:
        found = layer(f"T1\tPERSON 0 3\tKim\n{line}\n")
    assert str(met[0].message).startswith("x.ann:2: ")
    assert len(found.mentions) == 1


@pytest.mark.parametrize(
    ("line", "check"),
    [
        ("PERSON 0 3 Kim", "bad-line"),
        ("T2 PERSON 0 3\tKim", "bad-line"),
        ("T2\tPERSON 0\tKim", "bad-line"),
        ("T2\tPERSON 0 3;\tKim", "bad-line"),
        ("T2\tPERSON -1 3\tKim", "bad-line"),
        (f"T2\tPERSON 0 {'9' * 5000}\tKim", "bad-line"),
        ("T2\tPerson 0 3\tKim", "unknown-label"),
        ("T2\tPERSON 0 999\tKim", "offset-range"),
        ("T2\tPERSON 3 3\t", "offset-range"),
        ("T2\tPERSON 0 3\tLim", "text-mismatch"),
        ("T2\tPERSON 0 3;6 10\tKim said", "too-many-fragments"),
        ("T1\tPERSON 0 3\tKim", "duplicate-id"),
        ("E1\tMeet:T1 With:T1", "bad-line"),
        ("R1\twithin Arg1:T1", "bad-line"),
        ("R1\twithin Arg1:T1 Arg1:T1", "bad-line"),
        ("R1\twithin Arg1:T1 Arg2:T9", "unresolved-reference"),
        ("R1\tfriend Arg1:T1 Arg2:T1", "unknown-label"),
        ("R1\twithin Arg1:T1 Arg2:T1", "wrong-relation"),
        ("A1\tNegated T9", "unresolved-reference"),
        ("A1\tNegated T1", "unknown-label"),
        ("A1\tNegated", "bad-line"),
        ("A1\tNegated A1", "bad-line"),
        ("N1\tReference T1 kim", "bad-line"),
        ("T2\tSource 0 3\tKim", "loose-part"),
        ("T2\tMark 18 24\t“glad”", "missing-property"),
        ("#1\tId T1\tno id", "bad-format"),
    ],
)
def test_each_violation_names_its_line(line, check):
    assert problems(f"T1\tPERSON 0 3\tKim\n{line}\n") == [("x.ann", 2, check)]


@pytest.mark.parametrize(
    ("lines", "check"),
    [
        (["T2\tMark 18 24\t“glad”", "A1\tRole T2 loud"], "unknown-label"),
        (["T2\tClaim 18 24\t“glad”", "A1\tKind T2 fact", "A2\tKind T2 opinion"], "second-value"),
        (["T2\tClaim 18 24\t“glad”", "A1\tHedged T2 yes"], "unknown-label"),
        (
            ["T2\tQuote 18 24\t“glad”", "T3\tClaim 18 24\t“glad”", "R1\twithin Arg1:T3 Arg2:T2"],
            "wrong-relation",
        ),
        (["T2\tPERSON 32 37\tPutin", "#1\tId T1\tm7", "#2\tId T2\tm7"], "duplicate-id"),
    ],
)
def test_violations_over_several_lines(lines, check):
    found = problems("\n".join(["T1\tPERSON 0 3\tKim", *lines]))
    assert check in [c for _, _, c in found]


def test_two_sources_of_a_quote_are_one_too_many():
    source = "T1\tQuote 11 17\the was\nT2\tSource 0 3\tKim\nT3\tSource 32 37\tPutin\n"
    source += "R1\tsource Arg1:T1 Arg2:T2\nR2\tsource Arg1:T1 Arg2:T3\n"
    assert problems(source) == [("x.ann", 5, "second-relation")]


def test_all_problems_are_named_at_once_and_none_twice():
    source = "T1\tPERSON 0 3\tLim\nT2\tPerson 0 3\tKim\nR1\twithin Arg1:T4 Arg2:T4\nA1\tNegated T4\nT4\tx\n"
    assert problems(source) == [
        ("x.ann", 1, "text-mismatch"),
        ("x.ann", 2, "unknown-label"),
        ("x.ann", 5, "bad-line"),
    ]


def test_the_text_beside_must_be_the_documents():
    with pytest.raises(InputError, match=r"x\.txt: \[other-text\].*code point 0 found 'Lim"):
        read("", **{"x.txt": TEXT.replace("Kim", "Lim").encode()})
    with pytest.raises(InputError, match="unknown-document"):
        read("", documents={})
    (found,) = FORMAT.read({"y.ann": b"T1\tPERSON 0 3\tKim", "y.txt": TEXT.encode()}, {"x": DOCUMENT})
    assert found.document == "x"


def test_the_configuration_knows_all_that_is_written():
    files = FORMAT.write([(GOLD.documents[name], gold) for name, gold in GOLD.items()])
    conf = files["annotation.conf"].decode()
    sections = dict(re.findall(r"\[(\w+)\]\n(.*?)(?=\n\[|\Z)", conf, re.DOTALL))
    entities = sections["entities"].split()
    assert set(entities) >= set(ENTITY_TYPES)
    relations = {line.split("\t")[0] for line in sections["relations"].splitlines()}
    attributes = {line.split("\t")[0] for line in sections["attributes"].splitlines()}
    for name in GOLD:
        for line in files[f"{name}.ann"].decode().splitlines():
            kind, body = line[0], line.split("\t")[1].split(" ")
            known = {"T": entities, "R": relations, "A": attributes, "N": ["Reference"]}
            assert body[0] in known.get(kind, ["AnnotatorNotes", "Id"]), line
    assert f"Role\tArg:Mark, Value:{'|'.join(MARK_ROLES)}" in conf
    assert f"Kind\tArg:Claim, Value:{'|'.join(CLAIM_TYPES)}" in conf
    drawn = {line.split("\t")[0] for line in files["visual.conf"].decode().splitlines()}
    assert set(entities) <= drawn


def test_a_written_file_says_what_brat_checks():
    """brat compares a stretch's text, its fragments joined by spaces, with the document."""
    for name, gold in GOLD.items():
        text = GOLD.documents[name].text
        for line in FORMAT.write([(GOLD.documents[name], gold)])[f"{name}.ann"].decode().splitlines():
            if line.startswith("T"):
                _, head, surface = line.split("\t")
                pairs = [list(map(int, pair.split())) for pair in head.split(" ", 1)[1].split(";")]
                assert surface == " ".join(text[start:end] for start, end in pairs)
                assert all(before[1] <= here[0] for before, here in pairwise(pairs))


def test_names_with_white_space_survive():
    mention = Mention("m1", 0, 3, None, "PERSON", "Kim Jong Un 100%")
    source = FORMAT.write([(DOCUMENT, Layer("x", "s", mentions=(mention,)))])["x.ann"].decode()
    assert "N1\tReference T1 entity:Kim%20Jong%20Un%20100%25\t" in source
    assert layer(source).mentions == (replace(mention, text="Kim"),)


def test_parts_without_items_count_as_not_done():
    mark = Mark("k1", 18, 24, None, "scare")
    assert FORMAT.reduce(DOCUMENT, Layer("x", "a", (), (), (mark,), ())) == Layer(
        "x", "", None, (), (replace(mark, text="“glad”"),), None, DOCUMENT.text_sha256
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert layer("") == Layer("x", "", text_sha256=DOCUMENT.text_sha256)
