"""Reading a database: what is known, records, counts; `searcher` has the searches.

Any number of processes read while one writes. Every method raises StorageError or a kind of it when the
database fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from ..models import DigestRecord, PageRef, RawPage, RecordResolution
from ..models.correction import Correction
from . import (
    articles,
    attempts,
    curation,
    exports,
    listings,
    locating,
    pages,
    record_json,
    reposts,
    resolutions,
    versions,
)
from .articles import StoredArticle
from .attempts import Attempt
from .database import translated_errors
from .filters import SearchQuery
from .pages import KnownPage
from .reposts import Repost
from .searcher import EVERYTHING, Searcher
from .status import StatusReport, status_report
from .versions import ArticleVersion

_T = TypeVar("_T")


class Reader(Searcher):
    """An open database, to read from; `Store` adds writing."""

    # What is known of pages.

    def known_page(self, location: str) -> KnownPage | None:
        """What is known of a location, None if it was never asked for."""
        with translated_errors(self.path):
            return pages.known_page(self._connection, location)

    def find_article_id(self, aliases: Iterable[str]) -> str | None:
        """The id of the article known by any of these keys, the first known one deciding."""
        with translated_errors(self.path):
            return locating.find_article_id(self._connection, aliases)

    def listing_is_complete(self, target: str) -> bool:
        """Whether the last listing of a target came to its end and all it listed was stored."""
        with translated_errors(self.path):
            return listings.listing_is_complete(self._connection, target)

    def due_pages(self, *, now: datetime, source: str) -> list[PageRef]:
        """The locations of a source whose next try has come, the longest waiting first, still listed or not."""
        with translated_errors(self.path):
            return pages.due_pages(self._connection, now=now, source=source)

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

    def read_record(self, article_id: str) -> DigestRecord:
        """The record of an article, checked again. Raises ArticleNotFoundError."""
        return DigestRecord.model_validate_json(self.read_record_json(article_id))

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
            found = record_json.iterate_record_json(self._connection, query)
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

    def latest_change(self) -> datetime | None:
        """When an article was last stored, changed or curated; None when there is none."""
        with translated_errors(self.path):
            return exports.latest_change(self._connection)

    def exported_until(self, name: str) -> datetime | None:
        """The latest change that the export of this name contained, None if there was no such export."""
        with translated_errors(self.path):
            return exports.exported_until(self._connection, name)

    def corrections_of(self, article_id: str) -> tuple[Correction, ...]:
        """What curators said of an article's claims, oldest first."""
        with translated_errors(self.path):
            return curation.corrections_of(self._connection, article_id)

    def read_resolution(self, article_id: str) -> RecordResolution | None:
        """What services said of a record's papers, None when they were not asked."""
        with translated_errors(self.path):
            return resolutions.read_resolution(self._connection, article_id)

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

    def status(self, *, failed_limit: int = 100) -> StatusReport:
        """What is in the database, and at most ``failed_limit`` of the pages that failed."""
        with translated_errors(self.path):
            return status_report(self._connection, failed_limit=failed_limit)

    def _translated(self, rows: Iterator[_T]) -> Iterator[_T]:
        with translated_errors(self.path):
            yield from rows
