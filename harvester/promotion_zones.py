"""Marks the stretches of an article that are promotion together: lists of links, what is advertised, its end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from ..models import BlockKind
from .promotion_guards import is_label, is_reference
from .promotion_trial import LONGEST_LINE, Candidate

# Where in an article its closing lists stand; by characters, because lists are many short blocks.
_TAIL = 0.6
_HEAD = 0.08
# Unmarked lines between two marks of the tail; after a colon they are its list.
_LONGEST_GAP = 5
_LONGEST_LISTING = 12
_VERY_END = 0.93
_LONGEST_EPILOGUE = 300
# Decorations stand anywhere, and cards between two paragraphs of content.
_NEVER_CLOSES = frozenset({"decoration", "card"})
_NEVER_BRIDGES = frozenset({"", "decoration", "card", "account_card"})
_NUMBERED = re.compile(r"\W{0,2}\d{1,3}\s*[.、．)）]")
# Above links to an account's own posts: 使用教程可见：
_SERIES = re.compile(r"教程|推文|往期|前期|系列|视频|合集|直播|专栏|阅读")
_PRODUCT = re.compile(r"[A-Z][A-Za-z]{4,}")
_PAPER = re.compile(r"论文|文章|文献|发表|引用")
_WECHAT_LINK = "mp.weixin.qq.com"


def mark_lists(trial: list[Candidate]) -> None:
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


def _is_list_header(candidate: Candidate, following: Candidate | None) -> bool:
    if candidate.line is not None:
        return candidate.line.follows == "list"
    text = candidate.block.text
    if candidate.block.links or len(text) > LONGEST_LINE or candidate.mark not in ("", "link_list"):
        return False
    if candidate.mark:
        return True
    is_above_link = following is not None and _is_link_entry(following)
    return is_above_link and text.endswith(("：", ":")) and _SERIES.search(text) is not None


def _is_entry(entry: Candidate, ahead: Sequence[Candidate], *, in_tail: bool, links: int) -> bool:
    """Whether a block belongs to the list: a link, or a short line in the article's tail or between links."""
    block = entry.block
    if block.links and (block.kind is BlockKind.TABLE_ROW or not entry.guarded):
        return not is_reference(block.text) and len(block.text) <= 160
    if entry.guarded or len(block.text) > 80:
        return False
    return in_tail or (links >= 2 and (_NUMBERED.match(block.text) is not None or any(map(_is_link_entry, ahead))))


def mark_link_runs(trial: list[Candidate]) -> None:
    """Four links to other posts in a row are a list when hardly any prose follows, and the line above its name."""
    run: list[int] = []
    for number in range(len(trial) + 1):
        if number < len(trial) and _is_link_entry(trial[number]):
            run.append(number)
            continue
        if _is_list(trial, run, number):
            above = trial[run[0] - 1] if run[0] > 0 else trial[run[0]]
            if not above.mark and not above.guarded and len(above.block.text) <= LONGEST_LINE:
                above.mark = "link_list"
            for entry in run:
                trial[entry].mark = trial[entry].mark or "link_list"
        run = []


def _is_list(trial: list[Candidate], run: Sequence[int], after: int) -> bool:
    """Whether links in a row are a list: at the head, before hardly any prose, or six that are not numbered steps."""
    if len(run) >= 2 and trial[run[-1]].position < _HEAD:
        return True
    if len(run) < 4:
        return False
    if sum(map(_prose_length, trial[after:])) <= _LONGEST_EPILOGUE:
        return True
    numbered = sum(_NUMBERED.match(trial[n].block.text) is not None for n in run)
    return len(run) >= 6 and trial[run[0]].position > 0.5 and numbered * 2 < len(run)


def _prose_length(candidate: Candidate) -> int:
    if candidate.mark or candidate.block.links or candidate.guarded:
        return 0
    return len(candidate.block.text)


def _is_link_entry(candidate: Candidate) -> bool:
    block = candidate.block
    if not block.links or block.kind is BlockKind.CODE or len(block.text) > 100:
        return False
    return any(_WECHAT_LINK in link for link in block.links) and not is_reference(block.text)


def mark_advertised(trial: list[Candidate], title: str) -> None:
    """A product that is advertised and named nowhere before takes its own paper's citation with it."""
    for number, opening in enumerate(trial):
        if opening.mark != "advertisement" or opening.block.kind is BlockKind.HEADING:
            continue
        for candidate in _advertised_paper(trial, number):
            candidate.mark = "advertisement"
        for product in set(_PRODUCT.findall(opening.block.text)):
            places = [n for n, c in enumerate(trial) if product in c.block.text and not c.block.promotion]
            zone = trial[number : places[-1] + 1]
            if len(places) >= 3 and places[0] == number and len(zone) <= 15 and product not in title:
                for candidate in zone:
                    if candidate.block.kind is not BlockKind.CODE:
                        candidate.mark = candidate.mark or "advertisement"


def _advertised_paper(trial: list[Candidate], number: int) -> list[Candidate]:
    """The labelled lines (发表期刊：…) after an advertisement that boasts of a paper.

    Only where the article has named its own paper before: else those lines may be its source.
    """
    if _PAPER.search(trial[number].block.text) is None or not any(c.guarded for c in trial[:number]):
        return []
    after = trial[number + 1 : number + 7]
    return list(takewhile(lambda candidate: not candidate.mark and is_label(candidate.block.text), after))


def mark_tail(trial: list[Candidate]) -> None:
    """Everything between the first closing mark near the end and the end, but what is guarded."""
    first = len(trial)
    gap = 0
    for number in range(len(trial) - 1, -1, -1):
        candidate = trial[number]
        if candidate.mark:
            if candidate.mark not in _NEVER_CLOSES:
                if gap > _widest_gap(candidate, is_last=first == len(trial)):
                    break
                first, gap = number, 0
        elif candidate.guarded or (candidate.score < 3 and _is_prose(candidate.block.text)):
            break
        else:
            gap += 1
    for candidate in trial[first:]:
        candidate.mark = candidate.mark or candidate.reason or "closing"


def _is_prose(text: str) -> bool:
    """A line that says something: long, or a whole sentence."""
    return len(text) > 80 or (len(text) >= 25 and text.endswith(("。", "？", "?")))


def _widest_gap(above: Candidate, *, is_last: bool) -> int:
    """How many unmarked lines may follow a mark of the tail: more after a colon, and at the very end."""
    if above.block.text.endswith(("：", ":")) or (is_last and above.position > _VERY_END):
        return _LONGEST_LISTING
    return _LONGEST_GAP


def mark_between(trial: list[Candidate]) -> None:
    """A short line between two marked blocks belongs to them."""
    for before, candidate, after in zip(trial, trial[1:], trial[2:], strict=False):
        if (
            not candidate.mark
            and before.mark not in _NEVER_BRIDGES
            and after.mark not in _NEVER_BRIDGES
            and len(candidate.block.text) <= 40
            and not _is_prose(candidate.block.text)
            and not candidate.guarded
        ):
            candidate.mark = before.mark
