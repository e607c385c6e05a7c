"""Which articles belong together."""

from __future__ import annotations

from wenzhai.models import Gene, Paper, PaperRole
from wenzhai.storage import RelatedArticle, SharedGene, Store

from .examples import make_article, make_record, mention, put

TITLE = "Single-cell atlas of the human bladder"


def put_digest(
    store: Store,
    name: str,
    *,
    pmid: str | None = None,
    doi: str | None = None,
    pmcid: str | None = None,
    title: str | None = None,
    title_zh: str | None = None,
    role: PaperRole = PaperRole.PRIMARY,
    genes: str = "",
    other_genes: str = "",
) -> str:
    """An article with one paper, with central genes and others; returns its id."""
    text = f"本文解读 {title or title_zh or '一篇论文'}。基因：{genes} {other_genes}。"
    article = make_article(text=text, aliases=(f"url:https://example.org/{name}",))
    paper = Paper(role=role, pmid=pmid, doi=doi, pmcid=pmcid, title=title, title_zh=title_zh)
    named = tuple(
        Gene(symbol=symbol, central=symbol in genes.split(), mentions=(mention(article, symbol),))
        for symbol in (*genes.split(), *other_genes.split())
    )
    return put(store, article, make_record(article, genes=named, papers=(paper,), findings=()))


def evidence(found: list[RelatedArticle]) -> dict[str, tuple[str, ...]]:
    return {each.article_id: each.same_paper for each in found}


def test_the_same_identifiers(store: Store) -> None:
    one = put_digest(store, "one", pmid="33597522", doi="10.1038/s41467-021-21246-9", pmcid="PMC7889871")
    by_pmid = put_digest(store, "pmid", pmid="33597522")
    by_all = put_digest(store, "all", pmid="33597522", doi="10.1038/s41467-021-21246-9")
    by_pmcid = put_digest(store, "pmcid", pmcid="PMC7889871")
    put_digest(store, "none", pmid="34062119")
    assert evidence(store.related(one)) == {
        by_pmid: ("PMID 33597522",),
        by_all: ("PMID 33597522", "DOI 10.1038/s41467-021-21246-9"),
        by_pmcid: ("PMCID PMC7889871",),
    }


def test_the_same_title_however_it_is_written(store: Store) -> None:
    one = put_digest(store, "one", title=TITLE)
    again = put_digest(store, "again", title="Single‐Cell Atlas of the Human Bladder.", pmid="123")
    put_digest(store, "longer", title=f"{TITLE} and kidney")
    assert evidence(store.related(one)) == {again: ("title",)}
    assert evidence(store.related(again)) == {one: ("title",)}


def test_the_same_chinese_title(store: Store) -> None:
    one = put_digest(store, "one", title_zh="单细胞图谱揭示人类膀胱的细胞组成")
    again = put_digest(store, "again", title_zh="《单细胞图谱揭示人类膀胱的细胞组成》")
    assert evidence(store.related(one)) == {again: ("title",)}


def test_short_titles_tell_nothing(store: Store) -> None:
    one = put_digest(store, "one", title="Cancer")
    put_digest(store, "another", title="Cancer")
    assert store.related(one) == []


def test_titles_no_query_can_hold_are_passed_over(store: Store) -> None:
    one = put_digest(store, "one", title="word " * 400, genes="CCR7")
    other = put_digest(store, "other", title='"quoted" title of a paper', genes="CCR7")
    assert [each.article_id for each in store.related(one)] == [other]
    assert [each.article_id for each in store.related(other)] == [one]


def test_an_article_that_digests_none_is_compared_by_what_it_cites(store: Store) -> None:
    cites = put_digest(store, "cites", pmid="123", role=PaperRole.CITED)
    digests = put_digest(store, "digests", pmid="123")
    assert evidence(store.related(cites)) == {digests: ("PMID 123",)}
    assert evidence(store.related(digests)) == {cites: ("PMID 123",)}


def test_shared_central_genes_the_rarest_first(store: Store) -> None:
    one = put_digest(store, "one", genes="TP53 CCR7 CCL19")
    common = [put_digest(store, f"common{number}", genes="TP53") for number in range(3)]
    rare = put_digest(store, "rare", genes="CCR7")
    both = put_digest(store, "both", genes="TP53 CCR7 CD274")
    put_digest(store, "aside", genes="CD274", other_genes="TP53 CCL19")
    found = store.related(one)
    assert [each.article_id for each in found[:2]] == [both, rare]
    assert {each.article_id for each in found[2:]} == set(common)
    assert found[0].shared_genes == (SharedGene("CCR7", 3), SharedGene("TP53", 5))
    assert found[1].shared_genes == (SharedGene("CCR7", 3),)
    assert [each.article_id for each in store.related(one, limit=1)] == [both]


def test_the_same_paper_comes_before_the_same_genes(store: Store) -> None:
    one = put_digest(store, "one", pmid="123", genes="CCR7 CCL19")
    genes = put_digest(store, "genes", genes="CCR7 CCL19")
    paper = put_digest(store, "paper", pmid="123", genes="CCR7")
    found = store.related(one, limit=1)
    assert [each.article_id for each in found] == [paper, genes]
    assert found[0].shared_genes == (SharedGene("CCR7", 3),)


def test_an_article_without_relatives(store: Store) -> None:
    assert store.related(put_digest(store, "one")) == []
