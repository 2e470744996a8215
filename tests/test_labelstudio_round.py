"""A whole round on a real Label Studio, by the commands that users type: r1's two readings become gold again.

The annotators submit what r1's annotators said, the adjudicator decides as the shipped gold has it.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from adjudication_support import following, untied

from vostochny.annotations import ROOT, load_documents, load_gold, load_registry, load_round
from vostochny.annotations.studio_encode import layer_to_results
from vostochny.annotations.studio_record import read_record
from vostochny.schema.readers import read_layer
from vostochny.schema.registry import Resolver

pytestmark = pytest.mark.labelstudio

DOCUMENTS = load_documents()
GOLD = load_gold()
REGISTRY = load_registry()
KNOWN = [entity.id for entity in REGISTRY]
PARTS = ("mentions", "quotes", "marks", "claims")
NAMES = ("entity", "metonym_for", "speaker", "claimer")


def resolved(layer, name):
    """A reading by another annotator, who takes from the registry's list whom it has under another id."""
    resolver = Resolver(REGISTRY)
    out = {}
    for part in PARTS:
        items = getattr(layer, part)
        for field in NAMES:
            items = tuple(
                replace(item, **{field: resolver.resolve(value)})
                if (value := getattr(item, field, None)) is not None
                else item
                for item in items
            )
        out[part] = items
    return replace(layer, annotator=name, **out)


READINGS = {
    name: {id: resolved(layer, name) for id, layer in layers.items()}
    for name, layers in zip(("ana", "ben"), load_round("r1").layers.values(), strict=True)
}
# Both readers of `agencies` had one id that gold mended later: here ben has the mended one, so they differ.
READINGS["ben"]["agencies"] = replace(GOLD["agencies"], annotator="ben")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Our articles with the registry, but without gold."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("articles", "documents"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "gold").mkdir()
    shutil.copy(ROOT / "gold" / "links.json", folder / "gold")
    return folder


@pytest.fixture(scope="module")
def run(studio, corpus):
    """Run a command on the corpus; its exit status and what it printed."""

    def run(*arguments, corpus_option=True):
        command = [str(Path(sys.executable).parent / "vostochny"), *arguments]
        if corpus_option:
            command += ["--corpus", str(corpus)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env={**os.environ, **studio.environment},
            cwd=corpus.parent,
            stdin=subprocess.DEVNULL,
        )
        assert "Traceback" not in done.stderr and studio.token not in done.stdout + done.stderr
        return done.returncode, done.stdout + done.stderr

    return run


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def unchanged(run, corpus, *arguments):
    """Whether a command that was run before succeeds again and changes no file."""
    before = tree(corpus)
    status, out = run(*arguments)
    assert status == 0, out
    return tree(corpus) == before


def tasks_of(studio, corpus, annotator, round="talks"):
    """Task ids of an annotator's project (or the adjudicator's) by document."""
    record = read_record(corpus / "rounds" / round)
    project = record.place(annotator).project
    status, answer = studio.call("GET", f"/api/tasks?project={project}&fields=all&page_size=100")
    assert status == 200
    return {task["data"]["document"]: task["id"] for task in answer["tasks"]}


def submit(studio, task, results):
    status, answer = studio.call(
        "POST", f"/api/tasks/{task}/annotations/", {"result": results, "ground_truth": False}
    )
    assert status == 201, answer


def said(layer):
    """What a layer says in any order and by any ids, but for the wording of propositions.

    Which of two wordings gold takes no adjudicator was asked.
    """
    reworded = replace(layer, claims=tuple(replace(claim, proposition="") for claim in layer.claims))
    return untied([item for part in PARTS for item in getattr(reworded, part)])


