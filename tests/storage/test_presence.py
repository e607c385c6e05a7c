"""Searching for records that have something, whatever it is."""

from __future__ import annotations

import pytest
from wenzhai.models import Finding, FindingRole, Paper, PaperRole, QueryError
from wenzhai.storage import SearchQuery, Store
from wenzhai.storage.presence import PRESENCE

from .examples import gene, make_article, make_record, put

EMPTY_HAS = {"date", "address"}  # what a record without any claim has in these examples


@pytest.fixture
def ids(store: Store) -> dict[str, str]:
    """Four articles: with nothing, a PMID, a gene, a key limitation."""
    stored: dict[str, str] = {}
    for name in ("nothing", "pmid", "gene", "limitation"):
        article = make_article(text="PD-L1。样本量小。", aliases=(f"url:https://example.org/{name}",))
        text = "样本量小。"
        limitation = Finding(text=text, start=6, end=11, role=FindingRole.LIMITATION, key=True)
        record = make_record(
            article,
            papers=(Paper(role=PaperRole.CITED, pmid="123"),) if name == "pmid" else (),
            genes=(gene(article, "CD274", "PD-L1"),) if name == "gene" else (),
            findings=(limitation,) if name == "limitation" else (),
        )
        bare = {"methods": (), "tools": (), "diseases": (), "accessions": ()}
        stored[name] = put(store, article, record.model_copy(update=bare))
    return stored


@pytest.mark.parametrize(
    ("has", "found"),
    [
        (("pmid",), {"pmid"}),
        (("paper",), {"pmid"}),
        (("digested_paper",), set()),
        (("genes",), {"gene"}),
        (("findings",), {"limitation"}),
        (("limitations", "key_findings"), {"limitation"}),
        (("Key-Findings",), {"limitation"}),
        (("conclusions",), set()),
        (("pmid", "genes"), set()),
        (("date",), {"nothing", "pmid", "gene", "limitation"}),
    ],
)
def test_what_records_have(store: Store, ids: dict[str, str], has: tuple[str, ...], found: set[str]) -> None:
    query = SearchQuery(has=has)
    assert {hit.article_id for hit in store.search(query)} == {ids[name] for name in found}
    assert store.count(query) == len(found)
    assert store.count(SearchQuery(text="PD-L1", has=has)) == len(found)


@pytest.mark.parametrize("name", PRESENCE)
def test_every_name_is_a_condition_that_a_record_without_claims_fails(
    store: Store, ids: dict[str, str], name: str
) -> None:
    found = {hit.article_id for hit in store.search(SearchQuery(has=(name,)))}
    assert (ids["nothing"] in found) == (name in EMPTY_HAS)


def test_an_unknown_name_lists_the_known_ones(store: Store) -> None:
    with pytest.raises(QueryError, match=r"^pmidd: is nothing a record can have \(it can have: paper, .*pmid"):
        store.search(SearchQuery(has=("doi", "pmidd")))


def test_counting_goes_no_further_than_told(store: Store, ids: dict[str, str]) -> None:
    for query in (SearchQuery(), SearchQuery(text="PD-L1")):
        assert [store.count(query, up_to=most) for most in (1, 3, 4, 9)] == [1, 3, 4, 4]
        assert store.count(query) == len(ids)


@pytest.mark.parametrize("query", [SearchQuery(limit=2**63), SearchQuery(offset=2**31)])
def test_limits_beyond_sqlite(store: Store, query: SearchQuery) -> None:
    with pytest.raises(QueryError, match="cannot be greater"):
        store.search(query)
