"""The tables of the search index, and the triggers that note what it has to catch up with.

Contentless: the text is in ``articles`` and ``findings`` already. ``tokenize='ascii'`` only splits at spaces
here, and every character beyond ASCII is part of a token.

The triggers are plain SQL, so that any program may write to the file. An entry can only be taken out of the
index by presenting the very tokens it was made of, so what was indexed is noted before the first change to it.
"""

from __future__ import annotations

import sqlite3

# The longest column comes first: FTS5 spends two bytes on every word of every article in any other one, which for
# the text was a third of the index.
TABLES = {
    "search_index": ("text, title", ""),
    "lead_index": ("findings, title, key", ""),
    # Without positions: only whether, never how often or where.
    "character_index": ("characters", ", detail='none'"),
    "prominence_index": ("tokens", ", detail='none'"),
}


def m010_layered_search(connection: sqlite3.Connection) -> None:
    """The index in four tables, and the changes it has to catch up with; all articles are indexed anew."""
    for table in ("search_index", "title_index"):
        connection.execute(f"DROP TABLE {table}")
    for table, (columns, options) in TABLES.items():
        connection.execute(f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, content='', tokenize='ascii'{options})")
    connection.execute(
        """CREATE TABLE index_changes (
            article_rowid INTEGER PRIMARY KEY,
            indexed TEXT                    -- JSON of what the index holds of it; NULL when it holds nothing
        ) STRICT"""
    )
    for trigger in _triggers():
        connection.execute(trigger)
    connection.execute("DELETE FROM meta WHERE key = 'segmenter'")


_INDEXED = """json_object('title', articles.title, 'text', articles.text, 'findings',
    (SELECT json_group_array(json_array(key, text))
        FROM (SELECT key, text FROM findings WHERE article_id = articles.id ORDER BY id)))"""


def _note_what_is_indexed(which: str) -> str:
    """SQL that notes what is indexed of the articles of a condition, unless that is noted already.

    Not INSERT OR IGNORE: a trigger's conflict clause gives way to the one of the statement that fired it.
    """
    return f"""INSERT INTO index_changes SELECT articles.rowid, {_INDEXED} FROM articles
        WHERE {which} AND articles.rowid NOT IN (SELECT article_rowid FROM index_changes);"""


def _triggers() -> list[str]:
    old_article, new_article = "articles.rowid = OLD.rowid", "articles.rowid = NEW.rowid OR articles.id = NEW.id"
    note_new = """INSERT INTO index_changes SELECT NEW.rowid, NULL
        WHERE NEW.rowid NOT IN (SELECT article_rowid FROM index_changes);"""
    events = {
        # REPLACE deletes without telling, unless recursive triggers are on: so what is in its way is noted first.
        "before_article_insert": ("BEFORE INSERT ON articles", _note_what_is_indexed(f"({new_article})")),
        "after_article_insert": ("AFTER INSERT ON articles", note_new),
        "before_article_update": (
            "BEFORE UPDATE OF rowid, id, title, text ON articles",
            _note_what_is_indexed(old_article),
        ),
        "after_article_update": ("AFTER UPDATE OF rowid ON articles", note_new),
        "before_article_delete": ("BEFORE DELETE ON articles", _note_what_is_indexed(old_article)),
        "before_finding_insert": ("BEFORE INSERT ON findings", _note_what_is_indexed("articles.id = NEW.article_id")),
        "before_finding_delete": ("BEFORE DELETE ON findings", _note_what_is_indexed("articles.id = OLD.article_id")),
        "before_finding_update": (
            "BEFORE UPDATE OF article_id, text, key ON findings",
            _note_what_is_indexed("articles.id IN (OLD.article_id, NEW.article_id)"),
        ),
    }
    return [f"CREATE TRIGGER index_{name} {when} BEGIN {what} END" for name, (when, what) in events.items()]
