"""Label Studio servers of one's own, real ones: start, stop, keys, and what may go wrong."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx
import psutil
import pytest
from click.testing import CliRunner
from studio_support import Studio, free_port

from vostochny.annotations.studio_install import environment_folder, install, prepare
from vostochny.annotations.studio_process import start, stop, taken, wait_until_ready
from vostochny.annotations.studio_server import down, instances, up
from vostochny.cli.main import cli
from vostochny.schema.errors import InputError

pytestmark = pytest.mark.labelstudio

WHOAMI = "/api/current-user/whoami"


def call(*arguments, **environment):
    return CliRunner().invoke(cli, ["labelstudio", *map(str, arguments)], env=environment)


def state(name):
    return (Path(os.environ["VOSTOCHNY_DATA"]) / "labelstudio" / name / "server.json").read_bytes()


def quiet(_line):
    pass


def test_the_server_is_the_pinned_version_and_sends_nothing_out(studio: Studio):
    status, answer = studio.call("GET", "/api/version/")
    assert (status, answer["release"]) == (200, "1.23.2")
    assert answer["label-studio-os-package"]["latest_version_from_pypi"] is None
    with httpx.Client(follow_redirects=True, trust_env=False) as client:
        form(client, f"{studio.url}/user/login/", email="admin@localhost", password=studio.password)
        page = client.get(f"{studio.url}/projects/").text
    assert dict(re.findall(r"(collect_analytics|sentry_dsn): (\S+),", page)) == {
        "collect_analytics": "false",
        "sentry_dsn": "null",
    }
    assert "googletagmanager.com/gtag" not in page
    # Tips would come from elsewhere.
    assert studio.call("GET", "/heidi-tips/") == (404, {})


def test_the_server_listens_on_loopback_only_and_calls_nobody(studio: Studio):
    studio.call("GET", WHOAMI)
    found = psutil.Process(studio.server.pid).net_connections("inet")
    assert {c.laddr for c in found if c.status == psutil.CONN_LISTEN} == {("127.0.0.1", studio.server.port)}
    assert {c.laddr.ip for c in found} | {c.raddr.ip for c in found if c.raddr} == {"127.0.0.1"}


def test_the_server_is_detached_from_the_terminal(studio: Studio):
    assert os.getsid(studio.server.pid) == studio.server.pid
    assert psutil.Process(studio.server.pid).terminal() is None


def test_its_files_are_for_their_owner_only(studio: Studio):
    assert studio.data.stat().st_mode & 0o777 == 0o700
    inside = [path for path in studio.data.rglob("*") if path.name != "server.json"]
    assert [path for path in inside if path.stat().st_mode & 0o077] == []


def test_a_second_up_changes_nothing(studio: Studio):
    before = state(studio.name)
    again = up(studio.name)
    assert (again.pid, again.started, again.token, again.password) == (studio.server.pid, False, None, None)
    out = call("up", "--name", studio.name).output
    assert f"already runs at {studio.url}" in out
    assert "password  " not in out
    assert state(studio.name) == before
    assert studio.call("GET", WHOAMI)[0] == 200


def test_secrets_are_in_no_file_but_the_database_and_on_no_command_line(studio: Studio):
    studio.call("GET", WHOAMI)
    secrets = [studio.token.encode(), studio.password.encode()]
    files = [path for path in Path(os.environ["VOSTOCHNY_DATA"]).rglob("*") if path.is_file()]
    assert {"server.log", "server.json", ".env"} <= {path.name for path in files}
    for path in files:
        if not path.name.startswith("label_studio.sqlite3"):
            assert not any(secret in path.read_bytes() for secret in secrets), path
    line = Path(f"/proc/{studio.server.pid}/cmdline").read_bytes()
    assert b"label-studio" in line
    assert not any(secret in line for secret in secrets)


def test_the_empty_database_in_the_cache_has_no_account_and_no_key():
    with closing(sqlite3.connect(environment_folder() / "label_studio.sqlite3")) as database:
        for table in ("htx_user", "organization", "authtoken_token"):
            assert database.execute(f"select count(*) from {table}").fetchone() == (0,)


def test_a_busy_port_is_refused_and_nothing_started():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port} is in use"):
            up("busy", port=port)
    assert "busy" not in [server.name for server in instances()]
    assert not taken(port)


def test_a_port_that_was_taken_meanwhile_is_noticed(tmp_path):
    """Label Studio itself moves to the next port without a word."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        environment = install()
        prepare(tmp_path, environment)
        process = start(environment, tmp_path, port, {})
        try:
            with pytest.raises(InputError, match=f"port {port} was taken by another program meanwhile"):
                wait_until_ready(*process, port, tmp_path, quiet)
        finally:
            stop(*process)


