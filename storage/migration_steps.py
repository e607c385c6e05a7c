"""The steps of the schema that came after those of `migrations`, which runs them all. Append only."""

from __future__ import annotations

import sqlite3

from .schema import create_indexes


def m011_snapshot_dictionaries(connection: sqlite3.Connection) -> None:
    """Dictionaries that stored pages are compressed with, and of each page which, and how hard."""
    connection.execute(
        """CREATE TABLE snapshot_dictionaries (
            id INTEGER PRIMARY KEY,         -- zstd's own, which every frame made with it names
            made_at TEXT NOT NULL,
            trained_on INTEGER NOT NULL,    -- so many snapshots there were then
            bytes INTEGER NOT NULL,         -- before compression
            content BLOB NOT NULL           -- zstd, without a dictionary
        ) STRICT"""
    )
    # The comments are kept in the schema; one to the end of the line would swallow the bracket that follows.
    connection.execute(
        """ALTER TABLE snapshots ADD COLUMN dictionary_id INTEGER /* NULL: compressed without one */
            REFERENCES snapshot_dictionaries (id)"""
    )
    connection.execute("ALTER TABLE snapshots ADD COLUMN level INTEGER /* of compression */ NOT NULL DEFAULT 3")
    create_indexes(connection, ("snapshots", "dictionary_id, level"))


def m012_quicker_sketches(connection: sqlite3.Connection) -> None:
    """What texts are compared by is another hash now, so the sketches that are stored are made anew."""
    from .near_copies import sketch  # here, because whoever only searches need not wait for them
    from .reposts import write_sketch

    ids = connection.execute("SELECT article_id FROM sketches ORDER BY article_id").fetchall()
    for (article_id,) in ids:
        text = connection.execute("SELECT text FROM articles WHERE id = ?", (article_id,)).fetchone()[0]
        write_sketch(connection, article_id, sketch(text))
