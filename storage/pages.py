"""Every location ever asked for, what came of it, and the bytes that came."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from ..models import PageProblem, PageRef, PageState, Provenance, RawPage, StorageError, Validators, WenzhaiError
from .snapshot_bytes import PLAIN_LEVEL, QUICK_LEVEL, compress, decompress, newest_dictionary

_ERROR = "error"  # in place of a PageState where an error kept us from telling


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What is known of a location.

    Attributes:
        location, source: where, and which source listed it last.
        state: what the page was last time; None when an error kept us from telling.
        reason: why it gave no article, one sentence; empty when it did.
        snapshot_sha256: of the last bytes that came from there, if any ever did.
        article_id: of the article it gave, now or earlier.
        attempts: failed ones since it last gave an article.
        next_try_at: when to ask again after a failure; None when not to, or after a success.
        first_seen, last_seen: when it was first and last asked for.
        validators: what to ask with, to be told that nothing changed.
        provenance_json: what made the article's record; None without one.
    """

    location: str
    source: str
    state: PageState | None
    reason: str
    snapshot_sha256: str | None
    article_id: str | None
    attempts: int
    next_try_at: datetime | None
    first_seen: datetime
    last_seen: datetime
    validators: Validators
    provenance_json: str | None

    @property
    def provenance(self) -> Provenance | None:
        """What made the article's record; read only when asked for, as most pages of a long list are never."""
        return None if self.provenance_json is None else Provenance.model_validate_json(self.provenance_json)


def known_page(connection: sqlite3.Connection, location: str) -> KnownPage | None:
    """What is known of a location, None if it was never asked for."""
    row = connection.execute(
        """SELECT pages.source, state, evidence, detail, snapshot_sha256, pages.article_id, attempts,
                next_try_at, first_seen, last_seen, etag, last_modified, provenance
            FROM pages LEFT JOIN records ON records.article_id = pages.article_id WHERE location = ?""",
        (location,),
    ).fetchone()
    if row is None:
        return None
    source, state, evidence, detail, sha256, article_id, attempts, next_try_at, first_seen, last_seen, *rest = row
    etag, last_modified, provenance = rest
    return KnownPage(
        location=location,
        source=source,
        state=None if state == _ERROR else PageState(state),
        reason=detail or evidence,
        snapshot_sha256=sha256,
        article_id=article_id,
        attempts=attempts,
        next_try_at=None if next_try_at is None else datetime.fromisoformat(next_try_at),
        first_seen=datetime.fromisoformat(first_seen),
        last_seen=datetime.fromisoformat(last_seen),
        validators=Validators(etag, last_modified),
        provenance_json=provenance,
    )


def write_success(
    connection: sqlite3.Connection, page: RawPage, *, state: PageState, article_id: str, now: datetime
) -> None:
    """Note that a location gave an article; its snapshot and the article must be stored already."""
    connection.execute(
        """INSERT INTO pages (location, source, state, evidence, detail, snapshot_sha256, article_id,
                first_seen, last_seen, attempts, next_try_at, etag, last_modified)
            VALUES (?1, ?2, ?3, '', '', ?4, ?5, ?6, ?6, 0, NULL, ?7, ?8)
            ON CONFLICT (location) DO UPDATE SET source = ?2, state = ?3, evidence = '', detail = '',
                snapshot_sha256 = ?4, article_id = ?5, last_seen = ?6, attempts = 0, next_try_at = NULL,
                etag = ?7, last_modified = ?8""",
        (
            page.ref.location,
            page.ref.source,
            state.value,
            page.sha256,
            article_id,
            now.isoformat(),
            page.validators.etag,
            page.validators.last_modified,
        ),
    )


def write_problem(
    connection: sqlite3.Connection,
    ref: PageRef,
    problem: PageProblem | WenzhaiError,
    *,
    snapshot_sha256: str | None,
    next_try_at: datetime | None,
    now: datetime,
    counts: bool = True,
) -> None:
    """Note that a location gave no article; an article and bytes it gave earlier stay with it.

    What does not count as an attempt leaves the state of a page that gave an article as it is.
    """
    if isinstance(problem, PageProblem):
        state, evidence, detail = problem.state.value, problem.evidence, problem.detail
    else:
        detail = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
        state, evidence = _ERROR, type(problem).__name__
    next_try = None if next_try_at is None else next_try_at.isoformat()
    connection.execute(
        """INSERT INTO pages (location, source, state, evidence, detail, snapshot_sha256, article_id,
                first_seen, last_seen, attempts, next_try_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, ?7, ?7, ?9, ?8)
            ON CONFLICT (location) DO UPDATE SET source = ?2, state = ?3, evidence = ?4, detail = ?5,
                snapshot_sha256 = coalesce(?6, snapshot_sha256), last_seen = ?7, attempts = attempts + ?9,
                next_try_at = ?8
            WHERE ?9 OR article_id IS NULL""",
        (ref.location, ref.source, state, evidence, detail, snapshot_sha256, now.isoformat(), next_try, int(counts)),
    )


