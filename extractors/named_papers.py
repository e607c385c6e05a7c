"""The papers an article names outside its reference lists, and which of them it digests.

Each English title opens a draft; the identifiers, journals, impact factors and dates that stand nearest
join it. Without a title, an identifier or a labelled journal is enough for one draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..models import PaperRole, Part
from .journals import JournalMention
from .paper_data import DataMention, find_paper_data
from .paper_draft import Draft, title_key
from .reading import Identifier, Reading
from .titles import TitleMention, find_chinese_titles, find_english_titles

# A title and its journal, date or DOI stand within this many lines of one another.
_NEAR_LINES = 6
_SEVERAL = re.compile(
    r"(?:\d+|[两二三四五六七八九十几多])\s?篇|合集|盘点|汇总|周报|月报|速递|一周|本周|精选|文献(?:速览|推荐|分享会)"
    r"|研究进展|JC\b|Journal Club",
    re.IGNORECASE,
)
# So many papers that have only an identifier are citations in passing.
_LOOSE_CITATIONS = 3
_PRESENTING = re.compile(r"原文|文献|论文|题目|标题|题为|发表|参考|研究|出处|来源|paper|title", re.IGNORECASE)


def named_drafts(reading: Reading, journals: list[JournalMention]) -> list[Draft]:
    """Drafts from everything outside the reference lists: one for each distinct title, or one without a title."""
    journal_spans = {(match.start, match.end) for match in reading.matches.get("journal", [])}
    titles = [title for title in find_english_titles(reading) if (title.start, title.end) not in journal_spans]
    drafts = [_titled(reading, title) for title in _distinct(title for title in titles if title.strength >= 2)]
    if not drafts:
        drafts = [_titled(reading, title) for title in titles[:1]]
    loose_identifiers = [
        i for i in reading.identifiers if reading.line_at(i.start).number not in reading.reference_lines
    ]
    loose_journals = [j for j in journals if j.line.number not in reading.reference_lines]
    data = list(find_paper_data(reading))
    chinese = list(find_chinese_titles(reading))
    if not drafts and _worth_a_draft(loose_identifiers, loose_journals, data):
        drafts = [Draft(role=PaperRole.PRIMARY, line=_first_line(reading, loose_identifiers, loose_journals))]
    if drafts:
        _attach_identifiers(reading, drafts, loose_identifiers)
        _attach_journals(reading, drafts, loose_journals)
        _attach_data(reading, drafts, data, loose_journals)
        _attach_chinese(reading, drafts, chinese)
    return drafts


def _titled(reading: Reading, title: TitleMention) -> Draft:
    draft = Draft(role=PaperRole.PRIMARY, line=title.line.number, strength=title.strength)
    draft.put(reading, "title", title.text, title.start, title.end)
    return draft


def _worth_a_draft(identifiers: list[Identifier], journals: list[JournalMention], data: list[DataMention]) -> bool:
    if any(identifier.field in ("doi", "pmid", "pmcid", "url") for identifier in identifiers):
        return True
    return any(journal.strength == 3 for journal in journals) or (
        any(journal.strength == 2 for journal in journals)
        and any(d.field == "impact_factor" and d.labelled for d in data)
    )


def _first_line(reading: Reading, identifiers: list[Identifier], journals: list[JournalMention]) -> int:
    numbers = [reading.line_at(i.start).number for i in identifiers] + [j.line.number for j in journals]
    return min((number for number in numbers if number), default=1)


def _nearest(drafts: list[Draft], line: int, *, name: str = "") -> Draft:
    """The draft a line belongs to: the closest one, earlier ones and ones still lacking the field preferred."""

    def distance(draft: Draft) -> tuple[bool, float]:
        gap = line - draft.line
        return bool(name and name in draft.values), abs(gap) + (0.5 if gap < 0 else 0.0)

    return min(drafts, key=distance)


def _attach_identifiers(reading: Reading, drafts: list[Draft], identifiers: list[Identifier]) -> None:
    for identifier in identifiers:
        line = reading.line_at(identifier.start).number
        draft = _nearest(drafts, line, name=identifier.field)
        if draft.values.get(identifier.field, identifier.value) != identifier.value:
            if identifier.field in ("doi", "pmid"):
                extra = Draft(role=PaperRole.CITED, line=line)
                extra.put(reading, identifier.field, identifier.value, identifier.start, identifier.end)
                drafts.append(extra)
            continue
        draft.put(reading, identifier.field, identifier.value, identifier.start, identifier.end)


def _attach_journals(reading: Reading, drafts: list[Draft], journals: list[JournalMention]) -> None:
    ranked = sorted(journals, key=lambda j: (-j.strength, j.start))
    for draft in drafts:
        near = [
            j
            for j in ranked
            if j.strength >= 2 and (len(drafts) == 1 or j.line.number == 0 or _nearest(drafts, j.line.number) is draft)
        ]
        # A journal inside the title's own words is part of the title.
        near = [j for j in near if not _inside_title(draft, reading, j)]
        near.sort(key=lambda j: (-j.strength, abs(j.line.number - draft.line) if j.line.number else _NEAR_LINES))
        if near and (
            len(drafts) == 1 or abs(near[0].line.number - draft.line) <= 2 * _NEAR_LINES or near[0].line.number == 0
        ):
            draft.put_journal(reading, near[0])


def _inside_title(draft: Draft, reading: Reading, journal: JournalMention) -> bool:
    shift = reading.text_offset
    return any(
        mention.field == "title" and mention.start + shift <= journal.start < mention.end + shift
        for mention in draft.mentions.values()
        if mention.part is Part.TEXT
    )


def _attach_data(
    reading: Reading, drafts: list[Draft], data: list[DataMention], journals: list[JournalMention]
) -> None:
    journal_lines = {journal.line.number for journal in journals}
    # A labelled value with decimals is the journal's; "10+分" in a headline only hints at it.
    for mention in sorted(data, key=lambda m: (not m.labelled, "." not in m.value, m.start)):
        line = reading.line_at(mention.start).number
        draft = _nearest([d for d in drafts if d.journal or d.values.get("title")] or drafts, line)
        if mention.field == "impact_factor":
            near_paper = line == 0 or line in journal_lines or abs(line - draft.line) <= _NEAR_LINES
            if not near_paper or (not mention.labelled and line not in journal_lines and line):
                continue
        elif line == 0 or abs(line - draft.line) > _NEAR_LINES:
            continue
        draft.put(reading, mention.field, mention.value, mention.start, mention.end)


def _attach_chinese(reading: Reading, drafts: list[Draft], chinese: list[TitleMention]) -> None:
    for title in sorted(chinese, key=lambda title: -title.strength):
        draft = _nearest(drafts, title.line.number)
        if abs(title.line.number - draft.line) <= _NEAR_LINES:
            draft.put(reading, "title_zh", title.text, title.start, title.end)


def primary_drafts(reading: Reading, named: list[Draft]) -> list[Draft]:
    """Which of the named papers the article digests; the others are cited."""
    titled = [draft for draft in named if "title" in draft.values and _is_presented(reading, draft)]
    several = [
        draft
        for draft in titled
        if draft.values.keys() & {"doi", "pmid", "impact_factor"} or (draft.strength >= 3 and draft.journal)
    ]
    untitled = [draft for draft in named if "title" not in draft.values]
    if len(several) >= 2 and (_SEVERAL.search(reading.article.title) or len(several) >= 3):
        chosen = several
    elif titled:
        chosen = [max(titled, key=lambda draft: (draft.strength, draft.completeness, -draft.line))]
    elif untitled and len(untitled) < _LOOSE_CITATIONS:
        chosen = [max(untitled, key=lambda draft: (draft.completeness, -draft.line))]
    else:
        chosen = []
    for draft in named:
        draft.role = PaperRole.PRIMARY if draft in chosen else PaperRole.CITED
    return chosen


def _is_presented(reading: Reading, draft: Draft) -> bool:
    """Whether the article presents a titled paper, rather than just having a line of English in it."""
    if draft.strength >= 3 or draft.journal or draft.values.keys() & {"doi", "pmid", "pmcid", "url", "impact_factor"}:
        return True
    around = "\n".join(line.text for line in reading.lines[max(draft.line - 2, 0) : draft.line + 2])
    return bool(_PRESENTING.search(around))


def _distinct(titles: Iterable[TitleMention]) -> Iterator[TitleMention]:
    seen: list[str] = []
    for title in titles:
        key = title_key(title.text)
        if not any(key in known or known in key for known in seen):
            seen.append(key)
            yield title
