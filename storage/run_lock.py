"""One harvest at a time into one database: a lock that ends with its process, however that ends.

The lock is the operating system's, on a file beside the database. The file stays, empty or with a note of its
last holder; only a living process holds the lock. On a network drive it is as good as the drive's locks are.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

from ..models import AlreadyRunningError, StorageError


@contextmanager
def run_lock(database: Path, *, now: datetime) -> Iterator[None]:
    """Holds the right to harvest into a database.

    Args:
        database: its file, which need not be there yet.
        now: noted in the lock's file, for whoever is turned away.

    Raises:
        AlreadyRunningError: another process has it, at once.
        StorageError: the lock's file cannot be written.
    """
    if database.is_dir():
        raise StorageError("is a folder", subject=str(database), hint="name the database file in it")
    path = database.with_name(f"{database.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # "a+": opening must not wipe out the note of the one who holds the lock.
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"the lock cannot be made: {error.strerror}", subject=str(path)) from error
    with file:
        if not _take(file):
            file.seek(0)
            raise AlreadyRunningError(
                "another harvest is at work" + _holder(file.read(100)),
                subject=str(database),
                hint="wait for it to finish",
            )
        try:
            file.truncate(0)
            file.write(f"{os.getpid()} {now.isoformat(timespec='seconds')}\n")
            file.flush()
            yield
        finally:
            file.truncate(0)  # closing the file gives the lock back


def _holder(note: str) -> str:
    process, _, since = note.strip().partition(" ")
    return f", process {process} since {since}" if process.isdigit() else ""


if sys.platform == "win32":
    import msvcrt

    def _take(file: TextIO) -> bool:
        # Windows keeps others from reading locked bytes, so the lock is far behind the note.
        file.seek(1 << 20)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        file.seek(0)
        return True

else:
    import fcntl

    def _take(file: TextIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
