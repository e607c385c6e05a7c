"""Pages as they came, compressed with zstd and, once there are enough of them, with a dictionary.

Archived pages are small (19 kB in the median) and like one another, which zstd alone cannot use: of 1,000 archived
Markdown bodies it keeps 30 % at its level 3 and 26 % at its highest. With a dictionary of 512 KiB trained on
them it keeps 20 % at level 9 and 18 % at level 19, and 1 % for the dictionary.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import zstandard

from ..models import StorageError

DICTIONARY_BYTES = 512 * 1024
# Of a dictionary larger than this share of the samples, too much stands for one of them only.
LARGEST_SHARE = 8
# 0.7 ms a body, where level 3 takes 0.1 ms; level 19 takes 8 ms, and seconds for a saved page of megabytes.
QUICK_LEVEL = 9
# Without a dictionary level 9 gains 2 %, which is not worth anybody's time.
PLAIN_LEVEL = 3
THOROUGH_LEVEL = 19


def newest_dictionary(connection: sqlite3.Connection) -> int | None:
    """The id of the dictionary that new pages are compressed with; None while there is none."""
    row = connection.execute("SELECT id FROM snapshot_dictionaries ORDER BY made_at DESC, id LIMIT 1").fetchone()
    return None if row is None else int(row[0])


def compress(connection: sqlite3.Connection, content: bytes, *, dictionary_id: int | None, level: int) -> bytes:
    """The bytes as ``snapshots.content`` holds them."""
    if dictionary_id is None:
        return zstandard.ZstdCompressor(level=level).compress(content)
    dictionary = _prepared(_read_dictionary(connection, dictionary_id), level)
    return zstandard.ZstdCompressor(level=level, dict_data=dictionary).compress(content)


def decompress(
    connection: sqlite3.Connection, content: bytes, *, dictionary_id: int | None, size: int, sha256: str
) -> bytes:
    """The bytes as they came.

    Args:
        connection: an open database.
        content: as `compress` gave it.
        dictionary_id: what it was compressed with.
        size: how many bytes there must be, so that damage cannot ask for all memory there is.
        sha256: their digest, for the error.

    Raises:
        StorageError: they are damaged.
    """
    try:
        if zstandard.frame_content_size(content) != size:
            raise _damaged(sha256)
        dictionary = None if dictionary_id is None else _read_dictionary(connection, dictionary_id)
        return zstandard.ZstdDecompressor(dict_data=dictionary).decompress(content)
    except zstandard.ZstdError as error:
        raise _damaged(sha256) from error


def train(samples: Sequence[bytes]) -> zstandard.ZstdCompressionDict | None:
    """A dictionary of what the samples have in common; None when that is too little for one."""
    size = min(DICTIONARY_BYTES, sum(map(len, samples)) // LARGEST_SHARE)
    try:
        # At level 3, whatever is used later: at 19 training takes six times as long and gains nothing.
        return zstandard.train_dictionary(size, [*samples], level=PLAIN_LEVEL)
    except zstandard.ZstdError:  # samples that are all alike, or nearly empty
        return None


def write_dictionary(
    connection: sqlite3.Connection, dictionary: zstandard.ZstdCompressionDict, *, trained_on: int, now: datetime
) -> int:
    """Keep a dictionary, for new pages from now on; returns its id."""
    content = dictionary.as_bytes()
    connection.execute(
        "INSERT OR REPLACE INTO snapshot_dictionaries (id, made_at, trained_on, bytes, content) VALUES (?, ?, ?, ?, ?)",
        (
            dictionary.dict_id(),
            now.isoformat(),
            trained_on,
            len(content),
            zstandard.ZstdCompressor(level=THOROUGH_LEVEL).compress(content),
        ),
    )
    return int(dictionary.dict_id())


def _damaged(sha256: str) -> StorageError:
    return StorageError("the stored page is damaged", subject=sha256, hint="restore a copy of the database")


def _read_dictionary(connection: sqlite3.Connection, dictionary_id: int) -> zstandard.ZstdCompressionDict:
    # Read every time, which SQLite does from its cache: an id alone does not tell which database is meant.
    row = connection.execute("SELECT content FROM snapshot_dictionaries WHERE id = ?", (dictionary_id,)).fetchone()
    if row is None:
        raise StorageError(
            "the dictionary of stored pages is missing", subject=str(dictionary_id), hint="restore a copy"
        )
    return _loaded(row[0])


@lru_cache(maxsize=4)
def _loaded(content: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(zstandard.decompress(content))


@lru_cache(maxsize=4)
def _prepared(dictionary: zstandard.ZstdCompressionDict, level: int) -> zstandard.ZstdCompressionDict:
    prepared = zstandard.ZstdCompressionDict(dictionary.as_bytes())
    prepared.precompute_compress(level=level)
    return prepared
