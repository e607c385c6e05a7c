"""Parquet: one row a record, nested as the record is. Needs pyarrow: ``pip install 'wenzhai[parquet]'``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from ...models import ConfigError, DigestRecord

if TYPE_CHECKING:
    import pyarrow

NAME = "parquet"
SUFFIX = ".parquet"
ROW_GROUP = 1000  # records; their texts make it some megabytes


def write_binary(records: Iterable[DigestRecord], out: BinaryIO) -> int:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise ConfigError("needs pyarrow", subject=NAME, hint="pip install 'wenzhai[parquet]'") from error
    schema = record_schema(pyarrow)
    number = 0
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        rows = map(record_row, records)
        while group := list(islice(rows, ROW_GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(group, schema=schema))
            number += len(group)
    return number


def record_schema(pa: Any) -> pyarrow.Schema:
    """The schema of the table: the record's own fields, except that times are UTC and provenance maps are maps."""
    text, place = pa.string(), pa.int32()
    mention = [("text", text), ("start", place), ("end", place), ("part", text)]
    mentions = ("mentions", pa.list_(pa.struct(mention)))
    journal = [(name, text) for name in ("name", "as_written", "abbreviation", "issn")]
    moment = pa.timestamp("us", tz="UTC")

    def texts(*names: str) -> list[tuple[str, Any]]:
        return [(name, text) for name in names]

    def many(*fields: tuple[str, Any]) -> Any:
        return pa.list_(pa.struct(list(fields)))

    article = [
        *texts("id", "url", "title", "account", "author"),
        ("published_at", moment),
        ("harvested_at", moment),
        *texts("source", "kind", "text", "text_sha256"),
        ("categories", pa.list_(text)),
        ("tags", pa.list_(text)),
    ]
    paper = [
        *texts("role", "title", "title_zh"),
        ("journal", pa.struct(journal)),
        ("impact_factor", pa.float64()),
        *texts("quartile", "published", "doi", "pmid", "pmcid", "other_id", "url"),
        ("mentions", pa.list_(pa.struct([*mention, ("field", text)]))),
    ]
    gene = [*texts("symbol", "hgnc_id", "name"), ("family", pa.bool_()), ("central", pa.bool_())]
    versions = pa.map_(text, text)
    provenance = [("wenzhai", text), ("extractors", versions), ("lexicons", versions), ("snapshot_sha256", text)]
    place_of_finding = [("start", place), ("end", place)]
    finding = [("text", text), *place_of_finding, ("role", text), ("key", pa.bool_()), ("section", text)]
    return pa.schema(
        [
            ("schema_version", text),
            ("article", pa.struct(article)),
            ("papers", many(*paper)),
            ("genes", many(*gene, ("score", pa.float64()), mentions)),
            ("methods", many(*texts("name", "id"), mentions)),
            ("tools", many(*texts("name"), mentions)),
            ("diseases", many(*texts("name", "id"), mentions)),
            ("accessions", many(*texts("kind", "value"), mentions)),
            ("findings", many(*finding, ("genes", pa.list_(text)))),
            ("provenance", pa.struct(provenance)),
        ]
    )


def record_row(record: DigestRecord) -> dict[str, Any]:
    """A record as a row of the table."""
    row = record.model_dump()
    for versions in ("extractors", "lexicons"):
        row["provenance"][versions] = list(row["provenance"][versions].items())
    return row


def record_of_row(row: Mapping[str, Any]) -> DigestRecord:
    """The record of a row; its times are in UTC, as the table's are."""
    provenance = dict(row["provenance"])
    for versions in ("extractors", "lexicons"):
        provenance[versions] = dict(provenance[versions])
    return DigestRecord.model_validate({**row, "provenance": provenance})
