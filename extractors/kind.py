"""What an article is: a digest of one paper or of several, a tutorial, or something else."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from spacy.tokens import Doc

from ..models import ArticleKind, BlockKind, FindingRole, PaperRole
from .linear_model import LinearModel, LinearModels, Views, make_views
from .reading import Reading, reading_of

VIEW_COUNT = 3
# How much of the text the classifier reads: digests say at the beginning what they are about to do.
_HEAD = 1200
# How much words count beside counts: of 1 and 3, 3 was better by tenfold cross-validation (.892 against .880).
_WORD_WEIGHT = 3.0

_DIGEST = re.compile(
    r"发表(?:在|于|题)|研究(?:团队|人员|者|成果)|课题组|该研究|本研究|研究发现|作者(?:发现|通过|利用|对)|文献(?:解读|分享|阅读)|论文(?:解读|题目)|题为"
)
_TUTORIAL = re.compile(
    r"代码|教程|安装|函数|参数|运行|脚本|绘制|绘图|复现|实操|下载|点击|命令|软件|操作|步骤|示例|R语言|Python|library\(|install"
)
_TUTORIAL_TITLE = re.compile(
    r"教程|如何|怎么|怎样|绘制|绘图|画|代码|R包|R语言|Python|学习|实战|入门|一键|手把手|技巧|指南|复现|可视化|笔记|详解"
)
_SEVERAL_TITLE = re.compile(
    r"\d+\s?篇|[两二三四五六七八九十几]篇|合集|盘点|汇总|周报|月报|速递|一周|本周|精选|文献速览|JC\b"
)
_OTHER = re.compile(
    r"招聘|报名|会议|讲座|培训|课程|直播|优惠|购买|活动|诺奖|政策|新闻|记者|院士|公司|市场|投资|人生|生活|孩子|网友|手机|万元|亿元"
)
_JOURNAL_TITLE = re.compile(r"Nature|Cell|Science|NEJM|Lancet|JAMA|子刊|顶刊|IF\s?[=:：]?\d|\d+(?:\.\d+)?分|\d区|\|")
_PATTERNS = (_DIGEST, _TUTORIAL, _OTHER)


def kind_views(reading: Reading) -> Views:
    """The features of one article: its title, its beginning, its headings, and counts of what was read from it."""
    article = reading.article
    headings = " ".join(sorted({sentence.section for sentence in reading.sentences}))
    row = _dense_row(reading)
    texts = [[article.title], [article.text[:_HEAD]], [headings]]
    return make_views(texts, np.array([row], dtype=np.float64), word_weight=_WORD_WEIGHT)


def _dense_row(reading: Reading) -> list[float]:
    text, title = reading.article.text, reading.article.title
    size = max(len(text), 1)
    primary = [paper for paper in reading.papers if paper.role is PaperRole.PRIMARY]
    stated = [finding for finding in reading.findings if finding.role is not FindingRole.LIMITATION]
    code = sum(len(block.text) for block in reading.article.blocks if block.kind is BlockKind.CODE)
    return [
        *(min(len(pattern.findall(text)) / size * 500, 6.0) for pattern in _PATTERNS),
        *(float(bool(pattern.search(title))) for pattern in (_TUTORIAL_TITLE, _SEVERAL_TITLE, _OTHER, _JOURNAL_TITLE)),
        float(bool(primary)),
        min(len(primary), 5) / 2,
        float(any(paper.title for paper in primary)),
        float(any(paper.journal for paper in primary)),
        float(any(paper.doi or paper.pmid for paper in primary)),
        min(sum(len(finding.text) for finding in stated) / size * 3, 3.0),
        min(len(stated) / 10, 3.0),
        float(not stated),
        min(code / size, 3.0),
        min(len(reading.genes) / 8, 3.0),
        min(len(reading.methods) / 10, 3.0),
        min(len(reading.tools) / 6, 3.0),
        min(size / 4000, 3.0),
        float(len(reading.papers) - len(primary) > 2),
    ]


DENSE_COUNT = 21


def kind_models(models: Mapping[str, LinearModel]) -> LinearModels:
    """The questions about kinds, of all that are trained."""
    return LinearModels({kind: models[f"kind.{kind}"] for kind in ArticleKind})


def decide_kind(reading: Reading, models: LinearModels) -> ArticleKind:
    """The most probable kind; an article that digests several papers needs no guessing.

    Of 692 labelled articles 15 had two or more digested papers by our reading, and 14 of them were such digests.
    """
    if sum(paper.role is PaperRole.PRIMARY for paper in reading.papers) >= 2:
        return ArticleKind.MULTI_PAPER_DIGEST
    scores = models.probabilities(kind_views(reading))
    return max(ArticleKind, key=lambda kind: float(scores[kind][0]))


class KindComponent:
    """Fills `Reading.kind`."""

    def __init__(self, models: Mapping[str, LinearModel]) -> None:
        self.models = kind_models(models)

    def __call__(self, doc: Doc) -> Doc:
        reading = reading_of(doc)
        reading.kind = decide_kind(reading, self.models)
        return doc
