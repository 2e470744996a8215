"""Rounds on Label Studio, as far as no server is needed."""

import json
import re

import pytest

from vostochny.annotations.corpus import load_documents, load_gold
from vostochny.annotations.studio_client import clean_url
from vostochny.annotations.studio_config import labelling_config
from vostochny.annotations.studio_difference import config_difference, same_config
from vostochny.annotations.studio_encode import layer_to_results
from vostochny.annotations.studio_export import Submission, read_export, submissions
from vostochny.annotations.studio_push import results_digest
from vostochny.annotations.studio_read import Reading, read_layers
from vostochny.annotations.studio_record import (
    ADJUDICATION,
    Place,
    Record,
    read_record,
    record_to_json,
    write_record,
)
from vostochny.annotations.studio_types import Packed, Project
from vostochny.schema.errors import InputError
from vostochny.schema.schemas import schema_problems

SHA = "0" * 64


def record(**more):
    return Record("r2", "1.23.2", False, "gold", SHA, {"ist": SHA}, **more)


def annotation(id, when, results=(1,), cancelled=False):
    return {
        "id": id,
        "updated_at": when,
        "result": list(results),
        "was_cancelled": cancelled,
        "completed_by": 1,
    }


def task(id, document, annotations=(), drafts=()):
    data = {"external_id": f"r2/ana/{document}", "text": "x"}
    return {"id": id, "data": data, "annotations": list(annotations), "drafts": list(drafts)}


def states(tasks):
    project = Project(7, "http://127.0.0.1:8080", "t", "<View/>")
    ids = {"r2/ana/ist": "ist"}
    return submissions(read_export(json.dumps(tasks).encode(), "x"), ids, project)["ist"]


def test_the_record_survives_writing_and_is_what_its_schema_says(tmp_path):
    folder = tmp_path / "r2"
    full = record(prefill_parts=("mentions",), projects={"ana": Place("http://127.0.0.1:8080", 3)})
    full = full.placed("ben", Place("http://127.0.0.1:8080", 4)).placed(ADJUDICATION, Place("http://x", 5))
    assert not schema_problems("studio", record_to_json(full))
    write_record(folder, full)
    assert read_record(folder) == full
    assert full.place("ben") == Place("http://127.0.0.1:8080", 4)
    assert full.place(ADJUDICATION) == Place("http://x", 5)
    assert read_record(tmp_path / "r3") is None


def test_a_record_that_breaks_its_schema_or_is_elsewhere_is_refused(tmp_path):
    write_record(tmp_path / "r3", record())
    with pytest.raises(InputError, match="round-id"):
        read_record(tmp_path / "r3")
    value = {**record_to_json(record()), "token": "0123"}
    (tmp_path / "r3" / "studio" / "studio.json").write_text(json.dumps(value))
    with pytest.raises(InputError, match="unknown-property"):
        read_record(tmp_path / "r3")


def test_rounds_of_one_name_have_marks_of_their_own():
    assert record().marker("ana") != record().marker("ana")


def test_exports_are_kept_without_names_and_addresses():
    tasks = [
        {
            **task(2, "ist", [annotation(5, "2026-01-01T00:00:00Z"), annotation(4, "2026-01-01T00:00:00Z")]),
            "drafts": [
                {
                    "id": 1,
                    "user": "cleo@example.org",
                    "created_username": "Cleo, cleo@example.org, 12",
                    "created_ago": "2 minutes",
                    "result": [{"value": {"text": ["a@b"]}}],
                    "updated_at": "2026-01-02T00:00:00Z",
                }
            ],
        },
        task(1, "lenta"),
    ]
    tasks[0]["annotations"][0]["completed_by"] = {"id": 12, "email": "cleo@example.org", "first_name": "C"}
    first, second = read_export(json.dumps(tasks).encode(), "x")
    assert (first["id"], second["id"]) == (1, 2)
    assert [a["id"] for a in second["annotations"]] == [4, 5]
    assert "cleo" not in json.dumps([first, second])
    assert second["annotations"][1]["completed_by"] == 12 and second["drafts"][0]["user"] == 12
    # What was annotated is not touched, whatever it looks like.
    assert second["drafts"][0]["result"] == [{"value": {"text": ["a@b"]}}]


@pytest.mark.parametrize("data", [b"", b"{}", b'[{"id": 1', b"[1]", b'[{"id": 1, "annotations": [{}]}]'])
def test_an_export_that_is_none_is_refused(data):
    with pytest.raises(InputError, match="pull again"):
        read_export(data, "http://127.0.0.1:8080/projects/7/data")


