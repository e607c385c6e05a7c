"""Marks the blocks that are not content, each with its reason. Nothing is deleted.

Layer by layer: what the page's own tags mark (cards), whole lines, phrases, lists of links under a header,
what follows the end of the content, and what stands between two marked blocks. Guards come first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ..models import Block, BlockKind
from .promotion_guards import is_file_name, is_reference
from .promotion_lexicon import Phrase, bare
from .promotion_sentences import cut_sentences
from .promotion_trial import Candidate, examine, weigh
from .promotion_zones import mark_advertised, mark_between, mark_link_runs, mark_lists, mark_tail

_CREDIT = re.compile(
    r"^\W{0,4}(?:(?:责任|值班|执行|美术|图文|内容|视觉|文字|本期|微信)?(?:编辑|编撰|责编|排版|校对|校稿|校审|审核|审校|审阅|撰文|撰稿|文案|制版人?|编译|"
    r"策划|译者|翻译|供稿|组稿|来稿|投稿人|解读人|美编|设计|封面|监制|主编|编者|整理|图片来源|供图|摄影|视频|海报))"
    r"(?:\s*[|丨︱｜/：:·•\-]+\s*|\s+)\S.{0,40}$"
)
_TWO_CREDITS = re.compile(
    r"^\W{0,4}(?:作者|文|图|撰文|编辑|责编|文字)\s*[|丨︱｜/：:]\s*\S{1,12}.{0,3}"
    r"\s(?:文|图|编辑|排版|责编|校对|审核|美编|实习|制图|摄影|视觉|责任编辑|图片|设计)\s*+(?:[|丨︱｜/：:]\s*+)?\S"
)
# Names of paragraphs that translating programs leave in the text.
_DECORATION = re.compile(r"Para_\d+")
# The first blocks and the last tenth are where accounts speak of themselves.
_VERY_END = 0.93
_EDGE = 0.85
# The share of a paragraph that must be content for the rest to be cut off it.
_MIXED = 0.6


def mark_promotion(blocks: Sequence[Block], *, account: str = "", title: str = "") -> tuple[Block, ...]:
    """The same blocks, with `promotion` set on those that are not content.

    Args:
        blocks: a page's blocks in reading order; marks they carry already are kept.
        account: the account's name, which opens and closes many articles as a line of its own.
        title: the article's title, which is content even where it reads like a prompt.
    """
    trial = examine(blocks)
    _mark_lines(trial, account)
    _mark_phrases(trial, title)
    mark_lists(trial)
    mark_link_runs(trial)
    mark_advertised(trial, title)
    mark_tail(trial)
    mark_between(trial)
    return tuple(piece for candidate in trial for piece in _pieces(candidate, title))


def _pieces(candidate: Candidate, title: str) -> tuple[Block, ...]:
    block = candidate.block
    if candidate.mark:
        return (block if block.promotion else replace(block, promotion=candidate.mark),)
    if candidate.score < 3 or block.text == title:
        return (block,)
    return cut_sentences(block, partial(_reason_of_sentence, candidate.phrases))


def _reason_of_sentence(phrases: Sequence[Phrase], sentence: str) -> str:
    """Why a sentence within content is promotion; it must convince more than a block of its own."""
    score, reason = weigh([phrase for phrase in phrases if phrase.is_in(sentence)])
    if score < 3 + len(sentence) // 30 or is_reference(sentence):
        return ""
    return reason


def _mark_lines(trial: list[Candidate], account: str) -> None:
    name = bare(account)
    for number, candidate in enumerate(trial):
        if candidate.block.kind is BlockKind.CODE:
            continue
        if candidate.line is not None:
            candidate.mark = candidate.line.reason
        elif _is_decoration(candidate.block):
            candidate.mark = "decoration"
        elif name and _is_account_line(candidate, number, name):
            candidate.mark = "account_name"
        elif _is_credit(candidate.block):
            candidate.mark = "credits"


def _is_decoration(block: Block) -> bool:
    """Lines, quotation marks, the name of a picture's file: nothing to read."""
    text = block.text
    return not any(map(str.isalnum, text)) or _DECORATION.fullmatch(text) is not None or is_file_name(text)


def _is_credit(block: Block) -> bool:
    """A line that says who edited: 编辑：阿禾."""
    text = block.text
    if len(text) > 60 or block.kind is BlockKind.TABLE_ROW:
        return False
    return (_CREDIT.match(text) or _TWO_CREDITS.match(text)) is not None and not is_reference(text)


def _is_account_line(candidate: Candidate, number: int, name: str) -> bool:
    """The account's name by itself, or at an edge of the article with its motto or what it recommends."""
    if len(candidate.block.text) > 40:
        return False
    letters = bare(candidate.block.text)
    if letters in (name, f"{name}荐语") or letters.startswith(f"来源{name}"):
        return len(letters) <= len(name) + 6
    at_edge = number < 2 or candidate.position > _VERY_END
    return at_edge and letters.startswith(name)


def _mark_phrases(trial: list[Candidate], title: str) -> None:
    for number, candidate in enumerate(trial):
        if candidate.mark or not candidate.score or candidate.block.text == title:
            continue
        near_edge = number < 2 or candidate.position >= _EDGE
        needed = _needed(len(candidate.block.text), near_edge=near_edge)
        needed += candidate.block.kind is BlockKind.HEADING
        if candidate.score >= needed and not candidate.guarded and not _is_mixed(candidate):
            candidate.mark = candidate.reason


def _is_mixed(candidate: Candidate) -> bool:
    """Whether promotion only frames a paragraph of content: then its sentences are judged one by one."""
    pieces = cut_sentences(candidate.block, partial(_reason_of_sentence, candidate.phrases))
    content = sum(len(piece.text) for piece in pieces if not piece.promotion)
    return len(pieces) > 1 and content >= len(candidate.block.text) * _MIXED


def _needed(length: int, *, near_edge: bool) -> int:
    """The weight of phrases that outweighs a text of this length."""
    if length <= 30:
        return 3
    return 3 + (length - 20) // 40 + (0 if near_edge else 1)
