"""Rounds on a real Label Studio: start, status, pull, review; nothing is mocked."""

import base64
import json
import re
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner
from rounds_support import Bench, five_articles
from studio_support import free_port

from vostochny.annotations.studio_client import Studio
from vostochny.annotations.studio_server import down
from vostochny.annotations.studio_types import Push
from vostochny.cli.main import cli
from vostochny.schema.errors import InputError
from vostochny.schema.files import dump_json
from vostochny.schema.readers import read_layer, read_round

pytestmark = pytest.mark.labelstudio

ALL = ("agencies", "ist", "japantimes", "lenta", "sputnik")
CONFIG = (
    '<View><Labels name="l" toName="text"><Label value="a"/></Labels><Text name="text" value="$text"/></View>'
)


@pytest.fixture
def bench(tmp_path, studio):
    return Bench(five_articles(tmp_path / "corpus"), studio)


def region(start, end, label, control="mention", id="x"):
    value = {"start": start, "end": end, "text": "not to be trusted", "labels": [label]}
    return {"id": id, "from_name": control, "to_name": "text", "type": "labels", "value": value}


def test_start_makes_each_task_once_and_again_changes_nothing(bench):
    output = bench.ok("start", "r2", "--annotators", "ana,ben", "--prefill", "gold")
    assert "sent: agencies, ist, japantimes, lenta, sputnik" in output
    assert f"{bench.studio.url}/projects/{bench.project('r2', 'ana')}/data" in output
    bench.assert_exact("r2", ("ana", "ben"), ALL)
    manifest = read_round(bench.folder("r2") / "round.json")
    assert manifest["state"] == "open" and manifest["blind"] is False
    assert [a["id"] for a in manifest["annotators"]] == ["ana", "ben"]
    assert {a["kind"] for a in manifest["annotators"]} == {"human"}
    assert "1.23.2" in manifest["annotators"][0]["procedure"]
    files = bench.files()
    tasks = bench.tasks(bench.project("r2", "ana"))
    for again in (("--annotators", "ana,ben", "--prefill", "gold"), ()):
        assert "nothing changed" in bench.ok("start", "r2", *again)
        assert bench.files() == files
    assert [t["id"] for t in bench.tasks(bench.project("r2", "ana"))] == [t["id"] for t in tasks]
    assert not any(bench.studio.token.encode() in data for data in bench.files().values())


def test_tasks_keep_the_order_of_the_documents_asked_for(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "sputnik,ist")
    assert [t["data"]["document"] for t in bench.tasks(bench.project("r2", "ana"))] == ["sputnik", "ist"]
    bench.assert_exact("r2", ("ana",), ("sputnik", "ist"), prefill=False)


@pytest.mark.parametrize(("prefill", "shown"), [("gold", 1), ("none", 0)])
def test_the_annotator_finds_the_prefill_when_the_task_opens(bench, prefill, shown):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist", "--prefill", prefill)
    status, task = bench.studio.call("GET", f"/api/projects/{bench.project('r2', 'ana')}/next")
    assert status == 200
    assert len(task["predictions"]) == shown
    if shown:
        assert task["predictions"][0]["result"] == bench.expected("ist")
    _, project = bench.studio.call("GET", f"/api/projects/{bench.project('r2', 'ana')}")
    assert project["show_collab_predictions"] is bool(shown)
    assert "Alt+R" in project["expert_instruction"] and project["show_instruction"]


