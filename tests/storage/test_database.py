"""Opening: what is refused, in which words, and what a locked or read-only file does."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from wenzhai.models import (
    DatabaseLockedError,
    DatabaseMissingError,
    SchemaTooNewError,
    StorageError,
)
from wenzhai.storage import Store, connect, open_database
from wenzhai.storage import database as database_module
from wenzhai.storage.database import transaction

from .examples import make_article, make_page, make_record


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_SECONDS", 0.0)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_missing_file_is_told(path: Path, *, read_only: bool) -> None:
    with pytest.raises(DatabaseMissingError) as caught:
        connect(path, read_only=read_only)
    assert caught.value.subject == str(path)
    assert caught.value.hint
    assert not path.exists()


def test_a_new_file_gets_its_folder_and_settings(tmp_path: Path) -> None:
    database = open_database(tmp_path / "new" / "一.db", create=True)
    try:
        assert database.journal_mode == "wal"
        assert database.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert database.execute("PRAGMA synchronous").fetchone() == (1,)
        assert "articles" in database.table_names()
    finally:
        database.close()


@pytest.mark.parametrize("content", [b"Dear curator, " * 100, b"SQLite format 3\x00" + b"\xff" * 200])
@pytest.mark.parametrize("create", [False, True])
def test_another_kind_of_file_is_refused_and_left_alone(path: Path, content: bytes, *, create: bool) -> None:
    path.write_bytes(content)
    with pytest.raises(StorageError) as caught:
        connect(path, create=create)
    assert caught.value.subject == str(path)
    assert caught.value.hint
    assert path.read_bytes() == content


def test_somebody_elses_database_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE articles (id)")
    before = path.read_bytes()
    with pytest.raises(StorageError, match="not a wenzhai database"):
        connect(path, create=True)
    assert path.read_bytes() == before


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        connect(tmp_path, create=True)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="folder"):
        connect(tmp_path / "file" / "x.db", create=True)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_schema_is_refused(path: Path, *, read_only: bool) -> None:
    with closing(connect(path, create=True)) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(SchemaTooNewError) as caught:
        connect(path, read_only=read_only)
    assert "upgrade" in caught.value.hint


def test_an_older_schema_is_not_migrated_when_read_only(path: Path) -> None:
    with closing(connect(path, create=True)) as connection:
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(StorageError, match="out of date"):
        connect(path, read_only=True)


def test_opening_a_locked_file_that_must_be_migrated_tells(path: Path) -> None:
    with closing(connect(path, create=True)) as connection:
        connection.execute("PRAGMA user_version = 0")
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseLockedError):
            connect(path)


def test_a_disk_that_fills_up_within_a_batch_is_told(store: Store) -> None:
    pages = store.database.execute("PRAGMA page_count").fetchone()[0]
    store.database.execute(f"PRAGMA max_page_count = {pages}")
    article = make_article(text="肿瘤微环境" * 20_000)
    with pytest.raises(StorageError, match="full"), store.batch():
        store.put_article(article, make_page(), make_record(article))
    assert store.count() == 0


def test_an_inner_transaction_takes_back_itself_alone(path: Path) -> None:
    def failing(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            connection.execute("INSERT INTO meta VALUES ('b', '1')")
            raise ZeroDivisionError

    with closing(connect(path, create=True)) as connection:
        with transaction(connection):
            connection.execute("INSERT INTO meta VALUES ('a', '1')")
            with pytest.raises(ZeroDivisionError):
                failing(connection)
        assert connection.execute("SELECT key FROM meta").fetchall() == [("a",)]
