"""Titles of papers in the text, and lines that only look like one."""

from __future__ import annotations

import pytest
from wenzhai.extractors.titles import find_chinese_titles, find_english_titles

from .examples import PROSE, Read

TITLE = "Integrated analysis of multimodal single-cell data"
ZH = "河岸成纤维细胞的空间图谱"


@pytest.mark.parametrize(
    "line",
    [
        f"《{TITLE}》是一篇好文章。",
        f"题目：{TITLE}",
        f"英文标题：{TITLE}",
        f"标题：{TITLE}。",
        f"Title: {TITLE}",
        f"文章题为“{TITLE}”的研究",
        f"研究者发表了题为{TITLE}的论文，引起关注。",
        f"作者题为“多模态单细胞数据的整合分析（{TITLE}）”的文章",
        f"这篇综述（{TITLE}）讲了河岸。",
        f"比如下面这篇利用雾把河流联系起来的研究：{TITLE}，即多模态单细胞数据的整合分析。",
        f"“多模态单细胞数据的整合分析，{TITLE}”",
    ],
)
def test_labelled_or_quoted(read: Read, line: str) -> None:
    assert [(found.text, found.strength) for found in find_english_titles(read(PROSE[0], line))] == [(TITLE, 3)]


@pytest.mark.parametrize("line", [TITLE, f"{TITLE}.", f"“{TITLE}", f"  {TITLE} "])
def test_alone_on_a_line(read: Read, line: str) -> None:
    assert [(found.text, found.strength) for found in find_english_titles(read(PROSE[0], line))] == [(TITLE, 2)]


@pytest.mark.parametrize(
    "line",
    [
        f"题目：{TITLE}（IF=64.5）",
        f"题目：{TITLE} PMID: 34062119",
        f"题目：{TITLE} https://doi.org/10.1016/j.cell.2021.04.048",
        f"原图 {TITLE}, Cell 2021 fig2D",
        f"对应的文献是：{TITLE}. River Biol, 2021. 很好读。",
        f"{TITLE}[1]",
        f"Yuhan Hao, Stephanie Hao, Erica Andersen-Nissen, {TITLE}",
        f"[1] Yuhan Hao, Stephanie Hao, Erica Andersen-Nissen, {TITLE}",
        f"{TITLE} - PubMed",
        f"{TITLE}, Immunity 58, October 14, 2025",
        f"{TITLE} Immunity 58, 2566–2583, October 14, 2025",
        f"2{TITLE}",
        f"{TITLE}[J]. River Biol, 2021.",
        f"Li et al. published in Nature Cancer a paper entitled “{TITLE}”.",
    ],
)
def test_data_after_the_title_is_not_part_of_it(read: Read, line: str) -> None:
    assert [found.text for found in find_english_titles(read(PROSE[0], line))] == [TITLE]


@pytest.mark.parametrize(
    "line",
    [
        "Nature Communications",
        "Yuhan Hao, Stephanie Hao, Rahul Satija, Peter Smibert, Tim Stuart, William Mauck",
        "单细胞多组学（single-cell multimodal analysis of the human immune system）是一种技术",
        "We found that all the boats were gone in the morning. They had left at night.",
        "library(Seurat) for the analysis of data_frame in R",
        "see https://example.org/integrated-analysis-of-multimodal-single-cell-data-and-more",
        "发表在The Lancet Haematology, Journal of Hematology and Oncology, Clinical Cancer Research, Cancer等",
        "Creative Commons Attribution-ShareAlike International License for all",
        "All the counts of the boats are available from the keeper of the bridge",
        "“Taken together the boats of the river suggest that the fog is early.”",
        "PEPPI (Pipeline for the Extraction of Predicted Protein-protein Interactions)",
        "T cell, B cell, NK cell, monocyte, macrophage, neutrophil, basophil, eosinophil",
        "NCT04855929 A Study Evaluating the Safety of Boats in Patients with Advanced Fog",
        "The processed data can be downloaded from the BioImage Archive",
        "The Joumal of Experimental & Clinical Cancer Research",
        "www.rivers.org/how-to-get-to-the-river of the fog of the town by boat",
        "A：the tensor of the river and the fog in the town",
        *PROSE,
    ],
)
def test_no_title(read: Read, line: str) -> None:
    assert list(find_english_titles(read(PROSE[0], line))) == []


@pytest.mark.parametrize(
    "lines",
    [
        ('文章标题："Integrated analysis of multi-', "modal single-cell", 'data"'),
        ("Integrated analysis of a multi-", "modal single-cell data"),
        ("Integrated analysis of large multimodal", "single-cell data of the river"),
    ],
)
def test_a_title_over_several_lines(read: Read, lines: tuple[str, ...]) -> None:
    reading = read(PROSE[0], *lines, PROSE[1])
    [found] = find_english_titles(reading)
    joined = " ".join(lines).replace("multi- modal", "multi-modal").removeprefix("文章标题：").strip('"')
    assert found.text == joined
    assert (
        reading.document_text[found.start : found.end].replace("\n", " ").split()
        == " ".join(lines).removeprefix("文章标题：").strip('"').split()
    )


def test_an_address_below_is_no_part_of_a_title(read: Read) -> None:
    [found] = find_english_titles(read(TITLE, "https://www.nature.com/articles/s41592-023-01898-9", PROSE[0]))
    assert found.text == TITLE


@pytest.mark.parametrize("lines", [("论文标题：", "Watching Rivers"), ("题目：GFF Utilities: GffRead and GffCompare",)])
def test_a_label_makes_a_title_of_few_words(read: Read, lines: tuple[str, ...]) -> None:
    [found] = find_english_titles(read(PROSE[0], *lines))
    assert (found.text, found.strength) == (lines[-1].removeprefix("题目："), 3)


def test_a_headline_with_quotes_and_a_dash(read: Read) -> None:
    title = "The river’s ‘hidden’ power — here’s how it shapes the towns"
    [found] = find_english_titles(read(PROSE[0], f"原文以{title}标题发表在2024年12月13日的版块上"))
    assert found.text == title


def test_thousands_are_no_volume(read: Read) -> None:
    title = "Atlas of the rivers in fog and rain in 53,026 towns"
    [found] = find_english_titles(read(PROSE[0], f"题目：{title}"))
    assert found.text == title


def test_places_are_exact(read: Read) -> None:
    reading = read(PROSE[0], f"先读《{TITLE}》，再读别的。", f"题目：{TITLE}")
    found = list(find_english_titles(reading))
    assert [item.line.number for item in found] == [2, 3]
    assert all(reading.document_text[item.start : item.end] == TITLE for item in found)


@pytest.mark.parametrize(
    ("line", "strength"),
    [(f"中文标题：{ZH}", 3), (f"题目：《{ZH}》", 3), (f"文章《{ZH}》写得很细。", 1)],
)
def test_chinese(read: Read, line: str, strength: int) -> None:
    found = list(find_chinese_titles(read(PROSE[0], line)))
    assert (found[0].text, found[0].strength) == (ZH, strength)


@pytest.mark.parametrize("line", ["《自然》", "《科学》杂志", "题目：太短", *PROSE])
def test_no_chinese_title(read: Read, line: str) -> None:
    assert list(find_chinese_titles(read(PROSE[0], line))) == []
