"""Whether what is stored of every article agrees: quotes with their text, rows with records, pages with digests."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from ..models import DigestRecord, Part, StorageError
from .problems import REPAIR, RESTORE, Problem, ProblemKind
from .records import claim_rows
from .snapshot_bytes import decompress

_SHOWN = 40  # characters of a quote


def snapshot_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Stored pages that cannot be decompressed, or are not what their digest says."""
    # The digests first, then page by page: one may have megabytes, and memory holds one at a time.
    for (sha256,) in connection.execute("SELECT sha256 FROM snapshots ORDER BY sha256"):
        row = connection.execute(
            "SELECT content, dictionary_id, bytes FROM snapshots WHERE sha256 = ?", (sha256,)
        ).fetchone()
        way_out = "`wenzhai harvest` the page's address again, or restore a copy"
        try:
            content, dictionary_id, size = row
            page = decompress(connection, content, dictionary_id=dictionary_id, size=size, sha256=sha256)
        except (StorageError, TypeError) as error:  # TypeError: the index has it, the table has not
            what = error.message if isinstance(error, StorageError) else "cannot be found"
            yield Problem(ProblemKind.SNAPSHOT, what, f"snapshots {sha256}", way_out)
            continue
        if hashlib.sha256(page).hexdigest() != sha256:
            yield Problem(ProblemKind.SNAPSHOT, "is not what its digest says", f"snapshots {sha256}", way_out)


def record_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Of every article: quotes that are not at their offsets, and rows that disagree with the record."""
    rows = connection.execute(
        """SELECT articles.id, title, text, text_sha256, kind, json
            FROM articles LEFT JOIN records ON article_id = articles.id ORDER BY articles.rowid"""
    )
    for article_id, title, text, digest, kind, record_json in rows:
        if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != digest:
            what = "the text is not what its digest says"
            yield Problem(ProblemKind.RECORD, what, f"article {article_id}", RESTORE)
        yield from quote_problems(connection, article_id, title=title, text=text)
        if record_json is not None:
            stored = {"id": article_id, "title": title, "text": text, "text_sha256": digest, "kind": kind}
            yield from _json_problems(connection, record_json, stored)


def quote_problems(connection: sqlite3.Connection, article_id: str, *, title: str, text: str) -> Iterator[Problem]:
    """Mentions and findings of an article that are not the words at their offsets."""
    parts = {Part.TITLE.value: title, Part.TEXT.value: text}
    rows = connection.execute(
        """SELECT 'mention', id, text, start, "end", part FROM mentions WHERE article_id = ?1
            UNION ALL SELECT 'finding', id, text, start, "end", 'text' FROM findings WHERE article_id = ?1""",
        (article_id,),
    )
    for kind, row_id, quote, start, end, part in rows:
        whole = parts.get(part, "")
        if not (0 <= start <= end <= len(whole) and whole[start:end] == quote):
            found = f"{kind} {quote[:_SHOWN]!r} is not at {start}-{end} of the {part}"
            yield Problem(ProblemKind.QUOTE, found, f"{kind}s, row {row_id}, article {article_id}", REPAIR)


def _json_problems(connection: sqlite3.Connection, record_json: str, stored: dict[str, str]) -> Iterator[Problem]:
    where = f"article {stored['id']}"
    try:
        record = DigestRecord.model_validate_json(record_json)
    except ValidationError as error:
        first = error.errors()[0]
        what = f"the record cannot be read: {first['msg']}"
        yield Problem(ProblemKind.RECORD, what, where, RESTORE)
        return
    for field, value in stored.items():
        if str(getattr(record.article, field)) != value:
            yield Problem(ProblemKind.RECORD, f"the record has another {field} than the article", where, RESTORE)
    for table in disagreeing_tables(connection, record):
        yield Problem(ProblemKind.RECORD, f"the rows of {table} are not those of the record", where, REPAIR)


def disagreeing_tables(connection: sqlite3.Connection, record: DigestRecord) -> Iterator[str]:
    """The claim tables whose rows are not what a record's claims come to."""
    for table, wanted in claim_rows(record).items():
        cursor = connection.execute(f"SELECT * FROM {table} WHERE article_id = ? ORDER BY id", (record.article.id,))  # noqa: S608
        names = [column[0] for column in cursor.description]
        columns = [name for name in names if name not in ("id", "article_id")]
        found = [tuple(value for name, value in zip(names, row, strict=True) if name in columns) for row in cursor]
        if found != [tuple(_as_stored(row.get(name)) for name in columns) for row in wanted]:
            yield table


def _as_stored(value: Any) -> Any:
    """A value as SQLite gives it back; sqlite-utils makes JSON of lists."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, tuple, dict)) else value
