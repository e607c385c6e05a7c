"""The table of a partition: the record's columns, and ``page``, from which the record can be made again."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import IO, Any, Self

from ..digesting import Digest
from ..models import DigestRecord, PageRef, RawPage
from ..storage.exporters.parquet import record_of_row, record_row, record_schema
from .files import need_pyarrow

_ROW_GROUP = 200  # records; with their pages some ten megabytes before compression


class TableWriter:
    """Writes records with their pages; holds at most one row group.

    Args:
        file: to write into; stays open.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.count = 0
        self._pyarrow = need_pyarrow()
        self._schema = _schema(self._pyarrow)
        self._writer = self._pyarrow.parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []

    def write(self, page: RawPage, digest: Digest) -> None:
        self._rows.append({**record_row(digest.record), "page": _page_row(page)})
        self.count += 1
        if len(self._rows) >= _ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        self._writer.write_table(self._pyarrow.Table.from_pylist(self._rows, schema=self._schema))
        self._rows.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and self._rows:
            self._flush()
        self._writer.close()


def read_table(file: IO[bytes]) -> Iterator[tuple[RawPage, DigestRecord]]:
    """The pages and records of a partition; the records' times are in UTC."""
    table = need_pyarrow().parquet.ParquetFile(file)
    for batch in table.iter_batches(_ROW_GROUP):
        for row in batch.to_pylist():
            page = row.pop("page")
            ref = PageRef(page.pop("location"), page.pop("source"))
            yield RawPage(ref=ref, **page), record_of_row(row)


def _schema(pa: Any) -> Any:
    text = pa.string()
    page = [
        *((name, text) for name in ("location", "source", "final_url", "media_type", "charset")),
        ("fetched_at", pa.timestamp("us", tz="UTC")),
        ("content", pa.binary()),
    ]
    return record_schema(pa).append(pa.field("page", pa.struct(page)))


def _page_row(page: RawPage) -> dict[str, Any]:
    return {
        "location": page.ref.location,
        "source": page.ref.source,
        "final_url": page.final_url,
        "media_type": page.media_type,
        "charset": page.charset,
        "fetched_at": page.fetched_at,
        "content": page.content,
    }
