"""Reading predictions strictly and leniently, and other people's corpora."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vostochny.schema.errors import InputError
from vostochny.schema.model import Document
from vostochny.schema.predictions import invalid_items, read_predictions
from vostochny.schema.readers import read_documents, read_layer, read_layers, read_links, read_round

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return read_documents(FIXTURES / "documents.jsonl")


def write(path: Path, *lines: Any) -> Path:
    path.write_text(
        "".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines), encoding="utf-8"
    )
    return path


def test_ids_texts_and_parts_may_be_left_out(documents: dict[str, Document]) -> None:
    layers, invalid = read_predictions(FIXTURES / "positive" / "predictions.jsonl", documents)
    assert invalid == []
    assert [layer.document for layer in layers] == ["rocket", "unicode"]
    assert layers[0].mentions is not None
    assert [m.id for m in layers[0].mentions] == ["m1", "m2"]
    assert layers[0].marks is None
    assert layers[1].mentions is None


def broken(path: Path) -> Path:
    good = {"start": 0, "end": 7, "type": "PERSON"}
    return write(
        path,
        {
            "document": "rocket",
            "mentions": [good, {**good, "end": 9999}, {**good, "type": "X", "end": "1"}, {**good, "end": 0}],
            "quotes": [{"content": [{"start": 0, "end": 0}]}, {"content": [good | {"x": 1}]}],
            "claims": [{"spans": [{"start": 0, "end": 7}], "quote": "q1"}],
        },
        "{",
        {"document": "moon"},
        {"document": "rocket"},
        {"document": "unicode", "text_sha256": "0" * 64, "mentions": [good]},
    )


def test_strictly_everything_is_reported_with_its_line(
    documents: dict[str, Document], tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        read_predictions(broken(tmp_path / "p.jsonl"), documents)
    assert [(p.line, p.path, p.check) for p in caught.value.problems] == [
        (1, "$.mentions[2].end", "wrong-type"),
        (1, "$.mentions[2].type", "unknown-label"),
        (1, "$.quotes[1].content[0]", "unknown-property"),
        (1, "$.quotes[1].content[0]", "unknown-property"),
        (1, "$.mentions[1]", "offset-range"),
        (1, "$.mentions[3]", "empty-span"),
        (1, "$.quotes[0].content[0]", "empty-span"),
        (2, None, "bad-json"),
        (3, "$.document", "unknown-document"),
        (4, "$.document", "duplicate-document"),
        (5, "$.text_sha256", "sha-mismatch"),
    ]


def test_leniently_invalid_items_are_left_out_and_counted(
    documents: dict[str, Document], tmp_path: Path
) -> None:
    layers, problems = read_predictions(broken(tmp_path / "p.jsonl"), documents, lenient=True)
    assert [layer.document for layer in layers] == ["rocket"]
    assert layers[0].mentions is not None
    assert [(m.id, m.end) for m in layers[0].mentions] == [("m1", 7)]
    assert layers[0].quotes == ()
    assert layers[0].claims is not None
    # Its quote was invalid, so the claim points nowhere.
    assert layers[0].claims[0].quote is None
    assert invalid_items(problems) == {"mentions": 3, "quotes": 2, "layers": 4}


def test_leniently_a_part_that_is_no_list_is_left_out(documents: dict[str, Document], tmp_path: Path) -> None:
    path = write(
        tmp_path / "p.jsonl", {"document": "rocket", "mentions": {}, "claims": [], "schema_version": "9"}
    )
    layers, problems = read_predictions(path, documents, lenient=True)
    assert (layers[0].mentions, layers[0].claims) == (None, ())
    assert layers[0].schema_version == "1.0.0"
    assert sorted(p.check for p in problems) == ["wrong-type", "wrong-version"]


@pytest.mark.parametrize("lenient", [False, True])
def test_an_unreadable_file_always_raises(
    documents: dict[str, Document], tmp_path: Path, lenient: bool
) -> None:
    with pytest.raises(InputError, match="unreadable-file"):
        read_predictions(tmp_path / "none.jsonl", documents, lenient)
    (tmp_path / "latin.jsonl").write_bytes(b'{"document": "caf\xe9"}\n')
    with pytest.raises(InputError, match="not-utf8"):
        read_predictions(tmp_path / "latin.jsonl", documents, lenient)


def test_no_predictions_are_no_problem(documents: dict[str, Document], tmp_path: Path) -> None:
    assert read_predictions(write(tmp_path / "p.jsonl"), documents) == ([], [])


def test_documents_come_from_records_with_texts_beside_them(tmp_path: Path) -> None:
    record = json.loads((FIXTURES / "positive" / "document.json").read_text(encoding="utf-8"))
    text = record.pop("text")
    for folder in ("documents", "articles"):
        (tmp_path / folder).mkdir()
    write(tmp_path / "documents" / "rocket.json", record)
    with pytest.raises(InputError, match="missing-text"):
        read_documents(tmp_path / "documents")
    (tmp_path / "articles" / "rocket.txt").write_bytes(text.encode())
    assert read_documents(tmp_path / "documents")["rocket"].text == text
    (tmp_path / "articles" / "rocket.txt").write_bytes(text.encode() + b"\n")
    with pytest.raises(InputError) as caught:
        read_documents(tmp_path / "documents")
    assert [p.check for p in caught.value.problems] == ["sha-mismatch", "length-mismatch"]


def test_a_record_can_not_reach_texts_elsewhere(tmp_path: Path) -> None:
    record = json.loads((FIXTURES / "positive" / "document.json").read_text(encoding="utf-8"))
    del record["text"]
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "in").mkdir()
    with pytest.raises(InputError, match="bad-format"):
        read_documents(write(tmp_path / "in" / "d.json", {**record, "id": "../secret"}))


def test_layers_come_from_folders_and_from_one_jsonl(documents: dict[str, Document], tmp_path: Path) -> None:
    folder = FIXTURES / "positive" / "corpus"
    entities = {entity.id: entity for entity in read_links(folder / "links.json").entities}
    layers = read_layers(folder, documents, entities)
    assert list(layers) == ["rocket", "unicode"]
    values = [json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in layers]
    path = write(tmp_path / "gold.jsonl", *values)
    assert read_layers(path, documents, entities) == layers
    with pytest.raises(InputError, match=r"gold.jsonl:3: \$.document: \[duplicate-document\]"):
        read_layers(write(path, *values, values[0]), documents, entities)


def test_an_empty_folder_is_a_problem(documents: dict[str, Document], tmp_path: Path) -> None:
    for read in (read_documents, lambda path: read_layers(path, documents)):
        with pytest.raises(InputError, match="nothing-found"):
            read(tmp_path)


def test_one_layer_comes_from_one_file(documents: dict[str, Document], tmp_path: Path) -> None:
    path = FIXTURES / "positive" / "layer.json"
    layer = read_layer(path, documents)
    assert (layer.document, layer.annotator) == ("rocket", "gold")
    with pytest.raises(InputError, match="unresolved-reference"):
        read_layer(path, documents, {})
    with pytest.raises(InputError, match=r"layer.json: \$.document: \[unknown-document\]"):
        read_layer(path, {})
    # What a prediction may leave out a layer may not.
    with pytest.raises(InputError, match=r"\[missing-property\] 'annotator'"):
        read_layer(write(tmp_path / "l.json", {"document": "rocket"}), documents)
    with pytest.raises(InputError, match="bad-json"):
        read_layer(write(tmp_path / "l.json", "{"), documents)


def test_a_round_comes_from_its_manifest(tmp_path: Path) -> None:
    value = json.loads((FIXTURES / "positive" / "one.round.json").read_text(encoding="utf-8"))
    assert read_round(write(tmp_path / "round.json", value)) == value
    with pytest.raises(InputError, match=r"round.json: \$.annotators\[2\].id: \[duplicate-id\]"):
        read_round(
            write(
                tmp_path / "round.json",
                {**value, "annotators": [*value["annotators"], value["annotators"][0]]},
            )
        )
    with pytest.raises(InputError, match=r"\[missing-property\] 'documents'"):
        read_round(write(tmp_path / "round.json", {k: v for k, v in value.items() if k != "documents"}))


def test_names_too_long_for_the_file_system_are_problems(tmp_path: Path) -> None:
    name = "long" * 100
    with pytest.raises(InputError, match=r"\[unreadable-file\]"):
        read_documents(tmp_path / name)
    # A record is looked for beside an article of its id.
    record = write(tmp_path / "d.jsonl", {"id": name, "tokens": []})
    with pytest.raises(InputError) as caught:
        read_documents(record)
    assert {problem.line for problem in caught.value.problems} == {1}


def test_a_line_with_an_unreadable_number_counts_as_a_line(
    documents: dict[str, Document], tmp_path: Path
) -> None:
    path = write(tmp_path / "p.jsonl", '{"document": "rocket", "mentions": [{"start": NaN}]}')
    layers, problems = read_predictions(path, documents, lenient=True)
    assert (layers, problems[0].path) == ([], "$.mentions[0].start")
    assert invalid_items(problems) == {"layers": 1}
