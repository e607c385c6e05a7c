"""`check_database` finds what is wrong, and nothing where nothing is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from wenzhai.models import DatabaseMissingError, StorageError
from wenzhai.storage import Store, open_store
from wenzhai.storage.check import check_database
from wenzhai.storage.problems import Problem

from .examples import make_article, make_page, make_record, put_text


def damaged_by(path: Path, *statements: str) -> list[Problem]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    return list(check_database(path))


def test_a_sound_database_has_no_problems(sound: Path) -> None:
    before = sound.read_bytes()
    names: list[str] = []
    assert list(check_database(sound, begin=names.append)) == []
    assert len(names) == 7
    assert sound.read_bytes() == before


def test_an_open_and_written_database_has_no_problems(sound: Path) -> None:
    with open_store(sound) as store, store.batch():
        put_text(store, "肿瘤", name="new")
        assert list(check_database(sound)) == []
    assert list(check_database(sound)) == []


@pytest.fixture
def out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be written, whoever runs the tests: root may write anything."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)


@pytest.mark.usefixtures("out_of_reach")
def test_a_database_that_cannot_be_written_is_checked(sound: Path) -> None:
    assert list(check_database(sound)) == []


_OFF = "PRAGMA foreign_keys = OFF"
DAMAGE: dict[str, tuple[str, str, str]] = {
    "claims without article": (
        "INSERT INTO genes (article_id, symbol, family, central, score) VALUES ('none', 'TP53', 0, 0, 1)",
        "reference",
        "genes, row",
    ),
    "a page pointing nowhere": ("UPDATE pages SET snapshot_sha256 = 'none'", "reference", "pages"),
    "a page that lost its article": (
        "UPDATE pages SET article_id = NULL WHERE location = 'https://example.org/1'",
        "orphan",
        "page https://example.org/1",
    ),
    "a snapshot nobody refers to": (
        "DELETE FROM pages WHERE location = 'https://example.org/gone'",
        "orphan",
        "snapshots",
    ),
    "an article without record": ("DELETE FROM records WHERE article_id LIKE '%'", "orphan", "articles"),
    "an article without key": ("DELETE FROM aliases WHERE alias = 'file:empty.md'", "orphan", "articles"),
    "a mention that moved": ("UPDATE mentions SET start = start + 1 WHERE id = 1", "quote", "mentions, row 1"),
    "a mention of the other part": ("UPDATE mentions SET part = 'title' WHERE id = 1", "quote", "mentions, row 1"),
    "a mention beyond the end": ('UPDATE mentions SET "end" = 99999 WHERE id = 1', "quote", "mentions, row 1"),
    "a finding that changed": ("UPDATE findings SET text = text || '。' WHERE id = 1", "quote", "findings, row 1"),
    "a row that disagrees": ("UPDATE genes SET symbol = 'TP53'", "record", "article"),
    "a row too many": ("INSERT INTO tools (article_id, name) SELECT id, 'Seurat' FROM articles", "record", "article"),
    "a row too few": ("DELETE FROM papers", "record", "article"),
    "an unreadable record": ("UPDATE records SET json = '{' || json", "record", "article"),
    "a text that changed": ("UPDATE articles SET text = text || '。' WHERE rowid = 5", "record", "article"),
    "a title that changed": ("UPDATE articles SET title = 'x' WHERE rowid = 5", "record", "article"),
    "a page that changed": (
        "UPDATE snapshots SET content = (SELECT content FROM snapshots WHERE bytes = 4) WHERE bytes = 11",
        "snapshot",
        "snapshots",
    ),
    "a page cut short": ("UPDATE snapshots SET content = substr(content, 1, 12)", "snapshot", "snapshots"),
    "an entry too few": ("DELETE FROM search_index_docsize WHERE id = 3", "index", "search_index, row 3"),
    "an entry too many": ("INSERT INTO search_index_docsize VALUES (999, x'01')", "index", "search_index, row 999"),
    "a damaged index": (
        "UPDATE search_index_data SET block = zeroblob(length(block)) WHERE id > 10",
        "index",
        "search_index",
    ),
    "a lost index": ("DROP INDEX genes_by_symbol", "schema", "index genes_by_symbol"),
    "a lost table": ("DROP TABLE attempts", "schema", "table attempts"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_wrong_is_told(sound: Path, name: str) -> None:
    statement, kind, where = DAMAGE[name]
    with closing(sqlite3.connect(sound, isolation_level=None)) as connection:
        connection.execute(_OFF)
        connection.execute(statement)
    found = list(check_database(sound))
    assert any(each.kind == kind and each.where.startswith(where) for each in found), found
    assert all(each.what and each.where and each.way_out for each in found)


@pytest.mark.usefixtures("out_of_reach")
@pytest.mark.parametrize("name", ["a damaged index", "an entry too few", "an entry too many"])
def test_the_index_is_checked_without_writing(sound: Path, name: str) -> None:
    statement, kind, where = DAMAGE[name]
    assert any((each.kind, each.where) == (kind, where) for each in damaged_by(sound, statement))


def test_nothing_else_is_said_of_one_wrong_row(sound: Path) -> None:
    (found,) = damaged_by(sound, "INSERT INTO tools (article_id, name) SELECT id, 'x' FROM articles WHERE rowid = 3")
    assert found.what == "the rows of tools are not those of the record"


def test_a_schema_of_others_is_left_alone(sound: Path) -> None:
    assert damaged_by(sound, "CREATE TABLE mine (a)", "CREATE VIEW my_view AS SELECT 1", "ANALYZE") == []


def _overwrite(path: Path, *, page: int, content: bytes) -> None:
    with path.open("rb+") as file:
        file.seek(page * 4096)
        file.write(content)


@pytest.mark.parametrize("content", [b"\xff" * 4096, b"\x00" * 4096, b"\x0d\x7f" * 2048], ids=["ff", "00", "0d"])
def test_a_damaged_page_anywhere_is_found_and_told(sound: Path, content: bytes, tmp_path: Path) -> None:
    with closing(sqlite3.connect(sound)) as connection:
        free = connection.execute("PRAGMA freelist_count").fetchone()[0]
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    whole, missed = sound.read_bytes(), []
    assert len(whole) == pages * 4096
    for page in range(1, pages, max(1, pages // 20)):
        copy = tmp_path / f"copy-{page}.db"
        copy.write_bytes(whole)
        _overwrite(copy, page=page, content=content)
        found = list(check_database(copy))
        assert all(each.what and each.where and each.way_out for each in found)
        if not found:
            missed.append(page)
    assert len(missed) <= free


@pytest.mark.parametrize("size", [5000, 100_000])
def test_a_file_cut_short_is_told(sound: Path, size: int) -> None:
    sound.write_bytes(sound.read_bytes()[:size])
    assert list(check_database(sound))


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda path: None, DatabaseMissingError),
        (lambda path: path.write_bytes(b"\xff" * 9000), StorageError),
        (lambda path: path.mkdir(), StorageError),
    ],
)
def test_what_is_no_database_is_refused(path: Path, make: Callable[[Path], object], error: type[StorageError]) -> None:
    make(path)
    with pytest.raises(error):
        list(check_database(path))


def test_an_article_with_an_unpaired_surrogate_is_no_reason_to_fail(store: Store) -> None:
    article = make_article(text="前𠮷后")
    store.put_article(article, make_page(), make_record(article))
    assert list(check_database(store.path)) == []
