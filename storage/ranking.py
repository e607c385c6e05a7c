"""In which order articles are shown: best first, by bm25 over title, key findings, findings and text.

bm25() goes through the whole list of every word it ranks by, to know how rare the word is, and then ranks each article
found. So only words of few articles are ranked by all of that. Words of many are ranked by what articles lead with
(title, key findings, findings: a tenth of the text, and what a reader wants first), and words that many lead with
by where they are prominent: `prominent_hits`. Behind those come the newest. ``sort="exact"`` ranks everything by
everything.
"""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from .filters import Condition
from .matching import article_has, both, count_rows, estimated_rows, found_rows, rows_of, single_table
from .prominence import LEAD_WEIGHTS
from .prominent_hits import prominent_scores
from .query import Node
from .query_terms import all_terms_of, holds_for_lead, match_expression, phrase_length, table_of, terms_of

# Articles, added up over the words of a query, that bm25() may go through; one costs 1 to 4 µs. A phrase of more than
# two tokens counts for more: 2,768 articles with M2型巨噬细胞 took 77 ms.
EXACT_RANKING_LIMIT = 4_000
# The same for what articles lead with.
LEAD_RANKING_LIMIT = 6_000
# Filters that leave so few articles make every ranking exact.
_SELECTIVE = 2_000
# Articles that are sorted by date rather than looked for from the newest on.
_SORTED_BY_DATE = 20_000
_ENOUGH = 10  # times as many articles as are shown lead with the words
_DEEPEST = 200  # pages beyond so many hits are ranked exactly

_IN_TEXT = f"-bm25(search_index, 1.0, {LEAD_WEIGHTS.title})"
_IN_LEAD = f"-bm25(lead_index, {LEAD_WEIGHTS.findings}, {LEAD_WEIGHTS.title}, {LEAD_WEIGHTS.key})"
NEWEST = "articles.published_utc DESC, articles.id"

Ranked = list[tuple[int, float]]  # rowid and score, best first; greater is better, 0 when not ranked


@dataclass(frozen=True)
class Search:
    """What is looked for: words, and filters that articles must pass."""

    connection: sqlite3.Connection
    node: Node
    filters: Condition

    @cached_property
    def has_single_characters(self) -> bool:
        """Whether part of the query stands in so many pairs of characters that no list of them is read through."""
        return any(table_of(term) == "character_index" for term in terms_of(self.node))

    @cached_property
    def is_selective(self) -> bool:
        """Whether the filters leave few articles."""
        rows = Condition(f"SELECT 1 FROM articles WHERE {self.filters.sql}", self.filters.parameters)
        return self.is_filtered and count_rows(self.connection, rows, most=_SELECTIVE + 1) <= _SELECTIVE

    @property
    def is_filtered(self) -> bool:
        return self.filters.sql != "1"

    def passing(self, rows: Condition) -> Condition:
        """A SELECT with a column ``rowid``, without the articles that do not pass the filters."""
        if not self.is_filtered:
            return rows
        parameters = (*rows.parameters, *self.filters.parameters)
        if self.is_selective:
            few = f"SELECT articles.rowid FROM articles WHERE {self.filters.sql}"
            return Condition(f"SELECT * FROM ({rows.sql}) WHERE +rowid IN ({few})", parameters)
        return Condition(
            f"SELECT found.* FROM ({rows.sql}) AS found CROSS JOIN articles ON articles.rowid = found.rowid"
            f" WHERE {self.filters.sql}",
            parameters,
        )


def best_first(search: Search, *, most: int) -> Ranked:
    """The ``most`` best articles; for words of very many, the best by what they lead with, then the newest."""
    if most > _DEEPEST:
        return exactly(search, most=most)
    leading = _count_if_rare(search, "lead_index", limit=LEAD_RANKING_LIMIT)
    if leading is not None:
        scores = _scores(search, "lead_index", _IN_LEAD) if leading else {}
        # Where many lead with it, those are the best; to ask how rare it is in all of the text takes 0.1 s a million.
        if len(scores) < most * _ENOUGH and is_rare(search, "search_index"):
            return exactly(search, most=most, lead=scores)
    else:
        scores = prominent_scores(search.connection, search.node, search.passing, most=most)
    ranked = _verified(search, scores, most=most)
    return ranked if len(ranked) >= most else _with_newest(search, ranked, most=most)


def is_rare(search: Search, table: str) -> bool:
    """Whether bm25() answers at once, for a query in this table of the index."""
    limit = LEAD_RANKING_LIMIT if table == "lead_index" else EXACT_RANKING_LIMIT
    return _count_if_rare(search, table, limit=limit) is not None


