"""Searching a database: what a search from the shell opens, and the part of `Reader` that it needs.

It stands apart so that a search loads neither pydantic nor zstandard: from the shell, what is imported takes
longer than what is looked for. For the same reason each method imports what only it needs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ..models.errors import StorageError
from . import search
from .database import connect, translated_errors
from .filters import SearchQuery
from .index_state import index_is_current
from .search import SearchHit

if TYPE_CHECKING:
    from .facets import Facet, FacetValue
    from .related import RelatedArticle
    from .search_findings import FindingHit

EVERYTHING = SearchQuery()


class Searcher:
    """An open database, to search; `Reader` adds the rest of reading. Get one from `open_searcher`."""

    def __init__(self, connection: sqlite3.Connection, *, path: Path) -> None:
        self.path = path
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; what a batch has not committed yet is given up."""
        self._connection.close()

    def search(self, query: SearchQuery) -> list[SearchHit]:
        """The articles a query finds, best first. Raises QueryError."""
        with translated_errors(self.path):
            self._check_index(query)
            return search.search(self._connection, query)

    def search_findings(self, query: SearchQuery) -> list[FindingHit]:
        """The sentences a query finds, newest first. Raises QueryError."""
        from . import search_findings

        with translated_errors(self.path):
            self._check_index(query)
            return search_findings.search_findings(self._connection, query)

    def count(self, query: SearchQuery = EVERYTHING, *, up_to: int | None = None) -> int:
        """How many articles a query finds, limit and offset aside; no more than ``up_to``. Raises QueryError."""
        with translated_errors(self.path):
            self._check_index(query)
            return search.count(self._connection, query, up_to=up_to)

    def facet_counts(
        self, query: SearchQuery, wanted: Iterable[Facet], *, top: int | None = None
    ) -> dict[Facet, tuple[FacetValue, ...]]:
        """How the articles a query finds divide, at most ``top`` values a facet. Raises QueryError."""
        from . import facets

        with translated_errors(self.path):
            self._check_index(query)
            return facets.facet_counts(self._connection, query, wanted, top=top)

    def locate_article(self, key: str) -> str:
        """The id meant by an id, 4 or more digits one begins with, an address, or a WeChat short token.

        Raises:
            ArticleNotFoundError: none, or several.
        """
        from . import locating

        with translated_errors(self.path):
            return locating.locate_article(self._connection, key)

    def related(self, article_id: str, *, limit: int = 20) -> list[RelatedArticle]:
        """Articles on the same paper, then at most ``limit`` that share central genes, the rarest genes first."""
        from . import related

        with translated_errors(self.path):
            self._require_index()
            return related.related_articles(self._connection, article_id, limit=limit)

    def read_record_json(self, article_id: str) -> str:
        """The record of an article, as it was stored. Raises ArticleNotFoundError."""
        from . import record_json

        with translated_errors(self.path):
            return record_json.read_record_json(self._connection, article_id)

    def index_is_current(self) -> bool:
        """Whether the search index reads text as this version does."""
        with translated_errors(self.path):
            return index_is_current(self._connection)

    def _check_index(self, query: SearchQuery) -> None:
        if query.text:
            self._require_index()

    def _require_index(self) -> None:
        if not index_is_current(self._connection):
            raise StorageError(
                "the search index is out of date",
                subject=str(self.path),
                hint="open the database once with permission to write",
            )


def open_searcher(path: str | Path) -> Searcher:
    """Open a database to search it, while others may read and one may write; use it as a context manager.

    Raises:
        DatabaseMissingError, DatabaseLockedError, SchemaTooNewError, StorageError: as `connect` does.
    """
    path = Path(path)
    return Searcher(connect(path, read_only=True), path=path)
