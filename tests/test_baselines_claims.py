import pytest

from vostochny.annotations.corpus import load_documents
from vostochny.baselines.claims_logreg import ClaimsLogreg
from vostochny.baselines.claims_rules import ClaimsRules
from vostochny.baselines.claims_sentences import ClaimsSentences
from vostochny.schema.model import Claim, Document, Layer, Region, Span
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


def rules(*lines: str) -> tuple[Claim, ...]:
    return ClaimsRules().extract(document(*lines)).claims or ()


def texts(claims: tuple[Claim, ...]) -> list[list[str | None]]:
    return [[s.text for s in c.spans] for c in claims]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # A relative clause is cut out of its matrix clause, a coordinated predicate begins anew.
        (
            "Anna Holm, who arrived on Monday, met the king and did not visit the museum.",
            [["Anna Holm", "met the king"], ["who arrived on Monday"], ["did not visit the museum"]],
        ),
        (
            "Prices rose sharply while wages fell, pushing thousands into debt.",
            [["Prices rose sharply"], ["wages fell"], ["pushing thousands into debt"]],
        ),
        ("After visiting Athens, the minister flew home.", [["visiting Athens"], ["the minister flew home"]]),
        ("The army and the navy are ready.", [["The army and the navy are ready"]]),
        # Cue and source are in no claim.
        ("Anna Holm said that prices fell.", [["prices fell"]]),
        (
            "Two groups, which had criticized the plan, welcomed it but warned it may fail.",
            [["Two groups", "welcomed it"], ["which had criticized the plan"], ["it may fail"]],
        ),
        # A deed is a claim of whoever reports it.
        ("Anna Holm urged others to act.", [["Anna Holm urged others to act"]]),
        # Questions and thanks assert nothing.
        ("Will the plan work?", []),
        ("Thank you for the gifts you have sent.", []),
    ],
)
def test_clauses(line: str, expected: list[list[str]]) -> None:
    assert texts(rules(line)) == expected


@pytest.mark.parametrize(
    ("line", "voice", "claimer", "type", "polarity", "certainty"),
    [
        ("Prices fell in March.", "author", "author", "fact", "positive", "asserted"),
        ("Prices did not fall.", "author", "author", "fact", "negative", "asserted"),
        ("Prices may have fallen.", "author", "author", "fact", "positive", "hedged"),
        ("Prices will fall.", "author", "author", "prediction", "positive", "asserted"),
        ("Prices fall if wages do not rise.", "author", "author", "fact", "positive", "asserted"),
        ("The plan is dangerous.", "author", "author", "opinion", "positive", "asserted"),
        (
            "Anna Holm said prices would fall.",
            "attributed",
            "Anna Holm",
            "prediction",
            "positive",
            "asserted",
        ),
        (
            "Anna Holm promised to help Greece.",
            "attributed",
            "Anna Holm",
            "prediction",
            "positive",
            "asserted",
        ),
        ("An official said prices fell.", "attributed", "unnamed", "fact", "positive", "asserted"),
    ],
)
def test_attributes(line: str, voice: str, claimer: str, type: str, polarity: str, certainty: str) -> None:
    (claim,) = rules(line)
    assert (claim.voice, claim.claimer, claim.type) == (voice, claimer, type)
    assert (claim.polarity, claim.certainty) == (polarity, certainty)


def test_every_sentence_is_a_claim_of_the_author() -> None:
    claims = ClaimsSentences().extract(document("Prices fell.", "…", "“Wages rose.”")).claims or ()
    assert texts(claims) == [["Prices fell"], ["Wages rose"]]
    assert {(c.voice, c.claimer, c.type) for c in claims} == {("author", "author", "fact")}


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
@pytest.mark.parametrize("extractor", [ClaimsSentences(), ClaimsRules()])
def test_spans_are_whole_tokens(name: str, extractor: ClaimsSentences | ClaimsRules) -> None:
    doc = DOCUMENTS[name]
    index = TextIndex(doc)
    claims = extractor.extract(doc).claims or ()
    assert len(claims) > 20
    assert len({c.id for c in claims}) == len(claims)
    for claim in claims:
        assert all(index.aligned(s) and doc.slice(s) == s.text for s in claim.spans)
        assert all(a.end <= b.start for a, b in zip(claim.spans, claim.spans[1:], strict=False))


def test_logreg_learns_which_clauses_are_claims_and_their_type() -> None:
    # Clauses with "rose" are claims, alternately of two types told by their subject; "sang" never is.
    lines = [
        f"{subject} {verb} today."
        for _ in range(4)
        for subject in ("Prices", "Spirits")
        for verb in ("rose", "sang")
    ]
    train = document(*lines, id="train")
    claims = tuple(
        Claim(f"c{n}", (Span(a, b - 1),), type="fact" if line.startswith("Prices") else "opinion")
        for n, ((a, b), line) in enumerate(zip(train.sentences, lines, strict=True))
        if "rose" in line
    )
    model = ClaimsLogreg()
    model.fit([train], [Layer("train", "hand", claims=claims)])
    out = (
        model.extract(document("Spirits rose today.", "Prices sang today.", "Prices rose today.")).claims
        or ()
    )
    assert texts(out) == [["Spirits rose today"], ["Prices rose today"]]
    assert [c.type for c in out] == ["opinion", "fact"]
    assert {c.certainty for c in out} == {"asserted"}
