"""Genes: composites, spellings, and the many words that only look like one."""

from __future__ import annotations

import pytest
from wenzhai.models import Block, BlockKind, Gene, Part

from .examples import PROSE, Read, texts


def symbols(read: Read, *lines: str | Block, title: str = "读书笔记一则") -> list[str]:
    return [gene.symbol for gene in read(*lines, title=title).genes]


def gene(read: Read, line: str) -> Gene:
    [only] = read(line).genes
    return only


@pytest.mark.parametrize(
    ("line", "expected", "words"),
    [
        ("研究者检测了TLR1/2/3的表达。", ["TLR1", "TLR2", "TLR3"], "TLR1/2/3"),
        ("中性粒细胞释放S100A8/9。", ["S100A8", "S100A9"], "S100A8/9"),
        ("CXCL9/10/11升高。", ["CXCL9", "CXCL10", "CXCL11"], "CXCL9/10/11"),
        ("BRCA1/2突变的携带者", ["BRCA1", "BRCA2"], "BRCA1/2"),
        ("NTRK1/2/3融合", ["NTRK1", "NTRK2", "NTRK3"], "NTRK1/2/3"),
        ("血清中的IL-1/6/8升高。", ["IL-1", "IL6", "CXCL8"], "IL-1/6/8"),
    ],
)
def test_series(read: Read, line: str, expected: list[str], words: str) -> None:
    genes = read(line).genes
    assert [item.symbol for item in genes] == expected
    assert [texts(item.mentions) for item in genes] == [[words]] * len(expected)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("MIF-ACKR3轴推动了这一过程。", ["MIF", "ACKR3"]),
        ("CCL19-CCR7信号十分突出。", ["CCL19", "CCR7"]),
        ("TP53/KRAS共突变", ["TP53", "KRAS"]),
        ("KRAS、BRAF和EGFR突变", ["KRAS", "BRAF", "EGFR"]),
        ("PD-1/PD-L1抑制剂", ["PDCD1", "CD274"]),
        ("MYC，SOX2，OCT4", ["MYC", "SOX2", "POU5F1"]),
    ],
)
def test_joined_names(read: Read, line: str, expected: list[str]) -> None:
    assert symbols(read, line) == expected


def test_a_pathway_of_three(read: Read) -> None:
    assert symbols(read, "PI3K/AKT/mTOR通路被激活。") == ["PI3K", "AKT", "MTOR"]


@pytest.mark.parametrize(
    ("line", "symbol", "words"),
    [
        ("小鼠Trp53敲除", "TP53", "Trp53"),
        ("Il6升高", "IL6", "Il6"),
        ("Foxp3+ Treg增多", "FOXP3", "Foxp3"),
        ("Mif缺陷小鼠", "MIF", "Mif"),
        ("siTP53处理之后", "TP53", "TP53"),
        ("转染si-STAT3之后", "STAT3", "STAT3"),
        ("CD44high细胞", "CD44", "CD44"),
        ("c-Myc升高", "MYC", "c-Myc"),
        ("HER2阳性", "ERBB2", "HER2"),
        ("p53被激活", "TP53", "p53"),
        ("HIF-1α稳定", "HIF1A", "HIF-1α"),
        ("程序性死亡受体1很多", "PDCD1", "程序性死亡受体1"),
        ("白细胞介素6升高", "IL6", "白细胞介素6"),
        ("白介素-6升高", "IL6", "白介素-6"),
        ("胰岛素分泌减少", "INS", "胰岛素"),
        ("肿瘤坏死因子升高", "TNF", "肿瘤坏死因子"),
    ],
)
def test_spellings(read: Read, line: str, symbol: str, words: str) -> None:
    found = gene(read, line)
    assert (found.symbol, texts(found.mentions)) == (symbol, [words])
    assert found.hgnc_id
    assert not found.family


@pytest.mark.parametrize(
    ("line", "symbol"),
    [
        ("NF-κB通路激活", "NF-κB"),
        ("ERK1/2磷酸化", "ERK1/2"),
        ("AMPK被激活", "AMPK"),
        ("VEGF升高", "VEGF"),
        ("TGF-β信号", "TGF-β"),
        ("CDK4/6抑制剂", "CDK4/6"),
        ("SMAD2/3磷酸化", "SMAD2/3"),
    ],
)
def test_families(read: Read, line: str, symbol: str) -> None:
    found = gene(read, line)
    assert (found.symbol, found.family, found.hgnc_id) == (symbol, True, None)


