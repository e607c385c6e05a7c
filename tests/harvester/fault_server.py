"""A server on the loopback interface that misbehaves on request.

One path, one misbehaviour: ``/drip``, ``/gzip_bomb`` and so on, and ``/state/NAME`` for the example page of that
name. Tests put routes of their own into `FaultServer.routes`, made of the same answers; see `after`.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

PAGES = Path(__file__).parents[2] / "fixtures" / "pages"
BOMB = gzip.compress(bytes(64 * 1024 * 1024))
PAGE = "<html><body><p>单细胞测序</p></body></html>"
MEBIBYTE = 1024 * 1024
MODIFIED = "Wed, 01 Jan 2025 00:00:00 GMT"


def example_page(case: str) -> bytes:
    """The bytes of an example page of fixtures/pages."""
    return (PAGES / case / "page.html").read_bytes()


class FaultServer:
    """Serves until its block ends; counts what was asked, remembers the last headers.

    Attributes:
        routes: what answers a path, without its query, instead of the method named after it.
        asked: how often each path was asked for.
        requests: path and headers of each request, names in lower case.
    """

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}

    def __enter__(self) -> Self:
        self.asked: Counter[str] = Counter()
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.stop = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what most of these tests are about."""


def _handler(server: FaultServer) -> type[BaseHTTPRequestHandler]:
    class Handler(FaultHandler):
        faults = server

    return Handler


class FaultHandler(BaseHTTPRequestHandler):
    """One connection; each ``on_…`` method is one way to answer."""

    faults: FaultServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        pass

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].strip("/")
        self.faults.asked[name] += 1
        self.faults.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        routes: dict[str, Callable[[], None]] = {
            route.removeprefix("on_"): getattr(self, route) for route in dir(self) if route.startswith("on_")
        }
        with suppress(ConnectionError):
            if "/" + name in self.faults.routes:
                self.faults.routes["/" + name](self)
            elif name.startswith("state/"):
                self.html(example_page(name.removeprefix("state/")))
            else:
                routes.get(name.replace(".md", ""), self.on_ok)()

    def answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("content_length", str(len(body)))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def html(self, body: bytes, *, charset: str = "UTF-8", **headers: str) -> None:
        self.answer(body=body, content_type=f"text/html; charset={charset}", **headers)

    def nth(self) -> int:
        """How often this path was asked for, this time included."""
        return self.faults.asked[self.path.partition("?")[0].strip("/")]

    def on_ok(self) -> None:
        self.answer(body=PAGE.encode(), content_type="text/html; charset=UTF-8", set_cookie="reader=me")

    def on_bare(self) -> None:
        self.answer(body=PAGE.encode())

    def on_gone(self) -> None:
        self.answer(404)

    def on_forbidden(self) -> None:
        self.answer(403)

    def on_broken(self) -> None:
        self.answer(500)

    def on_broken_twice(self) -> None:
        self.answer(500) if self.nth() <= 2 else self.on_ok()

    def on_busy_once(self) -> None:
        self.answer(429, retry_after="17") if self.nth() == 1 else self.on_ok()

    def on_busy_until(self) -> None:
        date = "Wed, 01 Jan 2025 00:00:40 GMT"
        self.answer(503, retry_after=date) if self.nth() == 1 else self.on_ok()

    def on_busy_all_day(self) -> None:
        self.answer(429, retry_after="86400")

    def on_loop(self) -> None:
        self.answer(302, location="/loop")

    def on_moved(self) -> None:
        self.answer(302, location="/mp/wappoc_appmsgcaptcha?target_url=x")

    def on_to_private(self) -> None:
        self.answer(302, location="http://internal.test/admin")

    def on_to_file(self) -> None:
        self.answer(302, location="file:///etc/passwd")

    def on_to_other_host(self) -> None:
        self.answer(302, location=self.faults.url("/ok", host="localhost"))

    def on_drip(self) -> None:
        self.send_response(200)
        self.send_header("content-length", "1000")
        self.end_headers()
        for _ in range(1000):
            if self.faults.stop.is_set():
                return
            self.wfile.write(b".")
            self.wfile.flush()
            time.sleep(0.02)

    def on_silent(self) -> None:
        self.faults.stop.wait(5)
        self.close_connection = True

    def on_large(self) -> None:
        self.answer(body=b"x" * MEBIBYTE)

    def on_large_unsaid(self) -> None:
        self.send_response(200)
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(b"x" * 4 * MEBIBYTE)

    def on_gzip(self) -> None:
        self.answer(body=gzip.compress(PAGE.encode()), content_encoding="gzip")

    def on_gzip_cut(self) -> None:
        self.answer(body=gzip.compress(PAGE.encode())[:-12], content_encoding="gzip")

    def on_gzip_bomb(self) -> None:
        self.answer(body=BOMB, content_encoding="gzip")

    def on_odd_encoding(self) -> None:
        self.answer(body=b"?", content_encoding="br")

    def on_dropped(self) -> None:
        self.close_connection = True

    def on_dropped_once(self) -> None:
        self.on_dropped() if self.nth() == 1 else self.on_ok()

    def on_partial(self) -> None:
        self.close_connection = True
        self.answer(body=b"half", content_length="1000")

    def on_slow_headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(1000):
            if self.faults.stop.is_set():
                return
            self.wfile.write(b"X-%d: .\r\n" % number)
            self.wfile.flush()
            time.sleep(0.02)

    def on_short_length(self) -> None:
        """Declares less than it has."""
        self.close_connection = True
        self.html(PAGE.encode(), content_length="20")

    def on_same(self) -> None:
        """Has a page of which it knows whether it is still the same."""
        asked = {name.lower(): value for name, value in self.headers.items()}
        if asked.get("if-none-match") == '"v1"' or asked.get("if-modified-since") == MODIFIED:
            self.answer(304, etag='"v1"')
        else:
            self.html(PAGE.encode(), etag='"v1"', last_modified=MODIFIED)

    def on_always_same(self) -> None:
        self.answer(304)

    def on_to_same(self) -> None:
        self.answer(302, location="/same")

    def on_cookie(self) -> None:
        self.answer(body=self.headers.get("cookie", "").encode())

    def on_gb18030(self) -> None:
        self.answer(body=PAGE.encode("gb18030"), content_type='text/html; charset="GB18030"')

    def on_pdf(self) -> None:
        self.answer(body=b"%PDF-1.7", content_type="application/pdf")

    def on_raw(self) -> None:
        self.answer(body=b"# title", content_type="text/plain; charset=utf-8")


Route = Callable[[FaultHandler], None]


def page_route(body: bytes) -> Route:
    """Answers with a page."""
    return lambda handler: handler.html(body)


def after(count: int, *, first: Route, then: Route) -> Route:
    """Answers in one way for so many requests, then in another: deleted later, edited later, enough of us."""
    return lambda handler: (first if handler.nth() <= count else then)(handler)
