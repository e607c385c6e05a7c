"""What an article is."""

from __future__ import annotations

from wenzhai.models import ArticleKind, DigestRecord

from .examples import GOLD, Read, gold_rows


def test_kinds_of_the_fixtures(records: dict[str, DigestRecord]) -> None:
    gold = {row["id"].removeprefix("fixture-"): row["kind"] for row in gold_rows(GOLD)}
    assert gold.keys() == records.keys()
    wrong = {stem: record.article.kind.value for stem, record in records.items() if record.article.kind != gold[stem]}
    assert len(wrong) <= 2, wrong


def test_a_digest(read: Read) -> None:
    reading = read(
        "近日，研究团队在Nature Medicine上发表了题为《The role of fog in the growth of river towns》的研究论文。",
        "DOI：10.1038/nature12345",
        "研究者发现，敲低STAT3后肿瘤体积缩小了一半（P<0.01）。",
        "结果显示，实验组小鼠的生存期显著延长，提示该通路与预后相关。",
        "综上，该研究揭示了成纤维细胞推动肿瘤生长的机制。",
        title="Nature Medicine | STAT3推动肿瘤生长",
    )
    assert reading.kind is ArticleKind.PAPER_DIGEST


def test_a_tutorial(read: Read) -> None:
    reading = read(
        "今天学习如何用R语言画一张热图，先安装需要的R包。",
        "运行下面的代码，注意函数的参数。",
        "如果安装报错，可以下载源码之后再运行一次脚本。",
        "最后用ggplot2软件绘制图形并保存。",
        title="R语言绘图教程：手把手画热图",
    )
    assert reading.kind is ArticleKind.TUTORIAL


def test_something_else(read: Read) -> None:
    reading = read(
        "会议将于三月举行，欢迎报名参加。",
        "报名费用包括午餐，优惠名额有限。",
        "活动地点在河边的大楼，公司提供班车。",
        title="会议通知：春季活动开始报名",
    )
    assert reading.kind is ArticleKind.OTHER
