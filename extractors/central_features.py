"""What speaks for a gene being one that its article is about, in numbers, beside the article's other genes."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..models import ArticleKind, Finding, FindingRole, Gene, PaperRole, Part
from .reading import Reading
from .word_places import word_places

FEATURES = (
    "in_title",
    "in_paper_title",
    "log_mentions",
    "mentioned_once",
    "share_of_most_named",
    "log_share_of_most_named",
    "findings",
    "log_findings",
    "share_of_most_findings",
    "share_of_key_findings",
    "log_concluding_sentences",
    "share_of_most_concluding",
    "log_headings",
    "log_acting",
    "log_acted_on",
    "share_in_brackets",
    "digest",
    "tutorial",
    "log_genes",
    "log_all_findings",
    "share_of_dominant_gene",
)
_DIGESTS = (ArticleKind.PAPER_DIGEST, ArticleKind.MULTI_PAPER_DIGEST)
_CONCLUDING = re.compile(r"揭示|发现|表明|证实|证明|提示|总之|综上|总的来说|鉴定|首次|结论")
# What a gene does, or what becomes of it, right behind its name; and what is done to it, right before.
_ACTS = re.compile(
    r"[\s）)”\"]{0,2}(?:的?(?:表达|水平|缺失|敲除|敲低|过表达|突变|蛋白|基因|活性|磷酸化|功能|信号)?的?"
    r"(?:可|能|能够|可以|通过|在|直接|显著|特异性|进一步|也|还|主要|均){0,4})"
    r"(?:促进|抑制|调控|介导|激活|诱导|增强|结合|驱动|参与|作为|影响|降低|升高|上调|下调|减少|增加|导致|维持|招募|靶向"
    r"|缺失|敲除|敲低|过表达|表达|是|与|磷酸化)"
)
_ACTED_ON = re.compile(
    r"(?:敲除|敲低|敲降|过表达|抑制|靶向|缺失|沉默|激活|阻断|调控|调节|上调|下调|促进|通过|依赖|结合|降低|增强|降解"
    r"|基因|蛋白|因子|受体|揭示了?|鉴定出?|发现了?)\s?[（(“\"]?$"
)
_REACH_BEFORE = 8
_MOST_FINDINGS = 10
_NAME_STARTS, _NAME_ENDS = re.compile(r"(?<![A-Za-z0-9])"), re.compile(r"(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class _Article:
    """What every gene of one article is measured against; offsets are the document's."""

    plain: str
    stated: tuple[tuple[int, int, bool], ...]
    sentence_starts: tuple[int, ...]
    concluding: frozenset[int]
    headings: frozenset[int]
    paper_titles: str
    own: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """Where one gene stands."""

    gene: Gene
    in_title: bool
    in_paper_title: bool
    places: tuple[tuple[int, int], ...]
    findings: int
    key_findings: int
    concluding: int
    headings: int


def gene_features(reading: Reading) -> Iterator[tuple[Gene, tuple[float, ...]]]:
    """Each gene with its `FEATURES`, once findings, papers and the kind are known."""
    if not reading.genes:
        return
    article = _article(reading)
    named = [_named(gene, reading, article) for gene in reading.genes]
    mentions = [len(each.gene.mentions) for each in named]
    all_mentions, most = sum(mentions), max(mentions)
    most_findings = max(1, *(each.findings for each in named))
    most_concluding = max(1, *(each.concluding for each in named))
    keys = max(1, sum(key for _, _, key in article.stated))
    for each, count in zip(named, mentions, strict=True):
        acting, acted_on, in_brackets = _company(each.places, article.plain)
        yield (
            each.gene,
            (
                float(each.in_title),
                float(each.in_paper_title),
                math.log1p(count),
                float(count == 1),
                count / most,
                math.log((count + 1) / (most + 1)),
                min(each.findings, _MOST_FINDINGS) / 5,
                math.log1p(each.findings),
                each.findings / most_findings,
                each.key_findings / keys,
                math.log1p(each.concluding),
                each.concluding / most_concluding,
                math.log1p(each.headings),
                math.log1p(acting),
                math.log1p(acted_on),
                in_brackets / max(len(each.places), 1),
                *article.own,
                most / all_mentions,
            ),
        )


def _article(reading: Reading) -> _Article:
    stated = [finding for finding in reading.findings if finding.role is not FindingRole.LIMITATION]
    titles = [paper.title for paper in reading.papers if paper.role is PaperRole.PRIMARY and paper.title]
    own = (
        float(reading.kind in _DIGESTS),
        float(reading.kind is ArticleKind.TUTORIAL),
        math.log(len(reading.genes)),
        math.log1p(len(stated)),
    )
    return _Article(
        plain=reading.plain_text,
        stated=tuple(_place(finding, reading.text_offset) for finding in stated),
        sentence_starts=tuple(sentence.start for sentence in reading.sentences),
        concluding=frozenset(n for n, each in enumerate(reading.sentences) if _CONCLUDING.search(each.text)),
        headings=frozenset(n for n, each in enumerate(reading.sentences) if each.in_heading and each.line.number),
        paper_titles="\n".join(titles).casefold(),
        own=own,
    )


def _place(finding: Finding, shift: int) -> tuple[int, int, bool]:
    return finding.start + shift, finding.end + shift, finding.key


def _named(gene: Gene, reading: Reading, article: _Article) -> _Named:
    shift = reading.text_offset
    places = tuple((each.start + shift, each.end + shift) for each in gene.mentions if each.part is Part.TEXT)
    sentences = {bisect_right(article.sentence_starts, start) - 1 for start, _ in places}
    naming = [key for begin, end, key in article.stated if any(begin <= start < end for start, _ in places)]
    return _Named(
        gene=gene,
        in_title=len(places) < len(gene.mentions),
        in_paper_title=_is_in(article.paper_titles, gene),
        places=places,
        findings=len(naming),
        key_findings=sum(naming),
        concluding=len(sentences & article.concluding),
        headings=len(sentences & article.headings),
    )


def _is_in(titles: str, gene: Gene) -> bool:
    if not titles:
        return False
    words = {gene.symbol.casefold(), *(mention.text.casefold() for mention in gene.mentions)}
    return any(
        next(word_places(titles, word, before=_NAME_STARTS, after=_NAME_ENDS), None) is not None for word in words
    )


def _company(places: Sequence[tuple[int, int]], plain: str) -> tuple[int, int, int]:
    """At how many places the gene acts, is acted on, and stands at a bracket."""
    acting = sum(_ACTS.match(plain, end) is not None for _, end in places)
    acted_on = sum(_ACTED_ON.search(plain[max(start - _REACH_BEFORE, 0) : start]) is not None for start, _ in places)
    brackets = sum(plain[start - 1] in "(（" or plain[end : end + 1] in ("）", ")") for start, end in places)
    return acting, acted_on, brackets
