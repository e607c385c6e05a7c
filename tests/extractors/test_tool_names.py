"""Tools that no lexicon holds, told by the words that introduce them."""

from __future__ import annotations

import pytest

from .examples import PROSE, Read, texts


@pytest.mark.parametrize(
    ("line", "name", "count"),
    [
        ("用R包fogmap绘图，fogmap很快。", "fogmap", 2),
        ("Python包 mistpy 安装方便", "mistpy", 1),
        ("作者开发了FogScope，FogScope可以看雾。", "FogScope", 2),
        ("作者提出了一种新方法，命名为FogNet2。", "FogNet2", 1),
        ("算法名为MistNet", "MistNet", 1),
        ("FogBase数据库收录了许多河", "FogBase", 1),
        ("FogScope软件很好用", "FogScope", 1),
        ("作者利用所开发的FogScope看雾。", "FogScope", 1),
        ("这里提出了 FOGSCOPE，一种看雾的方法。", "FOGSCOPE", 1),
    ],
)
def test_introduced(read_terms: Read, line: str, name: str, count: int) -> None:
    [tool] = read_terms(line, PROSE[0]).tools
    assert (tool.name, texts(tool.mentions)) == (name, [name] * count)


def test_introduced_by_the_headline(read_terms: Read) -> None:
    [tool] = read_terms("它能看雾，FogScope很快。FogScopes不是它。", title="FogScope：看雾的新工具").tools
    assert (tool.name, texts(tool.mentions)) == ("FogScope", ["FogScope", "FogScope"])


def test_a_list_that_says_at_its_end_what_it_is_of(read_terms: Read) -> None:
    found = read_terms("fog2py、mistpy和 riverR等包可以读取它们。", PROSE[0]).tools
    assert [tool.name for tool in found] == ["fog2py", "mistpy", "riverR"]


def test_a_headline_that_begins_with_a_word_in_small_letters(read_terms: Read) -> None:
    [tool] = read_terms("它能看雾，fogmap很快。", title="fogmap：看雾的新工具").tools
    assert (tool.name, texts(tool.mentions)) == ("fogmap", ["fogmap", "fogmap"])


def test_hosts_of_software_are_tools_and_instruments_are_not(read_terms: Read) -> None:
    found = read_terms("代码在GitHub，数据在Zenodo，文库在NovaSeq 6000上测序。").tools
    assert [tool.name for tool in found] == ["GitHub", "Zenodo"]


@pytest.mark.parametrize(
    "line",
    [
        "fogmap很快。",
        "这个R包很好。",
        "作者开发了一种疫苗。",
        "提出了新的看法。",
        "RNA工具箱",
        *PROSE,
    ],
)
def test_not_introduced(read_terms: Read, line: str) -> None:
    assert read_terms(line, PROSE[0]).tools == ()


def test_an_english_verb_is_no_package(read_terms: Read) -> None:
    assert read_terms("The package was lost in the morning.").tools == ()


def test_a_known_tool_is_named_once(read_terms: Read) -> None:
    assert [tool.name for tool in read_terms("R包Seurat很快，Seurat包也大。").tools] == ["Seurat"]


def test_a_gene_or_a_short_form_is_no_tool(read_terms: Read) -> None:
    assert read_terms("开发了TP53抗体。", "肿瘤微环境（TMEX）的算法：TMEX").tools == ()


def test_reference_lists_introduce_nothing(read_terms: Read) -> None:
    reference = "Hao Y, Hao S, et al. The package FogScope software for the river. Cell. 2021;184:3573."
    assert read_terms(PROSE[0], "参考文献", reference).tools == ()
