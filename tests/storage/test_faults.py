"""Every method of the store, with a file that is locked, read-only, damaged, or on a full disk."""

from __future__ import annotations

import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from wenzhai.models import DatabaseLockedError, StorageError
from wenzhai.storage import Store, open_store
from wenzhai.storage import database as database_module
from wenzhai.storage.check import check_database

from .examples import NOW, put_text
from .store_calls import READS, WRITES, prepare, public_methods


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_SECONDS", 0.01)


@pytest.fixture(scope="session")
def prepared(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("prepared") / "wenzhai.db"
    shutil.copyfile(filled, path)
    with open_store(path, now=lambda: NOW) as store:
        prepare(store)
    return path


@pytest.fixture
def ready(path: Path, prepared: Path) -> Path:
    """A database in which every call finds what it needs."""
    shutil.copyfile(prepared, path)
    return path


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return sorted(connection.iterdump())  # VACUUM may change the order


def assert_nothing_lost(path: Path, before: list[str]) -> None:
    assert dump(path) == before
    assert list(check_database(path)) == []


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can be written beyond its first byte, which SQLite meets in its log. Python ignores the signal."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_no_method_is_forgotten() -> None:
    assert set(READS) | set(WRITES) == public_methods()


@pytest.mark.parametrize("name", WRITES)
def test_every_write_succeeds_when_it_can(ready: Path, name: str) -> None:
    before = dump(ready)
    with open_store(ready) as store:
        WRITES[name](store)
    assert list(check_database(ready)) == []
    assert name == "Store.rebuild_index" or dump(ready) != before


@pytest.mark.parametrize("name", WRITES)
def test_every_write_tells_that_the_database_is_locked(ready: Path, name: str) -> None:
    before = dump(ready)
    with open_store(ready) as store, closing(sqlite3.connect(ready, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseLockedError) as caught:
            WRITES[name](store)
        assert caught.value.subject == str(ready)
        assert caught.value.hint
        writer.execute("ROLLBACK")
        WRITES[name](store)  # the same call succeeds when the other is done
    assert name == "Store.rebuild_index" or dump(ready) != before


@pytest.mark.parametrize("name", READS)
def test_reading_goes_on_while_another_process_writes(ready: Path, name: str) -> None:
    with open_store(ready) as store, closing(sqlite3.connect(ready, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        READS[name](store)


@pytest.mark.parametrize("name", WRITES)
def test_a_read_only_store_refuses_every_write(ready: Path, name: str) -> None:
    before = dump(ready)
    with open_store(ready, read_only=True) as store, pytest.raises(StorageError, match="read-only") as caught:
        WRITES[name](store)
    assert caught.value.hint
    assert_nothing_lost(ready, before)


@pytest.mark.parametrize("name", READS)
def test_a_read_only_store_reads(ready: Path, name: str) -> None:
    with open_store(ready, read_only=True) as store:
        READS[name](store)


@pytest.mark.parametrize("name", WRITES)
def test_a_disk_without_any_room_is_told_and_loses_nothing(ready: Path, name: str) -> None:
    before = dump(ready)
    with open_store(ready) as store:
        with full_disk(), pytest.raises(StorageError) as caught:
            WRITES[name](store)
        assert "room" in caught.value.hint or "space" in caught.value.hint
        store.count()
    assert_nothing_lost(ready, before)


@pytest.mark.parametrize("name", WRITES)
def test_a_full_file_is_told_and_loses_nothing(ready: Path, name: str) -> None:
    before = dump(ready)
    with open_store(ready) as store:
        _fill_up(store)
        told: StorageError | None = None
        try:
            WRITES[name](store)
        except StorageError as error:
            told = error
    if told is None:  # it needed no room
        assert name not in ("Store.put_article", "Store.batch", "Store.write_answers")
        assert list(check_database(ready)) == []
    else:
        assert told.message == "the disk is full"
        assert told.hint
        assert_nothing_lost(ready, before)


def _fill_up(store: Store) -> None:
    connection = store.database.conn
    connection.execute("VACUUM")
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")


@pytest.mark.parametrize("name", READS)
def test_reading_needs_no_room(ready: Path, name: str) -> None:
    with open_store(ready) as store:
        READS[name](store)  # which may make files of its own
        with full_disk():
            READS[name](store)


@pytest.mark.parametrize("name", [*READS, *WRITES])
def test_damage_is_a_storage_error(ready: Path, name: str) -> None:
    call = (READS | WRITES)[name]
    with open_store(ready) as store:
        connection = store.database.conn
        connection.execute("PRAGMA foreign_keys = OFF")
        tables = connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual', 'view')"
        ).fetchall()
        for (table,) in sorted(tables, key=lambda row: row[0] not in ("digests", "gene_digests", "key_findings")):
            if not table.startswith("sqlite_"):
                kind = "VIEW" if table in ("digests", "gene_digests", "key_findings") else "TABLE"
                connection.execute(f"DROP {kind} {table}")
        with pytest.raises(StorageError):
            call(store)


def test_what_a_batch_acknowledged_before_the_disk_filled_up_stays(ready: Path) -> None:
    with open_store(ready) as store:
        count = store.count()
        with store.batch():
            put_text(store, "先前的", name="before")
        with full_disk(), pytest.raises(StorageError), store.batch():
            put_text(store, "写不下的", name="after")
        assert store.count() == count + 1
        put_text(store, "后来的", name="later")
    assert list(check_database(ready)) == []
    with open_store(ready) as store:
        assert store.count() == count + 2
