"""Steps of the schema: once each, in order, all or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from wenzhai.storage.database import SCHEMA_VERSION, connect
from wenzhai.storage.migrations import MIGRATIONS, migrate


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def tables(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def add_table(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE extra (a TEXT) STRICT")


def fail_halfway(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE half (a TEXT) STRICT")
    raise RuntimeError("power cut")


def test_all_steps_leave_a_sound_schema(connection: sqlite3.Connection) -> None:
    migrate(connection)
    assert version(connection) == len(MIGRATIONS)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    loose = "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'"
    assert connection.execute(loose).fetchall() == []


def test_steps_run_once(connection: sqlite3.Connection) -> None:
    migrate(connection, migrations=[add_table])
    migrate(connection, migrations=[add_table])
    assert version(connection) == 1


def test_only_new_steps_run(connection: sqlite3.Connection) -> None:
    migrate(connection)
    migrate(connection, migrations=[*MIGRATIONS, add_table])
    assert version(connection) == len(MIGRATIONS) + 1
    assert "extra" in tables(connection)


def test_a_failing_step_leaves_the_one_before(connection: sqlite3.Connection) -> None:
    with pytest.raises(RuntimeError):
        migrate(connection, migrations=[add_table, fail_halfway])
    assert version(connection) == 1
    assert tables(connection) == {"extra"}


def test_steps_are_numbered_in_order() -> None:
    assert [int(step.__name__[1:4]) for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_the_number_that_reading_knows_is_that_of_the_steps() -> None:
    assert len(MIGRATIONS) == SCHEMA_VERSION


@pytest.mark.parametrize("name", ["plain.db", "50% of?.db", "a#b.db", "文摘 副本.db"])
def test_a_file_of_any_name_is_opened(tmp_path: Path, name: str) -> None:
    connect(tmp_path / name, create=True).close()
    assert [each.name for each in tmp_path.iterdir()] == [name]
    connect(tmp_path / name, read_only=True).close()
