"""Passages: cut from the original, marked where the query is."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from wenzhai.storage.query import parse_query
from wenzhai.storage.query_terms import highlight_patterns
from wenzhai.storage.snippets import Snippet, find_highlights, make_snippet


def snippet(text: str, typed: str, *, length: int = 20) -> Snippet:
    node = parse_query(typed)
    assert node is not None
    return make_snippet(text, highlight_patterns(node, part="text"), length=length)


def marked(passage: Snippet) -> list[str]:
    return [passage.text[start:end] for start, end in passage.highlights]


def test_the_densest_passage_is_shown() -> None:
    text = "肿瘤。" + "其他内容，" * 20 + "结果。肿瘤中的PD-L1升高。" + "其他内容，" * 20
    passage = snippet(text, "肿瘤 pdl1")
    assert passage.text.startswith("肿瘤中的PD-L1升高。")
    assert marked(passage) == ["肿瘤", "PD-L1"]
    assert passage.start == text.index(passage.text)
    assert passage.cut


def test_marks_are_on_the_original_spelling() -> None:
    assert marked(snippet("㎏检测ＰＤ－Ｌ１阳性", "pd-l1")) == ["ＰＤ－Ｌ１"]
    assert marked(snippet("零\u200b宽PD\u200b-L1", "pd-l1 零宽", length=40)) == ["零\u200b宽", "PD\u200b-L1"]


def test_overlapping_marks_are_joined() -> None:
    assert marked(snippet("肿瘤微环境", "肿瘤微 瘤微环")) == ["肿瘤微环"]


def test_without_a_match_it_is_the_beginning() -> None:
    assert snippet("甲" * 30, "title:乙") == Snippet("甲" * 20, 0, cut=True)
    assert make_snippet("", []) == Snippet("", 0)


def test_what_is_excluded_is_not_marked() -> None:
    assert marked(snippet("肿瘤小鼠", "肿瘤 -小鼠")) == ["肿瘤"]


@given(st.text(st.sampled_from("肿瘤微PDL1-κ。\nＰ ㎏\u200b")), st.integers(1, 30))
def test_any_passage_is_the_text_and_its_marks_are_apart(text: str, length: int) -> None:
    for typed in ("肿瘤 pd-l1", "瘤*", "kg"):
        passage = snippet(text, typed, length=length)
        assert text[passage.start : passage.start + len(passage.text)] == passage.text
        assert len(passage.text) <= length
        assert passage.cut == (passage.start + len(passage.text) < len(text))
        flat = [offset for span in passage.highlights for offset in span]
        assert flat == sorted(flat)
        assert all(0 <= start < end <= len(passage.text) for start, end in passage.highlights)


@given(st.text(st.sampled_from("肿瘤微PDL1- κ。"), max_size=40))
def test_marks_of_a_whole_text_do_not_overlap(text: str) -> None:
    node = parse_query("肿瘤 瘤微 pdl1 l1")
    assert node is not None
    spans = find_highlights(text, highlight_patterns(node, part="text"))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
