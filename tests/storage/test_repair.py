"""Repairing makes whole what follows from other things, and touches nothing that is the only copy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from wenzhai.storage import SearchQuery, open_store
from wenzhai.storage.check import check_database
from wenzhai.storage.problems import REPAIRABLE
from wenzhai.storage.repair import repair

from .examples import put_text
from .test_check import DAMAGE

# What only another source than the file can put right.
BEYOND_REPAIR = {
    "a page that lost its article",
    "a page that changed",
    "a page cut short",
    "a text that changed",
    "a title that changed",
    "an article without key",
    "an article without record",
    "an unreadable record",
    "a lost index",
    "a lost table",
}


def contents(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return [
            row
            for table in ("articles", "records", "article_versions", "corrections")
            for row in connection.execute(f"SELECT * FROM {table}")  # noqa: S608
        ]


@pytest.mark.parametrize("name", DAMAGE)
def test_repairing(sound: Path, name: str) -> None:
    with closing(sqlite3.connect(sound, isolation_level=None)) as connection:
        connection.execute(DAMAGE[name][0])
    before, left = contents(sound), list(check_database(sound))
    assert left
    assert all("--repair" in each.way_out for each in left) or name in BEYOND_REPAIR
    with open_store(sound) as store:
        repair(store.database)
    assert contents(sound) == before
    assert bool(list(check_database(sound))) == (name in BEYOND_REPAIR)


def test_what_was_lost_from_the_index_is_found_again(sound: Path) -> None:
    with open_store(sound) as store:
        put_text(store, "独一无二", name="unique")
        store.database.conn.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")
        assert store.search(SearchQuery(text="独一无二")) == []
        repair(store.database)
        assert len(store.search(SearchQuery(text="独一无二"))) == 1


def test_an_article_that_lost_its_page_is_kept(sound: Path) -> None:
    with closing(sqlite3.connect(sound, isolation_level=None)) as connection:
        connection.execute("UPDATE articles SET snapshot_sha256 = 'none' WHERE rowid = 2")
    with open_store(sound) as store:
        count = store.count()
        repair(store.database)
        assert store.count() == count
    assert {each.where for each in check_database(sound) if each.kind == "reference"} == {"articles, row 2"}


def test_the_repairable_tables_are_there(sound: Path) -> None:
    with closing(sqlite3.connect(sound)) as connection:
        for table in REPAIRABLE:
            assert connection.execute("SELECT count(*) FROM pragma_foreign_key_list(?)", (table,)).fetchone()[0]
