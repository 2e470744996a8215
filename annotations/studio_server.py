"""Label Studio servers of one's own on this machine: start, stop, list.

Each has a name and a folder; what is known of it is in ``NAME/server.json`` of the data folder.
The token and the password are handed to the server through its environment and kept nowhere else.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from vostochny.annotations.studio_command import locked, run
from vostochny.annotations.studio_install import DATABASE, Progress, data_folder, install, quiet, settings
from vostochny.annotations.studio_process import HOST, find, log_file, start, stop, taken, wait_until_ready
from vostochny.schema.errors import InputError, shown
from vostochny.schema.files import decode, read_bytes, write_atomic

ACCOUNT = "admin@localhost"
"""The account that owns a server that we start."""

KEY = "LABEL_STUDIO_API_KEY"
"""The environment variable with the access token."""

FIRST_PORT = 8080
"""Where the search for a free port begins."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_TOKEN = re.compile(r"[0-9A-Za-z_-]{16,40}")
_RESET = """
import os
from label_studio.server import _setup_env
_setup_env()
from rest_framework.authtoken.models import Token
from users.models import User
user = User.objects.get(email=os.environ["LABEL_STUDIO_USERNAME"])
user.set_password(os.environ["LABEL_STUDIO_PASSWORD"])
user.save()
Token.objects.filter(user=user).delete()
Token.objects.create(user=user, key=os.environ["LABEL_STUDIO_USER_TOKEN"])
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that was started here once.

    ``pid`` is None while it is stopped. ``started`` says whether :func:`up` started it. ``token`` and
    ``password`` are set only by the :func:`up` that made them up.
    """

    name: str
    port: int
    version: str
    data: Path
    pid: int | None
    created: float
    started: bool = False
    token: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{HOST}:{self.port}"


def up(
    name: str = "default",
    *,
    port: int | None = None,
    data: Path | None = None,
    new_token: bool = False,
    progress: Progress = quiet,
) -> Server:
    """Start the server of that name unless it runs, installing Label Studio if it must.

    ``port`` and ``data`` are where it was before, else the first free port from 8080 upwards and a
    folder beside ``server.json``. The first start makes an account (:data:`ACCOUNT`) with a password
    and an access token, ``new_token`` makes both anew; the token is ``LABEL_STUDIO_API_KEY`` where
    that is set. Raises :class:`~vostochny.schema.errors.InputError` on every problem.
    """
    if not _NAME.fullmatch(name):
        message = f"a server can't be named {shown(name)}; use small letters, digits, - and _ (at most 40)"
        raise InputError.of("bad-name", message)
    with locked(data_folder() / "lock"):
        environment = install(progress)
        known = instances()
        old = next((server for server in known if server.name == name), None)
        _check_same(old, port, data)
        if old is not None and old.pid is not None:
            return _renewed(environment, old, progress) if new_token else old
        where = data.absolute() if data else old.data if old else data_folder() / name
        if any(server.data == where and server.name != name for server in known):
            message = "is the data folder of another server; give each its own"
            raise InputError.of("data-taken", message, file=str(where))
        free = _port(port, old, {server.port for server in known if server.name != name})
        _prepare(where, environment)
        return _started(Server(name, free, "", where, None, 0), environment, new_token, progress)


def down(name: str = "default") -> Server | None:
    """Stop the server of that name; None if it did not run."""
    with locked(data_folder() / "lock"):
        for server in instances():
            if server.name == name and server.pid is not None:
                stop(server.pid, server.created)
                return server
    return None


def instances() -> list[Server]:
    """The servers that were started here, by name."""
    return [_read(path) for path in sorted(data_folder().glob("*/server.json"))]


