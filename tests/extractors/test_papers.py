"""Papers put together: what belongs to one, which are digested, and that no identifier is lost."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wenzhai.extractors.reading import Reading
from wenzhai.models import DigestRecord, Paper, PaperRole

from .examples import PROSE, RESULTS, Read, heading

CELLS = "Integrated analysis of multimodal single-cell data"
FOLDS = "Highly accurate protein structure prediction with AlphaFold"
HALLMARKS = "Hallmarks of cancer: the next generation"
CELLS_REFERENCE = (
    f"Hao Y, Hao S, Andersen-Nissen E, et al. {CELLS}. Cell. 2021;184:3573-87. doi: 10.1016/j.cell.2021.04.048"
)
HALLMARKS_REFERENCE = f"Hanahan D, Weinberg RA. {HALLMARKS}. Cell. 2011;144:646-74. doi: 10.1016/j.cell.2011.02.013"


def primary(reading: Reading) -> list[Paper]:
    return [paper for paper in reading.papers if paper.role is PaperRole.PRIMARY]


def cited(reading: Reading) -> list[Paper]:
    return [paper for paper in reading.papers if paper.role is PaperRole.CITED]


def test_a_labelled_block_is_one_paper(read: Read) -> None:
    reading = read(
        "题目：Inference and analysis of cell-cell communication using CellChat",
        "期刊：Nature Communications",
        "发表时间：2021年2月",
        "影响因子：17.694",
        "分区：中科院一区",
        "DOI：10.1038/s41467-021-21246-9",
        "PMID：33597522",
        "PMCID：PMC7889871",
        *PROSE,
    )
    [paper] = reading.papers
    assert paper.role is PaperRole.PRIMARY
    assert paper.title == "Inference and analysis of cell-cell communication using CellChat"
    assert paper.journal is not None
    assert paper.journal.name == "Nature Communications"
    assert (paper.published, paper.impact_factor, paper.quartile) == ("2021年2月", 17.694, "中科院一区")
    assert (paper.doi, paper.pmid, paper.pmcid) == ("10.1038/s41467-021-21246-9", "33597522", "PMC7889871")
    assert [(mention.field, mention.text) for mention in paper.mentions] == [
        ("title", "Inference and analysis of cell-cell communication using CellChat"),
        ("journal", "Nature Communications"),
        ("published", "2021年2月"),
        ("impact_factor", "17.694"),
        ("quartile", "中科院一区"),
        ("doi", "10.1038/s41467-021-21246-9"),
        ("pmid", "33597522"),
        ("pmcid", "7889871"),
    ]


def test_both_titles(read: Read) -> None:
    [paper] = read(f"标题：{CELLS}", "中文标题：多模态单细胞数据的整合分析", "期刊：Cell", *PROSE).papers
    assert (paper.title, paper.title_zh) == (CELLS, "多模态单细胞数据的整合分析")


def test_the_journal_of_the_headline(read: Read) -> None:
    [paper] = read("今天读一篇论文。", CELLS, *PROSE, title="Cell | 多模态单细胞数据的整合").papers
    assert (paper.title, paper.journal and paper.journal.name) == (CELLS, "Cell")


def test_a_journal_alone_is_a_paper_too(read: Read) -> None:
    [paper] = read("论文发表在《自然》上，讲了雾。", *RESULTS, *PROSE).papers
    assert (paper.role, paper.title, paper.journal and paper.journal.name) == (PaperRole.PRIMARY, None, "Nature")


def test_a_journal_no_lexicon_holds(read: Read) -> None:
    [paper] = read("期刊：Journal of Invented Studies", f"题目：{CELLS}", *PROSE).papers
    assert paper.journal is not None
    assert (paper.journal.name, paper.journal.issn) == ("Journal of Invented Studies", None)


def test_an_identifier_alone_is_a_paper(read: Read) -> None:
    [paper] = read("今天读一篇论文。", "PMID：33597522", *PROSE).papers
    assert (paper.role, paper.pmid, paper.title) == (PaperRole.PRIMARY, "33597522", None)


def test_no_paper(read: Read) -> None:
    assert read(*PROSE).papers == ()


def test_the_name_of_a_journal_is_no_title(read: Read) -> None:
    reading = read("The New England Journal of Medicine", "PMID：33597522", *PROSE)
    assert [(paper.title, paper.pmid) for paper in reading.papers] == [(None, "33597522")]


def test_a_reference_of_the_same_paper_joins_it(read: Read) -> None:
    reading = read(
        f"研究者在Cell上发表了题为《{CELLS}》的论文。",
        PROSE[0],
        heading("参考文献"),
        f"[1] {CELLS_REFERENCE}",
        f"[2] {HALLMARKS_REFERENCE}",
    )
    assert [(paper.title, paper.doi) for paper in primary(reading)] == [(CELLS, "10.1016/j.cell.2021.04.048")]
    assert [(paper.title, paper.doi) for paper in cited(reading)] == [(HALLMARKS, "10.1016/j.cell.2011.02.013")]


def test_the_only_reference_is_the_digested_paper(read: Read) -> None:
    [paper] = read(*PROSE, heading("参考文献"), HALLMARKS_REFERENCE).papers
    assert (paper.role, paper.title) == (PaperRole.PRIMARY, HALLMARKS)


def test_a_long_list_alone_is_all_cited(read: Read) -> None:
    lines = [
        f"[{number}] Hanahan D, Weinberg RA. Maps of {word} growth and its next steps. Cell. 20{number};144:646-74."
        for number, word in enumerate(("cancer", "tissue", "crystal", "urban", "forest"), 10)
    ]
    reading = read(*PROSE, heading("参考文献"), *lines)
    assert primary(reading) == []
    assert len(cited(reading)) == 5


def test_several_digested_papers(read: Read) -> None:
    reading = read(
        "第一篇",
        f"题目：{CELLS}",
        "期刊：Cell",
        "DOI：10.1016/j.cell.2021.04.048",
        PROSE[0],
        "第二篇",
        f"题目：{FOLDS}",
        "期刊：Nature",
        "DOI：10.1038/s41586-021-03819-2",
        PROSE[1],
        title="两篇好文章：从细胞到蛋白",
    )
    assert [(paper.title, paper.journal and paper.journal.name, paper.doi) for paper in primary(reading)] == [
        (CELLS, "Cell", "10.1016/j.cell.2021.04.048"),
        (FOLDS, "Nature", "10.1038/s41586-021-03819-2"),
    ]
    assert cited(reading) == []


def test_identifiers_in_passing_are_cited(read: Read) -> None:
    dois = [f"10.1038/nature{digit * 5}" for digit in "1234"]
    reading = read(f"数据见{'、'.join(dois)}。", *PROSE)
    assert primary(reading) == []
    assert [paper.doi for paper in cited(reading)] == dois


def test_primary_papers_come_first(records: dict[str, DigestRecord]) -> None:
    for record in records.values():
        roles = [paper.role for paper in record.papers]
        assert roles == sorted(roles, key=[PaperRole.PRIMARY, PaperRole.CITED].index)


DOIS = st.integers(10000, 99999).map(lambda number: f"10.1038/nature{number}")
LINES = st.one_of(
    st.sampled_from(
        [*PROSE, f"题目：{CELLS}", f"题目：{FOLDS}", "期刊：Nature", "参考文献", "影响因子：64.8", "第一篇"]
    ),
    st.builds("DOI：{}".format, DOIS),
    st.builds("见https://doi.org/{}".format, DOIS),
    st.builds((CELLS_REFERENCE.rsplit(" ", 1)[0] + " {}").format, DOIS),
    st.builds("PMID：{}".format, st.integers(10000000, 39999999)),
)


@given(st.lists(LINES, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_doi_and_pmid_is_in_some_paper(read: Read, lines: list[str]) -> None:
    reading = read(*lines)
    for field in ("doi", "pmid"):
        wanted = {item.value for item in reading.identifiers if item.field == field}
        assert {getattr(paper, field) for paper in reading.papers} - {None} == wanted


def test_the_date_is_not_taken_from_the_doi(read: Read) -> None:
    [paper] = read(f"题目：{CELLS}", "期刊：Cell", "DOI：10.1016/j.cell.2021.04.048", *PROSE).papers
    assert paper.published is None


def test_references_that_head_the_parts_are_digested(read: Read) -> None:
    papers = read(
        "第一篇：雾",
        "Hao Y, Hao S, et al. The growth of river towns in the fog. Cell. 2021.",
        "作者走访了两岸的四十座小镇，记下了每一天的雾。",
        "第二篇：桥",
        "Lopez R, Regier J, et al. The bridges of river towns in the rain. Nature Methods. 2018.",
        "这一次他们数了所有的桥，并把结果画成了一张地图。",
    ).papers
    assert [(paper.role, paper.title) for paper in papers] == [
        (PaperRole.PRIMARY, "The growth of river towns in the fog"),
        (PaperRole.PRIMARY, "The bridges of river towns in the rain"),
    ]


def test_a_title_between_its_authors_and_its_journal(read: Read) -> None:
    [paper] = read(
        "Lopez 等，The bridges of river towns in the rain，Nature Methods 2018，PMID：12345678", *PROSE
    ).papers
    assert (paper.title, paper.pmid) == ("The bridges of river towns in the rain", "12345678")
