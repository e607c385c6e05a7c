"""A server on the loopback interface that has an article at every address, and takes webhooks."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from .command_line import FIXTURES

ARTICLE = (FIXTURES / "pages" / "article" / "page.html").read_bytes()


class PageServer:
    """Serves until its block ends.

    Attributes:
        asked: the paths that were asked for.
        posted: what was posted, read as JSON.
        before_answer: called with the path before each page is sent.
        status: of every answer.
    """

    def __enter__(self) -> Self:
        self.asked: list[str] = []
        self.posted: list[dict[str, Any]] = []
        self.before_answer: Callable[[str], None] = lambda path: None
        self.status = 200
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                server.before_answer(self.path)
                self._answer(ARTICLE)

            def do_HEAD(self) -> None:
                server.asked.append(self.path)
                self._answer(b"")

            def do_POST(self) -> None:
                server.posted.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self._answer(b"{}")

            def _answer(self, body: bytes) -> None:
                with suppress(ConnectionError):
                    self.send_response(server.status)
                    self.send_header("content-type", "text/html; charset=utf-8")
                    self.send_header("content-length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
                pass

        return Handler
