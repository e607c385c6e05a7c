"""What a report says of a period: counts, comparisons and sentences. Reads the store, decides, draws nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from ..storage import Facet, FacetValue, FindingHit, SearchQuery, Store
from .period import Part, Period, counted_parts

TOP = 10
_RISING_AT_LEAST = 2  # one article more is not a trend
_RISING_TOP = 10
_COMPARED: tuple[Facet, ...] = ("gene", "method", "digested_journal")
_FACETS: tuple[Facet, ...] = (*_COMPARED, "account", "kind", "day")


@dataclass(frozen=True, slots=True)
class Change:
    """Something articles name, and in how many of this period and of the one before."""

    facet: Facet
    value: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class ArticleFindings:
    """The key findings of one article."""

    article_id: str
    title: str
    account: str
    published_on: date | None
    url: str
    sentences: tuple[FindingHit, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A period summed up. Articles without a date are in no period.

    Attributes:
        period: which one; `before` is what it is compared with.
        articles, articles_before: how many there are.
        journals, genes, methods: what most articles digest or name, at most `TOP` of each.
        accounts, kinds: of the articles.
        rising: what more articles name than the period before lets one expect, the most surprising first.
        parts: the articles over time.
        findings: by article, newest first.
        untold: how many articles with key findings are left out.
    """

    period: Period
    articles: int
    articles_before: int
    journals: tuple[Change, ...]
    genes: tuple[Change, ...]
    methods: tuple[Change, ...]
    accounts: tuple[FacetValue, ...]
    kinds: tuple[FacetValue, ...]
    rising: tuple[Change, ...]
    parts: tuple[Part, ...]
    findings: tuple[ArticleFindings, ...]
    untold: int


def summarise(store: Store, period: Period, *, most_articles: int) -> Summary:
    """Sum up a period, with the key findings of at most ``most_articles`` articles."""
    query, query_before = _within(period), _within(period.before)
    counts = store.facet_counts(query, _FACETS)
    counts_before = store.facet_counts(query_before, _COMPARED)
    articles, articles_before = store.count(query), store.count(query_before)
    changes = {facet: _changes(facet, counts[facet], counts_before[facet]) for facet in _COMPARED}
    findings = _by_article(store.search_findings(_within(period, key=True)))
    return Summary(
        period=period,
        articles=articles,
        articles_before=articles_before,
        journals=changes["digested_journal"][:TOP],
        genes=changes["gene"][:TOP],
        methods=changes["method"][:TOP],
        accounts=counts["account"][:TOP],
        kinds=counts["kind"],
        rising=rising(
            [change for facet in _COMPARED for change in changes[facet]],
            articles=articles,
            articles_before=articles_before,
        ),
        parts=counted_parts(period, ((date.fromisoformat(day.value), day.count) for day in counts["day"])),
        findings=findings[:most_articles],
        untold=max(0, len(findings) - most_articles),
    )


def rising(changes: Iterable[Change], *, articles: int, articles_before: int) -> tuple[Change, ...]:
    """What is named more than expected, the most surprising first.

    Expected is the same share of the articles as before; how surprising, the excess in standard
    deviations of a Poisson variable, one added so that nothing is infinitely surprising. Nothing
    rises where there is nothing to compare with.
    """
    if not articles_before:
        return ()
    scale = articles / articles_before

    def surprise(change: Change) -> float:
        expected = change.before * scale
        return (change.now - expected) / math.sqrt(expected + 1)

    found = [change for change in changes if change.now >= _RISING_AT_LEAST and surprise(change) > 0]
    return tuple(sorted(found, key=lambda change: (-surprise(change), change.value))[:_RISING_TOP])


def _within(period: Period, *, key: bool = False) -> SearchQuery:
    everything = 2**31 - 1
    return SearchQuery(since=period.since, until=period.until, key=key, limit=everything)


def _changes(facet: Facet, now: Sequence[FacetValue], before: Sequence[FacetValue]) -> tuple[Change, ...]:
    counts_before = {each.value.casefold(): each.count for each in before}
    return tuple(Change(facet, each.value, each.count, counts_before.get(each.value.casefold(), 0)) for each in now)


def _by_article(hits: Iterable[FindingHit]) -> tuple[ArticleFindings, ...]:
    return tuple(
        ArticleFindings(
            article_id=first.article_id,
            title=first.title,
            account=first.account,
            published_on=first.published_at.date() if first.published_at else None,
            url=first.url,
            sentences=sentences,
        )
        for sentences in (tuple(group) for _, group in groupby(hits, key=lambda hit: hit.article_id))
        for first in sentences[:1]
    )
