"""Whether a database can be trusted: every check there is, one after the other, in the memory of one article."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from ..models import StorageError
from .database import connect, file_uri, is_out_of_reach
from .file_checks import file_problems, orphan_problems, reference_problems, schema_problems
from .index_checks import index_problems
from .problems import RESTORE, Problem, ProblemKind
from .record_checks import record_problems, snapshot_problems

Check = Callable[[sqlite3.Connection], Iterator[Problem]]
CHECKS: tuple[tuple[str, Check], ...] = (
    ("pages of the file", file_problems),
    ("schema", schema_problems),
    ("references", reference_problems),
    ("orphans", orphan_problems),
    ("stored pages", snapshot_problems),
    ("quotes and records", record_problems),
    ("search index", index_problems),
)
_BUSY_SECONDS = 0.2  # then the index is read through, rather than a harvest waited for


def check_database(path: Path, *, begin: Callable[[str], None] | None = None) -> Iterator[Problem]:
    """Everything that is wrong with a database. Nothing is changed, others may read and write meanwhile.

    Args:
        path: the file; it may be damaged.
        begin: told the name of each check before it runs.

    Raises:
        StorageError and kinds of it: there is no such file, it is not ours, of another schema, or out of reach.
    """
    try:
        connect(path, read_only=True).close()
    except StorageError as error:
        if not _is_damage(error.__cause__):
            raise
        yield Problem(ProblemKind.FILE, f"cannot be opened: {error.__cause__}", str(path), RESTORE)
        return
    with closing(_connect(path)) as connection:
        for name, check in CHECKS:
            if begin is not None:
                begin(name)
            # Each sees one moment. The index is checked outside of a transaction, since SQLite takes that for
            # writing, and writing may wait for a harvest.
            if check is not index_problems:
                connection.execute("BEGIN")
            try:
                yield from check(connection)
            except sqlite3.Error as error:
                yield Problem(ProblemKind.FILE, f"cannot be read to the end: {error}", name, RESTORE)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")


def _connect(path: Path) -> sqlite3.Connection:
    """Without the settings that opening changes, and without bringing the schema up to date."""
    if is_out_of_reach(path) or not os.access(path, os.W_OK):
        return connect(path, read_only=True)
    return sqlite3.connect(f"{file_uri(path)}?mode=rw", uri=True, timeout=_BUSY_SECONDS, isolation_level=None)


def _is_damage(cause: BaseException | None) -> bool:
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT
