"""Label Studio servers for tests: started by the very functions that users call, in temporary folders."""

import json
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psutil

from vostochny.annotations.studio_server import Server, down, up


def free_port() -> int:
    """A port that nothing listens on, away from those that users' servers take."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Studio:
    """A running server. ``token`` and ``password`` (of ``admin@localhost``) were made for this run."""

    server: Server
    token: str
    password: str

    @classmethod
    def begin(cls, name: str) -> "Studio":
        server = up(name, port=free_port())
        assert server.token, f"server {name} was there before"
        return cls(server, server.token, server.password)

    @property
    def name(self) -> str:
        return self.server.name

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def data(self) -> Path:
        return self.server.data

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to find this server."""
        return {"LABEL_STUDIO_URL": self.url, "LABEL_STUDIO_API_KEY": self.token}

    def kill(self) -> None:
        """SIGKILL, as by a crash."""
        process = psutil.Process(self.server.pid)
        process.kill()
        process.wait(timeout=10)

    def restart(self) -> None:
        """Start the server again, on its port and its data, after :meth:`kill` or while it runs."""
        down(self.name)
        self.server = up(self.name)

    def end(self) -> None:
        down(self.name)

    def call(self, method: str, path: str, value=None, token=None):
        """A request to the API with this server's token; the status and the decoded answer."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if value is None else json.dumps(value).encode(),
            headers={"Authorization": f"Token {token or self.token}", "Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=600) as answer:
                body = answer.read()
                return answer.status, json.loads(body) if body else None
        except urllib.error.HTTPError as error:
            body = error.read()
            try:
                return error.code, json.loads(body)
            except ValueError:
                return error.code, body.decode(errors="replace")