def test_a_round_from_start_to_gold(studio, corpus, run):
    start = ("round", "start", "talks", "--annotators", "ana,ben")
    status, out = run(*start)
    assert status == 0, out
    assert unchanged(run, corpus, *start)

    status, out = run("round", "merge", "talks")
    assert status == 1 and "lenta" in out and "ana" in out  # nobody has submitted anything yet

    for name, layers in READINGS.items():
        tasks = tasks_of(studio, corpus, name)
        assert set(tasks) == set(DOCUMENTS)
        for id, layer in layers.items():
            submit(studio, tasks[id], layer_to_results(layer, DOCUMENTS[id], KNOWN))
    status, out = run("round", "status", "talks", "--format", "json")
    states = json.loads(out)["documents"]
    assert status == 0 and {cell["state"] for row in states.values() for cell in row.values()} == {"done"}

    status, out = run("round", "pull", "talks")
    assert status == 0, out
    for name, layers in READINGS.items():
        for id, layer in layers.items():
            pulled = read_layer(corpus / "rounds" / "talks" / name / f"{id}.json", DOCUMENTS)
            for part in PARTS:
                assert set(getattr(pulled, part)) == set(getattr(layer, part))
    assert unchanged(run, corpus, "round", "pull", "talks")

    agreement = json.loads(run("round", "agree", "talks", "--format", "json")[1])
    shipped = json.loads(run("round", "agree", "r1", "--format", "json", corpus_option=False)[1])
    for task, measure in (("entities", "strict"), ("quotes", "content_token"), ("claims", "span")):
        here, there = (value["tasks"][task][measure]["f1"] for value in (agreement, shipped))
        assert here == there

    adjudicate = ("round", "adjudicate", "talks", "--adjudicator", "cleo")
    status, out = run(*adjudicate)
    assert status == 0, out
    assert unchanged(run, corpus, *adjudicate)
    to_decide = tasks_of(studio, corpus, "adjudication")
    # All readers of one article agree, so it needs no adjudicator.
    assert set(DOCUMENTS) - set(to_decide) == {"japantimes"}
    for id, task in to_decide.items():
        readings = {name: READINGS[name][id] for name in READINGS}
        submit(studio, task, following(GOLD[id], readings, DOCUMENTS[id], REGISTRY))
    status, out = run(*adjudicate)
    assert status == 0, out
    assert unchanged(run, corpus, *adjudicate)

    status, out = run("round", "merge", "talks")
    assert status == 0, out
    assert "1139 items added" in out
    made = load_gold(corpus)
    assert set(made) == set(GOLD)
    for id, layer in made.items():
        assert said(layer) == said(GOLD[id] if id in to_decide else READINGS["ana"][id])
        lines = (corpus / "rounds" / "talks" / "provenance" / f"{id}.jsonl").read_text().splitlines()
        assert len(lines) == sum(len(getattr(layer, part)) for part in PARTS)
    assert "talks" in (corpus / "CHANGELOG.md").read_text()
    assert unchanged(run, corpus, "round", "merge", "talks")
    assert unchanged(run, corpus, "round", "pull", "talks")
    # japantimes had no conflict; what the merge changed in the registry is no fault of the projects.
    status, out = run("round", "status", "talks")
    assert status == 0 and "no task" in out and "--update-config" not in out, out

    status, out = run("validate", str(corpus), corpus_option=False)
    assert status == 0, out


def test_a_person_reviews_the_gold(studio, corpus, run):
    """Runs on the gold that the test above made: one claim's certainty is mended."""
    review = ("round", "review", "check", "--annotator", "dora", "--documents", "ist")
    status, out = run(*review)
    assert status == 0, out
    assert unchanged(run, corpus, *review)
    (task,) = tasks_of(studio, corpus, "dora", "check").values()
    status, answer = studio.call("GET", f"/api/tasks/{task}")
    (prediction,) = answer["predictions"]
    layer = load_gold(corpus)["ist"]
    first = layer.claims[0]
    other = "hedged" if first.certainty == "asserted" else "asserted"
    mended = replace(layer, claims=(replace(first, certainty=other), *layer.claims[1:]))
    assert prediction["result"] == layer_to_results(layer, DOCUMENTS["ist"], KNOWN)
    submit(studio, task, layer_to_results(mended, DOCUMENTS["ist"], KNOWN))

    status, out = run("round", "pull", "check")
    assert status == 0, out
    status, out = run("round", "agree", "check")
    assert "dora" in out and "prefill" in out

    status, out = run("round", "merge", "check")
    assert status == 0 and "0 items added, 1 changed, 0 removed" in out, out
    assert load_gold(corpus)["ist"].claims[0].certainty == other
    told = next(line for line in out.splitlines() if "vostochny diff" in line)
    status, out = run(*told[told.index("vostochny diff") :].split()[1:4])
    assert status == 1 and "claims: certainty" in out and "1 difference" in out
    provenance = (corpus / "rounds" / "check" / "provenance" / "ist.jsonl").read_text().splitlines()
    assert {json.loads(line)["status"] for line in provenance} == {"reviewed"}
    assert unchanged(run, corpus, "round", "merge", "check")
    assert run("validate", str(corpus), corpus_option=False)[0] == 0
