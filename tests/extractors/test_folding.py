"""Folding changes how characters look, never how many there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.extractors.folding import PIECE, fold, fold_width, piece_spans, pieces


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold_width(text)) == len(text)
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold_width(fold_width(text)) == fold_width(text)


@given(st.text(alphabet="aΣςİＡß，"), st.text(alphabet="aΣςİＡß，"))
def test_folding_a_part_is_a_part_of_the_folded(text: str, more: str) -> None:
    assert fold(text + more) == fold(text) + fold(more)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ＩＬ－６", "IL-6"),
        ("（ＤＯＩ：１０．１）", "(DOI:10.1)"),
        ("PD‐L1 PD‑L1 PD–L1 PD—L1 PD−L1", "PD-L1 PD-L1 PD-L1 PD-L1 PD-L1"),
        ("CD8⁺ CD4⁻", "CD8+ CD4-"),
        ("µm", "μm"),
        ("IL\u3000IL\u00a06", "IL IL 6"),
        ("PI3K⁄AKT∕mTOR", "PI3K/AKT/mTOR"),
        ("NF-ϰB", "NF-κB"),
        ("肿瘤。“好”…", "肿瘤。“好”…"),
    ],
)
def test_fold_width(text: str, plain: str) -> None:
    assert fold_width(text) == plain


def test_fold_lowers_what_has_one_lower_letter() -> None:
    assert fold("ＴＮＦ－Α") == "tnf-α"
    assert fold("İL6") == "İl6"


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("IL-6", ["il", "-", "6"]),
        ("p53蛋白", ["p53", "蛋", "白"]),
        ("ＴＮＦα", ["tnfα"]),
        ("naïve T", ["naïve", "t"]),
    ],
)
def test_pieces(term: str, expected: list[str]) -> None:
    assert pieces(term) == expected


@given(st.one_of(st.text(), st.text(alphabet="p53蛋 \n\t　αIL-6，éＡ", max_size=60)))
def test_spans_are_where_the_pattern_finds_pieces(text: str) -> None:
    assert list(zip(*piece_spans(text), strict=True)) == [found.span() for found in PIECE.finditer(text)]
