"""Writes docs/schema.md from the database itself: ``python -m wenzhai.storage.describe > docs/schema.md``.

Remarks are the comments that stand behind columns in the statements that made them, which SQLite keeps.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing

from .migrations import MIGRATIONS, migrate

_INTRODUCTION = """# The schema

Made by `python -m wenzhai.storage.describe` from the database itself: schema {version}. What a step of
`storage/migrations.py` changes, it changes here.

Times are ISO 8601 text; offsets are code points, end exclusive; tables are STRICT. `articles.id` is what all rows
about an article refer to. [database.md](database.md) says how the file is looked after."""

# "name TYPE …, -- remark" or "name TYPE /* remark */ …": the two forms that the steps use.
_LINE_REMARK = re.compile(r'^\s*(?:ALTER TABLE .* ADD COLUMN )?"?(\w+)"?\s+\w+[^\n]*?--\s*(.+?)\s*$', re.MULTILINE)
_INLINE_REMARK = re.compile(r'"?(\w+)"?\s+(?:TEXT|INTEGER|REAL|BLOB)\s*/\*\s*(.+?)\s*\*/')
# Behind the opening bracket it is about the table.
_TABLE_REMARK = re.compile(r"^CREATE TABLE [^\n]*?--\s*(.+?)\s*$", re.MULTILINE)
_OTHERS = {"virtual": "Full-text search (FTS5)", "view": "View"}


def describe(connection: sqlite3.Connection) -> Iterator[str]:
    """The schema of an open database as Markdown, block by block."""
    yield _INTRODUCTION.format(version=connection.execute("PRAGMA user_version").fetchone()[0])
    tables = connection.execute(
        """SELECT list.name, list.type, made.sql FROM pragma_table_list AS list
            JOIN sqlite_schema AS made ON made.name = list.name
            WHERE list.schema = 'main' AND list.type <> 'shadow' AND list.name NOT LIKE 'sqlite_%'
            ORDER BY list.type = 'view', list.type = 'virtual', list.name"""
    ).fetchall()
    yield from _contents([(name, kind) for name, kind, _ in tables])
    for name, kind, sql in tables:
        yield f"## {name}"
        if remark := _TABLE_REMARK.search(sql):
            yield f"{remark[1][0].upper()}{remark[1][1:]}."
        if kind in _OTHERS:
            columns = connection.execute("SELECT name FROM pragma_table_info(?)", (name,))
            yield f"{_OTHERS[kind]}: {', '.join(f'`{row[0]}`' for row in columns)}."
        else:
            yield "\n".join(_column_table(connection, name, sql))
            if indexes := list(_indexes(connection, name)):
                yield "\n".join(indexes)


def _contents(tables: list[tuple[str, str]]) -> Iterator[str]:
    headings = {"table": "Tables", "virtual": "Search index", "view": "Views"}
    lines = []
    for kind, heading in headings.items():
        names = ", ".join(f"[{name}](#{name})" for name, its in tables if its == kind)
        lines.append(f"- {heading}: {names}")
    yield "\n".join(lines)


def _column_table(connection: sqlite3.Connection, table: str, sql: str) -> Iterator[str]:
    remarks = {name: remark for pattern in (_LINE_REMARK, _INLINE_REMARK) for name, remark in pattern.findall(sql)}
    keys = {
        column: f"[{parent}](#{parent}).{to or 'rowid'}"
        for parent, column, to in connection.execute(
            'SELECT "table", "from", "to" FROM pragma_foreign_key_list(?)', (table,)
        )
    }
    yield "| Column | Type | | Refers to | |"
    yield "|---|---|---|---|---|"
    rows = connection.execute('SELECT name, type, "notnull", pk, hidden FROM pragma_table_xinfo(?)', (table,))
    for name, kind, not_null, key, hidden in rows:
        told = "key" if key else "computed" if hidden else "" if not_null else "may be NULL"
        yield f"| {name} | {kind} | {told} | {keys.get(name, '')} | {_cell(remarks.get(name, ''))} |"


def _cell(remark: str) -> str:
    return remark.replace("|", "\\|")


def _indexes(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    for name, unique, origin in connection.execute(
        'SELECT name, "unique", origin FROM pragma_index_list(?) ORDER BY name', (table,)
    ):
        if origin == "pk":
            continue
        columns = connection.execute("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (name,))
        listed = ", ".join(f"`{row[0]}`" for row in columns)
        yield f"- {'unique' if unique else 'index'}: {listed}"


def main() -> None:
    """Prints the schema of a new database."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, migrations=MIGRATIONS)
        sys.stdout.write("\n\n".join(describe(connection)) + "\n")


if __name__ == "__main__":
    main()
