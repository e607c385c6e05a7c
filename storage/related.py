"""Articles that belong together: they digest one paper, or are about the same genes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ..models.errors import QueryError
from .filters import SearchQuery
from .matching import matching
from .search_text import compact

_IDENTIFIERS = {"pmid": "PMID", "doi": "DOI", "pmcid": "PMCID"}
# A shorter title (Cancer, 编者按) does not tell one paper from another; counted without spaces and marks.
_LEAST_TITLE = 12
# A gene that more articles are about (TP53) says little of any two of them, and would be read for seconds.
_COMMON = 5_000


@dataclass(frozen=True, slots=True)
class SharedGene:
    """A gene that two articles are about, and the number of articles that are; at most 5,000."""

    symbol: str
    articles: int


@dataclass(frozen=True, slots=True)
class RelatedArticle:
    """An article that belongs to another one.

    Attributes:
        article_id, title, account, published_at, url: of the article.
        same_paper: how it is known to tell of the same paper: ``PMID 33597522``, ``DOI 10.…``, ``title``.
        shared_genes: genes central to both, the rarest first.
    """

    article_id: str
    title: str
    account: str
    published_at: datetime | None
    url: str
    same_paper: tuple[str, ...]
    shared_genes: tuple[SharedGene, ...]


@dataclass
class _Bond:
    """What is known of one related article."""

    same_paper: dict[str, None] = field(default_factory=dict)  # a set that keeps its order
    shared_genes: list[SharedGene] = field(default_factory=list)

    @property
    def weight(self) -> float:
        # Two articles of three on CCR7 say more than a hundred on TP53.
        return sum(1 / gene.articles for gene in self.shared_genes)


def related_articles(connection: sqlite3.Connection, article_id: str, *, limit: int) -> list[RelatedArticle]:
    """All articles that tell of a paper this one digests, then at most ``limit`` that are about the same genes.

    The same paper is one with the same PMID, DOI or PMCID, or with the same title but for spelling, since many
    digests give no identifier. An article that digests none is compared by the papers it cites.
    """
    bonds: dict[str, _Bond] = {}
    for other, evidence in _on_the_same_papers(connection, article_id):
        bonds.setdefault(other, _Bond()).same_paper[evidence] = None
    for gene in _central_genes(connection, article_id):
        for other in _articles_about(connection, gene.symbol):
            bonds.setdefault(other, _Bond()).shared_genes.append(gene)
    bonds.pop(article_id, None)
    return _described(connection, bonds, limit)


def _on_the_same_papers(connection: sqlite3.Connection, article_id: str) -> Iterator[tuple[str, str]]:
    papers = connection.execute(
        """SELECT pmid, doi, pmcid, title, title_zh FROM papers WHERE article_id = ?1 AND role = (
                SELECT max(role) FROM papers WHERE article_id = ?1)  -- primary, or cited if there is none
            ORDER BY id""",
        (article_id,),
    ).fetchall()
    for *identifiers, title, title_zh in papers:
        for (column, name), value in zip(_IDENTIFIERS.items(), identifiers, strict=True):
            if value is not None:
                rows = connection.execute(f"SELECT article_id FROM papers WHERE {column} = ?", (value,))  # noqa: S608
                yield from ((other, f"{name} {value}") for (other,) in rows)
        for wanted in (title, title_zh):
            yield from ((other, "title") for other in _with_title(connection, wanted or ""))


def _with_title(connection: sqlite3.Connection, title: str) -> Iterator[str]:
    """Articles with a paper of this title: those whose text has its words, looked at one by one."""
    name = compact(title)
    if len(name) < _LEAST_TITLE:
        return
    try:
        found = matching(SearchQuery(text=f'"{title.replace(chr(34), " ")}"'))
    except QueryError:  # longer than any query may be
        return
    rows = connection.execute(
        f"""SELECT article_id, title, title_zh FROM papers WHERE article_id IN (
                SELECT articles.id FROM articles WHERE {found.sql} LIMIT 1000)""",  # noqa: S608
        found.parameters,
    )
    for article_id, *titles in rows:
        if name in {compact(each or "") for each in titles}:
            yield article_id


def _central_genes(connection: sqlite3.Connection, article_id: str) -> list[SharedGene]:
    """The genes an article is about, the rarest first."""
    rows = connection.execute(
        "SELECT DISTINCT symbol FROM genes WHERE article_id = ? AND central", (article_id,)
    ).fetchall()
    count = "SELECT count(*) FROM (SELECT 1 FROM genes WHERE symbol = ? AND central LIMIT ?)"
    genes = [SharedGene(symbol, connection.execute(count, (symbol, _COMMON)).fetchone()[0]) for (symbol,) in rows]
    return sorted(genes, key=lambda gene: (gene.articles, gene.symbol))


def _articles_about(connection: sqlite3.Connection, symbol: str) -> list[str]:
    """The latest articles that a gene is central to; a record names a gene once."""
    rows = connection.execute(
        "SELECT article_id FROM genes WHERE symbol = ? AND central ORDER BY id DESC LIMIT ?", (symbol, _COMMON)
    )
    return [row[0] for row in rows]


def _described(connection: sqlite3.Connection, bonds: dict[str, _Bond], limit: int) -> list[RelatedArticle]:
    on_the_paper = _newest_first(connection, (other for other, bond in bonds.items() if bond.same_paper))
    about_genes = _newest_first(connection, (other for other, bond in bonds.items() if not bond.same_paper))
    about_genes.sort(key=lambda row: -bonds[row[0]].weight)  # stable: of equals the newest stays first
    return [
        RelatedArticle(
            article_id=article_id,
            title=title,
            account=account,
            published_at=None if published_at is None else datetime.fromisoformat(published_at),
            url=url,
            same_paper=tuple(bonds[article_id].same_paper),
            shared_genes=tuple(bonds[article_id].shared_genes),
        )
        for article_id, title, account, published_at, url in (*on_the_paper, *about_genes[:limit])
    ]


def _newest_first(connection: sqlite3.Connection, ids: Iterable[str]) -> list[tuple[str, str, str, str | None, str]]:
    return connection.execute(
        """SELECT id, title, account, published_at, url FROM articles WHERE id IN (SELECT value FROM json_each(?))
            ORDER BY published_utc DESC, id""",
        (json.dumps(list(ids)),),
    ).fetchall()
