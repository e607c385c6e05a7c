"""Short forms that articles define, in the four forms they do it in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wenzhai.extractors.definitions import find_definitions


def definitions(text: str) -> list[tuple[str, str]]:
    return [(found.short, found.long) for found in find_definitions(text)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("neutrophil extracellular traps (NETs)", "NETs", "neutrophil extracellular traps"),
        ("we used single-cell RNA sequencing (scRNA-seq)", "scRNA-seq", "single-cell RNA sequencing"),
        ("they had acute lymphoblastic leukemia (ALL)", "ALL", "acute lymphoblastic leukemia"),
        ("肿瘤微环境（TME）", "TME", "肿瘤微环境"),
        ("肿瘤微环境(TME)", "TME", "肿瘤微环境"),
        ("肿瘤微环境（简称TME）", "TME", "肿瘤微环境"),
        ("上皮间质转化（epithelial-mesenchymal transition，EMT）", "EMT", "epithelial-mesenchymal transition"),
        ("总生存期 (overall survival, OS)", "OS", "overall survival"),
        ("它（TME：tumor microenvironment）很复杂", "TME", "tumor microenvironment"),
        ("它（TME = tumor microenvironment）很复杂", "TME", "tumor microenvironment"),
        ("低氧诱导因子hypoxia inducible factor 1α (HIF-1α)", "HIF-1α", "hypoxia inducible factor 1α"),
    ],
)
def test_defined(text: str, short: str, long: str) -> None:
    assert definitions(text) == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "（图1）",
        "（见表2）",
        "结果（n=30）",
        "（P<0.05）",
        "患者（n）",
        "the cat sat there (XYZ)",
        "tumor (NETs)",
        "TME（肿瘤微环境）",
        "肿瘤微环境（TME",
        "上一行\n（TME）",
        "2021（NATURE）",
        "（2021，Nature）",
        "（TME：another thing altogether）",
        "",
    ],
)
def test_not_defined(text: str) -> None:
    assert definitions(text) == []


def test_several_in_order() -> None:
    text = "肿瘤微环境（TME）里有中性粒细胞胞外诱捕网（NETs）。"
    assert [short for short, _ in definitions(text)] == ["TME", "NETs"]


@given(st.text(alphabet="（）()ABab肿瘤，,:=1 \n-", max_size=80))
def test_any_brackets(text: str) -> None:
    for found in find_definitions(text):
        assert any(char.isupper() for char in found.short)
        assert len(found.long) > 1
        assert "\n" not in found.long
