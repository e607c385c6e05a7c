"""Marks the blocks that are not content, each with its reason. Nothing is deleted.

Layer by layer: what the page's own tags mark (cards), whole lines, phrases, lists of links under a header,
what follows the end of the content, and what stands between two marked blocks. Guards come first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from ..models import Block, BlockKind
from .promotion_guards import is_file_name, is_guarded, is_reference
from .promotion_lexicon import Line, Phrase, bare, phrases_in, promotion_lines
from .promotion_sentences import cut_sentences

_LONGEST_LINE = 24
_LONGEST_SCORED = 700
_CREDIT = re.compile(
    r"^\W{0,4}(?:(?:责任|值班|执行|美术|图文|内容|视觉|文字|本期|微信)?(?:编辑|编撰|责编|排版|校对|校稿|校审|审核|审校|审阅|撰文|撰稿|文案|制版人?|编译|"
    r"策划|译者|翻译|供稿|组稿|来稿|投稿人|解读人|美编|设计|封面|监制|主编|编者|整理|图片来源|供图|摄影|视频|海报))"
    r"(?:\s*[|丨︱｜/：:·•\-]+\s*|\s+)\S.{0,40}$"
)
# Where in an article its closing lists stand; by characters, because lists are many short blocks.
_TAIL = 0.6
# Unmarked lines between two marks of the tail; after a colon they are its list.
_LONGEST_GAP = 5
_LONGEST_LISTING = 12
_LONGEST_EPILOGUE = 300
# Decorations stand anywhere, and cards between two paragraphs of content.
_NEVER_CLOSES = frozenset({"decoration", "card"})
_NEVER_BRIDGES = frozenset({"", "decoration", "card", "account_card"})
_NUMBERED = re.compile(r"\W{0,2}\d{1,3}\s*[.、．)）]")
# Names of paragraphs that translating programs leave in the text.
_DECORATION = re.compile(r"Para_\d+")
# Above links to an account's own posts: 使用教程可见：
_SERIES = re.compile(r"教程|推文|往期|前期|系列|视频|合集|直播|专栏|阅读")
_PRODUCT = re.compile(r"[A-Z][A-Za-z]{4,}")
_WECHAT_LINK = "mp.weixin.qq.com"


@dataclass
class _Candidate:
    """One block on trial; `position` is the share of the article's characters before it."""

    block: Block
    phrases: list[Phrase]
    line: Line | None
    score: int
    reason: str
    mark: str
    position: float

    @cached_property
    def guarded(self) -> bool:
        # Late, because most blocks are long prose that nobody accuses.
        return is_guarded(self.block)


def mark_promotion(blocks: Sequence[Block], *, account: str = "", title: str = "") -> tuple[Block, ...]:
    """The same blocks, with `promotion` set on those that are not content.

    Args:
        blocks: a page's blocks in reading order; marks they carry already are kept.
        account: the account's name, which opens and closes many articles as a line of its own.
        title: the article's title, which is content even where it reads like a prompt.
    """
    trial = _examine_all(blocks)
    _mark_lines(trial, account)
    _mark_phrases(trial, title)
    _mark_lists(trial)
    _mark_link_runs(trial)
    _mark_advertised(trial, title)
    _mark_tail(trial)
    _mark_between(trial)
    return tuple(piece for candidate in trial for piece in _pieces(candidate, title))


def _pieces(candidate: _Candidate, title: str) -> tuple[Block, ...]:
    block = candidate.block
    if candidate.mark:
        return (block if block.promotion else replace(block, promotion=candidate.mark),)
    if candidate.score < 3 or block.text == title:
        return (block,)
    return cut_sentences(block, partial(_reason_of_sentence, candidate.phrases))


def _reason_of_sentence(phrases: Sequence[Phrase], sentence: str) -> str:
    """Why a sentence within content is promotion; it must convince more than a block of its own."""
    score, reason = _weigh([phrase for phrase in phrases if phrase.is_in(sentence)])
    if score < 3 + len(sentence) // 30 or is_reference(sentence):
        return ""
    return reason


