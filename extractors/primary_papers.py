"""Which of an article's papers it digests; the others are cited."""

from __future__ import annotations

import re
from itertools import pairwise

from ..models import PaperRole, Part
from .folding import CJK
from .journals import JournalMention
from .paper_draft import Draft, same_paper
from .reading import Line, Reading
from .references import Reference

_SEVERAL = re.compile(
    r"(?:\d|[两二三四五六七八九十几多])\s?篇|合集|盘点|汇总|周报|月报|速递|一周|本周|精选|文献(?:速览|推荐|分享会)"
    r"|研究进展|JC\b|Journal Club",
    re.IGNORECASE,
)
_NUMBERED_PART = re.compile(
    r"\W*(?:文章|文献|论文|案例)(?:分享|解读)?\s?[一二三四五六1-9]|\W*第\s?[一二三四五六1-9]\s?篇"
)
# 下面这篇, 来看另一篇, 第二篇: an item of several, presented.
_ITEM = re.compile(r"(?:这|一|该|另|[两二三四五]|[2-9])\s?篇[^。\n]{0,40}$|介绍过?的?[^。\n]{0,12}$")
_LATER_PART = re.compile(r"\W*第\s?[二三四五六2-9]\s?篇")
_SOME_PAPERS = re.compile(r"[\d几两三四五六七八九十多]\s?篇")
# A set of data has a title too: the word for it, or its number, stands before it.
_DATA_SET = re.compile(r"(?:GSE\d+|数据集|数据库)[^。\n]{0,30}$")
_PUBLISHED = re.compile(r"发表|题为|刊登")
_COUNTED = re.compile(r"(\d|[两二三四五])\s?篇")
_NUMERALS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5}
# So many papers that have only an identifier are citations in passing.
_LOOSE_CITATIONS = 3
_PRESENTING = re.compile(r"原文|文献|论文|题目|标题|题为|发表|参考|研究|出处|来源|paper|title", re.IGNORECASE)
# What is told of a paper within so many lines of its title presents it.
_BESIDE = 3
_LONGEST_PART_HEADING = 30
_PROSE = re.compile(rf"[{CJK}][^\n]{{18}}")
# An article that goes from reference to reference has at least so many, each between paragraphs of its own.
_INTERLEAVED = 4
# A digest that names its paper only in its references has few of them.
_FEW_REFERENCES = 3
# A list of more references than this is no list of the papers digested.
_SHORT_LIST = 6
_ADVERTISED = re.compile(r"引用|致谢|使用了|图片来自|图源")
_NUMBERED = re.compile(r"\s*[\[【(（]?(\d{1,3})[\]】)）.、\s]")
_POINTS_TO = re.compile(r"\s*+(?:[》”\"]\s*+)?(?:(?:杂志|期刊|上)++\s*+)?[\[【](\d{1,3})[\]】]")
_END_LINES = 6
# A line of English at the very beginning is the title of what follows.
_HEAD_LINES = 1
# A paper with so many fields is presented; more of them, such as the address at the article's end, prove nothing.
_ENOUGH = 3
# A reference this near the top is what the article is about, and no list of sources.
_TOP_LINES = 4


def primary_drafts(
    reading: Reading, named: list[Draft], cited: list[Draft], journals: list[JournalMention]
) -> list[Draft]:
    """Which of the named papers the article digests; sets the role of each."""
    titled = [draft for draft in named if "title" in draft.values]
    reach = len(reading.lines) if len(titled) == 1 else 2 * _BESIDE
    bare = [draft for draft in titled if draft.strength >= 2 and _is_at_an_end(reading, draft)]
    titled = [draft for draft in titled if _is_presented(reading, draft, reach)]
    titled = [draft for draft in titled if not _is_outdone(reading, draft, cited)]
    titled = [draft for draft in titled if not _is_data_set(reading, draft)]
    several = [draft for draft in titled if _is_told_of(reading, draft)]
    untitled = [draft for draft in named if "title" not in draft.values]
    if len(several) >= 3 or (len(several) == 2 and (announces_several(reading) or _have_factors(reading, several))):
        chosen = [draft for draft in titled if draft in several or _is_published(reading, draft)]
    elif announced := _announced(reading, named):
        chosen = announced
    elif explained := _explained(titled, cited):
        chosen = explained
    elif titled:
        headline = {mention.journal.name for mention in journals if mention.line.number == 0}
        chosen = [max(titled, key=lambda draft: _rank(draft, headline))]
    elif untitled and len(untitled) < _LOOSE_CITATIONS:
        chosen = [max(untitled, key=lambda draft: (draft.completeness, -draft.line))]
    elif len(bare) == 1 and not any("title" in draft.values for draft in cited):
        chosen = bare
    else:
        chosen = []
    for draft in named:
        draft.role = PaperRole.PRIMARY if draft in chosen else PaperRole.CITED
    return chosen


