"""Searching sentences: which articles state something about a thing, and in which words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from ..models import FindingRole
from .filters import Condition, SearchQuery, where
from .matching import both, found_rows
from .query import Node, parse_query
from .query_terms import highlight_patterns, matches, without_exclusions
from .search_text import compact, fold
from .snippets import Span, find_highlights


@dataclass(frozen=True, slots=True)
class FindingHit:
    """A sentence found.

    Attributes:
        article_id, title, account, published_at, url: of its article.
        text: the sentence.
        start, end: where it stands in the article's text; code points, end exclusive.
        role, key, section, genes: what the record says of it.
        highlights: spans of `text` the query found; code points, end exclusive.
    """

    article_id: str
    title: str
    account: str
    published_at: datetime | None
    url: str
    text: str
    start: int
    end: int
    role: FindingRole
    key: bool
    section: str | None
    genes: tuple[str, ...]
    highlights: tuple[Span, ...]


_SELECT = """SELECT articles.id, articles.title, articles.account, articles.published_at, articles.url,
    findings.text, findings.start, findings."end", findings.role, findings.key, findings.section,
    findings.genes"""


def search_findings(connection: sqlite3.Connection, query: SearchQuery) -> list[FindingHit]:
    """The sentences in which the whole of the query's text holds, newest article first.

    Filters select articles, except ``genes``, which the sentence itself must be about.

    Raises:
        QueryError: the query cannot be understood.
    """
    node = parse_query(query.text)
    symbols = [_symbols(connection, gene) for gene in query.genes]
    hits = (
        hit
        for hit in _candidates(connection, query, node)
        if all(set(hit.genes) & wanted for wanted in symbols) and (node is None or _holds(node, hit))
    )
    return [_highlighted(hit, node) for hit in islice(hits, query.offset, query.offset + query.limit)]


def _candidates(connection: sqlite3.Connection, query: SearchQuery, node: Node | None) -> Iterator[FindingHit]:
    condition = where(query)
    if node is not None:
        # What a sentence must not say its article may, so exclusions wait for `_holds`.
        found = found_rows(without_exclusions(node))
        within = Condition(f"articles.rowid IN ({found.sql})", found.parameters)
        condition = both(within, condition)
    if query.key:
        condition = Condition(f"findings.key AND {condition.sql}", condition.parameters)
    rows = connection.execute(
        f"""{_SELECT} FROM articles JOIN findings ON findings.article_id = articles.id
            WHERE {condition.sql} ORDER BY articles.published_utc DESC, articles.id, findings.id""",
        condition.parameters,
    )
    return map(_read, rows)


def _read(row: tuple[str, str, str, str | None, str, str, int, int, str, int, str | None, str]) -> FindingHit:
    article_id, title, account, published_at, url, text, start, end, role, key, section, genes = row
    return FindingHit(
        article_id=article_id,
        title=title,
        account=account,
        published_at=None if published_at is None else datetime.fromisoformat(published_at),
        url=url,
        text=text,
        start=start,
        end=end,
        role=FindingRole(role),
        key=bool(key),
        section=section,
        genes=tuple(json.loads(genes)),
        highlights=(),
    )


def _symbols(connection: sqlite3.Connection, gene: str) -> set[str]:
    rows = connection.execute(
        """SELECT symbol FROM genes WHERE symbol = ?
            UNION SELECT entity_name FROM mentions WHERE entity_kind = 'gene' AND folded = ?""",
        (gene.encode(errors="replace").decode(), compact(gene)),
    )
    return {row[0] for row in rows}


def _holds(node: Node, hit: FindingHit) -> bool:
    sentence = fold(hit.text)
    key = sentence if hit.key else ""
    return matches(node, {"": sentence, "findings": sentence, "key": key, "text": sentence, "title": fold(hit.title)})


def _highlighted(hit: FindingHit, node: Node | None) -> FindingHit:
    if node is None:
        return hit
    return replace(hit, highlights=find_highlights(hit.text, highlight_patterns(node, part="text")))