def _examine_all(blocks: Sequence[Block]) -> list[_Candidate]:
    total = sum(len(block.text) for block in blocks if not block.promotion) or 1
    before = 0
    trial = []
    for block, phrases in _with_phrases(blocks):
        trial.append(_examine(block, phrases, before / total))
        before += 0 if block.promotion else len(block.text)
    return trial


def _with_phrases(blocks: Sequence[Block]) -> list[tuple[Block, list[Phrase]]]:
    """Each block with the phrases in it; those absent from the whole article are not tried on each block."""
    texts = [
        block.text if block.kind is not BlockKind.CODE and len(block.text) <= _LONGEST_SCORED else ""
        for block in blocks
    ]
    whole = "\n".join(texts)
    present = phrases_in(whole)
    return [
        (block, [phrase for phrase in present if phrase.is_in(text)] if text else [])
        for block, text in zip(blocks, texts, strict=True)
    ]


def _examine(block: Block, phrases: list[Phrase], position: float) -> _Candidate:
    score, reason = _weigh(phrases)
    return _Candidate(
        block=block,
        phrases=phrases,
        line=promotion_lines().get(bare(block.text)) if len(block.text) <= _LONGEST_LINE else None,
        score=score,
        reason=reason,
        mark=block.promotion,
        position=position,
    )


def _weigh(phrases: Sequence[Phrase]) -> tuple[int, str]:
    """The weight of the phrases together, and the reason of the weightiest.

    A phrase within a longer one says nothing new: 联系 within 转载请联系.
    """
    if not phrases:
        return 0, ""
    words = [phrase.head + phrase.tail for phrase in phrases]
    telling = [
        phrase
        for phrase, own in zip(phrases, words, strict=True)
        if not any(own in other and own != other for other in words)
    ]
    heaviest = max(telling, key=lambda phrase: (phrase.weight, phrase.head))
    return sum(phrase.weight for phrase in telling), heaviest.reason


def _mark_lines(trial: list[_Candidate], account: str) -> None:
    name = bare(account)
    for candidate in trial:
        text = candidate.block.text
        if candidate.line is not None:
            candidate.mark = candidate.line.reason
        elif not _has_words(text) or _DECORATION.fullmatch(text) or is_file_name(text):
            candidate.mark = "decoration"
        elif name and len(text) <= len(account) + 6 and name in (bare(text), bare(text).removesuffix("荐语")):
            candidate.mark = "account_name"
        elif len(text) <= 60 and _CREDIT.match(text) and not candidate.guarded:
            candidate.mark = "credits"


def _mark_phrases(trial: list[_Candidate], title: str) -> None:
    for number, candidate in enumerate(trial):
        if candidate.mark or not candidate.score or candidate.block.text == title:
            continue
        near_edge = number < 2 or candidate.position >= 0.85
        needed = _needed(len(candidate.block.text), near_edge=near_edge)
        if candidate.score >= needed and not candidate.guarded:
            candidate.mark = candidate.reason


def _needed(length: int, *, near_edge: bool) -> int:
    """The weight of phrases that outweighs a text of this length."""
    if length <= 30:
        return 3
    return 3 + (length - 20) // 40 + (0 if near_edge else 1)


def _mark_lists(trial: list[_Candidate]) -> None:
    """Links and short lines after a header such as 往期推荐."""
    for number, header in enumerate(trial):
        if not _is_list_header(header, trial[number + 1] if number + 1 < len(trial) else None):
            continue
        header.mark = header.mark or "link_list"
        links = 0
        for place in range(number + 1, len(trial)):
            entry = trial[place]
            if not entry.mark:
                if not _is_entry(entry, trial[place + 1 : place + 4], in_tail=header.position > _TAIL, links=links):
                    break
                entry.mark = "link_list"
            links += bool(entry.block.links)


