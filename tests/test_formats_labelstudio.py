"""Label Studio JSON: the latest submission counts, and what is no export of ours is told."""

import json
from dataclasses import replace

import pytest

from vostochny.annotations.corpus import load_gold
from vostochny.annotations.format_support import PassedOver
from vostochny.annotations.formats import load_format
from vostochny.schema.errors import InputError

FORMAT = load_format("labelstudio")
GOLD = load_gold()
LAYER = GOLD["ist"]


def export(annotations, **data):
    """An export with one task, whose annotations are ``annotations`` of the layer's own."""
    (task,) = json.loads(FORMAT.write([(GOLD.documents["ist"], LAYER)])["tasks.json"])
    found = annotations(task["annotations"][0]) if callable(annotations) else annotations
    return [{**task, "data": {**task["data"], **data}, "annotations": found}]


def read(tasks):
    return FORMAT.read({"out/tasks.json": json.dumps(tasks).encode()}, GOLD.documents)


def test_the_latest_submission_counts_whatever_its_place_and_id():
    tasks = export(
        lambda ours: [
            {**ours, "id": 1, "updated_at": "2026-11-21T10:00:00Z"},
            {"id": "old", "updated_at": "2026-11-20T10:00:00Z", "result": []},
            {"id": 3, "updated_at": "2026-11-22T10:00:00Z", "was_cancelled": True, "result": []},
        ]
    )
    assert read(tasks) == [LAYER]


def test_parts_that_were_not_done_are_not_there():
    assert read(export(lambda ours: [ours], parts=["mentions"])) == [
        replace(LAYER, quotes=None, marks=None, claims=None)
    ]


@pytest.mark.parametrize("annotations", [[], None, [{"was_cancelled": True, "result": []}]])
def test_a_task_that_nobody_submitted_is_no_layer(annotations):
    with pytest.warns(PassedOver, match=r"^out/tasks\.json: \$\[0\]: the task of ist"):
        assert read(export(annotations)) == []


@pytest.mark.parametrize(
    ("tasks", "found"),
    [
        (5, "$[0]: [not-a-task] found 5"),
        ([{"data": {"text": 5}}], "$[0]: [not-a-task]"),
        (export(5), "$[0].annotations: [wrong-type] found 5"),
        (export(["Kim"]), "$[0].annotations[0]: [wrong-type] found 'Kim'"),
        (export([{"result": "Kim"}]), "$[0].annotations[0].result: [wrong-type] found 'Kim'"),
        (export([{"result": [7]}]), "$[0]: $[0]: [bad-result] found 7"),
        (export([{"result": []}], parts=["mention"]), "$[0].data.parts: [unknown-label]"),
        (export([], text="Kim left."), "$[0].data.text: [other-text]"),
    ],
)
def test_what_is_no_export_is_refused_with_its_place(tasks, found):
    with pytest.raises(InputError) as refused:
        read(tasks)
    assert str(refused.value).startswith(f"out/tasks.json: {found}")
