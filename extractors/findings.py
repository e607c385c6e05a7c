"""Which sentences state a result, a conclusion or a limitation of the digested paper, and which are key."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from spacy.tokens import Doc

from ..models import BlockKind, Finding, FindingRole, PaperRole, Part
from .folding import code_points, fold
from .linear_model import Floats, Integers, LinearModel, LinearModels, Views, make_views
from .reading import Reading, Sentence, reading_of

VIEW_COUNT = 4
FINDING_THRESHOLD = 0.4
LIMITATION_THRESHOLD = 0.5
LIMITATION_WITH_CUE = 0.2
KEY_THRESHOLD = 0.5
_MAXIMUM_KEY = 4

_RESULT = re.compile(
    r"发现|显示|表明|揭示|证实|证明|提示|观察到|鉴定出|显著|结果|明显|升高|降低|增加|减少|上调|下调|富集|相关|高于|低于|促进|抑制|优于|达到|demonstrat|show|reveal|found"
)
_STATISTIC = re.compile(r"[Pp]\s?[<=＜]\s?0?\.\d|\d%|HR\s?[=:]|AUC|95%|CI\b|倍|vs\.?|[nN]\s?=\s?\d")
_FIGURE = re.compile(r"[(（]\s?(?:补充)?(?:图|Fig|Figure|Table|表)\s?S?\d|如?图\s?\d", re.IGNORECASE)
_CAPTION = re.compile(r"^(?:图|Fig|Figure|Table|表|补充图)\s?S?\d", re.IGNORECASE)
_METHOD = re.compile(
    r"^(?:为了|为进一步|首先|接下来|随后|然后|我们采用|作者采用|作者使用|作者利用|利用|通过|采用|使用)|进行了?(?:分析|检测|实验|测序)|[?？]$"
)
_BACKGROUND = re.compile(r"既往|此前|近年来|目前|已有研究|众所周知|尚不清楚|仍不清楚|是一种|是指|据统计|全球|背景")
_CONCLUSION = re.compile(
    r"综上|总之|总的来说|总而言之|总体而言|结论|这(?:些|一)(?:结果|发现|研究)(?:表明|提示|说明|为|强调)|本研究(?:为|提供|强调|证明|表明)|该研究(?:为|提供|强调)|研究意义"
)
_LIMITATION = re.compile(
    r"局限|不足之处|存在(?:一些|一定|以下)?(?:的)?(?:限制|不足|缺陷)|样本量(?:较|相对|偏|有限|小)|尚未(?:验证|阐明|明确|进行)|有待(?:进一步)?(?:验证|研究|探索|阐明)|需要(?:更大|进一步|更多)[^。]{0,12}(?:验证|研究|队列|样本)|回顾性(?:研究|设计)[^。]{0,10}偏倚|limitation",
    re.IGNORECASE,
)
_SECTION_RESULT = re.compile(r"结果|发现|Result|结论|Part|图\s?\d|揭示|促进|抑制|调控", re.IGNORECASE)
_SECTION_BACKGROUND = re.compile(
    r"背景|引言|前言|简介|Introduction|方法|材料|Method|思路|流程|设计|数据", re.IGNORECASE
)
_SECTION_LIMITATION = re.compile(r"局限|不足|limitation", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?%?")
_PATTERNS = (
    _RESULT, _STATISTIC, _FIGURE, _CAPTION, _METHOD, _BACKGROUND, _CONCLUSION, _LIMITATION,
)  # fmt: skip
_SECTION_PATTERNS = (_SECTION_RESULT, _SECTION_BACKGROUND, _SECTION_LIMITATION)


def sentence_views(reading: Reading, sentences: Sequence[Sentence]) -> Views:
    """The features of sentences: their words, their neighbours' and their heading's, and what the patterns see.

    The four views are the sentence, the one before, the one after, and the section's heading.
    """
    texts = [sentence.text for sentence in sentences]
    views = [
        texts,
        ["", *texts[:-1]],
        [*texts[1:], ""],
        [sentence.section for sentence in sentences],
    ]
    return make_views(views, _dense(reading, sentences))


def _dense(reading: Reading, sentences: Sequence[Sentence]) -> Floats:
    """Further features, a column at a time: one row at a time took three times as long."""
    lengths = np.array([len(sentence.text) for sentence in sentences])
    lines = np.array([-1, *(sentence.line.number for sentence in sentences), -1])
    columns = [
        *_cue_features(sentences),
        *_place_features(reading, sentences, lengths),
        *_title_features(reading.article.title, sentences),
        *_entity_counts(reading, sentences),
        lines[1:-1] != lines[:-2],  # first of its block
        lines[1:-1] != lines[2:],  # last of its block
        np.array([min(len(_NUMBER.findall(sentence.text)), 8) for sentence in sentences]) / 4,
        np.log1p(lengths) / 5,
        np.arange(len(sentences)) / max(len(sentences), 1),
        np.full(len(sentences), math.log1p(len(sentences)) / 5),
    ]
    dense = np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])
    return np.hstack([dense, _document_features(reading, dense)])


def _cue_features(sentences: Sequence[Sentence]) -> Iterator[list[bool]]:
    for pattern in _PATTERNS:
        yield [pattern.search(sentence.text) is not None for sentence in sentences]
    for pattern in _SECTION_PATTERNS:
        found = {section: pattern.search(section) is not None for section in {s.section for s in sentences}}
        yield [found[sentence.section] for sentence in sentences]


def _place_features(reading: Reading, sentences: Sequence[Sentence], lengths: Integers) -> list[Floats]:
    position = np.array([sentence.position for sentence in sentences])
    kinds = [sentence.line.kind for sentence in sentences]
    return [
        np.array([sentence.line.number in reading.reference_lines for sentence in sentences]),
        np.array([sentence.in_heading for sentence in sentences]),
        np.array([kind is BlockKind.LIST_ITEM for kind in kinds]),
        np.array([kind is BlockKind.CAPTION for kind in kinds]),
        lengths < 12,
        (lengths >= 12) & (lengths < 30),
        lengths >= 120,
        position,
        position**2,
        position < 0.1,
        position > 0.9,
    ]


def _title_features(title: str, sentences: Sequence[Sentence]) -> list[Floats]:
    """How much of the title is in each sentence, and of the sentence in the title: of their distinct bigrams."""
    _, of_title = _distinct_bigrams([title])
    owners, of_sentences = _distinct_bigrams([sentence.text for sentence in sentences])
    own = np.bincount(owners, minlength=len(sentences))
    place = np.searchsorted(of_title, of_sentences).clip(max=max(len(of_title) - 1, 0))
    in_title = of_title[place] == of_sentences if len(of_title) else np.zeros(len(owners), dtype=np.bool_)
    shared = np.bincount(owners[in_title], minlength=len(sentences))
    return [shared / max(len(of_title), 1), shared / np.maximum(own, 1)]


def _distinct_bigrams(texts: Sequence[str]) -> tuple[Integers, Integers]:
    """For each distinct bigram of each text the number of the text, and the bigram as a number."""
    codes = code_points(fold("".join(texts))).astype(np.int64)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    within = owners[1:] == owners[:-1]
    keys = np.sort((owners[1:] << 42 | codes[:-1] << 21 | codes[1:])[within])
    keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    return keys >> 42, keys & ((1 << 42) - 1)


def _entity_counts(reading: Reading, sentences: Sequence[Sentence]) -> Iterator[Floats]:
    """How many genes, methods, tools and diseases each sentence mentions, capped."""
    begin, end = np.array([s.start for s in sentences]), np.array([s.end for s in sentences])
    for entries, cap, scale in (
        (reading.genes, 6, 3),
        (reading.methods, 4, 2),
        (reading.tools, 4, 2),
        (reading.diseases, 4, 2),
    ):
        starts = np.sort([m.start for entry in entries for m in entry.mentions if m.part is Part.TEXT])
        starts += reading.text_offset
        yield np.minimum(np.searchsorted(starts, end) - np.searchsorted(starts, begin), cap) / scale


def _document_features(reading: Reading, dense: Floats) -> Floats:
    """What the whole article is like, the same for each of its sentences."""
    if not len(dense):
        return np.zeros((0, _DOCUMENT_FEATURES))
    named = any(p.role is PaperRole.PRIMARY and (p.title or p.journal) for p in reading.papers)
    results, methods = dense[:, 0].mean(), dense[:, 4].mean()
    genes = dense[:, len(_PATTERNS) + len(_SECTION_PATTERNS) + 13].mean()
    return np.tile(np.array([float(named), results, methods, genes]), (len(dense), 1))


_DOCUMENT_FEATURES = 4
DENSE_COUNT = len(_PATTERNS) + len(_SECTION_PATTERNS) + 11 + 2 + 4 + 6 + _DOCUMENT_FEATURES


def sentence_models(models: Mapping[str, LinearModel]) -> LinearModels:
    """The questions about sentences, of all that are trained."""
    return LinearModels({name: models[name] for name in ("finding", "key", "limitation")})


def find_findings(reading: Reading, models: LinearModels) -> Iterator[Finding]:
    """The stated results of an article, in order."""
    sentences = [sentence for sentence in reading.sentences if sentence.line.number]
    if not sentences:
        return
    probabilities = models.probabilities(sentence_views(reading, sentences))
    stated, key, limits = (probabilities[name] for name in ("finding", "key", "limitation"))
    chosen = [index for index, sentence in enumerate(sentences) if _admissible(reading, sentence)]
    roles: dict[int, FindingRole] = {}
    for index in chosen:
        sentence = sentences[index]
        if _states_limitation(sentence, limits[index]):
            roles[index] = FindingRole.LIMITATION
        elif stated[index] > FINDING_THRESHOLD:
            conclusive = _CONCLUSION.search(sentence.text)
            roles[index] = FindingRole.CONCLUSION if conclusive else FindingRole.FINDING
    genes_within = _genes_by_place(reading)
    keys = _key_sentences(roles, stated * key)
    for index in sorted(roles):
        sentence = sentences[index]
        yield Finding(
            text=sentence.text,
            start=sentence.start - reading.text_offset,
            end=sentence.end - reading.text_offset,
            role=roles[index],
            key=index in keys,
            section=sentence.section or None,
            genes=tuple(reading.genes[number].symbol for number in genes_within(sentence)),
        )


def _states_limitation(sentence: Sentence, probability: float) -> bool:
    """Every full sentence under a heading of limitations, else what the classifier or, less sure, a cue says."""
    if sentence.in_heading:
        return False
    if _SECTION_LIMITATION.search(sentence.section):
        return len(sentence.text) >= 12
    return probability > LIMITATION_THRESHOLD or (
        probability > LIMITATION_WITH_CUE and bool(_LIMITATION.search(sentence.text))
    )


def _admissible(reading: Reading, sentence: Sentence) -> bool:
    return (
        len(sentence.text) >= 8
        and sentence.line.number not in reading.reference_lines
        and sentence.line.kind is not BlockKind.TABLE_ROW
    )


def _key_sentences(roles: dict[int, FindingRole], scores: Floats) -> set[int]:
    """The up to four most telling findings: at least one wherever there are any."""
    stated = [index for index, role in roles.items() if role is not FindingRole.LIMITATION]
    ranked = sorted(stated, key=lambda index: -scores[index])[:_MAXIMUM_KEY]
    return {
        index for place, index in enumerate(ranked) if place == 0 or scores[index] > KEY_THRESHOLD * scores[ranked[0]]
    }


def _genes_by_place(reading: Reading) -> Callable[[Sentence], list[int]]:
    """A function that gives the numbers of the genes that a sentence mentions."""
    places = sorted(
        (mention.start + reading.text_offset, number)
        for number, gene in enumerate(reading.genes)
        for mention in gene.mentions
        if mention.part is Part.TEXT
    )

    def genes_within(sentence: Sentence) -> list[int]:
        first, last = bisect_left(places, (sentence.start, 0)), bisect_left(places, (sentence.end, 0))
        return sorted({number for _, number in places[first:last]})

    return genes_within


class FindingsComponent:
    """Fills `Reading.findings`."""

    def __init__(self, models: Mapping[str, LinearModel]) -> None:
        self.models = sentence_models(models)

    def __call__(self, doc: Doc) -> Doc:
        reading = reading_of(doc)
        reading.findings = tuple(find_findings(reading, self.models))
        return doc
