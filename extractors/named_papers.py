"""The papers an article names outside its reference lists, with what is told of each.

Each English title opens a draft; the identifiers, journals, impact factors and dates that stand nearest
join it. Without a title, an identifier or a labelled journal is enough for one draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..models import PaperRole, Part
from .journals import JournalMention
from .paper_data import DataMention
from .paper_draft import Draft, title_key
from .reading import Identifier, Reading
from .titles import TitleMention, find_chinese_titles, find_english_titles

# A title and its journal, date or DOI stand within this many lines of one another.
_NEAR_LINES = 6
# In a labelled block of many fields (工作单位, 组学技术, …) the DOI may come so many lines after the title.
_BLOCK_LINES = 15
# "Nature Medicine（IF=58.7，…": so many characters after a journal a factor is its own.
_FACTOR_REACH = 14


def named_drafts(reading: Reading, journals: list[JournalMention], data: list[DataMention]) -> list[Draft]:
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
    if not drafts and _worth_a_draft(loose_identifiers, loose_journals, data, reading.text_offset):
        drafts = [Draft(role=PaperRole.PRIMARY, line=_first_line(reading, loose_identifiers, loose_journals))]
    if drafts:
        owners = _Owners(reading, drafts, [i.start for i in loose_identifiers] + [d.start for d in data])
        _attach_identifiers(reading, owners, loose_identifiers)
        _attach_journals(reading, drafts, loose_journals)
        _attach_data(reading, owners, data, loose_journals)
        _attach_chinese(reading, drafts, list(find_chinese_titles(reading)))
    return drafts


def _titled(reading: Reading, title: TitleMention) -> Draft:
    draft = Draft(role=PaperRole.PRIMARY, line=title.line.number, strength=title.strength, start=title.start)
    draft.put(reading, "title", title.text, title.start, title.end)
    return draft


def _worth_a_draft(
    identifiers: list[Identifier], journals: list[JournalMention], data: list[DataMention], headline_end: int
) -> bool:
    if any(identifier.field in ("doi", "pmid", "pmcid", "url") for identifier in identifiers):
        return True
    if any(d.field == "impact_factor" and d.start < headline_end and (d.labelled or "." in d.value) for d in data):
        return True
    return any(journal.strength == 3 for journal in journals) or (
        any(journal.strength == 2 for journal in journals)
        and any(d.field == "impact_factor" and d.labelled for d in data)
    )


def _first_line(reading: Reading, identifiers: list[Identifier], journals: list[JournalMention]) -> int:
    numbers = [reading.line_at(i.start).number for i in identifiers] + [j.line.number for j in journals]
    return min((number for number in numbers if number), default=1)


class _Owners:
    """Tells which draft a place of the text belongs to.

    Args:
        places: where identifiers and data stand; they show whether the article tells them before or after its titles.
    """

    def __init__(self, reading: Reading, drafts: list[Draft], places: list[int]) -> None:
        self.reading = reading
        self.drafts = drafts
        lines = {reading.line_at(place).number for place in places}
        titled = {draft.line for draft in drafts if draft.strength}
        after = sum(any(line + step in lines for step in (1, 2, 3)) for line in titled)
        before = sum(any(line - step in lines for step in (1, 2, 3)) for line in titled)
        self.titles_first = after >= before

    def of(self, place: int, *, name: str = "", among: list[Draft] | None = None) -> Draft:
        """The draft of the same line; else the title above, in articles that name the title first; else the nearest."""
        drafts = among or self.drafts
        line = self.reading.line_at(place).number
        beside = [draft for draft in drafts if draft.line == line]
        if beside:
            return min(beside, key=lambda draft: (draft.start > place, abs(draft.start - place)))
        above = [draft for draft in drafts if draft.line < line <= draft.line + _BLOCK_LINES]
        if self.titles_first and above and name not in above[-1].values:
            return above[-1]
        return _nearest(drafts, line, name=name)


def _nearest(drafts: list[Draft], line: int, *, name: str = "") -> Draft:
    """The draft a line belongs to: the closest one, earlier ones and ones still lacking the field preferred."""

    def distance(draft: Draft) -> tuple[bool, float]:
        gap = line - draft.line
        return bool(name and name in draft.values), abs(gap) + (0.5 if gap < 0 else 0.0)

    return min(drafts, key=distance)


def _attach_identifiers(reading: Reading, owners: _Owners, identifiers: list[Identifier]) -> None:
    own_line = {draft.line for draft in owners.drafts if draft.strength}
    in_order = _in_order(reading, owners.drafts, identifiers)
    # What stands on a title's own line is surely that title's; what is said again elsewhere adds nothing.
    for identifier in sorted(identifiers, key=lambda i: reading.line_at(i.start).number not in own_line):
        value = identifier.value
        known = next((draft for draft in owners.drafts if draft.values.get(identifier.field) == value), None)
        draft = known or in_order.get(value) or owners.of(identifier.start, name=identifier.field)
        if draft.values.get(identifier.field, value) == value:
            draft.put(reading, identifier.field, value, identifier.start, identifier.end)
        elif identifier.field in ("doi", "pmid"):
            extra = Draft(role=PaperRole.CITED, line=reading.line_at(identifier.start).number)
            extra.put(reading, identifier.field, value, identifier.start, identifier.end)
            owners.drafts.append(extra)


def _in_order(reading: Reading, drafts: list[Draft], identifiers: list[Identifier]) -> dict[str, Draft]:
    """The paper of each DOI where a list at the end has one for every title above, in the titles' order."""
    titled = sorted((draft for draft in drafts if draft.strength), key=lambda draft: draft.start)
    dois = sorted((i for i in identifiers if i.field == "doi"), key=lambda i: i.start)
    values = list(dict.fromkeys(i.value for i in dois))
    if not 1 < len(titled) == len(values) or reading.line_at(dois[0].start).number <= titled[-1].line:
        return {}
    return dict(zip(values, titled, strict=True))


