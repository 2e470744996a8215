"""Label Studio servers of one's own on this machine: start, stop, list.

Each has a name and a folder; what is known of it is in ``NAME/server.json`` of the data folder.
The token and the password are handed to the server through its environment and kept nowhere else.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from vostochny.annotations.studio_account import Secrets, has_account, make_secrets, reset
from vostochny.annotations.studio_command import locked
from vostochny.annotations.studio_errors import EXTRA
from vostochny.annotations.studio_install import Progress, data_folder, install, prepare, quiet, version
from vostochny.annotations.studio_process import HOST, find, start, stop, taken, wait_until_ready
from vostochny.schema.errors import InputError, shown
from vostochny.schema.extras import require
from vostochny.schema.files import decode, read_bytes, write_atomic

_PORTS = range(8080, 9080)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


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
    folder beside ``server.json``. The first start makes an account (``admin@localhost``) with a
    password and an access token, ``new_token`` makes both anew; the token is ``LABEL_STUDIO_API_KEY``
    where that is set. Raises :class:`~vostochny.schema.errors.InputError` on every problem.
    """
    require("psutil", EXTRA)
    if not _NAME.fullmatch(name):
        message = f"a server can't be named {shown(name)}; use small letters, digits, - and _ (at most 40)"
        raise InputError.of("bad-name", message)
    with locked(data_folder() / "lock"):
        environment = install(progress)
        known = instances()
        old = next((server for server in known if server.name == name), None)
        _check_same(old, port, data)
        if old is not None and old.pid is not None:
            return _renewed(environment, old, make_secrets(), progress) if new_token else old
        where = data.resolve() if data else old.data if old else data_folder() / name
        if any(server.data == where and server.name != name for server in known):
            message = "is the data folder of another server; give each its own"
            raise InputError.of("data-taken", message, file=str(where))
        free = _port(port, old, {server.port for server in known if server.name != name})
        prepare(where, environment)
        return _started(Server(name, free, version(), where, None, 0), environment, new_token, progress)


def down(name: str = "default") -> Server | None:
    """Stop the server of that name; None if it did not run."""
    with locked(data_folder() / "lock"):
        server = next((s for s in instances() if s.name == name), None)
        if server is None or server.pid is None:
            return None
        stop(server.pid, server.created)
    return server


def instances() -> list[Server]:
    """The servers that were started here, by name."""
    return [_read(path) for path in sorted(data_folder().glob("*/server.json"))]


def running(name: str = "default") -> Server:
    """The running server of that name; raises :class:`~vostochny.schema.errors.InputError` if it does not."""
    for server in instances():
        if server.name == name and server.pid is not None:
            return server
    message = f"no server {shown(name)} runs; start it: vostochny labelstudio up --name {name}"
    raise InputError.of("labelstudio-stopped", message)


def _check_same(old: Server | None, port: int | None, data: Path | None) -> None:
    if old is None:
        return
    if data is not None and data.resolve() != old.data:
        message = f"server {old.name} has its data in {old.data}; for other data give another --name"
        raise InputError.of("other-data", message)
    if old.pid is not None and port not in (None, old.port):
        message = f"server {old.name} runs on port {old.port}; stop it first: vostochny labelstudio down"
        raise InputError.of("other-port", f"{message} --name {old.name}")


def _port(wanted: int | None, old: Server | None, others: set[int]) -> int:
    if wanted is None and old is None:
        wanted = next((p for p in _PORTS if p not in others and not taken(p)), _PORTS[0])
    # Rounds remember a server's address, so it is not changed silently.
    port = wanted or (old.port if old else _PORTS[0])
    if taken(port):
        message = f"port {port} is in use by another program; stop that one, or choose another with --port"
        raise InputError.of("port-taken", message)
    return port


def _started(server: Server, environment: Path, new_token: bool, progress: Progress) -> Server:
    first = not has_account(server.data)
    made = make_secrets() if first or new_token else None
    if made and not first:
        server = _renewed(environment, server, made, progress)
    # Label Studio makes the account by itself, from its settings.
    pid, created = start(environment, server.data, server.port, made.settings() if made and first else {})
    server = replace(server, pid=pid, created=created, started=True)
    try:
        _write(server)
        answered = wait_until_ready(pid, created, server.port, server.data, progress)
        server = replace(server, version=answered)
        _write(server)
    except BaseException:
        stop(pid, created)
        raise
    return _told(server, made)


def _renewed(environment: Path, server: Server, made: Secrets, progress: Progress) -> Server:
    progress("setting a new password and token")
    reset(environment, server.data, made)
    return _told(server, made)


def _told(server: Server, made: Secrets | None) -> Server:
    """The server with what its user does not know yet."""
    if made is None:
        return server
    return replace(server, token=None if made.given else made.token, password=made.password)


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
