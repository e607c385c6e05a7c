"""A server on the loopback interface that answers addresses, queries included, with what it was given."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "xml": "text/xml",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
}


class ListingServer:
    """Serves until its block ends.

    Attributes:
        answers: what is answered, by address: a file's name (for its type) and its text, in which ``{base}``
            stands for the server's own address; or a status.
        headers: further headers, by address.
        asked: the addresses that were asked for, in order.
    """

    def __init__(self) -> None:
        self.answers: dict[str, tuple[str, str] | int] = {}
        self.headers: Mapping[str, Mapping[str, str]] = {}
        self.asked: list[str] = []

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
                pass

            def do_GET(self) -> None:
                outer.asked.append(self.path)
                answer = outer.answers.get(self.path, 404)
                name, text = ("", "") if isinstance(answer, int) else answer
                body = text.replace("{base}", outer.base).encode()
                self.send_response(answer if isinstance(answer, int) else 200)
                self.send_header("content-length", str(len(body)))
                self.send_header("content-type", _TYPES.get(name.rpartition(".")[2], "text/plain"))
                for key, value in outer.headers.get(self.path, {}).items():
                    self.send_header(key, value.replace("{base}", outer.base))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"
