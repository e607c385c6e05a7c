"""Joins titles, identifiers, journals and data into papers, and tells digested papers from cited ones.

Outside the reference list each English title opens a draft; what stands near it joins it. A digest of
one paper has one draft; what the reference list says of the same paper (same DOI, same title, or the only
entry) joins that one, and the other entries are cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from spacy.language import Language
from spacy.tokens import Doc

from ..models import Journal, Paper, PaperMention, PaperRole, Part
from .folding import fold
from .journals import JournalMention, find_journals
from .paper_data import DataMention, find_paper_data
from .reading import Identifier, Reading, reading_of
from .references import Reference, find_references, reference_lines
from .titles import TitleMention, find_chinese_titles, find_english_titles

# A title and its journal, date or DOI stand within this many lines of one another.
_NEAR_LINES = 6
_SEVERAL = re.compile(
    r"(?:\d+|[两二三四五六七八九十几多])\s?篇|合集|盘点|汇总|周报|月报|速递|一周|本周|精选|文献(?:速览|推荐|分享会)|研究进展|JC\b|Journal Club",
    re.IGNORECASE,
)
_MAXIMUM_CITED = 30
# So many papers that have only an identifier are citations in passing.
_LOOSE_CITATIONS = 3
# A digest that names its paper only in its references has few of them.
_FEW_REFERENCES = 3
_PRESENTING = re.compile(r"原文|文献|论文|题目|标题|题为|发表|参考|研究|出处|来源|paper|title", re.IGNORECASE)
_ADVERTISED = re.compile(r"引用|致谢|使用了|图片来自|图源")


@dataclass
class Draft:
    """A paper in the making: the first value of a field stays, mentions are kept for each."""

    role: PaperRole
    line: int
    strength: int = 0
    values: dict[str, str] = field(default_factory=dict)
    journal: Journal | None = None
    mentions: dict[tuple[str, int], PaperMention] = field(default_factory=dict)

    def put(self, reading: Reading, name: str, value: str, start: int, end: int) -> None:
        self.values.setdefault(name, value)
        if self.values[name] == value:
            self._remember(reading, name, start, end)

    def put_journal(self, reading: Reading, mention: JournalMention) -> None:
        if self.journal is None:
            self.journal = mention.journal
        if self.journal.name == mention.journal.name:
            self._remember(reading, "journal", mention.start, mention.end)

    def _remember(self, reading: Reading, name: str, start: int, end: int) -> None:
        found = reading.mention(start, end)
        if found.text:
            self.mentions.setdefault(
                (name, start),
                PaperMention(text=found.text, start=found.start, end=found.end, part=found.part, field=name),
            )

    def absorb(self, other: Draft) -> None:
        for name, value in other.values.items():
            self.values.setdefault(name, value)
        self.journal = self.journal or other.journal
        for key, mention in other.mentions.items():
            if mention.field == "journal" or self.values.get(mention.field) == other.values.get(mention.field):
                self.mentions.setdefault(key, mention)

    def finish(self) -> Paper:
        values = dict(self.values)
        factor = values.pop("impact_factor", None)
        return Paper(
            role=self.role,
            journal=self.journal,
            impact_factor=float(factor) if factor else None,
            mentions=tuple(
                sorted(self.mentions.values(), key=lambda mention: (mention.part is Part.TEXT, mention.start))
            ),
            **values,
        )


def read_papers(reading: Reading, references: tuple[Reference, ...]) -> list[Paper]:
    """The papers of an article, primary ones first.

    Needs `Reading.identifiers`, `Reading.matches` and `Reading.reference_lines`.
    """
    journals = list(find_journals(reading))
    cited = [_cited_draft(reading, reference, journals) for reference in references]
    named = _named_drafts(reading, journals)
    primary = _primary_drafts(reading, named)
    drafts = _join_references(reading, primary, [d for d in named if d not in primary], cited)
    drafts += _left_over(reading, drafts)
    return [draft.finish() for draft in drafts]


def _left_over(reading: Reading, drafts: list[Draft]) -> Iterator[Draft]:
    """A cited paper for each DOI and PMID that found no place in another: none is lost."""
    known = {draft.values.get(name) for draft in drafts for name in ("doi", "pmid")}
    for identifier in reading.identifiers:
        if identifier.field in ("doi", "pmid") and identifier.value not in known:
            known.add(identifier.value)
            draft = Draft(role=PaperRole.CITED, line=reading.line_at(identifier.start).number)
            draft.put(reading, identifier.field, identifier.value, identifier.start, identifier.end)
            yield draft


def _cited_draft(reading: Reading, reference: Reference, journals: list[JournalMention]) -> Draft:
    draft = Draft(role=PaperRole.CITED, line=reference.first_line)
    if reference.title:
        draft.put(
            reading,
            "title",
            _one_line(reference.title),
            reference.title_start,
            reference.title_start + len(reference.title),
        )
    for identifier in reading.identifiers:
        if reference.start <= identifier.start < reference.end:
            draft.put(reading, identifier.field, identifier.value, identifier.start, identifier.end)
    title_end = reference.title_start + len(reference.title)
    inside = [
        j
        for j in journals
        if reference.start <= j.start < reference.end and not reference.title_start <= j.start < title_end
    ]
    if inside:
        draft.put_journal(reading, max(inside, key=lambda mention: (mention.strength, -mention.start)))
    return draft


def _named_drafts(reading: Reading, journals: list[JournalMention]) -> list[Draft]:
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


def _primary_drafts(reading: Reading, named: list[Draft]) -> list[Draft]:
    """Which of the named papers the article digests; the others are cited."""
    titled = [draft for draft in named if "title" in draft.values and _is_presented(reading, draft)]
    several = [draft for draft in titled if draft.journal or draft.values.keys() & {"doi", "pmid"}]
    untitled = [draft for draft in named if "title" not in draft.values]
    if len(several) >= 2 and (_SEVERAL.search(reading.article.title) or len(several) >= 3):
        chosen = several
    elif titled:
        chosen = [max(titled, key=lambda draft: (draft.strength, _completeness(draft), -draft.line))]
    elif untitled and len(untitled) < _LOOSE_CITATIONS:
        chosen = [max(untitled, key=lambda draft: (_completeness(draft), -draft.line))]
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


def _completeness(draft: Draft) -> int:
    return len(draft.values) + (draft.journal is not None)


def _join_references(reading: Reading, primary: list[Draft], other: list[Draft], cited: list[Draft]) -> list[Draft]:
    rest: list[Draft] = []
    for draft in [*other, *cited]:
        same = next((known for known in primary if _same_paper(known, draft)), None)
        if same is not None and len(cited) > 1 and not same.journal and "title" not in same.values:
            primary.remove(same)  # an identifier in passing that the reference list explains
            draft.absorb(same)
            rest.append(draft)
        elif same is not None:
            same.absorb(draft)
        else:
            rest.append(draft)
    listed = [draft for draft in rest if draft in cited]
    if not primary:
        chosen = _primary_reference(reading, listed)
        primary = [chosen] if chosen else []
    elif len(primary) == 1 and "title" not in primary[0].values and listed:
        chosen = listed[0] if len(listed) == 1 else _by_journal(primary[0], listed)
        if chosen is not None:
            primary[0].absorb(chosen)
    else:
        chosen = None
    rest = [draft for draft in rest if draft is not chosen]
    for draft in primary:
        draft.role = PaperRole.PRIMARY
    unique: list[Draft] = []
    for draft in rest:
        known = next((d for d in unique if _same_paper(d, draft)), None)
        if known is not None:
            known.absorb(draft)
        elif draft.values:
            draft.role = PaperRole.CITED
            unique.append(draft)
    return primary + unique[:_MAXIMUM_CITED]


def _primary_reference(reading: Reading, listed: list[Draft]) -> Draft | None:
    """The reference that an article without a named paper digests: the first of a few."""
    candidates = [draft for draft in listed if draft.values and not _is_advertised(reading, draft)]
    if not candidates or len(candidates) > _FEW_REFERENCES:
        return None
    return candidates[0]


def _is_advertised(reading: Reading, draft: Draft) -> bool:
    before = reading.lines[max(draft.line - 1, 0)].text
    return bool(_ADVERTISED.search(before)) and "参考文献" not in before[:6]


def _by_journal(primary: Draft, listed: list[Draft]) -> Draft | None:
    if primary.journal is None:
        return None
    fitting = [d for d in listed if d.journal and d.journal.name == primary.journal.name]
    return fitting[0] if len(fitting) == 1 else None


def _same_paper(left: Draft, right: Draft) -> bool:
    for name in ("doi", "pmid", "pmcid"):
        if name in left.values and name in right.values:
            return left.values[name] == right.values[name]
    one, two = _title_key(left), _title_key(right)
    return bool(one and two) and (
        one == two
        or one in two
        or two in one
        or (
            SequenceMatcher(None, one, two, autojunk=False).quick_ratio() > 0.95
            and SequenceMatcher(None, one, two, autojunk=False).ratio() >= 0.9
        )
    )


def _title_key(draft: Draft) -> str:
    return re.sub(r"[\W_]+", "", fold(draft.values.get("title", "")))


def _distinct(titles: Iterable[TitleMention]) -> Iterator[TitleMention]:
    seen: list[str] = []
    for title in titles:
        key = re.sub(r"[\W_]+", "", fold(title.text))
        if not any(key in known or known in key for known in seen):
            seen.append(key)
            yield title


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text)


@Language.component("wenzhai_references")
def references_component(doc: Doc) -> Doc:
    """Fills `Reading.reference_lines`."""
    reading = reading_of(doc)
    reading.reference_lines = frozenset(reference_lines(reading, find_references(reading)))
    return doc


@Language.component("wenzhai_papers")
def papers_component(doc: Doc) -> Doc:
    """Fills `Reading.papers`."""
    reading = reading_of(doc)
    reading.papers = tuple(read_papers(reading, find_references(reading)))
    return doc
