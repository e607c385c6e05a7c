"""Article files on this machine: a folder, a git checkout, one file, a zip, a tar, an export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from ...models import FetchError, PageRef, RawPage, SourceError
from ..bounded_body import OversizeError, bounded_gunzip
from ..containers import JSON, MEDIA_TYPES, Container, Member, is_gzipped, media_type_of
from ..export_container import export_members, is_export
from ..folder_container import FileContainer, FolderContainer
from ..tar_container import ZSTD_MAGIC, TarContainer
from ..zip_container import ZipContainer
from . import Source, SourceContext

_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]+://")
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_MAGIC = (b"\x1f\x8b", b"\xfd7zXZ\x00", b"BZh", b"\x5d\x00\x00", ZSTD_MAGIC)
# An export holds many articles, so its limit is so many times that of a page.
_EXPORT_PAGES = 16
_TAR_NAME = re.compile(r"\.(tar(\.\w+)?|tgz|txz|tbz2?|tzst)$", re.IGNORECASE)


class ArchiveSource(Source):
    """The article files of a folder, zip or tar, or a single article file.

    Locations are paths as given (``digests/2024/a.md``) or ``digests.zip!/2024/a.md`` for members; the articles
    of a JSON export are numbered, ``export.json!/12``. Other JSON files are passed over, and so is what is hidden,
    the ``.git`` of a checkout among it.
    What must not be read (a path that leads out, a link, an encrypted member) is listed all the same, and
    refused by `fetch`: the rest is harvested and the user sees what was left out.
    """

    name: ClassVar[str] = "archive"
    takes: ClassVar[str] = f"a folder, a .zip, a .tar (also .gz, .xz, .bz2, .zst) or a file ({', '.join(MEDIA_TYPES)})"

    def __init__(self, target: str, context: SourceContext) -> None:
        self._target = target
        self._context = context
        self._container: Container | None = None
        self._listed: Member | None = None  # the last one: it is asked for next, and an archive may have millions
        self._found: dict[str, Member] = {}

    @classmethod
    def accepts(cls, target: str) -> bool:
        return bool(target.strip()) and _SCHEME.match(target) is None

    def discover(self) -> Iterator[PageRef]:
        only = None if Path(self._target).exists() else self._target
        for member in self._members():
            if only in (None, member.location):
                self._listed = member
                yield PageRef(location=member.location, source=self.name)
        if only is not None and self._listed is None:
            raise SourceError("no such article in the archive", subject=only)

    def fetch(self, ref: PageRef) -> RawPage:
        member = self._member(ref.location)
        if member.refusal:
            raise SourceError(member.refusal, subject=ref.location)
        return RawPage(
            ref=ref,
            content=self._content(member, limit=self._context.options.max_page_bytes),
            final_url=ref.location,
            media_type=member.media_type or media_type_of(ref.location),
            fetched_at=self._context.clock.now(),
        )

    def close(self) -> None:
        if self._container is not None:
            self._container.close()
            self._container = self._listed = None
            self._found.clear()

    def _opened(self) -> Container:
        if self._container is None:
            self._container = _open_container(self._target)
        return self._container

    def _member(self, location: str) -> Member:
        if self._listed is not None and self._listed.location == location:
            return self._listed
        if not self._found:
            # Of two members with one name the later is the one meant, as when unpacking.
            self._found = {member.location: member for member in self._members()}
        if location not in self._found:
            raise SourceError("no such article in the source", subject=location)
        return self._found[location]

    def _members(self) -> Iterator[Member]:
        """The members of the container, with the articles of exports in place of these."""
        for member in self._opened().members():
            if media_type_of(member.location) == JSON:
                yield from self._exported(member)
            else:
                yield member

    def _exported(self, member: Member) -> Iterator[Member]:
        if member.refusal:
            yield member
            return
        try:
            content = self._content(member, limit=self._context.options.max_page_bytes * _EXPORT_PAGES)
        except (SourceError, FetchError) as error:
            yield replace(member, refusal=error.message)
            return
        if is_export(content):
            yield from export_members(member.location, content)

    def _content(self, member: Member, *, limit: int) -> bytes:
        if member.size > limit:
            raise _too_large(member.location, size=f"{member.size:,}", limit=limit)
        # The declared size may be a lie, so the reading has its own limit.
        content = member.read(limit + 1)
        try:
            if is_gzipped(member.location) and content:
                content = bounded_gunzip(content, limit=limit)
        except OversizeError as error:
            raise _too_large(member.location, size=f"more than {limit:,}", limit=limit) from error
        except ValueError as error:
            raise SourceError(f"not readable as gzip: {error}", subject=member.location) from error
        if len(content) > limit:
            raise _too_large(member.location, size=f"more than {limit:,}", limit=limit)
        return content


def _open_container(target: str) -> Container:
    """Opens a path, or for ``digests.zip!/2024/a.md`` the archive in it.

    Raises:
        SourceError: there is nothing there, it cannot be read, or it is of no known kind.
    """
    path = Path(target)
    try:
        if not path.exists() and "!/" in target:
            path = Path(target.partition("!/")[0])
        if path.is_dir():
            return FolderContainer(path)
        with path.open("rb") as file:
            start = file.read(512)
    except FileNotFoundError as error:
        raise SourceError("no such file or folder", subject=target, hint="check the path") from error
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot be opened: {error}", subject=target) from error
    return _open_file(path, start)


def _open_file(path: Path, start: bytes) -> Container:
    shown = path.as_posix()
    if media_type_of(path.name):
        return FileContainer(path)
    if start.startswith(_ZIP_MAGIC) or path.suffix.lower() == ".zip":
        return ZipContainer(path, shown=shown)
    if start.startswith(_TAR_MAGIC) or start[257:262] == b"ustar" or _TAR_NAME.search(path.name):
        return TarContainer(path, shown=shown)
    raise SourceError("neither an article nor an archive", subject=shown, hint=f"accepted: {ArchiveSource.takes}")


def _too_large(location: str, *, size: str, limit: int) -> FetchError:
    return FetchError(
        f"{size} bytes, and the limit is {limit:,}",
        subject=location,
        hint="raise max_page_bytes to take it",
        retryable=False,
    )
