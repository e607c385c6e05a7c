"""What the file holds and what takes its room: rows and bytes of every table, texts, index, stored pages."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from .compaction import full_text_tables


@dataclass(frozen=True, slots=True)
class TableSize:
    """One table.

    Attributes:
        name: its name; the tables that FTS5 keeps beside a search index count as part of that.
        rows: how many.
        bytes: of its pages in the file, None when SQLite was built without dbstat.
        index_bytes: of the pages of its indexes.
    """

    name: str
    rows: int
    bytes: int | None
    index_bytes: int | None


@dataclass(frozen=True, slots=True)
class DatabaseSizes:
    """The whole file.

    Attributes:
        schema: number of the last step of the schema.
        file_bytes: size of the data, free pages included.
        free_bytes: pages that hold nothing, which compacting gives back.
        tables: largest first, by name where sizes are not known.
        text_bytes: titles and texts of the articles, as UTF-8.
        search_bytes: the search index.
        snapshot_bytes: stored pages as they came.
        snapshot_stored_bytes: stored pages as they are kept, dictionaries included.
    """

    schema: int
    file_bytes: int
    free_bytes: int
    tables: tuple[TableSize, ...]
    text_bytes: int
    search_bytes: int | None
    snapshot_bytes: int
    snapshot_stored_bytes: int


def database_sizes(connection: sqlite3.Connection) -> DatabaseSizes:
    """Counts and sizes of an open database; reads all of it."""
    bytes_by_name = _bytes_by_name(connection)
    tables = _tables(connection, bytes_by_name)
    indexes = set(full_text_tables(connection))
    text = "SELECT sum(length(CAST(title AS BLOB)) + length(CAST(text AS BLOB))) FROM articles"
    pages = "SELECT sum(bytes) FROM snapshots"
    kept = "SELECT sum(length(content)) FROM {}"
    return DatabaseSizes(
        schema=_number(connection, "PRAGMA user_version"),
        file_bytes=_number(connection, "PRAGMA page_count") * _number(connection, "PRAGMA page_size"),
        free_bytes=_number(connection, "PRAGMA freelist_count") * _number(connection, "PRAGMA page_size"),
        tables=tables,
        text_bytes=_number(connection, text),
        search_bytes=None if bytes_by_name is None else sum(each.bytes or 0 for each in tables if each.name in indexes),
        snapshot_bytes=_number(connection, pages),
        snapshot_stored_bytes=sum(
            _number(connection, kept.format(table)) for table in ("snapshots", "snapshot_dictionaries")
        ),
    )


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0] or 0)


def _bytes_by_name(connection: sqlite3.Connection) -> dict[str, int] | None:
    """The bytes of every table and index (https://www.sqlite.org/dbstat.html)."""
    try:
        return dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall())
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return None


def _tables(connection: sqlite3.Connection, bytes_by_name: dict[str, int] | None) -> tuple[TableSize, ...]:
    kinds = dict(connection.execute("SELECT name, type FROM pragma_table_list WHERE schema = 'main'").fetchall())
    sizes = []
    for name, kind in kinds.items():
        if kind not in ("table", "virtual") or name.startswith("sqlite_"):
            continue
        own, indexes = None, None
        if bytes_by_name is not None:
            # FTS5 keeps an index in tables that are named after it.
            beside = [other for other, its in kinds.items() if its == "shadow" and other.startswith(f"{name}_")]
            own = sum(bytes_by_name.get(each, 0) for each in (name, *beside))
            rows = connection.execute("SELECT name FROM pragma_index_list(?)", (name,))
            indexes = sum(bytes_by_name.get(row[0], 0) for row in rows)
        counted = f"{name}_docsize" if f"{name}_docsize" in kinds else name
        rows_of = _number(connection, f'SELECT count(*) FROM "{counted}"')  # noqa: S608 - from the schema
        sizes.append(TableSize(name, rows_of, own, indexes))
    return tuple(sorted(sizes, key=lambda each: (-(each.bytes or 0) - (each.index_bytes or 0), each.name)))
