"""Layer → Parquet → layer is the identity, whatever the text's script."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from vostochny.annotations import hf
from vostochny.annotations.hf_tables import NER_TAGS, build_tables
from vostochny.schema.labels import (
    CERTAINTIES,
    CLAIM_TYPES,
    ENTITY_TYPES,
    MARK_ROLES,
    MEDIA,
    POLARITIES,
    STATUSES,
    VOICES,
)
from vostochny.schema.model import Claim, Document, Layer, Links, Mark, Mention, Quote, Region, Span
from vostochny.schema.text import tokenize

# Astral letters and emoji, combining marks, NBSP, Cyrillic, right-to-left letters and marks, line breaks.
PIECES = [
    "Kim",
    "Путин",
    "𝔎𝔦𝔪",
    "🚀",
    "👩‍🚀",
    "e\u0301",
    "й",
    "\u00a0",
    "שלום",
    "مرحبا",
    "\u200f",
    "“",
    "”",
    "'s",
    ".",
    "-",
]
BREAKS = [" ", " ", "\n", "\r\n", "\u2028", ""]
IDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
NAMES = st.none() | IDS


@st.composite
def documents(draw: st.DrawFn, name: str) -> Document:
    parts = draw(
        st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(BREAKS)), min_size=1, max_size=12)
    )
    text = "".join(piece + gap for piece, gap in parts)
    tokens = tokenize(text)
    # Sentences and regions begin at tokens, so that no token crosses a border.
    starts = sorted({0, *draw(st.sets(st.sampled_from([a for a, _ in tokens] or [0]), max_size=3))})
    sentences = tuple(zip(starts, [*starts[1:], len(text)], strict=True))
    return Document(
        id=name,
        text=text,
        regions=tuple(Region(a, b, "body") for a, b in sentences),
        sentences=sentences,
        tokens=tokens,
        text_sha256="0" * 64,
    )


@st.composite
def layers(draw: st.DrawFn, document: Document) -> Layer:
    size = len(document.text)

    def cut(start: int, end: int) -> Span:
        return Span(start, end, document.text[start:end])

    spans = st.tuples(st.integers(0, size - 1), st.integers(1, size)).map(
        lambda pair: cut(min(pair[0], pair[1] - 1), max(pair[0] + 1, pair[1]))
    )
    some = st.lists(spans, max_size=3).map(tuple)
    several = st.lists(spans, min_size=1, max_size=3).map(tuple)
    # Every other border opens a name: names lie side by side and share no token.
    borders = sorted(draw(st.sets(st.integers(0, len(document.tokens)), max_size=6)))
    names = [
        cut(document.tokens[first][0], document.tokens[last - 1][1])
        for first, last in zip(borders[::2], borders[1::2], strict=False)
    ]
    quotes = st.builds(
        Quote,
        id=IDS,
        content=several,
        verbatim=st.none() | some,
        source=st.none() | spans,
        cue=some,
        speaker=NAMES,
        within=NAMES,
        medium=st.sampled_from([*MEDIA]),
        polarity=st.sampled_from([*POLARITIES]),
        status=st.sampled_from([*STATUSES]),
    )
    claims = st.builds(
        Claim,
        id=IDS,
        spans=several,
        voice=st.sampled_from([*VOICES]),
        claimer=NAMES,
        quote=NAMES,
        type=st.sampled_from([*CLAIM_TYPES]),
        polarity=st.sampled_from([*POLARITIES]),
        certainty=st.sampled_from([*CERTAINTIES]),
        proposition=NAMES,
    )
    marks = st.builds(
        lambda name, span, role: Mark(name, span.start, span.end, span.text, role),
        IDS,
        spans,
        st.sampled_from([*MARK_ROLES]),
    )
    mentions = tuple(
        Mention(
            draw(IDS),
            s.start,
            s.end,
            s.text,
            draw(st.sampled_from([*ENTITY_TYPES])),
            draw(NAMES),
            draw(NAMES),
        )
        for s in names
    )

    def part(items: st.SearchStrategy) -> st.SearchStrategy:
        return st.none() | st.lists(items, max_size=3).map(tuple)

    return Layer(
        document=document.id,
        annotator=draw(IDS),
        mentions=draw(st.none() | st.just(mentions)),
        quotes=draw(part(quotes)),
        marks=draw(part(marks)),
        claims=draw(part(claims)),
        text_sha256=document.text_sha256,
        schema_version=draw(IDS),
    )


@st.composite
def corpora(draw: st.DrawFn) -> tuple[dict[str, Document], dict[str, Layer]]:
    texts = {name: draw(documents(name)) for name in ("a", "b", "c")[: draw(st.integers(1, 3))]}
    annotated = draw(st.sets(st.sampled_from([*texts])))
    return texts, {name: draw(layers(texts[name])) for name in texts if name in annotated}


@settings(max_examples=60, deadline=None)
@given(corpora())
def test_layers_survive_parquet(corpus):
    texts, gold = corpus
    with tempfile.TemporaryDirectory() as folder:
        hf.export(Path(folder), texts, gold, Links("gold"))
        assert hf.layers_from_parquet(Path(folder)) == gold
        assert hf.check_export(Path(folder), texts, gold, Links("gold")) == []


@settings(deadline=None)
@given(corpora())
def test_tags_give_the_mentions_back(corpus):
    texts, gold = corpus
    gold = {name: layer for name, layer in gold.items() if layer.mentions is not None}
    rows = build_tables(texts, gold, Links("gold"))["entities"].to_pylist()
    assert {row["document"] for row in rows} == set(gold)
    for name, layer in gold.items():
        tagged: set[tuple[int, str]] = set()
        seen: list[tuple[int, int]] = []
        for row in (row for row in rows if row["document"] == name):
            for token, start, tag in zip(row["tokens"], row["token_starts"], row["ner_tags"], strict=True):
                assert texts[name].text[start : start + len(token)] == token
                seen.append((start, start + len(token)))
                if tag:
                    tagged.add((start, NER_TAGS[tag][2:]))
        assert tuple(seen) == texts[name].tokens
        expected = {
            (start, mention.type)
            for mention in layer.mentions or ()
            for start, end in texts[name].tokens
            if mention.start < end and start < mention.end
        }
        assert tagged == expected


def test_missing_surfaces_and_checksum_are_filled_in(tmp_path):
    document = Document("a", "Kim 🚀 said", (), ((0, 10),), ((0, 3), (4, 5), (6, 10)), "f" * 64)
    bare = Layer("a", "me", mentions=(Mention("m1", 4, 5, None, "PRODUCT"),))
    hf.export(tmp_path, {"a": document}, {"a": bare}, Links("me"))
    layer = hf.layers_from_parquet(tmp_path)["a"]
    assert layer.mentions == (Mention("m1", 4, 5, "🚀", "PRODUCT"),)
    assert layer.text_sha256 == "f" * 64
