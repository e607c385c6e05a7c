"""Records: kept word for word as JSON, and taken apart into one row a claim for queries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..models import DigestRecord, Mention, Paper
from .claims import named_mentions
from .search_text import compact

if TYPE_CHECKING:
    from sqlite_utils import Database

Row = dict[str, str | int | float | None]

CLAIM_TABLES = ("papers", "genes", "methods", "tools", "diseases", "accessions", "findings", "mentions")


def same_claims(stored_json: str, record: DigestRecord) -> bool:
    """Whether a record says what the stored one says, apart from when, from where and by what it was made."""
    return _claims(stored_json) == _claims(record.model_dump_json())


def _claims(record_json: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(record_json)
    claims.pop("provenance", None)
    for circumstance in ("harvested_at", "source"):
        claims["article"].pop(circumstance, None)
    return claims


def write_record(connection: sqlite3.Connection, record: DigestRecord, *, now: datetime) -> None:
    """Store the JSON of a record, in place of an earlier one."""
    connection.execute(
        """INSERT INTO records (article_id, schema_version, json, wenzhai_version, provenance, extracted_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (article_id) DO UPDATE SET schema_version = ?2, json = ?3, wenzhai_version = ?4,
                provenance = ?5, extracted_at = ?6""",
        (
            record.article.id,
            record.schema_version,
            record.model_dump_json(),
            record.provenance.wenzhai,
            record.provenance.model_dump_json(),
            now.isoformat(),
        ),
    )


def write_claims(database: Database, record: DigestRecord) -> None:
    """Store the claims of a record as rows, in place of earlier ones."""
    article_id = record.article.id
    for table in CLAIM_TABLES:
        database.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))  # noqa: S608
    for table, rows in claim_rows(record).items():
        if rows:
            _insert(database.conn, table, [{"article_id": article_id, **row} for row in rows])


def _insert(connection: sqlite3.Connection, table: str, rows: list[Row]) -> None:
    """Rows of plain values: sqlite-utils' insert_all, which looks at each, took a fifth of the time of an article."""
    columns = tuple(dict.fromkeys(column for row in rows for column in row))  # a paper without a journal has fewer
    values = ", ".join("?" * len(columns))
    names = ", ".join(f'"{column}"' for column in columns)
    connection.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({values})",  # noqa: S608 - tables and columns are named here
        [[row.get(column) for column in columns] for row in rows],
    )


def claim_rows(record: DigestRecord) -> dict[str, list[Row]]:
    """The rows for every claim table, in the order of the record, without ``article_id``."""
    return {
        "papers": [_paper(paper) for paper in record.papers],
        "genes": [gene.model_dump(exclude={"mentions"}) for gene in record.genes],
        "methods": [{"name": method.name, "ontology_id": method.id} for method in record.methods],
        "tools": [{"name": tool.name} for tool in record.tools],
        "diseases": [{"name": disease.name, "ontology_id": disease.id} for disease in record.diseases],
        "accessions": [{"kind": each.kind, "value": each.value} for each in record.accessions],
        "findings": [
            {**finding.model_dump(mode="json"), "genes": json.dumps(finding.genes, ensure_ascii=False)}
            for finding in record.findings
        ],
        "mentions": list(_mentions(record)),
    }


def _paper(paper: Paper) -> Row:
    row: Row = paper.model_dump(mode="json", exclude={"journal", "mentions"})
    if paper.journal is not None:
        row |= {
            "journal": paper.journal.name,
            "journal_as_written": paper.journal.as_written,
            "journal_abbreviation": paper.journal.abbreviation,
            "issn": paper.journal.issn,
        }
    return row


def _mentions(record: DigestRecord) -> Iterator[Row]:
    for named in named_mentions(record):
        yield _mention(named.kind, named.name, named.mention, field=named.field)


def _mention(kind: str, name: str, mention: Mention, *, field: str | None = None) -> Row:
    return {
        "entity_kind": kind,
        "entity_name": name,
        "field": field,
        "text": mention.text,
        "folded": compact(mention.text),
        "start": mention.start,
        "end": mention.end,
        "part": mention.part.value,
    }
