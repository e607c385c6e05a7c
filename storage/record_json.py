"""Reading records as they were stored: JSON, word for word, which nothing need be imported for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from ..models.errors import ArticleNotFoundError
from .filters import SearchQuery
from .matching import matching


def read_record_json(connection: sqlite3.Connection, article_id: str) -> str:
    """The record of an article, as it was stored. Raises ArticleNotFoundError."""
    row = connection.execute("SELECT json FROM records WHERE article_id = ?", (article_id,)).fetchone()
    if row is None:
        raise ArticleNotFoundError("there is no article with this id", subject=article_id)
    return str(row[0])


def iterate_record_json(connection: sqlite3.Connection, query: SearchQuery) -> Iterator[str]:
    """The records a query finds, as stored, by (publication time, id), undated ones first.

    Memory stays the same however many there are. Limit, offset and sort of the query do not count.
    """
    condition = matching(query)
    rows = connection.execute(
        f"""SELECT records.json FROM articles CROSS JOIN records ON records.article_id = articles.id
            WHERE {condition.sql} ORDER BY articles.published_utc, articles.id""",  # noqa: S608
        condition.parameters,
    )
    return (row[0] for row in rows)
