"""SQLite's errors in our words: what happened, to which file, and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..models import DatabaseLockedError, StorageError

# SQLite's primary result codes (https://www.sqlite.org/rescode.html), and what to tell the user.
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_ADVICE = {
    sqlite3.SQLITE_READONLY: (
        "the database is read-only",
        "check the permissions of the file and its folder",
    ),
    sqlite3.SQLITE_PERM: ("the database may not be opened", "check the permissions of the file"),
    sqlite3.SQLITE_CANTOPEN: (
        "the database cannot be opened",
        "check that it is a file, and its permissions",
    ),
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space and run the same command again"),
    sqlite3.SQLITE_IOERR: ("reading or writing failed", "check the disk, and the room on it"),
    sqlite3.SQLITE_NOTADB: ("this file is not a SQLite database", "give the path of a wenzhai database"),
    sqlite3.SQLITE_CORRUPT: ("the database is damaged", "restore a copy, or try `sqlite3 FILE .recover`"),
}


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, with the file as subject and a way out as hint."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translate(error, path) from error


def _translate(error: sqlite3.Error, path: Path) -> StorageError:
    # Python's own errors (ProgrammingError: connection closed) carry no code.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # extended codes keep the primary one in the low byte
    if code in _LOCKED:
        return DatabaseLockedError(
            "another process is writing to the database",
            subject=str(path),
            hint="wait for it to finish and run the same command again",
        )
    message, hint = _ADVICE.get(code, (f"SQLite says: {error}", ""))
    return StorageError(message, subject=str(path), hint=hint)
