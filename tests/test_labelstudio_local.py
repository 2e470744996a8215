"""What of `vostochny labelstudio` needs no server."""

import json
import os
import re
import socket
import sys
import tomllib
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from vostochny.annotations.studio_account import make_secrets
from vostochny.annotations.studio_install import (
    LOCK,
    cache_folder,
    data_folder,
    environment_folder,
    settings,
    version,
)
from vostochny.annotations.studio_process import taken
from vostochny.annotations.studio_server import down, instances, up
from vostochny.cli.main import cli
from vostochny.schema.errors import InputError

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("VOSTOCHNY_DATA", str(tmp_path))
    return tmp_path / "labelstudio"


def call(*arguments):
    return CliRunner().invoke(cli, ["labelstudio", *arguments])


def write_state(folder, name, **fields):
    known = {
        "pid": 1,
        "create_time": 0,
        "port": 8080,
        "url": "",
        "version": "1.23.2",
        "data": str(folder / name),
    }
    (folder / name).mkdir(parents=True)
    (folder / name / "server.json").write_text(json.dumps({**known, **fields}))


def test_the_lock_pins_the_server_and_hashes_everything():
    group = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["labelstudio-server"]
    assert group == [f"label-studio=={version()}"]
    text = re.sub(r"\\\n", "", LOCK.read_text())
    pinned = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert len(pinned) > 100
    assert [line for line in pinned if not re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_each_version_and_python_has_an_environment_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("VOSTOCHNY_CACHE", str(tmp_path))
    python = f"py{sys.version_info.major}.{sys.version_info.minor}"
    assert environment_folder().parent == tmp_path
    assert environment_folder().name.startswith(f"labelstudio-{version()}-{python}-")
    lock = tmp_path / "lock.txt"
    lock.write_bytes(LOCK.read_bytes() + b"# another\n")
    assert environment_folder(lock) != environment_folder()


def test_folders_are_the_users_unless_named(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/nowhere/cache")
    monkeypatch.setenv("XDG_DATA_HOME", "/nowhere/data")
    monkeypatch.delenv("VOSTOCHNY_CACHE", raising=False)
    monkeypatch.delenv("VOSTOCHNY_DATA")
    if sys.platform == "linux":
        assert cache_folder() == Path("/nowhere/cache/vostochny")
        assert data_folder() == Path("/nowhere/data/vostochny/labelstudio")
    monkeypatch.setenv("VOSTOCHNY_DATA", "/nowhere/else")
    assert data_folder() == Path("/nowhere/else/labelstudio")


def test_a_lock_without_label_studio_is_refused(tmp_path):
    (tmp_path / "lock.txt").write_text("click==8.1.0\n")
    with pytest.raises(InputError, match="pins no label-studio"):
        version(tmp_path / "lock.txt")


def test_settings_are_private_and_not_the_terminals(monkeypatch, tmp_path):
    """Label Studio reads HOST, DEBUG, PASSWORD and the like, with and without a prefix."""
    for name in (
        "HOST",
        "DEBUG",
        "PASSWORD",
        "SECRET_KEY",
        "DATABASE_NAME",
        "SENTRY_DSN",
        "LABEL_STUDIO_PORT",
    ):
        monkeypatch.setenv(name, "foreign")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "secret")
    found = settings(tmp_path)
    assert not {"foreign", "secret"} & set(found.values())
    assert found["PATH"] == os.environ["PATH"]
    off = ("COLLECT_ANALYTICS", "LATEST_VERSION_CHECK", "SENTRY_DSN", "FRONTEND_SENTRY_DSN")
    assert [found[name] for name in off] == ["false", "false", "", ""]
    assert found["HTTPS_PROXY"] == found["HTTP_PROXY"] == "http://127.0.0.1:9"  # nobody is there
    assert found["LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK"] == "true"


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "-x", "ä", "x" * 41])
def test_names_are_folders(folder, name):
    with pytest.raises(InputError, match="a server can't be named"):
        up(name)
    assert not folder.exists()


@pytest.mark.parametrize("key", ["short", "a.b.c" * 10, "x" * 41, "with a space in it"])
def test_a_key_that_no_server_can_take_is_refused_without_showing_it(monkeypatch, key):
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", key)
    with pytest.raises(InputError) as caught:
        make_secrets()
    assert caught.value.problems[0].check == "bad-token"
    assert key not in str(caught.value)


def test_secrets_are_random_and_shown_by_no_repr(monkeypatch):
    one, two = make_secrets(), make_secrets()
    assert len({one.token, two.token, one.password, two.password}) == 4
    assert len(one.token) == 40
    assert one.token not in repr(one)
    assert one.password not in repr(one)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "k" * 40)
    assert (make_secrets().token, make_secrets().given) == ("k" * 40, True)


def test_nothing_started_nothing_to_stop(folder):
    assert "no server was started here yet" in call("status").output
    assert call("down").output == "no server default runs; nothing was stopped\n"
    assert instances() == []


def test_a_process_that_got_a_dead_servers_number_is_left_alone(folder):
    ours = psutil.Process()
    write_state(folder, "default", pid=ours.pid, create_time=ours.create_time() - 3600)
    assert instances()[0].pid is None
    assert down() is None
    assert ours.is_running()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pid": "x"}', '{"pid": 1, "create_time": null}'])
def test_a_broken_state_file_is_named(folder, text):
    write_state(folder, "default")
    path = folder / "default" / "server.json"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        instances()
    assert caught.value.problems[0].file == str(path)


def test_a_port_is_taken_while_somebody_listens():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        assert taken(port)
        other.listen()
        assert taken(port)
    assert not taken(port)
    assert taken(70000)  # there is no such port


@pytest.mark.parametrize("module", ["psutil", "platformdirs"])
@pytest.mark.parametrize("command", ["up", "down", "status"])
def test_without_the_extra_the_command_says_how_to_get_it(monkeypatch, tmp_path, module, command):
    monkeypatch.delenv("VOSTOCHNY_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    write_state(tmp_path / "vostochny" / "labelstudio", "default")
    monkeypatch.setitem(sys.modules, module, None)
    result = call(command)
    assert "pip install 'vostochny[labelstudio]'" in str(result.exception)
