"""Folding and cutting: the one reading of text that index, query and highlighter share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.storage.search_text import FoldedText, cjk_tokens, compact, fold, runs, segment, symbols

MIXED = st.text(st.one_of(st.sampled_from("肿瘤微环境癌PDLdl1-－ 　κΚβ８+（）。\n\u200bﬁßé㎏が⁺"), st.characters()))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＰＤ－Ｌ１", "pd-l1"),
        ("IL‑6 − TNFΑ", "il-6 − tnfα".replace("−", "-")),
        ("CD8⁺，", "cd8⁺，"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("Sjögren Čech", "sjogren cech"),
        ("µg", "μg"),
        ("腫瘤微環境幹細胞、轉錄", "肿瘤微环境干细胞、转录"),
        ("显著", "显著"),
        ("が", "が"),
    ],
)
def test_spellings_are_made_alike(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("肿瘤微环境RNA", "肿瘤 瘤微 微环 环境 境 rna"),
        ("癌", "癌"),
        ("PD-L1高", "pd l1 高"),
        ("snake_case。", "snake case"),
        ("", ""),
        ("——+。", ""),
    ],
)
def test_segments(text: str, tokens: str) -> None:
    assert segment(fold(text)) == tokens.split()


@pytest.mark.parametrize(
    ("text", "glued"),
    [
        ("抗PD-L1", "pdl1"),
        ("NF-κB", "kb nfkb nfκb"),
        ("TNFα", "tnfa"),
        ("TNF-alpha", "tnfa tnfalpha"),
        ("IFNgamma与TGF-beta1", "ifng tgfb1 tgfbeta1"),
        ("alpha与beta", ""),
        ("SARS-CoV-2", "cov2 sarscov sarscov2"),
        ("IL6", ""),
    ],
)
def test_symbols(text: str, glued: str) -> None:
    assert symbols(fold(text)) == glued.split()


def test_names_compare_by_their_compact_form() -> None:
    assert compact("TNF-α") == compact("tnf a") == "tnfa"
    assert compact("表皮生长因子 受体") == "表皮生长因子受体"


@given(MIXED)
def test_folding_again_changes_nothing_that_is_searched(text: str) -> None:
    assert segment(fold(fold(text))) == segment(fold(text))


@given(MIXED)
def test_every_run_leads_back_to_characters_that_fold_to_it(text: str) -> None:
    folded = FoldedText(text)
    assert folded.folded == fold(text)
    for run in runs(folded.folded):
        start, end = folded.original_span(run.start, run.end)
        assert 0 <= start < end <= len(text)
        assert run.text in fold(text[start:end])


@given(MIXED)
def test_offsets_are_in_order(text: str) -> None:
    folded = FoldedText(text)
    spans = [folded.original_span(at, at + 1) for at in range(len(folded.folded))]
    assert spans == sorted(spans)
    assert all(end == start + 1 for start, end in spans)


@given(st.text(st.sampled_from("肿瘤微环境"), min_size=1))
def test_the_tokens_of_a_run_spell_it(run: str) -> None:
    assert "".join(token[0] for token in cjk_tokens(run)) == run


@given(MIXED)
def test_tokens_hold_nothing_that_sqlite_would_cut_or_read(text: str) -> None:
    for token in [*segment(fold(text)), *symbols(fold(text))]:
        assert all(character.isalnum() or ord(character) > 127 for character in token)
