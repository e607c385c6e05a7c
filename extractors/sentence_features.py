"""What sentences are like in numbers: the cues they hold, their place, what they share with the title and the rest.

These stand beside the words themselves in `tagger.Tagger`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..models import BlockKind, PaperRole, Part
from .article_features import REVIEW_FEATURES, review_features
from .folding import code_points
from .ngrams import BUCKETS, Bags, Integers
from .reading import Reading, Sentence

Floats = npt.NDArray[np.float64]

_RESULT = re.compile(
    r"发现|显示|表明|揭示|证实|证明|提示|观察到|鉴定出|显著|结果|明显|升高|降低|增加|减少|上调|下调|富集|相关|高于|低于|促进|抑制|优于|达到|demonstrat|show|reveal|found"
)
_METHOD = re.compile(
    r"^(?:为了|为进一步|首先|接下来|随后|然后|我们采用|作者采用|作者使用|作者利用|利用|通过|采用|使用)|进行了?(?:分析|检测|实验|测序)|[?？]$"
)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?%?")
# The alternatives begin with plain characters, never a class, an optional character or an anchor, and no pattern
# ignores case as a whole: then the engine leaps over all characters that none begins with (20 μs an article; 60 to 135
# else).
_LIMITED = re.compile(
    r"局限|不足|缺陷|遗憾|限制|尚需|仍需|还需|有待|需要?进一步|需要更|未能|没有考虑|未考虑|仅限于|单中心|回顾性|样本量|小规模|挑战|无法|不能|受限|可能受到|偏差|谨慎|不够|缺乏|缺少|尚未|没有验证|未来|limit|只有|仅"
)
_CLAIM = re.compile(
    r"首次|揭示|证明|证实|关键|机制|提出|构建|开发|建立|优于|有望|潜在|靶点|重要|策略|为.{2,20}提供|主要|驱动|介导|通过.{2,40}(?:促进|抑制|调控|激活|诱导|增强)"
)
CONCLUSION = re.compile(
    r"综上|总之|总的来说|总而言之|总体而言|结论|这(?:些|一)(?:结果|发现|研究)(?:表明|提示|说明|为|强调)|本研究(?:为|提供|强调|证明|表明)|该研究(?:为|提供|强调)|研究意义"
)
LIMITATION = re.compile(
    r"局限|不足之处|存在(?:一些|一定|以下)?(?:的)?(?:限制|不足|缺陷)|样本量(?:较|相对|偏|有限|小)|尚未(?:验证|阐明|明确|进行)|有待(?:进一步)?(?:验证|研究|探索|阐明)|需要(?:更大|进一步|更多)[^。]{0,12}(?:验证|研究|队列|样本)|回顾性(?:研究|设计)[^。]{0,10}偏倚|l(?i:imitation)|L(?i:imitation)"
)
FALLS_SHORT = re.compile(
    r"局限性|不足之处|缺陷在于|受限于|有待|仍需|尚需|还需|样本量(?:较|相对|偏|有限|小|不)|未能|需要?进一步(?:验证|研究|探索|阐明|探究|明确)|单中心|回顾性|仍存在|仍有"
)
LIMITATION_SECTION = re.compile(r"局限|不足|limitation", re.IGNORECASE)
_FIGURE = r"(?i:\s?(?:补充)?(?:图|Fig|Figure|Table|表)\s?S?\d)"
_CUES = (
    _RESULT,
    _METHOD,
    re.compile(  # a statistic
        r"P\s?[<=＜]\s?0?\.\d|p\s?[<=＜]\s?0?\.\d|%(?<=\d%)|HR\s?[=:]|AUC|CI\b|倍|vs|n\s?=\s?\d|N\s?=\s?\d"
    ),
    re.compile(rf"\({_FIGURE}|（{_FIGURE}|图\s?\d"),  # points to a figure
    re.compile(r"^(?:图|Fig|Figure|Table|表|补充图)\s?S?\d", re.IGNORECASE),  # a caption
    re.compile(
        r"既往|此前|近年来|目前|已有研究|众所周知|尚不清楚|仍不清楚|是一种|是指|据统计|全球|背景"
    ),  # known before
    CONCLUSION,
    LIMITATION,
    _LIMITED,
    FALLS_SHORT,
    re.compile(  # goes on from, or against, what was said
        r"^(?:然而|但|不过|尽管|虽然|另外|此外|其次|第[一二三]|最后|首先|同时|未来|另一个|需要注意|值得注意)"
    ),
    re.compile(r"本研究|本文|该研究|这项研究|我们的|作者|研究者|研究团队|该方法|该模型|该工具"),
    re.compile(  # begins as a summing up
        r"^(?:综上|总之|总的来说|总体|总而言之|因此|由此|本研究|该研究|这项研究|本文|该文|研究(?:人员|团队|者)?(?:发现|表明|揭示|证实|显示)|研究结果|结果表明|结果显示|最终|我们|这些结果|这些发现|这表明|上述|此外|进一步|更重要|值得)"
    ),
    _CLAIM,
    re.compile(
        r"^(?:[(（]?\d{1,2}[)）.、]|[①-⑩]|[一二三四五六七]、|[A-Za-z](?:[-–]?[A-Za-z])?[.,，、：:)）])"
    ),  # an item
    re.compile(r"\?|？|如何|是否|为什么|怎么"),
    re.compile(r"可以|需要|建议|我们|大家|小编|你|咱们|可参考|思路|值得学习|发文|欢迎"),  # speaks to the reader
    re.compile(r"[。！!.；;][”’」』）)\]】》]*$"),
)
_SECTION_CUES = (
    re.compile(r"结果|发现|Result|结论|Part|图\s?\d|揭示|促进|抑制|调控", re.IGNORECASE),
    re.compile(r"背景|引言|前言|简介|Introduction|方法|材料|Method|思路|流程|设计|数据", re.IGNORECASE),
    LIMITATION_SECTION,
    re.compile(r"总结|小结|结论|讨论|点评|综上|结语|最后|思考|意义|展望|评价|Conclusion|Discussion", re.IGNORECASE),
    re.compile(
        r"要点|导读|摘要|亮点|核心|一句话|概述|概要|简介|Abstract|Highlight|主要发现|研究成果|成果|速览|介绍|信息|导语",
        re.IGNORECASE,
    ),
)
_RESULT_COLUMN, _METHOD_COLUMN = 0, 1
SENTENCE_FEATURES = len(_CUES) + len(_SECTION_CUES) + 20 + 7 + 4 + 7 + 4 + REVIEW_FEATURES


def sentence_features(reading: Reading, sentences: Sequence[Sentence], *, words: Bags, title: Bags) -> Floats:
    """One row a sentence, `SENTENCE_FEATURES` wide.

    Args:
        words: the n-grams of the sentences.
        title: the n-grams of the article's title.
    """
    if not sentences:
        return np.zeros((0, SENTENCE_FEATURES))
    texts = [sentence.text for sentence in sentences]
    sections: dict[str, list[bool]] = {}
    for sentence in sentences:
        if sentence.section not in sections:
            sections[sentence.section] = [cue.search(sentence.section) is not None for cue in _SECTION_CUES]
    cues = np.hstack(
        [
            np.array([list(map(bool, map(cue.search, texts))) for cue in _CUES], dtype=np.float64).T,
            np.array([sections[sentence.section] for sentence in sentences], dtype=np.float64),
        ]
    )
    entities = _entity_counts(reading, sentences)
    return np.hstack(
        [
            cues,
            _places(reading, sentences),
            _sections(sentences),
            entities,
            _shared(words, title),
            _document(reading, cues, entities),
        ]
    )


def _places(reading: Reading, sentences: Sequence[Sentence]) -> Floats:
    """Length, kind of block, position, and what the characters are: 20 columns."""
    texts, lines = [sentence.text for sentence in sentences], [sentence.line for sentence in sentences]
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    size = np.maximum(lengths, 1)
    position = np.array([sentence.position for sentence in sentences])
    numbers = np.array([-1, *(line.number for line in lines), -1])
    latin, chinese = _letters(texts, lengths)
    title_genes = [m.text for gene in reading.genes for m in gene.mentions if m.part is Part.TITLE]
    columns = (
        [line.number in reading.reference_lines for line in lines],
        [sentence.in_heading for sentence in sentences],
        [line.kind is BlockKind.LIST_ITEM for line in lines],
        [line.kind is BlockKind.CAPTION for line in lines],
        [line.block is not None and line.block.bold for line in lines],
        size < 12,
        (size >= 12) & (size < 30),
        size >= 120,
        np.log1p(size) / 5,
        position,
        position**2,
        position < 0.1,
        position > 0.9,
        np.arange(len(sentences)) / len(sentences),
        numbers[:-2] != numbers[1:-1],  # first of its block
        numbers[2:] != numbers[1:-1],  # last of its block
        np.minimum([len(_NUMBER.findall(text)) for text in texts], 8) / 4,
        latin / size,
        chinese / size,
        [any(gene in text for gene in title_genes) for text in texts],
    )
    return np.column_stack(columns).astype(np.float64)


def _letters(texts: Sequence[str], lengths: Integers) -> tuple[Integers, Integers]:
    """How many Latin letters, and how many Chinese characters, each text has."""
    codes = code_points("".join(texts))
    owners = np.repeat(np.arange(len(texts)), lengths)
    small = codes | 0x20  # of a Latin letter, the small one
    latin = (codes < 0x80) & (small >= ord("a")) & (small <= ord("z"))
    chinese = (codes >= 0x4E00) & (codes <= 0x9FFF)
    count = len(texts)
    return np.bincount(owners[latin], minlength=count), np.bincount(owners[chinese], minlength=count)


def _sections(sentences: Sequence[Sentence]) -> Floats:
    """Where the sentence's section is among the sections, and the sentence in it: 7 columns."""
    order: dict[str, int] = {}
    sizes: dict[str, int] = {}
    first: dict[str, int] = {}
    for index, sentence in enumerate(sentences):
        order.setdefault(sentence.section, len(order))
        first.setdefault(sentence.section, index)
        sizes[sentence.section] = sizes.get(sentence.section, 0) + 1
    count, article_size = len(order), np.log1p(len(sentences)) / 5
    return np.array(
        [
            [
                order[name] / count,
                min(count, 20) / 10,
                (index - first[name]) / sizes[name],
                order[name] == count - 1,
                order[name] == 0,
                min(sizes[name], 20) / 10,
                article_size,
            ]
            for index, name in enumerate(sentence.section for sentence in sentences)
        ],
        dtype=np.float64,
    )


