"""Keeping the full-text index in step with the articles.

The index holds tokens and no text, so an entry can only be taken out by presenting the very tokens
it was made of. Hence `SEGMENTER` is kept beside it, and a file indexed by another one is rebuilt.
"""

from __future__ import annotations

import sqlite3

from .database import transaction
from .search_text import SEGMENTER, characters, segment, symbols

_COLUMNS = "title, findings, text, title_symbols, symbols, characters"
_FENCE = "\ue000"  # for private use, hence no part of any word


def add_to_index(connection: sqlite3.Connection, rowid: int) -> None:
    """Index an article as it is stored now."""
    tokens = _tokens(connection, rowid)
    connection.execute(
        f"INSERT INTO search_index (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (rowid, *tokens),
    )
    connection.execute(
        "INSERT INTO title_index (rowid, title, title_symbols) VALUES (?, ?, ?)", (rowid, tokens[0], tokens[3])
    )


def remove_from_index(connection: sqlite3.Connection, rowid: int) -> None:
    """Take an article out: to be called before anything of it changes."""
    tokens = _tokens(connection, rowid)
    connection.execute(
        f"""INSERT INTO search_index (search_index, rowid, {_COLUMNS})
            VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)""",  # noqa: S608
        (rowid, *tokens),
    )
    connection.execute(
        "INSERT INTO title_index (title_index, rowid, title, title_symbols) VALUES ('delete', ?, ?, ?)",
        (rowid, tokens[0], tokens[3]),
    )


def _tokens(connection: sqlite3.Connection, rowid: int) -> tuple[str, str, str, str, str, str]:
    """The columns of the index, from what is stored."""
    article_id, title, text = connection.execute(
        "SELECT id, title, text FROM articles WHERE rowid = ?", (rowid,)
    ).fetchone()
    findings = connection.execute("SELECT text FROM findings WHERE article_id = ? ORDER BY id", (article_id,))
    return (
        segment(title),
        # A phrase must not begin in one finding and end in the next; no query holds this token.
        f" {_FENCE} ".join(segment(finding) for (finding,) in findings),
        segment(text),
        symbols(title),
        symbols(text),
        characters(title + text),
    )


def index_is_current(connection: sqlite3.Connection) -> bool:
    """Whether the index was built by the segmenter that reads queries now."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'segmenter'").fetchone()
    return row is not None and row[0] == SEGMENTER


def rebuild_index(connection: sqlite3.Connection) -> int:
    """Index every article afresh; returns how many there are."""
    with transaction(connection):
        connection.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")
        connection.execute("INSERT INTO title_index (title_index) VALUES ('delete-all')")
        rowids = [row[0] for row in connection.execute("SELECT rowid FROM articles ORDER BY rowid")]
        for rowid in rowids:
            add_to_index(connection, rowid)
        connection.execute(
            "INSERT INTO meta VALUES ('segmenter', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (SEGMENTER,),
        )
    return len(rowids)
