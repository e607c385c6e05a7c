"""Bodies with a limit: however small the compressed bytes, no more than the limit is ever unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

_GZIP = 16 + zlib.MAX_WBITS


class OversizeError(Exception):
    """The body is larger than the limit."""


class BodyError(ValueError):
    """The body is not what its encoding says, or ends early."""


def bounded_gunzip(content: bytes, *, limit: int) -> bytes:
    """Gzipped content, unpacked.

    Raises:
        OversizeError: it unpacks to more than `limit` bytes.
        BodyError: it is not gzip, or ends early.
    """
    return bounded_body([content], encoding="gzip", limit=limit)


def bounded_body(chunks: Iterable[bytes], *, encoding: str, limit: int) -> bytes:
    """The whole body, decoded.

    Args:
        chunks: the bytes as they come.
        encoding: the Content-Encoding: empty, ``identity`` or ``gzip``.
        limit: the largest body taken.

    Raises:
        OversizeError: it is larger than `limit` bytes.
        BodyError: the encoding is another one, or the bytes do not follow it.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        decode: _Plain | _Gunzip = _Plain()
    elif name in ("gzip", "x-gzip"):
        decode = _Gunzip()
    else:
        raise BodyError(f"unknown content encoding {encoding!r}")
    body = bytearray()
    for chunk in chunks:
        body += decode(chunk, limit + 1 - len(body))
        if len(body) > limit:
            raise OversizeError
    decode.finish()
    return bytes(body)


class _Plain:
    def __call__(self, chunk: bytes, size: int) -> bytes:
        """At most `size` bytes more of the body."""
        return chunk[:size]

    def finish(self) -> None:
        """Any end is a good one."""


class _Gunzip:
    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._empty = True

    def __call__(self, chunk: bytes, size: int) -> bytes:
        """At most `size` bytes more of the body."""
        body = bytearray()
        try:
            while chunk and len(body) < size:
                if self._member.eof:  # a gzip file may hold several members, and zeros to fill a block
                    if not chunk.strip(b"\0"):
                        break
                    self._member = zlib.decompressobj(_GZIP)
                body += self._member.decompress(chunk, size - len(body))
                self._empty = False
                chunk = self._member.unused_data
        except zlib.error as error:
            raise BodyError(f"damaged gzip: {error}") from error
        return bytes(body)

    def finish(self) -> None:
        """Raises BodyError in the middle of the data."""
        if not (self._member.eof or self._empty):
            raise BodyError("the gzip data ends early")
