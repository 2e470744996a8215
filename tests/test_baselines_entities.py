from itertools import pairwise

import pytest

from vostochny.annotations.corpus import load_documents
from vostochny.baselines.entities_crf import EntitiesCrf
from vostochny.baselines.entities_rules import EntitiesRules
from vostochny.baselines.values import values
from vostochny.schema.model import Document, Layer, Mention, Region
from vostochny.schema.text import TextIndex, tokenize

DOCUMENTS = load_documents()


def document(*lines: str, id: str = "hand-made", kind: str = "body") -> Document:
    """Each line is a paragraph of one sentence."""
    text = "\n".join(lines)
    pairs, start = [], 0
    for line in lines:
        pairs.append((start, start + len(line)))
        start += len(line) + 1
    regions = tuple(Region(a, b, kind) for a, b in pairs)
    return Document(id, text, regions, tuple(pairs), tokenize(text), f"sha of {text}")


def found(*lines: str) -> list[tuple[str, str]]:
    return [(m.text or "", m.type) for m in EntitiesRules().extract(document(*lines)).mentions or ()]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # Guidelines 1.1: no article, no title, no possessive; demonyms by themselves.
        (
            "The French President Emmanuel Macron met Chancellor Angela Merkel in Berlin.",
            [
                ("French", "NORP"),
                ("Emmanuel Macron", "PERSON"),
                ("Angela Merkel", "PERSON"),
                ("Berlin", "GPE"),
            ],
        ),
        ("It hurt Greece's banks and the Kremlin.", [("Greece", "GPE"), ("Kremlin", "ORG")]),
        # An organisation inside another is its own mention.
        (
            "She left the Institute of Art and Design of the French Academy of Sciences.",
            [("Institute of Art and Design", "ORG"), ("French Academy of Sciences", "ORG")],
        ),
        # Hyphens join names; a name with a hyphen stays whole.
        (
            "Then Moon Jae-in spoke of the US-China talks.",
            [("Moon Jae-in", "PERSON"), ("US", "GPE"), ("China", "GPE")],
        ),
        ("They saw the F-16 over the Black Sea.", [("F-16", "PRODUCT"), ("Black Sea", "LOC")]),
        (
            "He spoke fluent Italian, and the Italian cook left.",
            [("Italian", "LANGUAGE"), ("Italian", "NORP")],
        ),
        # A capital at the start of a sentence is no name.
        ("Prices rose again.", []),
        ("Nobody came, but May may come in May.", [("May", "DATE")]),
    ],
)
def test_names(line: str, expected: list[tuple[str, str]]) -> None:
    assert found(line) == expected


def test_single_surname_and_headline_follow_the_full_name() -> None:
    lines = (
        "Keita Visits Senegal for Talks Again",
        "Then Ibrahim Keita arrived.",
        "Keita left the same day.",
    )
    people = [text for text, label in found(*lines) if label == "PERSON"]
    assert people == ["Keita", "Ibrahim Keita", "Keita"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on Tuesday, May 3, 2011", [("Tuesday, May 3, 2011", "DATE")]),
        ("a 45-year-old man", [("45-year-old", "DATE")]),
        ("for about two hours", [("about two hours", "TIME")]),
        ("at 11:30 am", [("11:30 am", "TIME")]),
        ("rose 3.5 percent", [("3.5 percent", "PERCENT")]),
        ("cost $2.5 billion", [("$2.5 billion", "MONEY")]),
        ("nearly 300 kilometers away", [("nearly 300 kilometers", "QUANTITY")]),
        ("the second of three men", [("second", "ORDINAL"), ("three", "CARDINAL")]),
        ("1,200 people", [("1,200", "CARDINAL")]),
        ("nobody knows", []),
    ],
)
def test_values(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[a:b], label) for a, b, label in values(text)] == expected


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_mentions_are_whole_tokens_and_do_not_overlap(name: str) -> None:
    doc = DOCUMENTS[name]
    mentions = EntitiesRules().extract(doc).mentions or ()
    index = TextIndex(doc)
    assert len(mentions) > 20
    assert all(index.aligned(m.span) and doc.text[m.start : m.end] == m.text for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))


def test_crf_learns_what_it_was_shown() -> None:
    lines = [f"Today {name} met the king." for name in ("Anna", "Berta", "Clara", "Dora", "Emma", "Frieda")]
    train = document(*lines, id="train")
    starts = [train.text.index(name) for name in ("Anna", "Berta", "Clara", "Dora", "Emma", "Frieda")]
    ends = [train.text.index(" met", start) for start in starts]
    mentions = tuple(
        Mention(f"m{n}", a, b, None, "PERSON") for n, (a, b) in enumerate(zip(starts, ends, strict=True))
    )
    crf = EntitiesCrf()
    crf.fit([train], [Layer("train", "hand", mentions=mentions)])
    out = crf.extract(document("Today Gerda met the king."))
    assert [(m.text, m.type) for m in out.mentions or ()] == [("Gerda", "PERSON")]


def test_crf_without_a_single_mention_predicts_none() -> None:
    crf = EntitiesCrf()
    crf.fit([document("Nothing here.", id="train")], [Layer("train", "hand", mentions=())])
    assert crf.extract(document("Nothing there.")).mentions == ()
