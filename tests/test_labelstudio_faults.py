"""Whatever breaks between us and a real Label Studio: each task is there once in the end, no work is lost."""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time

import pytest
from loopback_proxy import Proxy
from rounds_support import Bench, many_articles
from studio_support import Studio

pytestmark = pytest.mark.labelstudio

SIZE = 25
"""Documents: three requests of tasks."""


@pytest.fixture
def bench(tmp_path, studio):
    return Bench(many_articles(tmp_path / "corpus", SIZE), studio)


def start(*more):
    return ("start", "r2", "--annotators", "ana", "--prefill", "gold", *more)


def import_number(number):
    """Faults at the n-th request that sends tasks."""
    seen = []

    def at(method, path):
        if method == "POST" and "/import" in path:
            seen.append(path)
            return len(seen) == number
        return False

    return at


def assert_whole(bench, url):
    """A rerun completes the round, and one more changes nothing."""
    bench.ok(*start(), env={"LABEL_STUDIO_URL": url})
    bench.assert_exact("r2", ("ana",), bench.documents)
    files = bench.files()
    assert "nothing changed" in bench.ok(*start(), env={"LABEL_STUDIO_URL": url})
    assert bench.files() == files


# Answers that are lost


@pytest.mark.parametrize("fault", ["500", "drop"])
@pytest.mark.parametrize("number", [1, 3])
def test_an_answer_lost_after_tasks_were_written_doubles_nothing(bench, fault, number):
    at = import_number(number)
    with Proxy(bench.studio.url, after=lambda n, method, path: fault if at(method, path) else None) as proxy:
        bench.ok(*start(), env={"LABEL_STUDIO_URL": proxy.url})
        sent = [path for method, path in proxy.seen if "/import" in path]
    assert len(sent) == 3
    bench.assert_exact("r2", ("ana",), bench.documents)
    assert len(bench.tasks(bench.project("r2", "ana"))) == SIZE


@pytest.mark.parametrize("fault", ["500", "drop"])
def test_an_answer_lost_after_a_project_was_made_makes_no_second(bench, fault):
    def after(number, method, path):
        return fault if method == "POST" and path.startswith("/api/projects") and number == 1 else None

    with Proxy(bench.studio.url, after=after) as proxy:
        bench.ok(*start("--documents", "ist-0002"), env={"LABEL_STUDIO_URL": proxy.url})
    mark = f"vostochny-round: r2/ana/{bench.record('r2')['key']}"
    _, listed = bench.studio.call("GET", "/api/projects?page_size=100&include=id,description")
    assert [p["description"] for p in listed["results"]].count(mark) == 1


def test_an_answer_lost_after_a_prediction_was_mended_leaves_one(bench):
    bench.ok(*start("--documents", "ist-0002"))
    task = bench.task("r2", "ana", "ist-0002")
    bench.studio.call("DELETE", f"/api/predictions/{task['predictions'][0]['id']}/")

    def after(number, method, path):
        return "500" if method == "POST" and path.startswith("/api/predictions") and number == 1 else None

    with Proxy(bench.studio.url, after=after) as proxy:
        bench.ok(*start("--documents", "ist-0002"), env={"LABEL_STUDIO_URL": proxy.url})
    bench.assert_exact("r2", ("ana",), ["ist-0002"])


def test_a_server_that_always_fails_is_given_up_and_a_rerun_completes(bench):
    tasks = []

    def before(number, method, path):
        tasks.extend([path] if "/import" in path else [])
        return "500" if len(tasks) > 1 else None

    with Proxy(bench.studio.url, before=before) as proxy:
        output = bench.refused(*start(), env={"LABEL_STUDIO_URL": proxy.url})
    assert "run this again" in output and f"10 of {SIZE} documents are there" in output
    assert len(tasks) < 10
    assert_whole(bench, bench.studio.url)


