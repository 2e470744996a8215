"""The Hugging Face export: tables, card, files and command."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner

from vostochny.annotations import corpus, hf
from vostochny.annotations.hf_card import data_file, front_matter, replace_front_matter, table_digest
from vostochny.annotations.hf_tables import NER_TAGS, TABLE_SCHEMAS, build_tables
from vostochny.cli.export import command
from vostochny.schema.errors import InputError
from vostochny.schema.jsonio import document_to_json, layer_to_json
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import (
    Claim,
    Document,
    Entity,
    Layer,
    Links,
    Mark,
    Mention,
    Quote,
    Region,
    Span,
)
from vostochny.schema.text import tokenize

TEXT = "Kim Jong Un said “yes”.\nHe left Russia on Monday."
#       0   4    9  12   17  21  24 27   32     39 42    48
SHA = hashlib.sha256(TEXT.encode()).hexdigest()
DOCUMENT = Document(
    id="tiny",
    text=TEXT,
    regions=(Region(0, 23, "headline"), Region(24, 49, "body")),
    sentences=((0, 23), (24, 49)),
    tokens=tokenize(TEXT),
    text_sha256=SHA,
    title="Kim Jong Un said “yes”.",
    language="en",
)
KIM = Mention("m1", 0, 11, "Kim Jong Un", "PERSON", "kim")
RUSSIA = Mention("m2", 32, 38, "Russia", "GPE", "russia", "kremlin")
MONDAY = Mention("m3", 42, 48, "Monday", "DATE")
QUOTE = Quote(
    "q1",
    (Span(17, 22, "“yes”"),),
    verbatim=(Span(17, 22, "“yes”"),),
    source=Span(0, 11, "Kim Jong Un"),
    cue=(Span(12, 16, "said"),),
    speaker="kim",
)
CLAIM = Claim(
    "c1", (Span(24, 31, "He left"), Span(39, 48, "on Monday")), claimer="author", proposition="Kim left."
)
LAYER = Layer("tiny", "gold", (KIM, RUSSIA, MONDAY), (QUOTE,), (), (CLAIM,), SHA)
LINKS = Links(
    "gold",
    (
        Entity("kim", "Kim Jong Un", "PERSON", wikidata="Q56226"),
        Entity("russia", "Russia", "GPE"),
        Entity("kremlin", "Kremlin", "ORG"),
    ),
)
DOCUMENTS = {"tiny": DOCUMENT}


def tables(layer: Layer = LAYER) -> dict[str, list[dict]]:
    built = build_tables(DOCUMENTS, {"tiny": layer}, LINKS)
    return {name: table.to_pylist() for name, table in built.items()}


def problems(call, *arguments) -> list[str]:
    with pytest.raises(InputError) as caught:
        call(*arguments)
    return [str(problem) for problem in caught.value.problems]


# --- tables ---------------------------------------------------------------------------------------


def test_entities_are_iob2_tags_one_row_a_sentence():
    first, second = tables()["entities"]
    # B-PERSON is class 1 and I-PERSON 2; O 0; a type's B- is 1 + 2 * its place among OntoNotes' 18:
    # GPE is the 5th (place 4), DATE the 12th (place 11).
    assert first == {
        "id": "tiny-0",
        "document": "tiny",
        "sentence": 0,
        "region": "headline",
        "tokens": ["Kim", "Jong", "Un", "said", "“", "yes", "”", "."],
        "token_starts": [0, 4, 9, 12, 17, 18, 21, 22],
        "ner_tags": [1, 2, 2, 0, 0, 0, 0, 0],
    }
    assert second["region"] == "body"
    assert second["tokens"] == ["He", "left", "Russia", "on", "Monday", "."]
    assert second["ner_tags"] == [0, 0, 1 + 2 * 4, 0, 1 + 2 * 11, 0]
    assert NER_TAGS[9] == "B-GPE" and NER_TAGS[23] == "B-DATE" and len(NER_TAGS) == 37


def test_neighbouring_mentions_of_one_type_both_begin():
    layer = replace(LAYER, mentions=(Mention("a", 0, 8, None, "PERSON"), Mention("b", 9, 11, None, "PERSON")))
    assert [NER_TAGS[n] for n in tables(layer)["entities"][0]["ner_tags"][:3]] == [
        "B-PERSON",
        "I-PERSON",
        "B-PERSON",
    ]


def test_mention_over_two_sentences_begins_again_in_the_second():
    layer = replace(LAYER, mentions=(Mention("a", 22, 26, None, "ORG"),))
    first, second = tables(layer)["entities"]
    assert NER_TAGS[first["ner_tags"][-1]] == "B-ORG"
    assert NER_TAGS[second["ner_tags"][0]] == "B-ORG"


def test_rows_carry_names_and_context():
    made = tables()
    assert made["mentions"][1] == {
        "document": "tiny",
        "id": "m2",
        "start": 32,
        "end": 38,
        "text": "Russia",
        "type": "GPE",
        "entity": "russia",
        "entity_name": "Russia",
        "wikidata": None,
        "metonym_for": "kremlin",
        "region": "body",
        "sentence": 1,
        "context_start": 24,
        "context": "He left Russia on Monday.",
    }
    assert made["mentions"][0]["wikidata"] == "Q56226"
    quote = made["quotes"][0]
    assert (quote["kind"], quote["text"], quote["speaker_name"]) == ("direct", "“yes”", "Kim Jong Un")
    assert quote["source"] == {"start": 0, "end": 11, "text": "Kim Jong Un"}
    claim = made["claims"][0]
    assert claim["text"] == "He left on Monday"
    assert (claim["claimer"], claim["claimer_name"]) == ("author", None)
    for row in [*made["mentions"], *made["quotes"], *made["claims"]]:
        start = row["context_start"]
        assert row["context"] == TEXT[start : start + len(row["context"])]


def test_context_of_a_quote_reaches_to_its_far_source():
    quote = replace(QUOTE, content=(Span(27, 31),), verbatim=None)
    row = tables(replace(LAYER, quotes=(quote,)))["quotes"][0]
    assert (row["sentence"], row["region"], row["context_start"], row["context"]) == (1, "body", 0, TEXT)
    # Nothing is in quotation marks there, so a quote that does not say what is verbatim is indirect.
    assert (row["kind"], row["verbatim"]) == ("indirect", None)


def test_a_part_that_was_not_done_is_null_and_an_empty_one_is_zero():
    row = tables(Layer("tiny", "me", mentions=None, quotes=(), marks=None, claims=(CLAIM,)))["documents"][0]
    assert (row["mention_count"], row["quote_count"], row["marks"], row["claim_count"]) == (None, 0, None, 1)
    assert tables(Layer("tiny", "me"))["entities"] == []


def test_a_document_without_a_layer_is_only_in_documents():
    built = build_tables(DOCUMENTS, {}, LINKS)
    assert {name: table.num_rows for name, table in built.items()} == {
        "documents": 1,
        "entities": 0,
        "mentions": 0,
        "quotes": 0,
        "claims": 0,
    }
    assert built["documents"].to_pylist()[0]["annotator"] is None


def test_all_problems_of_a_layer_are_reported():
    broken = Layer(
        "tiny",
        "gold",
        mentions=(Mention("m1", 0, 3, "Kin", "PERSON"), Mention("m2", 4, 99, None, "PLANET")),
        quotes=(Quote("q1", ()),),
        marks=(Mark("k1", 5, 5, None, "scare"),),
        claims=(replace(CLAIM, spans=(Span(-1, 4),)),),
    )
    found = problems(build_tables, DOCUMENTS, {"tiny": broken, "other": LAYER}, LINKS)
    assert [line.split(" found ")[0] for line in found] == [
        "gold/other.json: $.document: [unknown-document]",
        "gold/tiny.json: $.mentions[1].type: [unknown-label]",
        "gold/tiny.json: $.quotes[0].content: [too-few]",
        "gold/tiny.json: $.mentions[0]: [text-mismatch]",
        "gold/tiny.json: $.mentions[1]: [offset-range]",
        "gold/tiny.json: $.marks[0]: [offset-range]",
        "gold/tiny.json: $.claims[0].spans[0]: [offset-range]",
    ]


def test_overlapping_mentions_are_refused():
    layer = replace(LAYER, mentions=(KIM, Mention("m9", 4, 8, "Jong", "PERSON")))
    (line,) = problems(build_tables, DOCUMENTS, {"tiny": layer}, LINKS)
    assert line.startswith(
        "gold/tiny.json: $.mentions[1]: [overlapping-mentions] found m1 and m9 both on 'Jong'"
    )


def test_no_documents_is_refused():
    assert "[no-document]" in problems(build_tables, {}, {}, LINKS)[0]


# --- card -----------------------------------------------------------------------------------------


def read_front(text: str) -> dict:
    assert text.startswith("---\n")
    return yaml.safe_load(text.split("---\n")[1])


def test_card_says_what_the_tables_are():
    built = build_tables(DOCUMENTS, {"tiny": LAYER}, LINKS)
    front = front_matter(built)
    card = read_front(front)
    assert [c["config_name"] for c in card["configs"]] == list(TABLE_SCHEMAS)
    assert [c["config_name"] for c in card["configs"] if c.get("default")] == ["documents"]
    for config in card["configs"]:
        name = config["config_name"]
        assert config["data_files"] == [{"split": "test", "path": data_file(name)}]
        assert config["description"].endswith(f"sha256:{table_digest(built[name])}")
    features = {info["config_name"]: info["features"] for info in card["dataset_info"]}
    for name, schema in TABLE_SCHEMAS.items():
        assert [f["name"] for f in features[name]] == schema.names
    tags = next(f for f in features["entities"] if f["name"] == "ner_tags")
    assert tags == {
        "name": "ner_tags",
        "list": {"class_label": {"names": {str(n): t for n, t in enumerate(NER_TAGS)}}},
    }
    assert next(f for f in features["entities"] if f["name"] == "tokens") == {
        "name": "tokens",
        "list": "string",
    }
    span = [{"name": n, "dtype": d} for n, d in (("start", "int32"), ("end", "int32"), ("text", "string"))]
    by_name = {f["name"]: f for f in features["quotes"]}
    assert by_name["content"] == {"name": "content", "list": span}
    assert by_name["source"] == {"name": "source", "struct": span}
    assert "sequence:" not in front
    assert (card["language"], card["license"], card["size_categories"]) == (["en"], "cc-by-4.0", ["n<1K"])


def test_hub_knows_the_creators_and_sizes():
    from datasets.utils import metadata as _metadata

    resources = Path(_metadata.__file__).parent / "resources"
    creators = json.loads((resources / "creators.json").read_text())
    card = read_front(front_matter(build_tables(DOCUMENTS, {"tiny": LAYER}, LINKS)))
    assert set(card["annotations_creators"]) <= set(creators["annotations"])
    assert set(card["language_creators"]) <= set(creators["language"])
    assert set(card["size_categories"]) <= set(json.loads((resources / "size_categories.json").read_text()))
    assert set(card["multilinguality"]) <= set(json.loads((resources / "multilingualities.json").read_text()))


def test_size_category_follows_the_largest_table():
    table = build_tables(DOCUMENTS, {"tiny": LAYER}, LINKS)
    table["mentions"] = table["mentions"].take([0] * 1_000)
    assert read_front(front_matter(table))["size_categories"] == ["1K<n<10K"]


def test_configurations_without_rows_are_left_out_of_the_card():
    built = build_tables(DOCUMENTS, {"tiny": replace(LAYER, claims=())}, LINKS)
    names = [c["config_name"] for c in read_front(front_matter(built))["configs"]]
    assert names == ["documents", "entities", "mentions", "quotes"]


def test_digest_follows_the_content():
    changed = replace(LAYER, claims=(replace(CLAIM, proposition="Kim stayed."),))
    old, new = (build_tables(DOCUMENTS, {"tiny": layer}, LINKS) for layer in (LAYER, changed))
    differing = [name for name in TABLE_SCHEMAS if table_digest(old[name]) != table_digest(new[name])]
    assert differing == ["claims"]


FRONT = "---\nnew: 1\n---\n"


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        ("", FRONT),
        ("# Title\n\n---\n\nmore", f"{FRONT}\n# Title\n\n---\n\nmore"),
        ("---\nold: 1\n---\n# T\n---\n", f"{FRONT}# T\n---\n"),
        ("---\r\nold: 1\r\n---\r\n# T\r\n", f"{FRONT}# T\r\n"),
        ("---\nold: 1\n---", FRONT),
        ("--- \nno front matter\n---\n", f"{FRONT}\n--- \nno front matter\n---\n"),
    ],
)
def test_front_matter_is_replaced_in_place(readme, expected):
    assert replace_front_matter(readme, FRONT) == expected
    assert replace_front_matter(expected, FRONT) == expected


@pytest.mark.parametrize("readme", ["---\nold: 1\n# T\n", "\n---\nold: 1\n---\n", " \n\n---\nold: 1\n---\n"])
def test_front_matter_that_datasets_would_not_see_is_refused(readme):
    (line,) = problems(replace_front_matter, readme, FRONT, "here/README.md")
    assert line.startswith("here/README.md:1: [front-matter] found ")


# --- files ----------------------------------------------------------------------------------------


def export(folder: Path, layer: Layer = LAYER) -> list[Path]:
    return hf.export(folder, DOCUMENTS, {"tiny": layer}, LINKS)


def check(folder: Path, layer: Layer = LAYER) -> list[str]:
    return [str(p) for p in hf.check_export(folder, DOCUMENTS, {"tiny": layer}, LINKS)]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_export_writes_plain_parquet_and_the_card(tmp_path):
    (tmp_path / "README.md").write_bytes("# Корпус 🚀\r\n".encode())
    written = export(tmp_path)
    assert written == [*(tmp_path / data_file(name) for name in hf.SCHEMAS), tmp_path / "README.md"]
    assert sorted(contents(tmp_path)) == sorted(str(p.relative_to(tmp_path)) for p in written)
    for path in written[:-1]:
        assert pq.read_metadata(path).metadata is None
    assert (tmp_path / "README.md").read_bytes().endswith("---\n\n# Корпус 🚀\r\n".encode())
    assert check(tmp_path) == []


def test_export_is_deterministic(tmp_path):
    export(tmp_path / "a")
    export(tmp_path / "b")
    once = contents(tmp_path / "a")
    export(tmp_path / "a")
    assert contents(tmp_path / "a") == once == contents(tmp_path / "b")


def test_bad_gold_leaves_the_old_files_alone(tmp_path):
    export(tmp_path)
    before = contents(tmp_path)
    problems(export, tmp_path, replace(LAYER, mentions=(replace(KIM, text="Kin Jong Un"),)))
    assert contents(tmp_path) == before


def test_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "data").write_text("in the way")
    assert "[unwritable-file]" in problems(export, tmp_path)[0]


def test_check_names_file_row_and_column(tmp_path):
    export(tmp_path)
    changed = replace(LAYER, mentions=(KIM, replace(RUSSIA, metonym_for=None), MONDAY))
    mentions, entities, card = check(tmp_path, changed)
    place, _, message = mentions.partition(" [stale-export] ")
    assert place == f"{tmp_path / data_file('mentions')}: $[1].metonym_for:"
    assert message.startswith("found 'kremlin', expected null; ")
    assert entities.startswith(f"{tmp_path / data_file('entity_links')}: $[1].mentions: [stale-export] ")
    assert card.startswith(f"{tmp_path / 'README.md'}:1: [stale-card] ")
    _, claims, _ = check(tmp_path, replace(LAYER, claims=()))
    assert claims.startswith(f"{tmp_path / data_file('claims')}: $: [stale-export] found 1 rows, expected 0")


def test_check_finds_missing_broken_and_foreign_files(tmp_path):
    export(tmp_path)
    (tmp_path / data_file("claims")).unlink()
    (tmp_path / data_file("quotes")).write_bytes(b"PAR1 no longer")
    pq.write_table(
        pq.read_table(tmp_path / data_file("mentions")).drop(["type"]), tmp_path / data_file("mentions")
    )
    lines = check(tmp_path)
    assert [line.split("[")[1].split("]")[0] for line in lines] == [
        "stale-export",
        "not-parquet",
        "unreadable-file",
    ]
    assert problems(hf.layers_from_parquet, tmp_path)[0].startswith(str(tmp_path / data_file("mentions")))


@pytest.mark.slow
def test_killed_export_leaves_every_file_whole(tmp_path):
    other = replace(LAYER, claims=(replace(CLAIM, id="c2"),) * 50)
    whole: dict[str, set[bytes]] = {}
    for name, layer in (("a", LAYER), ("b", other)):
        export(tmp_path / name, layer)
        for file, content in contents(tmp_path / name).items():
            whole.setdefault(file, set()).add(content)
    out = tmp_path / "out"
    source = tmp_path / "layers.json"
    source.write_text(
        json.dumps([document_to_json(DOCUMENT, with_text=True), *map(layer_to_json, (LAYER, other))])
    )
    script = (
        "import itertools, json, sys; from pathlib import Path\n"
        "from vostochny.annotations import hf; from vostochny.schema import *\n"
        "document, *layers = json.loads(Path(sys.argv[1]).read_text())\n"
        "document = document_from_json(document)\n"
        f"links = links_from_json({links_to_json(LINKS)!r})\n"
        "for n, layer in enumerate(itertools.cycle(map(layer_from_json, layers))):\n"
        "    hf.export(Path(sys.argv[2]), {document.id: document}, {document.id: layer}, links)\n"
        "    if n == 1: print('going', flush=True)\n"
    )
    for delay in (0.0, 0.003, 0.011, 0.023):
        arguments = [sys.executable, "-c", script, str(source), str(out)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None and child.stdout.readline() == "going\n"
            time.sleep(delay)
            os.kill(child.pid, signal.SIGKILL)
        left = {file: data for file, data in contents(out).items() if not file.endswith(".tmp")}
        assert left.keys() == whole.keys()
        assert all(data in whole[file] for file, data in left.items())


# --- command --------------------------------------------------------------------------------------


@pytest.fixture
def source(tmp_path) -> Path:
    """A corpus folder with one annotated document."""
    folder = tmp_path / "source" / "annotations"
    for name in ("articles", "documents", "gold"):
        (folder / name).mkdir(parents=True)
    (folder / "articles" / "tiny.txt").write_text(TEXT, encoding="utf-8")
    (folder / "documents" / "tiny.json").write_text(json.dumps(document_to_json(DOCUMENT)))
    (folder / "gold" / "tiny.json").write_text(json.dumps(layer_to_json(LAYER)))
    (folder / "gold" / "links.json").write_text(json.dumps(links_to_json(LINKS)))
    return folder


def test_command_exports_and_checks(tmp_path, source):
    out = tmp_path / "out"
    arguments = ["hf", "-o", str(out), "--corpus", str(source)]
    failed = CliRunner().invoke(command, [*arguments, "--check"])
    assert isinstance(failed.exception, InputError) and not out.exists()
    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert done.output.splitlines() == [
        str(p) for p in (*(out / data_file(n) for n in hf.SCHEMAS), out / "README.md")
    ]
    assert hf.layers_from_parquet(out) == {"tiny": LAYER}
    checked = CliRunner().invoke(command, [*arguments, "--check"], catch_exceptions=False)
    assert checked.exit_code == 0 and "match the gold" in checked.output


def test_command_takes_the_checkout_it_is_in(monkeypatch, source):
    guidelines = source.parent / "schema" / "GUIDELINES.md"
    guidelines.parent.mkdir()
    guidelines.touch()
    monkeypatch.chdir(source.parent)
    assert CliRunner().invoke(command, ["hf"], catch_exceptions=False).exit_code == 0
    assert hf.layers_from_parquet(source.parent) == {"tiny": LAYER}


def test_command_outside_a_checkout_asks_for_a_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(command, ["hf"])
    assert isinstance(result.exception, InputError) and "[no-checkout]" in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_command_refuses_gold_that_is_missing_or_wrong(tmp_path, source):
    out = tmp_path / "out"
    arguments = ["hf", "-o", str(out), "--corpus", str(source)]
    gold = source / "gold" / "tiny.json"
    right = gold.read_text()
    for wrong, check_id in (
        (right.replace('"Monday"', '"Sunday"'), "[text-mismatch]"),
        ("{", "[bad-json]"),
    ):
        gold.write_text(wrong)
        refused = CliRunner().invoke(command, arguments)
        assert isinstance(refused.exception, InputError)
        assert str(gold) in str(refused.exception) and check_id in str(refused.exception)
    (source / "gold" / "links.json").unlink()
    refused = CliRunner().invoke(command, arguments)
    assert isinstance(refused.exception, InputError) and "links.json" in str(refused.exception)
    assert not out.exists()


# --- the shipped files ----------------------------------------------------------------------------

CHECKOUT = Path(__file__).parents[1]


def test_shipped_files_match_the_gold():
    annotations = CHECKOUT / "annotations"
    if not list((annotations / "gold").glob("*.json")):
        pytest.skip("there is no gold yet")
    gold = corpus.load_gold(annotations)
    assert [str(p) for p in hf.check_export(CHECKOUT, gold.documents, gold, gold.links)] == []
    assert hf.layers_from_parquet(CHECKOUT) == gold
    assert hf.links_from_parquet(CHECKOUT) == gold.links