@pytest.mark.parametrize(
    "line",
    [
        "CD8+ T细胞数量增加。",
        "CD8+T细胞和CD4+ T细胞浸润",
        "CD8⁺ T细胞",
        "CD45+细胞",
        "期刊的IF为12.3。",
        "CAR-T疗法很贵。",
        "CAR T细胞回输",
        "EMT评分升高",
        "OS为12个月",
        "ALL患者接受化疗",
        "REST期很长",
        "we met again in the morning",
        "见https://example.com/TP53/index.html",
        "10.1038/TP53.12345",
        "TP53INP的故事",
        *PROSE,
    ],
)
def test_no_genes(read: Read, line: str) -> None:
    assert symbols(read, line) == []


def test_a_marker_is_still_a_gene(read: Read) -> None:
    assert symbols(read, "CD8A的表达升高。") == ["CD8A"]
    assert symbols(read, "CD3、CD20和CD68染色") == ["CD3", "MS4A1", "CD68"]
    assert symbols(read, "巨噬细胞（CD68）很多。") == ["CD68"]


@pytest.mark.parametrize(
    ("definition", "later"),
    [
        ("上皮间质转化（EMT）是开端。", "EMT蛋白"),
        ("总生存期（OS）延长。", "OS基因"),
        ("急性淋巴细胞白血病（ALL）很凶。", "ALL蛋白"),
        ("心理弹性指数（SOX）是自编的。", "SOX2之外，SOX很高"),
        ("脑电网络（MIF）很稳定。", "MIF蛋白升高"),
    ],
)
def test_a_definition_takes_the_word_away(read: Read, definition: str, later: str) -> None:
    assert not set(symbols(read, definition, later)) & {"MIF", "ALL", "OS", "EMT", "SOX"}


def test_a_definition_can_say_that_it_is_the_gene(read: Read) -> None:
    found = gene(read, "巨噬细胞移动抑制因子（MIF）升高，MIF与受体结合。")
    assert (found.symbol, texts(found.mentions)) == ("MIF", ["巨噬细胞移动抑制因子", "MIF", "MIF"])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("MET是河名", []),
        ("MET扩增", ["MET"]),
        ("MET基因", ["MET"]),
        ("敲低MET之后", ["MET"]),
        ("EGFR、MET、ALK突变", ["EGFR", "MET", "ALK"]),
    ],
)
def test_an_ambiguous_word_needs_a_cue(read: Read, line: str, expected: list[str]) -> None:
    assert symbols(read, line) == expected


@pytest.mark.parametrize(("line", "symbol"), [("E-cadherin降低", "CDH1"), ("N-cadherin升高", "CDH2")])
def test_hyphenated_names_need_no_cue(read: Read, line: str, symbol: str) -> None:
    assert symbols(read, line) == [symbol]


def test_a_gene_after_an_address(read: Read) -> None:
    assert symbols(read, "见https://example.com/a，TP53升高") == ["TP53"]


def test_capitals_of_a_headline_are_no_symbols(read: Read) -> None:
    assert symbols(read, "NOTES ON THE RIVER AND ITS BANKS: REST AND MET PROTEIN") == []
    assert symbols(read, "TP53 DRIVES GROWTH IN THE REST OF US") == ["TP53"]


def test_code_and_program_output_are_left_out(read: Read) -> None:
    assert symbols(read, Block(BlockKind.CODE, "FeaturePlot(obj, 'TP53')"), PROSE[0]) == []
    assert symbols(read, Block(BlockKind.TABLE_ROW, "TP53\t0.1\t3"), PROSE[0]) == []
    assert symbols(read, Block(BlockKind.TABLE_ROW, "抑癌基因\tTP53"), PROSE[0]) == ["TP53"]


def test_reference_lists_are_left_out(read: Read) -> None:
    reference = "Hao Y, Hao S, et al. TP53 shapes the river and its banks. Cell. 2021;184:3573."
    assert symbols(read, PROSE[0], "参考文献", reference) == []


def test_mentions_are_grouped_and_in_order(read: Read) -> None:
    reading = read("p53升高。", "敲除TP53，KRAS降低，P53恢复。", title="TP53与河")
    assert [item.symbol for item in reading.genes] == ["TP53", "KRAS"]
    mentions = reading.genes[0].mentions
    assert texts(mentions) == ["TP53", "p53", "TP53", "P53"]
    assert [mention.part for mention in mentions] == [Part.TITLE, Part.TEXT, Part.TEXT, Part.TEXT]
    assert [mention.start for mention in mentions[1:]] == sorted(mention.start for mention in mentions[1:])


def test_an_official_symbol_is_surer_than_a_word_with_a_cue(read: Read) -> None:
    assert gene(read, "TP53升高").score > gene(read, "MET扩增").score > 0


def test_rarer_genes_are_known_by_their_symbol_alone(read: Read) -> None:
    found = gene(read, "敲低SLC25A51后线粒体NAD+减少")
    assert (found.symbol, found.hgnc_id, found.name) == ("SLC25A51", "HGNC:23323", None)
