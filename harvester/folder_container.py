"""A folder of article files, or a single one."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ..models import SourceError
from .containers import Member, is_article_name, readable_name

_LINK = "symbolic link refused; name what it points to as a source of its own"


class FolderContainer:
    """The article files below a folder, sorted, depth first; links are listed but never followed.

    A folder below that cannot be listed is itself yielded, as a member that is refused.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def members(self) -> Iterator[Member]:
        pending = [self._root]
        while pending:
            path = pending.pop()
            if path == self._root or (path.is_dir() and not path.is_symlink()):
                try:
                    children = sorted(path.iterdir(), key=lambda child: child.name, reverse=True)
                except OSError as error:
                    if path == self._root:
                        raise SourceError(f"cannot be listed: {error.strerror}", subject=path.as_posix()) from error
                    yield _refused(path, f"cannot be listed: {error.strerror}")
                    continue
                pending += [child for child in children if not child.name.startswith(".")]
            elif (member := _member(path)) is not None:
                yield member

    def close(self) -> None:
        """Nothing is held open."""


class FileContainer:
    """One article file, named by the user: a link is followed, since its name was given."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def members(self) -> Iterator[Member]:
        yield _file(self._path, self._path.stat())

    def close(self) -> None:
        """Nothing is held open."""


def _member(path: Path) -> Member | None:
    """The file as a member, None for what is no article."""
    if path.is_symlink():
        # A linked folder may hold articles, so leaving it out is told; a linked picture is nobody's loss.
        return _refused(path, _LINK) if is_article_name(path.name) or path.is_dir() else None
    if not is_article_name(path.name):
        return None
    try:
        status = path.lstat()
    except OSError as error:
        return _refused(path, f"cannot be read: {error.strerror}")
    if not stat.S_ISREG(status.st_mode):
        return _refused(path, "not a regular file, refused")
    return _file(path, status)


def _file(path: Path, status: os.stat_result) -> Member:
    location = readable_name(path.as_posix())

    def read(size: int) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(size)
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}", subject=location) from error

    return Member(location=location, size=status.st_size, read=read)


def _refused(path: Path, reason: str) -> Member:
    return Member(location=readable_name(path.as_posix()), size=0, read=bytes, refusal=reason)