# Killed servers


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2])
def test_a_server_killed_during_a_push_loses_and_doubles_nothing(tmp_path, fresh_studio: Studio, delay):
    bench = Bench(many_articles(tmp_path / "corpus", SIZE), fresh_studio)
    at = import_number(2)

    def before(number, method, path):
        if at(method, path):
            threading.Timer(delay, fresh_studio.kill).start()

    with Proxy(fresh_studio.url, before=before) as proxy:
        output = bench.refused(*start(), env={"LABEL_STUDIO_URL": proxy.url})
    assert "doesn't answer" in output and "run this again" in output
    fresh_studio.restart()
    assert_whole(bench, fresh_studio.url)


def test_a_server_killed_during_a_pull_leaves_the_round_as_it_was(tmp_path, fresh_studio: Studio):
    bench = Bench(many_articles(tmp_path / "corpus", 5), fresh_studio)
    bench.ok(*start())
    bench.accept("r2", "ana", list(bench.documents)[:2])
    bench.ok("pull", "r2")
    bench.accept("r2", "ana", list(bench.documents)[2:])
    files = bench.files()

    def before(number, method, path):
        if "/export" in path:
            fresh_studio.kill()

    with Proxy(fresh_studio.url, before=before) as proxy:
        output = bench.refused("pull", "r2", env={"LABEL_STUDIO_URL": proxy.url})
    assert "doesn't answer" in output
    assert bench.files() == files
    fresh_studio.restart()
    bench.ok("pull", "r2")
    assert sorted(p.stem for p in (bench.folder("r2") / "ana").iterdir()) == sorted(bench.documents)


def test_an_export_that_breaks_off_is_not_taken(bench):
    bench.ok(*start("--documents", "ist-0002"))
    bench.accept("r2", "ana", ["ist-0002"])
    with Proxy(bench.studio.url, after=lambda n, method, path: "cut" if "/export" in path else None) as proxy:
        output = bench.refused("pull", "r2", env={"LABEL_STUDIO_URL": proxy.url})
    assert "doesn't answer" in output or "cut off" in output
    assert not (bench.folder("r2") / "ana").exists()
    bench.ok("pull", "r2")


# Killed clients


