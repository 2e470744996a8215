import pytest

from vostochny.annotations.corpus import load_documents
from vostochny.baselines.quotes_crf import QuotesCrf
from vostochny.baselines.quotes_marks import QuotesMarks
from vostochny.baselines.quotes_rules import QuotesRules
from vostochny.schema.model import Document, Layer, Quote, Region, Span
from vostochny.schema.quotation import quote_kind
from vostochny.schema.text import TextIndex, tokenize

DOCUMENTS = load_documents()


def document(*lines: str, id: str = "hand-made") -> Document:
    """Each line is a paragraph of one sentence."""
    text = "\n".join(lines)
    pairs, start = [], 0
    for line in lines:
        pairs.append((start, start + len(line)))
        start += len(line) + 1
    regions = tuple(Region(a, b, "body") for a, b in pairs)
    return Document(id, text, regions, tuple(pairs), tokenize(text), f"sha of {text}")


def rules(*lines: str) -> tuple[Quote, ...]:
    return QuotesRules().extract(document(*lines)).quotes or ()


def texts(spans: tuple[Span, ...]) -> list[str | None]:
    return [s.text for s in spans]


@pytest.mark.parametrize(
    ("line", "content", "source", "cue"),
    [
        ("Anna Holm said on Monday that prices would fall.", ["prices would fall"], "Anna Holm", ["said"]),
        ("“We will not give up,” Anna Holm said.", ["“We will not give up,”"], "Anna Holm", ["said"]),
        (
            "“It is a great day,” said Anna Holm, “and we are proud of it.”",
            ["“It is a great day,”", "“and we are proud of it.”"],
            "Anna Holm",
            ["said"],
        ),
        ("The plan failed, the ministry reported.", ["The plan failed"], "the ministry", ["reported"]),
        ("According to Anna Holm, the plan failed.", ["the plan failed"], "Anna Holm", ["According to"]),
        (
            "The plan failed, according to two officials.",
            ["The plan failed"],
            "two officials",
            ["according to"],
        ),
        ("“It is,” she told the BBC, “a beginning.”", ["“It is,”", "“a beginning.”"], "she", ["told"]),
        ("Critics say the money was lost, citing two reports.", ["the money was lost"], "Critics", ["say"]),
        ("The plan hurt Anna Holm, who said that it failed.", ["it failed"], "Anna Holm", ["said"]),
        ("The minister promised to help Greece.", ["to help Greece"], "The minister", ["promised"]),
        ("He called the deal “a very good one”.", ["the deal “a very good one”"], "He", ["called"]),
        (
            "The king did not say whether he would sign.",
            ["whether he would sign"],
            "The king",
            ["did not say"],
        ),
        ("She expressed hope that the war would end.", ["the war would end"], "She", ["expressed hope"]),
        (
            "The club has told the paper: “No comment today.”",
            ["“No comment today.”"],
            "The club",
            ["has told"],
        ),
    ],
)
def test_one_report(line: str, content: list[str], source: str, cue: list[str]) -> None:
    (quote,) = rules(line)
    assert (texts(quote.content), quote.source and quote.source.text, texts(quote.cue)) == (
        content,
        source,
        cue,
    )


def test_elided_subject_begins_a_new_quote_of_the_same_speaker() -> None:
    first, second = rules("Anna Holm said prices would fall, adding that she was glad.")
    assert texts(first.content) == ["prices would fall"]
    assert texts(second.content) == ["she was glad"]
    assert first.speaker == second.speaker == "Anna Holm"


def test_nested_and_passive() -> None:
    outer, inner = rules("Anna Holm was quoted by Reuters as saying the plan failed.")
    assert (texts(outer.content), texts(outer.cue)) == (
        ["Anna Holm", "saying the plan failed"],
        ["was quoted", "as"],
    )
    assert (outer.speaker, outer.medium) == ("Reuters", "writing")
    assert (inner.within, inner.speaker, texts(inner.content)) == (outer.id, "Anna Holm", ["the plan failed"])


@pytest.mark.parametrize(
    ("source", "speaker"),
    [
        ("Holm", "Anna Holm"),
        ("She", "Anna Holm"),
        ("The Danish minister", "Anna Holm"),
        ("Mrs. Holm", "Anna Holm"),
        ("The Kremlin", "Kremlin"),
        ("An official", "unnamed"),
        ("Several experts", "unnamed"),
    ],
)
def test_speakers_are_resolved_over_the_article(source: str, speaker: str) -> None:
    quotes = rules("Danish minister Anna Holm visited Kenya.", f"{source} said that prices fell.")
    assert [q.speaker for q in quotes] == [speaker]


def test_polarity_and_status() -> None:
    (denied,) = rules("Anna Holm did not say that prices fell.")
    (possible,) = rules("Anna Holm could say that prices fell.")
    assert (denied.polarity, denied.status) == ("negative", "actual")
    assert (possible.polarity, possible.status) == ("positive", "hypothetical")


def test_quoted_sentence_without_cue_goes_on_with_the_speaker() -> None:
    first, second = rules("“Prices fell again,” Anna Holm said.", "“We are very glad.”")
    assert (second.source, second.cue, second.speaker) == (None, (), first.speaker)


def test_no_reports() -> None:
    assert rules("Workers built a bridge.", "The “old” bridge fell.") == ()


def test_marks_takes_three_words_or_more() -> None:
    doc = document('He likes “old bridges” and "very old bridges" a lot.')
    (quote,) = QuotesMarks().extract(doc).quotes or ()
    assert texts(quote.content) == ['"very old bridges"']
    assert quote.verbatim == quote.content
    assert quote_kind(TextIndex(doc), quote) == "direct"


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
@pytest.mark.parametrize("extractor", [QuotesMarks(), QuotesRules()])
def test_spans_are_whole_tokens(name: str, extractor: QuotesMarks | QuotesRules) -> None:
    doc = DOCUMENTS[name]
    index = TextIndex(doc)
    quotes = extractor.extract(doc).quotes or ()
    assert quotes
    for quote in quotes:
        spans = [*quote.content, *quote.cue, *([quote.source] if quote.source else [])]
        assert all(index.aligned(s) and doc.slice(s) == s.text for s in spans)
        assert all(a.end <= b.start for a, b in zip(quote.content, quote.content[1:], strict=False))


def test_crf_learns_content_cue_and_source() -> None:
    names = ["Anna Holm", "Berta Lund", "Clara Berg", "Dora Dahl", "Emma Vik", "Frieda Moe"]
    train = document(*(f"{name} said that prices fell again." for name in names), id="train")
    quotes = []
    for n, (start, _) in enumerate(train.sentences):
        end = start + len(names[n])
        content = train.text.index("prices", start)
        quotes.append(
            Quote(
                f"q{n}",
                (Span(content, content + len("prices fell again")),),
                source=Span(start, end),
                cue=(Span(end + 1, end + 5),),
            )
        )
    crf = QuotesCrf()
    crf.fit([train], [Layer("train", "hand", quotes=tuple(quotes))])
    (quote,) = crf.extract(document("Gerda Lie said that prices fell again.")).quotes or ()
    assert texts(quote.content) == ["prices fell again"]
    assert (texts(quote.cue), quote.source and quote.source.text) == (["said"], "Gerda Lie")
    assert quote.speaker == "Gerda Lie"