def _count_if_rare(search: Search, table: str, *, limit: float) -> int | None:
    """In about how many articles the words of a query stand, also the excluded, added up; None when in too many."""
    if search.has_single_characters:
        return None
    found = 0
    for term in all_terms_of(search.node):
        place = table_of(term) if table == "search_index" else table
        cost = max(phrase_length(term) / 2, 1)
        rows = rows_of(place, match_expression(term, place))
        counted = estimated_rows(search.connection, rows)
        if limit / 2 < counted * cost < limit * 2:  # too close to rely on an estimate
            counted = count_rows(search.connection, rows, most=int(limit / cost) + 1)
        limit -= counted * cost
        if limit < 0:
            return None
        found += counted
    return found


def newest_first(search: Search, *, most: int) -> Ranked:
    """The ``most`` newest articles, not ranked."""
    found = found_rows(search.node)
    if search.is_selective or count_rows(search.connection, found, most=_SORTED_BY_DATE + 1) <= _SORTED_BY_DATE:
        condition = Condition(f"articles.rowid IN ({found.sql})", found.parameters)
    else:
        condition = article_has(search.node)  # going back from the newest, the next one is never far
    condition = both(condition, search.filters)
    rows = search.connection.execute(
        f"SELECT articles.rowid FROM articles WHERE {condition.sql} ORDER BY {NEWEST} LIMIT ?",
        (*condition.parameters, most),
    )
    return [(rowid, 0.0) for (rowid,) in rows]


def exactly(search: Search, *, most: int, lead: Mapping[int, float] | None = None) -> Ranked:
    """The ``most`` best articles by bm25 over all fields, however long it takes.

    Args:
        lead: scores by what articles lead with, if they are known already.
    """
    table = single_table(search.node)
    in_lead = _scores(search, "lead_index", _IN_LEAD) if lead is None else lead
    if table == "lead_index":
        return _top(search, in_lead, most=most)
    if table == "search_index":
        scores = _scores(search, "search_index", _IN_TEXT)
    else:
        rows = search.passing(found_rows(search.node))
        scores = {row[0]: 0.0 for row in search.connection.execute(rows.sql, rows.parameters)}
    for rowid, score in in_lead.items():
        if rowid in scores:
            scores[rowid] += score
    return _top(search, scores, most=most)


def _verified(search: Search, scores: Mapping[int, float], *, most: int) -> Ranked:
    """The best of those for which the whole query holds: what leads an article need not say all of it."""
    if holds_for_lead(search.node):
        return _top(search, scores, most=most)
    condition = article_has(search.node)
    sql = f"SELECT 1 FROM articles WHERE {condition.sql} AND articles.rowid = ?"
    wanted = most
    while True:
        best = _top(search, scores, most=wanted)
        holding = [hit for hit in best if search.connection.execute(sql, (*condition.parameters, hit[0])).fetchone()]
        if len(holding) >= most or len(best) == len(scores):
            return holding[:most]
        wanted *= 3


def _with_newest(search: Search, ranked: Ranked, *, most: int) -> Ranked:
    known = {rowid for rowid, _ in ranked}
    # Rowids grow as articles come in, so backwards is newest first, without sorting.
    rows = search.passing(found_rows(search.node))
    newest = search.connection.execute(f"{rows.sql} ORDER BY rowid DESC LIMIT ?", (*rows.parameters, most))
    return (ranked + [(row[0], 0.0) for row in newest if row[0] not in known])[:most]


def _scores(search: Search, table: str, score: str) -> dict[int, float]:
    expression = match_expression(search.node, table)
    rows = search.passing(
        Condition(f"SELECT rowid, {score} AS score FROM {table} WHERE {table} MATCH ?", (expression,))
    )
    return dict(search.connection.execute(rows.sql, rows.parameters).fetchall())


def _top(search: Search, scores: Mapping[int, float], *, most: int) -> Ranked:
    """The ``most`` best, newer ones first among equals."""
    if not scores or not most:
        return []
    threshold = heapq.nlargest(most, scores.values())[-1]
    contenders = [(rowid, score) for rowid, score in scores.items() if score >= threshold]
    places = _places(search.connection, (rowid for rowid, _ in contenders))
    return sorted(contenders, key=lambda hit: (-hit[1], places[hit[0]]))[:most]


def _places(connection: sqlite3.Connection, rowids: Iterable[int]) -> dict[int, int]:
    """The place of each article when the newest comes first."""
    these = "articles.rowid IN (SELECT value FROM json_each(?))"
    rows = connection.execute(
        f"SELECT articles.rowid FROM articles WHERE {these} ORDER BY {NEWEST}", (json.dumps(list(rowids)),)
    )
    return {rowid: place for place, (rowid,) in enumerate(rows)}