def client(bench, *arguments, url=None):
    environment = {**os.environ, **bench.studio.environment, **({"LABEL_STUDIO_URL": url} if url else {})}
    code = "import sys; from vostochny.cli.main import main; sys.argv[0] = 'vostochny'; main()"
    command = [sys.executable, "-c", code, "round", *arguments, "--corpus", str(bench.corpus)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.mark.parametrize("step", ["before", "after"])
@pytest.mark.parametrize("what", ["/api/projects", "/import"])
def test_a_client_killed_during_a_push_leaves_nothing_twice(bench, step, what):
    started = threading.Event()
    running = []

    def kill(number, method, path):
        if method == "POST" and what in path and (what != "/import" or number == 3):
            started.wait(30)
            running[0].send_signal(signal.SIGKILL)
            running[0].wait()

    with Proxy(bench.studio.url, **{step: kill}) as proxy:
        running.append(client(bench, *start(), url=proxy.url))
        started.set()
        output, _ = running[0].communicate(timeout=120)
        assert running[0].returncode == -signal.SIGKILL, output
        # What was sent before the kill may still reach the server.
        time.sleep(1)
    assert_whole(bench, bench.studio.url)


def test_two_clients_at_once_end_in_one_round(bench):
    both = [client(bench, *start()) for _ in range(2)]
    outputs = [process.communicate(timeout=300)[0] for process in both]
    assert not any("Traceback" in output for output in outputs), outputs
    assert_whole(bench, bench.studio.url)
    mark = f"vostochny-round: r2/ana/{bench.record('r2')['key']}"
    _, listed = bench.studio.call("GET", "/api/projects?page_size=100&include=id,description")
    assert [p["description"] for p in listed["results"]].count(mark) == 1


# Annotators who do not wait


def test_annotators_who_submit_during_a_push_lose_nothing(bench):
    bench.ok(*start("--documents", ",".join(list(bench.documents)[:10])))
    tasks = bench.tasks(bench.project("r2", "ana"))
    submitted, stop = [], threading.Event()

    def work():
        for task in tasks:
            if stop.is_set():
                return
            submitted.append(bench.annotate(task, task["predictions"][0]["result"]))

    annotator = threading.Thread(target=work)
    annotator.start()
    output = bench.ok(*start("--documents", ",".join(bench.documents)))
    stop.set()
    annotator.join()
    assert "added document" in output
    assert submitted
    assert_whole(bench, bench.studio.url)
    there = {a["id"] for task in bench.tasks(bench.project("r2", "ana")) for a in task["annotations"]}
    assert there == set(submitted)
    bench.ok("pull", "r2")
    assert len(list((bench.folder("r2") / "ana").iterdir())) == len(submitted)


def test_work_on_a_double_is_kept_when_it_comes_between_look_and_removal(bench):
    bench.ok(*start("--documents", "ist-0002"))
    project, task = bench.project("r2", "ana"), bench.task("r2", "ana", "ist-0002")
    twin = {"data": task["data"], "meta": task["meta"]}
    _, answer = bench.studio.call("POST", f"/api/projects/{project}/import?return_task_ids=true", [twin])
    made = []

    def before(number, method, path):
        if method == "GET" and path.startswith("/api/tasks/") and len(made) == 0 and number > 3:
            made.append(bench.annotate({"id": answer["task_ids"][0]}, bench.drawn("ist-0002", "DATE")))

    with Proxy(bench.studio.url, before=before) as proxy:
        bench.ok(*start("--documents", "ist-0002"), env={"LABEL_STUDIO_URL": proxy.url})
    there = {a["id"] for each in bench.tasks(project) for a in each["annotations"]}
    assert there == set(made) and made


# A full disk


def test_a_full_disk_on_pull_leaves_no_half_file_and_says_what_to_do(bench, tmp_path):
    bench.ok(*start("--documents", ",".join(list(bench.documents)[:5])))
    bench.accept("r2", "ana", list(bench.documents)[:2])
    bench.ok("pull", "r2")
    files = bench.files()
    bench.accept("r2", "ana", list(bench.documents)[2:5])
    limit = 60_000

    def small():
        # Beyond the limit each write fails, as on a full disk.
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    code = "from vostochny.cli.main import main; main()"
    environment = {**os.environ, **bench.studio.environment}
    done = subprocess.run(
        [sys.executable, "-c", code, "round", "pull", "r2", "--corpus", str(bench.corpus)],
        env=environment,
        preexec_fn=small,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "unwritable-file" in done.stderr and "nothing is half written" in done.stderr
    assert "Traceback" not in done.stderr
    for path, data in files.items():
        assert (bench.corpus / path).read_bytes() == data
    for path in bench.corpus.rglob("*.json"):
        json.loads(path.read_bytes())
    assert not list(bench.corpus.rglob("*.tmp"))
    bench.ok("pull", "r2")
    assert len(list((bench.folder("r2") / "ana").iterdir())) == 5


def test_a_full_file_system_on_pull(bench, tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", room], capture_output=True
    ).returncode:
        pytest.skip("file systems can't be mounted here")
    try:
        small = Bench(many_articles(room / "corpus", 5), bench.studio)
        small.ok("start", "r2", "--annotators", "ana")
        for document in small.documents:
            small.annotate(small.task("r2", "ana", document), small.drawn(document, "DATE"))
        space = os.statvfs(room)
        with (room / "ballast").open("wb") as ballast:
            ballast.write(b"x" * (space.f_bavail * space.f_frsize - 100 * 1024))
        files = small.files()
        output = small.refused("pull", "r2")
        assert "No space left on device" in output and "nothing is half written" in output
        for path, data in files.items():
            assert (small.corpus / path).read_bytes() == data
        assert not list(small.corpus.rglob("*.tmp"))
        (room / "ballast").unlink()
        small.ok("pull", "r2")
        assert len(list((small.folder("r2") / "ana").iterdir())) == 5
    finally:
        subprocess.run(["umount", room], check=True)
