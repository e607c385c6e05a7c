"""Making the file small: pages compressed anew with a dictionary, indexes merged, free space given back.

Nothing that is stored changes. Compressing goes in short transactions, so that a harvest may go on meanwhile and
whoever stops it loses nothing.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..models import StorageError
from .database import transaction
from .snapshot_bytes import (
    THOROUGH_LEVEL,
    compress,
    decompress,
    newest_dictionary,
    train,
    write_dictionary,
)

FEWEST_SAMPLES = 200  # with 200 bodies of 24 kB a dictionary saves 18 %, its own size counted
_MOST_SAMPLES = 2000
_LONGEST_SAMPLE = 256 * 1024  # a saved web page repeats its style sheets long before this
_MOST_SAMPLE_BYTES = 48 * 1024 * 1024
_OUTGROWN = 4  # times as many pages as the dictionary has seen: another one will know them better
_CHUNK = 50

Progress = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True, slots=True)
class Compaction:
    """What compacting did.

    Attributes:
        bytes_before, bytes_after: size of the file.
        recompressed: how many stored pages were compressed anew.
        trained: whether a new dictionary was made.
    """

    bytes_before: int
    bytes_after: int
    recompressed: int
    trained: bool


def compact(connection: sqlite3.Connection, path: Path, *, now: datetime, progress: Progress) -> Compaction:
    """Makes the file as small as it can be.

    Args:
        connection: open for writing, in autocommit mode.
        path: its file.
        now: the age of a new dictionary.
        progress: told of the pages that are compressed anew.

    Raises:
        StorageError: a stored page is damaged, or there is no room for the copy that is made on the way.
    """
    before = _file_bytes(path)
    dictionary, trained = _best_dictionary(connection, now=now)
    recompressed = _recompress(connection, dictionary, progress=progress)
    with transaction(connection):
        connection.execute(
            """DELETE FROM snapshot_dictionaries WHERE id IS NOT ?1
                AND NOT EXISTS (SELECT 1 FROM snapshots WHERE dictionary_id = snapshot_dictionaries.id)""",
            (dictionary,),
        )
        for table in full_text_tables(connection):
            connection.execute(f'INSERT INTO "{table}" ("{table}") VALUES (\'optimize\')')  # noqa: S608
    _vacuum(connection, path)
    return Compaction(before, _file_bytes(path), recompressed, trained)


def full_text_tables(connection: sqlite3.Connection) -> list[str]:
    """The names of the FTS5 tables of a file."""
    rows = connection.execute(
        """SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'
            ORDER BY name"""
    )
    return [row[0] for row in rows]


def _best_dictionary(connection: sqlite3.Connection, *, now: datetime) -> tuple[int | None, bool]:
    """The dictionary to use, and whether it was made now."""
    current = newest_dictionary(connection)
    (count,) = connection.execute("SELECT count(*) FROM snapshots").fetchone()
    if current is not None:
        (seen,) = connection.execute("SELECT trained_on FROM snapshot_dictionaries WHERE id = ?", (current,)).fetchone()
        if count < seen * _OUTGROWN:
            return current, False
    elif count < FEWEST_SAMPLES:
        return None, False
    dictionary = train(list(_samples(connection)))
    if dictionary is None:
        return current, False
    with transaction(connection):
        return write_dictionary(connection, dictionary, trained_on=count, now=now), True


def _samples(connection: sqlite3.Connection) -> Iterator[bytes]:
    """Pages picked as if at random, the same ones each time: their digests have no order."""
    rows = connection.execute(
        "SELECT sha256, content, dictionary_id, bytes FROM snapshots ORDER BY sha256 LIMIT ?", (_MOST_SAMPLES,)
    )
    left = _MOST_SAMPLE_BYTES
    for sha256, content, dictionary_id, size in rows:
        page = decompress(connection, content, dictionary_id=dictionary_id, size=size, sha256=sha256)
        sample = page[:_LONGEST_SAMPLE]
        left -= len(sample)
        if left < 0:
            return
        if sample:
            yield sample


def _recompress(connection: sqlite3.Connection, dictionary: int | None, *, progress: Progress) -> int:
    """Compresses every page anew that was not compressed like this yet; returns how many."""
    outdated = "level < ?1 OR dictionary_id IS NOT ?2"
    condition = (THOROUGH_LEVEL, dictionary)
    (total,) = connection.execute(f"SELECT count(*) FROM snapshots WHERE {outdated}", condition).fetchone()  # noqa: S608
    done, last = 0, ""
    while True:
        rows = connection.execute(
            f"SELECT sha256 FROM snapshots WHERE sha256 > ?3 AND ({outdated}) ORDER BY sha256 LIMIT ?4",  # noqa: S608
            (*condition, last, _CHUNK),
        ).fetchall()
        if not rows:
            return done
        for (last,) in rows:
            _recompress_page(connection, last, dictionary)
        done += len(rows)
        progress(done, max(total, done))


def _recompress_page(connection: sqlite3.Connection, sha256: str, dictionary: int | None) -> None:
    row = connection.execute(
        "SELECT content, dictionary_id, bytes FROM snapshots WHERE sha256 = ?", (sha256,)
    ).fetchone()
    if row is None:  # dropped meanwhile, by a harvest
        return
    content, used, size = row
    page = decompress(connection, content, dictionary_id=used, size=size, sha256=sha256)
    smaller = compress(connection, page, dictionary_id=dictionary, level=THOROUGH_LEVEL)
    # Compressed before the lock is taken: a page of megabytes takes seconds.
    connection.execute(
        "UPDATE snapshots SET content = ?, dictionary_id = ?, level = ? WHERE sha256 = ?",
        (smaller, dictionary, THOROUGH_LEVEL, sha256),
    )


def _vacuum(connection: sqlite3.Connection, path: Path) -> None:
    (pages, page_size) = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    # The new file is written to a temporary one, and from there through the log.
    needed, free = 2 * pages * page_size, shutil.disk_usage(path.absolute().parent).free
    if free < needed:
        raise StorageError(
            f"there is no room to compact: {needed / 1e6:.0f} MB are needed, {free / 1e6:.0f} MB are free",
            subject=str(path),
            hint="free some space and run the same command again; nothing is lost",
        )
    connection.execute("VACUUM")
    connection.execute("PRAGMA optimize")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _file_bytes(path: Path) -> int:
    log = path.with_name(f"{path.name}-wal")
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)
