"""What every format of other tools keeps, and the commands that write and read them."""

import hashlib
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vostochny.annotations import load_documents, load_gold
from vostochny.annotations.format_losses import fields_of, loss_lines, loss_table, losses
from vostochny.annotations.formats import TITLES, load_format
from vostochny.cli.main import cli
from vostochny.schema.errors import InputError
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.labels import (
    CERTAINTIES,
    CLAIM_TYPES,
    ENTITY_TYPES,
    LAYER_PARTS,
    MARK_ROLES,
    MEDIA,
    POLARITIES,
    STATUSES,
)
from vostochny.schema.model import Claim, Document, Layer, Mark, Mention, Quote, Region, Span
from vostochny.schema.text import tokenize

ROOT = Path(__file__).parent.parent
GOLD = load_gold()
PAIRS = [(GOLD.documents[name], layer) for name, layer in GOLD.items()]
FORMATS = list(TITLES)


def call(*arguments):
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def readable(files, form):
    """The files that are read of a folder of them."""
    return {name: data for name, data in files.items() if Path(name).suffix in form.suffixes}


@pytest.mark.parametrize("name", FORMATS)
def test_gold_comes_back_as_the_format_says(name):
    form = load_format(name)
    files = form.write(PAIRS)
    assert files == form.write(PAIRS)
    back = {layer.document: layer for layer in form.read(readable(files, form), GOLD.documents)}
    assert back == {document.id: form.reduce(document, layer) for document, layer in PAIRS}


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_held_of_what_is_held_is_all_of_it(name):
    form = load_format(name)
    for document, layer in PAIRS:
        held = form.reduce(document, layer)
        assert form.reduce(document, held) == held


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_without_losses_loses_nothing_and_others_say_what(name):
    form = load_format(name)
    gone = loss_lines(losses(PAIRS, form))
    if not form.losses:
        assert gone == []
    said = " ".join(form.losses)
    for line in gone:
        fields = re.findall(r"`(\w+)`", line) or [line.split()[-1]]
        assert any(f"`{field}`" in said for field in fields), (line, said)


# Layers that nobody would write: every item anywhere, with any name, in any text.

WORDS = st.sampled_from(
    [
        "Kim",
        "said",
        "“",
        "”",
        '"',
        "’s",
        "😀",
        "👩‍👩‍👧",
        "é",
        "é",
        "a b",
        "\n",
        "\n\n",
        "\t",
        " ",
        ".",
        "\u2028",
        "，",
    ]
)
TEXTS = st.lists(WORDS, min_size=4, max_size=25).map("".join).filter(lambda text: len(text.split()) > 1)
NAMES = st.sampled_from(["kim", "unnamed", "author", "Kim Jong Un", "100%", "a:b", "x\ty\nz", "ü😀", "#1"])
LINES = st.sampled_from(["Kim left.", "Two\nlines.", "A\ttab.", "😀 “No”.", " spaces ", "T1\tx"])


def document_of(text):
    tokens = tokenize(text)
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    sentences = tuple(line for line in lines if any(line[0] <= s and e <= line[1] for s, e in tokens))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document("x", text, (Region(0, len(text), "body"),), sentences, tokens, digest)


@st.composite
def pairs(draw):
    """A document and a layer of it."""
    text = draw(TEXTS)
    document = document_of(text)
    places = [
        Span(start, end)
        for start in range(len(text))
        for end in range(start + 1, min(start + 12, len(text)) + 1)
        if text[start:end].strip()
    ]
    span = st.sampled_from(places)
    spans = st.lists(span, min_size=1, max_size=3).map(tuple)
    some = st.lists(span, max_size=2).map(tuple)
    name = st.none() | NAMES
    ids = [f"q{n}" for n in range(draw(st.integers(0, 4)))]
    quote = st.none() | st.sampled_from(ids) if ids else st.none()

    def part(letter, make, present=None):
        items = draw(st.none() | st.lists(make, max_size=4)) if present is None else present
        return None if items is None else tuple(replace(i, id=f"{letter}{n}") for n, i in enumerate(items))

    def mention(place, kind, entity, metonym):
        return Mention("", place.start, place.end, None, kind, entity, metonym)

    def mark(place, role):
        return Mark("", place.start, place.end, None, role)

    one = st.sampled_from
    mentions = st.builds(mention, span, one(list(ENTITY_TYPES)), name, name)
    quotes = st.builds(
        Quote,
        id=st.just(""),
        content=spans,
        verbatim=st.none() | some,
        source=st.none() | span,
        cue=some,
        speaker=name,
        medium=one(list(MEDIA)),
        polarity=one(list(POLARITIES)),
        status=one(list(STATUSES)),
    )
    claims = st.builds(
        Claim,
        id=st.just(""),
        spans=spans,
        voice=one(["author", "attributed"]),
        claimer=name,
        quote=quote,
        type=one(list(CLAIM_TYPES)),
        polarity=one(list(POLARITIES)),
        certainty=one(list(CERTAINTIES)),
        proposition=st.none() | LINES,
    )
    found = draw(st.lists(quotes, min_size=len(ids), max_size=len(ids)))
    # Each lies within an earlier one, if in any: no circles.
    outer = [draw(st.none() | one(ids[:n])) if n else None for n in range(len(ids))]
    found = [replace(q, within=name) for q, name in zip(found, outer, strict=True)]
    return document, Layer(
        "x",
        draw(one(["ana", "Ben Z."])),
        part("m", mentions),
        part("q", quotes, found),
        part("k", st.builds(mark, span, one(list(MARK_ROLES)))),
        part("c", claims),
    )


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(pair=pairs())
def test_any_layer_of_any_text_comes_back_as_the_format_says(name, pair):
    form = load_format(name)
    document, layer = pair
    (back,) = form.read(readable(form.write([pair]), form), {document.id: document})
    held = form.reduce(document, layer)
    assert back == held
    assert form.reduce(document, held) == held


