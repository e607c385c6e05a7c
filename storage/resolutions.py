"""Resolutions of records, and the answers of bibliographic services that they rest on.

Both lie beside the claims: no claim is ever changed by them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime

from ..models import DigestRecord, RecordResolution
from .filters import SearchQuery
from .matching import matching


def read_resolution(connection: sqlite3.Connection, article_id: str) -> RecordResolution | None:
    """The resolution of a record, None when it has none."""
    if not _is_there(connection):
        return None
    row = connection.execute("SELECT json FROM resolutions WHERE article_id = ?", (article_id,)).fetchone()
    return RecordResolution.model_validate_json(row[0]) if row else None


def _is_there(connection: sqlite3.Connection) -> bool:
    """Whether the tables are: a file that is only read is not migrated."""
    found = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'resolutions'").fetchone()
    return found is not None


def write_resolution(connection: sqlite3.Connection, resolution: RecordResolution) -> None:
    """Store a resolution, in place of an earlier one."""
    article_id = resolution.article_id
    connection.execute("DELETE FROM resolutions WHERE article_id = ?", (article_id,))
    connection.execute("DELETE FROM paper_checks WHERE article_id = ?", (article_id,))
    connection.execute(
        "INSERT INTO resolutions (article_id, claims_sha256, json, complete, checked_at) VALUES (?, ?, ?, ?, ?)",
        (
            article_id,
            resolution.claims_sha256,
            resolution.model_dump_json(),
            resolution.complete,
            resolution.checked_at.isoformat(),
        ),
    )
    connection.executemany(
        """INSERT INTO paper_checks (article_id, position, field, verdict, claimed, found, retracted)
            VALUES (?, ?, ?, ?, ?, ?, ?)""",
        [
            (article_id, paper.position, check.field, check.verdict, check.claimed, check.found, paper.retracted)
            for paper in resolution.papers
            for check in paper.fields
        ],
    )


def iterate_with_resolutions(
    connection: sqlite3.Connection, query: SearchQuery
) -> Iterator[tuple[DigestRecord, RecordResolution | None]]:
    """The records a query finds that claim papers, newest first, each with its resolution.

    Writing resolutions meanwhile is fine: the ids are read first.
    """
    condition = matching(query)
    ids = connection.execute(
        f"""SELECT articles.id FROM articles WHERE {condition.sql}
            AND EXISTS (SELECT 1 FROM papers WHERE papers.article_id = articles.id)
            ORDER BY articles.published_utc DESC, articles.id""",  # noqa: S608
        condition.parameters,
    ).fetchall()
    for (article_id,) in ids:
        row = connection.execute("SELECT json FROM records WHERE article_id = ?", (article_id,)).fetchone()
        if row is not None:
            yield DigestRecord.model_validate_json(row[0]), read_resolution(connection, article_id)


def read_answer(connection: sqlite3.Connection, service: str, question: str) -> tuple[str, datetime] | None:
    """What a service once answered, and when."""
    row = connection.execute(
        "SELECT answer, answered_at FROM service_answers WHERE service = ? AND question = ?", (service, question)
    ).fetchone()
    return (row[0], datetime.fromisoformat(row[1])) if row else None


def write_answers(connection: sqlite3.Connection, service: str, answers: Mapping[str, str], *, now: datetime) -> None:
    """Keep answers, each under its question."""
    connection.executemany(
        "INSERT OR REPLACE INTO service_answers (service, question, answer, answered_at) VALUES (?, ?, ?, ?)",
        [(service, question, answer, now.isoformat()) for question, answer in answers.items()],
    )
