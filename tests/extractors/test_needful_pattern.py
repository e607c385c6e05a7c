"""What is skipped holds no match, and words stand where an expression would find them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from wenzhai.extractors import gene_forms, paper_data, references, titles, tool_names
from wenzhai.extractors.needful_pattern import NeedfulPattern
from wenzhai.extractors.word_places import word_places

PATTERNS = [
    pattern
    for module in (gene_forms, paper_data, references, titles, tool_names)
    for pattern in vars(module).values()
    if isinstance(pattern, NeedfulPattern)
]
BITS = st.sampled_from(
    [
        "IF", "影响因子", "12.3", "9", "+", "分", "的", "中科院", "一区", "Q1", "2024", "年", "3", "月", "5", "日", "-",
        "/", "2021 Feb", "题目", "译名", ":", "《", "》", "The fog over the river", "R包", "软件", "FogMap",
        "software", "开发了", "名为", "使用", "进行", " ", "v1.2", "SMAD2", "[1]", ".", "A", "数据集", "河边的雾",
    ]
)  # fmt: skip


@given(st.lists(BITS, max_size=12).map("".join))
def test_no_match_is_missed(text: str) -> None:
    for pattern in PATTERNS:
        expected = [found.span() for found in pattern.expression.finditer(text)]
        assert [found.span() for found in pattern.finditer(text)] == expected


@given(st.text(alphabet="fogs -河", max_size=20), st.sampled_from(["fog", "o", "fogs"]))
def test_words_stand_where_an_expression_finds_them(text: str, word: str) -> None:
    before, after = r"(?<![a-z])", r"s?(?![a-z])"
    expected = [found.span() for found in re.finditer(before + re.escape(word) + after, text)]
    assert list(word_places(text, word, before=re.compile(before), after=re.compile(after))) == expected
