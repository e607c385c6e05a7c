"""Named exports: up to which change each has been given out, so that the next gives only what came since."""

from __future__ import annotations

import sqlite3
from datetime import datetime


def latest_change(connection: sqlite3.Connection) -> datetime | None:
    """When an article was last stored, changed or curated; None when there is none."""
    row = connection.execute("SELECT max(updated_at) FROM articles").fetchone()
    return datetime.fromisoformat(row[0]) if row[0] else None


def exported_until(connection: sqlite3.Connection, name: str) -> datetime | None:
    """The latest change that the export of this name contained; None when there was no such export."""
    row = connection.execute("SELECT until FROM exports WHERE name = ?", (name,)).fetchone()
    return datetime.fromisoformat(row[0]) if row else None


def note_export(connection: sqlite3.Connection, name: str, *, until: datetime, count: int, now: datetime) -> None:
    """Remember that everything until this change has been exported under this name."""
    connection.execute(
        "INSERT OR REPLACE INTO exports (name, until, records, exported_at) VALUES (?, ?, ?, ?)",
        (name, until.isoformat(), count, now.isoformat()),
    )
