"""What is marked as promotion, what must never be, and the tables behind it."""

from __future__ import annotations

from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wenzhai.harvester import promotion
from wenzhai.harvester.body_blocks import read_blocks
from wenzhai.harvester.promotion import mark_promotion
from wenzhai.harvester.promotion_lexicon import bare, promotion_lines, promotion_phrases
from wenzhai.models import Block, BlockKind

POST = "http://mp.weixin.qq.com/s?__biz=Mz==&mid=1&idx=1"
PROSE = [
    "作者收集了三十例样本，先做单细胞测序，再用空间转录组验证两类细胞的相互位置。",
    "结果显示，成纤维细胞分泌的配体推动巨噬细胞极化，这一效应在敲除受体之后消失。",
    "在小鼠模型中阻断这条通路，肿瘤体积缩小了一半，生存期也随之延长。",
]


def blocks(*lines: str | Block) -> list[Block]:
    return [line if isinstance(line, Block) else Block(BlockKind.PARAGRAPH, line) for line in lines]


def link(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text, links=(POST,))


def kept(*lines: str | Block, account: str = "", title: str = "") -> list[str]:
    return [block.text for block in mark_promotion(blocks(*lines), account=account, title=title) if not block.promotion]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("点击上方蓝字，关注我们", "follow_prompt"),
        ("长按识别下方二维码", "follow_prompt"),
        ("后台回复“读书”领取资料", "follow_prompt"),
        ("欢迎加入读者交流群，进群请备注单位", "group_invitation"),
        ("如有侵权，请联系删除", "disclaimer"),
        ("商务合作请加微信：demo_123", "contact"),
        ("单细胞训练营火热报名，早鸟价仅需 199 元", "advertisement"),
        ("编辑 | 小满", "credits"),
        ("作者：阿禾 排版：小满", "credits"),
        ("— END —", "end_mark"),
        ("▼", "decoration"),
        ("image-20240815123550804", "decoration"),
    ],
)
def test_closing_lines(line: str, reason: str) -> None:
    marked = mark_promotion(blocks(*PROSE, line))
    assert [block.promotion for block in marked] == ["", "", "", reason]


@pytest.mark.parametrize(
    "line",
    [
        "往期研究多在小鼠中进行，样本量有限。",
        "研究者比较了三种公众号推文的传播效果，并统计阅读量。",
        "用户可用微信扫码登录网站，随后上传表达矩阵。",
        "本研究经伦理委员会批准，受试者均知情同意。",
        "DOI: 10.1016/j.cell.2011.02.013，欢迎转发",
        "PMID：33597522",
        "期刊：Nature Communications",
        "[3] 张三. 招聘市场分析. 中国统计, 2020.",
        "参考文献",
        "Figure 2. Enrichment of fibroblasts",
        "https://www.nature.com/articles/s41467-021-21246-9",
        "33257685",
    ],
)
def test_content_stays(line: str) -> None:
    assert kept(PROSE[0], line, *PROSE[1:]) == [PROSE[0], line, *PROSE[1:]]
    assert kept(*PROSE, line) == [*PROSE, line]


def test_code_and_table_cells_are_never_marked() -> None:
    code = Block(BlockKind.CODE, "# END\n}")
    row = Block(BlockKind.TABLE_ROW, "编辑\t公众号")
    assert [block.promotion for block in mark_promotion([code, row, *blocks(*PROSE, "END")])] == [""] * 5 + ["end_mark"]


def test_list_of_links_under_a_header() -> None:
    entries = [link(f"第{n}篇：一个标题") for n in range(6)]
    assert kept(*PROSE, "往期推荐", *entries, "12. 一篇没有链接的", "13. 又一篇") == PROSE


def test_a_list_stops_where_content_resumes() -> None:
    assert kept(PROSE[0], "往期推荐", link("甲"), link("乙"), *PROSE[1:]) == PROSE
    assert kept(*PROSE, "推荐阅读", link("甲"), "参考文献", "[1] Smith J et al. Nature, 2020.") == [
        *PROSE,
        "参考文献",
        "[1] Smith J et al. Nature, 2020.",
    ]


def test_list_of_links_without_a_header() -> None:
    entries = [link(f"标题{n}") for n in range(5)]
    assert kept(*PROSE, "文献解读", *entries) == PROSE
    steps = [link(f"{n}. 步骤") for n in range(1, 6)]
    assert kept(PROSE[0], *steps, *PROSE * 4) == [PROSE[0], *(step.text for step in steps), *PROSE * 4]


def test_citations_within_lists_stay() -> None:
    citation = Block(BlockKind.PARAGRAPH, "doi.org/10.1038/s41592-019-0619-0", links=("https://doi.org/x",))
    assert kept(*PROSE, "延伸阅读", citation) == [*PROSE, citation.text]


def test_what_is_between_closing_lines_goes_with_them() -> None:
    assert kept(*PROSE, "欢迎关注我们", "一杯咖啡，一篇文献", "每周三见", "编辑：小满") == PROSE


def test_prose_is_not_swallowed_by_the_end() -> None:
    last = "因此，这条通路可能成为联合治疗的新靶点，值得在临床上验证。"
    assert kept(*PROSE, "扫码进群", last, "END") == [*PROSE, last]