def test_the_latest_submission_counts_and_ties_go_to_the_later_id():
    old, new = "2026-01-01T10:00:00Z", "2026-01-01T10:00:00.500000Z"
    one = states([task(1, "ist", [annotation(1, new), annotation(2, old)])])
    assert (one.state, one.annotation) == ("done", 1)
    assert states([task(1, "ist", [annotation(1, old), annotation(2, old)])]).annotation == 2
    skipped = annotation(3, "2026-01-02T10:00:00Z", (), cancelled=True)
    assert states([task(1, "ist", [annotation(1, old), skipped])]).annotation == 1
    assert states([task(1, "ist", [skipped])]).state == "skipped"
    assert states([task(1, "ist", [annotation(1, old, ())])]).state == "done-empty"
    assert states([task(1, "ist")]).state == "open"
    assert states([]).state == "open" and not states([]).where
    twice = states([task(1, "ist", [annotation(1, old)]), task(2, "ist", [annotation(2, new)])])
    assert twice.annotation == 2 and twice.where.endswith("task=2") and len(twice.others) == 1


def test_only_drafts_that_were_not_submitted_since_are_shown():
    def draft(when, results=(1,)):
        return {"id": 1, "updated_at": when, "result": list(results)}

    done = annotation(1, "2026-01-02T00:00:00Z")
    assert states([task(1, "ist", [], [draft("2026-01-01T00:00:00Z")])]).shown == "open (draft)"
    assert states([task(1, "ist", [], [draft("2026-01-01T00:00:00Z", ())])]).shown == "open"
    assert states([task(1, "ist", [done], [draft("2026-01-01T00:00:00Z")])]).shown == "done"
    assert states([task(1, "ist", [done], [draft("2026-01-03T00:00:00Z")])]).shown == "done (draft)"


def test_what_differs_between_configurations_is_named():
    config = labelling_config(load_gold().entities)
    assert same_config(config, config.replace("\n", "").replace("  ", ""))
    less = config.replace('value="PERSON"', 'value="HUMAN"')
    assert (
        config_difference(less, config) == "lacks label 'PERSON' of mention and has label 'HUMAN' of mention"
    )
    assert not same_config(less, config)
    other = re.sub('background="[^"]*"', 'background="#123456"', config)
    assert not same_config(other, config) and config_difference(other, config) == ""
    assert config_difference("<View>", config) == "is no XML"
    assert not same_config("<View>", config)


def test_addresses_are_cleaned_or_refused():
    assert clean_url(" http://127.0.0.1:8080/ ") == "http://127.0.0.1:8080"
    assert clean_url("https://example.org/labels/") == "https://example.org/labels"
    for url in ("", "127.0.0.1:8080", "ftp://example.org", "http://a:b@c", "http://x:port", "http://x/?a=b"):
        with pytest.raises(InputError, match="labelstudio-url"):
            clean_url(url)


def test_packed_results_are_the_results():
    gold = load_gold()
    results = layer_to_results(gold["ist"], gold.documents["ist"], {entity.id for entity in gold.entities})
    packed = Packed(results)
    assert list(packed) == results and len(packed) == len(results) and packed[-1] == results[-1]
    assert packed[:2] == results[:2]
    assert results_digest(packed) == results_digest(results) != results_digest([])


def test_what_no_layer_may_be_is_told_by_region():
    document = load_documents()["ist"]
    results = [
        {
            "id": id,
            "from_name": "mention",
            "to_name": "text",
            "type": "labels",
            "value": {"start": start, "end": end, "labels": ["DATE"]},
        }
        for id, start, end in (
            ("Fx1", *document.tokens[0]),
            ("Fx2", document.tokens[0][0], document.tokens[2][1]),
        )
    ]
    where = "http://127.0.0.1:8080/projects/7/data?task=1"
    data = {"text": document.text, "text_sha256": document.text_sha256}
    submission = Submission("ist", "done", where=where, results=results, data=data)
    reading = Reading("ana", Project(7, "http://127.0.0.1:8080", "t", "<View/>"), [], {"ist": submission})
    texts = {"ist": document.text_sha256}
    read_layers(reading, Record("r2", "1.23.2", False, "gold", SHA, texts), {"ist": document}, ())
    problem = next(p for p in reading.problems["ist"] if p.check == "overlapping-mentions")
    start, end = document.tokens[0][0], document.tokens[2][1]
    assert problem.path == "Fx2" and problem.file == where
    assert f"“{document.text[start:end]}” at {start}–{end}: " in problem.message
