"""Articles and the keys they go by: one article keeps one id, wherever and however often it is met."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ..models import Article, DigestRecord, PageRef, Provenance, RawPage
from .locating import find_article_id

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """Where a stored article came from and what made its record: enough to tell whether to redo it.

    Attributes:
        article_id: its id.
        ref: the page it was read from.
        snapshot_sha256: the bytes it was read from, for `read_snapshot`.
        provenance: what made its record.
    """

    article_id: str
    ref: PageRef
    snapshot_sha256: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class StoredState:
    """Where an article is in the index, and the bytes it was read from."""

    rowid: int
    snapshot_sha256: str


def stored_state(connection: sqlite3.Connection, article_id: str) -> StoredState | None:
    row = connection.execute("SELECT rowid, snapshot_sha256 FROM articles WHERE id = ?", (article_id,)).fetchone()
    return None if row is None else StoredState(*row)


def write_article(
    connection: sqlite3.Connection, article: Article, page: RawPage, record: DigestRecord, *, now: datetime
) -> int:
    """Insert an article, or overwrite all of it but its rowid and ``stored_at``; returns the rowid.

    The title, text and the like are the record's, so that its offsets hold.
    """
    info = record.article
    values = {
        "id": info.id,
        "url": info.url,
        "title": info.title,
        "account": info.account,
        "author": info.author,
        "published_at": None if info.published_at is None else info.published_at.isoformat(),
        "harvested_at": info.harvested_at.isoformat(),
        "source": info.source,
        "location": page.ref.location,
        "state": article.state.value,
        "kind": info.kind.value,
        "text": info.text,
        "text_sha256": info.text_sha256,
        "categories": json.dumps(info.categories, ensure_ascii=False),
        "tags": json.dumps(info.tags, ensure_ascii=False),
        "snapshot_sha256": page.sha256,
        "updated_at": now.isoformat(),
    }
    rowid: int = connection.execute(
        f"""INSERT INTO articles ({", ".join(values)}, stored_at)
            VALUES ({", ".join(f":{column}" for column in values)}, :updated_at)
            ON CONFLICT (id) DO UPDATE SET {", ".join(f"{column} = excluded.{column}" for column in values)}
            RETURNING rowid""",  # noqa: S608 - the columns are named above
        values,
    ).fetchone()[0]
    return rowid


def refresh_article(connection: sqlite3.Connection, article: Article, page: RawPage, *, article_id: str) -> None:
    """Note where and when an article was met again, its content being the same."""
    connection.execute(
        """UPDATE articles SET harvested_at = ?, source = ?, location = ?, state = ?, snapshot_sha256 = ?
            WHERE id = ?""",
        (
            article.harvested_at.isoformat(),
            article.source,
            page.ref.location,
            article.state.value,
            page.sha256,
            article_id,
        ),
    )


def join_aliases(connection: sqlite3.Connection, article_id: str, aliases: Iterable[str]) -> None:
    """Make all keys lead to the article, and any other article they led to a part of it.

    That one was the same article, met by another key before it was known that the two are the same.
    Its id remains a key, so that what was written down with it is still found.
    """
    keys = list(aliases)
    for other in {found for key in keys if (found := find_article_id(connection, [key])) is not None}:
        if other != article_id:
            _absorb(connection, article_id, other)
    connection.executemany(
        "INSERT INTO aliases VALUES (?1, ?2) ON CONFLICT (alias) DO UPDATE SET article_id = ?2",
        [(key, article_id) for key in keys],
    )


def _absorb(connection: sqlite3.Connection, article_id: str, other: str) -> None:
    connection.execute("UPDATE aliases SET article_id = ? WHERE article_id = ?", (article_id, other))
    connection.execute("UPDATE pages SET article_id = ? WHERE article_id = ?", (article_id, other))
    connection.execute("UPDATE article_versions SET article_id = ? WHERE article_id = ?", (article_id, other))
    _move_reposts(connection, from_id=other, to_id=article_id)
    connection.execute("UPDATE OR IGNORE corrections SET article_id = ? WHERE article_id = ?", (article_id, other))
    connection.execute("INSERT INTO aliases VALUES (?, ?)", (f"id:{other}", article_id))
    connection.execute("DELETE FROM articles WHERE id = ?", (other,))


def _move_reposts(connection: sqlite3.Connection, *, from_id: str, to_id: str) -> None:
    """Gives the links of an article to the one it became part of."""
    for column in ("article_id", "of_article_id"):
        connection.execute(
            f"UPDATE OR IGNORE reposts SET {column} = ? WHERE {column} = ?",  # noqa: S608 - named above
            (to_id, from_id),
        )
    connection.execute("UPDATE OR IGNORE named_originals SET article_id = ? WHERE article_id = ?", (to_id, from_id))
    connection.execute("DELETE FROM reposts WHERE article_id = of_article_id")


def stored_articles(connection: sqlite3.Connection) -> Iterator[StoredArticle]:
    """Every article with its origin, oldest first; articles may be written while this runs."""
    last = 0
    while True:
        # In chunks, because a cursor left open does not mix with writes to the same rows.
        rows = connection.execute(
            """SELECT articles.rowid, id, location, source, snapshot_sha256, provenance
                FROM articles JOIN records ON article_id = id
                WHERE articles.rowid > ? ORDER BY articles.rowid LIMIT ?""",
            (last, _CHUNK),
        ).fetchall()
        if not rows:
            return
        for last, article_id, location, source, sha256, provenance in rows:  # noqa: B007
            yield StoredArticle(
                article_id=article_id,
                ref=PageRef(location, source),
                snapshot_sha256=sha256,
                provenance=Provenance.model_validate_json(provenance),
            )
