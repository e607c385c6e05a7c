"""Which lists of articles were read to their end: what is known then may be taken for all there was."""

from __future__ import annotations

import sqlite3

_KEY = "listed:"


def listing_is_complete(connection: sqlite3.Connection, target: str) -> bool:
    """Whether the last listing of a target came to its end and all it listed was stored."""
    return connection.execute("SELECT 1 FROM meta WHERE key = ?", (_KEY + target,)).fetchone() is not None


def write_listing(connection: sqlite3.Connection, target: str, *, complete: bool) -> None:
    """Note that a listing of a target has found something new, or has come to its end."""
    if complete:
        connection.execute("INSERT OR IGNORE INTO meta VALUES (?, 'complete')", (_KEY + target,))
    else:
        connection.execute("DELETE FROM meta WHERE key = ?", (_KEY + target,))
