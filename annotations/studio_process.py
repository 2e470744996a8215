"""One running Label Studio: its port, its process, its readiness and its end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vostochny.annotations.studio_command import failed
from vostochny.annotations.studio_errors import EXTRA
from vostochny.annotations.studio_install import Progress, settings
from vostochny.schema.errors import InputError
from vostochny.schema.extras import require

HOST = "127.0.0.1"
"""Servers listen on loopback only."""

_START_SECONDS = 600
_STOP_SECONDS = 15
_CLOCK_SECONDS = 2
# Environment proxies are not for loopback.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_children: list[subprocess.Popen[bytes]] = []


def taken(port: int) -> bool:
    """Whether something listens on a port, or nothing may."""
    with socket.socket() as probe, socket.socket() as own:
        probe.settimeout(1)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            if probe.connect_ex((HOST, port)) == 0:
                return True
            own.bind((HOST, port))
        except (OSError, OverflowError):
            return True
    return False


def log_file(data: Path) -> Path:
    """Where a server over a data folder writes what it has to say."""
    return data / "server.log"


def start(environment: Path, data: Path, port: int, secrets: Mapping[str, str]) -> tuple[int, float]:
    """Start a server away from the terminal; its process id and creation time."""
    log = log_file(data)
    if log.exists():
        log.replace(log.with_suffix(".old.log"))
    binaries = environment / "bin"
    command = [str(binaries / "python"), str(binaries / "label-studio"), "start"]
    options = ["--no-browser", "--internal-host", HOST, "--port", str(port)]
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        child = subprocess.Popen(
            [*command, *options],
            cwd=data,
            env={**settings(data), **secrets},
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
        )
    except OSError as error:
        raise InputError.of("command-failed", f"can't run {command[0]}: {error.strerror}") from None
    finally:
        os.close(descriptor)
    # Kept, since a dropped child can't be waited for and would stay a zombie as long as we live.
    _children.append(child)
    return child.pid, require("psutil", EXTRA).Process(child.pid).create_time()


def find(pid: int, created: float) -> Any:
    """The process, if it still runs and is not another one that got its number; else None."""
    psutil = require("psutil", EXTRA)
    _children[:] = [child for child in _children if child.poll() is None]
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - created) < _CLOCK_SECONDS
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def wait_until_ready(pid: int, created: float, port: int, data: Path, progress: Progress) -> str:
    """Wait for the server's first answer; its version.

    Raises :class:`~vostochny.schema.errors.InputError` if it ended, took too long, or went to another
    port because something else took this one in the meantime.
    """
    psutil = require("psutil", EXTRA)
    began = time.monotonic()
    while (waited := time.monotonic() - began) < _START_SECONDS:
        process = find(pid, created)
        if process is None:
            raise failed("Label Studio ended while it started", log_file(data))
        try:
            ports = {c.laddr.port for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN}
        except psutil.NoSuchProcess:
            continue
        if ports and port not in ports:
            message = f"port {port} was taken by another program meanwhile; choose another with --port"
            raise InputError.of("port-taken", message)
        version = _version(port) if ports else None
        if version is not None:
            return version
        progress(f"waiting for Label Studio ({waited:.0f} s)")
        time.sleep(0.25)
    raise failed(f"Label Studio gave no answer within {_START_SECONDS} s", log_file(data))


def _version(port: int) -> str | None:
    try:
        with _OPENER.open(f"http://{HOST}:{port}/api/version/", timeout=30) as answer:
            return str(json.load(answer)["release"])
    except (OSError, ValueError, KeyError):
        return None


def stop(pid: int, created: float) -> None:
    """End a server with all its processes: asked first, forced after a while."""
    psutil = require("psutil", EXTRA)
    for number in (signal.SIGTERM, signal.SIGKILL):
        process = find(pid, created)
        if process is None:
            return
        try:
            os.killpg(pid, number)
            process.wait(_STOP_SECONDS)
        except (ProcessLookupError, psutil.TimeoutExpired):
            continue