def _is_at_an_end(reading: Reading, draft: Draft) -> bool:
    """Whether a title stands where digests put that of their paper when they say nothing of it."""
    return draft.line <= _END_LINES or draft.line >= len(reading.lines) - _END_LINES


def announces_several(reading: Reading) -> bool:
    """Whether the headline speaks of several papers, or the article numbers them: 文章1 … 文章2."""
    if _SEVERAL.search(reading.article.title):
        return True
    parts = sum(bool(_NUMBERED_PART.match(line.text)) for line in reading.lines[1:])
    return parts >= 2 or any(_LATER_PART.match(line.text) for line in reading.lines[1:])


def _is_published(reading: Reading, draft: Draft) -> bool:
    return draft.strength >= 3 and bool(_PUBLISHED.search(reading.lines[draft.line].text))


def _rank(draft: Draft, headline: set[str]) -> tuple[int, bool, bool, int, int]:
    """Quoted or labelled before alone on a line, of the headline's journal, at the top, with more data, earlier."""
    of_headline = draft.journal is not None and draft.journal.name in headline
    return draft.strength, of_headline, draft.line <= _HEAD_LINES, min(draft.completeness, _ENOUGH), -draft.line


def _explained(titled: list[Draft], cited: list[Draft]) -> list[Draft]:
    """Three or more quoted titles that the reference list explains, and nothing beside them."""
    quoted = [draft for draft in titled if draft.strength >= 3]
    found = [draft for draft in quoted if any(same_paper(draft, other) for other in cited)]
    return found if len(found) >= 3 and len(found) == len(titled) else []


def _announced(reading: Reading, named: list[Draft]) -> list[Draft]:
    """Three or more titles, each alone on its line and told of below, if 几篇文章 are promised before the first."""
    alone = [draft for draft in named if draft.strength >= 2]
    if len(alone) < _LOOSE_CITATIONS or sum(draft.strength == 2 for draft in alone) < _LOOSE_CITATIONS:
        return []
    first = min(draft.line for draft in alone)
    before = "\n".join(line.text for line in reading.lines[max(first - 2, 1) : first])
    is_told = _paragraphs_between(reading, [draft.line for draft in alone], from_first=True)
    return alone if is_told and _SOME_PAPERS.search(before) else []


def _have_factors(reading: Reading, drafts: list[Draft]) -> bool:
    """Whether each is told of with its journal and that one's impact factor, on lines of their own."""
    told = [_fields_within(reading, draft, 1) for draft in drafts]
    is_whole = all({"journal", "impact_factor"} <= fields for fields in told)
    return is_whole and len({draft.line for draft in drafts}) == len(drafts)


def _is_data_set(reading: Reading, draft: Draft) -> bool:
    line = reading.lines[draft.line]
    return bool(_DATA_SET.search(reading.plain_text, line.start, draft.start)) or bool(
        re.match(r"[》”\"]?\s*的?数据", reading.plain_text[draft.start + len(draft.values["title"]) :][:8])
    )


def _is_told_of(reading: Reading, draft: Draft) -> bool:
    """Whether more than the title is told of a paper, beside it."""
    if draft.values.keys() & {"doi", "pmid", "pmcid"}:
        return True
    before = reading.plain_text[reading.lines[draft.line].start : draft.start]
    if draft.strength >= 3 and _ITEM.search(before):
        return True
    beside = _fields_within(reading, draft, 2 * _BESIDE)
    return "impact_factor" in beside or (draft.strength >= 3 and "journal" in beside)


def _fields_within(reading: Reading, draft: Draft, reach: int) -> set[str]:
    """What is told of a paper in the text, no more than so many lines from its title."""
    lines = {
        mention.field: reading.line_at(mention.start + reading.text_offset).number
        for mention in draft.mentions.values()
        if mention.part is Part.TEXT and mention.field != "title"
    }
    return {field for field, line in lines.items() if abs(line - draft.line) <= reach}


def _is_outdone(reading: Reading, draft: Draft, cited: list[Draft]) -> bool:
    """Whether a bare line of English only looks like the title of a paper that a reference names with its journal."""
    if draft.strength >= 3 or draft.journal is None or _fields_within(reading, draft, 2 * _BESIDE):
        return False
    return not any(same_paper(draft, other) for other in cited) and any(
        other.journal is not None and other.journal.name == draft.journal.name and "title" in other.values
        for other in cited
    )


def presents(text: str) -> bool:
    """Whether there are words of presenting a paper."""
    return bool(_PRESENTING.search(text))


def _is_presented(reading: Reading, draft: Draft, reach: int) -> bool:
    """Whether the article presents a titled paper, rather than just having a line of English in it."""
    if draft.strength >= 3 or draft.line <= _HEAD_LINES or _fields_within(reading, draft, reach):
        return True
    around = "\n".join(line.text for line in reading.lines[max(draft.line - 2, 0) : draft.line + 2])
    return presents(around)


