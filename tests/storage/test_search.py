"""Searching real files: what is found, in which order, and what is shown of it."""

from __future__ import annotations

import pytest

from wenzhai.storage import SearchQuery, Store

from .examples import put_text


def found(store: Store, text: str) -> set[str]:
    return {hit.article_id for hit in store.search(SearchQuery(text=text))}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("研究发现肝癌细胞凋亡", "癌"),
        ("研究发现肝癌细胞凋亡", "肝癌"),
        ("研究发现肝癌细胞凋亡", "癌细胞凋"),
        ("研究发现肝癌细胞凋亡", "亡"),
        ("阻断PD-L1治疗", "PD-L1"),
        ("阻断PD-L1治疗", "pdl1"),
        ("阻断PDL1治疗", "PD-L1"),
        ("阻断ＰＤ－Ｌ１治疗", "pd-l1"),
        ("抗anti-PD-L1-high抗体", "PDL1"),
        ("血清IL-6水平", "IL-6"),
        ("血清IL-6水平", "IL6"),
        ("血清IL6水平", "IL-6"),
        ("血清IL‑6水平", "il-6"),
        ("通过NF-κB通路", "NF-κB"),
        ("通过NF-κB通路", "NF-kB"),
        ("通过NFκB通路", "nfkb"),
        ("低氧诱导HIF-1α", "HIF1A"),
        ("分泌TNFα的", "TNF-α"),
        ("浸润的CD8+T细胞", "CD8+"),
        ("浸润的CD8+T细胞", "CD8+T细胞"),
        ("浸润的CD8⁺ T细胞", "CD8+T细胞"),
        ("采用scRNA-seq技术", "scRNA-seq"),
        ("采用scRNA-seq技术", "SCRNASEQ"),
        ("采用ｓｃＲＮＡ-seq技术", "seq"),
        ("PD-L1抑制剂联合", "PDL1抑制剂"),
        ("PDL1抑制剂联合", "PD-L1抑制剂"),
        ("ERK1/2磷酸化", "ERK1/2"),
        ("immunotherapy of cancer", "immuno*"),
        ("血清IL-1β水平", "IL-1*  "),
        ("Sjögren综合征", "sjogren"),
        ("肿瘤微环境RNA测序", "微环境RNA"),
        ("CAR-T细胞", '"T细胞"'),
        ("CAR-T 细胞", "CART细胞"),
        ("肝癌RNA", "癌RNA测" [:4]),
    ],
)
def test_a_spelling_is_found_and_highlighted(store: Store, text: str, query: str) -> None:
    article_id = put_text(store, text)
    (hit,) = store.search(SearchQuery(text=query))
    assert hit.article_id == article_id
    assert hit.snippet.highlights
