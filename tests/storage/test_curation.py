"""Corrections win over the extraction wherever records are read, and survive a new one."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from wenzhai.models import ArticleKind, Change, DigestRecord
from wenzhai.models.correction import Correction, Curated, NotCurated, Verdict
from wenzhai.storage import SearchQuery, Store, open_store

from .examples import NOW, finding, gene, make_article, make_page, make_paper, make_record, put

TEXT = "PD-L1与TP53在肿瘤中升高。\n局限是样本少。\nIL6下降。"
ARTICLE = make_article(text=TEXT)
SENTENCE = "PD-L1与TP53在肿瘤中升高。"


def extraction(**changes: object) -> DigestRecord:
    values: dict[str, object] = {
        "genes": (gene(ARTICLE, "CD274", "PD-L1"), gene(ARTICLE, "TP53", "TP53"), gene(ARTICLE, "IL6", "IL6")),
        "papers": (make_paper(ARTICLE, "肿瘤"),),
        "findings": (finding(ARTICLE, SENTENCE, genes=("CD274", "TP53")),),
    }
    return make_record(ARTICLE, **(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def article_id(store: Store) -> str:
    return put(store, ARTICLE, extraction())


def said(
    article_id: str,
    verdict: str,
    field: str,
    value: str,
    new_value: str = "",
    new_id: str = "",
    *,
    curator: str = "李",
    days: int = 0,
    pmid: str = "",
) -> Correction:
    return Correction(
        record=article_id,
        field=field,
        value=value,
        verdict=Verdict(verdict),
        curator=curator,
        curated_at=NOW + timedelta(days=days),
        new_value=new_value,
        new_id=new_id,
        pmid=pmid,
    )


def symbols(store: Store, article_id: str) -> list[str]:
    return [each.symbol for each in store.read_record(article_id).genes]


def reasons(store: Store, *corrections: Correction, overrule: bool = False) -> list[str]:
    outcomes = store.import_corrections(corrections, overrule=overrule)
    return [each.reason if isinstance(each, NotCurated) else "" for each in outcomes]


def test_a_rejected_gene_is_gone_everywhere(store: Store, article_id: str) -> None:
    assert reasons(store, said(article_id, "reject", "gene", "TP53")) == [""]
    assert symbols(store, article_id) == ["CD274", "IL6"]
    assert store.read_record(article_id).findings[0].genes == ("CD274",)
    assert store.count(SearchQuery(genes=("TP53",))) == 0
    assert [record.genes for record in store.iterate_records()] == [store.read_record(article_id).genes]
    assert store.count(SearchQuery(text="TP53")) == 1  # it is still what the article says


def test_a_changed_gene_is_found_by_its_new_name(store: Store, article_id: str) -> None:
    assert reasons(store, said(article_id, "change", "gene", "IL6", "IL6R", "HGNC:6019")) == [""]
    (found,) = (each for each in store.read_record(article_id).genes if each.symbol == "IL6R")
    assert (found.hgnc_id, found.mentions[0].text) == ("HGNC:6019", "IL6")
    assert store.count(SearchQuery(genes=("IL6R",))) == 1


def test_two_genes_that_are_one(store: Store, article_id: str) -> None:
    assert reasons(store, said(article_id, "change", "gene", "IL6", "TP53", "HGNC:1")) == [""]
    assert symbols(store, article_id) == ["CD274", "TP53"]
    assert [each.text for each in store.read_record(article_id).genes[1].mentions] == ["TP53", "IL6"]


def test_papers_and_kind(store: Store, article_id: str) -> None:
    corrections = [
        said(article_id, "change", "paper.doi", "10.1038/s41467-025-00001-1", "https://doi.org/10.1038/S1"),
        said(article_id, "reject", "paper.impact_factor", "16.6"),
        said(article_id, "change", "paper.journal", "Nature Communications", "Nature", "0028-0836"),
        said(article_id, "accept", "paper.pmid", "40000001"),
        said(article_id, "change", "article.kind", "paper_digest", "tutorial"),
    ]
    assert reasons(store, *corrections) == [""] * 5
    record = store.read_record(article_id)
    (paper,) = record.papers
    assert (paper.doi, paper.impact_factor, paper.pmid) == ("10.1038/s1", None, "40000001")
    assert paper.journal is not None
    assert (paper.journal.name, paper.journal.as_written, paper.journal.issn) == ("Nature", "自然·通讯", "0028-0836")
    assert record.article.kind is ArticleKind.TUTORIAL
    assert store.count(SearchQuery(kind=ArticleKind.TUTORIAL, doi="10.1038/s1", journal="Nature")) == 1
    assert store.status().articles_by_kind == {"tutorial": 1}


def test_a_sentence_is_changed_into_another_of_the_text(store: Store, article_id: str) -> None:
    assert reasons(store, said(article_id, "change", "finding", SENTENCE, "IL6下降。")) == [""]
    (found,) = store.search_findings(SearchQuery(text="IL6"))
    assert TEXT[found.start : found.end] == found.text == "IL6下降。"
    assert store.search_findings(SearchQuery(text="肿瘤")) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"record": "ffffffffffff"}, "no such article"),
        ({"value": "BRCA1"}, "no such claim"),
        ({"field": "colour"}, "no such claim"),
        ({"verdict": Verdict.CHANGE}, "needs a new value"),
        ({"field": "article.kind", "value": "paper_digest"}, "not rejected"),
        ({"field": "paper.pmid", "value": "40000001", "verdict": Verdict.CHANGE, "new_value": "x"}, "does not fit"),
        ({"field": "finding", "value": SENTENCE, "verdict": Verdict.CHANGE, "new_value": "没说。"}, "article's text"),
        ({"field": "gene", "verdict": Verdict.CHANGE, "new_value": "X", "new_id": "6019"}, "does not fit"),
    ],
)
def test_what_cannot_be_applied_is_told_and_the_rest_is(
    store: Store, article_id: str, change: dict[str, str], reason: str
) -> None:
    wrong = dataclasses.replace(said(article_id, "reject", "gene", "TP53"), **change)  # type: ignore[arg-type]
    (told, nothing) = reasons(store, wrong, said(article_id, "reject", "gene", "IL6"))
    assert reason in told
    assert nothing == ""
    assert symbols(store, article_id) == ["CD274", "TP53"]


def test_the_contrary_of_another_curator_is_a_conflict(store: Store, article_id: str) -> None:
    store.import_corrections([said(article_id, "reject", "gene", "TP53")])
    (told,) = reasons(store, said(article_id, "accept", "gene", "TP53", curator="王", days=1))
    assert "conflict: 李 said: reject gene TP53" in told
    assert symbols(store, article_id) == ["CD274", "IL6"]
    assert reasons(store, said(article_id, "accept", "gene", "TP53", curator="王", days=1), overrule=True) == [""]
    assert symbols(store, article_id) == ["CD274", "TP53", "IL6"]


def test_a_curator_may_think_better_of_it(store: Store, article_id: str) -> None:
    store.import_corrections([said(article_id, "reject", "gene", "TP53")])
    assert reasons(store, said(article_id, "accept", "gene", "TP53", days=1)) == [""]
    assert "said later" in reasons(store, said(article_id, "reject", "gene", "TP53"))[0]
    assert symbols(store, article_id) == ["CD274", "TP53", "IL6"]


def test_importing_again_changes_nothing(store: Store, article_id: str) -> None:
    corrections = [said(article_id, "change", "gene", "IL6", "IL6R"), said(article_id, "reject", "gene", "TP53")]
    store.import_corrections(corrections)
    before = store.read_record_json(article_id)
    outcomes = store.import_corrections(corrections)
    assert [isinstance(each, Curated) and not each.is_new for each in outcomes] == [True, True]
    assert store.read_record_json(article_id) == before


def test_a_value_that_was_changed_can_be_corrected_by_its_new_name(store: Store, article_id: str) -> None:
    store.import_corrections([said(article_id, "change", "gene", "IL6", "IL6R")])
    assert reasons(store, said(article_id, "accept", "gene", "IL6R", curator="王")) == [""]
    assert reasons(store, said(article_id, "change", "gene", "IL6R", "IL6ST", days=1)) == [""]
    assert symbols(store, article_id) == ["CD274", "TP53", "IL6ST"]


def test_one_of_two_papers_with_the_same_value(store: Store) -> None:
    first = make_paper(ARTICLE)
    papers = (first, first.model_copy(update={"doi": "10.1038/second", "pmid": "40000002"}))
    article_id = put(store, ARTICLE, extraction(papers=papers))
    assert reasons(store, said(article_id, "reject", "paper.journal", "Nature Communications", pmid="40000002")) == [""]
    assert [paper.journal is None for paper in store.read_record(article_id).papers] == [False, True]


def test_a_corrected_pmid_is_no_hindrance(store: Store, article_id: str) -> None:
    store.import_corrections([said(article_id, "change", "paper.pmid", "40000001", "40000009")])
    later = [
        said(article_id, "reject", "gene", "TP53", pmid="40000009"),
        said(article_id, "reject", "paper.doi", "10.1038/s41467-025-00001-1", pmid="40000009"),
    ]
    assert reasons(store, *later) == ["", ""]
    assert symbols(store, article_id) == ["CD274", "IL6"]
    assert store.read_record(article_id).papers[0].doi is None


def test_corrections_survive_a_new_extraction(store: Store, article_id: str) -> None:
    store.import_corrections(
        [said(article_id, "reject", "gene", "TP53"), said(article_id, "change", "finding", SENTENCE, "IL6下降。")]
    )
    before = store.read_record(article_id)
    assert store.put_article(ARTICLE, make_page(), extraction()) is Change.UNCHANGED
    assert store.read_record(article_id) == before
    again = extraction(genes=(*extraction().genes, gene(ARTICLE, "MKI67", "样本")), wenzhai="2.0")
    assert store.put_article(ARTICLE, make_page(), again) is Change.CHANGED
    assert symbols(store, article_id) == ["CD274", "IL6", "MKI67"]
    assert store.read_record(article_id).provenance.wenzhai == "2.0"
    assert [hit.text for hit in store.search_findings(SearchQuery(text="IL6"))] == ["IL6下降。"]
    assert len(store.corrections_of(article_id)) == 2


def test_a_correction_whose_words_are_gone_does_no_harm(store: Store, article_id: str) -> None:
    store.import_corrections([said(article_id, "change", "finding", SENTENCE, "IL6下降。")])
    shorter = make_article(text=SENTENCE)
    record = make_record(shorter, findings=(finding(shorter, SENTENCE),))
    assert store.put_article(shorter, make_page(), record) is Change.CHANGED
    assert [each.text for each in store.read_record(article_id).findings] == [SENTENCE]


def test_corrections_move_with_an_article_that_becomes_part_of_another(store: Store) -> None:
    other = put(store, make_article(text=TEXT, aliases=("url:https://example.org/b",)), None)
    store.import_corrections([said(other, "change", "article.kind", "paper_digest", "other")])
    joined = make_article(text=TEXT, aliases=("url:https://example.org/a", "url:https://example.org/b"))
    article_id = put(store, joined)
    assert [each.record for each in store.corrections_of(article_id)] == [article_id]
    assert store.read_record(article_id).article.kind is ArticleKind.OTHER


def test_what_was_curated_counts_as_changed(path: Path) -> None:
    moment = NOW

    def now() -> datetime:
        return moment

    with open_store(path, create=True, now=now) as store:
        article_id = put(store, ARTICLE, extraction())
        moment = NOW + timedelta(days=1)
        store.import_corrections([said(article_id, "accept", "gene", "TP53")])
        assert store.latest_change() == NOW
        store.import_corrections([said(article_id, "reject", "gene", "TP53", days=1)])
        assert store.latest_change() == moment.astimezone(UTC)
