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
from typing import TYPE_CHECKING, TypeVar

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
    curation,
    exports,
    listings,
    pages,
    put,
    resolutions,
    search_index,
)
from .database import connect, transaction, translated_errors
from .filters import SearchQuery
from .hosts import HostPauses
from .index_worker import entries_by_worker
from .reader import Reader
from .runs import RunLog

if TYPE_CHECKING:
    from sqlite_utils import Database

EVERYTHING = SearchQuery()
_MANY_ARTICLES = 2_000  # from here on indexing pays for a second process
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
        if not read_only:
            store._bring_index_up_to_date()
    except BaseException:
        store.close()
        raise
    return store


class Store(Reader):
    """An open database, to read from and write to. Get one from `open_store`."""

    def __init__(self, connection: sqlite3.Connection, *, path: Path, now: Callable[[], datetime]) -> None:
        super().__init__(connection, path=path)
        self._now = now
        self._wrapped: Database | None = None

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

    def put_listing(self, target: str, *, complete: bool) -> None:
        """Note that a listing of a target has found something new (not complete yet), or has come to its end."""
        with self._writing():
            listings.write_listing(self._connection, target, complete=complete)

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
        except BaseException:
            # Where SQLite took the batch back itself, as on a full disk, the error tells why.
            if self._connection.in_transaction:
                self._commit()
            raise
        self._commit()

    # Exporting again, and what curators say.

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

    # Checking claimed papers.

    def put_resolution(self, resolution: RecordResolution) -> None:
        """Store what services said, beside the record, in place of what they said earlier."""
        with self._writing():
            resolutions.write_resolution(self._connection, resolution)

    def write_answers(self, service: str, answers: Mapping[str, str]) -> None:
        """Keep the answers of a bibliographic service, each under its question."""
        with self._writing():
            resolutions.write_answers(self._connection, service, answers, now=self._now())

    # The index.

    def rebuild_index(self) -> int:
        """Index every article afresh, which opening does by itself when needed; returns how many."""
        with translated_errors(self.path):
            entries = entries_by_worker if self.count() >= _MANY_ARTICLES else None
            return search_index.rebuild_index(self._connection, entries=entries)

    def _bring_index_up_to_date(self) -> None:
        """Index what other programs changed, what a process that died left, or everything if it was made otherwise."""
        if not self.index_is_current():
            self.rebuild_index()
            return
        with translated_errors(self.path):
            waiting = search_index.changes_to_index(self._connection)
            if waiting >= _MANY_ARTICLES:
                search_index.index_many(self._connection, entries=entries_by_worker)
            elif waiting:
                with transaction(self._connection):
                    search_index.catch_up(self._connection)

    # Inside.

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with translated_errors(self.path), transaction(self._connection):
            yield
            search_index.catch_up(self._connection)

    def _commit(self) -> None:
        with translated_errors(self.path):
            if not self._connection.in_transaction:
                raise StorageError(
                    "SQLite gave up a batch of articles",
                    subject=str(self.path),
                    hint="see that there is room on the disk, and run the same command again",
                )
            try:
                self._connection.execute("COMMIT")
            except sqlite3.Error:
                self._connection.execute("ROLLBACK")
                raise
