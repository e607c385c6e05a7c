"""Blocks that stay content whatever promotion surrounds them: the paper's identity, references, captions."""

from __future__ import annotations

import re

from ..models import Block, BlockKind

_IDENTIFIER = re.compile(
    r"\b10\.\d{4,9}/|\bPMID\b|\bPMCID\b|\bdoi\b|\bet al\b|\bGS[EM]\d{3,}|\bPRJNA\d|\bNCT\d{6}|等[.．]|"
    r"\barXiv\b|\bbioRxiv\b",
    re.IGNORECASE,
)
_PUBLISHER = re.compile(
    r"https?://(?:[\w.-]*\.)?(?:nature|cell|science|sciencedirect|springer|wiley|nih|biomedcentral|biorxiv|medrxiv|"
    r"oup|academic\.oup|plos|frontiersin|mdpi|elifesciences|pnas|nejm|thelancet|jamanetwork|bmj|aacrjournals|"
    r"doi|arxiv|github|gitee|bioconductor|r-project|readthedocs|figshare|zenodo)\b",
    re.IGNORECASE,
)
# 2024;21(9):1597 · Nature (2025) · [12] Smith J, …
_REFERENCE = re.compile(
    r"\b(?:19|20)\d\d\s*[;,]\s*\d+\s*\(|\(\s*(?:19|20)\d\d\s*\)\s*\.?$|^\s*[\[【]\s*\d{1,3}\s*[\]】]\s*\S"
)
_LABEL = re.compile(
    r"^\W{0,3}(?:文献|文章|论文|原文|英文|中文|研究)?(?:题目|标题|题名|期刊|杂志|发表时间|发表日期|发表期刊|发表杂志|影响因子|作者|通讯作者|"
    r"第一作者|研究单位|IF|DOI|Title|Journal|Abstract|关键词|摘要)\s*[:：]",
    re.IGNORECASE,
)
_CONTENT_HEADING = re.compile(
    r"^\W*(?:\d{1,2}[.、\s]*)?(?:主要)?(?:参考(?:文献|资料|来源|链接)?|引文|references?|研究(?:背景|方法|结果|结论|意义|局限)|背景|方法|结果|讨论|"
    r"结论|总结|小结|摘要|abstract|结语|局限性?|不足|展望|文献信息|文章信息|论文信息|原文(?:链接|信息|出处)?)\W*$",
    re.IGNORECASE,
)
# A number alone is no file name before twelve digits: eight of them are a PMID.
_FILE_NAME = re.compile(
    r"(?:(?:image|img|pic|截图|截屏|图片|微信图片|屏幕截图|screenshot)[-_ ]?\d{6}|\d{12})[-_.\w]*$", re.IGNORECASE
)


def is_guarded(block: Block) -> bool:
    """Whether a block must stay content: code, cells, an identifier, a reference, a label of the paper."""
    text = block.text
    return (
        block.kind in (BlockKind.CODE, BlockKind.TABLE_ROW)
        or is_reference(text)
        or is_label(text)
        or is_content_heading(text)
        or (block.kind is BlockKind.CAPTION and not block.links and not is_file_name(text))
    )


def is_label(text: str) -> bool:
    """Whether a line gives one fact of a paper: 期刊：…"""
    return _LABEL.match(text) is not None


def is_reference(text: str) -> bool:
    """Whether a text names a paper, a data set or code: promotion seldom does, and losing one costs most."""
    return (
        _IDENTIFIER.search(text) is not None
        or _PUBLISHER.search(text) is not None
        or _REFERENCE.search(text) is not None
    )


def is_content_heading(text: str) -> bool:
    """Whether a text is the name of a section that articles have: content starts again there."""
    return len(text) <= 24 and _CONTENT_HEADING.match(text) is not None


def is_file_name(text: str) -> bool:
    """Whether a caption is the picture's file name (``image-20240815123550804``), which editors leave there."""
    return _FILE_NAME.match(text) is not None
