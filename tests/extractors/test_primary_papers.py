"""Which papers an article digests, and what is told of which, by where it stands."""

from __future__ import annotations

import pytest
from wenzhai.extractors.paper_subjects import settled_papers
from wenzhai.extractors.reading import Reading
from wenzhai.models import ArticleKind, Paper, PaperRole

from .examples import PROSE, RESULTS, Read, heading

FOG = "The growth of river towns in the fog"
RAIN = "The bridges of river towns in the rain"
SNOW = "The boats of river towns in the snow"
FOG_REFERENCE = f"Hao Y, Hao S, et al. {FOG}. Nature. 2021;596:583. doi: 10.1038/fog2021 PMID: 31000001"
RAIN_REFERENCE = f"Lopez R, Regier J, et al. {RAIN}. Nature. 2018;15:1053. doi: 10.1038/rain2018 PMID: 31000002"
SNOW_REFERENCE = f"Stuart T, Butler A, et al. {SNOW}. Cell. 2019;177:1888. doi: 10.1016/snow2019 PMID: 31000003"


def primary(reading: Reading) -> list[Paper]:
    return [paper for paper in reading.papers if paper.role is PaperRole.PRIMARY]


def titles(reading: Reading) -> list[str | None]:
    return [paper.title for paper in primary(reading)]


def journal(paper: Paper) -> str | None:
    return paper.journal and paper.journal.name


def test_data_of_a_block_belong_to_the_title_above(read: Read) -> None:
    """However many fields the block has: the DOI at its end stands nearer to the next title than to its own."""
    others = ("组学技术：雾", "合作单位：桥", "物种样本：船", "送检年份：春天")
    blocks = [
        (f"英文题目：{title}", f"发表期刊：{name}", f"影响因子：{factor}", *others, f"DOI：{doi}", PROSE[0])
        for title, name, factor, doi in (
            (FOG, "Cell Death & Disease", "9.6", "10.1038/fog"),
            (RAIN, "Advanced Science", "14.1", "10.1002/rain"),
        )
    ]
    intro = "这里分享两篇文章，期刊有Advanced Science（IF=14.1）、Cell Death & Disease（IF=9.6）。"
    papers = primary(read(intro, "案例1", *blocks[0], "案例2", *blocks[1], title="如何写两篇文章"))
    assert [(paper.title, journal(paper), paper.impact_factor, paper.doi) for paper in papers] == [
        (FOG, "Cell Death & Disease", 9.6, "10.1038/fog"),
        (RAIN, "Advanced Science", 14.1, "10.1002/rain"),
    ]


def test_identifiers_on_the_line_of_their_title(read: Read) -> None:
    reading = read(
        "文章1.PMID: 31000001",
        f"{FOG}.(PMID: 31000001, 2024.12)",
        PROSE[0],
        "文章2.PMID：31000002",
        f"{RAIN}.(PMID：31000002)",
        PROSE[1],
    )
    assert [(paper.title, paper.pmid) for paper in primary(reading)] == [(FOG, "31000001"), (RAIN, "31000002")]


def test_references_counted_by_the_headline(read: Read) -> None:
    reading = read(
        "《自然》上的两项研究讲了雾和雨。",
        *PROSE,
        heading("参考文献"),
        FOG_REFERENCE,
        RAIN_REFERENCE,
        title="两篇Nature讲雾",
    )
    assert titles(reading) == [FOG, RAIN]


def test_references_between_paragraphs(read: Read) -> None:
    lines = [
        "四月的雾最浓，研究者走访了两岸的四十座小镇，记下了每一天。",
        f"文献引用：{FOG_REFERENCE} IF=17.8",
        "雨天的桥最滑，这一次他们数了所有的桥，并画成了一张地图。",
        f"文献引用：{RAIN_REFERENCE}",
        "雪天的船最少，于是他们又数了所有的船，写进同一张地图里。",
        f"文献引用：{SNOW_REFERENCE}",
        "最后是风，研究者把风也画进了地图，一座小镇也没有落下。",
        "文献引用：Zheng G, Terry J, et al. The kites of river towns in the wind. Nat Commun. 2017;8:14049.",
    ]
    papers = primary(read(*lines))
    assert len(papers) == 4
    assert (papers[0].title, papers[0].impact_factor) == (FOG, 17.8)


