"""Running a search: which articles, in which order, and what to show of each.

Title, then findings, then text: that is the order of weight. Ranking by bm25 reads the whole list of
every word, so when a query finds very many articles, those with it in the title come first (ranked) and
then the newest, which is what a reader wants of 单细胞 in a collection of digests.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from ..models import ArticleKind
from .filters import Condition, SearchQuery, where
from .query import Node, parse_query
from .query_terms import TITLE_INDEX, highlight_patterns, match_expression, reads_title_alike
from .snippets import Snippet, Span, find_highlights, make_snippet

EXACT_RANKING_LIMIT = 20_000
# title, findings, text, title_symbols, symbols, characters
_BM25 = "bm25(search_index, 10.0, 3.0, 1.0, 10.0, 1.0, 0.2)"
_FOUND = "search_index CROSS JOIN articles ON articles.rowid = search_index.rowid"  # the index leads
_NEWEST = "articles.published_utc DESC, articles.id"


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
    if node is None:
        ranked = _filtered(connection, query, condition)
    elif query.sort == "date":
        ranked = _by_date(connection, query, condition, match_expression(node))
    else:
        ranked = _by_relevance(connection, query, condition, node)
    return [_hit(connection, rowid, score, node) for rowid, score in ranked]


def count(connection: sqlite3.Connection, query: SearchQuery) -> int:
    """How many articles a query finds, limit and offset aside. Raises QueryError."""
    condition = matching(query)
    sql = f"SELECT count(*) FROM articles WHERE {condition.sql}"  # noqa: S608
    total: int = connection.execute(sql, condition.parameters).fetchone()[0]
    return total


def matching(query: SearchQuery) -> Condition:
    """Text and filters of a query as one condition over ``articles``. Raises QueryError."""
    node = parse_query(query.text)
    condition = where(query)
    if node is None:
        return condition
    found = "articles.rowid IN (SELECT rowid FROM search_index WHERE search_index MATCH ?)"
    return Condition(f"{found} AND {condition.sql}", (match_expression(node), *condition.parameters))


Ranked = list[tuple[int, float]]


def _filtered(connection: sqlite3.Connection, query: SearchQuery, condition: Condition) -> Ranked:
    sql = f"SELECT rowid, 0.0 FROM articles WHERE {condition.sql} ORDER BY {_NEWEST} LIMIT ? OFFSET ?"  # noqa: S608
    return connection.execute(sql, (*condition.parameters, query.limit, query.offset)).fetchall()


def _by_date(connection: sqlite3.Connection, query: SearchQuery, condition: Condition, match: str) -> Ranked:
    return connection.execute(
        f"""SELECT articles.rowid, 0.0 FROM {_FOUND} WHERE search_index MATCH ? AND {condition.sql}
            ORDER BY {_NEWEST} LIMIT ? OFFSET ?""",  # noqa: S608
        (match, *condition.parameters, query.limit, query.offset),
    ).fetchall()


def _by_relevance(connection: sqlite3.Connection, query: SearchQuery, condition: Condition, node: Node) -> Ranked:
    match = match_expression(node)
    probe = "SELECT count(*) FROM (SELECT 1 FROM search_index WHERE search_index MATCH ? LIMIT ?)"
    found = connection.execute(probe, (match, EXACT_RANKING_LIMIT + 1)).fetchone()[0]
    if found > EXACT_RANKING_LIMIT:
        return _titles_then_newest(connection, query, condition, node)
    return connection.execute(
        f"""SELECT articles.rowid, -{_BM25} AS score FROM {_FOUND}
            WHERE search_index MATCH ? AND {condition.sql}
            ORDER BY score DESC, {_NEWEST} LIMIT ? OFFSET ?""",  # noqa: S608
        (match, *condition.parameters, query.limit, query.offset),
    ).fetchall()


def _titles_then_newest(connection: sqlite3.Connection, query: SearchQuery, condition: Condition, node: Node) -> Ranked:
    wanted = query.offset + query.limit
    in_title = list(islice(_in_title(connection, condition, node), wanted))
    if len(in_title) < wanted:
        known = {rowid for rowid, _ in in_title}
        # Rowids grow as articles come in, so backwards is newest first, without sorting.
        newest = connection.execute(
            f"""SELECT articles.rowid FROM {_FOUND} WHERE search_index MATCH ? AND {condition.sql}
                ORDER BY search_index.rowid DESC LIMIT ?""",  # noqa: S608
            (match_expression(node), *condition.parameters, wanted),
        )
        in_title += [(rowid, 0.0) for (rowid,) in newest if rowid not in known]
    return in_title[query.offset : wanted]


def _in_title(connection: sqlite3.Connection, condition: Condition, node: Node) -> Iterator[tuple[int, float]]:
    rows = connection.execute(
        f"""SELECT articles.rowid, -bm25(title_index) AS score
            FROM title_index CROSS JOIN articles ON articles.rowid = title_index.rowid
            WHERE title_index MATCH ? AND {condition.sql} ORDER BY score DESC, {_NEWEST}""",  # noqa: S608
        (match_expression(node, columns=TITLE_INDEX), *condition.parameters),
    )
    if reads_title_alike(node):
        return iter(rows)
    again = "SELECT 1 FROM search_index WHERE search_index MATCH ? AND rowid = ?"
    match = match_expression(node)
    return (row for row in rows if connection.execute(again, (match, row[0])).fetchone())


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
