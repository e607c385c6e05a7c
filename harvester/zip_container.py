"""A zip of article files."""

from __future__ import annotations

import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from .containers import Member, damaged, decoded_name, is_article_name, member_location, unsafe_name

# What zipfile and the decompressors below it raise on bytes that make no sense; a method of compression or
# encryption it does not know is a NotImplementedError, which is a RuntimeError.
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800


class ZipContainer:
    """The article files of a zip, in the order of its directory.

    Raises:
        SourceError: there is no readable directory, as in a zip cut short.
    """

    def __init__(self, path: Path, *, shown: str) -> None:
        self._shown = shown
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGE as error:
            raise damaged(shown, error) from error

    def members(self) -> Iterator[Member]:
        for info in self._zip.infolist():
            name = _name(info)
            if is_article_name(name) and not info.is_dir():
                yield self._member(info, name)

    def close(self) -> None:
        self._zip.close()

    def _member(self, info: zipfile.ZipInfo, name: str) -> Member:
        location = member_location(self._shown, name)

        def read(size: int) -> bytes:
            try:
                with self._zip.open(info) as file:
                    return file.read(size)
            except _DAMAGE as error:
                raise damaged(location, error) from error

        return Member(location=location, size=info.file_size, read=read, refusal=_refusal(info, name))


def _refusal(info: zipfile.ZipInfo, name: str) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "link or device refused"
    if info.flag_bits & _ENCRYPTED:
        return "encrypted; unpack the archive with its password first"
    return unsafe_name(name)


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: without the UTF-8 mark Windows writes it in the system's own encoding."""
    if info.flag_bits & _UTF8_NAME or info.filename.isascii():
        return info.filename
    try:
        return decoded_name(info.filename.encode("cp437"))
    except UnicodeEncodeError:
        return info.filename