def test_titles_in_the_text_that_the_references_explain(read: Read) -> None:
    reading = read(
        f"在文章“{FOG}”中，作者数了雾。",
        f"在文章“{RAIN}”中，作者数了桥。",
        f"在文章“{SNOW}”中，作者数了船。",
        heading("参考文献"),
        f"[1]{FOG_REFERENCE}",
        f"[2]{RAIN_REFERENCE}",
        f"[3]{SNOW_REFERENCE}",
    )
    assert titles(reading) == [FOG, RAIN, SNOW]


def test_the_reference_that_the_journal_points_to(read: Read) -> None:
    reading = read(
        "该项工作发表在Nature[2]。",
        *PROSE,
        *RESULTS,
        heading("参考文献"),
        f"[1] {FOG_REFERENCE}",
        f"[2] {RAIN_REFERENCE}",
    )
    assert [(paper.title, paper.doi) for paper in primary(reading)] == [(RAIN, "10.1038/rain2018")]


def test_a_list_that_is_but_the_doi(read: Read) -> None:
    reading = read(
        f"研究者在Nature上发表了题为《{FOG}》的论文。", *PROSE, "参考文献：", "https://doi.org/10.1038/fog2021"
    )
    assert [(paper.title, paper.doi) for paper in reading.papers] == [(FOG, "10.1038/fog2021")]


def test_the_paper_before_a_long_list(read: Read) -> None:
    listed = [
        f"{number}. Hanahan D, Weinberg RA. Maps of {word} and its steps. Cell. 20{number};144:646."
        for number, word in enumerate(("towns", "bridges", "boats", "kites", "rain"), 1)
    ]
    assert titles(read(FOG_REFERENCE, *PROSE, *listed)) == [FOG]


def test_the_headline_tells_the_factor_of_a_reference(read: Read) -> None:
    [paper] = primary(read(*PROSE, FOG_REFERENCE, title="IF 29+ 河边的雾"))
    assert (paper.title, paper.impact_factor) == (FOG, 29.0)


def test_a_title_at_the_top_needs_no_presenting(read: Read) -> None:
    assert titles(read(FOG, "概要", *PROSE, *RESULTS, "研究者在Nature上发表。")) == [FOG]


def test_a_heading_in_english_is_outdone_by_the_reference(read: Read) -> None:
    reading = read(*PROSE * 4, RAIN, *PROSE * 4, FOG_REFERENCE, title="Nature | 河边的雾")
    assert titles(reading) == [FOG]


def test_the_paper_of_the_headline_among_two(read: Read) -> None:
    reading = read(
        f"此前，他们在Nature Aging上发表了题为《{RAIN}》的论文。",
        PROSE[0],
        f"这一次，Cell上发表了题为《{FOG}》的论文。",
        title="Cell | 雾",
    )
    assert titles(reading) == [FOG]


def test_the_longer_title_of_the_reference(read: Read) -> None:
    cut = "Fog and the Growth of River Towns in Early Spring"
    whole = f"{cut}, With and Without Rain"
    reading = read(
        f"研究者在Nature上发表研究论文 {cut}，With and Without Rain。",
        *PROSE,
        heading("参考文献"),
        f"Hao Y, et al. {whole}. Nature. 2021;5:3.",
    )
    assert titles(reading) == [whole]


@pytest.mark.parametrize(
    "lines",
    [
        (f"参考了这个：{FOG}",),
        ("参考文献", FOG_REFERENCE, RAIN_REFERENCE),
        ("1981年，《细胞》杂志上刊登了一份关于雾的报道。",),
        ("https://example.org/article/doi/10.12182/20200560205",),
    ],
)
@pytest.mark.parametrize("kind", [ArticleKind.TUTORIAL, ArticleKind.OTHER])
def test_a_tutorial_cites_what_it_says_nothing_of(read: Read, lines: tuple[str, ...], kind: ArticleKind) -> None:
    reading = read(*PROSE * 3, *lines)
    reading.kind = kind
    papers = settled_papers(reading)
    assert papers
    assert {paper.role for paper in papers} == {PaperRole.CITED}