def test_two_servers_side_by_side_have_ports_and_data_of_their_own(studio: Studio):
    other = up("beside")
    try:
        assert other.port != studio.server.port
        assert studio.call("GET", WHOAMI)[0] == 200
        # Another's token is worth nothing.
        answer = httpx.get(
            other.url + WHOAMI, headers={"Authorization": f"Token {studio.token}"}, trust_env=False
        )
        assert answer.status_code == 401
        listed = call("status").output
        assert other.url in listed
        assert studio.url in listed
        with pytest.raises(InputError, match="data folder of another server"):
            up("third", data=other.data)
        with pytest.raises(InputError, match="for other data give another --name"):
            up("beside", data=studio.data)
        with pytest.raises(InputError, match=f"runs on port {other.port}; stop it first"):
            up("beside", port=other.port + 1)
    finally:
        assert down("beside").pid == other.pid
    assert down("beside") is None
    assert "no server beside runs" in call("down", "--name", "beside").output
    assert not psutil.pid_exists(other.pid)
    # Rounds remember the address: it is the same one after a pause.
    assert up("beside").url == other.url
    down("beside")


def test_a_killed_server_comes_back_with_its_data(fresh_studio: Studio):
    _, made = fresh_studio.call("POST", "/api/projects", {"title": "kept"})
    fresh_studio.kill()
    assert "stopped" in next(
        line for line in call("status").output.splitlines() if f" {fresh_studio.name} " in line
    )
    url = fresh_studio.url
    fresh_studio.restart()
    assert fresh_studio.url == url
    assert fresh_studio.server.password is None
    assert fresh_studio.call("GET", f"/api/projects/{made['id']}")[1]["title"] == "kept"


@pytest.mark.parametrize("running", [True, False])
def test_a_lost_token_is_replaced(fresh_studio: Studio, running):
    if not running:
        down(fresh_studio.name)
    out = call("up", "--name", fresh_studio.name, "--new-token").output
    token = re.search("export LABEL_STUDIO_API_KEY=(.+)", out)[1]
    password = re.search("password  (.+)", out)[1]
    assert fresh_studio.call("GET", WHOAMI)[0] == 401
    assert fresh_studio.call("GET", WHOAMI, token=token)[0] == 200
    assert sign_in(fresh_studio.url, "admin@localhost", fresh_studio.password) is None
    assert sign_in(fresh_studio.url, "admin@localhost", password) == "admin@localhost"
    running_now = next(s for s in instances() if s.name == fresh_studio.name)
    assert (running_now.pid == fresh_studio.server.pid) == running


def test_a_token_of_ones_own_is_used_and_not_printed(tmp_path):
    key = "mine" * 8
    result = call("up", "--name", "own", "--data", tmp_path / "d", LABEL_STUDIO_API_KEY=key)
    try:
        assert result.exit_code == 0, result.exception
        assert key not in result.output
        assert "LABEL_STUDIO_API_KEY" not in result.output
        link = call("invite", "--name", "own", LABEL_STUDIO_API_KEY=key).output.strip()
        assert link.startswith("http://127.0.0.1:")
        assert (tmp_path / "d" / "label_studio.sqlite3").is_file()
    finally:
        down("own")