def digested_references(reading: Reading, references: tuple[Reference, ...]) -> list[int]:
    """The references, by index, that are not cited but digested: several of them, or none.

    Either each heads a part of the article (第一篇 … Ishida Y, et al. … 第二篇 … Leach DR, …), or they stand between
    its paragraphs, or the headline counts them (两篇Nature …, and the list has two).
    """
    alone = [index for index, reference in enumerate(references) if not reference.in_list and reference.title]
    heads = [index for index in alone if _heads_a_part(reading, references[index])]
    if len(heads) >= 2 and len(heads) >= 0.5 * len(alone):
        return heads
    if len(alone) >= _INTERLEAVED and _paragraphs_between(reading, [references[index].first_line for index in alone]):
        return alone
    counted = _COUNTED.search(reading.article.title)
    titled = [index for index, reference in enumerate(references) if reference.title]
    if counted and len(titled) == len(references) == _number(counted[1]):
        return titled
    return []


def told_references(reading: Reading, cited: list[Draft], journals: list[JournalMention]) -> list[Draft]:
    """All papers of a short reference list, where the article names none by its title but tells of them: it counts
    them (近期发表的两篇…), or names the journals of most."""
    if not 2 <= len(cited) <= _SHORT_LIST or not all("title" in draft.values for draft in cited):
        return []
    top = "\n".join(line.text for line in reading.lines[: _TOP_LINES + 1])
    if any(_number(counted[1]) == len(cited) for counted in _COUNTED.finditer(top)):
        return cited
    strong = {j.journal.name for j in journals if j.strength >= 2 and j.line.number not in reading.reference_lines}
    named = {draft.journal.name for draft in cited if draft.journal} & strong
    return cited if len(named) >= 2 and sum(_is_in(draft, named) for draft in cited) > 0.6 * len(cited) else []


def _is_in(draft: Draft, journals: set[str]) -> bool:
    return draft.journal is not None and draft.journal.name in journals


def _number(numeral: str) -> int:
    return _NUMERALS.get(numeral) or int(numeral)


def _paragraphs_between(reading: Reading, lines: list[int], *, from_first: bool = False) -> bool:
    """Whether running text stands between most of the papers named on these lines, and before the first."""
    gaps = [
        any(_is_paragraph(reading, line) for line in reading.lines[before + 1 : after])
        for before, after in pairwise(sorted(lines) if from_first else [0, *lines])
    ]
    return gaps[0] and sum(gaps) >= 0.6 * len(gaps)


def _is_paragraph(reading: Reading, line: Line) -> bool:
    return line.number not in reading.reference_lines and bool(_PROSE.search(line.text))


def _heads_a_part(reading: Reading, reference: Reference) -> bool:
    """Whether a short line stands before it, a heading tagged or not, and a sentence after it."""
    before = reading.lines[reference.first_line - 1]
    after = [line for line in reading.lines[reference.first_line + 1 :][:2] if line.start >= reference.end]
    is_headed = before.number > 0 and len(before.text) <= _LONGEST_PART_HEADING and not before.text.endswith("。")
    return is_headed and any(_is_paragraph(reading, line) for line in after)


def primary_reference(reading: Reading, listed: list[Draft]) -> Draft | None:
    """The reference that an article without a named paper digests: the first of a few, the one before a long list."""
    told = [draft for draft in listed if draft.values or draft.journal]
    candidates = [draft for draft in told if not _is_advertised(reading, draft)]
    if len(candidates) > _FEW_REFERENCES:
        alone = [draft for draft in candidates if not draft.in_list and "title" in draft.values]
        return alone[0] if len(alone) == 1 and candidates[0] is alone[0] else None
    return candidates[0] if candidates else None


def _is_advertised(reading: Reading, draft: Draft) -> bool:
    before = reading.lines[max(draft.line - 1, 0)].text
    return bool(_ADVERTISED.search(before)) and "参考文献" not in before[:6]


def reference_of_journal(
    reading: Reading, primary: Draft, listed: list[Draft], journals: list[JournalMention]
) -> Draft | None:
    """The reference that a paper known by its journal is: the one its mention points to (发表在Nature[4]), or the only
    one of that journal."""
    if primary.journal is None:
        return None
    for mention in journals:
        pointer = _POINTS_TO.match(reading.plain_text, mention.end)
        if pointer and mention.journal.name == primary.journal.name:
            for draft in listed:
                number = _NUMBERED.match(reading.lines[draft.line].text)
                if number and number[1] == pointer[1]:
                    return draft
    fitting = [draft for draft in listed if draft.journal and draft.journal.name == primary.journal.name]
    if not fitting:  # the journal may stand where it was not recognised, as a credit below a picture
        return None
    return fitting[0] if all(same_paper(fitting[0], draft) for draft in fitting[1:]) else None
