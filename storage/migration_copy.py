"""A copy of the file as it was, kept beside it before its schema is changed: the way back."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from ..models import StorageError
from .backup import back_up

# The steps themselves write as well: indexes, and columns that are filled.
_ROOM_FOR_STEPS = 16_000_000


def copy_path(path: Path, *, version: int) -> Path:
    """Where the copy of a file of this schema is kept."""
    return path.with_name(f"{path.name}.before-schema-{version + 1}")


def copy_before_migrating(connection: sqlite3.Connection, path: Path, *, version: int) -> Path | None:
    """Copies a file that holds articles and is about to be migrated; a copy that is there already stays.

    Args:
        connection: open for writing, not within a transaction.
        path: its file.
        version: its schema.

    Returns:
        The copy; None when there was nothing to keep.

    Raises:
        StorageError: the copy cannot be made, for want of room or otherwise. Then the file must be left alone.
    """
    target = copy_path(path, version=version)
    if target.exists() or not _holds_articles(connection):
        return None
    size = connection.execute("PRAGMA page_count").fetchone()[0] * connection.execute("PRAGMA page_size").fetchone()[0]
    needed, free = size + _ROOM_FOR_STEPS, shutil.disk_usage(path.absolute().parent).free
    if free < needed:
        raise _no_copy(path, f"{needed / 1e6:.0f} MB are needed, {free / 1e6:.0f} MB are free")
    try:
        back_up(connection, target)
    except StorageError as error:
        if target.exists():  # another process opened the file at the same moment, and was quicker
            return target
        raise _no_copy(path, error.message) from error
    return target


def _no_copy(path: Path, reason: str) -> StorageError:
    return StorageError(
        f"its schema is older, and no copy could be made before changing it: {reason}",
        subject=str(path),
        hint="the file was left as it is; free some space, or see to the folder's permissions, and try again",
    )


def _holds_articles(connection: sqlite3.Connection) -> bool:
    has_table = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'articles'").fetchone()
    return has_table is not None and connection.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is not None
