"""WebAnno TSV 3.3: what is written is read again, and what INCEpTION writes, too."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from layer_strategies import annotated, make_document

from vostochny.annotations.corpus import load_gold
from vostochny.annotations.formats import load_format
from vostochny.schema.errors import InputError
from vostochny.schema.model import Claim, Document, Layer, Mark, Mention, Quote, Span

FORMAT = load_format("webanno-tsv")
GOLD = load_gold()
FIXTURES = Path(__file__).parent / "fixtures" / "webanno"

TEST = make_document("This is a test .")


def read(tsv: str, *documents: Document, file: str = "doc.tsv") -> Layer:
    (layer,) = FORMAT.read({file: tsv.encode()}, {d.id: d for d in documents or (TEST,)})
    return layer


@pytest.mark.parametrize("name", GOLD)
def test_gold_comes_back_whole(name: str) -> None:
    document, layer = GOLD.documents[name], GOLD[name]
    files = FORMAT.write([(document, layer)])
    assert list(files) == [f"{name}.tsv"]
    assert FORMAT.read(files, GOLD.documents) == [layer]
    assert FORMAT.reduce(document, layer) == layer


@settings(max_examples=300, deadline=None)
@given(annotated())
def test_any_layer_comes_back_as_far_as_the_format_holds_it(pair: tuple[Document, Layer]) -> None:
    document, layer = pair
    files = FORMAT.write([pair])
    assert FORMAT.read(files, {document.id: document}) == [FORMAT.reduce(document, layer)]
    assert FORMAT.write([pair]) == files


def test_the_table_is_written_as_the_user_guide_has_it() -> None:
    document = make_document("I like it 😊 . No\nway", sentences=((0, 13), (14, 20)))
    layer = Layer(
        "doc",
        "ana",
        mentions=(Mention("m1", 10, 11, None, "PRODUCT"), Mention("m2", 8, 11, None, "ORG", "x_1", None)),
        marks=(Mark("k1", 3, 5, None, "scare"),),
    )
    (tsv,) = FORMAT.write([(document, layer)]).values()
    assert tsv.decode() == (
        "#FORMAT=WebAnno TSV 3.3\n"
        "#T_SP=webanno.custom.About|annotator|parts|schema_version\n"
        "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value\n"
        "#T_SP=webanno.custom.Mention|id|metonym_for\n"
        "#T_SP=webanno.custom.Mark|id|value\n"
        "\n"
        "\n"
        "#Text=I like it 😊 .\n"
        "1-1\t0-1\tI\tana\tmentions marks\t1.0.0\t_\t_\t_\t_\t_\t_\t\n"
        "1-2\t2-6\tlike\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n"
        "1-2.1\t3-5\tik\t_\t_\t_\t_\t_\t_\t_\tk1\tscare\t\n"
        "1-3\t7-9\tit\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n"
        "1-3.1\t8-9\tt\t_\t_\t_\tx\\_1[1]\tORG[1]\tm2[2]\t*[2]\t_\t_\t\n"
        "1-4\t10-12\t😊\t_\t_\t_\t*[3]|x\\_1[1]\tPRODUCT[3]|ORG[1]\tm1[4]|m2[2]\t*[4]|*[2]\t_\t_\t\n"
        "1-5\t13-14\t.\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n"
        "\n"
        "#Text=No\n"
        "#Text=way\n"
        "2-1\t15-17\tNo\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n"
        "2-2\t18-21\tway\t_\t_\t_\t_\t_\t_\t_\t_\t_\t\n"
    )


def test_relations_point_from_the_content_to_the_other_pieces() -> None:
    document = make_document("He said no , and left .")
    quote = Quote("q1", (Span(8, 10),), source=Span(0, 2), cue=(Span(3, 7), Span(17, 21)), speaker="kim")
    (tsv,) = FORMAT.write([(document, Layer("doc", "ana", quotes=(quote,)))]).values()
    rows = [line.split("\t") for line in tsv.decode().split("\n") if line[:1] == "1"]
    assert {row[2]: row[-3:-1] for row in rows if row[-3] != "_"} == {
        "He": ["source", "1-3"],
        "said": ["cue", "1-3"],
        "left": ["next", "1-2"],
    }


def test_several_layers_of_a_document_are_files_of_their_own() -> None:
    pairs = [(TEST, Layer("doc", name, mentions=(Mention(name, 0, 4, None, "ORG"),))) for name in ("a", "b")]
    files = FORMAT.write(pairs)
    assert list(files) == ["doc.tsv", "doc.2.tsv"]
    assert FORMAT.read(files, {"doc": TEST}) == [FORMAT.reduce(TEST, layer) for _, layer in pairs]


def test_a_span_of_white_space_is_refused() -> None:
    with pytest.raises(InputError, match=r"\$\.marks\[0\]: \[touches-no-token\]"):
        FORMAT.write([(TEST, Layer("doc", "ana", marks=(Mark("k1", 4, 5, None, "scare"),)))])
    with pytest.raises(InputError, match=r"\$\.marks\[0\]: \[offset-range\] found \[4, 99\)"):
        FORMAT.write([(TEST, Layer("doc", "ana", marks=(Mark("k1", 4, 99, None, "scare"),)))])


HEAD = "#FORMAT=WebAnno TSV 3.3\n"
NER = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|value\n"


def rows(*cells: str) -> str:
    """The table of the test sentence, with these cells."""
    words = ("1-1\t0-4\tThis", "1-2\t5-7\tis", "1-3\t8-9\ta", "1-4\t10-14\ttest", "1-5\t15-16\t.")
    return "\n\n#Text=This is a test .\n" + "".join(
        f"{word}\t{cell}\t\n" for word, cell in zip(words, cells, strict=True)
    )


def test_only_named_entities_of_another_project() -> None:
    layer = read(
        HEAD + NER + rows("ORG[1]|GPE[2]", "ORG[1]", "_", "PERSON", "_"), file="annotation/doc.txt/ana.tsv"
    )
    assert layer == Layer(
        "doc",
        "",
        mentions=(
            Mention("m1", 0, 7, "This is", "ORG"),
            Mention("m2", 0, 4, "This", "GPE"),
            Mention("m3", 10, 14, "test", "PERSON"),
        ),
        text_sha256=TEST.text_sha256,
    )


def test_layers_that_are_not_ours_are_passed_over() -> None:
    header = (
        "#T_SP=webanno.custom.SimpleSpan|\n"
        "#T_SP=webanno.custom.Frame|FE|ROLE_webanno.custom.Frame:Roles_webanno.custom.Link|webanno.custom.Lu\n"
        "#T_CH=de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink|referenceType|referenceRelation\n"
        "#T_RL=webanno.custom.Relation|value|BT_webanno.custom.SimpleSpan\n"
    )
    others = "*[1]\tx\ta;b\t1-1;1-2[4]\tpr[1]\tcoref->1-1\t*\t1-1[0_1]"
    empty = "_\t_\t_\t_\t_\t_\t_\t_"
    columns = [f"{other}\t{ner}" for other, ner in zip([others, *[empty] * 4], "___G_", strict=True)]
    layer = read(HEAD + header + NER + rows(*columns).replace("\tG\t", "\tGPE\t"))
    assert layer.mentions == (Mention("m1", 10, 14, "test", "GPE"),)
    assert layer.quotes is None


QUOTES = (
    "#T_SP=webanno.custom.Quote|speaker|value\n"
    "#T_RL=webanno.custom.QuoteRelation|value|BT_webanno.custom.Quote\n"
)


def test_quotes_drawn_by_hand_take_defaults_and_numbers() -> None:
    layer = read(
        HEAD
        + QUOTES
        + rows(
            "*\tsource\tsource\t1-3[0_0]",
            "*\tcue\t*\t1-3",
            "kim[3]|*[4]\tcontent[3]|verbatim[4]\t_\t_",
            "kim[3]\tcontent[3]\t_\t_",
            "_\t_\t_\t_",
        )
        .replace("\tsource\t1-3[0_0]", "\tsource\t1-3[3_0]")
        .replace("*\t1-3\t", "*\t1-3[3_0]\t")
    )
    assert layer.quotes == (
        Quote(
            "q1",
            (Span(8, 14, "a test"),),
            verbatim=(Span(8, 9, "a"),),
            source=Span(0, 4, "This"),
            cue=(Span(5, 7, "is"),),
            speaker="kim",
        ),
    )
    assert layer.marks == ()


def test_claims_drawn_by_hand_are_told_by_their_claimer() -> None:
    header = "#T_SP=webanno.custom.Claim|claimer\n"
    layer = read(HEAD + header + rows("kim", "*", "_", "author", "_"))
    assert layer.claims == (
        Claim("c1", (Span(0, 4, "This"),), voice="attributed", claimer="kim"),
        Claim("c2", (Span(5, 7, "is"),)),
        Claim("c3", (Span(10, 14, "test"),)),
    )


def test_the_document_is_told_by_file_name_or_text() -> None:
    twin = replace(TEST, id="twin")
    other = make_document("Something else .", "other")
    tsv = HEAD + NER + rows("ORG", "_", "_", "_", "_")
    assert read(tsv, other, TEST, twin, file="in/twin.tsv").document == "twin"
    assert read(tsv, other, TEST, twin, file="export/twin.txt/ana.tsv").document == "twin"
    assert read(tsv, other, TEST, file="x.tsv").document == "doc"
    with pytest.raises(
        InputError, match=r"^other\.tsv: \[other-text\].*at code point 0 found 'This is a test \.'"
    ):
        read(tsv, other, file="other.tsv")
    with pytest.raises(InputError, match=r"^x\.tsv: \[unknown-document\].*vostochny add"):
        read(tsv, other, file="x.tsv")


def test_gaps_between_sentences_are_white_space_of_any_kind() -> None:
    document = make_document("\n\nOne .\n\nTwo .\n", sentences=((2, 7), (9, 14)))
    tsv = HEAD + NER + "\n\n#Text=One .\n1-1\t2-5\tOne\tORG\n1-2\t6-7\t.\t_\n\n#Sentence.id=s2\n#Text=Two .\n"
    assert read(tsv + "2-1\t9-12\tTwo\t_\n2-2\t13-14\t.\t_\n", document).mentions == (
        Mention("m1", 2, 5, "One", "ORG"),
    )


def test_windows_line_ends_are_read() -> None:
    tsv = (HEAD + NER + rows("ORG", "_", "_", "_", "_")).replace("\n", "\r\n")
    assert read(tsv).mentions == (Mention("m1", 0, 4, "This", "ORG"),)


BROKEN = {path.stem: path for path in sorted(FIXTURES.glob("*.tsv"))}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused_with_their_line(name: str) -> None:
    """Each fixture breaks one rule; what is expected stands beside it, in ``expected.txt``."""
    expected = dict(line.split("\t", 1) for line in (FIXTURES / "expected.txt").read_text().splitlines())
    with pytest.raises(InputError) as refused:
        FORMAT.read({f"{name}.tsv": BROKEN[name].read_bytes()}, {"doc": TEST})
    assert str(refused.value) == expected[name]
