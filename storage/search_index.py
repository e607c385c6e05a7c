"""Keeping the search index in step with the articles.

Triggers note in ``index_changes`` which articles the index has to catch up with (see `search_schema`); `catch_up`
does it. The index holds tokens and no text, so an entry can only be taken out by presenting the very tokens it was
made of. Hence `SEGMENTER` is kept beside it, and a file indexed by another one is indexed anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from .database import transaction
from .index_entry import SEGMENTER, IndexedText, IndexEntry, index_entry
from .search_schema import TABLES

_CHUNK = 500
_TOGETHER = 100  # articles written into one table after the other
# Articles a commit when indexing many: each commit writes out a segment, to be merged later.
_COMMIT_EVERY = 100_000
# Settings of FTS5 (https://www.sqlite.org/fts5.html#configuration_options_config_table_), as they usually are and for
# very many articles. Its own 1 MB of memory would write 10,000 segments for a million of them and merge what it has
# written again and again; so they are merged once, at the end. More than 64 MB takes more time than it saves: every
# word of a text is looked up in that memory, which is slower the more there is of it.
_USUAL = {"hashsize": 1 << 20, "automerge": 4, "crisismerge": 16}
_BULK = {"hashsize": 64 << 20, "automerge": 0, "crisismerge": 1_000}

Entries = Callable[[Iterable[IndexedText]], Iterator[IndexEntry]]


def catch_up(connection: sqlite3.Connection) -> int:
    """Bring the noted changes into the index, within the caller's transaction; returns how many articles."""
    caught = 0
    while rowids := _noted(connection, _CHUNK):
        _apply(connection, rowids, entries=_one_by_one)
        caught += len(rowids)
    return caught


def rebuild_index(connection: sqlite3.Connection, *, entries: Entries | None = None) -> int:
    """Index every article afresh; returns how many there are.

    Every committed step leaves an index that answers for what it holds already. What is left when the
    process dies is caught up with by the next one that writes.

    Args:
        entries: makes the entries of many articles, in order.
    """
    with transaction(connection):
        for table in TABLES:
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
        connection.execute("DELETE FROM index_changes")
        connection.execute("INSERT INTO index_changes SELECT rowid, NULL FROM articles")
        connection.execute(
            "INSERT INTO meta VALUES ('segmenter', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (SEGMENTER,),
        )
    return index_many(connection, entries=entries or _one_by_one)


def index_many(connection: sqlite3.Connection, *, entries: Entries) -> int:
    """Catch up with very many articles, in transactions of its own, and leave the index in one piece."""
    _configure(connection, _BULK)
    caught = 0
    try:
        while True:
            with transaction(connection):
                rowids = _noted(connection, _COMMIT_EVERY)
                _apply(connection, rowids, entries=entries)
            caught += len(rowids)
            if len(rowids) < _COMMIT_EVERY:
                break
    finally:
        _configure(connection, _USUAL)
    for table in TABLES:
        with transaction(connection):
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
    return caught


def _configure(connection: sqlite3.Connection, settings: Mapping[str, int]) -> None:
    with transaction(connection):
        for table in TABLES:
            for setting, value in settings.items():
                connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES (?, ?)", (setting, value))


def changes_to_index(connection: sqlite3.Connection) -> int:
    """How many articles the index has to catch up with."""
    waiting: int = connection.execute("SELECT count(*) FROM index_changes").fetchone()[0]
    return waiting


def _one_by_one(articles: Iterable[IndexedText]) -> Iterator[IndexEntry]:
    return map(index_entry, articles)


def _noted(connection: sqlite3.Connection, most: int) -> list[int]:
    rows = connection.execute("SELECT article_rowid FROM index_changes ORDER BY article_rowid LIMIT ?", (most,))
    return [rowid for (rowid,) in rows]


def _apply(connection: sqlite3.Connection, rowids: list[int], *, entries: Entries) -> None:
    for rowid in rowids:
        sql = "SELECT indexed FROM index_changes WHERE article_rowid = ?"
        indexed = connection.execute(sql, (rowid,)).fetchone()[0]
        if indexed is not None:
            _delete(connection, rowid, index_entry(_as_indexed(indexed)))
    found: deque[int] = deque()

    def stored() -> Iterator[IndexedText]:
        for rowid in rowids:
            article = _read(connection, rowid)
            if article is not None:
                found.append(rowid)
                yield article

    made = entries(stored())
    while some := list(islice(made, _TOGETHER)):
        _insert(connection, [(found.popleft(), entry) for entry in some])
    connection.executemany("DELETE FROM index_changes WHERE article_rowid = ?", ((rowid,) for rowid in rowids))


def _read(connection: sqlite3.Connection, rowid: int) -> IndexedText | None:
    """What is to be indexed of an article as it is stored now; None when there is none."""
    row = connection.execute("SELECT id, title, text FROM articles WHERE rowid = ?", (rowid,)).fetchone()
    if row is None:
        return None
    findings = connection.execute("SELECT key, text FROM findings WHERE article_id = ? ORDER BY id", (row[0],))
    return _indexed_text(row[1], row[2], findings.fetchall())


def _as_indexed(noted: str) -> IndexedText:
    article = json.loads(noted)
    return _indexed_text(article["title"], article["text"], article["findings"])


def _indexed_text(title: str, text: str, findings: list[tuple[int, str]]) -> IndexedText:
    return IndexedText(
        title=title,
        text=text,
        key=tuple(sentence for is_key, sentence in findings if is_key),
        findings=tuple(sentence for is_key, sentence in findings if not is_key),
    )


def _rows(rowid: int, entry: IndexEntry) -> Iterator[tuple[str, str, tuple[int | str, ...]]]:
    """Table, columns and values of an entry."""
    values = {
        "search_index": (entry.text, entry.title),
        "lead_index": (entry.findings, entry.title, entry.key),
        "character_index": (entry.characters,),
        "prominence_index": (entry.prominent,),
    }
    for table, (columns, _) in TABLES.items():
        yield table, columns, (rowid, *values[table])


def _insert(connection: sqlite3.Connection, entries: Sequence[tuple[int, IndexEntry]]) -> None:
    """Table by table: each keeps its words in memory of its own, which the processor then has at hand."""
    rows = [_rows(rowid, entry) for rowid, entry in entries]
    for of_one_table in zip(*rows, strict=True):
        table, columns, values = of_one_table[0]
        places = ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} (rowid, {columns}) VALUES ({places})"
        connection.executemany(sql, (values for _, _, values in of_one_table))


def _delete(connection: sqlite3.Connection, rowid: int, entry: IndexEntry) -> None:
    for table, columns, values in _rows(rowid, entry):
        places = ", ".join("?" * len(values))
        connection.execute(
            f"INSERT INTO {table} ({table}, rowid, {columns}) VALUES ('delete', {places})",
            values,
        )
