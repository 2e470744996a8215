"""A proxy on loopback between client and server that lets a test step in before and after each request."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "accept-encoding"}


class Proxy:
    """Forwards requests to ``target``.

    ``before`` and ``after`` are called with the request's number among those of its method, the method
    and the path. ``before`` may return ``"500"`` to answer that in the server's stead. ``after`` is called
    once the server has answered, so what was asked is done; it may return ``"500"`` to answer that,
    ``"drop"`` to break the connection or ``"cut"`` to send half of the answer.
    """

    def __init__(self, target, before=None, after=None):
        self.target = urlsplit(target)
        self.before = before or (lambda number, method, path: None)
        self.after = after or (lambda number, method, path: None)
        self.seen = []
        self._lock = threading.Lock()

    def __enter__(self):
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                proxy.handle(self)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any

            def log_message(self, *arguments):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # A client that was killed does not wait for its answer.
        self._server.handle_error = lambda request, address: None
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def handle(self, request):
        path = request.path
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        with self._lock:
            self.seen.append((request.command, path))
            number = sum(method == request.command for method, _ in self.seen)
        if self.before(number, request.command, path) == "500":
            request.send_error(500)
            return
        try:
            status, headers, content = self.forward(request, path, body)
        except (OSError, http.client.HTTPException):
            request.close_connection = True
            return
        fault = self.after(number, request.command, path)
        if fault == "drop":
            request.close_connection = True
            return
        if fault == "500":
            status, headers, content = 500, [("Content-Type", "application/json")], b'{"detail": "broken"}'
        request.send_response(status)
        for name, value in headers:
            if name.lower() not in HOP:
                request.send_header(name, value)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if fault == "cut":
            request.wfile.write(content[: len(content) // 2])
            request.close_connection = True
            return
        request.wfile.write(content)

    def forward(self, request, path, body):
        connection = http.client.HTTPConnection(self.target.hostname, self.target.port, timeout=600)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP}
        headers["Host"] = self.target.netloc
        connection.request(request.command, path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), content
