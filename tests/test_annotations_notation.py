"""The decision notation: places to offsets, and back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vostochny.annotations import load_documents, read_notation, write_notation
from vostochny.annotations.notation import locate
from vostochny.annotations.notation_writer import write_place
from vostochny.schema.errors import InputError
from vostochny.schema.model import Claim, Layer, Mark, Mention, Quote, Span

DOCUMENTS = load_documents()
SPUTNIK = DOCUMENTS["sputnik"]

DECISIONS = """
# remarks are passed over
s4
e two | CARDINAL
e Wednesday | DATE
s1
e Kim | PERSON | kim-jong-un
e North Korea | GPE | north-korea
m 'Visible Show of Support' | scare

q q1
  content: s7 “The glory ... immortal."
  verbatim: all
  source: s7 He
  cue: s7 writing
  speaker: kim-jong-un
  medium: writing

c c1
  span: s7 The glory of Russia
  span: s7 will be immortal
  claimer: kim-jong-un
  quote: q1
  type: opinion
  says: The glory of Russia will be immortal.
"""


def test_decisions_become_offsets():
    layer = read_notation(DECISIONS, SPUTNIK, "a1")
    assert [(m.text, m.type, m.start) for m in layer.mentions] == [
        ("Kim", "PERSON", 28),
        ("North Korea", "GPE", 41),
        ("two", "CARDINAL", 392),
        ("Wednesday", "DATE", 430),
    ]
    assert [m.text for m in layer.marks] == ["'Visible Show of Support'"]
    (quote,), (claim,) = layer.quotes, layer.claims
    # The quote opens with a curly mark and is closed by a straight one: as in the article.
    assert quote.content[0].text.startswith("“The glory of Russia, which gave birth")
    assert quote.content[0].text.endswith('immortal."')
    assert quote.verbatim == quote.content
    assert (quote.speaker, quote.medium, quote.status) == ("kim-jong-un", "writing", "actual")
    assert (claim.voice, claim.certainty, claim.polarity) == ("attributed", "asserted", "positive")
    assert [SPUTNIK.slice(s) for s in claim.spans] == ["The glory of Russia", "will be immortal"]


def test_a_line_break_in_the_text_is_written_as_a_space():
    span = locate(SPUTNIK, 6, 6, "characteristics of the Russian")
    assert SPUTNIK.slice(span) == "characteristics of\nthe Russian"


def test_a_span_over_sentences():
    layer = read_notation('q q1\n  content: s9-s10 "We are proud ... interested in it,"', SPUTNIK, "a")
    assert layer.quotes[0].content[0].text == SPUTNIK.text[1201:1348]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("s99\ne Kim | PERSON | kim", "no sentence s99"),
        ("s4\ne wo | CARDINAL", "not in s4 at token boundaries"),
        ("e Kim | PERSON | kim", "no sentence yet"),
        ("s1\nKim", "not a decision"),
        ("q q1\n  says: s1 Kim", "unknown field 'says'"),
        ("q q1\n  source: s1 Kim", "has no content"),
        ("c c1\n  span: s1 Kim", "needs a 'type'"),
        ("q q1\n  content: @90-80", "not in the text"),
        ("c c1\n  span: s1 Kim\n  type: fact\n  type: opinion", "given 2 times"),
    ],
)
def test_what_cannot_be_understood_is_named(line, expected):
    with pytest.raises(InputError, match=expected):
        read_notation(line, SPUTNIK, "a")


def test_ambiguous_surfaces_need_a_number():
    with pytest.raises(InputError, match="stands in s2 2 times"):
        read_notation("s2\ne Russian | NORP | russia", SPUTNIK, "a")
    layer = read_notation("s2\ne Russian#2 | NORP | russia", SPUTNIK, "a")
    assert SPUTNIK.text[layer.mentions[0].start :].startswith("Russian President")


def test_all_problems_are_reported_with_their_lines():
    with pytest.raises(InputError) as caught:
        read_notation("s1\ne Nobody | PERSON | x\n\ne Nothing | GPE | y", SPUTNIK, "a")
    assert [p.line for p in caught.value.problems] == [2, 4]


SPANS = st.sampled_from(sorted(DOCUMENTS)).flatmap(
    lambda name: st.tuples(
        st.just(DOCUMENTS[name]),
        st.tuples(st.integers(0, len(DOCUMENTS[name].tokens) - 1), st.integers(1, 40)),
    )
)


@given(SPANS)
@example((DOCUMENTS["japantimes"], (404, 8)))  # begins with a bar, ends in the next sentence
def test_every_span_of_tokens_can_be_named(case):
    document, (first, length) = case
    last = min(first + length, len(document.tokens)) - 1
    start, end = document.tokens[first][0], document.tokens[last][1]
    span = Span(start, end, document.text[start:end])
    mention = Mention("m1", start, end, span.text, "ORG", "x")
    quote = Quote("q1", (span,), (span,), span, (span,), "x", None, "writing", "negative", "hypothetical")
    claim = Claim("c1", (span,), "attributed", "x", "q1", "fact", "negative", "hedged", "X is.")
    mark = Mark("k1", start, end, span.text, "scare")
    layer = Layer(document.id, "a", (mention,), (quote,), (mark,), (claim,), document.text_sha256)
    assert read_notation(write_notation(layer, document), document, "a") == layer


def test_a_place_that_no_surface_names_is_written_in_offsets():
    # The tokens of "| KCNA" hold the notation's own separator.
    japantimes = DOCUMENTS["japantimes"]
    start = japantimes.text.index("|\u00a0KCNA / VIA")
    span = Span(start, start + 12)
    assert read_notation(f"q q1\n  content: {write_place(japantimes, span)}", japantimes, "a").quotes[
        0
    ].content[0] == Span(start, start + 12, japantimes.text[start : start + 12])


def test_what_a_system_did_not_say_of_verbatim_stays_unsaid():
    span = Span(1201, 1348, SPUTNIK.text[1201:1348])
    layer = Layer("sputnik", "x", (), (Quote("q1", (span,), None),), (), (), SPUTNIK.text_sha256)
    assert "verbatim: unknown" in write_notation(layer, SPUTNIK)
    assert read_notation(write_notation(layer, SPUTNIK), SPUTNIK, "x") == layer
