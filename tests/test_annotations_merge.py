"""A round becomes the next gold: what is written, what is refused, and what an interrupted merge leaves."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from adjudication_support import adjudicate, following
from click.testing import CliRunner

from vostochny.annotations import load_gold, load_registry, load_round
from vostochny.annotations.differences import Comparison
from vostochny.annotations.history import Version, load_history, next_version
from vostochny.annotations.merge import merged_version, plan_merge, write_merge
from vostochny.annotations.provenance import provenance, unexplained
from vostochny.annotations.rounds import load_round as read_round_of
from vostochny.cli.main import cli
from vostochny.schema import files
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json, dump_jsonl, read_jsonl
from vostochny.schema.jsonio import layer_to_json
from vostochny.schema.links_json import links_to_json
from vostochny.schema.model import Entity, Links
from vostochny.schema.readers import read_layer
from vostochny.schema.registry import Resolver
from vostochny.schema.registry_checks import named_entities
from vostochny.schema.validate import validate_paths

ROOT = Path(__file__).parent.parent / "annotations"
GOLD, R1 = load_gold(), load_round("r1")
DAY = "2026-12-01"
PARTS = ("mentions", "quotes", "marks", "claims")


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else dump_json(data))


def registry_of(layers):
    used = {name for layer in layers for name in named_entities(layer)}
    return Links("gold", tuple(entity for entity in load_registry() if entity.id in used))


def manifest(annotators, documents=("ist",), **more):
    return {
        "schema_version": "1.0.0",
        "id": "r2",
        "purpose": "The article again.",
        "guidelines": "1.0.0",
        "blind": True,
        "state": "open",
        "documents": list(documents),
        "parts": ["mentions", "quotes", "marks", "claims"],
        "annotators": [{"id": name, "kind": "human", "procedure": "First to last."} for name in annotators],
        "adjudicator": None,
        **more,
    }


@pytest.fixture
def corpus(tmp_path):
    """A corpus of one article with the first annotator's layer as gold 1.0.0, and a round by ana and ben.

    These are the shipped round's two readings, adjudicated as in the shipped gold.
    """
    root = tmp_path / "corpus"
    for folder, name in (("articles", "ist.txt"), ("documents", "ist.json")):
        write(root / folder / name, (ROOT / folder / name).read_bytes())
    old = replace(R1.layers["a1"]["ist"], annotator="gold")
    write(root / "gold/ist.json", layer_to_json(old))
    write(root / "gold/links.json", links_to_json(registry_of([old])))
    version = {"version": "1.0.0", "round": "r1", "date": "2026-11-21", "documents": ["ist"]}
    write(root / "gold/history.json", [{**version, "added": 207, "changed": 0, "removed": 0}])
    write(root / "CHANGELOG.md", "# Changelog\n\n## 1.0.0 – 2026-11-21\n\nFirst version.\n".encode())
    sources = {"ana": "a1", "ben": "a2"}
    layers = {name: replace(R1.layers[source]["ist"], annotator=name) for name, source in sources.items()}
    folder = root / "rounds/r2"
    for name, layer in layers.items():
        write(folder / name / "ist.json", layer_to_json(layer))
    document = GOLD.documents["ist"]
    decided, log = adjudicate(following(GOLD["ist"], layers, document), layers, document, before=old)
    write(folder / "adjudicated/ist.json", layer_to_json(decided))
    write(folder / "adjudication/ist.jsonl", dump_jsonl(log))
    write(folder / "round.json", manifest(["ana", "ben"], adjudicator="cleo"))
    return root


def merge(root, **more):
    merge_on(root, DAY, **more)


def merge_on(root, day, **more):
    write_merge(plan_merge("r2", root, day, root / "CHANGELOG.md", **more))


def tree(root):
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def refused(root, **more):
    before = tree(root)
    with pytest.raises(InputError) as caught:
        merge(root, **more)
    assert tree(root) == before
    return caught.value.problems


def test_the_merged_round_is_the_next_gold(corpus):
    old = (corpus / "gold/ist.json").read_bytes()
    result = CliRunner().invoke(cli, ["round", "merge", "r2", "--corpus", str(corpus)])
    assert result.exit_code == 0, result.exception
    gold = load_gold(corpus)
    assert {c.id: c for c in gold["ist"].claims} == {c.id: c for c in GOLD["ist"].claims}
    assert gold["ist"].annotator == "gold"
    assert (corpus / "rounds/r2/replaced/ist.json").read_bytes() == old
    assert validate_paths([corpus], {}).problems == []
    first, second = load_history(corpus)
    assert (first.version, second.version, second.round) == ("1.0.0", "1.1.0", "r2")
    assert (second.added, second.removed) == (0, 0)
    before, after = json.loads(old), layer_to_json(gold["ist"])
    assert second.changed == sum(
        a != b for part in PARTS for a, b in zip(before[part], after[part], strict=True)
    )
    assert load_round("r2", corpus).manifest["state"] == "merged"
    text = (corpus / "CHANGELOG.md").read_text()
    assert text.startswith(f"# Changelog\n\n## 1.1.0 – {second.date}\n\n- **Gold 1.1.0**: round `r2` (ist)")
    assert "annotated by ana and ben, adjudicated by cleo" in " ".join(text.split())
    assert text.endswith("\n\n## 1.0.0 – 2026-11-21\n\nFirst version.\n")
    command = result.output.split("see what changed: vostochny ")[1].splitlines()[0].split()
    different = CliRunner().invoke(cli, [*command, "--corpus", str(corpus)])
    assert different.exit_code == 1
    assert "ist: 1 difference" in different.output
    assert f"gold 1.1.0: 0 items added, {second.changed} changed, 0 removed" in result.output


def test_what_is_unreleased_stays_on_top_of_the_changelog(corpus):
    path = corpus / "CHANGELOG.md"
    path.write_text(path.read_text().replace("## 1.0.0", "## Unreleased\n\n- Tools.\n\n## 1.0.0"))
    merge(corpus)
    headings = [line for line in path.read_text().splitlines() if line.startswith("## ")]
    assert [heading.split(" ")[1] for heading in headings] == ["Unreleased", "1.1.0", "1.0.0"]


def test_provenance_says_of_each_item_who_stands_for_it(corpus):
    merge(corpus)
    lines = [line for _, line in read_jsonl(corpus / "rounds/r2/provenance/ist.jsonl")]
    gold = load_gold(corpus)["ist"]
    assert [line["item"] for line in lines] == [
        item.id for part in (gold.mentions, gold.quotes, gold.marks, gold.claims) for item in part
    ]
    by_item = {line["item"]: line for line in lines}
    logged = [line for _, line in read_jsonl(corpus / "rounds/r2/adjudication/ist.jsonl")]
    decided = {entry["gold"]["id"] for entry in logged if entry["gold"]}
    assert {id for id, line in by_item.items() if line["status"] == "adjudicated"} == decided
    assert by_item["c1"] == {
        "item": "c1", "kind": "claims", "status": "adjudicated", "by": ["cleo"], "wording": "cleo",
    }  # fmt: skip
    assert by_item["c2"] == {
        "item": "c2", "kind": "claims", "status": "unanimous", "by": ["ana", "ben"], "wording": "ana",
    }  # fmt: skip
    assert "wording" not in by_item["m1"]


def test_a_second_merge_changes_nothing_and_says_so(corpus):
    merge(corpus)
    before = tree(corpus)
    result = CliRunner().invoke(cli, ["round", "merge", "r2", "--corpus", str(corpus)])
    assert (result.exit_code, tree(corpus)) == (0, before)
    assert "round r2 is merged already: gold 1.1.0 of 2026-12-01; nothing changed" in result.output
    assert merged_version("r2", corpus).version == "1.1.0"


def interrupted(monkeypatch, writes):
    """Let that many files be written, then fail, as a kill would."""
    real, done = files.write_atomic, []

    def failing(path, data):
        if len(done) == writes:
            raise KeyboardInterrupt
        done.append(path)
        real(path, data)

    monkeypatch.setattr(files, "write_atomic", failing)
    return done


@pytest.mark.parametrize("gold_before", [True, False], ids=["next", "first"])
def test_killed_at_any_write_a_merge_can_be_run_again(corpus, tmp_path, monkeypatch, gold_before):
    if not gold_before:
        shutil.rmtree(corpus / "gold")
        typed = {entity.id: {"name": entity.name, "type": entity.type} for entity in load_registry()}
        write(corpus / "rounds/r2/studio/entities.json", typed)
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(corpus, undisturbed)
    plan = plan_merge("r2", undisturbed, DAY, undisturbed / "CHANGELOG.md")
    with monkeypatch.context() as patch:
        done = interrupted(patch, -1)
        write_merge(plan)
    expected = tree(undisturbed)
    assert [path.parent.name for path in done] == [
        *(["replaced", "gold", "gold"] if gold_before else ["gold", "gold", "gold"]),
        "provenance",
        "undisturbed",
        "r2",
    ]
    for writes in range(len(done)):
        here = tmp_path / f"killed-{writes}"
        shutil.copytree(corpus, here)
        files = tuple((here / path.relative_to(undisturbed), data) for path, data in plan.writes)
        with monkeypatch.context() as patch:
            interrupted(patch, writes)
            with pytest.raises(KeyboardInterrupt):
                write_merge(replace(plan, writes=files))
        assert merged_version("r2", here) is None
        # Once the history is written, the day is that on which the merge was begun.
        begun = (here / "gold/history.json").is_file() and len(load_history(here)) == 1 + gold_before
        merge_on(here, "2026-12-24" if begun else DAY)
        assert tree(here) == expected, writes


def test_a_begun_merge_keeps_its_version(corpus, monkeypatch):
    with monkeypatch.context() as patch:
        interrupted(patch, 3)
        with pytest.raises(KeyboardInterrupt):
            merge(corpus, version="2.0.0")
    assert [p.check for p in refused(corpus, version="3.0.0")] == ["merge-begun"]
    merge(corpus)
    assert load_history(corpus)[-1].version == "2.0.0"


def test_of_one_annotator_the_layer_is_the_next_gold(corpus):
    folder = corpus / "rounds/r2"
    for name in ("ben", "adjudicated", "adjudication"):
        shutil.rmtree(folder / name)
    layer = read_round_of("r2", _manifest(corpus, manifest(["ana"], blind=False))).layers["ana"]["ist"]
    # Ana drops a claim and marks one anew, which Label Studio gave the dropped one's number.
    dropped = layer.claims[4]
    outside = next(claim for claim in layer.claims if claim.quote is None)
    new = replace(outside, id=dropped.id, spans=(layer.quotes[0].source,))
    claims = (*(c for c in layer.claims if c.id != dropped.id), new)
    write(folder / "ana/ist.json", layer_to_json(replace(layer, claims=claims)))
    merge(corpus)
    gold = load_gold(corpus)["ist"]
    ids = {claim.id for claim in gold.claims}
    assert dropped.id not in ids  # the id of what is gone means nothing else now
    assert ids - {claim.id for claim in layer.claims} == {f"c{len(layer.claims) + 1}"}
    lines = [line for _, line in read_jsonl(folder / "provenance/ist.jsonl")]
    assert {(line["status"], *line["by"]) for line in lines} == {("reviewed", "ana")}
    assert not any("wording" in line for line in lines)  # she vouches for it, whoever worded it
    newest = load_history(corpus)[-1]
    assert (newest.added, newest.changed, newest.removed) == (1, 0, 1)
    assert "reviewed by ana" in (corpus / "CHANGELOG.md").read_text()
    assert validate_paths([corpus], {}).problems == []


def _manifest(corpus, value):
    write(corpus / "rounds/r2/round.json", value)
    return corpus


def test_entities_that_were_typed_enter_the_registry_and_unused_ones_leave_it(corpus):
    folder = corpus / "rounds/r2"
    changed = next(m for m in GOLD["ist"].mentions if m.type == "ORG")
    for path in (folder / "ana/ist.json", folder / "ben/ist.json", folder / "adjudicated/ist.json"):
        path.write_bytes(path.read_bytes().replace(f'"{changed.entity}"'.encode(), b'"new-body"'))
    log = folder / "adjudication/ist.jsonl"
    log.write_bytes(log.read_bytes().replace(f'"{changed.entity}"'.encode(), b'"new-body"'))
    (problem, *_) = refused(corpus)
    assert problem.check == "unresolved-reference"
    assert "'new-body'" in problem.message
    typed = {id: {"name": name, "type": "ORG"} for id, name in (("new-body", "New Body"), ("idle", "Idle"))}
    write(folder / "studio/entities.json", typed)
    plan = plan_merge("r2", corpus, DAY, corpus / "CHANGELOG.md")
    assert (plan.added, plan.dropped) == (("new-body",), (changed.entity,))
    write_merge(plan)
    registry = load_registry(corpus)
    assert Entity("new-body", "New Body", "ORG") in registry
    assert not {"idle", changed.entity} & {entity.id for entity in registry}
    assert validate_paths([corpus], {}).problems == []


def test_versions_follow_and_may_be_chosen(corpus):
    assert [p.check for p in refused(corpus, version="1.0.0")] == ["version-order"]
    assert [p.check for p in refused(corpus, version="two")] == ["bad-format"]
    merge(corpus, version="1.0.1")
    assert load_history(corpus)[-1].version == "1.0.1"
    assert next_version([]) == "1.0.0"
    assert next_version([Version("1.9.3", "r", DAY, ("d",), 0, 0, 0)]) == "1.10.0"


def test_missing_layers_are_refused_with_how_far_they_are(corpus):
    folder = corpus / "rounds/r2"
    pulled = (folder / "ben/ist.json").read_bytes()
    (folder / "ben/ist.json").unlink()
    (problem,) = refused(corpus)
    assert (problem.check, problem.file) == ("missing-layer", str(folder / "ben/ist.json"))
    assert "vostochny round status r2" in problem.message
    digest = hashlib.sha256(b"").hexdigest()
    record = {
        "schema_version": "1.0.0", "round": "r2", "key": "abc", "label_studio": "1.23.2",
        "server_per_annotator": False, "prefill": "none", "prefill_parts": [], "config_sha256": digest,
        "texts": [{"document": "ist", "text_sha256": GOLD.documents["ist"].text_sha256}],
        "projects": [{"annotator": "ben", "url": "http://127.0.0.1:8080", "project": 7}],
        "adjudication": None,
    }  # fmt: skip
    write(folder / "studio/studio.json", record)
    task = {"id": 3, "data": {"external_id": "r2/ben/ist"}, "drafts": []}
    skip = {"id": 5, "was_cancelled": True, "result": [], "created_at": "2026-11-30T10:00:00Z"}
    for annotations, words in (([], "ben has not submitted ist"), ([skip], "ben skipped ist")):
        write(folder / "studio/export/ben.json", [{**task, "annotations": annotations}])
        (problem,) = refused(corpus)
        assert f"{words} (http://127.0.0.1:8080/projects/7/data?task=3)" in problem.message
    # Pulled once, skipped since: what is there is not what the annotator stands for.
    (folder / "ben/ist.json").write_bytes(pulled)
    (problem,) = refused(corpus)
    assert (problem.check, problem.file) == ("skipped-document", str(folder / "ben/ist.json"))
    record["texts"][0]["text_sha256"] = digest
    write(folder / "studio/studio.json", record)
    assert [p.check for p in refused(corpus)] == ["text-changed"]


def test_undecided_documents_are_refused(corpus):
    shutil.rmtree(corpus / "rounds/r2/adjudicated")
    (problem,) = refused(corpus)
    assert problem.check == "not-adjudicated"
    assert "vostochny round adjudicate r2" in problem.message


def test_layers_that_changed_after_adjudication_are_refused(corpus):
    path = corpus / "rounds/r2/ben/ist.json"
    value = json.loads(path.read_bytes())
    mention = value["mentions"].pop(3)
    write(path, value)
    problems = refused(corpus)
    assert {p.check for p in problems} == {"stale-adjudication"}
    assert any("gold has" in p.message and mention["text"] in p.message for p in problems)


def test_a_log_without_an_adjudicator_is_refused(corpus):
    _manifest(corpus, manifest(["ana", "ben"]))
    assert [p.check for p in refused(corpus)] == ["no-adjudicator"]


def test_broken_layers_and_links_are_refused(corpus):
    path = corpus / "rounds/r2/adjudicated/ist.json"
    good = path.read_bytes()
    value = json.loads(good)
    value["mentions"][0]["end"] += 1
    write(path, value)
    assert "text-mismatch" in {p.check for p in refused(corpus)}
    path.write_bytes(good)
    links = json.loads((corpus / "gold/links.json").read_bytes())
    member = [{"document": "ist", "id": "q99"}, {"document": "ist", "id": "q1"}]
    utterance = {"id": "u1", "speaker": None, "members": member, "differences": []}
    write(corpus / "gold/links.json", {**links, "utterances": [utterance]})
    assert "unresolved-reference" in {p.check for p in refused(corpus)}


def test_closed_rounds_are_not_merged(corpus):
    value = manifest(["ana", "ben"])
    del value["state"]
    _manifest(corpus, value)
    with pytest.raises(InputError, match="round is closed"):
        merged_version("r2", corpus)
    assert merged_version("r1", ROOT).version == "1.0.0"


def test_a_round_of_mentions_only_leaves_the_other_parts_of_gold_alone(corpus):
    folder = corpus / "rounds/r2"
    for path in (folder / "ana/ist.json", folder / "ben/ist.json", folder / "adjudicated/ist.json"):
        value = json.loads(path.read_bytes())
        write(path, {k: v for k, v in value.items() if k not in ("quotes", "marks", "claims")})
    (folder / "adjudication/ist.jsonl").unlink()
    _manifest(corpus, manifest(["ana", "ben"], parts=["mentions"]))
    old = load_gold(corpus)["ist"]
    merge(corpus)
    assert load_gold(corpus)["ist"] == old
    kinds = {line["kind"] for _, line in read_jsonl(folder / "provenance/ist.jsonl")}
    assert kinds == {"mentions"}


@pytest.mark.parametrize("name", R1.documents)
def test_the_shipped_provenance_follows_from_layers_and_log(name):
    log = [entry for _, entry in read_jsonl(ROOT / f"rounds/r1/adjudication/{name}.jsonl")]
    comparison = Comparison(GOLD.documents[name], Resolver(GOLD.entities))
    adjudicated = read_layer(ROOT / f"rounds/r1/adjudicated/{name}.json", GOLD.documents)
    arguments = adjudicated, R1.readings(name), log
    adjudicator = R1.manifest["adjudicator"]
    expected = dump_jsonl(provenance(*arguments, adjudicator, comparison))
    assert (ROOT / f"rounds/r1/provenance/{name}.jsonl").read_bytes() == expected
    assert list(unexplained(*arguments, comparison)) == []
    lacking = list(unexplained(*arguments[:2], log[1:], comparison))
    assert lacking if log[0]["fields"] != ["proposition"] else not lacking


def test_the_shipped_history_counts_gold():
    first, second, *later = load_history()
    assert (first.version, first.round, first.date) == ("1.0.0", "r1", "2026-11-21")
    assert (second.version, second.round, second.removed) == ("1.1.0", "r2", 0)
    assert all(version.documents == R1.documents for version in (first, second, *later))
    parts = [part for g in GOLD.values() for part in (g.mentions, g.quotes, g.marks, g.claims)]
    parts += [GOLD.links.utterances, GOLD.links.claim_groups, GOLD.links.claim_relations]
    items = sum(version.added - version.removed for version in (first, second, *later))
    assert items == sum(map(len, parts))
