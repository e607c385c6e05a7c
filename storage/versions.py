"""What an article said before it was edited: one row for each text or title it ever had.

The text of an old version is in its snapshot, the page as it came.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from . import pages

# A page with a clock on it is "edited" at every look: the first version and the last ones are kept.
MOST_KEPT = 24


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """One wording of an article.

    Attributes:
        text_sha256: digest of its text.
        title: its title then.
        snapshot_sha256: the page it was read from, for `Store.read_snapshot`.
        seen_at: when it was first seen.
        modified_at: when the page says it was edited, None when it does not tell.
    """

    text_sha256: str
    title: str
    snapshot_sha256: str
    seen_at: datetime
    modified_at: datetime | None


def write_version(connection: sqlite3.Connection, article_id: str, version: ArticleVersion) -> None:
    """Notes how an article reads now: a new version when its title or text differ from the last one.

    The same page read otherwise, by a better reader, is the same version.
    """
    last = connection.execute(
        """SELECT id, text_sha256, title, snapshot_sha256 FROM article_versions
            WHERE article_id = ? ORDER BY id DESC LIMIT 1""",
        (article_id,),
    ).fetchone()
    modified_at = None if version.modified_at is None else version.modified_at.isoformat()
    values = (version.text_sha256, version.title, version.snapshot_sha256, modified_at)
    if last is not None and (last[1:3] == values[:2] or last[3] == version.snapshot_sha256):
        connection.execute(
            """UPDATE article_versions SET text_sha256 = ?, title = ?, snapshot_sha256 = ?, modified_at = ?
                WHERE id = ?""",
            (*values, last[0]),
        )
        return
    connection.execute(
        """INSERT INTO article_versions (text_sha256, title, snapshot_sha256, modified_at, article_id, seen_at)
            VALUES (?, ?, ?, ?, ?, ?)""",
        (*values, article_id, version.seen_at.isoformat()),
    )
    _forget_the_middle(connection, article_id)


def _forget_the_middle(connection: sqlite3.Connection, article_id: str) -> None:
    rows = connection.execute(
        "SELECT id, snapshot_sha256 FROM article_versions WHERE article_id = ? ORDER BY id", (article_id,)
    ).fetchall()
    for version_id, snapshot in rows[1 : max(len(rows) - MOST_KEPT, 0) + 1]:
        connection.execute("DELETE FROM article_versions WHERE id = ?", (version_id,))
        pages.drop_snapshot_if_unused(connection, snapshot)


def read_versions(connection: sqlite3.Connection, article_id: str) -> list[ArticleVersion]:
    """The versions of an article, the first one first."""
    rows = connection.execute(
        """SELECT text_sha256, title, snapshot_sha256, seen_at, modified_at FROM article_versions
            WHERE article_id = ? ORDER BY id""",
        (article_id,),
    )
    return [
        ArticleVersion(
            text_sha256=text,
            title=title,
            snapshot_sha256=snapshot,
            seen_at=datetime.fromisoformat(seen_at),
            modified_at=None if modified_at is None else datetime.fromisoformat(modified_at),
        )
        for text, title, snapshot, seen_at, modified_at in rows
    ]
