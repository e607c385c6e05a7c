"""Texts as arrays of code points: the very tokens that searches are cut into."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.storage import index_entry
from wenzhai.storage.code_points import CodePoints
from wenzhai.storage.search_text import fold, runs, segment, symbols

MIXED = st.text(
    st.one_of(
        st.sampled_from("肿瘤微环境癌PDLdl1-－ 　κΚβ８+（）。\n\u200bﬁ㎏が📌𠮷\ud800_"),
        st.characters(exclude_categories=()),
    )
)


@pytest.mark.parametrize(
    ("text", "tokens", "characters"),
    [
        ("肿瘤微环境RNA", "肿瘤 瘤微 微环 环境 境 rna", "境 微 环 瘤 肿"),
        ("PD-L1高，高", "pd l1 高 高", "高"),
        ("📌 𠮷野家", "𠮷野 野家 家", "家 野 𠮷"),
        ("snake_case。", "snake case", ""),
        ("", "", ""),
    ],
)
def test_tokens_and_characters(text: str, tokens: str, characters: str) -> None:
    whole = CodePoints(fold(text))
    assert whole.tokens() == tokens
    assert whole.characters() == characters


@given(MIXED)
def test_index_and_search_cut_alike(text: str) -> None:
    folded = fold(text)
    assert CodePoints(folded).tokens().split(" ") == (segment(folded) or [""])


@given(MIXED)
def test_every_chinese_character_is_there_once(text: str) -> None:
    folded = fold(text)
    assert CodePoints(folded).characters() == " ".join(
        sorted({character for run in runs(folded) if run.is_cjk for character in run.text})
    )


@given(MIXED)
def test_symbols_are_those_of_the_words(text: str) -> None:
    folded = fold(text)
    assert symbols(CodePoints(folded).words()) == symbols(folded)


@given(MIXED, MIXED)
def test_short_and_long_texts_are_indexed_alike(title: str, text: str) -> None:
    title, text = fold(title), fold(text)
    assert index_entry._of_few(title, text) == index_entry._of_many(title, text)
