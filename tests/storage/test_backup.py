"""Copies are of one moment, whole or not there, and take the place of nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from wenzhai.models import StorageError
from wenzhai.storage import backup as backup_module
from wenzhai.storage import connect, open_store
from wenzhai.storage.backup import back_up
from wenzhai.storage.check import check_database

from .examples import put_text

# Puts the same count into two places in every transaction, as fast as it can.
WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
connection.execute("PRAGMA synchronous = OFF")
for number in range(1, 1000000):
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('one', ?)", (str(number),))
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, 'x')", (f"row {number % 5000}",))
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('two', ?)", (str(number),))
    connection.execute("COMMIT")
    if number == 1:
        print("begun", flush=True)
"""


def files(folder: Path) -> set[str]:
    """What there is beside the database and its log."""
    return {path.name for path in folder.iterdir() if not path.name.startswith("wenzhai.db")}


def test_a_copy_holds_everything(sound: Path, tmp_path: Path) -> None:
    target, told = tmp_path / "copies.db", []
    with closing(connect(sound, read_only=True)) as connection:
        size = back_up(connection, target, progress=lambda done, total: told.append((done, total)))
    assert size == target.stat().st_size
    assert told[-1][0] == told[-1][1] > 0
    assert list(check_database(target)) == []
    with closing(sqlite3.connect(sound)) as one, closing(sqlite3.connect(target)) as other:
        assert list(one.iterdump()) == list(other.iterdump())
    assert files(tmp_path) == {"copies.db"}


def test_a_copy_is_of_one_moment_while_another_process_writes(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "_PAGES_A_STEP", 8)
    seen = set()
    with subprocess.Popen([sys.executable, "-c", WRITER, str(sound)], stdout=subprocess.PIPE) as writer:
        try:
            assert writer.stdout is not None
            writer.stdout.readline()
            for number in range(5):
                target = tmp_path / f"copy-{number}.db"
                with closing(connect(sound, read_only=True)) as connection:
                    back_up(connection, target)
                with closing(sqlite3.connect(target)) as copy:
                    one, two = (
                        copy.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0]
                        for key in ("one", "two")
                    )
                assert one == two
                seen.add(one)
                assert list(check_database(target)) == []
        finally:
            writer.kill()
    assert len(seen) == 5


def test_a_file_is_never_overwritten(sound: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    with closing(connect(sound, read_only=True)) as connection, pytest.raises(StorageError, match="there already"):
        back_up(connection, target)
    assert target.read_text() == "mine"


def test_a_file_that_appears_meanwhile_is_not_overwritten(sound: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"

    def other_process(_done: int, _total: int) -> None:
        target.write_text("mine")

    with closing(connect(sound, read_only=True)) as connection, pytest.raises(StorageError, match="there already"):
        back_up(connection, target, progress=other_process)
    assert target.read_text() == "mine"
    assert files(tmp_path) == {"copy.db"}


def test_what_cannot_be_written_is_told(sound: Path, tmp_path: Path) -> None:
    with closing(connect(sound, read_only=True)) as connection, pytest.raises(StorageError, match="cannot be written"):
        back_up(connection, tmp_path / "nowhere" / "copy.db")


def test_a_copy_that_is_stopped_leaves_nothing(sound: Path, tmp_path: Path) -> None:
    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with closing(connect(sound, read_only=True)) as connection:
        with pytest.raises(KeyboardInterrupt):
            back_up(connection, tmp_path / "copy.db", progress=interrupt)
        assert not connection.in_transaction
    assert files(tmp_path) == set()


def test_a_damaged_database_gives_no_copy(sound: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(sound)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'mentions'").fetchone()
    with sound.open("rb+") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    with closing(connect(sound, read_only=True)) as connection, pytest.raises(StorageError, match="damaged"):
        back_up(connection, tmp_path / "copy.db")
    assert files(tmp_path) == set()


FULL_DISK = """
import resource, signal, sys
from contextlib import closing
from pathlib import Path
from wenzhai.models import StorageError
from wenzhai.storage import connect
from wenzhai.storage.backup import back_up

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
source, target = map(Path, sys.argv[1:])
with closing(connect(source, read_only=True)) as connection:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        back_up(connection, target)
    except StorageError as error:
        print(error)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs limits on the size of files")
def test_a_full_disk_leaves_nothing(sound: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(sound), str(target)], capture_output=True, text=True, check=True
    )
    assert child.stdout.startswith(f"{target}: "), child.stderr
    assert "Traceback" not in child.stderr
    assert files(tmp_path) == set()


def test_a_copy_of_what_a_harvest_just_wrote(sound: Path, tmp_path: Path) -> None:
    with open_store(sound) as store:
        article_id = put_text(store, "刚写的", name="now")
        with closing(connect(sound, read_only=True)) as connection:
            back_up(connection, tmp_path / "copy.db")
        with open_store(tmp_path / "copy.db", read_only=True) as copy:
            assert copy.read_record(article_id) == store.read_record(article_id)
