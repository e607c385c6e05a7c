"""How the articles a query finds divide: by what they name, by account, kind and time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .filters import Condition, SearchQuery, where
from .matching import matching

Facet: TypeAlias = Literal[
    "journal", "digested_journal", "gene", "central_gene", "method", "tool", "disease", "account", "kind",
    "year", "month", "day",
]  # fmt: skip

# Table and expression. A record names a gene or method once, but may have several papers in a journal.
_VALUES: Mapping[Facet, tuple[str, str]] = {
    "journal": ("papers", "journal"),
    "digested_journal": ("papers", "iif(role = 'primary', journal, NULL)"),
    "gene": ("genes", "symbol"),
    "central_gene": ("genes", "iif(central, symbol, NULL)"),
    "method": ("methods", "name"),
    "tool": ("tools", "name"),
    "disease": ("diseases", "name"),
    "account": ("articles", "account"),
    "kind": ("articles", "kind"),
    "year": ("articles", "substr(published_on, 1, 4)"),
    "month": ("articles", "substr(published_on, 1, 7)"),
    "day": ("articles", "published_on"),
}
_BY_TIME = ("year", "month", "day")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and the number of found articles that have it."""

    value: str
    count: int


def facet_counts(
    connection: sqlite3.Connection, query: SearchQuery, facets: Iterable[Facet], *, top: int | None = None
) -> dict[Facet, tuple[FacetValue, ...]]:
    """For each facet its values, most articles first (times: latest first), at most ``top`` of them.

    An article counts once for a value, and not where it has none. Limit, offset and sort of the query
    do not count. Raises QueryError.
    """
    found = matching(query)
    return {facet: tuple(_counted(connection, facet, found, top)) for facet in facets}


def _counted(connection: sqlite3.Connection, facet: Facet, found: Condition, top: int | None) -> Iterator[FacetValue]:
    table, value = _VALUES[facet]
    article_id = "id" if table == "articles" else "article_id"
    counted = "count(DISTINCT article_id)" if table == "papers" else "count(*)"
    # Of 100,000 articles the first page asks for all, and looking each of them up would take seconds.
    within = "1" if found == where(SearchQuery()) else f"{article_id} IN found"
    rows = connection.execute(
        f"""WITH found AS MATERIALIZED (SELECT id FROM articles WHERE {found.sql})
            SELECT {value} AS value, {counted} AS articles FROM {table} WHERE {within} AND value <> ''
            GROUP BY value ORDER BY {"value DESC" if facet in _BY_TIME else "articles DESC, value"}
            LIMIT ?""",  # noqa: S608 - the pieces are ours
        (*found.parameters, -1 if top is None else top),
    )
    return (FacetValue(*row) for row in rows)
