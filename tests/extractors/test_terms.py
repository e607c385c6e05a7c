"""Methods, tools and diseases of the lexicons, and the short forms an article defines for them."""

from __future__ import annotations

import pytest

from .examples import PROSE, Read, texts


@pytest.mark.parametrize(
    ("line", "name", "words"),
    [
        ("乳腺癌很常见。", "breast cancer", ["乳腺癌"]),
        ("非小细胞肺癌（NSCLC）患者。NSCLC进展。", "non-small cell lung cancer", ["非小细胞肺癌", "NSCLC", "NSCLC"]),
        ("结肠炎（XYZC）的模型。XYZC加重，XYZCD不变。", "colitis", ["结肠炎", "XYZC", "XYZC"]),
        ("慢性阻塞性肺疾病（COPD）加重。", "chronic obstructive pulmonary disease", ["慢性阻塞性肺疾病", "COPD"]),
        ("AD患者的记忆", "Alzheimer's disease", ["AD"]),
        ("阿尔茨海默病（AD）。AD的河。", "Alzheimer's disease", ["阿尔茨海默病", "AD", "AD"]),
        ("hepatocellular carcinoma in mice", "hepatocellular carcinoma", ["hepatocellular carcinoma"]),
    ],
)
def test_diseases(read_terms: Read, line: str, name: str, words: list[str]) -> None:
    [disease] = read_terms(line).diseases
    assert (disease.name, texts(disease.mentions)) == (name, words)
    assert (disease.id or "").startswith("DOID:")


@pytest.mark.parametrize("line", ["AD转换器", "XYZC加重", *PROSE])
def test_no_disease(read_terms: Read, line: str) -> None:
    assert read_terms(line).diseases == ()


def test_the_longest_disease_wins(read_terms: Read) -> None:
    assert [item.name for item in read_terms("三阴性乳腺癌与乳腺癌").diseases] == [
        "triple-negative breast cancer",
        "breast cancer",
    ]


@pytest.mark.parametrize(
    ("line", "name", "words"),
    [
        ("单细胞转录组测序（scRNA-seq）", "single-cell RNA sequencing", ["单细胞转录组测序", "scRNA-seq"]),
        ("流式细胞术之后", "flow cytometry", ["流式细胞术"]),
        ("做了Western blot", "Western blot", ["Western blot"]),
        ("免疫荧光染色很亮", "immunofluorescence", ["免疫荧光染色"]),
        ("孟德尔随机化的思路", "Mendelian randomization", ["孟德尔随机化"]),
        ("ChIP-seq数据", "chromatin immunoprecipitation sequencing", ["ChIP-seq"]),
    ],
)
def test_methods(read_terms: Read, line: str, name: str, words: list[str]) -> None:
    [method] = read_terms(line).methods
    assert (method.name, texts(method.mentions)) == (name, words)


def test_an_ambiguous_method_needs_a_cue(read_terms: Read) -> None:
    assert read_terms("MR很贵").methods == ()
    assert [item.name for item in read_terms("MR分析很快").methods] == ["Mendelian randomization"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("用Seurat做图", "Seurat"),
        ("CellChat很快", "CellChat"),
        ("Harmony软件整合数据", "Harmony"),
        ("STAR软件很快", "STAR"),
        ("结果用Harmony整合", "Harmony"),
        ("GraphPad Prism画图", "GraphPad Prism"),
        ("TCGA数据库下载", "TCGA"),
    ],
)
def test_tools(read_terms: Read, line: str, name: str) -> None:
    assert [tool.name for tool in read_terms(line).tools] == [name]


@pytest.mark.parametrize(
    "line", ["the Harmony of spheres", "a STAR is born", "harmony很美", "https://example.org/Seurat/a", *PROSE]
)
def test_no_tool(read_terms: Read, line: str) -> None:
    assert read_terms(line).tools == ()


def test_terms_in_reference_lists_are_left_out(read_terms: Read) -> None:
    reference = "Hao Y, Hao S, et al. Breast cancer and flow cytometry with Seurat. Cell. 2021;184:3573."
    reading = read_terms(PROSE[0], "参考文献", reference)
    assert (reading.diseases, reading.methods, reading.tools) == ((), (), ())


def test_an_abbreviation_in_two_cases_is_two_words(read_terms: Read) -> None:
    assert [item.name for item in read_terms("PCa患者的河").diseases] == ["prostate cancer"]
    assert read_terms("用PCA降维后的患者分组").diseases == ()


def test_technologies_have_their_own_names(read_terms: Read) -> None:
    found = read_terms("空间转录组用Visium HD、MERFISH和Stereo-seq测得。").methods
    assert {item.name for item in found} >= {"spatial transcriptomics", "Visium HD", "MERFISH", "Stereo-seq"}