def form(client, url, **fields):
    """Open a page with a form and send it."""
    page = client.get(url)
    token = re.search('name="csrfmiddlewaretoken" value="(.+?)"', page.text)
    hidden = {"csrfmiddlewaretoken": token[1]} if token else {}
    return client.post(url, data={**hidden, **fields}, headers={"Referer": url})


def sign_in(url, email, password):
    """Who one is after the sign-in form; None if it let nobody in."""
    with httpx.Client(follow_redirects=True, trust_env=False) as client:
        form(client, f"{url}/user/login/", email=email, password=password)
        found = client.get(url + WHOAMI)
        return found.json()["email"] if found.status_code == 200 else None


def test_annotators_come_in_by_the_invite_link_only(studio: Studio):
    link = call("invite", "--name", studio.name, **studio.environment).output.strip()
    assert call("invite", **studio.environment).output.strip() == link
    person = {"email": "ana@example.org", "password": "a-long-password", "how_find_us": "other"}
    with httpx.Client(follow_redirects=True, trust_env=False) as client:
        form(client, f"{studio.url}/user/signup/", **person)
    assert sign_in(studio.url, person["email"], person["password"]) is None
    with httpx.Client(follow_redirects=True, trust_env=False) as client:
        form(client, link, **person)
    assert sign_in(studio.url, person["email"], person["password"]) == "ana@example.org"


def test_invite_says_what_is_missing(studio: Studio):
    without = call("invite", "--name", studio.name)
    assert "no token in LABEL_STUDIO_API_KEY" in str(without.exception)
    stopped = call("invite", "--name", "nobody", **studio.environment)
    assert "no server 'nobody' runs" in str(stopped.exception)


def test_a_server_that_ends_while_it_starts_shows_its_last_words(tmp_path):
    with closing(sqlite3.connect(tmp_path / "label_studio.sqlite3")) as database:
        database.execute("create table htx_user (email text)")
        database.commit()
    with pytest.raises(InputError) as caught:
        up("broken", port=free_port(), data=tmp_path)
    message = str(caught.value)
    assert "Label Studio ended while it started" in message
    assert str(tmp_path / "server.log") in message
    assert "already exists" in message
    assert next(s for s in instances() if s.name == "broken").pid is None


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "label_studio.sqlite3").write_bytes(b"no database at all")
    with pytest.raises(InputError, match="is no database of Label Studio"):
        up("no-database", port=free_port(), data=tmp_path)


def test_an_interrupted_installation_is_begun_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("VOSTOCHNY_CACHE", str(tmp_path))
    program = (
        "from vostochny.annotations.studio_install import install; install(lambda l: print(l, flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        for line in process.stdout:
            if line.startswith("unpacking"):
                break
        time.sleep(5)
        os.killpg(process.pid, signal.SIGKILL)
    folder = environment_folder()
    assert list(folder.glob("lib/python*/site-packages/*"))
    assert not (folder / "finished").exists()
    try:
        assert install() == folder
        assert (folder / "finished").is_file()
        out = subprocess.run(
            [folder / "bin/python", "-m", "pip", "check"], capture_output=True, text=True, check=False
        )
        assert out.stdout.strip() == "No broken requirements found."
        told = []
        install(told.append)
        assert told == []
    finally:
        shutil.rmtree(folder)  # a gigabyte


def test_a_failing_installation_says_why_and_where(tmp_path, monkeypatch):
    monkeypatch.setenv("VOSTOCHNY_CACHE", str(tmp_path))
    lock = tmp_path / "lock.txt"
    lock.write_text(f"label-studio==0.0.1 --hash=sha256:{'0' * 64}\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(InputError) as caught:
        install(lock=lock)
    message = str(caught.value)
    assert "No matching distribution found for label-studio==0.0.1" in message
    (log,) = tmp_path.glob("labelstudio-0.0.1-*.log")
    assert str(log) in message
    assert not list(tmp_path.glob("labelstudio-0.0.1-*/finished"))
