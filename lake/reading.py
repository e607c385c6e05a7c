"""The pages of a portion, one after the other, with those that cannot be had."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from ..harvester.clock import Clock
from ..harvester.containers import media_type_of
from ..harvester.entry_page import ENTRY_TYPE
from ..harvester.export_container import entry_of
from ..harvester.fetch_options import FetchOptions
from ..harvester.sources import SourceContext, open_source
from ..models import Failed, PageRef, RawPage, SourceError, WenzhaiError
from .files import need_pyarrow, open_files
from .planning import Kind, Portion

SOURCE = "lake"
_WHOLE_PAGE = re.compile(r"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_PAGE_FIELDS = ("page", "html", "content_html", "content")
_BATCH = 256  # rows of a table in memory


def read_portion(portion: Portion, *, now: datetime, max_page_bytes: int) -> Iterator[RawPage | Failed]:
    """All pages of a portion, each as it comes; what gives none comes as a failure.

    Args:
        now: when they are taken to have come.
        max_page_bytes: larger ones are refused.

    Raises:
        SourceError: the portion cannot be read to its end.
    """
    try:
        for page in _READERS[portion.kind](portion, now):
            if isinstance(page, RawPage) and len(page.content) > max_page_bytes:
                yield Failed(page.ref, SourceError(f"{len(page.content):,} bytes, and the limit is {max_page_bytes:,}"))
            else:
                yield page
    except OSError as error:
        raise SourceError(f"cannot be read to its end: {error}", subject=portion.addresses[0]) from error


def _rows(portion: Portion, now: datetime) -> Iterator[RawPage | Failed]:
    (address,) = portion.addresses
    files, path = open_files(address)
    with files.open(path, "rb", compression=None if portion.stop else "infer") as file:
        for offset, line in _lines(file, portion):
            if not line.strip():
                continue
            ref = PageRef(f"{address}!/{offset}", SOURCE)
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Failed(ref, SourceError(f"no JSON: {error}"))
                continue
            yield _page_of_row(ref, row, now)


def _lines(file: IO[bytes], portion: Portion) -> Iterator[tuple[int, bytes]]:
    """Lines that begin within the portion, with the bytes before them."""
    place = portion.start
    if place:
        file.seek(place - 1)
        place += len(file.readline()) - 1  # the rest of a line that began earlier, or the end of one
    while not portion.stop or place < portion.stop:
        line = file.readline()
        if not line:
            return
        yield place, line
        place += len(line)


def _table(portion: Portion, now: datetime) -> Iterator[RawPage | Failed]:
    (address,) = portion.addresses
    pyarrow = need_pyarrow()
    files, path = open_files(address)
    with files.open(path, "rb") as file:
        table = pyarrow.parquet.ParquetFile(file)
        number = sum(table.metadata.row_group(group).num_rows for group in range(portion.start))
        for batch in table.iter_batches(_BATCH, row_groups=list(range(portion.start, portion.stop))):
            for row in batch.to_pylist():
                number += 1
                yield _page_of_row(PageRef(f"{address}!/{number}", SOURCE), row, now)


def _pages(portion: Portion, now: datetime) -> Iterator[RawPage | Failed]:
    for address in portion.addresses:
        files, path = open_files(address)
        ref = PageRef(address.removeprefix("file://"), SOURCE)
        try:
            content = files.cat_file(path)
        except OSError as error:
            yield Failed(ref, SourceError(f"cannot be read: {error}"))
            continue
        yield RawPage(ref, content, ref.location, media_type_of(path) or "", now)


def _archive(portion: Portion, now: datetime) -> Iterator[RawPage | Failed]:
    (address,) = portion.addresses
    files, path = open_files(address)
    shown = address.removeprefix("file://")
    with tempfile.TemporaryDirectory(prefix="wenzhai-") as folder:
        copy = Path(path) if address.startswith("file://") else Path(folder) / Path(path).name
        if not address.startswith("file://"):
            files.get_file(path, str(copy))
        context = SourceContext(clock=Clock(now=lambda: now), options=FetchOptions())
        with context, closing(open_source(str(copy), context=context)) as source:
            for found in source.discover():
                ref = PageRef(found.location.replace(str(copy), shown, 1), SOURCE)
                try:
                    page = source.fetch(found)
                except WenzhaiError as error:
                    yield Failed(ref, error)
                    continue
                yield RawPage(ref, page.content, ref.location, page.media_type, now, page.charset)


def _page_of_row(ref: PageRef, row: object, now: datetime) -> RawPage | Failed:
    """A row is an article as some program describes it, or has the whole page in a field."""
    if not isinstance(row, Mapping):
        return Failed(ref, SourceError("not an article: no JSON object"))
    row = {
        str(name): value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        for name, value in row.items()
    }
    whole = next((text for name in _PAGE_FIELDS if _is_page(text := row.get(name))), None)
    if whole is None:
        return RawPage(ref, entry_of(row).pack(), ref.location, ENTRY_TYPE, now)
    url = row.get("url") or row.get("link")
    location = url if isinstance(url, str) and url else ref.location
    return RawPage(ref, str(whole).encode(), location, "text/html", now, "utf-8")


def _is_page(text: Any) -> bool:
    return isinstance(text, str) and _WHOLE_PAGE.match(text[:2000]) is not None


_READERS = {Kind.ROWS: _rows, Kind.TABLE: _table, Kind.PAGES: _pages, Kind.ARCHIVE: _archive}
