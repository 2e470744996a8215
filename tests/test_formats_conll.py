"""CoNLL-2003 columns in every scheme of tags, in other tokenisations, and broken."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vostochny.annotations import load_gold
from vostochny.annotations.add import make_document
from vostochny.annotations.format_conll import FORMAT
from vostochny.eval.conll4 import CONLL4
from vostochny.schema.errors import InputError
from vostochny.schema.model import Layer, Mention

TEXT = "Kim Jong Un 😀 met Putin in Tsiolkovsky, Amur Oblast.\nThe U.S. watched.\n"
DOCUMENT = make_document(TEXT.encode(), file="x.txt", id="x")
GOLD = load_gold()


def read(source, name="x.conll", documents=None):
    return FORMAT.read({name: source.encode()}, documents or {"x": DOCUMENT})


def mentions(source):
    (layer,) = read(source)
    return [(m.text, m.type) for m in layer.mentions]


def columns(*rows, sep=" "):
    return "".join(f"{row.replace(' ', sep)}\n" for row in rows)


def tagged(*tags):
    """The text's tokens with these tags, the rest outside; sentences apart."""
    rows = []
    tags = [*tags, *["O"] * (len(DOCUMENT.tokens) - len(tags))]
    ends = {start for start, _ in DOCUMENT.sentences[1:]}
    for (start, end), tag in zip(DOCUMENT.tokens, tags, strict=True):
        rows += [""] if start in ends else []
        rows.append(f"{TEXT[start:end]} -X- O {tag}")
    return columns(*rows)


def test_written_are_four_columns_in_iob2_with_sentences():
    layer = Layer("x", "a", mentions=(Mention("m1", 0, 11, None, "PERSON", "kim-jong-un"),))
    lines = FORMAT.write([(DOCUMENT, layer)])["x.conll"].decode().split("\n")
    assert lines[:7] == [
        "-DOCSTART- -X- -X- O",
        "",
        "Kim -X- O B-PERSON",
        "Jong -X- O I-PERSON",
        "Un -X- O I-PERSON",
        "😀 -X- O O",
        "met -X- O O",
    ]
    assert lines[-2:] == [". -X- O O", ""]
    assert lines.count("") == 3  # behind the start, between the sentences, the last line's end


def test_the_golds_sentences_and_tokens_are_the_documents():
    for name, gold in GOLD.items():
        document = GOLD.documents[name]
        body = FORMAT.write([(document, gold)])[f"{name}.conll"].decode().split("\n\n", 1)[1]
        sentences = [s.splitlines() for s in body.strip("\n").split("\n\n")]
        assert len(sentences) == len(document.sentences)
        words = [line.split(" ")[0] for sentence in sentences for line in sentence]
        assert words == [document.text[start:end] for start, end in document.tokens]


@pytest.mark.parametrize(
    ("scheme", "tags"),
    [
        ("IOB1", ["I-PERSON"] * 3 + ["O", "O", "I-PERSON", "O", "I-GPE", "O", "I-GPE", "I-GPE"]),
        (
            "IOB2",
            ["B-PERSON", "I-PERSON", "I-PERSON", "O", "O", "B-PERSON", "O", "B-GPE", "O", "B-GPE", "I-GPE"],
        ),
        (
            "BIOES",
            ["B-PERSON", "I-PERSON", "E-PERSON", "O", "O", "S-PERSON", "O", "S-GPE", "O", "B-GPE", "E-GPE"],
        ),
        (
            "BILOU",
            ["B-PERSON", "I-PERSON", "L-PERSON", "O", "O", "U-PERSON", "O", "U-GPE", "O", "B-GPE", "L-GPE"],
        ),
    ],
)
def test_every_scheme_of_tags_is_read(scheme, tags):
    assert mentions(tagged(*tags)) == [
        ("Kim Jong Un", "PERSON"),
        ("Putin", "PERSON"),
        ("Tsiolkovsky", "GPE"),
        ("Amur Oblast", "GPE"),
    ]


def test_neighbours_of_one_type_are_two_in_each_scheme():
    expected = [("Kim", "PERSON"), ("Jong Un", "PERSON")]
    assert mentions(tagged("I-PERSON", "B-PERSON", "I-PERSON")) == expected  # IOB1
    assert mentions(tagged("B-PERSON", "B-PERSON", "I-PERSON")) == expected  # IOB2
    assert mentions(tagged("S-PERSON", "B-PERSON", "E-PERSON")) == expected
    assert mentions(tagged("U-PERSON", "B-PERSON", "L-PERSON")) == expected


def test_another_type_and_another_sentence_start_a_mention():
    assert mentions(tagged("I-PERSON", "I-GPE")) == [("Kim", "PERSON"), ("Jong", "GPE")]
    source = tagged(*["O"] * 11, "I-DATE", "I-DATE")
    assert mentions(source) == [(".", "DATE"), ("The", "DATE")]


