"""Journals where they are meant, and the ordinary words they are named with where they are not."""

from __future__ import annotations

import pytest
from wenzhai.extractors.journals import find_journals

from .examples import PROSE, Read


def names(read: Read, line: str, *, title: str = "读书笔记一则") -> list[str]:
    reading = read(PROSE[0], line, title=title)
    found = list(find_journals(reading))
    assert all(reading.document_text[item.start : item.end] == item.journal.as_written for item in found)
    return [item.journal.name for item in found]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("论文发表在《自然》上。", "Nature"),
        ("《科学》杂志刊登了这项研究。", "Science"),
        ("论文发表在《细胞》杂志。", "Cell"),
        ("发表在《柳叶刀》", "The Lancet"),
        ("研究发表在《新英格兰医学杂志》。", "The New England Journal of Medicine"),
        ("期刊：Nature", "Nature"),
        ("期刊：Nature Communications", "Nature Communications"),
        ("发表期刊：Nature Medicine", "Nature Medicine"),
        ("研究发表在国际期刊Nat Commun上", "Nature Communications"),
        ("发表于Nat. Commun.", "Nature Communications"),
        ("发表于Cell（IF=64.5）", "Cell"),
        ("Science上发表了一项研究", "Science"),
        ("期刊：Cell Reports Medicine（IF 14）", "Cell Reports Medicine"),
        ("研究发表于eLife。", "eLife"),
        ("Cell", "Cell"),
        ("期刊：Journal of Invented Studies", "Journal of Invented Studies"),
        ("作者2020年在River and Fog Letters期刊上发表了文章", "River and Fog Letters"),
        ("数据库已经在NAR上线了", "Nucleic Acids Research"),
        ("Science Immunology的一项研究发现，雾会散。", "Science Immunology"),
        ("22年nature communications的文章", "Nature Communications"),
        ("今天分享的是Molecular Cancer上面一篇文章", "Molecular Cancer"),
        ("发表在Brief. Bioinformatics（IF：9.5）", "Briefings in Bioinformatics"),
        ("小编很喜欢Nat Com上发表的文章", "Nature Communications"),
        ("原文链接：The fog of the river | Nature Aging (nature.com)", "Nature Aging"),
        ("发表期刊：River and Fog Letters，三月上线", "River and Fog Letters"),
        ("近日River and Fog Letters（IF：5.9）的论文讲了河边的雾", "River and Fog Letters"),
        ("2022年 River Fog Lett 杂志刊登了一篇文章", "River Fog Lett"),
        ("他在RiverAndFog上发表的文章", "RiverAndFog"),
        ("去年发表在Gut(23.0/Q1)", "Gut"),
        ("方法2022年4月在Nature Cancer(22.7分)", "Nature Cancer"),
        ("这篇JCI讲了河边的雾", "The Journal of Clinical Investigation"),
        ("11月8日自然通讯的一篇文章讲了河边的雾", "Nature Communications"),
        ("今日参考文章（nature methods，相当高了）", "Nature Methods"),
        ("The fog of the river rises in the early morning（Science Advances）。", "Science Advances"),
        ("Journal of Translational Medicine；IF：8.440", "Journal of Translational Medicine"),
        ("Li, Xia et al. “The fog of rivers.” Nature immunology vol. 26,2 (2025): 230-239.", "Nature Immunology"),
    ],
)
def test_named(read: Read, line: str, name: str) -> None:
    assert names(read, line) == [name]


@pytest.mark.parametrize(
    "line",
    [
        "自然环境越来越好。",
        "中国科学院的研究者到了。",
        "科学家说，科学很重要。",
        "细胞在生长，血液在流动。",
        "成果登上Cell子刊。",
        "绝大多数科学期刊都这样。",
        "工具覆盖生命科学期刊所需。",
        "他在Nature Genetics, Cell Discovery, The Lancet Haematology和Cancer Cell上发表论文三十篇。",
        "团队在Microbiome，ISME J，Fundamental Research，SBB，Horticulture Research等期刊上发表了文章。",
        "(源引自Trends in Immunology, 2019, 40:584)",
        "这些都是river-related genes.(2023.03)",
        "Nature旗下的一本刊物",
        "Nature Index显示",
        "The Cell Ranger pipeline",
        "Blood was taken in the morning.",
        "团队发表了一项研究，用单细胞RNA测序看河边的雾。",
        "cell-in-cell是细胞套叠。",
        "读书 Journal Club | 河边的雾",
        "代码发布在GitHub上的仓库里。",
        *PROSE,
    ],
)
def test_not_named(read: Read, line: str) -> None:
    assert names(read, line) == []


@pytest.mark.parametrize(
    "title", ["Nature | 河边的雾", "河边的雾 | Nature", "Nature：河边的雾", "【Nature】河边的雾", "Nature丨河边的雾"]
)
def test_in_a_headline(read: Read, title: str) -> None:
    assert names(read, PROSE[1], title=title) == ["Nature"]


def test_a_short_name_only_where_a_journal_is_meant(read: Read) -> None:
    assert names(read, PROSE[1], title="NC｜河边的雾") == ["Nature Communications"]
    assert names(read, "NC组与对照组没有差别。") == []


def test_a_preprint_server_right_behind_a_title(read: Read) -> None:
    line = "Li X, Wang Y. The bridges of river towns in the rain bioRxiv 2026.01.03.697314"
    assert names(read, line) == ["bioRxiv"]


def test_the_longer_name_wins(read: Read) -> None:
    assert names(read, "发表在Nature Food上") == ["Nature Food"]
    assert names(read, "发表在Nature Reviews Cancer上") == ["Nature Reviews Cancer"]


@pytest.mark.parametrize("line", ["论文发表在Cell子刊上。", "论文发表于Nature旗下的刊物。"])
def test_after_a_label_too_a_journal_of_the_family_is_another(read: Read, line: str) -> None:
    assert names(read, line) == []


def test_a_chinese_name_after_a_label(read: Read) -> None:
    assert names(read, "期刊：新英格兰医学杂志") == ["The New England Journal of Medicine"]


@pytest.mark.parametrize(
    "written",
    [
        "Cancer Immunology, Immunotherapy : CII",
        "Molecular therapy : the journal of the American Society of Gene Therapy",
        "Science (New York, N.Y.)",
    ],
)
def test_the_fuller_form_of_a_name_is_kept_as_written(read: Read, written: str) -> None:
    [found] = find_journals(read(f"期刊：{written}"))
    assert found.journal.as_written == written


def test_a_fuller_form_within_a_chinese_sentence(read: Read) -> None:
    [found] = find_journals(read("发表在Cancer Immunology, Immunotherapy : CII上"))
    assert found.journal.as_written == "Cancer Immunology, Immunotherapy : CII"


def test_what_the_lexicon_knows_of_a_journal(read: Read) -> None:
    [found] = find_journals(read("期刊：Nat Commun"))
    assert (found.journal.abbreviation, found.journal.issn) == ("Nat Commun", "2041-1723")
    [unknown] = find_journals(read("期刊：Journal of Invented Studies"))
    assert (unknown.journal.abbreviation, unknown.journal.issn) == (None, None)