def write_waiting(
    connection: sqlite3.Connection, ref: PageRef, *, reason: str, next_try_at: datetime, now: datetime
) -> None:
    """Note a location that was listed but could not be asked for yet, so that it is not lost when the list moves on."""
    connection.execute(
        """INSERT INTO pages (location, source, state, evidence, detail, first_seen, last_seen, attempts, next_try_at)
            VALUES (?1, ?2, ?3, 'waiting', ?4, ?5, ?5, 0, ?6)
            ON CONFLICT (location) DO UPDATE SET next_try_at = max(next_try_at, ?6)
                WHERE next_try_at IS NOT NULL AND article_id IS NULL""",
        (ref.location, ref.source, _ERROR, reason, now.isoformat(), next_try_at.isoformat()),
    )


def write_moved(connection: sqlite3.Connection, location: str, *, article_id: str) -> None:
    """Note which article a location was moved from: it need not be asked for again."""
    connection.execute("UPDATE pages SET article_id = ?, next_try_at = NULL WHERE location = ?", (article_id, location))


def due_pages(connection: sqlite3.Connection, *, now: datetime, source: str) -> list[PageRef]:
    """The locations of a source whose next try has come, the longest waiting first."""
    rows = connection.execute(
        """SELECT location, source FROM pages
            WHERE source = ? AND next_try_at IS NOT NULL AND julianday(next_try_at) <= julianday(?)
            ORDER BY julianday(next_try_at), location""",
        (source, now.isoformat()),
    ).fetchall()
    return [PageRef(location, source) for location, source in rows]


def touch_page(connection: sqlite3.Connection, location: str, *, now: datetime, validators: Validators) -> None:
    """Note that a known location was looked at and is unchanged, and what its server says of it now."""
    connection.execute("UPDATE pages SET last_seen = ? WHERE location = ?", (now.isoformat(), location))
    if validators:
        connection.execute(
            "UPDATE pages SET etag = ?, last_modified = ? WHERE location = ?",
            (validators.etag, validators.last_modified, location),
        )


def keep_snapshot(connection: sqlite3.Connection, page: RawPage) -> None:
    """Store the bytes of a page, unless the very same are there already."""
    if connection.execute("SELECT 1 FROM snapshots WHERE sha256 = ?", (page.sha256,)).fetchone():
        return
    dictionary = newest_dictionary(connection)
    level = PLAIN_LEVEL if dictionary is None else QUICK_LEVEL
    connection.execute(
        """INSERT INTO snapshots (sha256, content, media_type, charset, status, headers, final_url, bytes,
            fetched_at, dictionary_id, level) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            page.sha256,
            compress(connection, page.content, dictionary_id=dictionary, level=level),
            page.media_type,
            page.charset,
            page.status,
            json.dumps(dict(page.headers), ensure_ascii=False),
            page.final_url,
            len(page.content),
            page.fetched_at.isoformat(),
            dictionary,
            level,
        ),
    )


def last_snapshot(connection: sqlite3.Connection, location: str) -> str | None:
    """The digest of the last bytes that came from a location."""
    row = connection.execute("SELECT snapshot_sha256 FROM pages WHERE location = ?", (location,)).fetchone()
    return None if row is None else row[0]


def drop_snapshot_if_unused(connection: sqlite3.Connection, sha256: str) -> None:
    """Forget bytes that no page and no article refers to any more."""
    connection.execute(
        """DELETE FROM snapshots WHERE sha256 = ?1
            AND NOT EXISTS (SELECT 1 FROM pages WHERE snapshot_sha256 = ?1)
            AND NOT EXISTS (SELECT 1 FROM articles WHERE snapshot_sha256 = ?1)
            AND NOT EXISTS (SELECT 1 FROM article_versions WHERE snapshot_sha256 = ?1)""",
        (sha256,),
    )


def read_snapshot(connection: sqlite3.Connection, sha256: str, *, ref: PageRef | None = None) -> RawPage:
    """The page as it came.

    Args:
        connection: an open database.
        sha256: digest of its bytes.
        ref: where it was asked for; by default any location that gave these bytes.

    Raises:
        StorageError: no such bytes are stored, or they are damaged.
    """
    row = connection.execute(
        """SELECT content, media_type, charset, status, headers, final_url, fetched_at, bytes, dictionary_id
            FROM snapshots WHERE sha256 = ?""",
        (sha256,),
    ).fetchone()
    if row is None:
        raise StorageError("there is no snapshot with this digest", subject=sha256)
    content, media_type, charset, status, headers, final_url, fetched_at, size, dictionary = row
    ref = ref or _any_ref(connection, sha256) or PageRef(final_url, "")
    return RawPage(
        ref=ref,
        content=decompress(connection, content, dictionary_id=dictionary, size=size, sha256=sha256),
        # Two files may have the same content; the snapshot tells of the first.
        final_url=final_url if ref.is_web_address else ref.location,
        media_type=media_type,
        fetched_at=datetime.fromisoformat(fetched_at),
        charset=charset,
        status=status,
        headers=json.loads(headers),
    )


def _any_ref(connection: sqlite3.Connection, sha256: str) -> PageRef | None:
    row = connection.execute(
        "SELECT location, source FROM pages WHERE snapshot_sha256 = ? ORDER BY last_seen DESC LIMIT 1",
        (sha256,),
    ).fetchone()
    return None if row is None else PageRef(*row)