def _attach_journals(reading: Reading, drafts: list[Draft], journals: list[JournalMention]) -> None:
    ranked = sorted(journals, key=lambda j: (-j.strength, j.start))
    for draft in drafts:
        near = [
            j
            for j in ranked
            if j.strength >= 2 and (len(drafts) == 1 or j.line.number == 0 or _nearest(drafts, j.line.number) is draft)
        ]
        # A journal inside the title's own words is part of the title.
        near = [j for j in near if not _inside_title(draft, reading, j) and _is_about(draft, j)]
        near.sort(key=lambda j: (not _is_beside(drafts, draft, j), -j.strength, _distance(draft, j)))
        if near and (
            len(drafts) == 1 or abs(near[0].line.number - draft.line) <= 2 * _NEAR_LINES or near[0].line.number == 0
        ):
            draft.put_journal(reading, near[0])


def _is_beside(drafts: list[Draft], draft: Draft, journal: JournalMention) -> bool:
    """Whether a journal stands on the line of a title among several, closer to this one than to another's."""
    return len(drafts) > 1 and draft.strength > 0 and journal.line.number == draft.line


def _distance(draft: Draft, journal: JournalMention) -> int:
    return abs(journal.line.number - draft.line) if journal.line.number else _NEAR_LINES


def _is_about(draft: Draft, journal: JournalMention) -> bool:
    """Whether a journal may be the draft's: published in, wherever it is said; alone on a line, only near the title."""
    return journal.strength >= 3 or not journal.line.number or abs(journal.line.number - draft.line) <= _BLOCK_LINES


def _inside_title(draft: Draft, reading: Reading, journal: JournalMention) -> bool:
    shift = reading.text_offset
    return any(
        mention.field == "title" and mention.start + shift <= journal.start < mention.end + shift
        for mention in draft.mentions.values()
        if mention.part is Part.TEXT
    )