@pytest.mark.parametrize("sep", [" ", "\t", "  "])
def test_other_tokens_and_columns_are_read(sep):
    rows = [
        "Kim NNP B-PERSON",
        "Jong NNP I-PERSON",
        "Un NNP I-PERSON",
        "😀 SYM O",
        "met VBD O",
        "Putin NNP O",
    ]
    rows += ["in IN O", "Tsiolkovsky, NNP O", "Amur NNP O", "Oblast. NNP O", "", "The DT O", "U.S. NNP B-GPE"]
    assert mentions(columns(*rows, "watched VBD O", ". . O", sep=sep)) == [
        ("Kim Jong Un", "PERSON"),
        ("U.S.", "GPE"),
    ]


def test_dos_line_ends_are_no_words():
    assert mentions(tagged("B-PERSON").replace("\n", "\r\n")) == [("Kim", "PERSON")]


def test_documents_in_one_file_are_told_by_their_words():
    pairs = [(GOLD.documents[name], layer) for name, layer in GOLD.items()]
    whole = b"".join(FORMAT.write(pairs).values())
    layers = FORMAT.read({"eng.testa": whole}, GOLD.documents)
    assert {layer.document: layer for layer in layers} == {d.id: FORMAT.reduce(d, g) for d, g in pairs}


PLAIN = tagged()


def _dropped(row):
    return columns(*(r for r in tagged("B-PERSON").splitlines() if r != row))


@pytest.mark.parametrize(
    ("source", "line", "check", "said"),
    [
        (tagged("B-PERSON").replace("met -X- O O", "met"), 5, "bad-line", "one column"),
        (tagged("PERSON"), 1, "bad-line", "'PERSON'"),
        (tagged("X-PERSON"), 1, "bad-line", "'X-PERSON'"),
        (tagged("B-"), 1, "bad-line", "'B-'"),
        (tagged("B-PER"), 1, "unknown-label", "four types of CoNLL-2003"),
        (tagged("O", "B-MISC"), 2, "unknown-label", "'MISC'"),
        (tagged("O").replace("met", "saw"), 5, "other-text", "goes on with 'met Putin in Tsiolko'"),
        (_dropped("met -X- O O"), 5, "other-text", "found the word 'Putin'"),
        (
            PLAIN[: PLAIN.index("watched")],
            PLAIN[: PLAIN.index("watched")].count("\n"),
            "other-text",
            "goes on with 'watched.'",
        ),
        (PLAIN + "more -X- O O\n", PLAIN.count("\n") + 1, "other-text", "goes on with its end"),
        ("", None, "nothing-found", "no tokens"),
        ("-DOCSTART- -X- -X- O\n\n", None, "nothing-found", "no tokens"),
    ],
)
def test_each_violation_names_its_line(source, line, check, said):
    with pytest.raises(InputError) as caught:
        read(source)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.check) == ("x.conll", line, check)
    assert said in problem.message


def test_words_of_no_document_are_refused():
    with pytest.raises(InputError, match=r"y\.conll:1: \[unknown-document\].*vostochny add"):
        read("Nobody -X- O O\n", "y.conll")


def test_not_utf8_is_refused():
    with pytest.raises(InputError, match=r"x\.conll:1: \[not-utf8\]"):
        FORMAT.read({"x.conll": b"\xff O\n"}, {"x": DOCUMENT})


def test_of_overlapping_mentions_the_longest_is_written():
    layer = Layer(
        "x",
        "a",
        mentions=(
            Mention("m1", 0, 3, None, "PERSON"),
            Mention("m2", 0, 11, None, "ORG"),
            Mention("m3", 9, 13, None, "DATE"),
            Mention(
                "m4", TEXT.index(".\n"), TEXT.index("The") + 3, None, "LAW"
            ),  # across the end of the sentence
            Mention("m5", 19, 22, None, "GPE"),  # inside a token
        ),
    )
    held = FORMAT.reduce(DOCUMENT, layer)
    assert [(m.id, m.text, m.type) for m in held.mentions] == [
        ("m1", "Kim Jong Un", "ORG"),
        ("m2", "Putin", "GPE"),
    ]


SCHEMES = {
    "IOB2": lambda n, size: "B" if n == 0 else "I",
    "BIOES": lambda n, size: "S" if size == 1 else "B" if n == 0 else "E" if n == size - 1 else "I",
    "BILOU": lambda n, size: "U" if size == 1 else "B" if n == 0 else "L" if n == size - 1 else "I",
}


@settings(max_examples=100, deadline=None)
@given(
    scheme=st.sampled_from(["IOB1", *SCHEMES]),
    sizes=st.lists(
        st.tuples(st.integers(0, 2), st.integers(1, 3), st.sampled_from(sorted(CONLL4))), max_size=4
    ),
)
def test_chunks_survive_every_scheme(scheme, sizes):
    """Gaps, lengths and types of chunks in the first sentence, written down in a scheme by hand."""
    tags, expected = [], []
    for gap, size, kind in sizes:
        first = len(tags) + gap
        if first + size > 12:
            break
        tags += ["O"] * gap
        before = tags[-1][2:] if tags else ""
        if scheme == "IOB1":
            tags += [("B-" if before == kind else "I-") + kind, *[f"I-{kind}"] * (size - 1)]
        else:
            tags += [f"{SCHEMES[scheme](n, size)}-{kind}" for n in range(size)]
        tokens = DOCUMENT.tokens
        expected.append((TEXT[tokens[first][0] : tokens[first + size - 1][1]], kind))
    assert mentions(tagged(*tags)) == expected
