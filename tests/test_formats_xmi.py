"""UIMA CAS XMI: what is written is read again, what INCEpTION writes, too, and attacks come to nothing."""

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import cassis
import pytest
from hypothesis import given, settings
from layer_strategies import annotated, make_document

from vostochny.annotations import format_xmi_reading
from vostochny.annotations.corpus import load_gold
from vostochny.annotations.formats import load_format
from vostochny.schema.errors import InputError
from vostochny.schema.model import Claim, Document, Layer, Mark, Mention, Quote, Span

FORMAT = load_format("xmi")
GOLD = load_gold()
FIXTURES = Path(__file__).parent / "fixtures" / "xmi"

TEST = make_document("This is 🚀 test .")
KNOWN = {"doc": TEST}


@pytest.mark.parametrize("name", GOLD)
def test_gold_comes_back_whole(name: str) -> None:
    document, layer = GOLD.documents[name], GOLD[name]
    files = FORMAT.write([(document, layer)])
    assert list(files) == ["TypeSystem.xml", f"{name}.xmi"]
    assert FORMAT.read(files, GOLD.documents) == [layer]
    assert FORMAT.reduce(document, layer) == layer


def test_gold_is_written_into_one_folder() -> None:
    files = FORMAT.write([(GOLD.documents[name], layer) for name, layer in GOLD.items()])
    assert FORMAT.read(files, GOLD.documents) == list(GOLD.values())


@settings(max_examples=200, deadline=None)
@given(annotated())
def test_any_layer_comes_back_as_far_as_the_format_holds_it(pair: tuple[Document, Layer]) -> None:
    document, layer = pair
    files = FORMAT.write([pair])
    assert FORMAT.read(files, {document.id: document}) == [FORMAT.reduce(document, layer)]
    assert FORMAT.write([pair]) == files


def test_offsets_are_java_s() -> None:
    layer = Layer(
        "doc", "ana", mentions=(Mention("m1", 8, 9, None, "PRODUCT"), Mention("m2", 10, 14, None, "ORG"))
    )
    files = FORMAT.write([(TEST, layer)])
    lines = [line for line in files["doc.xmi"].decode().split("\n") if "NamedEntity" in line]
    assert [line.split('begin="')[1].split('"')[0] for line in lines] == ["8", "11"]
    assert [line.split('end="')[1].split('"')[0] for line in lines] == ["10", "15"]


def test_other_tools_find_the_annotations() -> None:
    quote = Quote("q1", (Span(10, 14),), source=Span(0, 4), speaker="kim")
    layer = Layer("doc", "ana", quotes=(quote,))
    files = FORMAT.write([(TEST, layer)])
    types = cassis.load_typesystem(BytesIO(files["TypeSystem.xml"]))
    cas = cassis.load_cas_from_xmi(BytesIO(files["doc.xmi"]), typesystem=types)
    (relation,) = cas.select("webanno.custom.QuoteRelation")
    assert relation.value == "source"
    assert relation.Governor.get_covered_text() == "test"
    assert relation.Dependent.get_covered_text() == relation.get_covered_text() == "This"
    assert relation.Governor.speaker == "kim"


def test_a_span_outside_the_text_is_refused() -> None:
    with pytest.raises(InputError, match=r"\$\.marks\[0\]: \[offset-range\] found \[4, 99\)"):
        FORMAT.write([(TEST, Layer("doc", "ana", marks=(Mark("k1", 4, 99, None, "scare"),)))])


def test_a_quote_within_none_is_refused() -> None:
    quote = Quote("q1", (Span(0, 4),), within="q9")
    with pytest.raises(InputError, match=r"\$\.quotes\[0\]\.within: \[unresolved-reference\]"):
        FORMAT.write([(TEST, Layer("doc", "ana", quotes=(quote,)))])


