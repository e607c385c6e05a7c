"""Whether the search index can be asked: it was built by the segmenter that reads queries now."""

from __future__ import annotations

import sqlite3

from .index_entry import SEGMENTER


def index_is_current(connection: sqlite3.Connection) -> bool:
    """Whether the index was built as this version builds it."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'segmenter'").fetchone()
    return row is not None and row[0] == SEGMENTER
