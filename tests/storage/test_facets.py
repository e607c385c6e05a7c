"""How what a search finds divides."""

from __future__ import annotations

from datetime import date

from wenzhai.storage import FacetValue, SearchQuery, Store

from .examples import finding, gene, make_article, make_paper, make_record, put


def stock(store: Store) -> None:
    for name, symbols in (("a", ("CD274",)), ("b", ("CD274", "TP53")), ("c", ())):
        article = make_article(text="PD-L1与p53。结论成立。", aliases=(f"url:https://example.org/{name}",))
        genes = tuple(gene(article, symbol, "PD-L1" if symbol == "CD274" else "p53") for symbol in symbols)
        findings = (finding(article, "PD-L1与p53。", key=name == "a"), finding(article, "结论成立。"))
        # The same journal twice in one article counts once.
        papers = (make_paper(article), make_paper(article)) if name == "a" else ()
        put(store, article, make_record(article, genes=genes, findings=findings, papers=papers))


def test_counts_are_of_articles_and_the_most_come_first(store: Store) -> None:
    stock(store)
    counts = store.facet_counts(SearchQuery(text="结论"), ["gene", "journal", "account", "kind", "month", "day"])
    assert counts == {
        "gene": (FacetValue("CD274", 2), FacetValue("TP53", 1)),
        "journal": (FacetValue("Nature Communications", 1),),
        "account": (FacetValue("生信人", 3),),
        "kind": (FacetValue("paper_digest", 3),),
        "month": (FacetValue("2025-06", 3),),
        "day": (FacetValue("2025-06-18", 3),),
    }


def test_only_what_is_found_counts(store: Store) -> None:
    stock(store)
    assert store.facet_counts(SearchQuery(genes=("TP53",)), ["gene"], top=1) == {"gene": (FacetValue("CD274", 1),)}
    assert store.facet_counts(SearchQuery(until=date(2020, 1, 1)), ["gene", "kind"]) == {"gene": (), "kind": ()}


def test_key_findings_alone(store: Store) -> None:
    stock(store)
    assert len(store.search_findings(SearchQuery())) == 6
    assert [hit.text for hit in store.search_findings(SearchQuery(key=True))] == ["PD-L1与p53。"]
    assert [hit.text for hit in store.search_findings(SearchQuery(text="PD-L1", key=True))] == ["PD-L1与p53。"]
