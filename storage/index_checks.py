"""Whether the search index agrees with the articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from .compaction import full_text_tables
from .problems import REPAIR, Problem, ProblemKind

_CANNOT_WRITE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# What the index has yet to catch up with is no problem.
_DIFFERENCES = (
    (
        "an article is not in it",
        """SELECT rowid FROM articles EXCEPT SELECT id FROM {table}_docsize
            EXCEPT SELECT article_rowid FROM index_changes WHERE indexed IS NULL""",
    ),
    (
        "it has an article that is not there",
        """SELECT id FROM {table}_docsize EXCEPT SELECT rowid FROM articles
            EXCEPT SELECT article_rowid FROM index_changes WHERE indexed IS NOT NULL""",
    ),
)


def index_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """What is wrong with the search index: damage, articles that are missing, entries of articles that are gone.

    Args:
        connection: not within a transaction; one that may write checks more, and changes nothing.
    """
    for table in full_text_tables(connection):
        try:
            _read_through(connection, table)
        except sqlite3.DatabaseError as error:
            yield Problem(ProblemKind.INDEX, f"is damaged: {error}", table, REPAIR)
            continue
        for what, query in _DIFFERENCES:
            for (rowid,) in connection.execute(query.format(table=table)):
                yield Problem(ProblemKind.INDEX, what, f"{table}, row {rowid}", REPAIR)


def _read_through(connection: sqlite3.Connection, table: str) -> None:
    """Raises sqlite3.DatabaseError when the index is not sound in itself."""
    try:
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")  # noqa: S608 - from the schema
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _CANNOT_WRITE:
            raise
        # SQLite takes the check for writing. Reading every entry finds damage too, if not every disagreement.
        connection.execute(f"CREATE VIRTUAL TABLE temp.{table}_terms USING fts5vocab(main, {table}, 'row')")
        try:
            connection.execute(f"SELECT sum(cnt) FROM temp.{table}_terms").fetchone()  # noqa: S608
        finally:
            connection.execute(f"DROP TABLE temp.{table}_terms")
