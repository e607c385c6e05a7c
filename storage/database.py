"""Opening the SQLite file: settings, checks, transactions."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..models import DatabaseMissingError, SchemaTooNewError, StorageError
from .sqlite_errors import translated_errors

__all__ = ["connect", "file_uri", "is_out_of_reach", "open_database", "transaction", "translated_errors"]

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x777A6169  # "wzai", written into the file's header: see `file` and PRAGMA application_id
SCHEMA_VERSION = 12  # how many `migrations` there are; a number, so that reading need not load them
BUSY_TIMEOUT_SECONDS = 5.0
# Of a million articles, a search for two words reads some 30 MB of the index; SQLite's own 2 MB would read them again.
_CACHE_KIBIBYTES = 65_536


def open_database(path: Path, *, create: bool = False, read_only: bool = False) -> Database:
    """Open a wenzhai database for sqlite-utils; takes and raises what `connect` does."""
    from sqlite_utils import Database  # here, because it costs 0.3 s, which a search need not pay

    return Database(connect(path, create=create, read_only=read_only))


def connect(path: Path, *, create: bool = False, read_only: bool = False) -> sqlite3.Connection:
    """Open a wenzhai database and bring its schema up to date.

    The connection is in autocommit mode: group statements with `transaction`.

    Args:
        path: the file.
        create: begin a new file when there is none.
        read_only: refuse every write; then nothing is migrated.

    Raises:
        DatabaseMissingError: there is no such file, and it is not to be created.
        DatabaseLockedError: another process is writing, for more than five seconds.
        SchemaTooNewError: a newer wenzhai wrote the file.
        StorageError: not a wenzhai database, no permission, disk full or damaged.
    """
    if not path.exists() and (read_only or not create):
        raise DatabaseMissingError(
            "there is no database", subject=str(path), hint="check the path, or harvest something first"
        )
    if path.is_dir():
        raise StorageError("is a folder", subject=str(path), hint="name the database file in it")
    with translated_errors(path):
        connection = _connect(path, create=create, read_only=read_only)
        try:
            _prepare(connection, path, create=create, read_only=read_only)
        except BaseException:
            connection.close()
            raise
    return connection


def _connect(path: Path, *, create: bool, read_only: bool) -> sqlite3.Connection:
    if create:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"its folder cannot be made: {error.strerror}", subject=str(path)) from error
    mode = "ro" if read_only else "rwc" if create else "rw"
    if read_only and is_out_of_reach(path):
        mode += "&immutable=1"
    return sqlite3.connect(
        f"{file_uri(path)}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_SECONDS,
        isolation_level=None,  # no transactions begun behind our back
    )


def file_uri(path: Path) -> str:
    """The address SQLite knows a file by (https://www.sqlite.org/uri.html), to which parameters can be added.

    `Path.as_uri` does the same, and loads what can take addresses of all kinds apart.
    """
    name = path.absolute().as_posix()
    for mark in "%?#":
        name = name.replace(mark, f"%{ord(mark):02x}")
    return f"file:{name}" if name.startswith("/") else f"file:/{name}"  # C:/… on Windows


def is_out_of_reach(path: Path) -> bool:
    """Whether the file lies where we cannot put the files SQLite shares with a writer beside it.

    Then it is read as one that does not change: true of read-only media, and of a colleague's
    database as long as they are not writing, when their ``-wal`` file would be there.
    """
    writing = path.with_name(f"{path.name}-wal").exists()
    return not writing and not os.access(path.absolute().parent, os.W_OK)


def _prepare(connection: sqlite3.Connection, path: Path, *, create: bool, read_only: bool) -> None:
    is_new = _check_identity(connection, path, create=create)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise SchemaTooNewError(
            f"written by a newer wenzhai (schema {version}, this one knows {SCHEMA_VERSION})",
            subject=str(path),
            hint="upgrade wenzhai",
        )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}")
    if read_only:
        if version < SCHEMA_VERSION:
            raise StorageError(
                "the schema is out of date", subject=str(path), hint="open it once with permission to write"
            )
        return
    from .migration_copy import copy_before_migrating  # here, because a search need not wait for them
    from .migrations import migrate

    connection.execute("PRAGMA journal_mode = WAL")
    # With WAL, NORMAL loses no consistency, only the last commits of a power cut.
    connection.execute("PRAGMA synchronous = NORMAL")
    if is_new:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    elif version < SCHEMA_VERSION:
        copy_before_migrating(connection, path, version=version)
    migrate(connection)


def _check_identity(connection: sqlite3.Connection, path: Path, *, create: bool) -> bool:
    """Whether the file is empty and may become ours; refuse it if it is someone else's."""
    if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
        return False
    is_empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if is_empty and create:
        return True
    raise StorageError("this is not a wenzhai database", subject=str(path), hint="give the path of a wenzhai database")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block, or nothing of it; within another transaction, a savepoint.

    The lock is taken at the start: a transaction that reads before it writes would otherwise
    fail at once, without waiting, when another process wrote in between.
    """
    nested = connection.in_transaction
    connection.execute("SAVEPOINT step" if nested else "BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("RELEASE step" if nested else "COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have ended it already
            connection.execute("ROLLBACK TO step" if nested else "ROLLBACK")
            if nested:
                connection.execute("RELEASE step")
        raise
