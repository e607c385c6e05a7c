"""Files of every earlier schema become files of this one, and a copy of what they were is kept."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import zstandard
from wenzhai.models import SchemaTooNewError, StorageError
from wenzhai.storage import SearchQuery, backup, connect, migration_copy, open_store
from wenzhai.storage.check import check_database
from wenzhai.storage.database import APPLICATION_ID
from wenzhai.storage.migration_copy import copy_path
from wenzhai.storage.migrations import MIGRATIONS, migrate
from wenzhai.storage.near_copies import sketch

from .examples import NOW, make_article, make_page, make_record

PAGE = make_page("https://example.org/old", content="<p>旧文</p>".encode())
ARTICLE = make_article(text="旧文章也要找得到。", aliases=("url:https://example.org/old",), page=PAGE)
RECORD = make_record(ARTICLE)
OLD_SCHEMAS = range(1, len(MIGRATIONS))


def make_old(path: Path, schema: int, *, articles: bool = True) -> None:
    """A file as the wenzhai of that schema left it: written in SQL, since this one writes another."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, migrations=MIGRATIONS[:schema])
        if articles:
            _put_article(connection)
        if articles and schema >= 2:
            connection.execute(
                "INSERT INTO records VALUES (?, '1', ?, '1.0', ?, ?)",
                (ARTICLE.id, RECORD.model_dump_json(), RECORD.provenance.model_dump_json(), NOW.isoformat()),
            )
        if articles and schema >= 5:
            connection.execute(
                """INSERT INTO article_versions (article_id, text_sha256, title, snapshot_sha256, seen_at)
                    SELECT id, text_sha256, title, snapshot_sha256, updated_at FROM articles"""
            )


def _put_article(connection: sqlite3.Connection) -> None:
    now = NOW.isoformat()
    connection.execute(
        """INSERT INTO snapshots (sha256, content, media_type, charset, status, headers, final_url, bytes, fetched_at)
            VALUES (?, ?, 'text/html', 'utf-8', 200, '{}', ?, ?, ?)""",
        (PAGE.sha256, zstandard.compress(PAGE.content), PAGE.final_url, len(PAGE.content), now),
    )
    connection.execute(
        """INSERT INTO articles (id, url, title, account, author, published_at, harvested_at, source, location, state,
                kind, text, text_sha256, categories, tags, snapshot_sha256, stored_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, '', NULL, ?5, 'example', ?2, 'article', 'paper_digest', ?6, ?7, '[]', '[]', ?8,
                ?5, ?5)""",
        (
            ARTICLE.id,
            PAGE.ref.location,
            ARTICLE.title,
            ARTICLE.account,
            now,
            ARTICLE.text,
            ARTICLE.text_sha256,
            PAGE.sha256,
        ),
    )
    connection.execute("INSERT INTO aliases VALUES (?, ?)", (ARTICLE.aliases[0], ARTICLE.id))
    connection.execute(
        """INSERT INTO pages (location, source, state, evidence, detail, snapshot_sha256, article_id, first_seen,
                last_seen, attempts) VALUES (?1, 'example', 'article', '', '', ?2, ?3, ?4, ?4, 0)""",
        (PAGE.ref.location, PAGE.sha256, ARTICLE.id, now),
    )


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize("schema", OLD_SCHEMAS)
def test_a_file_of_an_old_schema_becomes_one_of_this(path: Path, schema: int) -> None:
    make_old(path, schema)
    before = dump(path)
    with open_store(path) as store:
        assert store.count() == 1
        assert [hit.article_id for hit in store.search(SearchQuery(text="旧文章"))] == [ARTICLE.id]
        assert store.read_snapshot(PAGE.sha256).content == PAGE.content
        assert len(store.versions(ARTICLE.id)) == 1
        if schema >= 2:
            assert store.read_record(ARTICLE.id) == RECORD
    problems = [each.what for each in check_database(path)]
    assert problems == ([] if schema >= 2 else ["the article has no record"])
    copy = copy_path(path, version=schema)
    assert copy.name == f"wenzhai.db.before-schema-{schema + 1}"
    assert dump(copy) == before
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (schema,)


@pytest.mark.parametrize("schema", OLD_SCHEMAS)
def test_the_copy_is_a_way_back(path: Path, schema: int) -> None:
    make_old(path, schema)
    connect(path).close()
    copy = copy_path(path, version=schema)
    path.unlink()
    copy.rename(path)
    with closing(connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_sketches_of_an_older_hash_are_made_anew(path: Path) -> None:
    make_old(path, 11)
    text = "".join(f"第{number}个样本的测序深度不同。" for number in range(60))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE articles SET text = ?", (text,))
        connection.execute("INSERT INTO sketches VALUES (?, '[1, 2]')", (ARTICLE.id,))
        connection.execute("INSERT INTO sketch_hashes VALUES (1, ?)", (ARTICLE.id,))
        connection.commit()
    with closing(connect(path)) as connection:
        (hashes,) = connection.execute("SELECT hashes FROM sketches").fetchone()
        assert tuple(json.loads(hashes)) == sketch(text)
        indexed = {number for (number,) in connection.execute("SELECT hash FROM sketch_hashes").fetchall()}
        assert indexed < {*sketch(text)}
        assert 1 not in indexed


def test_a_file_without_articles_is_not_copied(path: Path) -> None:
    make_old(path, len(MIGRATIONS) - 1, articles=False)
    connect(path).close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_file_of_this_schema_is_not_copied(path: Path) -> None:
    make_old(path, len(MIGRATIONS))
    connect(path).close()
    connect(path.with_name("new.db"), create=True).close()
    assert sorted(each.name for each in path.parent.iterdir()) == ["new.db", path.name]


def test_the_first_copy_stays(path: Path) -> None:
    make_old(path, 5)
    copy_path(path, version=5).write_text("first")
    connect(path).close()
    assert copy_path(path, version=5).read_text() == "first"


def test_reading_neither_copies_nor_migrates(path: Path) -> None:
    make_old(path, 5)
    with pytest.raises(StorageError, match="out of date"):
        connect(path, read_only=True)
    assert not copy_path(path, version=5).exists()


def test_without_room_for_a_copy_the_file_is_left_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_old(path, 5)
    before = path.read_bytes()
    usage = shutil._ntuple_diskusage(10**9, 10**9, 10**6)
    monkeypatch.setattr(migration_copy.shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(StorageError, match="no copy could be made") as caught:
        connect(path)
    assert caught.value.hint
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_disk_that_fills_up_while_copying_leaves_the_file_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_old(path, 5)
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(backup, "_copy", full)
    with pytest.raises(StorageError, match="the disk is full"):
        connect(path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_newer_file_is_refused_and_left_alone(path: Path) -> None:
    make_old(path, len(MIGRATIONS))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = path.read_bytes()
    with pytest.raises(SchemaTooNewError, match="newer wenzhai"):
        connect(path)
    with pytest.raises(SchemaTooNewError):
        list(check_database(path))
    assert path.read_bytes() == before