# Losses


def test_losses_are_counted_by_hand():
    """The layer has two mentions that overlap (tags hold one), one with an entity, and a quote."""
    document = document_of("Kim Jong Un left.")
    layer = Layer(
        "x",
        "ana",
        mentions=(Mention("a", 0, 11, None, "PERSON", "kim"), Mention("b", 0, 3, None, "PERSON", "kim")),
        quotes=(Quote("q1", (Span(0, 3),)),),
        marks=(),
    )
    found = losses([(document, layer)], load_format("conll2003"))
    assert loss_lines(found) == [
        "1 mention",
        "`id` of 1 mention",
        "`entity` of 1 mention",
        "1 quote",
        "`annotator` of 1 layer",
        "whether `marks` were done, of 1 layer",
    ]
    rows = {tuple(row[:2]): row[2] for row in loss_table([load_format("conll2003")], [(document, layer)])}
    assert rows["mentions", "`span`"] == "1 of 2"
    assert rows["mentions", "`entity`"] == "–"
    assert rows["quotes", "`content`"] == "–"
    assert rows["marks", "`role`"] == "yes"  # there is none to lose


def test_every_field_of_a_layers_items_is_compared():
    for part in LAYER_PARTS:
        value = layer_to_json(GOLD["sputnik"])[part][0]
        own = {"span" if key in ("start", "end", "text") else key for key in value}
        assert set(fields_of(part)) == own


# Commands


@pytest.mark.parametrize("name", [n for n in FORMATS if n != "conll2003"])
def test_export_and_import_bring_the_gold_back_byte_for_byte(name, tmp_path):
    out, back = tmp_path / "out", tmp_path / "back"
    assert call("export", name, "-o", out).exit_code == 0
    result = call("import", name, out, "-o", back, "--annotator", "gold")
    assert result.exit_code == 0, result.exception
    for document in GOLD:
        gold = (ROOT / "annotations/gold" / f"{document}.json").read_bytes()
        assert (back / f"{document}.json").read_bytes() == gold
    again = call("import", name, out, "-o", back, "--annotator", "gold")
    assert again.stdout.count("(unchanged)") == 5


def test_export_says_what_is_lost_of_the_layers_at_hand(tmp_path):
    result = call("export", "conll2003", "-o", tmp_path)
    assert "conll2003 can't hold: 147 quotes" in result.stderr
    assert "conll2003 can't hold: `metonym_for` of 46 mentions" in result.stderr
    assert call("export", "doccano", "-o", tmp_path).stderr == ""


def test_export_takes_a_rounds_annotator_and_predictions(tmp_path):
    raw = ROOT / "annotations/rounds/r1/a1"
    assert call("export", "doccano", "-o", tmp_path / "a1", "--layers", raw).exit_code == 0
    result = call("import", "doccano", tmp_path / "a1", "-o", tmp_path / "back")
    assert result.exit_code == 0, result.exception
    for path in raw.glob("*.json"):
        assert json.loads((tmp_path / "back" / path.name).read_bytes()) == json.loads(path.read_bytes())
    line = {"document": "ist", "annotator": "s", "mentions": [{"start": 0, "end": 5, "type": "NORP"}]}
    (tmp_path / "p.jsonl").write_text(json.dumps(line))
    result = call("export", "brat", "-o", tmp_path / "p", "--layers", tmp_path / "p.jsonl")
    assert result.exit_code == 0, result.exception
    assert (tmp_path / "p/ist.ann").read_text().startswith("T1\tNORP 0 5\tNorth")
    both = call("export", "brat", "-o", tmp_path / "q", "--layers", raw, "--layers", tmp_path / "p.jsonl")
    assert "one annotator at a time" in str(both.exception)


def test_other_contents_are_not_written_over_without_force(tmp_path):
    assert call("export", "brat", "-o", tmp_path).exit_code == 0
    work = tmp_path / "lenta.ann"
    work.write_text("T1\tPERSON 0 3\tKim\n")
    result = call("export", "brat", "-o", tmp_path)
    assert isinstance(result.exception, InputError)
    assert [(p.file, p.check) for p in result.exception.problems] == [(str(work), "file-exists")]
    assert work.read_text() == "T1\tPERSON 0 3\tKim\n"
    assert call("export", "brat", "-o", tmp_path, "--force").exit_code == 0
    assert len(work.read_text()) > 10_000