INCEPTION = """<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:tcas="http:///uima/tcas.ecore"
 xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"
 xmlns:type3="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore"
 xmlns:type4="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore"
 xmlns:type5="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore"
 xmlns:custom="http:///webanno/custom.ecore" xmi:version="2.0">
    <cas:NULL xmi:id="0"/>
    <type4:NamedEntity xmi:id="70" sofa="12" begin="11" end="15" value="ORG" identifier=""/>
    <type4:NamedEntity xmi:id="71" sofa="12" begin="0" end="4" value="GPE" identifier="russia"/>
    <type3:DocumentMetaData xmi:id="1" sofa="12" begin="0" end="17" language="en"
     documentId="doc.txt" isLastSegment="false"/>
    <type5:Token xmi:id="19" sofa="12" begin="0" end="4"/>
    <type5:Sentence xmi:id="64" sofa="12" begin="0" end="17"/>
    <cas:Sofa xmi:id="12" sofaNum="1" sofaID="_InitialView" mimeType="text"
     sofaString="This is &#128640; test ."/>
    <cas:View sofa="12" members="1 19 64 70 71"/>
</xmi:XMI>
"""
MENTIONS = (Mention("m2", 0, 4, "This", "GPE", "russia"), Mention("m1", 10, 14, "test", "ORG"))


def test_only_named_entities_of_another_project() -> None:
    (layer,) = FORMAT.read({"export/ana.xmi": INCEPTION.encode()}, KNOWN)
    assert layer == Layer("doc", "", mentions=MENTIONS, text_sha256=TEST.text_sha256)


def test_the_type_system_beside_a_file_is_used() -> None:
    types = (FIXTURES / "types" / "other-order.xml").read_bytes()
    more = INCEPTION.replace('value="ORG"', 'value="ORG" certainty="high"').encode()
    files = {"in/one/TypeSystem.xml": types, "in/one/ana.xmi": more, "in/two/ana.xmi": INCEPTION.encode()}
    assert [layer.mentions for layer in FORMAT.read(files, KNOWN)] == [MENTIONS, MENTIONS]
    assert [layer.mentions for layer in FORMAT.read({"ana.xmi": more}, KNOWN)] == [MENTIONS]
    with pytest.raises(InputError, match=r"^ana\.xmi:8: \[bad-xmi\].*'colour'.*give the TypeSystem\.xml"):
        FORMAT.read({"TypeSystem.xml": types, "ana.xmi": more.replace(b"certainty", b"colour")}, KNOWN)


def test_an_exported_archive_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ana.xmi", INCEPTION)
        archive.writestr("TypeSystem.xml", (FIXTURES / "types" / "other-order.xml").read_bytes())
        archive.writestr("readme.txt", "no XML")
    files = {"annotation/doc.txt/ana.zip": packed.getvalue()}
    assert [layer.mentions for layer in FORMAT.read(files, KNOWN)] == [MENTIONS]
    with pytest.raises(InputError, match=r"^x\.zip: \[bad-archive\] can't be unpacked"):
        FORMAT.read({"x.zip": packed.getvalue()[:-30]}, KNOWN)
    monkeypatch.setattr(format_xmi_reading, "MAX_UNPACKED", 1000)
    with pytest.raises(InputError, match=r"ana\.zip: \[bad-archive\] holds more than 1000 bytes"):
        FORMAT.read(files, KNOWN)


CUSTOM = """    <custom:Quote xmi:id="80" sofa="12" begin="8" end="10" speaker="kim" value="content"/>
    <custom:Quote xmi:id="81" sofa="12" begin="0" end="4" value="source"/>
    <custom:Quote xmi:id="82" sofa="12" begin="11" end="15" value="content"/>
    <custom:Quote xmi:id="83" sofa="12" begin="5" end="7" value="cue"/>
    <custom:QuoteRelation xmi:id="84" sofa="12" begin="0" end="4" Governor="80" Dependent="81"/>
    <custom:QuoteRelation xmi:id="85" sofa="12" begin="8" end="10" Governor="83" Dependent="80" value="cue"/>
    <custom:QuoteRelation xmi:id="86" sofa="12" begin="0" end="4" value="source"
     Governor="82" Dependent="81"/>
    <custom:Claim xmi:id="87" sofa="12" begin="0" end="4" value="opinion"/>
"""