def _entity_counts(reading: Reading, sentences: Sequence[Sentence]) -> Floats:
    """How many genes, methods, tools and diseases each sentence mentions, capped: 4 columns."""
    begins, ends = [s.start for s in sentences], [s.end for s in sentences]
    columns = []
    for entries, cap, scale in (
        (reading.genes, 6, 3),
        (reading.methods, 4, 2),
        (reading.tools, 4, 2),
        (reading.diseases, 4, 2),
    ):
        starts = np.array(
            [mention.start for entry in entries for mention in entry.mentions if mention.part is Part.TEXT],
            dtype=np.int64,
        )
        starts = np.sort(starts) + reading.text_offset
        columns.append(np.minimum(np.searchsorted(starts, ends) - np.searchsorted(starts, begins), cap) / scale)
    return np.column_stack(columns).astype(np.float64)


def _shared(words: Bags, title: Bags) -> Floats:
    """What a sentence has in common with the title and with the other sentences: 7 columns.

    What sums the paper up says in other words what the title says, and what the rest says again and again.
    """
    sizes = np.maximum(words.sizes, 1)
    frequency = np.bincount(words.buckets, minlength=BUCKETS)
    others = frequency[words.buckets] - 1
    rarity = np.log(words.count / (others + 1))
    of_title = np.zeros(BUCKETS, dtype=bool)
    of_title[title.buckets] = True
    in_title = of_title[words.buckets]
    whole_title = max(float(np.log(words.count / np.maximum(frequency[title.buckets], 1)).sum()), 1.0)

    def summed(values: Floats) -> Floats:
        return np.asarray(np.bincount(words.owners, weights=values, minlength=words.count), dtype=np.float64)

    named_too = summed(in_title.astype(np.float64))
    central = summed(others / max(words.count - 1, 1)) / sizes
    covered = summed(rarity * in_title) / whole_title
    return np.column_stack(
        [
            central * 10,
            summed((others >= 2).astype(np.float64)) / sizes,
            covered * 2,
            named_too / max(len(title.buckets), 1),
            named_too / sizes,
            1 / (1 + _ranks(central)),
            1 / (1 + _ranks(covered)),
        ]
    )


def _ranks(values: Floats) -> Floats:
    """0 for the greatest value; the earlier first among equals."""
    ranks = np.empty(len(values))
    ranks[np.argsort(-values, kind="stable")] = np.arange(len(values))
    return ranks


def _document(reading: Reading, cues: Floats, entities: Floats) -> Floats:
    """What the whole article is like, the same for each of its sentences: 4 columns, and those of a review."""
    named = any(paper.role is PaperRole.PRIMARY and (paper.title or paper.journal) for paper in reading.papers)
    row = [float(named), cues[:, _RESULT_COLUMN].mean(), cues[:, _METHOD_COLUMN].mean(), entities[:, 0].mean()]
    row += review_features(reading)
    return np.tile(np.array(row), (len(cues), 1))