def test_import_asks_who_annotated_where_the_format_does_not_say(tmp_path):
    assert call("export", "brat", "-o", tmp_path / "out").exit_code == 0
    result = call("import", "brat", tmp_path / "out", "-o", tmp_path / "back")
    assert result.exit_code == 2
    assert "--annotator is needed" in result.output
    assert not (tmp_path / "back").exists()


def test_an_incomplete_layer_is_refused_or_taken_as_a_prediction(tmp_path):
    assert call("export", "conll2003", "-o", tmp_path / "out").exit_code == 0
    arguments = ("import", "conll2003", tmp_path / "out", "-o", tmp_path / "back", "--annotator", "tagger")
    result = call(*arguments)
    checks = {problem.check for problem in result.exception.problems}
    assert checks == {"name-without-entity", "not-imported"}
    assert "--predictions" in result.exception.problems[-1].message
    assert not (tmp_path / "back").exists()
    result = call(*arguments, "--predictions")
    assert "5 layers: 670 mentions; not done: quotes, marks, claims" in result.stderr
    predictions = tmp_path / "back/predictions.jsonl"
    scores = call("score", predictions, "--task", "entities", "--format", "json", "--boot", 0).output
    strict = json.loads(scores)["tasks"]["entities"]["strict"]
    assert (strict["tp"], strict["fp"], strict["fn"]) == (670, 0, 0)


def test_several_annotators_get_a_folder_each(tmp_path):
    form = load_format("prodigy")
    document, layer = PAIRS[0]
    both = [(document, replace(layer, annotator=name)) for name in ("ana", "ben")]
    (tmp_path / "in.jsonl").write_bytes(form.write(both)["prodigy.jsonl"])
    assert call("import", "prodigy", tmp_path / "in.jsonl", "-o", tmp_path / "out").exit_code == 0
    for name in ("ana", "ben"):
        value = json.loads((tmp_path / "out" / name / f"{document.id}.json").read_bytes())
        assert value["annotator"] == name
    result = call("import", "prodigy", tmp_path / "in.jsonl", "-o", tmp_path / "out", "--annotator", "x")
    assert "two layers of 'agencies' by 'x'" in str(result.exception)


def test_a_text_that_the_corpus_lacks_or_has_otherwise_is_refused(tmp_path):
    corpus = tmp_path / "corpus"
    shutil.copytree(ROOT / "annotations", corpus, ignore=shutil.ignore_patterns("lenta*", "rounds"))
    assert call("export", "brat", "-o", tmp_path / "out").exit_code == 0
    arguments = ("-o", tmp_path / "back", "--annotator", "x")
    result = call("import", "brat", tmp_path / "out/lenta.ann", *arguments, "--corpus", corpus)
    assert "vostochny add FILE.txt" in str(result.exception)
    text = tmp_path / "out/ist.txt"
    text.write_text(text.read_text().replace("Kim", "Lim", 1))
    result = call("import", "brat", tmp_path / "out", *arguments)
    (problem,) = result.exception.problems
    assert problem.file == str(text)
    assert re.search(r"at code point \d+ found 'Lim .*', expected 'Kim ", problem.message)


def test_import_says_what_it_passed_over(tmp_path):
    (tmp_path / "ist.ann").write_text("T1\tDATE 0 5\tNorth\n*\tEquiv T1 T1\n")
    result = call("import", "brat", tmp_path, "-o", tmp_path / "out", "--annotator", "ana")
    assert result.exit_code == 0, result.exception
    assert f"passed over: {tmp_path / 'ist.ann'}:2: an equivalence" in result.stderr
    assert "1 layer: 1 mentions; not done: quotes, marks, claims" in result.stderr


def test_a_folder_without_such_files_is_named(tmp_path):
    result = call("import", "prodigy", tmp_path, "-o", tmp_path / "out")
    assert "holds no file that ends in .jsonl" in str(result.exception)
    (tmp_path / "x.jsonl").write_text("")
    result = call("import", "prodigy", tmp_path, "-o", tmp_path / "out")
    assert "hold no layer" in str(result.exception)


def test_export_help_lists_the_formats():
    out = call("export", "--help").output
    assert [name for name in TITLES if name not in out] == []
    assert [name for name in TITLES if name not in call("import", "--help").output] == []
    text = (ROOT / "docs/formats.md").read_text()
    assert [name for name in TITLES if f"`{name}`" not in text] == []


def test_an_unknown_format_is_refused():
    with pytest.raises(InputError, match="known are brat, conll2003"):
        load_format("folia")


def test_documents_are_found_by_name_then_by_text():
    form = load_format("doccano")
    line = json.loads(form.write(PAIRS[:1])["doccano.jsonl"])
    del line["vostochny"]
    (layer,) = form.read({"a.jsonl": json.dumps(line).encode()}, load_documents())
    assert layer.document == "agencies"