def test_paper_of_an_advertisement_is_not_the_source() -> None:
    advert = ["《七日营》正在报名，学员复现了下面这篇论文，扫码咨询", "发表期刊：Genome Medicine", "影响因子：15.266"]
    source = ["期刊：Cell", "影响因子：66.8"]
    assert kept(*source, *PROSE, *advert, "如有侵权请联系删除") == [*source, *PROSE]
    assert kept(*source, *PROSE) == [*source, *PROSE]


def test_advertised_product_takes_its_citation_along() -> None:
    lines = [
        "PlotMagic 是某某公司旗下的平台，即刻注册享优惠",
        "PlotMagic 的方法学文章发表于 iMeta：",
        "发表期刊：iMeta",
        "引用 PlotMagic: Smith J et al. iMeta 2024. 10.1002/imt2.1",
    ]
    assert kept(*PROSE, *lines, "参考文献", "[1] Doe J. Nature, 2020.") == [
        *PROSE,
        "参考文献",
        "[1] Doe J. Nature, 2020.",
    ]
    assert kept("本文用 PlotMagic 绘图。", *PROSE, *lines)[-2:] == lines[2:]


def test_sentences_are_cut_off_a_paragraph() -> None:
    content = "这项研究发现，缺氧诱导因子调控了代谢重编程的全过程，并在两个独立队列中得到验证。"
    text = f"大家好，我是小满！{content}喜欢的话欢迎转发，点个在看！"
    marked = mark_promotion(blocks(PROSE[0], text, *PROSE))
    assert [block.text for block in marked] == [
        PROSE[0],
        "大家好，我是小满！",
        content,
        "喜欢的话欢迎转发，点个在看！",
        *PROSE,
    ]
    assert [bool(block.promotion) for block in marked] == [False, True, False, True, False, False, False]


def test_account_name_and_motto() -> None:
    assert kept("青石讲坛，与你相约周末", *PROSE, "青石讲坛", account="青石讲坛") == PROSE
    assert kept(*PROSE[:2], "青石讲坛收到一位读者的来信", *PROSE, account="青石讲坛")[2].startswith("青石")


def test_title_is_content_whatever_it_says() -> None:
    title = "扫码进群？聊聊公众号营销"
    assert kept(title, *PROSE, title=title) == [title, *PROSE]


def test_marks_that_are_there_already_stay() -> None:
    card = Block(BlockKind.PARAGRAPH, "文献小灶", promotion="account_card")
    assert mark_promotion([*blocks(*PROSE), card])[-1] == card


LINE = st.one_of(
    st.sampled_from([*PROSE, "往期推荐", "END", "扫码", "参考文献", "点个在看", "01", "期刊：Cell"]),
    st.text(min_size=1, max_size=30),
)
BLOCK = st.builds(
    Block,
    kind=st.sampled_from(BlockKind),
    text=LINE,
    links=st.sampled_from([(), (POST,)]),
    promotion=st.sampled_from(["", "", "card"]),
)


@given(st.lists(BLOCK, max_size=14))
@settings(deadline=None, max_examples=200)
def test_marks_but_never_deletes(found: list[Block]) -> None:
    marked = mark_promotion(found, account="青石", title="END")

    def words(listed: list[Block]) -> str:
        return "".join("".join(block.text.split()) for block in listed)

    assert words(list(marked)) == words(found)
    assert all(block.promotion in ("", "card") for block in marked if block.kind is BlockKind.CODE)


@pytest.mark.parametrize(
    ("name", "header"),
    [("promotion_phrases.tsv", "phrase\tweight\treason"), ("promotion_lines.tsv", "line\treason\tfollows")],
)
def test_tables_are_tidy(name: str, header: str) -> None:
    text = resources.files(promotion.__package__).joinpath(name).read_text(encoding="utf-8")
    lines = text.splitlines()
    assert [line.startswith("# ") for line in lines[:3]] == [True, True, False]
    assert lines[2] == header
    rows = [line.split("\t") for line in lines[3:]]
    keys = [row[0] for row in rows]
    assert keys == sorted(set(keys))
    assert all(len(row) == 3 and all(cell and cell == cell.strip() for cell in row) for row in rows)
    assert text.endswith("\n")


def test_values_in_the_tables() -> None:
    reasons = {"advertisement", "contact", "credits", "decoration", "disclaimer", "end_mark", "follow_prompt"}
    reasons |= {"greeting", "group_invitation", "link_list"}
    assert {phrase.reason for phrase in promotion_phrases()} <= reasons
    assert {phrase.weight for phrase in promotion_phrases()} <= {-3, 1, 2, 3}
    assert {line.reason for line in promotion_lines().values()} <= reasons
    assert {line.follows for line in promotion_lines().values()} <= {"", "list"}
    assert all(bare(line) == line for line in promotion_lines())


def test_real_bodies_keep_their_order() -> None:
    html = "<p>点击关注</p>" + "".join(f"<p>{line}</p>" for line in PROSE) + "<p>END</p>"
    assert [bool(block.promotion) for block in mark_promotion(read_blocks(html))] == [True, False, False, False, True]
