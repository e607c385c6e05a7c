"""Whether the file is sound as SQLite sees it: pages, indexes, references, the schema; and what nothing refers to."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from ..models import PageState
from .migrations import migrate
from .problems import REPAIR, REPAIRABLE, RESTORE, Problem, ProblemKind

# "Tree 12 page 34 cell 5: …" names the first page of a table or index, which tells which one.
_TREE = re.compile(r"\bTree (\d+) ")
_MOST_MESSAGES = 100

# What each says is wrong, the table, and the rows: (row's name).
_ORPHANS = (
    (
        "no page, article or version refers to this stored page",
        "snapshots",
        """SELECT sha256 FROM snapshots
            WHERE NOT EXISTS (SELECT 1 FROM pages WHERE snapshot_sha256 = sha256)
            AND NOT EXISTS (SELECT 1 FROM articles WHERE snapshot_sha256 = sha256)
            AND NOT EXISTS (SELECT 1 FROM article_versions WHERE snapshot_sha256 = sha256)""",
        REPAIR,
    ),
    (
        "the article has no record",
        "articles",
        "SELECT id FROM articles WHERE NOT EXISTS (SELECT 1 FROM records WHERE article_id = articles.id)",
        "`wenzhai harvest` its address again",
    ),
    (
        "no key leads to the article",
        "articles",
        "SELECT id FROM articles WHERE NOT EXISTS (SELECT 1 FROM aliases WHERE article_id = articles.id)",
        "`wenzhai harvest` its address again",
    ),
)


def file_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """What SQLite finds: damaged pages, indexes that disagree with their tables, values of a wrong type."""
    tables = _tables_by_root(connection)
    for (message,) in connection.execute(f"PRAGMA integrity_check({_MOST_MESSAGES})"):
        for line in str(message).splitlines():
            if line == "ok" or line.startswith("***"):
                continue
            tree = _TREE.search(line)
            where = tables.get(int(tree[1]), "the file") if tree else "the file"
            way_out = "`REINDEX` with sqlite3" if " missing from index " in line else RESTORE
            yield Problem(ProblemKind.FILE, line, where, way_out)


def _tables_by_root(connection: sqlite3.Connection) -> dict[int, str]:
    rows = connection.execute("SELECT rootpage, type, name FROM sqlite_schema WHERE rootpage > 0")
    return {root: f"{kind} {name}" for root, kind, name in rows}


def schema_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Tables, indexes and views that this version makes and the file lacks, or has otherwise."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrate(fresh)
        wanted = _objects(fresh)
    found = _objects(connection)
    for (kind, name), sql in wanted.items():
        if (kind, name) not in found:
            yield Problem(ProblemKind.SCHEMA, "is missing", f"{kind} {name}", RESTORE)
        elif found[kind, name] != sql:
            yield Problem(ProblemKind.SCHEMA, "is not as this version makes it", f"{kind} {name}", RESTORE)


def _objects(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """What the schema consists of; the planner's statistics are SQLite's own affair."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'")
    return {(kind, name): sql for kind, name, sql in rows}


def reference_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Rows that refer to an article, a stored page or another row that is not there."""
    for table, rowid, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        place = f"{table}, row {rowid}" if rowid is not None else table
        way_out = REPAIR if table in REPAIRABLE else RESTORE
        yield Problem(ProblemKind.REFERENCE, f"refers to a row of {parent} that is not there", place, way_out)


def orphan_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """What is in the file and belongs to nothing, and pages that gave an article which is not there."""
    for what, table, query, way_out in _ORPHANS:
        for (name,) in connection.execute(query):
            yield Problem(ProblemKind.ORPHAN, what, f"{table} {name}", way_out)
    readable = tuple(state.value for state in PageState if state.readable)
    rows = connection.execute(
        f"SELECT location FROM pages WHERE article_id IS NULL AND state IN ({', '.join('?' * len(readable))})",  # noqa: S608
        readable,
    )
    for (location,) in rows:
        way_out = "`wenzhai harvest` the address again"
        yield Problem(ProblemKind.ORPHAN, "gave an article that is not there", f"page {location}", way_out)
