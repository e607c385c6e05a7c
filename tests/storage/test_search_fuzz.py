"""Whatever is typed, in whatever combination of filters: no exception but a refusal, nothing that was not asked for."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from wenzhai.models import ArticleKind, DigestRecord, QueryError
from wenzhai.storage import SearchQuery, Store, open_store, ranking
from wenzhai.storage.query import parse_query

from .examples import CHINA, NOW, finding, gene, make_article, make_paper, make_record, put

PIECES = [
    *"单细胞肝癌类器官衰老脑", "PD-L1", "TNF-α", "IL-6", "CD8+", "scRNA-seq", "tp53", "腫瘤", "ＲＮＡ",
    " ", " ", " OR ", " AND ", " NOT ", "-", '"', "“", "”", "(", ")", "|", "*", "title:", "finding:", "key:", "text:",
    "：", "'", ";", "--", "\x00", "\\", "%", "_", "\u200b", "é", "𠮷", "🧬", "\ud800", "^", "{", "}", "[", "NEAR(", "=",
    "\n", "seq*", "单*",
]  # fmt: skip
ACCOUNTS = ["甲", "乙", "丙"]
WORDS = ["单细胞", "肝癌", "类器官", "PD-L1", "衰老", "TNF-α", "scRNA-seq"]


@dataclass(frozen=True)
class Filter:
    """A filter, and whether a record passes it."""

    change: dict[str, object]
    passes: Callable[[DigestRecord], bool]


FILTERS = [
    *(Filter({"account": each}, lambda record, each=each: record.article.account == each) for each in ACCOUNTS),
    *(Filter({"kind": each}, lambda record, each=each: record.article.kind is each) for each in ArticleKind),
    Filter({"genes": ("TP53",)}, lambda record: any(each.symbol == "TP53" for each in record.genes)),
    Filter({"journal": "Nature Communications"}, lambda record: bool(record.papers)),
    Filter({"pmid": "40000001"}, lambda record: any(each.pmid == "40000001" for each in record.papers)),
    Filter({"since": date(2025, 3, 1)}, lambda record: _day(record) >= date(2025, 3, 1)),
    Filter({"until": date(2025, 4, 1)}, lambda record: _day(record) <= date(2025, 4, 1)),
]


def _day(record: DigestRecord) -> date:
    return record.article.published_at.date() if record.article.published_at else date.min


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, dict[str, DigestRecord]]]:
    chance = random.Random(3)  # noqa: S311
    records = {}
    with (
        open_store(tmp_path_factory.mktemp("fuzz") / "wenzhai.db", create=True, now=lambda: NOW) as store,
        store.batch(),
    ):
        for number in range(80):
            words = chance.sample(WORDS, 3)
            article = make_article(
                title=f"{words[0]}第{number}篇",
                text=f"{words[1]}与TP53升高。\n{words[2]}，刊于Nature Communications。",
                aliases=(f"url:{number}",),
                account=chance.choice(ACCOUNTS),
                published_at=datetime(2025, 1, 1, tzinfo=CHINA) + timedelta(days=chance.randrange(180)),
            )
            record = make_record(
                article,
                kind=chance.choice(list(ArticleKind)),
                genes=(gene(article, "TP53", "TP53"),) if chance.random() < 0.5 else (),
                papers=(make_paper(article, "Nature Communications"),) if chance.random() < 0.5 else (),
                findings=(finding(article, f"{words[1]}与TP53升高。", key=chance.random() < 0.5),),
            )
            put(store, article, record)
            records[article.id] = record
        yield store, records


def queries(chance: random.Random, count: int) -> Iterator[tuple[SearchQuery, list[Filter]]]:
    for _ in range(count):
        typed = "".join(chance.choices(PIECES, k=chance.randrange(1, 9)))
        drawn = chance.sample(FILTERS, chance.choice([0, 0, 1, 1, 2]))
        filters = list({tuple(each.change): each for each in drawn}.values())  # one value a setting
        query = SearchQuery(
            text=typed, sort=chance.choice(["relevance", "date", "exact"]), limit=chance.choice([3, 200])
        )
        for each in filters:
            query = replace(query, **each.change)
        yield query, filters


def _refusal(store: Store, query: SearchQuery) -> QueryError | None:
    try:
        store.search(query)
    except QueryError as error:
        return error
    return None


def check(store: Store, records: dict[str, DigestRecord], query: SearchQuery, filters: list[Filter]) -> bool:
    """Asks in every way there is; whether the query was understood."""
    refused = _refusal(store, query)
    if refused is not None:
        assert refused.position is None or 0 <= refused.position <= len(query.text)
        return False
    hits = store.search(query)
    for hit in hits:
        assert all(each.passes(records[hit.article_id]) for each in filters), (query, hit)
        text = records[hit.article_id].article.text
        assert text[hit.snippet.start : hit.snippet.start + len(hit.snippet.text)] == hit.snippet.text
    assert len({hit.article_id for hit in hits}) == len(hits)
    assert len(hits) == min(query.limit, store.count(query))
    for sentence in store.search_findings(query):
        assert records[sentence.article_id].article.text[sentence.start : sentence.end] == sentence.text
    return True


@pytest.mark.parametrize("limit", [0, 5, 4_000], ids=["prominent", "some of each", "exact"])
def test_random_queries(
    collection: tuple[Store, dict[str, DigestRecord]], monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(ranking, "EXACT_RANKING_LIMIT", limit)
    monkeypatch.setattr(ranking, "LEAD_RANKING_LIMIT", 2 * limit)
    store, records = collection
    understood = [check(store, records, *each) for each in queries(random.Random(limit), 150)]  # noqa: S311
    assert 20 < sum(understood) < 150


@pytest.mark.campaign
def test_ten_thousand_random_queries(
    collection: tuple[Store, dict[str, DigestRecord]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, records = collection
    chance = random.Random(10_000)  # noqa: S311
    understood = 0
    for query, filters in queries(chance, 10_000):
        limit = chance.choice([0, 5, 4_000])
        monkeypatch.setattr(ranking, "EXACT_RANKING_LIMIT", limit)
        monkeypatch.setattr(ranking, "LEAD_RANKING_LIMIT", 2 * limit)
        understood += check(store, records, query, filters)
    assert 3_000 < understood < 10_000


def test_most_of_what_is_understood_means_something() -> None:
    nodes = [parse_query(word) for word in WORDS]
    assert all(node is not None for node in nodes)
