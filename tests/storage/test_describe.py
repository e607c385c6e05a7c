"""docs/schema.md is what the database says of itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from wenzhai.storage import describe

DOCUMENT = Path(__file__).parents[2] / "docs" / "schema.md"


def test_the_document_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    describe.main()
    made_by = "python -m wenzhai.storage.describe > docs/schema.md"
    assert capsys.readouterr().out == DOCUMENT.read_text(encoding="utf-8"), f"run {made_by}"


def test_tables_columns_keys_and_remarks_are_told() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(
            """CREATE TABLE journals (   -- those we know
                    issn TEXT PRIMARY KEY,
                    name TEXT NOT NULL      -- a | b
                ) STRICT;
                CREATE TABLE papers (id INTEGER PRIMARY KEY, issn TEXT REFERENCES journals (issn)) STRICT;
                ALTER TABLE papers ADD COLUMN score REAL /* 0 to 1 */ NOT NULL DEFAULT 0;
                CREATE UNIQUE INDEX papers_by_issn ON papers (issn, score);
                CREATE VIRTUAL TABLE words USING fts5(word, content='');
                CREATE VIEW scores AS SELECT score FROM papers"""
        )
        told = "\n".join(describe.describe(connection))
    assert "Those we know." in told
    assert "| name | TEXT |  |  | a \\| b |" in told
    assert "| issn | TEXT | may be NULL | [journals](#journals).issn |  |" in told
    assert "| score | REAL |  |  | 0 to 1 |" in told
    assert "- unique: `issn`, `score`" in told
    assert "Full-text search (FTS5): `word`." in told
    assert "View: `score`." in told
    assert "words_data" not in told
