"""What every answer passes through: whom we answer, and what a page may load."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
# Datasette's own pages have scripts within them; nothing of anyone else's is loaded, whatever an article says.
_POLICY = (
    b"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


def guarded(application: Application, *, names: frozenset[str] | None) -> Application:
    """The application behind two guards: it answers only to ``names`` (None: to any), with a content policy.

    The name matters on loopback: a page elsewhere can let its own name point to this machine and would
    read the answers as its own (https://en.wikipedia.org/wiki/DNS_rebinding).
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
            await send(message)

        if names is None or _host_name(scope) in names:
            await application(scope, receive, send_guarded)
        else:
            await _refuse(send_guarded)

    return answer


def _host_name(scope: Scope) -> str:
    host = next((value for name, value in scope.get("headers", ()) if name == b"host"), b"").decode("latin-1")
    return str(host if host.endswith("]") else host.rpartition(":")[0] or host).lower()


async def _refuse(send: Send) -> None:
    body = b"This server answers to the name of this machine only.\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": body})
