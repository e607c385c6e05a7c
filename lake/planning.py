"""What there is to digest, cut into portions that one worker does in half a minute or so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ..harvester.containers import MEDIA_TYPES
from ..models import SourceError
from .files import need_pyarrow, open_files

if TYPE_CHECKING:
    import fsspec

PORTION_BYTES = 16 * 1024 * 1024
_PAGES = 256
_ARCHIVES = (".zip", ".tar", ".tgz", ".txz", ".tbz2", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst")
_ROWS = (".jsonl", ".ndjson")
_COMPRESSED = (".gz", ".bz2", ".xz", ".zst")
_PAGE = tuple(name for name in MEDIA_TYPES if name not in (".json", ".jsonl"))


class Kind(StrEnum):
    """What a portion is a part of."""

    ROWS = "rows"
    TABLE = "table"
    PAGES = "pages"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Portion:
    """What one worker digests into one partition.

    Attributes:
        name: of the partition, stable as long as its input is where it is.
        kind: what it is a part of.
        addresses: of one file, or of several with a page each.
        start, stop: bytes of a file of rows (a row belongs where it begins; stop 0: to the end), or row groups of a
            table.
        size: bytes of its files, by which a changed input is noticed.
    """

    name: str
    kind: Kind
    addresses: tuple[str, ...]
    start: int = 0
    stop: int = 0
    size: int = 0

    @property
    def identity(self) -> str:
        """Differs when the input does, as far as names and sizes tell."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:16]


def portions(address: str, *, portion_bytes: int = PORTION_BYTES) -> Iterator[Portion]:
    """The portions of a file or folder, in the order of their names.

    Args:
        address: of JSON lines, Parquet, a page, a zip or tar, or of a folder of such files at any depth.
        portion_bytes: of a file of rows, about.

    Raises:
        ConfigError: what such an address needs is not installed.
        SourceError: there is nothing, or nothing that can be read.
    """
    files, path = open_files(address)
    try:
        found = files.find(path, detail=True)
    except OSError as error:
        raise SourceError(f"cannot be listed: {error}", subject=address) from error
    # Hidden files, and what others are writing.
    sizes = {
        name: int(info.get("size") or 0)
        for name, info in sorted(found.items())
        if not any(part.startswith((".", "_")) for part in name.removeprefix(path).strip("/").split("/"))
    }
    if not sizes:
        raise SourceError("there is nothing here", subject=address, hint="check the address")
    pages = [name for name in sizes if name.lower().endswith(_PAGE)]
    number = 0
    for number, portion in enumerate(_of_files(files, sizes, portion_bytes), 1):  # noqa: B007
        yield portion
    yield from _of_pages(files, address, pages, sizes)
    if not pages and not number:
        told = ", ".join((*_ROWS, ".parquet", *_PAGE, *_ARCHIVES))
        raise SourceError("there is nothing that can be read", subject=address, hint=f"accepted: {told}")


def _of_files(files: fsspec.AbstractFileSystem, sizes: dict[str, int], portion_bytes: int) -> Iterator[Portion]:
    for path, size in sizes.items():
        address, lower = files.unstrip_protocol(path), path.lower()
        name = f"part-{_short(address)}"
        if lower.endswith(_ROWS):
            for number, start in enumerate(range(0, max(size, 1), portion_bytes)):
                stop = min(start + portion_bytes, size)
                yield Portion(f"{name}-{number:05}", Kind.ROWS, (address,), start, stop, size)
        elif lower.endswith(tuple(row + packed for row in _ROWS for packed in _COMPRESSED)):
            yield Portion(f"{name}-00000", Kind.ROWS, (address,), 0, 0, size)
        elif lower.endswith(".parquet"):
            for number, (start, stop) in enumerate(_row_groups(files, path, portion_bytes)):
                yield Portion(f"{name}-{number:05}", Kind.TABLE, (address,), start, stop, size)
        elif lower.endswith(_ARCHIVES):
            yield Portion(f"{name}-00000", Kind.ARCHIVE, (address,), size=size)


def _of_pages(
    files: fsspec.AbstractFileSystem, address: str, pages: list[str], sizes: dict[str, int]
) -> Iterator[Portion]:
    for number, first in enumerate(range(0, len(pages), _PAGES)):
        some = pages[first : first + _PAGES]
        yield Portion(
            f"part-{_short(address)}-{number:05}",
            Kind.PAGES,
            tuple(files.unstrip_protocol(path) for path in some),
            size=sum(sizes[path] for path in some),
        )


def _row_groups(files: fsspec.AbstractFileSystem, path: str, portion_bytes: int) -> Iterable[tuple[int, int]]:
    """Ranges of row groups of about so many bytes, before compression."""
    pyarrow = need_pyarrow()
    with files.open(path, "rb") as file:
        try:
            metadata = pyarrow.parquet.ParquetFile(file).metadata
        except pyarrow.ArrowInvalid as error:
            raise SourceError(f"is no Parquet: {error}", subject=path) from error
        start = held = 0
        for group in range(metadata.num_row_groups):
            held += metadata.row_group(group).total_byte_size
            if held >= portion_bytes or group + 1 == metadata.num_row_groups:
                yield start, group + 1
                start, held = group + 1, 0


def _short(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:10]
