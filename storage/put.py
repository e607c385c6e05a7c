"""Storing one outcome: the article with all that belongs to it, or the problem there was.

These run within the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING

from ..models import Article, Change, DigestRecord, PageProblem, PageRef, RawPage, Validators, WenzhaiError
from . import articles, attempts, curation, pages, records, reposts, versions

if TYPE_CHECKING:
    from sqlite_utils import Database


def put_article(database: Database, article: Article, page: RawPage, record: DigestRecord, *, now: datetime) -> Change:
    """Store an article, its page, its record and its place in the index; returns what that changed."""
    connection, article_id = database.conn, record.article.id
    pages.keep_snapshot(connection, page)
    earlier = articles.stored_state(connection, article_id)
    if earlier is None:
        change = Change.NEW
    else:
        stored = curation.extracted_json(connection, article_id)
        change = Change.UNCHANGED if records.same_claims(stored, record) else Change.CHANGED
    if change is Change.UNCHANGED:
        articles.refresh_article(connection, article, page, article_id=article_id)
    else:
        articles.write_article(connection, article, page, record, now=now)
        records.write_claims(database, record)
    records.write_record(connection, record, now=now)
    curation.forget_extracted(connection, article_id)
    articles.join_aliases(connection, article_id, article.aliases)
    curation.apply_corrections(database, article_id)
    pages.write_success(connection, page, state=article.state, article_id=article_id, now=now)
    _write_identity(connection, article, record, change=change, now=now)
    if page.ref.is_web_address:
        attempt = attempts.Attempt(page.ref.location, now, article.state.value, page.status, "")
        attempts.write_attempt(connection, attempt)
    if earlier is not None:
        # The same article comes in different bytes each time; only what it once said is worth keeping.
        pages.drop_snapshot_if_unused(connection, earlier.snapshot_sha256)
    return change


def _write_identity(
    connection: sqlite3.Connection, article: Article, record: DigestRecord, *, change: Change, now: datetime
) -> None:
    """Notes how the article reads now, and whose copy it is."""
    info = record.article
    version = versions.ArticleVersion(
        text_sha256=info.text_sha256,
        title=info.title,
        snapshot_sha256=article.snapshot_sha256,
        seen_at=now,
        modified_at=article.modified_at,
    )
    versions.write_version(connection, info.id, version)
    if change is not Change.UNCHANGED:
        reposts.link_reposts(connection, info.id, original_aliases=article.original_aliases, aliases=article.aliases)


def put_problem(
    connection: sqlite3.Connection,
    ref: PageRef,
    problem: PageProblem | WenzhaiError,
    page: RawPage | None,
    *,
    next_try_at: datetime | None,
    now: datetime,
    counts: bool,
) -> None:
    """Note that a location gave no article, with the page if one came."""
    if ref.is_web_address:
        attempts.write_attempt(connection, attempts.attempt_of_problem(ref.location, problem, page, now=now))
    earlier = pages.last_snapshot(connection, ref.location)
    if page is not None:
        pages.keep_snapshot(connection, page)
    pages.write_problem(
        connection,
        ref,
        problem,
        snapshot_sha256=None if page is None else page.sha256,
        next_try_at=next_try_at,
        now=now,
        counts=counts,
    )
    for sha256 in (earlier, None if page is None else page.sha256):
        if sha256 is not None:
            pages.drop_snapshot_if_unused(connection, sha256)  # one captcha is like the other


def put_unchanged(connection: sqlite3.Connection, ref: PageRef, page: RawPage | None, *, now: datetime) -> None:
    """Note that a location was looked at and gives what it gave."""
    pages.touch_page(connection, ref.location, now=now, validators=page.validators if page else Validators())
    if ref.is_web_address and page is not None:
        attempts.write_attempt(connection, attempts.Attempt(ref.location, now, "unchanged", page.status, ""))
