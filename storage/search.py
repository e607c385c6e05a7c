"""Running a search: which articles, and what to show of each."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ..models import ArticleKind
from .filters import Condition, SearchQuery, where
from .matching import count_rows, found_rows
from .query import Node, parse_query
from .query_terms import highlight_patterns
from .ranking import NEWEST, Ranked, Search, best_first, exactly, newest_first
from .snippets import Snippet, Span, find_highlights, make_snippet


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An article found.

    Attributes:
        article_id, title, account, published_at, url, kind: of the article.
        journals: names of the journals of its papers, the digested ones first.
        snippet: the passage that fits best; for a search without words a key finding, or the beginning.
        title_highlights: spans of `title` the query found; code points, end exclusive.
        score: relevance, greater is better, to be compared within one search only; 0 when not ranked.
    """

    article_id: str
    title: str
    account: str
    published_at: datetime | None
    url: str
    kind: ArticleKind
    journals: tuple[str, ...]
    snippet: Snippet
    title_highlights: tuple[Span, ...]
    score: float


def search(connection: sqlite3.Connection, query: SearchQuery) -> list[SearchHit]:
    """The articles a query finds, from ``offset``, at most ``limit``. Raises QueryError."""
    node = parse_query(query.text)
    condition = where(query)
    ranked = _unranked(connection, query, condition) if node is None else _ranked(connection, query, condition, node)
    return [_hit(connection, rowid, score, node) for rowid, score in ranked]


def count(connection: sqlite3.Connection, query: SearchQuery, *, up_to: int | None = None) -> int:
    """How many articles a query finds, limit and offset aside; no more than ``up_to``. Raises QueryError.

    All that say 单细胞 among a million articles cannot be counted while somebody waits; 10,000 of them can.
    """
    node, condition = parse_query(query.text), where(query)
    if node is None:
        rows = Condition(f"SELECT 1 FROM articles WHERE {condition.sql}", condition.parameters)  # noqa: S608
    else:  # the index leads, so that it is read no further than to the last row counted
        rows = Search(connection, node, condition).passing(found_rows(node))
    return count_rows(connection, rows, most=-1 if up_to is None else up_to)


def _ranked(connection: sqlite3.Connection, query: SearchQuery, condition: Condition, node: Node) -> Ranked:
    order = {"relevance": best_first, "date": newest_first, "exact": exactly}[query.sort]
    return order(Search(connection, node, condition), most=query.offset + query.limit)[query.offset :]


def _unranked(connection: sqlite3.Connection, query: SearchQuery, condition: Condition) -> Ranked:
    sql = f"SELECT rowid, 0.0 FROM articles WHERE {condition.sql} ORDER BY {NEWEST} LIMIT ? OFFSET ?"  # noqa: S608
    return connection.execute(sql, (*condition.parameters, query.limit, query.offset)).fetchall()


def _hit(connection: sqlite3.Connection, rowid: int, score: float, node: Node | None) -> SearchHit:
    article_id, title, account, published_at, url, kind, text = connection.execute(
        "SELECT id, title, account, published_at, url, kind, text FROM articles WHERE rowid = ?", (rowid,)
    ).fetchone()
    in_title: list[re.Pattern[str]] = [] if node is None else highlight_patterns(node, part="title")
    in_text: list[re.Pattern[str]] = [] if node is None else highlight_patterns(node, part="text")
    return SearchHit(
        article_id=article_id,
        title=title,
        account=account,
        published_at=None if published_at is None else datetime.fromisoformat(published_at),
        url=url,
        kind=ArticleKind(kind),
        journals=tuple(_journals(connection, article_id)),
        snippet=make_snippet(text, in_text) if in_text else _opening(connection, article_id, text),
        title_highlights=find_highlights(title, in_title),
        score=score,
    )


def _journals(connection: sqlite3.Connection, article_id: str) -> Iterator[str]:
    rows = connection.execute(
        """SELECT journal FROM papers WHERE article_id = ? AND journal IS NOT NULL
            GROUP BY journal ORDER BY min(role <> 'primary'), min(id)""",
        (article_id,),
    )
    return (row[0] for row in rows)


def _opening(connection: sqlite3.Connection, article_id: str, text: str) -> Snippet:
    """What to show of an article nothing was looked for in: its first key finding, or its beginning."""
    row = connection.execute(
        'SELECT text, start, "end" FROM findings WHERE article_id = ? AND key ORDER BY id LIMIT 1',
        (article_id,),
    ).fetchone()
    if row is None:
        return make_snippet(text, [])
    return Snippet(row[0], row[1], cut=row[2] < len(text))
