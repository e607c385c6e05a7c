"""A copy of the database as it is at one moment, made while others write: SQLite's online backup."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from ..models import StorageError
from .sqlite_errors import translated_errors

# 16 MB a step at 4 kB a page: rare enough to cost nothing, often enough for a bar and for Ctrl-C.
_PAGES_A_STEP = 4096

Progress = Callable[[int, int], None]  # pages done, of how many


def back_up(connection: sqlite3.Connection, target: Path, *, progress: Progress | None = None) -> int:
    """Copies a database into a new file, which is there when all of it is written and found sound, or not at all.

    Args:
        connection: the database, not within a transaction; other processes may read and write it.
        target: the file to make.
        progress: told of the pages that are copied.

    Returns:
        The size of the copy in bytes.

    Raises:
        StorageError: there is a file of this name already, it cannot be written, the disk is full, or the copy
            is damaged, because the database is.
    """
    refuse_existing(target)
    with _partial(target) as partial, translated_errors(target):
        with closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            _copy(connection, copy, progress=progress)
            _verify(copy, target)
        _sync(partial)
        size = partial.stat().st_size
        _give_name(partial, target)
    return size


def refuse_existing(target: Path) -> None:
    """Raises StorageError when there is something of this name."""
    if target.exists() or target.is_symlink():
        raise StorageError("is there already", subject=str(target), hint="remove it, or name another file")


def _copy(connection: sqlite3.Connection, copy: sqlite3.Connection, *, progress: Progress | None) -> None:
    def told(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    # Within a read transaction the copy is of one moment. Without, each commit of another process would make
    # SQLite begin anew, and beside a busy harvest a large copy would never end.
    with _reading(connection):
        connection.backup(copy, pages=_PAGES_A_STEP, progress=told, sleep=0.01)
    # So that a copy on read-only media can be opened, and is one file.
    copy.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _reading(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # which is when the moment is chosen
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _verify(copy: sqlite3.Connection, target: Path) -> None:
    found = [row[0] for row in copy.execute("PRAGMA integrity_check(1)")]
    if found != ["ok"]:
        raise StorageError(
            f"the copy is damaged, as the database is: {found[0]}", subject=str(target), hint="run `wenzhai db check`"
        )


@contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """A file beside the target that does not outlive the block."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        partial.open("wb").close()
    except OSError as error:
        raise StorageError(f"cannot be written: {error.strerror}", subject=str(target)) from error
    try:
        yield partial
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                partial.with_name(partial.name + ending).unlink()


def _sync(path: Path) -> None:
    """The bytes are on the disk before the name is."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _give_name(partial: Path, target: Path) -> None:
    try:
        try:
            target.hardlink_to(partial)  # which, unlike renaming, never takes the place of another file
        except FileExistsError:
            refuse_existing(target)
        except OSError:  # a file system without hard links
            refuse_existing(target)
            partial.rename(target)
    except OSError as error:
        raise StorageError(f"cannot be written: {error.strerror}", subject=str(target)) from error
