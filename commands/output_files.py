"""Where commands write to: the standard output as data, and files and folders that are whole or not there."""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from ..models import StorageError

# As in terminal.plain, but for the tabs and line breaks that formats are made of.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def utf8_stdout() -> TextIO:
    """The standard output, in the encoding of a file whatever the terminal's is: an export is data."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")
    # Whoever looks at an export on a terminal is not to obey what is in it; a file or a pipe gets all of it.
    return cast("TextIO", _OnTerminal(sys.stdout)) if sys.stdout.isatty() else sys.stdout


class _OnTerminal(io.TextIOBase):
    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out

    def write(self, text: str) -> int:
        self._out.write(_CONTROL.sub("\ufffd", text))
        return len(text)

    def flush(self) -> None:
        self._out.flush()


@contextmanager
def atomic_text(path: Path) -> Iterator[TextIO]:
    """A text file that takes the place of `path` only when all of it is written."""
    with _replacing(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as out:
        yield out


@contextmanager
def atomic_bytes(path: Path) -> Iterator[BinaryIO]:
    """A binary file that takes the place of `path` only when all of it is written."""
    with _replacing(path) as partial, partial.open("wb") as out:
        yield out


@contextmanager
def filled_folder(path: Path) -> Iterator[Path]:
    """A folder to write into; its files come to `path` when all are written, over those of the same names."""
    with _told(path):
        path.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=path))
        try:
            yield partial
            for file in partial.iterdir():
                file.replace(path / file.name)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    if path.is_dir():
        raise StorageError("is a folder", subject=str(path), hint="name a file in it")
    partial = path.with_name(f".{path.name}.partial")
    try:
        with _told(path):
            yield partial
            partial.replace(path)
    finally:
        with suppress(OSError):
            partial.unlink()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError("cannot be written", subject=str(path), hint=str(error.strerror)) from error
