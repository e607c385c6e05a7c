"""Searching real files: what is found, in which order, and what is shown of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from wenzhai.models import Accession, ArticleKind, Disease, Method, QueryError, StorageError, Tool
from wenzhai.storage import SearchQuery, Store, open_store, ranking

from .examples import finding, gene, make_article, make_paper, make_record, mention, put, put_text


def found(store: Store, text: str) -> set[str]:
    return {hit.article_id for hit in store.search(SearchQuery(text=text))}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("研究发现肝癌细胞凋亡", "癌"),
        ("研究发现肝癌细胞凋亡", "肝癌"),
        ("研究发现肝癌细胞凋亡", "癌细胞凋"),
        ("研究发现肝癌细胞凋亡", "亡"),
        ("阻断PD-L1治疗", "PD-L1"),
        ("阻断PD-L1治疗", "pdl1"),
        ("阻断PDL1治疗", "PD-L1"),
        ("阻断ＰＤ－Ｌ１治疗", "pd-l1"),
        ("抗anti-PD-L1-high抗体", "PDL1"),
        ("血清IL-6水平", "IL-6"),
        ("血清IL-6水平", "IL6"),
        ("血清IL6水平", "IL-6"),
        ("血清IL‑6水平", "il-6"),
        ("通过NF-κB通路", "NF-κB"),
        ("通过NF-κB通路", "NF-kB"),
        ("通过NFκB通路", "nfkb"),
        ("低氧诱导HIF-1α", "HIF1A"),
        ("分泌TNFα的", "TNF-α"),
        ("浸润的CD8+T细胞", "CD8+"),
        ("浸润的CD8+T细胞", "CD8+T细胞"),
        ("浸润的CD8⁺ T细胞", "CD8+T细胞"),
        ("采用scRNA-seq技术", "scRNA-seq"),
        ("采用scRNA-seq技术", "SCRNASEQ"),
        ("采用ｓｃＲＮＡ-seq技术", "seq"),
        ("PD-L1抑制剂联合", "PDL1抑制剂"),
        ("PDL1抑制剂联合", "PD-L1抑制剂"),
        ("ERK1/2磷酸化", "ERK1/2"),
        ("immunotherapy of cancer", "immuno*"),
        ("血清IL-1β水平", "IL-1*"),
        ("Sjögren综合征", "sjogren"),
        ("肿瘤微环境RNA测序", "微环境RNA"),
        ("CAR-T细胞", '"T细胞"'),
        ("CAR-T 细胞", "CART细胞"),
        ("肝癌RNA", "癌RNA"),
    ],
)
def test_a_spelling_is_found_and_highlighted(store: Store, text: str, query: str) -> None:
    article_id = put_text(store, text)
    (hit,) = store.search(SearchQuery(text=query))
    assert hit.article_id == article_id
    assert hit.snippet.highlights


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("肿瘤。免疫", "肿瘤免疫"),
        ("training", "AI"),
        ("IL-16", "IL-6"),
        ("IL-6R", "IL-6"),
        ("cd8 and t", '"t cd8"'),
        ("PD-L1与CTLA-4", '"pdl1 ctla4"'),
        ("肿瘤", "title:肿瘤"),
        ("肿瘤", "findings:肿瘤"),
    ],
)
def test_what_is_not_written_is_not_found(store: Store, text: str, query: str) -> None:
    put_text(store, text)
    assert store.search(SearchQuery(text=query)) == []


def test_scopes(store: Store) -> None:
    article = make_article(title="类器官PD-L1", text="导读。\n芯片IL-6升高。\n完。")
    put(store, article, make_record(article, findings=(finding(article, "芯片IL-6升高。"),)))
    for query in ("title:类器官", "title:类", "title:pdl1", "findings:芯", "findings:il6", "text:完", "text:il6"):
        assert found(store, query) == {article.id}, query
    for query in ("title:芯片", "title:芯", "findings:完", "findings:类器官", "text:类", "text:pdl1"):
        assert found(store, query) == set(), query


def test_title_before_finding_before_text(store: Store) -> None:
    filler = "其他内容。"
    plain = make_article(title="一", text=f"类器官。{filler}", aliases=("url:1",))
    stated = make_article(title="二", text=f"类器官。{filler}", aliases=("url:2",))
    titled = make_article(title="类器官", text=filler * 2, aliases=("url:3",))
    put(store, plain)
    put(store, stated, make_record(stated, findings=(finding(stated, "类器官。"),)))
    put(store, titled)
    hits = store.search(SearchQuery(text="类器官"))
    assert [hit.article_id for hit in hits] == [titled.id, stated.id, plain.id]
    assert hits[0].score > hits[1].score > hits[2].score > 0
    assert hits[0].title_highlights == ((0, 3),)
    assert [hit.title for hit in store.search(SearchQuery(text="类器官", limit=1, offset=1))] == ["二"]


@pytest.mark.parametrize("limit", [0, 4_000], ids=["prominent", "exact"])
def test_a_key_finding_before_a_finding(store: Store, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(ranking, "EXACT_RANKING_LIMIT", limit)
    monkeypatch.setattr(ranking, "LEAD_RANKING_LIMIT", limit)
    for name, key in (("一", False), ("二", True), ("三", False)):
        article = make_article(title=name, text="类器官。其他内容。", aliases=(f"url:{name}",))
        put(store, article, make_record(article, findings=(finding(article, "类器官。", key=key),)))
    first, *_ = store.search(SearchQuery(text="类器官"))
    assert first.title == "二"


def test_a_word_said_often_wins_over_one_said_once_until_it_is_in_the_title(store: Store) -> None:
    """Ten times in the text weighs as much as the title, and no more: a passing word in a title is not all."""
    often = put_text(store, "类器官。" * 30, title="甲", name="often")
    titled = put_text(store, "其他。" * 30, title="类器官", name="titled")
    put_text(store, "类器官。" + "其他。" * 29, title="乙", name="once")
    assert [hit.article_id for hit in store.search(SearchQuery(text="类器官"))][:2] == [titled, often]


def test_very_common_words_come_by_title_then_newest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [
        put_text(store, "细胞", title=title, name=str(number))
        for number, title in enumerate(["甲", "细胞", "乙", "细胞小鼠", "丙"])
    ]
    monkeypatch.setattr(ranking, "EXACT_RANKING_LIMIT", 2)
    hits = store.search(SearchQuery(text="细胞"))
    assert [hit.article_id for hit in hits] == [ids[1], ids[3], ids[4], ids[2], ids[0]]
    pages = [store.search(SearchQuery(text="细胞", limit=2, offset=at))[:1] for at in range(5)]
    assert [hit.article_id for (hit,) in pages] == [hit.article_id for hit in hits]
    assert found(store, "细胞 -小鼠") == {ids[0], ids[1], ids[2], ids[4]}
    assert found(store, "text:细胞") == set(ids)


def test_of_words_of_which_one_is_enough_an_article_that_leads_with_both_comes_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "LEAD_RANKING_LIMIT", 0)
    both = make_article(title="肝癌与胃癌", text="其他。", aliases=("url:both",))
    put(store, both)
    for number in range(120):  # more than there are candidates for the page
        put_text(store, "其他。", title="肝癌" if number % 2 else "胃癌", name=str(number))
    (first,) = store.search(SearchQuery(text="肝癌 OR 胃癌", limit=1))
    assert first.article_id == both.id


def test_a_word_is_looked_for_by_its_rarest_pair(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "LEAD_RANKING_LIMIT", 0)
    wanted = put_text(store, "其他。", title="巨噬细胞", name="wanted")
    apart = put_text(store, "巨噬细胞在文中。", title="巨噬与细胞", name="apart")
    for number in range(60):
        put_text(store, "其他。", title=f"细胞{number}", name=str(number))
    asked: list[str] = []
    store._connection.set_trace_callback(asked.append)
    hits = store.search(SearchQuery(text="巨噬细胞"))
    assert [hit.article_id for hit in hits] == [wanted, apart]
    levels = [sql for sql in asked if "FROM prominence_index" in sql]
    assert levels
    assert not any("细胞" in sql for sql in levels)


class TestFilters:
    @pytest.fixture
    def article_id(self, store: Store) -> str:
        article = make_article(
            title="抗PD-L1治疗", text="B7-H1与PD-L1相关，刊于自然·通讯，用Seurat分析肝癌，数据GSE12345。scRNA-seq"
        )
        record = make_record(
            article,
            genes=(gene(article, "CD274", "PD-L1", "B7-H1"),),
            papers=(make_paper(article, "自然·通讯"),),
            methods=(
                Method(name="single-cell RNA sequencing", id="EFO:0008913", mentions=(mention(article, "scRNA-seq"),)),
            ),
            tools=(Tool(name="Seurat", mentions=(mention(article, "Seurat"),)),),
            diseases=(Disease(name="liver cancer", id="DOID:3571", mentions=(mention(article, "肝癌"),)),),
            accessions=(Accession(kind="GEO", value="GSE12345", mentions=(mention(article, "GSE12345"),)),),
        )
        put(store, article, record)
        other = make_article(text="无关", aliases=("url:other",), account="别人", published_at=None)
        put(store, other, make_record(other, kind=ArticleKind.TUTORIAL))
        return article.id

    @pytest.mark.parametrize(
        "query",
        [
            SearchQuery(genes=("cd274",)),
            SearchQuery(genes=("PDL1",)),
            SearchQuery(genes=("b7-h1", "CD274")),
            SearchQuery(genes=("HGNC:1",)),
            SearchQuery(pmid="PMID: 40000001"),
            SearchQuery(doi="https://doi.org/10.1038/S41467-025-00001-1"),
            SearchQuery(journal="nature communications"),
            SearchQuery(journal="nat commun"),
            SearchQuery(journal="自然·通讯"),
            SearchQuery(journal="2041-1723"),
            SearchQuery(method="Single-cell RNA sequencing"),
            SearchQuery(method="scRNAseq"),
            SearchQuery(method="EFO:0008913"),
            SearchQuery(tool="seurat"),
            SearchQuery(disease="肝癌"),
            SearchQuery(disease="DOID:3571"),
            SearchQuery(accession="gse12345"),
            SearchQuery(account="生信人"),
            SearchQuery(kind=ArticleKind.PAPER_DIGEST),
            SearchQuery(since=date(2025, 6, 18), until=date(2025, 6, 18)),
            SearchQuery(text="治疗", genes=("PD-L1",), sort="date"),
            SearchQuery(text="肝", tool="Seurat"),
        ],
    )
    def test_each_finds_it(self, store: Store, article_id: str, query: SearchQuery) -> None:
        (hit,) = store.search(query)
        assert hit.article_id == article_id
        assert hit.journals == ("Nature Communications",)
        assert store.count(query) == 1
        assert [record.article.id for record in store.iterate_records(query)] == [article_id]

    @pytest.mark.parametrize(
        "query",
        [
            SearchQuery(genes=("CD274", "TP53")),
            SearchQuery(pmid="1"),
            SearchQuery(journal="Nature"),
            SearchQuery(since=date(2025, 6, 19)),
            SearchQuery(until=date(2025, 6, 17)),
            SearchQuery(text="无关", genes=("CD274",)),
            SearchQuery(account="\udc80"),
        ],
    )
    def test_each_leaves_it_out(self, store: Store, article_id: str, query: SearchQuery) -> None:
        assert store.search(query) == []
        assert store.count(query) == 0

    def test_a_gene_is_found_by_what_other_articles_call_it(self, store: Store, article_id: str) -> None:
        article = make_article(text="CD274上调", aliases=("url:third",))
        put(store, article, make_record(article, genes=(gene(article, "CD274", "CD274"),)))
        assert store.count(SearchQuery(genes=("B7H1",))) == 2

    @pytest.mark.parametrize(
        "query", [SearchQuery(pmid="x"), SearchQuery(doi="x"), SearchQuery(limit=-1), SearchQuery(offset=-1)]
    )
    def test_nonsense_is_refused(self, store: Store, query: SearchQuery) -> None:
        with pytest.raises(QueryError):
            store.search(query)


class TestFindings:
    @pytest.fixture
    def store(self, store: Store) -> Store:
        text = "ACKR3促进肝癌转移。\n小鼠中TP53缺失。\n肝癌细胞凋亡增加。"
        article = make_article(title="肝癌研究", text=text)
        findings = (
            finding(article, "ACKR3促进肝癌转移。", genes=("ACKR3",), key=True),
            finding(article, "小鼠中TP53缺失。", genes=("TP53",)),
            finding(article, "肝癌细胞凋亡增加。"),
        )
        genes = (gene(article, "ACKR3", "ACKR3"), gene(article, "TP53", "TP53"))
        put(store, article, make_record(article, genes=genes, findings=findings))
        return store

    @pytest.mark.parametrize(
        ("query", "starts"),
        [
            (SearchQuery(text="肝癌"), [0, 24]),
            (SearchQuery(text="肝癌 -凋亡"), [0]),
            (SearchQuery(text="肝癌 小鼠"), []),
            (SearchQuery(text="title:研究 findings:小鼠"), [13]),
            (SearchQuery(genes=("tp53",)), [13]),
            (SearchQuery(genes=("tp53", "ACKR3")), []),
            (SearchQuery(text="肝癌", genes=("ACKR3",)), [0]),
            (SearchQuery(limit=1, offset=1), [13]),
            (SearchQuery(text="没有"), []),
        ],
    )
    def test_sentences(self, store: Store, query: SearchQuery, starts: list[int]) -> None:
        assert [hit.start for hit in store.search_findings(query)] == starts

    def test_what_a_hit_tells(self, store: Store) -> None:
        (hit,) = store.search_findings(SearchQuery(text="转移"))
        assert (hit.text, hit.key, hit.genes, hit.title) == ("ACKR3促进肝癌转移。", True, ("ACKR3",), "肝癌研究")
        assert [hit.text[start:end] for start, end in hit.highlights] == ["转移"]

    def test_without_words_an_article_shows_its_key_finding(self, store: Store) -> None:
        (hit,) = store.search(SearchQuery(genes=("ACKR3",)))
        assert (hit.snippet.text, hit.snippet.start, hit.score) == ("ACKR3促进肝癌转移。", 0, 0)


def test_an_index_of_another_segmenter_is_rebuilt(path: Path, store: Store) -> None:
    put_text(store, "肿瘤")
    store.database.execute("UPDATE meta SET value = 'older'")
    store.database.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    with open_store(path, read_only=True) as reader:
        assert reader.count() == 1
        with pytest.raises(StorageError, match="out of date"):
            reader.search(SearchQuery(text="肿瘤"))
    with open_store(path) as again:
        assert again.count(SearchQuery(text="肿瘤")) == 1