def test_what_was_submitted_comes_back_as_the_same_layers(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--prefill", "gold")
    bench.accept("r2", "ana", ALL)
    assert "pulled: agencies, ist, japantimes, lenta, sputnik" in bench.ok("pull", "r2")
    for document in ALL:
        layer = read_layer(bench.folder("r2") / "ana" / f"{document}.json", bench.documents)
        assert layer == replace(bench.gold[document], annotator="ana")
    export = (bench.folder("r2") / "studio" / "export" / "ana.json").read_bytes()
    assert b"@" not in export.replace(b"@localhost", b"@") or b"admin@" not in export
    assert {a["completed_by"] for task in json.loads(export) for a in task["annotations"]} == {1}
    files = bench.files()
    time.sleep(1)
    assert "nothing changed" in bench.ok("pull", "r2")
    assert bench.files() == files


def test_status_tells_done_empty_skipped_open_and_drafts(bench, tmp_path):
    (tmp_path / "mine.txt").write_text("Nobody met anybody.\n")
    added = CliRunner().invoke(cli, ["add", str(tmp_path / "mine.txt"), "--corpus", str(bench.corpus)])
    assert added.exit_code == 0, added.output
    bench.ok("start", "r2", "--annotators", "ana,ben")
    bench.annotate(bench.task("r2", "ana", "agencies"), bench.drawn("agencies", "DATE"))
    bench.annotate(bench.task("r2", "ana", "mine"), [])
    bench.annotate(bench.task("r2", "ana", "lenta"), [], skip=True)
    draft = bench.task("r2", "ana", "sputnik")
    status, _ = bench.studio.call(
        "POST", f"/api/tasks/{draft['id']}/drafts", {"result": [region(0, 4, "PERSON")], "lead_time": 1}
    )
    assert status == 201
    value = json.loads(bench.ok("status", "r2", "--format", "json"))
    found = {name: each["ana"] for name, each in value["documents"].items()}
    assert {name: (each["state"], each["draft"], each["pull"]) for name, each in found.items()} == {
        "agencies": ("done", False, "not pulled"),
        "ist": ("open", False, None),
        "japantimes": ("open", False, None),
        "lenta": ("skipped", False, None),
        "mine": ("done-empty", False, "not pulled"),
        "sputnik": ("open", True, None),
    }
    assert {each["ben"]["state"] for each in value["documents"].values()} == {"open"}
    assert not (bench.folder("r2") / "ana").exists()
    table = bench.ok("status", "r2")
    assert "done, not pulled" in table and "open (draft)" in table and "skipped" in table
    bench.ok("pull", "r2")
    pulled = sorted(p.stem for p in (bench.folder("r2") / "ana").iterdir())
    assert pulled == ["agencies", "mine"]
    assert bench.labels("r2", "ana", "mine") == []
    assert "done, pulled" in bench.ok("status", "r2")
    for data in bench.files().values():
        assert b"admin@localhost" not in data


def test_of_two_submissions_the_latest_counts_and_a_skip_undoes_none(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist")
    task = bench.task("r2", "ana", "ist")
    first = bench.annotate(task, bench.drawn("ist", "DATE"))
    bench.annotate(task, bench.drawn("ist", "TIME"))
    bench.annotate(task, [], skip=True)
    bench.ok("pull", "r2")
    assert bench.labels("r2", "ana", "ist") == ["TIME"]
    # The annotator opens the first one again and updates it: now that is the latest.
    status, _ = bench.studio.call(
        "PATCH", f"/api/annotations/{first}/", {"result": bench.drawn("ist", "MONEY")}
    )
    assert status == 200
    assert "changed" in bench.ok("status", "r2")
    assert "pulled anew: ist" in bench.ok("pull", "r2")
    assert bench.labels("r2", "ana", "ist") == ["MONEY"]


def test_an_extractor_prefills_what_it_finds_and_the_rest_is_said_to_be_empty(bench, tmp_path):
    output = bench.ok(
        "start", "r2", "--annotators", "ana", "--prefill", "quotes-rules", "--documents", "ist,lenta"
    )
    assert "prefilled by quotes-rules: quotes" in output and "nothing for mentions" in output
    assert bench.record("r2")["prefill_parts"] == ["quotes"]
    for task in bench.tasks(bench.project("r2", "ana")):
        assert task["predictions"][0]["model_version"] == "quotes-rules"
        labels = {r["from_name"] for r in task["predictions"][0]["result"] if r["type"] == "labels"}
        assert labels == {"quote"}
    kept = bench.folder("r2") / "studio" / "prefill" / "ist.json"
    before = kept.read_bytes()
    assert "nothing changed" in bench.ok("start", "r2")
    assert kept.read_bytes() == before
    bench.accept("r2", "ana", ["ist"])
    bench.ok("pull", "r2")
    assert read_layer(bench.folder("r2") / "ana" / "ist.json", bench.documents).quotes


def test_a_plug_in_prefills_and_what_it_can_not_do_is_said(bench, tmp_path):
    plugin = tmp_path / "mine.py"
    plugin.write_text(
        "from vostochny.schema.model import Layer, Mention, Quote, Span\n"
        "def find(document):\n"
        "    quote = Quote('q1', (Span(0, 4),), None, speaker='Somebody Unheard Of')\n"
        "    mentions = (Mention('m1', 0, 4, None, 'PERSON'),)\n"
        "    return Layer(document.id, 'mine', mentions=mentions, quotes=(quote,))\n"
        "def broken(document):\n    raise RuntimeError('no model')\n"
    )
    output = bench.refused("start", "r2", "--annotators", "ana", "--prefill", f"{plugin}:broken")
    assert "no model" in output
    assert not bench.folder("r2").exists()
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist", "--prefill", f"{plugin}:find")
    task = bench.task("r2", "ana", "ist")
    typed = [
        r["value"]["text"] for r in task["predictions"][0]["result"] if r["from_name"] == "speaker_other"
    ]
    assert typed == [["Somebody Unheard Of"]]


def test_an_open_round_grows_and_never_shrinks(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist", "--prefill", "gold")
    bench.accept("r2", "ana", ["ist"])
    output = bench.ok("start", "r2", "--annotators", "ana,ben", "--documents", "ist,lenta")
    assert "added annotator ben" in output and "added document lenta" in output
    bench.assert_exact("r2", ("ana", "ben"), ("ist", "lenta"))
    assert len(bench.task("r2", "ana", "ist")["annotations"]) == 1
    files = bench.files()
    for option, given, missing in (("--annotators", "ben", "ana"), ("--documents", "lenta", "ist")):
        output = bench.refused("start", "r2", option, given)
        assert missing in output and "start another round" in output
    assert "--prefill gold" in bench.refused("start", "r2", "--prefill", "none")
    assert "reserved" in bench.refused("start", "r2", "--annotators", "ana,ben,studio")
    assert "Ist" in bench.refused("start", "r2", "--documents", "ist,lenta,Ist")
    assert bench.files() == files


def test_a_document_that_can_not_be_read_is_named_and_the_others_are_pulled(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist,lenta")
    bad, good = bench.task("r2", "ana", "ist"), bench.task("r2", "ana", "lenta")
    length = len(bench.documents["ist"].text)
    bench.annotate(bad, [region(length - 1, length + 30, "PERSON", id="far")])
    bench.annotate(good, bench.drawn("lenta", "DATE"))
    status, output = bench.call("pull", "r2")
    assert status == 1
    assert f"task={bad['id']}" in output and "far" in output
    assert [p.stem for p in (bench.folder("r2") / "ana").iterdir()] == ["lenta"]
    assert "can't be pulled" in bench.call("status", "r2")[1]
    # Mended in the editor, it comes.
    bench.annotate(bad, bench.drawn("ist", "DATE"))
    bench.ok("pull", "r2")
    assert (bench.folder("r2") / "ana" / "ist.json").exists()


def test_a_changed_text_is_refused_and_the_others_go_on(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist,lenta")
    for document in ("ist", "lenta"):
        bench.annotate(bench.task("r2", "ana", document), bench.drawn(document, "DATE"))
    task = bench.task("r2", "ana", "ist")
    data = {**task["data"], "text": "X" + task["data"]["text"][1:]}
    assert bench.studio.call("PATCH", f"/api/tasks/{task['id']}/", {"data": data})[0] == 200
    status, output = bench.call("pull", "r2")
    assert status == 1 and "text-changed" in output and f"task={task['id']}" in output
    assert [p.stem for p in (bench.folder("r2") / "ana").iterdir()] == ["lenta"]
    # A start neither overwrites nor doubles what somebody worked on.
    output = bench.ok("start", "r2")
    assert "was kept" in output and f"task={task['id']}" in output
    assert len(bench.tasks(bench.project("r2", "ana"))) == 2


def test_deleted_annotations_stay_in_the_repository(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist")
    task = bench.task("r2", "ana", "ist")
    annotation = bench.annotate(task, bench.drawn("ist", "DATE"))
    bench.ok("pull", "r2")
    export = bench.folder("r2") / "studio" / "export"
    before = (export / "ana.json").read_bytes()
    layer = (bench.folder("r2") / "ana" / "ist.json").read_bytes()
    assert bench.studio.call("DELETE", f"/api/annotations/{annotation}/")[0] == 204
    output = bench.ok("pull", "r2")
    assert str(annotation) in output and "ana.1.json" in output and "layer is kept" in output
    assert (export / "ana.1.json").read_bytes() == before
    assert (bench.folder("r2") / "ana" / "ist.json").read_bytes() == layer
    assert "layer is kept" in bench.ok("pull", "r2")
    assert sorted(p.name for p in export.iterdir()) == ["ana.1.json", "ana.json"]


def test_entities_that_annotators_type_are_kept(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist")
    drawn = bench.drawn("ist", "PERSON")
    typed = {**drawn[-1], "from_name": "entity_other", "type": "textarea"}
    typed["value"] = {**bench.value("ist"), "text": ["Somebody New"]}
    del typed["value"]["labels"]
    bench.annotate(bench.task("r2", "ana", "ist"), [*drawn, typed])
    bench.ok("pull", "r2")
    entities = json.loads((bench.folder("r2") / "studio" / "entities.json").read_bytes())
    assert entities == {"somebody-new": {"name": "Somebody New", "type": "PERSON"}}
    assert "nothing changed" in bench.ok("pull", "r2")


def test_a_merged_round_is_frozen(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist")
    task = bench.task("r2", "ana", "ist")
    bench.annotate(task, bench.drawn("ist", "DATE"))
    bench.ok("pull", "r2")
    path = bench.folder("r2") / "round.json"
    path.write_bytes(dump_json({**read_round(path), "state": "merged"}))
    links = bench.corpus / "gold" / "links.json"
    links.write_bytes(links.read_bytes().replace(b'"name": "Vladimir Putin"', b'"name": "V. Putin"', 1))
    files = bench.files()
    output = bench.ok("pull", "r2")
    assert "nothing changed" in output and "--update-config" not in output
    bench.annotate(task, bench.drawn("ist", "TIME"))
    assert "merged" in bench.refused("pull", "r2")
    assert "not an open round" in bench.refused("start", "r2")
    assert bench.files() == files


def test_a_round_whose_record_is_lost_names_it(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist")
    record = bench.folder("r2") / "studio" / "studio.json"
    kept = record.read_bytes()
    record.unlink()
    for command in ("start", "status", "pull"):
        output = bench.refused(command, "r2")
        assert str(record) in output and "restore this file" in output
    record.write_bytes(kept)
    assert "nothing changed" in bench.ok("start", "r2")


def test_review_shows_gold_to_one_person(bench):
    bench.ok("review", "r2", "--annotator", "ana", "--documents", "ist")
    manifest = read_round(bench.folder("r2") / "round.json")
    assert manifest["purpose"] == "A person checks the existing gold." and not manifest["blind"]
    bench.assert_exact("r2", ("ana",), ("ist",))
    assert "nothing changed" in bench.ok("review", "r2", "--annotator", "ana")


def test_a_server_per_annotator_is_blind(bench, monkeypatch):
    token = "0123456789abcdef0123456789abcdef"
    env = {"LABEL_STUDIO_URL": None, "LABEL_STUDIO_API_KEY": token}
    arguments = ("start", "r2", "--annotators", "ana,ben", "--documents", "ist", "--server-per-annotator")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", token)
    assert "leave out --url" in bench.refused(*arguments)
    assert "choose one token" in bench.refused(*arguments, env={**env, "LABEL_STUDIO_API_KEY": None})
    try:
        output = bench.ok(*arguments, env=env)
        assert "password" in output and token not in output
        assert read_round(bench.folder("r2") / "round.json")["blind"] is True
        urls = [project["url"] for project in bench.record("r2")["projects"]]
        assert len(set(urls)) == 2
        for url in urls:
            assert len(
                Studio.connect(url, token).find_projects(
                    f"vostochny-round: r2/ana/{bench.record('r2')['key']}"
                )
            ) == (url == urls[0])
        down("r2-ben")
        # A server that was stopped is started again, where it was.
        assert "open" in bench.ok("status", "r2", env=env)
        assert "nothing changed" in bench.ok("start", "r2", env=env)
    finally:
        down("r2-ana")
        down("r2-ben")


# Tokens and servers


def test_a_legacy_token_and_a_personal_access_token_both_work_and_are_written_nowhere(bench):
    status, answer = bench.studio.call("POST", "/api/token/", {})
    assert status == 201
    pat = answer["token"]
    for number, key in enumerate((bench.studio.token, pat)):
        output = bench.ok(
            "start",
            f"r{number}",
            "--annotators",
            "ana",
            "--documents",
            "ist",
            env={"LABEL_STUDIO_API_KEY": key},
        )
        assert key not in output
    assert not any(
        pat.encode() in data or bench.studio.token.encode() in data for data in bench.files().values()
    )
    assert bench.studio.call("POST", "/api/token/blacklist/", {"refresh": pat})[0] == 204
    output = bench.refused("status", "r0", env={"LABEL_STUDIO_API_KEY": pat})
    assert pat not in output and "LABEL_STUDIO_API_KEY" in output


def expired():
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({'token_type': 'refresh', 'exp': 1600000000})}.c2ln"


@pytest.mark.parametrize("key", ["", "wrong0wrong0wrong0", "two words", "wörng", expired()])
def test_a_token_that_is_wrong_or_expired_is_told_without_telling_it(bench, key):
    output = bench.refused("start", "r2", "--annotators", "ana", env={"LABEL_STUDIO_API_KEY": key})
    assert "labelstudio-token" in output and "copy a new one" in output
    assert not key or key not in output
    assert not bench.folder("r2").exists()


def test_no_server_no_label_studio_and_an_old_one_are_told_apart(bench):
    answers = {"/api/version": b"<html>hello</html>"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            assert "Authorization" not in self.headers
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answers["/api/version"])

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    other = f"http://127.0.0.1:{server.server_port}"
    start = ("start", "r2", "--annotators", "ana", "--url")
    try:
        assert "found no Label Studio" in bench.refused(*start, other)
        answers["/api/version"] = b'{"release": "1.8.0"}'
        assert "1.20 or newer" in bench.refused(*start, other)
    finally:
        server.shutdown()
        server.server_close()
    output = bench.refused(*start, f"http://127.0.0.1:{free_port()}")
    assert "doesn't answer" in output and "vostochny labelstudio up" in output
    for url in ("ftp://127.0.0.1", "127.0.0.1:8080", "http://", "http://127.0.0.1:port"):
        assert "labelstudio-url" in bench.refused(*start, url)
    output = bench.refused(*start, "http://me:secret@127.0.0.1:8080")
    assert "user name" in output and "secret" not in output
    assert not bench.folder("r2").exists()
    # One server that is away is told once, however many annotators are on it.
    bench.ok("start", "r2", "--annotators", "ana,ben", "--documents", "ist")
    assert (
        bench.refused("status", "r2", "--url", f"http://127.0.0.1:{free_port()}").count("doesn't answer") == 1
    )


# Projects


def client(studio):
    return Studio.connect(studio.url, studio.token)


def test_a_project_is_found_by_its_mark_behind_a_hundred_others_and_renamed(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist")
    project = bench.project("r2", "ana")
    assert bench.studio.call("PATCH", f"/api/projects/{project}/", {"title": "mine now"})[0] == 200
    others = [
        bench.studio.call("POST", "/api/projects", {"title": f"other {n}", "label_config": CONFIG})[1]["id"]
        for n in range(101)
    ]
    try:
        assert "nothing changed" in bench.ok("start", "r2")
        assert bench.project("r2", "ana") == project
    finally:
        for id in others:
            bench.studio.call("DELETE", f"/api/projects/{id}/")


def test_of_two_projects_with_one_mark_the_oldest_is_used(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist")
    first = bench.project("r2", "ana")
    _, project = bench.studio.call("GET", f"/api/projects/{first}")
    copy = {key: project[key] for key in ("title", "description", "label_config")}
    _, twin = bench.studio.call("POST", "/api/projects", copy)
    output = bench.ok("start", "r2")
    assert str(twin["id"]) in output and bench.project("r2", "ana") == first


def test_a_deleted_project_is_told_and_made_anew(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist", "--prefill", "gold")
    bench.accept("r2", "ana", ["ist"])
    bench.ok("pull", "r2")
    old = bench.project("r2", "ana")
    assert bench.studio.call("DELETE", f"/api/projects/{old}/")[0] == 204
    output = bench.refused("pull", "r2")
    assert "vostochny round start r2" in output
    assert f"the project was {old}" in bench.ok("start", "r2")
    bench.assert_exact("r2", ("ana",), ("ist",))
    assert "ana.1.json" in bench.ok("pull", "r2")


def test_a_removed_label_is_told_and_put_back(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist")
    bench.annotate(bench.task("r2", "ana", "ist"), bench.drawn("ist", "DATE"))
    project = bench.project("r2", "ana")
    _, value = bench.studio.call("GET", f"/api/projects/{project}")
    config = value["label_config"]
    less = re.sub(r'<Label value="PERSON"[^>]*/>', "", config)
    less = re.sub(r'<Choice value="hypothetical"[^>]*/>', "", less)
    assert bench.studio.call("PATCH", f"/api/projects/{project}/", {"label_config": less})[0] == 200
    output = bench.refused("start", "r2")
    assert (
        "label 'PERSON' of mention" in output and "'hypothetical'" in output and "--update-config" in output
    )
    assert "label 'PERSON'" in bench.ok("status", "r2")
    # The annotation is not lost by that.
    bench.ok("pull", "r2")
    assert bench.labels("r2", "ana", "ist") == ["DATE"]
    # Colours and hints are the server's own affair.
    other = re.sub('background="[^"]*"', 'background="#123456"', config)
    assert bench.studio.call("PATCH", f"/api/projects/{project}/", {"label_config": other})[0] == 200
    assert "nothing changed" in bench.ok("start", "r2")
    assert bench.studio.call("PATCH", f"/api/projects/{project}/", {"label_config": less})[0] == 200
    bench.ok("start", "r2", "--update-config")
    assert bench.studio.call("GET", f"/api/projects/{project}")[1]["label_config"] == config
    assert "nothing changed" in bench.ok("start", "r2")


def test_a_configuration_that_the_server_refuses_is_told_in_its_words(studio):
    with pytest.raises(InputError, match="refuses making a project"):
        client(studio).ensure_project("bad", "vostochny-test: bad", "<View><", "")


# Doubles and gaps, whoever made them


def test_an_empty_double_is_removed_an_annotated_one_kept_two_annotated_ones_both(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--prefill", "gold", "--documents", "ist,lenta,sputnik")
    project = bench.project("r2", "ana")
    tasks = {task["data"]["document"]: task for task in bench.tasks(project)}
    copies = {}
    for document, task in tasks.items():
        value = {"data": task["data"], "meta": task["meta"], "predictions": []}
        _, answer = bench.studio.call("POST", f"/api/projects/{project}/import?return_task_ids=true", [value])
        copies[document] = answer["task_ids"][0]
    bench.annotate({"id": copies["lenta"]}, bench.drawn("lenta", "DATE"))
    bench.annotate({"id": copies["sputnik"]}, bench.drawn("sputnik", "DATE"))
    bench.annotate(tasks["sputnik"], bench.drawn("sputnik", "TIME"))
    output = bench.ok("start", "r2")
    there = {task["id"] for task in bench.tasks(project)}
    assert tasks["ist"]["id"] in there and copies["ist"] not in there
    assert copies["lenta"] in there and tasks["lenta"]["id"] not in there
    assert {copies["sputnik"], tasks["sputnik"]["id"]} <= there
    assert "sputnik is there more than once" in output
    kept = next(task for task in bench.tasks(project) if task["id"] == copies["lenta"])
    assert len(kept["predictions"]) == 1 and len(kept["annotations"]) == 1
    bench.ok("pull", "r2")
    assert bench.labels("r2", "ana", "sputnik") == ["TIME"]


def test_a_double_with_a_draft_is_work_too(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist")
    project, task = bench.project("r2", "ana"), bench.task("r2", "ana", "ist")
    value = {"data": task["data"]}
    _, answer = bench.studio.call("POST", f"/api/projects/{project}/import?return_task_ids=true", [value])
    twin = answer["task_ids"][0]
    bench.studio.call("POST", f"/api/tasks/{twin}/drafts", {"result": [region(0, 4, "ORG")], "lead_time": 1})
    bench.ok("start", "r2")
    assert [t["id"] for t in bench.tasks(project)] == [twin]


def test_missing_and_double_predictions_are_mended(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--prefill", "gold")
    tasks = {task["data"]["document"]: task for task in bench.tasks(bench.project("r2", "ana"))}
    gone = tasks["ist"]["predictions"][0]["id"]
    assert bench.studio.call("DELETE", f"/api/predictions/{gone}/")[0] == 204
    double = {"task": tasks["lenta"]["id"], "result": tasks["lenta"]["predictions"][0]["result"]}
    assert bench.studio.call("POST", "/api/predictions/", {**double, "model_version": "gold"})[0] == 201
    output = bench.ok("start", "r2")
    assert "prefill mended: ist, lenta" in output
    bench.assert_exact("r2", ("ana",), ALL)
    assert "nothing changed" in bench.ok("start", "r2")


def test_tasks_of_others_are_left_alone(bench):
    bench.ok("start", "r2", "--annotators", "ana", "--documents", "ist")
    project = bench.project("r2", "ana")
    bench.studio.call("POST", f"/api/projects/{project}/import", [{"data": {"text": "something else"}}])
    assert "1 task(s)" in bench.ok("start", "r2")
    assert len(bench.tasks(project)) == 2
    bench.ok("pull", "r2")


def test_what_changed_since_is_sent_anew_only_where_nobody_worked(studio):
    server = client(studio)
    project = server.ensure_project("again", f"vostochny-test: again-{time.time()}", CONFIG, "")

    def push(name, label):
        result = {**region(0, 1, label, "l", "r"), "value": {"start": 0, "end": 1, "labels": [label]}}
        return Push(name, {"text": "abc", "external_id": name}, [result], "test")

    assert server.push(project, [push("x", "a"), push("y", "a")]).created == ["x", "y"]
    assert not server.push(project, [push("x", "a"), push("y", "a")]).changed
    worked = next(task.id for task in server.tasks(project) if task.external_id == "x")
    studio.call("POST", f"/api/tasks/{worked}/annotations/", {"result": []})
    without = replace(push("x", "a"), results=None), replace(push("y", "a"), results=None)
    report = server.push(project, without)
    assert list(report.stale) == ["x"] and report.replaced == ["y"]
    there = {task.external_id: task for task in server.tasks(project)}
    assert there["x"].id == worked and there["y"].predictions == 0


def test_what_would_crash_the_editor_is_never_sent(studio):
    server = client(studio)
    project = server.ensure_project("bad", f"vostochny-test: crash-{time.time()}", CONFIG, "")
    arrow = {"type": "relation", "from_id": "x", "to_id": "gone", "direction": "right", "labels": []}
    for results, said in (
        ([region(0, 1, "a", "l"), arrow], "gone"),
        ([region(0, 9, "a", "l")], "0..9"),
        ([region(2, 1, "a", "l")], "2..1"),
        ([region(0, 1, "a", "nobody")], "nobody"),
        ([region(0, 1, "unheard-of", "l")], "unheard-of"),
        ([region(0, 1, "a", "l"), region(1, 2, "a", "l")], "two places"),
    ):
        with pytest.raises(InputError, match=re.escape(said)):
            server.push(project, [Push("p", {"text": "abc", "external_id": "p"}, results, "test")])
    twice = Push("p", {"text": "abc", "external_id": "p"})
    with pytest.raises(InputError, match="twice"):
        server.push(project, [twice, twice])
    assert server.tasks(project) == []
