"""What to look for: words and filters, as one value, and the filters as SQL conditions on articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ..models import ArticleKind, QueryError, normalise_doi, normalise_pmid
from .presence import presence_condition
from .search_text import compact

_MOST = 2**31 - 1  # their sum must stay within SQLite's integers


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """A search. Everything given must hold; without `text` the filters alone decide.

    Attributes:
        text: words in the language of `parse_query`.
        genes: symbols, or any spelling an article used for them (CD274, PD-L1); all must occur.
        pmid, doi: of a paper the article digests or cites.
        journal: name, abbreviation, ISSN or the article's own spelling.
        method, tool, disease: name, ontology id or the article's own words.
        accession: a data set, trial or repository (GSE12345, NCT01234567).
        account: the public account.
        kind: kind of article.
        since, until: first and last day of publication, as dated on the page.
        changed_after, changed_until: stored, changed or curated after the one and not after the other moment.
        has: what the record must have something of: names of `presence.PRESENCE`; all of them.
        key: of sentences, only key findings; for `search_findings`.
        limit, offset: which hits of `search` and `search_findings`; exports and counts take everything.
        sort: best first, or newest first; without text always newest first. ``exact`` ranks words of very many
            articles by all of their text, too, which takes time.
    """

    text: str = ""
    genes: tuple[str, ...] = ()
    pmid: str = ""
    doi: str = ""
    journal: str = ""
    method: str = ""
    tool: str = ""
    disease: str = ""
    accession: str = ""
    account: str = ""
    kind: ArticleKind | None = None
    since: date | None = None
    until: date | None = None
    changed_after: datetime | None = None
    changed_until: datetime | None = None
    has: tuple[str, ...] = ()
    key: bool = False
    limit: int = 20
    offset: int = 0
    sort: Literal["relevance", "date", "exact"] = "relevance"


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL over ``articles``, and its parameters."""

    sql: str
    parameters: tuple[str | int, ...] = ()


def where(query: SearchQuery) -> Condition:
    """All filters of a query (not its text) as one condition; true when there are none.

    Raises:
        QueryError: the PMID or DOI is not one, `has` names something unknown, or limit or offset are negative.
    """
    if query.limit < 0 or query.offset < 0:
        raise QueryError("limit and offset cannot be negative", subject="query")
    if max(query.limit, query.offset) > _MOST:
        raise QueryError(f"limit and offset cannot be greater than {_MOST}", subject="query")
    conditions = list(_conditions(query))
    sql = " AND ".join(condition.sql for condition in conditions) or "1"
    return Condition(sql, tuple(value for condition in conditions for value in condition.parameters))


def _conditions(query: SearchQuery) -> Iterator[Condition]:
    yield from _claim_conditions(query)
    yield from _paper_conditions(query)
    for name in query.has:
        yield Condition(presence_condition(name))
    if query.account:
        yield Condition("articles.account = ?", (_plain(query.account),))
    if query.kind is not None:
        yield Condition("articles.kind = ?", (query.kind.value,))
    if query.since is not None:
        yield Condition("articles.published_on >= ?", (query.since.strftime("%Y-%m-%d"),))
    if query.until is not None:
        yield Condition("articles.published_on <= ?", (query.until.strftime("%Y-%m-%d"),))
    if query.changed_after is not None:
        yield Condition("articles.updated_at > ?", (query.changed_after.isoformat(),))
    if query.changed_until is not None:
        yield Condition("articles.updated_at <= ?", (query.changed_until.isoformat(),))


def _claim_conditions(query: SearchQuery) -> Iterator[Condition]:
    for gene in query.genes:
        yield _entity("genes", name_column="symbol", id_column="hgnc_id", kind="gene", value=gene)
    if query.method:
        yield _entity("methods", kind="method", value=query.method)
    if query.tool:
        yield _entity("tools", id_column="name", kind="tool", value=query.tool)
    if query.disease:
        yield _entity("diseases", kind="disease", value=query.disease)
    if query.accession:
        yield _claim("accessions", "value = ?", query.accession)


def _paper_conditions(query: SearchQuery) -> Iterator[Condition]:
    if query.journal:
        yield _claim(
            "papers",
            """journal = ? OR journal_as_written = ? OR issn = ?
                OR replace(journal_abbreviation, '.', '') = replace(?, '.', '') COLLATE NOCASE""",
            *([query.journal] * 4),
        )
    try:
        if query.pmid:
            yield _claim("papers", "pmid = ?", normalise_pmid(query.pmid))
        if query.doi:
            yield _claim("papers", "doi = ?", normalise_doi(query.doi))
    except ValueError as error:
        raise QueryError(str(error), subject="query") from error


def _entity(
    table: str, *, kind: str, value: str, name_column: str = "name", id_column: str = "ontology_id"
) -> Condition:
    # First what the value stands for: itself, or the entities that some article called so. Then
    # every article with one of those, whatever it calls them.
    return Condition(
        f"""articles.id IN (SELECT article_id FROM {table} WHERE {name_column} IN (
            SELECT {name_column} FROM {table} WHERE {name_column} = ? OR {id_column} = ?
            UNION SELECT entity_name FROM mentions WHERE entity_kind = '{kind}' AND folded = ?
        ))""",  # noqa: S608 - table and column names are ours
        (_plain(value), _plain(value), compact(value)),
    )


def _claim(table: str, condition: str, *values: str) -> Condition:
    return Condition(
        f"articles.id IN (SELECT article_id FROM {table} WHERE {condition})",  # noqa: S608
        tuple(_plain(value) for value in values),
    )


def _plain(value: str) -> str:
    """The value as SQLite can take it: a lone surrogate (an undecodable argument) matches nothing."""
    return value.strip().encode(errors="replace").decode()
