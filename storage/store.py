"""The store: everything the other packages ask of the database, in their own words.

One process writes at a time; any number read meanwhile. Every method raises StorageError or a kind
of it when the database fails: locked, read-only, full, damaged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from ..models import (
    Article,
    Change,
    DigestRecord,
    PageProblem,
    PageRef,
    RawPage,
    RecordResolution,
    StorageError,
    WenzhaiError,
)
from ..models.correction import Correction, CurationOutcome
from . import (
    articles,
    attempts,
    curation,
    exports,
    facets,
    listings,
    pages,
    put,
    records,
    reposts,
    resolutions,
    search,
    search_findings,
    search_index,
    versions,
)
from .articles import StoredArticle
from .attempts import Attempt
from .database import connect, transaction, translated_errors
from .facets import Facet, FacetValue
from .filters import SearchQuery
from .hosts import HostPauses
from .pages import KnownPage
from .reposts import Repost
from .runs import RunLog
from .search import SearchHit
from .search_findings import FindingHit
from .status import StatusReport, status_report
from .versions import ArticleVersion

if TYPE_CHECKING:
    from sqlite_utils import Database

EVERYTHING = SearchQuery()
_T = TypeVar("_T")


def _utc_now() -> datetime:
    return datetime.now(UTC)


def open_store(
    path: str | Path, *, create: bool = False, read_only: bool = False, now: Callable[[], datetime] = _utc_now
) -> Store:
    """Open the store in a file; use it as a context manager, or close it.

    Args:
        path: the file.
        create: begin a new one when there is none.
        read_only: refuse to write; reading goes on while another process writes.
        now: the clock, for the times of storing.

    Raises:
        DatabaseMissingError, DatabaseLockedError, SchemaTooNewError, StorageError: as `connect` does.
    """
    path = Path(path)
    connection = connect(path, create=create, read_only=read_only)
    store = Store(connection, path=path, now=now)
    try:
        if not read_only and not store.index_is_current():
            store.rebuild_index()
    except BaseException:
        store.close()
        raise
    return store


class Store:
    """An open database. Get one from `open_store`."""

    def __init__(self, connection: sqlite3.Connection, *, path: Path, now: Callable[[], datetime]) -> None:
        self.path = path
        self._connection = connection
        self._now = now
        self._wrapped: Database | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; what a batch has not committed yet is given up."""
        self._connection.close()

    @property
    def database(self) -> Database:
        """The database for sqlite-utils."""
        if self._wrapped is None:
            from sqlite_utils import Database  # here, because it costs 0.3 s, which a search need not pay

            self._wrapped = Database(self._connection)
        return self._wrapped

    @property
    def runs(self) -> RunLog:
        """Runs and named sources: what happened when."""
        return RunLog(self._connection, path=self.path)

    @property
    def hosts(self) -> HostPauses:
        """Hosts that are left alone for a while."""
        return HostPauses(self._connection, path=self.path)

    # Harvesting: what is known, what came.

    def known_page(self, location: str) -> KnownPage | None:
        """What is known of a location, None if it was never asked for."""
        with translated_errors(self.path):
            return pages.known_page(self._connection, location)

    def find_article_id(self, aliases: Iterable[str]) -> str | None:
        """The id of the article known by any of these keys, the first known one deciding."""
        with translated_errors(self.path):
            return articles.find_article_id(self._connection, aliases)

    def put_article(self, article: Article, page: RawPage, record: DigestRecord) -> Change:
        """Store an article with the page it was read from and its record: all of it, or nothing.

        ``record.article.id`` is the article's id: from `find_article_id` if that knows one.
        Articles that other aliases led to become part of this one.

        Returns:
            CHANGED when its title, text or anything the record claims is different from what was
            stored; UNCHANGED when only time, source or provenance are.
        """
        with self._writing():
            return put.put_article(self.database, article, page, record, now=self._now())

    def put_problem(
        self,
        ref: PageRef,
        problem: PageProblem | WenzhaiError,
        page: RawPage | None,
        next_try_at: datetime | None,
        *,
        counts: bool = True,
    ) -> None:
        """Note that a location gave no article, keep the page if one came, and count the attempt.

        An article it gave earlier stays. ``next_try_at`` None means never. With ``counts`` False the problem
        is the host's, not the page's: the attempt is on record, but nothing is concluded from it.
        """
        with self._writing():
            put.put_problem(
                self._connection, ref, problem, page, next_try_at=next_try_at, now=self._now(), counts=counts
            )

    def put_unchanged(self, ref: PageRef, page: RawPage | None) -> None:
        """Note that a known location was looked at and gives what it gave."""
        with self._writing():
            put.put_unchanged(self._connection, ref, page, now=self._now())

    def put_waiting(self, ref: PageRef, *, reason: str, next_try_at: datetime) -> None:
        """Note a location that cannot be asked for now, so that it is not forgotten when its list moves on."""
        with self._writing():
            pages.write_waiting(self._connection, ref, reason=reason, next_try_at=next_try_at, now=self._now())

    def put_moved(self, location: str, *, article_id: str) -> None:
        """Note that the article of a location was read at another one: it need not be asked for again."""
        with self._writing():
            pages.write_moved(self._connection, location, article_id=article_id)

    def listing_is_complete(self, target: str) -> bool:
        """Whether the last listing of a target came to its end and all it listed was stored."""
        with translated_errors(self.path):
            return listings.listing_is_complete(self._connection, target)

    def put_listing(self, target: str, *, complete: bool) -> None:
        """Note that a listing of a target has found something new (not complete yet), or has come to its end."""
        with self._writing():
            listings.write_listing(self._connection, target, complete=complete)

    def due_pages(self, *, now: datetime, source: str) -> list[PageRef]:
        """The locations of a source whose next try has come, the longest waiting first, still listed or not."""
        with translated_errors(self.path):
            return pages.due_pages(self._connection, now=now, source=source)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Commit what is put within the block together, which is many times faster.

        It holds the write lock: fetch and extract before, put within. A put that fails takes back
        itself alone, and an error that leaves the block does not take back the puts before it.
        """
        with translated_errors(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._commit()

    # Reading.

    def attempts(self, location: str) -> list[Attempt]:
        """The last attempts at an address, the newest first; files have none."""
        with translated_errors(self.path):
            return attempts.read_attempts(self._connection, location)

    def versions(self, article_id: str) -> list[ArticleVersion]:
        """Every wording an article had, the first one first."""
        with translated_errors(self.path):
            return versions.read_versions(self._connection, article_id)

    def reposts(self, article_id: str) -> list[Repost]:
        """The links of an article with the one it copies and with those that copy it."""
        with translated_errors(self.path):
            return reposts.read_reposts(self._connection, article_id)

    def locate_article(self, key: str) -> str:
        """The id meant by an id, 4 or more digits one begins with, an address, or a WeChat short token.

        Raises:
            ArticleNotFoundError: none, or several.
        """
        with translated_errors(self.path):
            return articles.locate_article(self._connection, key)

    def read_record(self, article_id: str) -> DigestRecord:
        """The record of an article, checked again. Raises ArticleNotFoundError."""
        return DigestRecord.model_validate_json(self.read_record_json(article_id))

    def read_record_json(self, article_id: str) -> str:
        """The record of an article, as it was stored. Raises ArticleNotFoundError."""
        with translated_errors(self.path):
            return records.read_record_json(self._connection, article_id)

    def iterate_records(self, query: SearchQuery = EVERYTHING) -> Iterator[DigestRecord]:
        """The records a query finds, each checked again; order and limits as in `iterate_record_json`."""
        return map(DigestRecord.model_validate_json, self.iterate_record_json(query))

    def iterate_record_json(self, query: SearchQuery = EVERYTHING) -> Iterator[str]:
        """All records a query finds, as stored, by (publication time, id); limit and sort do not count.

        Raises:
            QueryError: the query cannot be understood.
        """
        with translated_errors(self.path):
            self._check_index(query)
            found = records.iterate_record_json(self._connection, query)
        return self._translated(found)

    def read_snapshot(self, sha256: str, *, ref: PageRef | None = None) -> RawPage:
        """A page as it came, by the digest of its bytes. Raises StorageError when there is none."""
        with translated_errors(self.path):
            return pages.read_snapshot(self._connection, sha256, ref=ref)

    def iterate_articles(self) -> Iterator[StoredArticle]:
        """Every article with its origin and provenance, to extract anew; writing meanwhile is fine."""
        return self._translated(articles.stored_articles(self._connection))

    def iterate_pages_with_articles(self) -> Iterator[tuple[StoredArticle, RawPage]]:
        """Every article with its origin and the page it was read from."""
        for stored in self.iterate_articles():
            yield stored, self.read_snapshot(stored.snapshot_sha256, ref=stored.ref)

    # Exporting again, and what curators say.

    def latest_change(self) -> datetime | None:
        """When an article was last stored, changed or curated; None when there is none."""
        with translated_errors(self.path):
            return exports.latest_change(self._connection)

    def exported_until(self, name: str) -> datetime | None:
        """The latest change that the export of this name contained, None if there was no such export."""
        with translated_errors(self.path):
            return exports.exported_until(self._connection, name)

    def note_export(self, name: str, *, until: datetime, count: int) -> None:
        """Remember that everything until this change has been exported under this name, in ``count`` records."""
        with self._writing():
            exports.note_export(self._connection, name, until=until, count=count, now=self._now())

    def import_corrections(self, corrections: Iterable[Correction], *, overrule: bool = False) -> list[CurationOutcome]:
        """Take in what curators say of claims, and apply what can be applied.

        An unknown article or claim, a value that does not fit, or the contrary of what another curator
        said is told in the outcomes; the rest is applied.

        Args:
            overrule: they win over what other curators said.
        """
        with self._writing():
            taken_in = curation.import_corrections(self.database, corrections, overrule=overrule, now=self._now())
            return list(taken_in)

    def corrections_of(self, article_id: str) -> tuple[Correction, ...]:
        """What curators said of an article's claims, oldest first."""
        with translated_errors(self.path):
            return curation.corrections_of(self._connection, article_id)

    # Checking claimed papers.

    def read_resolution(self, article_id: str) -> RecordResolution | None:
        """What services said of a record's papers, None when they were not asked."""
        with translated_errors(self.path):
            return resolutions.read_resolution(self._connection, article_id)

    def put_resolution(self, resolution: RecordResolution) -> None:
        """Store what services said, beside the record, in place of what they said earlier."""
        with self._writing():
            resolutions.write_resolution(self._connection, resolution)

    def iterate_with_resolutions(
        self, query: SearchQuery = EVERYTHING
    ) -> Iterator[tuple[DigestRecord, RecordResolution | None]]:
        """The records a query finds that claim papers, newest first, with their resolutions. Raises QueryError."""
        with translated_errors(self.path):
            self._check_index(query)
        return self._translated(resolutions.iterate_with_resolutions(self._connection, query))

    def read_answer(self, service: str, question: str) -> tuple[str, datetime] | None:
        """What a bibliographic service once answered, and when."""
        with translated_errors(self.path):
            return resolutions.read_answer(self._connection, service, question)

    def write_answers(self, service: str, answers: Mapping[str, str]) -> None:
        """Keep the answers of a bibliographic service, each under its question."""
        with self._writing():
            resolutions.write_answers(self._connection, service, answers, now=self._now())

    # Searching.

    def search(self, query: SearchQuery) -> list[SearchHit]:
        """The articles a query finds, best first. Raises QueryError."""
        with translated_errors(self.path):
            self._check_index(query)
            return search.search(self._connection, query)

    def search_findings(self, query: SearchQuery) -> list[FindingHit]:
        """The sentences a query finds, newest first. Raises QueryError."""
        with translated_errors(self.path):
            self._check_index(query)
            return search_findings.search_findings(self._connection, query)

    def count(self, query: SearchQuery = EVERYTHING) -> int:
        """How many articles a query finds, limit and offset aside. Raises QueryError."""
        with translated_errors(self.path):
            self._check_index(query)
            return search.count(self._connection, query)

    def facet_counts(
        self, query: SearchQuery, wanted: Iterable[Facet], *, top: int | None = None
    ) -> dict[Facet, tuple[FacetValue, ...]]:
        """How the articles a query finds divide, at most ``top`` values a facet. Raises QueryError."""
        with translated_errors(self.path):
            self._check_index(query)
            return facets.facet_counts(self._connection, query, wanted, top=top)

    def status(self, *, failed_limit: int = 100) -> StatusReport:
        """What is in the database, and at most ``failed_limit`` of the pages that failed."""
        with translated_errors(self.path):
            return status_report(self._connection, failed_limit=failed_limit)

    def index_is_current(self) -> bool:
        """Whether the search index reads text as this version does."""
        with translated_errors(self.path):
            return search_index.index_is_current(self._connection)

    def rebuild_index(self) -> int:
        """Index every article afresh, which opening does by itself when needed; returns how many."""
        with translated_errors(self.path):
            return search_index.rebuild_index(self._connection)

    # Inside.

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with translated_errors(self.path), transaction(self._connection):
            yield

    def _commit(self) -> None:
        with translated_errors(self.path):
            if not self._connection.in_transaction:
                raise StorageError(
                    "SQLite gave up a batch of articles",
                    subject=str(self.path),
                    hint="run the same command again",
                )
            try:
                self._connection.execute("COMMIT")
            except sqlite3.Error:
                self._connection.execute("ROLLBACK")
                raise

    def _translated(self, rows: Iterator[_T]) -> Iterator[_T]:
        with translated_errors(self.path):
            yield from rows

    def _check_index(self, query: SearchQuery) -> None:
        if query.text and not search_index.index_is_current(self._connection):
            raise StorageError(
                "the search index is out of date",
                subject=str(self.path),
                hint="open the database once with permission to write",
            )
