"""Connections straight to a host: to the addresses that were checked, and never for longer than a deadline.

httpx by itself looks a name up again when it connects, so that a name may lead elsewhere than where it led
when it was checked; and its timeouts begin anew with each byte, so that a server may drip its headers for ever.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache

import httpcore
import httpx

from .clock import Clock

Addresses = Callable[[str], tuple[str, ...]]

# The order matters: the more particular ones first.
_ERRORS: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.ReadTimeout, httpx.ReadTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.PoolTimeout, httpx.PoolTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ReadError, httpx.ReadError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.RemoteProtocolError, httpx.RemoteProtocolError),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
)


class Deadline:
    """When what is going on must have ended; to be set before each request.

    Args:
        clock: measures time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = float("inf")

    def set(self, seconds: float) -> None:
        """So many seconds from now."""
        self._until = self._clock.monotonic() + seconds

    def left(self, timeout: float | None) -> float:
        """A timeout cut down to the time left.

        Raises:
            httpcore.ReadTimeout: none is left.
        """
        left = self._until - self._clock.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for one attempt is over")
        return left if timeout is None else min(left, timeout)


class DirectTransport(httpx.BaseTransport):
    """What an `httpx.Client` sends its requests through.

    Args:
        addresses: the IP addresses at which a host may be asked, checked already.
        deadline: when the request under way must have ended, body included.
    """

    def __init__(self, *, addresses: Addresses, deadline: Deadline) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_ssl_context(),
            keepalive_expiry=30.0,
            network_backend=_CheckedBackend(addresses, deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request; raises what httpx's own transport does."""
        url = request.url
        with _httpx_errors():
            response = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Closes the connections."""
        self._pool.close()


@cache
def _ssl_context() -> ssl.SSLContext:
    """One for all: it takes 40 ms to read the authorities' certificates."""
    return httpx.create_ssl_context()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _httpx_errors():
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _CheckedBackend(httpcore.NetworkBackend):
    def __init__(self, addresses: Addresses, deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        problem: Exception = httpcore.ConnectError(f"the name {host} cannot be resolved")
        for address in self._addresses(host):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _TimedStream(stream, self._deadline)
        raise problem


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


@contextmanager
def _httpx_errors() -> Iterator[None]:
    """Turns httpcore's errors into httpx's, as httpx's own transport does."""
    try:
        yield
    except tuple(kind for kind, _ in _ERRORS) as error:
        raise next(ours for kind, ours in _ERRORS if isinstance(error, kind))(str(error)) from error
