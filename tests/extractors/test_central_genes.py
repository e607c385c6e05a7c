"""Which genes are central: the title, findings and frequency decide, by weights that are data."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from wenzhai.extractors.central_features import FEATURES, gene_features
from wenzhai.extractors.central_genes import WEIGHTS, CentralWeights, load_weights
from wenzhai.extractors.reading import Reading
from wenzhai.extractors.train_central import examples_of
from wenzhai.models import LexiconError

from .examples import Read

DIGEST = (
    "近日，研究团队在Nature Communications上发表题为Targeting STAT3 in gastric cancer的研究论文。",
    "结果显示，STAT3在胃癌组织中显著升高，且与不良预后相关。",
    "研究发现，敲低STAT3后肿瘤体积明显缩小，生存期显著延长。",
    "进一步实验证实，STAT3直接结合启动子并促进转录。",
    "此外，KRAS突变的比例在两组之间没有差异。",
    "综上，该研究揭示STAT3是胃癌治疗的潜在靶点。",
)


def central(reading: Reading) -> dict[str, bool]:
    return {gene.symbol: gene.central for gene in reading.genes}


def test_the_gene_of_the_findings_is_central_and_one_named_in_passing_is_not(read: Read) -> None:
    assert central(read(*DIGEST, title="胃癌研究新进展")) == {"STAT3": True, "KRAS": False}


def test_a_gene_of_the_title_is_central(read: Read) -> None:
    assert central(read("河边有雾。", title="TP53与河"))["TP53"]


def test_markers_of_cell_types_in_a_tutorial_are_not_central(read: Read) -> None:
    lines = [
        "安装Seurat包之后，运行下面的代码。",
        "CD14和LYZ是单核细胞的标记，MS4A1是B细胞的标记，NKG7是NK细胞的标记。",
    ]
    assert not any(central(read(*lines, title="单细胞教程：如何注释细胞类型")).values())


def test_what_a_gene_does_and_what_is_done_to_it_is_counted(read: Read) -> None:
    reading = read("STAT3促进转录。", "敲低STAT3后肿瘤缩小。", "激酶（STAT3）升高。", title="胃癌")
    [(gene, features)] = gene_features(reading)
    values = dict(zip(FEATURES, features, strict=True))
    assert gene.symbol == "STAT3"
    assert (values["log_acting"], values["log_acted_on"]) == (pytest.approx(math.log(3)), pytest.approx(math.log(2)))
    assert values["share_in_brackets"] == pytest.approx(1 / 3)


def test_a_gene_of_the_papers_title_is_told(read: Read) -> None:
    features = {gene.symbol: values for gene, values in gene_features(read(*DIGEST, title="胃癌研究新进展"))}
    place = FEATURES.index("in_paper_title")
    assert (features["STAT3"][place], features["KRAS"][place]) == (1.0, 0.0)


def test_every_gene_has_all_features(read: Read) -> None:
    rows = list(gene_features(read(*DIGEST, title="STAT3与胃癌")))
    assert all(len(features) == len(FEATURES) for _, features in rows)
    assert {gene.symbol: features[0] for gene, features in rows} == {"STAT3": 1.0, "KRAS": 0.0}


def test_an_article_without_genes_has_no_features(read: Read) -> None:
    assert list(gene_features(read("河边有雾。"))) == []


def test_the_shipped_weights_fit_the_features() -> None:
    assert load_weights(WEIGHTS).weights.keys() == set(FEATURES)


def test_the_threshold_is_a_probability() -> None:
    weights = CentralWeights(dict.fromkeys(FEATURES, 0.0), bias=0.0, threshold=0.4)
    nothing = (0.0,) * len(FEATURES)
    assert weights.accepts(nothing)  # probability one half
    assert not CentralWeights(weights.weights, bias=0.0, threshold=0.6).accepts(nothing)


@pytest.mark.parametrize("content", ["", "[]", json.dumps({"weights": {"in_title": 1}, "bias": 0, "threshold": 0.3})])
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "central_genes.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match="cannot be read"):
        load_weights(path)


def test_training_leaves_out_disputed_genes(read: Read) -> None:
    labels = [
        {"symbol": "STAT3", "central": True, "optional": False},
        {"symbol": "KRAS", "central": False, "optional": True},
    ]
    assert [label for _, label in examples_of(read(*DIGEST), labels)] == [1.0]