def _is_list_header(candidate: _Candidate, following: _Candidate | None) -> bool:
    if candidate.line is not None:
        return candidate.line.follows == "list"
    text = candidate.block.text
    if candidate.block.links or len(text) > _LONGEST_LINE or candidate.mark not in ("", "link_list"):
        return False
    if candidate.mark:
        return True
    is_above_link = following is not None and _is_link_entry(following)
    return is_above_link and text.endswith(("：", ":")) and _SERIES.search(text) is not None


def _is_entry(entry: _Candidate, ahead: Sequence[_Candidate], *, in_tail: bool, links: int) -> bool:
    """Whether a block belongs to the list: a link, or a short line in the article's tail or between links."""
    block = entry.block
    if block.links and (block.kind is BlockKind.TABLE_ROW or not entry.guarded):
        return not is_reference(block.text) and len(block.text) <= 160
    if entry.guarded or len(block.text) > 80:
        return False
    return in_tail or (links >= 2 and (_NUMBERED.match(block.text) is not None or any(map(_is_link_entry, ahead))))


def _mark_link_runs(trial: list[_Candidate]) -> None:
    """Four links to other posts in a row are a list when hardly any prose follows, and the line above its name."""
    run: list[int] = []
    for number in range(len(trial) + 1):
        if number < len(trial) and _is_link_entry(trial[number]):
            run.append(number)
            continue
        if len(run) >= 4 and sum(map(_prose_length, trial[number:])) <= _LONGEST_EPILOGUE:
            above = trial[run[0] - 1] if run[0] > 0 else trial[run[0]]
            if not above.mark and not above.guarded and len(above.block.text) <= _LONGEST_LINE:
                above.mark = "link_list"
            for entry in run:
                trial[entry].mark = trial[entry].mark or "link_list"
        run = []


def _prose_length(candidate: _Candidate) -> int:
    if candidate.mark or candidate.block.links or candidate.guarded:
        return 0
    return len(candidate.block.text)


def _is_link_entry(candidate: _Candidate) -> bool:
    block = candidate.block
    return any(_WECHAT_LINK in link for link in block.links) and len(block.text) <= 100 and not is_reference(block.text)


def _mark_advertised(trial: list[_Candidate], title: str) -> None:
    """A product that is advertised and named nowhere before takes its own paper's citation with it."""
    for number, opening in enumerate(trial):
        if opening.mark != "advertisement":
            continue
        for product in set(_PRODUCT.findall(opening.block.text)):
            places = [n for n, c in enumerate(trial) if product in c.block.text and not c.block.promotion]
            if len(places) >= 3 and places[0] >= number and places[-1] - number <= 15 and product not in title:
                for candidate in trial[number : places[-1] + 1]:
                    candidate.mark = candidate.mark or "advertisement"


def _mark_tail(trial: list[_Candidate]) -> None:
    """Everything between the first closing mark near the end and the end, but what is guarded."""
    first = len(trial)
    gap = 0
    for number in range(len(trial) - 1, -1, -1):
        candidate = trial[number]
        if candidate.mark:
            if candidate.mark not in _NEVER_CLOSES:
                colon = candidate.block.text.endswith(("：", ":"))
                if gap > (_LONGEST_LISTING if colon else _LONGEST_GAP):
                    break
                first, gap = number, 0
        elif len(candidate.block.text) > 80 or candidate.guarded:
            break
        else:
            gap += 1
    for candidate in trial[first:]:
        candidate.mark = candidate.mark or candidate.reason or "closing"


def _mark_between(trial: list[_Candidate]) -> None:
    """A short line between two marked blocks belongs to them."""
    for before, candidate, after in zip(trial, trial[1:], trial[2:], strict=False):
        if (
            not candidate.mark
            and before.mark not in _NEVER_BRIDGES
            and after.mark not in _NEVER_BRIDGES
            and len(candidate.block.text) <= 40
            and not candidate.guarded
        ):
            candidate.mark = before.mark


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)
