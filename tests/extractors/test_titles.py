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
        "T cell, B cell, NK cell, monocyte, macrophage, neutrophil, basophil, eosinophil",
        *PROSE,
    ],
)
def test_no_title(read: Read, line: str) -> None:
    assert list(find_english_titles(read(PROSE[0], line))) == []


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