def _attach_data(reading: Reading, owners: _Owners, data: list[DataMention], journals: list[JournalMention]) -> None:
    journal_lines = {journal.line.number for journal in journals}
    worthy = [d for d in owners.drafts if d.journal or d.values.get("title")] or owners.drafts
    # A labelled value with decimals is the journal's; "10+分" in a headline only hints at it.
    for mention in sorted(data, key=lambda m: (not m.labelled, "." not in m.value, m.start)):
        line = reading.line_at(mention.start).number
        among = worthy
        if mention.field == "impact_factor":
            whose = _journal_before(mention, journals)
            if whose is not None and len(worthy) > 1:
                among = [d for d in worthy if _may_be_in(d, whose)]
        if not among:
            continue
        draft = owners.of(mention.start, name=mention.field, among=among)
        if mention.field == "impact_factor":
            near_paper = line == 0 or line in journal_lines or abs(line - draft.line) <= _NEAR_LINES
            if not near_paper or (not mention.labelled and line not in journal_lines and line):
                continue
        elif line == 0 or abs(line - draft.line) > _NEAR_LINES:
            continue
        draft.put(reading, mention.field, mention.value, mention.start, mention.end)


def _may_be_in(draft: Draft, journal: JournalMention) -> bool:
    """Whether a paper appeared in the journal, or may have: nothing is known of its own, and it is named close by."""
    if draft.journal is None:
        return abs(draft.line - journal.line.number) <= 2
    return draft.journal.name == journal.journal.name


def _journal_before(mention: DataMention, journals: list[JournalMention]) -> JournalMention | None:
    """The journal right before an impact factor."""
    return next((j for j in journals if 0 <= mention.start - j.end <= _FACTOR_REACH), None)


def _attach_chinese(reading: Reading, drafts: list[Draft], chinese: list[TitleMention]) -> None:
    for title in sorted(chinese, key=lambda title: -title.strength):
        draft = _nearest(drafts, title.line.number)
        if abs(title.line.number - draft.line) <= _NEAR_LINES:
            draft.put(reading, "title_zh", title.text, title.start, title.end)


def complete(reading: Reading, draft: Draft, journals: list[JournalMention], data: list[DataMention]) -> None:
    """Gives the only digested paper what the article says without naming it: the headline's factor, its journal."""
    loose = [j for j in journals if j.line.number not in reading.reference_lines and j.strength >= 2]
    loose = [j for j in loose if _is_about(draft, j)]
    if draft.journal is None and loose:
        draft.put_journal(reading, max(loose, key=lambda j: (j.strength, -j.start)))
    if "impact_factor" not in draft.values:
        journal_lines = {j.line.number for j in loose}
        factors = [d for d in data if d.field == "impact_factor"]
        factors = [d for d in factors if reading.line_at(d.start).number in journal_lines | {0} or d.labelled]
        if factors:
            best = min(factors, key=lambda d: (not d.labelled, d.start))
            draft.put(reading, "impact_factor", best.value, best.start, best.end)


def complete_by_journal(
    reading: Reading, draft: Draft, journals: list[JournalMention], data: list[DataMention]
) -> None:
    """Gives one of several digested papers the impact factor on a line that names its journal and no other."""
    if draft.journal is None or "impact_factor" in draft.values:
        return
    for factor in data:
        line = reading.line_at(factor.start).number
        named = {j.journal.name for j in journals if j.line.number == line}
        if factor.field == "impact_factor" and factor.labelled and named == {draft.journal.name}:
            draft.put(reading, "impact_factor", factor.value, factor.start, factor.end)
            return


def _distinct(titles: Iterable[TitleMention]) -> Iterator[TitleMention]:
    seen: list[str] = []
    for title in titles:
        key = title_key(title.text)
        if not any(key in known or known in key for known in seen):
            seen.append(key)
            yield title
