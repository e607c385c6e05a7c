"""From HTML to blocks, in both forms the page comes in: with WeChat's styles and stripped of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wenzhai.harvester.body_blocks import read_blocks
from wenzhai.models import BlockKind


def texts(html: str) -> list[str]:
    return [block.text for block in read_blocks(html)]


def kinds(html: str) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_blocks(html)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p><span>TH</span><span>1</span> 细胞</p>", ["TH1 细胞"]),
        ("<p>hu<b>ggingf</b><i>ace.co</i></p>", ["huggingface.co"]),
        ("<p>PMID: 29049590</p><p>IF: 120.7</p>", ["PMID: 29049590", "IF: 120.7"]),
        ("<section>甲<section>乙</section>丙</section>", ["甲", "乙", "丙"]),
        ("<p>第一行<br>第二行<br/><br>第三行</p>", ["第一行", "第二行", "第三行"]),
        ("<p>a&nbsp;b\n  c\u2003d</p>", ["a b c d"]),
        ("<p>A\u200bB\u00adC\ufeffD</p>", ["ABCD"]),
        ("<p>ＣＤ８，全角　保留</p>", ["ＣＤ８，全角　保留"]),
        ("<p>CD8<sup>+</sup> log<sub>2</sub></p>", ["CD8+ log2"]),
        ('<p style="display: none">无</p><p>有</p>', ["有"]),
        ('<p style="color: rgba(255, 255, 255, 0)">无</p><p>有</p>', ["有"]),
        ('<p style="color: transparent;">无</p>有', ["有"]),
        ('<p style="color: transparent; background-clip: text">渐变</p>', ["渐变"]),
        ('<p style="background-color: rgba(0,0,0,0)">底色透明</p>', ["底色透明"]),
        ('<p style="overflow: hidden">仍可见</p>', ["仍可见"]),
        ("<script>var a = '<p>x</p>'</script><style>p{}</style><p>y</p>", ["y"]),
        ("<p>用法：sort <reads.fastq> 之后</p>", ["用法：sort <reads.fastq> 之后"]),
        ("<p>使用 @<itemname>来标识</itemname></p>", ["使用 @<itemname>来标识"]),
        ("<p>加入 &lt;think&gt; <think>标签</think></p>", ["加入 <think> 标签"]),
        ("<secyion><section>容器</section></secyion>", ["容器"]),
        ("<page></page><p>x</p>", ["x"]),
        ("<p>  </p><p><br></p><p>\u200b</p>", []),
        ("", []),
        ("<", ["<"]),
        ("没有标签的文字", ["没有标签的文字"]),
    ],
)
def test_words(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<pre><code>library(Seurat)</code><code>  x = 1</code></pre>", "library(Seurat)\n  x = 1"),
        ("<pre><code>a = 1<br>b = 2<br><br>c = 3</code></pre>", "a = 1\nb = 2\n\nc = 3"),
        ("<pre>x = f(1)\n  y = g(2)\n</pre>", "x = f(1)\n  y = g(2)"),
        ("<pre><code><span>if x:</span><br><span>&nbsp;&nbsp;y()</span></code></pre>", "if x:\n  y()"),
        ("<pre><section><code>a()</code></section><section><code>b()</code></section></pre>", "a()\nb()"),
    ],
)
def test_code_keeps_its_lines(html: str, expected: str) -> None:
    (block,) = read_blocks(html)
    assert (block.kind, block.text) == (BlockKind.CODE, expected)


def test_inline_code_stays_in_its_sentence() -> None:
    assert kinds("<p>运行 <code>FindClusters()</code> 即可</p>") == [("paragraph", "运行 FindClusters() 即可")]


def test_preformatted_prose_is_prose() -> None:
    html = "<pre>研究背景：肿瘤微环境中的成纤维细胞。\n作者收集了三十例样本。</pre>"
    assert kinds(html) == [
        ("paragraph", "研究背景：肿瘤微环境中的成纤维细胞。"),
        ("paragraph", "作者收集了三十例样本。"),
    ]


def test_headings() -> None:
    html = (
        f"<h2>结果</h2><h3>{'长' * 61}</h3><h4>这是一句完整的话。</h4><p><strong>小标题</strong></p><p>半<b>粗</b></p>"
    )
    found = [(block.kind.value, block.level, block.bold) for block in read_blocks(html)]
    assert found == [
        ("heading", 2, False),
        ("paragraph", 0, False),
        ("paragraph", 0, False),
        ("paragraph", 0, True),
        ("paragraph", 0, False),
    ]


def test_bold_by_style() -> None:
    (block,) = read_blocks('<p><span style="font-weight: bold;">粗体标题</span></p>')
    assert block.bold


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>01</p><h2>研究背景</h2>", [("heading", "01 研究背景")]),
        ("<h1>Part1.</h1><h1>文章信息</h1>", [("heading", "Part1. 文章信息")]),
        ("<p>1.</p><p>短条目</p>", [("paragraph", "1. 短条目")]),
        ("<p>01</p><pre><code>x = 1</code></pre>", [("paragraph", "01"), ("code", "x = 1")]),
        ("<p>完</p><p>02</p>", [("paragraph", "完"), ("paragraph", "02")]),
    ],
)
def test_lone_numbers(html: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(html) == expected


def test_table_of_data() -> None:
    html = (
        "<table><tbody><tr><th><p>资料</p></th><th>编号</th></tr>"
        "<tr><td><p>小鼠<br>皮肤</p></td><td>GSE113854</td></tr><tr><td></td><td></td></tr></tbody></table>"
    )
    assert kinds(html) == [("table_row", "资料\t编号"), ("table_row", "小鼠 皮肤\tGSE113854")]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td><p>第一段</p><p>第二段</p></td></tr></table>",
        f"<table><tr><td>第一段</td><td><p>第二段</p><p>{'长' * 250}</p></td></tr></table>",
        "<table><tr><td>第一段</td><td>第二段<table><tr><td>内</td></tr></table></td></tr></table>",
    ],
)
def test_table_of_layout_is_prose(html: str) -> None:
    assert {block.kind for block in read_blocks(html)} == {BlockKind.PARAGRAPH}
    assert texts(html)[:2] == ["第一段", "第二段"]


def test_captions_stand_by_pictures() -> None:
    html = "<img><p>图1 流程</p><p>正文</p><p>图2 结果</p><img><figure><img><figcaption>说明</figcaption></figure>"
    assert [kind for kind, _ in kinds(html)] == ["caption", "paragraph", "caption", "caption"]
    assert kinds("<p>正文</p><p>图1 展示了什么</p><p>正文</p>")[1][0] == "paragraph"
    assert kinds("<img><p>图1展示了结果的分布</p>")[0][0] == "paragraph"


def test_lists_quotes_and_links() -> None:
    html = '<ul><li><p>甲</p></li><li>乙</li></ul><blockquote><p>丙<a href="u">丁</a></p></blockquote>'
    assert kinds(html) == [("list_item", "甲"), ("list_item", "乙"), ("quote", "丙丁")]
    assert read_blocks(html)[2].links == ("u",)


def test_account_card_is_a_block_of_promotion() -> None:
    (block,) = read_blocks('<mp-common-profile data-nickname="文献小灶" data-signature="慢炖"></mp-common-profile>')
    assert (block.text, block.promotion, block.in_text) == ("文献小灶 慢炖", "account_card", False)


@pytest.mark.parametrize("depth", [251, 2100, 5000])
def test_deep_nesting(depth: int) -> None:
    html = "<section><span>" * depth + "最里面" + "</span></section>" * depth + "<p>之后</p>"
    assert texts(html) == ["最里面", "之后"]


WORDS = st.text("abc细胞αβ", min_size=1, max_size=6)


@given(st.lists(st.tuples(st.sampled_from(["p", "section", "div", "li", "h2", "blockquote"]), WORDS), max_size=12))
@settings(deadline=None)
def test_words_are_never_glued_across_blocks(parts: list[tuple[str, str]]) -> None:
    html = "".join(f"<{tag}><span>{words}</span></{tag}>" for tag, words in parts)
    assert texts(html) == [words for _, words in parts]


@given(st.lists(st.tuples(st.sampled_from(["span", "b", "em", "a", "sup", "font"]), WORDS), min_size=1, max_size=12))
@settings(deadline=None)
def test_words_are_never_split_within_a_block(parts: list[tuple[str, str]]) -> None:
    html = "<p>" + "".join(f"<{tag}>{words}</{tag}>" for tag, words in parts) + "</p>"
    assert texts(html) == ["".join(words for _, words in parts)]


@given(st.text(alphabet=st.sampled_from("<>/=\"' &;apdivtrs细胞\n\0\ud800"), max_size=120))
@settings(deadline=None, max_examples=200)
def test_any_text_is_read(html: str) -> None:
    for block in read_blocks(html):
        assert block.text
        assert block.kind is BlockKind.CODE or not re.search(r"[\n\r\xa0]", block.text)


def test_an_address_set_as_code_is_prose() -> None:
    (block,) = read_blocks("<pre><code>https://doi.org/10.1016/j.cell.2011.02.013</code></pre>")
    assert (block.kind, block.text) == (BlockKind.PARAGRAPH, "https://doi.org/10.1016/j.cell.2011.02.013")
