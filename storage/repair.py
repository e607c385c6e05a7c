"""Putting right what the database can tell by itself: rows from records, the index from articles, orphans away.

What is the only copy of something, a record or a stored page, is never touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models import DigestRecord
from .database import transaction
from .pages import drop_snapshot_if_unused
from .problems import REPAIRABLE
from .record_checks import disagreeing_tables
from .records import write_claims
from .search_index import rebuild_index

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database


def repair(database: Database) -> None:
    """Repairs in one transaction what can be repaired without another source than the file itself.

    Args:
        database: open for writing. Raises sqlite3.Error when it is damaged: then only a copy helps.
    """
    connection = database.conn
    with transaction(connection):
        _drop_dangling(connection)
        _drop_unused_snapshots(connection)
        for (article_id,) in connection.execute("SELECT article_id FROM records ORDER BY article_id").fetchall():
            _rewrite_claims(database, article_id)
        rebuild_index(connection)


def _drop_dangling(connection: sqlite3.Connection) -> None:
    """Rows that belong to what is not there are dropped; references that may be empty are emptied."""
    for table in REPAIRABLE:
        while found := connection.execute(f"PRAGMA foreign_key_check({table})").fetchmany(1000):
            for _, rowid, _, number in found:
                if table == "pages":
                    column = _column(connection, table, number)
                    change = f"UPDATE pages SET {column} = NULL"  # noqa: S608 - from the schema
                else:
                    change = f"DELETE FROM {table}"  # noqa: S608
                connection.execute(f"{change} WHERE rowid = ?", (rowid,))


def _column(connection: sqlite3.Connection, table: str, number: int) -> str:
    row = connection.execute('SELECT "from" FROM pragma_foreign_key_list(?) WHERE id = ?', (table, number)).fetchone()
    return str(row[0])


def _drop_unused_snapshots(connection: sqlite3.Connection) -> None:
    for (sha256,) in connection.execute("SELECT sha256 FROM snapshots").fetchall():
        drop_snapshot_if_unused(connection, sha256)


def _rewrite_claims(database: Database, article_id: str) -> None:
    (record_json,) = database.conn.execute("SELECT json FROM records WHERE article_id = ?", (article_id,)).fetchone()
    try:
        record = DigestRecord.model_validate_json(record_json)
    except ValueError:  # which the check goes on telling
        return
    if any(disagreeing_tables(database.conn, record)):
        write_claims(database, record)