def drawn(more: str, ids: str) -> bytes:
    text = INCEPTION.replace("    <cas:Sofa", more + "    <cas:Sofa").replace('64 70 71"', f'64 {ids}"')
    return text.encode()


def test_quotes_drawn_by_hand_share_a_source() -> None:
    (layer,) = FORMAT.read({"ana.xmi": drawn(CUSTOM, "80 81 82 83 84 85 86 87")}, KNOWN)
    this = Span(0, 4, "This")
    assert layer.quotes == (
        Quote("q1", (Span(8, 9, "🚀"),), source=this, cue=(Span(5, 7, "is"),), speaker="kim"),
        Quote("q2", (Span(10, 14, "test"),), source=this),
    )
    assert layer.claims == (Claim("c1", (this,), type="opinion"),)
    assert (layer.mentions, layer.marks) == (None, ())


def test_text_may_differ_in_what_xml_and_inception_change() -> None:
    document = make_document("One\x01.\n\nTwo\x0b.", "doc")
    layer = Layer("doc", "a\x00b", mentions=(Mention("m1", 7, 10, "Two", "ORG"),))
    files = FORMAT.write([(document, layer)])
    assert b"One .&#10;&#10;Two ." in files["doc.xmi"]
    expected = [replace(layer, annotator="a\ufffdb", text_sha256=document.text_sha256)]
    assert FORMAT.read(files, {"doc": document}) == expected
    files["doc.xmi"] = files["doc.xmi"].replace(b"&#10;&#10;", b"&#10; ")
    assert FORMAT.read(files, {"doc": document}) == expected
    files["doc.xmi"] = files["doc.xmi"].replace(b"Two", b"Too")
    with pytest.raises(InputError, match=r"\[other-text\].*at code point 8 found 'oo"):
        FORMAT.read(files, {"doc": document})


def test_entities_of_a_document_type_are_never_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("This is 🚀 test .", encoding="utf-8")
    bomb = "<!DOCTYPE x [<!ENTITY a '" + "x" * 1000 + "'>"
    bomb += "".join(f"<!ENTITY {b} '{f'&{a};' * 100}'>" for a, b in zip("abcdefg", "bcdefgh", strict=True))
    for doctype in (bomb + "]>", f'<!DOCTYPE x [<!ENTITY h SYSTEM "{secret.as_uri()}">]>'):
        text = INCEPTION.replace("?><xmi", f"?>\n{doctype}<xmi").replace("This is &#128640; test .", "&h;")
        with pytest.raises(InputError, match=r"^ana\.xmi:2: \[xml-doctype\]"):
            FORMAT.read({"ana.xmi": text.encode()}, KNOWN)
        types = f'<?xml version="1.0"?>\n{doctype}<typeSystemDescription>&h;</typeSystemDescription>'
        with pytest.raises(InputError, match=r"^TypeSystem\.xml:2: \[xml-doctype\]"):
            FORMAT.read({"TypeSystem.xml": types.encode(), "ana.xmi": INCEPTION.encode()}, KNOWN)


def test_an_unknown_text_is_named() -> None:
    with pytest.raises(InputError, match=r"^ana\.xmi: \[unknown-document\].*vostochny add"):
        FORMAT.read({"ana.xmi": INCEPTION.encode()}, {"x": make_document("Something else.", "x")})


BROKEN = {path.name: path for path in sorted(FIXTURES.glob("*.x*"))}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused_with_their_line(name: str) -> None:
    """Each fixture breaks one rule; what is expected stands beside it, in ``expected.txt``."""
    expected = dict(line.split("\t", 1) for line in (FIXTURES / "expected.txt").read_text().splitlines())
    with pytest.raises(InputError) as refused:
        FORMAT.read({name: BROKEN[name].read_bytes()}, KNOWN)
    assert str(refused.value) == expected[name]
