"""A tar of article files, plain or compressed, read in its own order."""

from __future__ import annotations

import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Self, cast

import zstandard

from ..models import SourceError
from .containers import Member, damaged, is_article_name, member_location, readable_name, unsafe_name

_DAMAGE = (tarfile.TarError, zlib.error, lzma.LZMAError, zstandard.ZstdError, EOFError, OSError, ValueError)
# Headers that hold the name or attributes of the next member; tarfile reads them whole into memory.
_HEADER_TYPES = frozenset(
    {tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK}
)
_MAX_HEADER = 1024 * 1024
# Archived pages shrink to a tenth, zeros to a thirty-thousandth: 30 MB of them would unpack for hours.
_MOST_TIMES = 200
_ALWAYS_UNPACKED = 256 * 1024 * 1024
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class TarContainer:
    """The article files of a tar.

    A compressed tar cannot be entered in the middle. Reading each member before asking for the next is one
    pass over the file; reading them in order after listing them all is a second one.

    Raises:
        SourceError: it does not begin like a tar.
    """

    def __init__(self, path: Path, *, shown: str) -> None:
        self._shown = shown
        self._file: BinaryIO | None = None
        try:
            self._most_unpacked = max(_ALWAYS_UNPACKED, path.stat().st_size * _MOST_TIMES)
            self._tar = self._open(path)
        except _DAMAGE as error:
            self._close_file()
            raise damaged(shown, error) from error

    def members(self) -> Iterator[Member]:
        remaining = iter(self._tar)
        while (info := self._next(remaining)) is not None:
            name = readable_name(info.name)
            if is_article_name(name) and not info.isdir():
                yield self._member(info, name)

    def close(self) -> None:
        self._tar.close()
        self._close_file()

    def _open(self, path: Path) -> tarfile.TarFile:
        self._file = path.open("rb")
        if self._file.read(4) == ZSTD_MAGIC:
            stream = cast("BinaryIO", io.BufferedReader(_ZstdFile(self._file), buffer_size=1024 * 1024))
            return tarfile.open(fileobj=stream, mode="r:", tarinfo=_CheckedHeader)
        self._file.seek(0)
        return tarfile.open(fileobj=self._file, mode="r:*", tarinfo=_CheckedHeader)

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()

    def _next(self, remaining: Iterator[tarfile.TarInfo]) -> tarfile.TarInfo | None:
        try:
            info = next(remaining, None)
        except _DAMAGE as error:
            raise damaged(self._shown, error) from error
        # What is no article is unpacked as well, to get past it: before that its size is looked at.
        if info is not None and info.offset_data + info.size > self._most_unpacked:
            raise SourceError(
                f"unpacks to more than {_MOST_TIMES} times its size, refused",
                subject=self._shown,
                hint="unpack it yourself if you trust it, and name the folder; what was read before is kept",
            )
        return info

    def _member(self, info: tarfile.TarInfo, name: str) -> Member:
        location = member_location(self._shown, name)

        def read(size: int) -> bytes:
            try:
                file = self._tar.extractfile(info)
                if file is None:
                    raise SourceError("not a regular file, refused", subject=location)
                with file:
                    return file.read(size)
            except _DAMAGE as error:
                raise damaged(location, error) from error

        refusal = unsafe_name(name) if info.isreg() else "link or device refused"
        return Member(location=location, size=info.size, read=read, refusal=refusal)


class _CheckedHeader(tarfile.TarInfo):
    """A header that is never taken for the end: tarfile stops in silence at a damaged or missing one."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            header = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if len(buf) == tarfile.BLOCKSIZE and not any(buf):
                raise  # the mark of the end
            raise tarfile.ReadError(f"no valid header or end mark where one must be ({error})") from error
        if header.type in _HEADER_TYPES and header.size > _MAX_HEADER:
            raise tarfile.ReadError(f"a header of {header.size:,} bytes")
        return header


class _ZstdFile(io.RawIOBase):
    """Zstandard as a file that can also be rewound, by starting over, as gzip and xz files do."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._restart()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the one type BufferedReader passes
        count: int = self._reader.readinto(buffer)
        self._position += count
        return count

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset += self._position
        elif whence != io.SEEK_SET:
            raise io.UnsupportedOperation("the end is not known")
        if offset < self._position:
            self._restart()
        scratch = memoryview(bytearray(256 * 1024))
        while self._position < offset and self.readinto(scratch[: offset - self._position]):
            pass
        return self._position

    def _restart(self) -> None:
        self._file.seek(0)
        self._reader = zstandard.ZstdDecompressor().stream_reader(self._file, read_across_frames=True, closefd=False)
        self._position = 0
