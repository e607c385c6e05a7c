"""What is in the database, what failed, and when it is tried again."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..models import PageState

_READABLE = [state.value for state in PageState if state.readable]


@dataclass(frozen=True, slots=True)
class FailedPage:
    """A location that gave no article: ``state`` is a PageState or ``error``."""

    location: str
    source: str
    state: str
    reason: str
    attempts: int
    last_seen: datetime
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Counts and times.

    Attributes:
        articles: how many there are.
        articles_by_kind, articles_by_source: the same by kind and by source.
        pages_by_state: locations by PageState, or ``error``.
        failed: those without an article, next to be tried first, then the ones that never will be.
        last_harvests: when each source was last heard of.
        database_bytes: size of the data, free space within the file included.
    """

    articles: int
    articles_by_kind: Mapping[str, int]
    articles_by_source: Mapping[str, int]
    pages_by_state: Mapping[str, int]
    failed: tuple[FailedPage, ...]
    last_harvests: Mapping[str, datetime]
    database_bytes: int


def status_report(connection: sqlite3.Connection, *, failed_limit: int) -> StatusReport:
    """Counts, and at most ``failed_limit`` failed pages."""
    by_kind = _counts(connection, "SELECT kind, count(*) FROM articles GROUP BY kind ORDER BY kind")
    last = connection.execute("SELECT source, max(last_seen) FROM pages GROUP BY source ORDER BY source")
    size = connection.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
    return StatusReport(
        articles=sum(by_kind.values()),
        articles_by_kind=by_kind,
        articles_by_source=_counts(connection, "SELECT source, count(*) FROM articles GROUP BY source ORDER BY source"),
        pages_by_state=_counts(connection, "SELECT state, count(*) FROM pages GROUP BY state ORDER BY state"),
        failed=_failed(connection, failed_limit),
        last_harvests={source: datetime.fromisoformat(time) for source, time in last},
        database_bytes=size.fetchone()[0],
    )


def _counts(connection: sqlite3.Connection, sql: str) -> dict[str, int]:
    return dict(connection.execute(sql).fetchall())


def _failed(connection: sqlite3.Connection, limit: int) -> tuple[FailedPage, ...]:
    rows = connection.execute(
        f"""SELECT location, source, state, coalesce(nullif(detail, ''), evidence), attempts, last_seen,
                next_try_at
            FROM pages WHERE state NOT IN ({", ".join("?" * len(_READABLE))})
            ORDER BY next_try_at NULLS LAST, location LIMIT ?""",  # noqa: S608
        (*_READABLE, limit),
    )
    return tuple(
        FailedPage(
            location=location,
            source=source,
            state=state,
            reason=reason,
            attempts=attempts,
            last_seen=datetime.fromisoformat(last_seen),
            next_try_at=None if next_try_at is None else datetime.fromisoformat(next_try_at),
        )
        for location, source, state, reason, attempts, last_seen, next_try_at in rows
    )
