"""The index follows whatever is written to the tables, by whomever, and survives whoever dies."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from wenzhai.models import WorkerError
from wenzhai.storage import SearchQuery, Store, connect, open_store
from wenzhai.storage.index_entry import IndexedText, index_entry
from wenzhai.storage.index_worker import entries_by_worker
from wenzhai.storage.search_index import catch_up, changes_to_index, rebuild_index
from wenzhai.storage.search_schema import TABLES

from .examples import finding, make_article, make_record, put, put_text

WORDS = ["单细胞", "肝癌", "PD-L1", "类器官", "TNF-α", "衰老"]


def found(store: Store, text: str) -> set[str]:
    return {hit.title for hit in store.search(SearchQuery(text=text))}


def contents(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every token of every table, with the articles and places it stands in."""
    tokens = {}
    for table in TABLES:
        connection.execute(f"CREATE VIRTUAL TABLE temp.tokens USING fts5vocab(main, {table}, instance)")
        tokens[table] = sorted(connection.execute("SELECT term, doc, col, offset FROM temp.tokens"), key=repr)
        connection.execute("DROP TABLE temp.tokens")
    return tokens


def test_what_another_program_writes_is_caught_up_with(path: Path) -> None:
    with open_store(path, create=True) as store:
        for number, words in enumerate(WORDS):
            article = make_article(title=f"第{number}篇", text=f"{words}升高。", aliases=(f"url:{number}",))
            put(store, article, make_record(article, findings=(finding(article, f"{words}升高。"),)))
    chance = random.Random(5)  # noqa: S311
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        for step in range(600):
            article_id = f"{chance.randrange(12):012x}"
            rowid = chance.randrange(1, 14)
            words = chance.choice(WORDS)
            kind = chance.randrange(7)
            if kind == 0:
                other.execute("UPDATE articles SET text = ? WHERE rowid = ?", (words, rowid))
            elif kind == 1:
                other.execute("DELETE FROM articles WHERE rowid = ?", (rowid,))
            elif kind == 2:
                other.execute("UPDATE findings SET text = ?, key = 1 - key WHERE id = ?", (words, rowid))
            elif kind == 3:
                other.execute("DELETE FROM findings WHERE id = ?", (rowid,))
            elif kind == 4:
                other.execute(
                    "UPDATE OR IGNORE articles SET rowid = ? WHERE rowid = ?", (rowid, chance.randrange(1, 14))
                )
            else:
                # REPLACE tells no delete trigger of what it takes away.
                columns = "url, title, account, author, harvested_at, source, location, state, kind, text, text_sha256"
                columns += ", categories, tags, snapshot_sha256, stored_at, updated_at"
                first = other.execute(f"SELECT {columns} FROM articles LIMIT 1").fetchone()  # noqa: S608
                if first is not None:
                    other.execute(
                        f"INSERT OR REPLACE INTO articles (id, {columns}) VALUES (?{', ?' * len(first)})",  # noqa: S608
                        (article_id, first[0], f"{words}{step}", *first[2:]),
                    )
            if step % 50 == 49:
                with open_store(path) as store:
                    connection = store.database.conn
                    assert changes_to_index(connection) == 0
                    followed = contents(connection)
                    rebuild_index(connection)
                    assert followed == contents(connection)


def test_writing_while_the_index_waits_keeps_it_searchable(path: Path) -> None:
    with open_store(path, create=True) as store:
        put_text(store, "单细胞", title="甲")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE articles SET text = '类器官'")
    with open_store(path, read_only=True) as reader:
        assert found(reader, "单细胞") == {"甲"}  # what is indexed
        assert found(reader, "类器官") == set()
    with open_store(path) as store:
        assert found(store, "单细胞") == set()
        assert found(store, "类器官") == {"甲"}


def test_a_rebuild_that_dies_goes_on_where_it_was(path: Path) -> None:
    with open_store(path, create=True) as store:
        for number in range(5):
            put_text(store, "单细胞", name=str(number), title=str(number))

        def dying(articles: object) -> object:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rebuild_index(store.database.conn, entries=dying)  # type: ignore[arg-type]
    with open_store(path, read_only=True) as reader:
        assert reader.search(SearchQuery(text="单细胞")) == []
    with open_store(path) as store:
        assert found(store, "单细胞") == {"0", "1", "2", "3", "4"}


def test_a_second_process_makes_the_same_entries() -> None:
    articles = [
        IndexedText(f"标题{number}", f"TNF-α与单细胞{number}", ("关键",), ("发现", "PD-L1")) for number in range(450)
    ]
    assert list(entries_by_worker(articles)) == [index_entry(article) for article in articles]
    assert list(entries_by_worker([])) == []


def test_a_second_process_that_dies_is_told_of(capfd: pytest.CaptureFixture[str]) -> None:
    articles = [IndexedText("标题", "正文") for _ in range(150)] + [IndexedText(None, "它让进程出错")]  # type: ignore[arg-type]  # ends the process
    made = entries_by_worker(articles)
    assert next(made) == index_entry(articles[0])
    with pytest.raises(WorkerError, match="has ended"):
        list(made)
    assert "TypeError" in capfd.readouterr().err


def test_an_index_made_by_two_processes_is_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(path, create=True) as store:
        for number, words in enumerate(WORDS * 5):
            put_text(store, f"{words}升高", name=str(number))
        before = contents(store.database.conn)
        monkeypatch.setattr("wenzhai.storage.store._MANY_ARTICLES", 10)
        assert store.rebuild_index() == 30
        assert contents(store.database.conn) == before


def test_catching_up_is_part_of_the_callers_transaction(path: Path) -> None:
    with open_store(path, create=True) as store:
        put_text(store, "单细胞")
    with closing(connect(path)) as connection:
        connection.execute("BEGIN")
        connection.execute("UPDATE articles SET text = '类器官'")
        assert catch_up(connection) == 1
        connection.execute("ROLLBACK")
        assert changes_to_index(connection) == 0
    with open_store(path) as store:
        assert store.count(SearchQuery(text="单细胞")) == 1