def _check_same(old: Server | None, port: int | None, data: Path | None) -> None:
    if old is None:
        return
    if data is not None and data.absolute() != old.data:
        message = f"server {old.name} has its data in {old.data}; for other data give another --name"
        raise InputError.of("other-data", message)
    if old.pid is not None and port not in (None, old.port):
        message = f"server {old.name} runs on port {old.port}; stop it first: vostochny labelstudio down"
        raise InputError.of("other-port", f"{message} --name {old.name}")


def _port(wanted: int | None, old: Server | None, others: set[int]) -> int:
    if wanted is None and old is None:
        ports = range(FIRST_PORT, FIRST_PORT + 1000)
        return next(port for port in ports if port not in others and not taken(port))
    port = wanted or (old.port if old else FIRST_PORT)
    if taken(port):
        # Rounds remember the address, so it is not changed silently.
        message = f"port {port} is in use by another program; stop that one, or choose another with --port"
        raise InputError.of("port-taken", message)
    return port


def _prepare(data: Path, environment: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (data / DATABASE).exists():
            copy = data / f"{DATABASE}.new"
            shutil.copyfile(environment / DATABASE, copy)
            copy.chmod(0o600)
            copy.replace(data / DATABASE)
    except OSError as error:
        message = f"can't be written ({error.strerror}); give a writable folder with --data"
        raise InputError.of("unwritable-file", message, file=str(data)) from None


def _started(server: Server, environment: Path, new_token: bool, progress: Progress) -> Server:
    made: dict[str, str] = {}
    if not _has_account(server.data):
        made, server = _secrets(server)
    elif new_token:
        server = _renewed(environment, server, progress)
    pid, created = start(environment, server.data, server.port, made)
    try:
        server = replace(server, pid=pid, created=created, started=True)
        _write(server)
        server = replace(server, version=wait_until_ready(pid, created, server.port, server.data, progress))
        _write(server)
    except BaseException:
        stop(pid, created)
        raise
    return server


def _has_account(data: Path) -> bool:
    with closing(sqlite3.connect(f"{(data / DATABASE).as_uri()}?mode=ro", uri=True)) as database:
        return database.execute("select 1 from htx_user where email = ?", [ACCOUNT]).fetchone() is not None


def _secrets(server: Server) -> tuple[dict[str, str], Server]:
    """A password and a token as Label Studio's settings, and in the server what the user must be told."""
    given, password = os.environ.get(KEY), secrets.token_urlsafe(12)
    if given is not None and not _TOKEN.fullmatch(given):
        message = "can't be a new server's token: give 16 to 40 letters and digits, or unset it"
        raise InputError.of("bad-token", message, file=KEY)
    token = given or secrets.token_hex(20)
    made = {"USERNAME": ACCOUNT, "PASSWORD": password, "USER_TOKEN": token}
    told = replace(server, token=None if given else token, password=password)
    return {f"LABEL_STUDIO_{name}": value for name, value in made.items()}, told


def _renewed(environment: Path, server: Server, progress: Progress) -> Server:
    made, server = _secrets(server)
    progress("setting a new token and password")
    command = [str(environment / "bin" / "python"), "-c", _RESET]
    run(command, log_file(server.data), {**settings(server.data), **made})
    return server


def _write(server: Server) -> None:
    value = {
        "pid": server.pid,
        "create_time": server.created,
        "port": server.port,
        "url": server.url,
        "version": server.version,
        "data": str(server.data),
    }
    write_atomic(data_folder() / server.name / "server.json", json.dumps(value, indent=1).encode() + b"\n")


def _read(path: Path) -> Server:
    try:
        value: dict[str, Any] = json.loads(decode(read_bytes(path), str(path)))
        pid, created = int(value["pid"]), float(value["create_time"])
        alive = find(pid, created) is not None
        data = Path(value["data"])
        return Server(
            path.parent.name, int(value["port"]), value["version"], data, pid if alive else None, created
        )
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        message = "is not what 'vostochny labelstudio up' wrote; remove it (the data stays) and start again"
        raise InputError.of("bad-state", message, file=str(path)) from None
