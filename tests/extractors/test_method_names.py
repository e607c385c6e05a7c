"""Methods that no lexicon holds, told by the word at their end."""

from __future__ import annotations

import pytest

from .examples import PROSE, Read, texts


@pytest.mark.parametrize(
    ("line", "name", "mention"),
    [
        ("两组用Fogmore-Mist检验比较。", "Fogmore-Mist test", "Fogmore-Mist检验"),
        ("组织切片做Riverine染色。", "Riverine staining", "Riverine染色"),
        ("样本经FogX测序。", "FogX sequencing", "FogX测序"),
        ("用Fogmore距离衡量差别。", "Fogmore distance", "Fogmore距离"),
        ("文库用cfMist-Seq测定。", "cfMist-Seq", "cfMist-Seq"),
    ],
)
def test_a_name_with_a_head(read_terms: Read, line: str, name: str, mention: str) -> None:
    [method] = read_terms(line, PROSE[0]).methods
    assert (method.name, method.id, texts(method.mentions)) == (name, None, [mention])


@pytest.mark.parametrize(
    "line",
    [
        "进一步检验之后再说。",  # Chinese alone
        "提取DNA后的raw测序很慢。",
        "CAF距离河边很近。",
        "在FogX测序公司工作。",
        "RefSeq与HTSeq都在用。",
        *PROSE,
    ],
)
def test_no_name(read_terms: Read, line: str) -> None:
    assert read_terms(line, PROSE[0]).methods == ()


def test_what_the_lexicon_knows_keeps_its_name(read_terms: Read) -> None:
    assert [method.name for method in read_terms("用Wilcoxon检验比较scRNA-seq数据。").methods] == [
        "Wilcoxon test",
        "single-cell RNA sequencing",
    ]


def test_every_place_is_a_mention(read_terms: Read) -> None:
    [method] = read_terms("FogX测序很快，FogX测序也准。", PROSE[0]).methods
    assert texts(method.mentions) == ["FogX测序", "FogX测序"]
