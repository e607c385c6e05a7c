"""Where sentences end, and the section each stands in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.extractors.sentences import is_heading, split_sentences
from wenzhai.models import Block, BlockKind

from .examples import Read, heading


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("雾散了。鸟叫了！真的吗？是的；走吧。", ["雾散了。", "鸟叫了！", "真的吗？", "是的；", "走吧。"]),
        ("他说“走吧。”然后走了。", ["他说“走吧。”", "然后走了。"]),
        ("（见图1。）下一句", ["（见图1。）", "下一句"]),
        ("真的吗？！好。", ["真的吗？！", "好。"]),
        ("等等……然后", ["等等……", "然后"]),
        ("见Fig. 2和Hao et al. 2021。", ["见Fig. 2和Hao et al. 2021。"]),
        ("差异显著（p=0.05），n=3.5万。", ["差异显著（p=0.05），n=3.5万。"]),
        ("E. coli grows. It is small. 中文", ["E. coli grows.", "It is small.", "中文"]),
        ("A vs. Bcd. Done", ["A vs. Bcd.", "Done"]),
        ("版本2.0.1 已发布", ["版本2.0.1 已发布"]),
        ("  一句 ", ["一句"]),
        (" ", []),
        ("", []),
    ],
)
def test_split(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


@given(st.text(alphabet="雾a. 。！”）A\t1", max_size=60))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    spans = list(split_sentences(text))
    assert all(start < end for start, end in spans)
    assert spans == sorted(spans)
    assert "".join("".join(split(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "block",
    [
        heading("任何文字"),
        Block(BlockKind.PARAGRAPH, "一、研究背景"),
        Block(BlockKind.PARAGRAPH, "（二）方法"),
        Block(BlockKind.PARAGRAPH, "1. 结果"),
        Block(BlockKind.PARAGRAPH, "3.2 亚群的比例"),
        Block(BlockKind.PARAGRAPH, "研究结论："),
        Block(BlockKind.PARAGRAPH, "Results"),
        Block(BlockKind.PARAGRAPH, "参考文献"),
        Block(BlockKind.PARAGRAPH, "河边的雾", bold=True),
    ],
)
def test_headings(read: Read, block: Block) -> None:
    reading = read(block, "雾散了。")
    assert is_heading(reading.lines[1])
    assert reading.sentences[-1].section == block.text


@pytest.mark.parametrize(
    "block",
    [
        Block(BlockKind.PARAGRAPH, "河边的雾"),
        Block(BlockKind.PARAGRAPH, "结果显示一切都好。"),
        Block(BlockKind.PARAGRAPH, "河边的雾散了。", bold=True),
        Block(BlockKind.PARAGRAPH, "很长的一行" * 12, bold=True),
        Block(BlockKind.LIST_ITEM, "1. 结果"),
    ],
)
def test_no_headings(read: Read, block: Block) -> None:
    reading = read(block, "雾散了。")
    assert not is_heading(reading.lines[1])
    assert reading.sentences[-1].section == ""


def test_sentences_of_an_article(read: Read) -> None:
    reading = read("雾来了。雾走了。", heading("结果"), "鸟叫了。", title="河边")
    assert [(item.text, item.section, item.line.number) for item in reading.sentences] == [
        ("河边", "", 0),
        ("雾来了。", "", 1),
        ("雾走了。", "", 1),
        ("结果", "结果", 2),
        ("鸟叫了。", "结果", 3),
    ]
    assert all(reading.document_text[item.start : item.end] == item.text for item in reading.sentences)
    positions = [item.position for item in reading.sentences]
    assert positions == sorted(positions)
    assert 0 <= positions[0] < positions[-1] < 1