@pytest.mark.parametrize(
    "lines",
    [
        (f"复现文章标题：《{FOG}》",),
        ("论文", FOG, "论文原图"),
        ("文献信息如下：", FOG, "Nature. 2023 Dec;624(7992):611-620."),
        ("本期分享的是期刊：「Nature（IF = 69.5）」上面一篇文章中的图！",),
        ("参考文献", FOG_REFERENCE),
        ("PMID：31000001", "这篇论文的数据可以下载。"),
    ],
)
def test_a_tutorial_digests_what_it_makes_again(read: Read, lines: tuple[str, ...]) -> None:
    reading = read("论文数据", *lines, *PROSE * 3)
    reading.kind = ArticleKind.TUTORIAL
    assert [paper.role for paper in settled_papers(reading)] == [PaperRole.PRIMARY]


def test_the_roles_of_a_digest_stay(read: Read) -> None:
    reading = read(*PROSE, FOG_REFERENCE)
    reading.kind = ArticleKind.PAPER_DIGEST
    assert settled_papers(reading) == reading.papers


def test_a_paper_named_by_the_headline_of_its_tool(read: Read) -> None:
    tool = f"RiverSeq: {FOG[0].lower()}{FOG[1:]}"
    lines = (*PROSE, heading("参考资料"), SNOW_REFERENCE, f"Kang B, Fan R, et al. {tool}. Cell Syst. 2026;17:1.")
    assert titles(read(*lines, title="RiverSeq怎么用于真实课题？")) == [tool]
    assert titles(read(*lines, title="RiverSeq220怎么用于真实课题？")) != [tool]


def test_titles_each_on_its_line_that_are_promised_and_told_of(read: Read) -> None:
    told = (FOG, PROSE[0], RAIN, PROSE[1], SNOW, PROSE[0])
    assert titles(read(PROSE[1], "挑出和河有关的几篇文章再看看——", *told)) == [FOG, RAIN, SNOW]
    assert len(titles(read(PROSE[1], "挑出和河有关的几篇文章再看看——", FOG, RAIN, SNOW, PROSE[0]))) <= 1


def test_items_each_presented_in_a_sentence(read: Read) -> None:
    lines = [f"比如下面这篇把河与雾联系起来的研究：{title}，即河边小镇的故事。" for title in (FOG, RAIN, SNOW)]
    assert titles(read(lines[0], PROSE[0], lines[1], PROSE[1], lines[2])) == [FOG, RAIN, SNOW]


def test_two_titles_each_with_its_journal_and_factor(read: Read) -> None:
    lines = [
        f"分享一篇发表在{name}（1区，IF={factor}）期刊上的文章《{title}》，讲河边小镇。"
        for title, name, factor in ((FOG, "Cell Reports", "8.4"), (RAIN, "Genome Biology", "12.3"))
    ]
    papers = primary(read(lines[0], PROSE[0], lines[1], PROSE[1]))
    assert [(paper.title, paper.impact_factor) for paper in papers] == [(FOG, 8.4), (RAIN, 12.3)]


def test_the_title_of_a_set_of_data_is_none_of_a_paper(read: Read) -> None:
    reading = read(f"今天使用标题为 {RAIN} 的数据集GSE186262。", f"想了解文章内容，可以看看文章 {FOG}。", *PROSE)
    assert titles(reading) == [FOG]


def test_a_short_list_whose_papers_the_text_counts_or_tells_of(read: Read) -> None:
    references = (heading("参考文献"), FOG_REFERENCE, SNOW_REFERENCE)
    assert titles(read("一起学习近期发表的两篇河流研究。", *PROSE, *references)) == [FOG, SNOW]
    told = ("一、《Nature》雾（IF：50.5）", PROSE[0], "二、《Cell》雪（IF：45.5）", PROSE[1])
    papers = primary(read(*told, *references))
    assert [(paper.title, paper.impact_factor) for paper in papers] == [(FOG, 50.5), (SNOW, 45.5)]


def test_addresses_at_the_end_in_the_order_of_the_titles(read: Read) -> None:
    reading = read(
        f"三月，《自然》发表了题为{FOG}的论文。",
        *PROSE,
        f"此前，《细胞》发表了题为{SNOW}的论文。",
        "https://doi.org/10.1038/fog2021",
        "https://doi.org/10.1016/snow2019",
    )
    assert {paper.title: paper.doi for paper in reading.papers} == {FOG: "10.1038/fog2021", SNOW: "10.1016/snow2019"}


def test_the_line_at_the_top_is_the_title_and_not_a_heading_below(read: Read) -> None:
    told = [line for title in (RAIN, SNOW) for line in (title, f"研究者在2024年3月1日看河。{PROSE[0]}")]
    assert titles(read(FOG, *RESULTS, *told)) == [FOG]
